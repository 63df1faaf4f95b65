//! A small page of our own, where the front end cannot be the answer: one sentence and one way out.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

const STYLE: &str = "body{margin:0;background:#f0f4fa;color:#0d1f3c;font:1rem/1.5 'IBM Plex Sans',sans-serif}\
                     main{max-width:34rem;margin:12vh auto;padding:2rem;background:#fff;border-top:4px solid #e87722}\
                     h1{font-size:1.75rem;line-height:1.15;margin:0 0 1rem}\
                     a{color:#1f6666;font-weight:600}";

/// What such a page says, in French.
pub struct Page {
    pub title: &'static str,
    pub text: String,
    /// Address and text of the way out.
    pub link: (String, &'static str),
}

/// Whether a person asks with a browser.
pub fn wanted(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("text/html"))
}

/// The page as an answer; its one style is allowed by digest, nothing else is.
pub fn respond(status: StatusCode, page: &Page) -> Response {
    let (address, way_out) = &page.link;
    let html = format!(
        "<!doctype html><html lang=\"fr\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>{title} — LObsTer</title><style>{STYLE}</style></head>\
         <body><main><h1>{title}</h1><p>{text}</p><p><a href=\"{address}\">{way_out}</a></p></main></body></html>",
        title = escaped(page.title),
        text = escaped(&page.text),
        address = escaped(address),
        way_out = escaped(way_out),
    );
    let digest = STANDARD.encode(Sha256::digest(STYLE));
    let policy = format!("default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; frame-ancestors 'none'");
    let mut response = (status, Html(html)).into_response();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// Text as it may stand in HTML, in and between attributes.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}
