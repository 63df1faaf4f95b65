//! Why an order refuses a command.

use super::OrderState;

/// A refusal changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    #[error("there is no such order: place it before {command}")]
    Unknown { command: &'static str },
    #[error("study {study} cannot be made for commune {commune}: look at its eligibility")]
    Unavailable { study: String, commune: String },
    #[error("payment {payment:?} is none of this order's: name one of {known:?}")]
    UnknownPayment { payment: String, known: Vec<String> },
    #[error("a refund of {asked_cents} cents is more than the {left_cents} cents left of payment {payment}")]
    TooMuch { payment: String, asked_cents: i64, left_cents: i64 },
    #[error("a payment of this order is under way ({session}): wait for its end before opening another page")]
    PaymentUnderWay { session: String },
    #[error("the held money cannot pay the order: it is of the other mode (live or test), or went back already")]
    NotAcceptable,
    #[error("{command} is not possible while the order is {state:?}")]
    NotNow { command: &'static str, state: OrderState },
}
