//! One id, one span and one measure per request. Tokens never reach the log: no query string, no link, no follow-up address.

use std::time::Instant;

use axum::{
    extract::{FromRequestParts, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, request::Parts},
    middleware::Next,
    response::Response,
};
use tracing::Instrument as _;
use uuid::Uuid;

use crate::deps::Deps;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static CURRENT: Uuid;
}

/// The id of the request being answered; chosen by us, never taken from the caller.
#[derive(Debug, Clone, Copy)]
pub struct RequestId(pub Uuid);

impl<S: Sync> FromRequestParts<S> for RequestId {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(_: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(current_request().unwrap_or_default()))
    }
}

/// The id of the request that this task is answering.
pub fn current_request() -> Option<Uuid> {
    CURRENT.try_with(|id| *id).ok()
}

/// Middleware around everything else.
pub async fn trace(State(deps): State<Deps>, request: Request, next: Next) -> Response {
    let id = deps.ids.next();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let path = shown(request.uri().path());
    let span = tracing::info_span!("request", request_id = %id, method = %request.method(), path);
    // Keepers ask every second: their questions would drown the others.
    let watched = matches!(request.uri().path(), "/livez" | "/readyz" | "/metrics");
    let started = Instant::now();
    let mut response = CURRENT.scope(id, next.run(request).instrument(span.clone())).await;
    let seconds = started.elapsed().as_secs_f64();
    let status = response.status();
    let route = route.unwrap_or_else(|| "site".to_owned());
    metrics::histogram!("lobster_http_seconds", "route" => route, "status" => status.as_str().to_owned())
        .record(seconds);
    span.in_scope(|| match watched {
        true => tracing::debug!(status = status.as_u16(), seconds, "answered {status}"),
        false => tracing::info!(status = status.as_u16(), seconds, "answered {status}"),
    });
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// A path as it may be logged.
fn shown(path: &str) -> String {
    for secret in ["/r/", "/suivi/"] {
        if path.starts_with(secret) {
            return format!("{secret}[redacted]");
        }
    }
    path.chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_in_an_address_is_not_logged() {
        assert_eq!(shown("/r/0190.secret"), "/r/[redacted]");
        assert_eq!(shown("/suivi/0190.secret"), "/suivi/[redacted]");
        assert_eq!(shown("/api/communes/44109"), "/api/communes/44109");
    }

    #[test]
    fn a_long_or_hostile_path_cannot_forge_a_log_line() {
        assert_eq!(shown("/a\nb"), "/ab");
        assert_eq!(shown(&"x".repeat(500)).len(), 200);
    }
}
