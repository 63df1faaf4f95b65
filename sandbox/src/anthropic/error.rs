//! Refusals in Anthropic's own shape.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use crate::call;

/// Seconds to wait after an ordinary rate limit.
const PAUSE_S: u32 = 1;

/// Everything that is not an answer.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    kind: &'static str,
    message: String,
    /// The stable code of some errors, `error.details.error_code`.
    code: Option<&'static str>,
    /// What `x-should-retry` says.
    retry: bool,
    retry_after_s: Option<u32>,
}

impl Refusal {
    fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, kind, message: message.into(), code: None, retry: false, retry_after_s: None }
    }

    /// 400; the message starts with the path of what is wrong.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request_error", message)
    }

    /// 400 for a parameter that the API does not know.
    pub fn extra(path: &str) -> Self {
        Self::invalid(format!("{path}: Extra inputs are not permitted"))
    }

    /// 400 for a parameter that must be there.
    pub fn required(path: &str) -> Self {
        Self::invalid(format!("{path}: Field required"))
    }

    pub fn unauthorised(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "authentication_error", message)
    }

    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found_error", message)
    }

    /// The vendor's monthly ceiling: a 429 that no waiting ends, hence without `retry-after`.
    pub fn spend_limit() -> Self {
        let limit = Self::new(StatusCode::TOO_MANY_REQUESTS, "rate_limit_error", "Spend limit reached.");
        Self { code: Some("enforced_spend_limit_reached"), ..limit }
    }

    /// The limit that the customer set for themselves, which is a 400.
    pub fn own_spend_limit() -> Self {
        Self::invalid("You have reached your specified API usage limits.")
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
        let retry = matches!(status.as_u16(), 408 | 409 | 429 | 500..);
        let retry_after_s = (status == StatusCode::TOO_MANY_REQUESTS).then_some(PAUSE_S);
        Self { retry, retry_after_s, ..Self::new(status, kind, message) }
    }

    pub fn body(&self, request_id: &str) -> Value {
        let mut error = json!({ "type": self.kind, "message": self.message });
        if let Some(code) = self.code {
            error["details"] = json!({ "error_code": code });
        }
        json!({ "type": "error", "error": error, "request_id": request_id })
    }

    pub fn response(&self, request_id: &str) -> Response {
        let mut response = call::json(self.status, &self.body(request_id));
        call::set_header(&mut response, "x-should-retry", if self.retry { "true" } else { "false" });
        if let Some(seconds) = self.retry_after_s {
            call::set_header(&mut response, "retry-after", &seconds.to_string());
        }
        response
    }
}
