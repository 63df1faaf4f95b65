//! Ports: one trait per outside need. `infra` implements them; tests may too.

mod clock;
mod commands;
mod contacts;
mod dpe;
mod history;
mod ids;
mod links;
mod log;
mod mailer;
mod notices;
mod payments;
mod printer;
mod signer;
mod storage;
mod studies;
mod territories;
mod webhooks;
mod writer;

pub use clock::Clock;
pub use commands::{Commands, Notice};
pub use contacts::{Consent, Contact, Contacts};
pub use dpe::{CertificateCounts, CertificateMeasure, CertificateMedian, EnergyCertificates};
pub use history::History;
pub use ids::Ids;
pub use links::{Link, LinkKind, LinkState, Links};
pub use log::{Log, LogError};
pub use mailer::{Mail, Mailer};
pub use notices::{Notices, Waiting};
pub use payments::{Checkout, CheckoutRequest, Payments, RefundRequest, SessionNews, SessionState};
pub use printer::{Printed, Printer};
pub use signer::Signer;
pub use storage::{Object, Storage, Stored};
pub use studies::{Catalogue, FigureMap, KeyFigures, MapFigure, SourceNote, Specimen, StudySheet};
pub use territories::{CommunePage, CommuneRef, EpciRef, LoadedFile, MapLevel, MapOf, MapSheet, Named, Territories};
pub use webhooks::{MailNews, MailStatus, MailWebhooks, PaymentNews, PaymentWebhooks, WebhookRefusal};
pub use writer::{Question, Writer, Written};

/// How an outside call failed, and what may be done about it.
#[derive(Debug, thiserror::Error)]
pub enum PortError {
    /// Worth another try: network, overload, time-out. Holds the vendor's wish, in seconds.
    #[error("{service} is not answering as it should: {message}")]
    Transient { service: &'static str, message: String, retry_after: Option<u64> },
    /// Trying again would change nothing.
    #[error("{service} refused: {message}")]
    Refused { service: &'static str, message: String },
    /// Nothing at that address.
    #[error("{service} has no {what}")]
    Missing { service: &'static str, what: String },
    /// Stored bytes differ from what was to be stored under the same key: an alarm.
    #[error("{service} already holds other bytes under {key}")]
    Collision { service: &'static str, key: String },
}

impl PortError {
    /// The vendor's stable code, where the message names it as `code=…`; else the kind of failure.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Transient { .. } => "unreachable",
            Self::Missing { .. } => "missing",
            Self::Collision { .. } => "collision",
            Self::Refused { message, .. } => {
                message.split_whitespace().find_map(|word| word.strip_prefix("code=")).unwrap_or("refused")
            }
        }
    }

    /// Whether a later attempt may succeed.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Transient { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_known_by_its_code() {
        let refused = |message: &str| PortError::Refused { service: "stripe", message: message.to_owned() };
        let told = refused("HTTP 400 (request req_1) type=invalid_request_error code=charge_already_refunded");
        assert_eq!(told.code(), "charge_already_refunded");
        assert_eq!(refused("the list does not end").code(), "refused");
        let away = PortError::Transient { service: "stripe", message: "code=x".to_owned(), retry_after: None };
        assert_eq!(away.code(), "unreachable");
    }
}
