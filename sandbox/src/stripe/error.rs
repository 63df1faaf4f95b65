//! Refusals in Stripe's own shape.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};

use crate::call;

/// Everything that is not a 200.
#[derive(Clone, Debug)]
pub struct StripeError {
    pub status: StatusCode,
    kind: &'static str,
    code: Option<&'static str>,
    decline_code: Option<&'static str>,
    param: Option<String>,
    message: String,
    /// The work had begun: the refusal is the answer of its idempotency key.
    pub begun: bool,
}

impl std::fmt::Display for StripeError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

/// What a handler gives back.
pub type Answer<T = Value> = Result<T, StripeError>;

impl StripeError {
    pub fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self { status, kind, code: None, decline_code: None, param: None, message: message.into(), begun: false }
    }

    /// 400: the request is wrong.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid_request_error", message)
    }

    /// 400: a required parameter is absent.
    pub fn missing(param: &str) -> Self {
        Self::invalid(format!("Missing required param: {param}.")).code("parameter_missing").param(param)
    }

    /// 404: the call is about an object that does not exist.
    pub fn no_such(object: &str, id: &str, param: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "invalid_request_error", format!("No such {object}: '{id}'"))
            .code("resource_missing")
            .param(param)
    }

    /// 400: a parameter names an object that does not exist.
    pub fn no_such_reference(object: &str, id: &str, param: &str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, ..Self::no_such(object, id, param) }
    }

    /// 402: the card was refused.
    pub fn card(code: &'static str, decline_code: Option<&'static str>, message: &str) -> Self {
        let error = Self::new(StatusCode::PAYMENT_REQUIRED, "card_error", message).code(code);
        Self { decline_code, ..error }
    }

    /// 501: Stripe can do this, the sandbox cannot; never a wrong answer instead.
    pub fn not_doubled(what: &str) -> Self {
        Self::new(
            StatusCode::NOT_IMPLEMENTED,
            "api_error",
            format!("The sandbox does not double {what}; Stripe does. Leave it out, or add it to the sandbox."),
        )
    }

    /// 400: what was asked contradicts the state of the object, which was found by doing it.
    pub fn in_state(message: impl Into<String>) -> Self {
        Self { begun: true, ..Self::invalid(message) }
    }

    pub fn code(self, code: &'static str) -> Self {
        Self { code: Some(code), ..self }
    }

    pub fn param(self, param: impl Into<String>) -> Self {
        Self { param: Some(param.into()), ..self }
    }

    /// The stable code, for the payment page.
    pub fn reason(&self) -> &'static str {
        self.decline_code.or(self.code).unwrap_or("error")
    }

    /// The object under `error`, as a payment intent also shows it.
    pub fn detail(&self, request_id: &str) -> Value {
        let mut error = Map::new();
        error.insert("type".into(), json!(self.kind));
        error.insert("message".into(), json!(self.message));
        if let Some(code) = self.code {
            error.insert("code".into(), json!(code));
            error.insert(
                "doc_url".into(),
                json!(format!("https://docs.stripe.com/error-codes/{}", code.replace('_', "-"))),
            );
        }
        if let Some(decline_code) = self.decline_code {
            error.insert("decline_code".into(), json!(decline_code));
        }
        if let Some(param) = &self.param {
            error.insert("param".into(), json!(param));
        }
        error.insert("request_log_url".into(), json!(format!("https://dashboard.stripe.com/test/logs/{request_id}")));
        Value::Object(error)
    }

    pub fn body(&self, request_id: &str) -> Value {
        json!({ "error": self.detail(request_id) })
    }

    /// The answer without the headers common to all.
    pub fn response(&self, request_id: &str) -> Response {
        call::json(self.status, &self.body(request_id))
    }
}

/// What Stripe says when it is the one at fault.
pub fn of_status(status: StatusCode) -> StripeError {
    match status.as_u16() {
        429 => StripeError::new(status, "invalid_request_error", "Request rate limit exceeded. Please retry.")
            .code("rate_limit"),
        409 => StripeError::new(
            status,
            "idempotency_error",
            "There is currently another in-progress request using this key.",
        ),
        401 | 403 => StripeError::new(status, "invalid_request_error", "This API key is not allowed to do this."),
        400..=499 => {
            StripeError::new(status, "invalid_request_error", "The request was refused on purpose by the sandbox.")
        }
        _ => StripeError::new(status, "api_error", "An unknown error occurred on our side. Please retry."),
    }
}
