//! Refusals in Brevo's own shape, and the codes that a test can ask for.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use crate::call;

/// Scenarios: each answers with the code of its name, whatever was asked.
pub const SCENARIOS: [&str; 11] = [
    "missing_parameter",
    "invalid_parameter",
    "out_of_range",
    "duplicate_parameter",
    "duplicate_request",
    "document_not_found",
    "not_enough_credits",
    "account_under_validation",
    "permission_denied",
    "unauthorized",
    "too_many_requests",
];

/// A refusal: status, `code`, message.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_parameter", message)
    }

    pub fn missing(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "missing_parameter", message)
    }

    pub fn out_of_range(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "out_of_range", message)
    }

    pub fn duplicate(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "duplicate_parameter", message)
    }

    /// The idempotency key was used a moment ago.
    pub fn already_processed() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "duplicate_request", "Request already processed")
    }

    pub fn unauthorised() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "Key not found")
    }

    /// A thing that is named in the path and is not there.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "document_not_found", message)
    }

    /// A thing that is named in the body and is not there.
    pub fn no_template(id: u64) -> Self {
        let message = format!("Template with id {id} does not exist or is not active");
        Self::new(StatusCode::BAD_REQUEST, "document_not_found", message)
    }

    pub fn too_many_requests() -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "Rate limit exceeded")
    }

    /// Something that Brevo does and this sandbox does not.
    pub fn not_doubled(what: &str) -> Self {
        let message = format!("The sandbox does not double {what}; Brevo does.");
        Self::new(StatusCode::NOT_IMPLEMENTED, "not_doubled", message)
    }

    /// The refusal of a scenario; none when no scenario has that name.
    pub fn of_scenario(name: &str) -> Option<Self> {
        let bad = |code, message: &str| Self::new(StatusCode::BAD_REQUEST, code, message);
        Some(match name {
            "missing_parameter" => Self::missing("subject is missing"),
            "invalid_parameter" => Self::invalid("email is not valid in to"),
            "out_of_range" => Self::out_of_range("params size should not exceed 100KB"),
            "duplicate_parameter" => Self::duplicate("This value already exists"),
            "duplicate_request" => Self::already_processed(),
            "document_not_found" => bad("document_not_found", "Template does not exist or is not active"),
            "not_enough_credits" => Self::of_status(StatusCode::PAYMENT_REQUIRED),
            "account_under_validation" => bad("account_under_validation", "Your account is under validation"),
            "permission_denied" => Self::of_status(StatusCode::FORBIDDEN),
            "unauthorized" => Self::unauthorised(),
            "too_many_requests" => Self::too_many_requests(),
            _ => return None,
        })
    }

    /// The refusal that the vendor gives with `status`.
    pub fn of_status(status: StatusCode) -> Self {
        let (code, message) = match status.as_u16() {
            401 => return Self::unauthorised(),
            429 => return Self::too_many_requests(),
            402 => ("not_enough_credits", "Your account does not have enough credits"),
            403 => ("permission_denied", "You are not allowed to do this"),
            404 => ("document_not_found", "Document not found"),
            400..=499 => ("invalid_parameter", "The request was refused on purpose by the sandbox"),
            _ => ("internal_server_error", "Internal server error"),
        };
        Self::new(status, code, message)
    }

    pub fn response(&self) -> Response {
        call::json(self.status, &json!({ "code": self.code, "message": self.message }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_answers_with_its_own_code() {
        for name in SCENARIOS {
            assert_eq!(Refusal::of_scenario(name).map(|refusal| refusal.code), Some(name));
        }
        assert!(Refusal::of_scenario("other").is_none());
    }
}
