//! A whole answer, and what its headers say about trying again.

use std::time::Duration;

use chrono::DateTime;
use domain::ports::Clock as _;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use super::Fault;
use crate::clock::SystemClock;

/// A whole answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header that is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What the vendor's support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        ["request-id", "x-request-id", "x-amz-request-id"].iter().find_map(|name| self.header(name))
    }

    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    #[must_use]
    pub fn is_json(&self) -> bool {
        self.header("content-type").is_some_and(|kind| kind.contains("json"))
    }

    /// How long the service wants us to wait, in any of the ways in which the services we call say so: milliseconds,
    /// seconds, a date, or Brevo's own header. A date is compared with the answer's own `Date`, so that a wrong clock on
    /// our side changes nothing.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let milliseconds = |text: &str| text.parse().ok().map(Duration::from_millis);
        let wish = |name: &str| self.header(name).map(str::trim);
        wish("retry-after-ms")
            .and_then(milliseconds)
            .or_else(|| wish("retry-after").and_then(|text| seconds(text).or_else(|| self.until(text))))
            // Brevo sends it with every answer; it is a wish only where a limit was hit.
            .or_else(|| wish("x-sib-ratelimit-reset").filter(|_| self.status == 429).and_then(seconds))
    }

    fn until(&self, date: &str) -> Option<Duration> {
        let then = DateTime::parse_from_rfc2822(date).ok()?.to_utc();
        let sent = self.header("date").and_then(|date| DateTime::parse_from_rfc2822(date).ok());
        let now = sent.map_or_else(|| SystemClock.now(), |sent| sent.to_utc());
        Some((then - now).to_std().unwrap_or_default())
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// A fault that may pass: a proxy's page and a cut body look the same.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let kind = self.header("content-type").unwrap_or("no content type");
            Fault::passing(format!("answer {} ({kind}) is not understood: {error}", self.status))
        })
    }

    /// `HTTP 503`, with the request id when there is one: enough to find the call, nothing of its content.
    #[must_use]
    pub fn summary(&self) -> String {
        match self.request_id() {
            Some(id) => format!("HTTP {} (request {id})", self.status),
            None => format!("HTTP {}", self.status),
        }
    }
}

/// Whole or broken seconds; what is negative or endless is no wish.
fn seconds(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    fn wish(headers: &[(&'static str, &str)]) -> Option<Duration> {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
            .collect();
        Answer { status: 429, headers, body: vec![] }.retry_after()
    }

    #[test]
    fn every_way_of_naming_a_wait_is_read() {
        let date = ("date", "Sun, 22 Nov 2026 09:00:00 GMT");
        for (headers, milliseconds) in [
            (&[("retry-after", "7")][..], 7_000),
            (&[("retry-after", "0.5")], 500),
            (&[("retry-after-ms", "250"), ("retry-after", "7")], 250),
            (&[("retry-after", "Sun, 22 Nov 2026 09:01:30 GMT"), date], 90_000),
            (&[("retry-after", "Sun, 22 Nov 2026 08:00:00 GMT"), date], 0),
            (&[("x-sib-ratelimit-reset", "12")], 12_000),
        ] {
            assert_eq!(wish(headers), Some(Duration::from_millis(milliseconds)), "{headers:?}");
        }
    }

    #[test]
    fn a_date_without_the_hour_of_its_answer_is_measured_by_our_clock() {
        assert_eq!(wish(&[("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT")]), Some(Duration::ZERO));
        assert!(
            wish(&[("retry-after", "Fri, 06 Nov 2099 08:49:37 GMT")]).is_some_and(|wait| wait > Duration::from_secs(1))
        );
    }

    #[test]
    fn what_is_no_wait_is_none() {
        for text in ["", "soon", "-1", "inf", "NaN", "1e999"] {
            assert_eq!(wish(&[("retry-after", text)]), None, "{text}");
        }
        assert_eq!(wish(&[]), None);
    }

    proptest! {
        #[test]
        fn no_header_makes_us_fall(text in "[ -~]{0,40}") {
            let _ = wish(&[("retry-after", &text), ("x-sib-ratelimit-reset", &text), ("retry-after-ms", &text)]);
        }
    }
}
