//! Why an order refuses a command.

use super::OrderState;

/// A refusal changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    #[error("there is no such order: place it before {command}")]
    Unknown { command: &'static str },
    #[error("study {study} cannot be made for commune {commune}: look at its eligibility")]
    Unavailable { study: String, commune: String },
    #[error("{command} is not possible while the order is {state:?}")]
    NotNow { command: &'static str, state: OrderState },
}
