//! How much and how long: sizes of bodies, time to answer.

use std::time::Duration;

use axum::{
    extract::Request,
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse as _, Response},
};

use crate::problem::Problem;

/// Largest body of an ordinary request.
pub const BODY_BYTES: usize = 64 * 1024;
/// Largest body of a webhook: vendors send whole objects.
pub const WEBHOOK_BYTES: usize = 256 * 1024;
/// Time to open a payment page, retries included; below [`ANSWER`].
pub const CHECKOUT: Duration = Duration::from_secs(20);
/// Time to begin an answer.
const ANSWER: Duration = Duration::from_secs(25);

/// Middleware: an answer begins in time, or is a problem.
pub async fn in_time(request: Request, next: Next) -> Response {
    match tokio::time::timeout(ANSWER, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "request.timeout", "Réponse trop longue à venir")
            .detail("Nous n’avons pas pu répondre à temps. Réessayez dans un instant.")
            .retry_after(5)
            .into_response(),
    }
}
