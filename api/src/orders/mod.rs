//! Orders: placed, followed without an account, and seen live.

pub mod access;
mod checkout;
pub mod events;
pub mod identity;
pub mod place;
mod request;
pub mod show;
pub mod steps;
pub mod timeline;
pub mod titles;
pub mod view;
