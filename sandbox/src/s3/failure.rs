//! Errors in the words of S3: XML with a code.

use axum::http::StatusCode;
use axum::response::Response;

use crate::call;

/// What a fault of this status looks like.
pub fn failure(status: StatusCode) -> Response {
    let (code, message) = match status.as_u16() {
        403 => ("AccessDenied", "Access Denied"),
        404 => ("NoSuchKey", "The specified key does not exist."),
        412 => ("PreconditionFailed", "At least one of the preconditions you specified did not hold."),
        429 => ("TooManyRequests", "Reduce your request rate."),
        501 => ("NotImplemented", "This is not implemented."),
        503 => ("SlowDown", "Please reduce your request rate."),
        400..=499 => ("InvalidRequest", "The request was refused on purpose by the sandbox."),
        _ => ("InternalError", "We encountered an internal error. Please try again."),
    };
    written(status, code, message)
}

/// A refusal by its code.
pub fn failure_of(code: &str, message: &str) -> Response {
    let status = if code == "NotImplemented" { StatusCode::NOT_IMPLEMENTED } else { StatusCode::BAD_REQUEST };
    written(status, code, message)
}

fn written(status: StatusCode, code: &str, message: &str) -> Response {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    call::with_type(status, "application/xml", body)
}
