//! One received call, read whole, and the ways a double answers.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::world::World;

/// The services we double.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    Stripe,
    Anthropic,
    Brevo,
    Ademe,
    S3,
}

impl Service {
    /// All of them, in the order people read them.
    pub const ALL: [Self; 5] = [Self::Stripe, Self::Anthropic, Self::Brevo, Self::Ademe, Self::S3];

    /// The service of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|service| service.name() == name)
    }

    /// The name people know.
    pub fn title(self) -> &'static str {
        match self {
            Self::Stripe => "Stripe",
            Self::Anthropic => "Anthropic",
            Self::Brevo => "Brevo",
            Self::Ademe => "ADEME",
            Self::S3 => "S3",
        }
    }

    /// The name used in the control API.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stripe => "stripe",
            Self::Anthropic => "anthropic",
            Self::Brevo => "brevo",
            Self::Ademe => "ademe",
            Self::S3 => "s3",
        }
    }
}

/// One call to a double.
pub struct Call {
    pub service: Service,
    /// The vendor's name for what is asked, such as `checkout.sessions.create`.
    pub operation: &'static str,
    pub method: Method,
    /// Path parts after the service's own prefix, percent-decoded.
    pub segments: Vec<String>,
    /// Path and query as received.
    pub target: String,
    pub query: Vec<(String, String)>,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Call {
    /// A header as text; absent when it is not ASCII.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The token of an `Authorization: Bearer` header.
    pub fn bearer(&self) -> Option<&str> {
        self.header("authorization")?.strip_prefix("Bearer ")
    }

    /// The path part at `index`, empty when the path is shorter.
    pub fn segment(&self, index: usize) -> &str {
        self.segments.get(index).map_or("", String::as_str)
    }

    /// The path parts, for matching.
    pub fn path(&self) -> Vec<&str> {
        self.segments.iter().map(String::as_str).collect()
    }

    /// The first value of a query parameter.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as form fields.
    pub fn form(&self) -> Vec<(String, String)> {
        form_fields(&String::from_utf8_lossy(&self.body))
    }

    /// The body as JSON.
    pub fn json(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}

/// What a handler works with.
pub struct Ask<'a> {
    pub world: &'a Arc<World>,
    pub call: &'a Call,
    /// Name of the scenario fault that applies to this call.
    pub scenario: Option<&'a str>,
}

/// Decodes `a=1&b=2`.
pub fn form_fields(text: &str) -> Vec<(String, String)> {
    let Ok(mut url) = reqwest::Url::parse("http://form/") else { return Vec::new() };
    url.set_query(Some(text));
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}

/// A JSON answer.
pub fn json(status: StatusCode, body: &Value) -> Response {
    with_type(status, "application/json", body.to_string())
}

/// An HTML page.
pub fn html(status: StatusCode, page: String) -> Response {
    with_type(status, "text/html; charset=utf-8", page)
}

/// A plain sentence.
pub fn text(status: StatusCode, sentence: impl Into<String>) -> Response {
    with_type(status, "text/plain; charset=utf-8", sentence.into())
}

/// A redirect that a browser follows with GET.
pub fn see_other(to: &str) -> Response {
    let mut response = with_type(StatusCode::SEE_OTHER, "text/plain; charset=utf-8", String::new());
    set_header(&mut response, header::LOCATION.as_str(), to);
    response
}

/// Sets a header; a value that HTTP forbids is left out.
pub fn set_header(response: &mut Response, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (header::HeaderName::try_from(name), HeaderValue::try_from(value)) {
        response.headers_mut().insert(name, value);
    }
}

/// An answer of a given content type.
pub fn with_type(status: StatusCode, content_type: &'static str, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}
