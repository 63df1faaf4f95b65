//! Payment by a hosted page.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::PortError;
use crate::money::Price;

/// What is to be paid, and where the customer goes after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckoutRequest {
    pub order: Uuid,
    /// From 1; a new attempt after an expiry has a new key.
    pub attempt: u32,
    pub price: Price,
    /// One line, in French: study and commune.
    pub title: String,
    pub email: String,
    pub success_url: String,
    pub cancel_url: String,
}

/// An open payment page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    pub session: String,
    pub url: String,
    pub expires_at: DateTime<Utc>,
}

/// Opens payment pages; asking twice for the same attempt gives the same page.
#[async_trait]
pub trait Payments: Send + Sync {
    /// # Errors
    /// `Transient` after the retries are spent (the session may exist: ask again with the same attempt), `Refused` otherwise.
    async fn open_checkout(&self, request: &CheckoutRequest) -> Result<Checkout, PortError>;
}
