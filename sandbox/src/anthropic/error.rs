//! Refusals in Anthropic's own shape.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use crate::call;

/// Everything that is not an answer.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    kind: &'static str,
    message: String,
}

impl Refusal {
    fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, kind, message: message.into() }
    }

    /// 400; the message starts with the path of what is wrong.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request_error", message)
    }

    pub fn unauthorised(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "authentication_error", message)
    }

    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found_error", message)
    }

    /// The error the vendor gives with `status`.
    pub fn of_status(status: StatusCode) -> Self {
        let (kind, message) = match status.as_u16() {
            401 => ("authentication_error", "invalid x-api-key"),
            402 => ("billing_error", "Your credit balance is too low."),
            403 => ("permission_error", "Your API key does not have permission to use this resource."),
            404 => ("not_found_error", "The requested resource could not be found."),
            408 | 504 => ("timeout_error", "The request timed out."),
            409 => ("conflict_error", "The request conflicts with another one."),
            413 => ("request_too_large", "Request exceeds the maximum allowed number of bytes."),
            429 => ("rate_limit_error", "This request would exceed your organization's rate limit."),
            529 => ("overloaded_error", "Overloaded"),
            400..=499 => ("invalid_request_error", "The request was refused on purpose by the sandbox."),
            _ => ("api_error", "Internal server error"),
        };
        Self::new(status, kind, message)
    }

    pub fn body(&self, request_id: &str) -> Value {
        json!({ "type": "error", "error": { "type": self.kind, "message": self.message }, "request_id": request_id })
    }

    pub fn response(&self, request_id: &str) -> Response {
        call::json(self.status, &self.body(request_id))
    }
}
