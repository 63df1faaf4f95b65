//! Where an order, its dispute and its mail stand, as the read model writes it and the screens show it.

use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::Problem;

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// A payment page is open.
    Pending,
    /// A payment that takes days is under way.
    Awaiting,
    /// Not paid, and no page is open: one may be opened again.
    Expired,
    Paid,
    Held,
    Delivered,
    Failed,
    Cancelled,
    /// The order's payment went back whole.
    Refunded,
}

impl OrderStatus {
    /// The status as the read model writes it.
    pub fn read(text: &str) -> Result<Self, Problem> {
        Ok(match text {
            "pending" => Self::Pending,
            "awaiting" => Self::Awaiting,
            "expired" => Self::Expired,
            "paid" => Self::Paid,
            "held" => Self::Held,
            "delivered" => Self::Delivered,
            "failed" => Self::Failed,
            "cancelled" => Self::Cancelled,
            "refunded" => Self::Refunded,
            other => return Err(unknown("status", other)),
        })
    }
}

/// A payment that the customer contests at the bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisputeState {
    Open,
    /// The bank took the money back.
    Lost,
}

impl DisputeState {
    /// The state as the read model writes it.
    pub fn read(text: Option<&str>) -> Result<Option<Self>, Problem> {
        Ok(match text {
            None => None,
            Some("open") => Some(Self::Open),
            Some("lost") => Some(Self::Lost),
            Some(other) => return Err(unknown("dispute", other)),
        })
    }
}

/// What became of the delivery mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MailState {
    Sent,
    Deferred,
    /// It could not leave.
    Failed,
    Delivered,
    Unsubscribed,
    Complained,
    Bounced,
}

impl MailState {
    /// The state as the read model writes it.
    pub fn read(text: Option<&str>) -> Result<Option<Self>, Problem> {
        Ok(Some(match text {
            None => return Ok(None),
            Some("sent") => Self::Sent,
            Some("deferred") => Self::Deferred,
            Some("failed") => Self::Failed,
            Some("delivered") => Self::Delivered,
            Some("unsubscribed") => Self::Unsubscribed,
            Some("complained") => Self::Complained,
            Some("bounced") => Self::Bounced,
            Some(other) => return Err(unknown("mail state", other)),
        }))
    }
}

fn unknown(what: &str, text: &str) -> Problem {
    Problem::unexpected(&format!("read.order_summary holds the unknown {what} {text:?}"))
}
