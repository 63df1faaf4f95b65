//! Headers of every answer: what a browser may do with our pages, and what may be kept.

use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use crate::deps::Deps;

/// Everything from ourselves, nothing inline. Styles that scripts set on elements need no permission, so maps work.
const CONTENT: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; \
                       form-action 'self'; frame-ancestors 'none'";
const FIXED: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "strict-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()"),
];
const ONE_YEAR: &str = "max-age=31536000; includeSubDomains";
/// Answers that speak of one order, or carry its token in their address.
const PRIVATE: [&str; 5] = ["/api/orders", "/api/webhooks", "/r/", "/suivi/", "/paiement/"];
/// Pages of one customer are not for search engines.
const UNLISTED: [&str; 5] = ["/api/", "/r/", "/suivi/", "/paiement/", "/commander/"];

/// Middleware: adds what a handler did not say itself.
pub async fn protect(State(deps): State<Deps>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let under = |prefixes: &[&str]| prefixes.iter().any(|prefix| path.starts_with(prefix));
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(CONTENT));
    if deps.settings.production {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(ONE_YEAR));
    }
    if under(&UNLISTED) {
        headers.insert("x-robots-tag", HeaderValue::from_static("noindex"));
    }
    if under(&PRIVATE) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    } else {
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    }
    response
}
