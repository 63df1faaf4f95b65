//! How: one folder per outside thing; each implements a port of the domain.

pub mod ademe;
pub mod anthropic;
pub mod brevo;
pub mod chromium;
pub mod clock;
pub mod cluster;
pub mod config;
pub mod contacts;
pub mod event_store;
pub mod http;
pub mod ids;
pub mod jobs;
pub mod links;
mod migrate;
pub mod notices;
pub mod pools;
/// Its own tests run without the feature.
#[cfg(any(test, feature = "signature"))]
pub mod signature;
pub mod storage;
pub mod stripe;
pub mod territories;

pub use migrate::migrate;
