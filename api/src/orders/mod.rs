//! Orders: placed, paid, cancelled, followed without an account, and seen live.

pub mod access;
pub mod cancel;
mod checkout;
pub mod events;
pub mod identity;
pub mod look;
pub mod pay;
pub mod place;
mod refusal;
pub mod renew;
mod request;
mod sentences;
pub mod show;
pub mod status;
pub mod steps;
pub mod timeline;
mod titles;
pub mod view;
mod wait;

pub use sentences::sentence;
pub use titles::title;
