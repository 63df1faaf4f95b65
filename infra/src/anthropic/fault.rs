//! What an error of the vendor means: worth another try, final, or for an operator to mend.

use domain::ports::PortError;
use serde_json::Value;

use super::SERVICE;
use crate::http::{Answer, Fault, alert};

/// An error, judged.
#[derive(Debug)]
pub(super) enum Judged {
    Fault(Fault),
    /// The account may spend no more: the message says why.
    SpendLimit(String),
}

/// The vendor's own advice goes first, unless money is the reason: then asking again today is useless.
pub(super) fn judge(answer: &Answer) -> Judged {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let kind = body["error"]["type"].as_str().unwrap_or("unknown");
    let code = body["error"]["details"]["error_code"].as_str();
    let message = format!("{} type={kind} code={}", answer.summary(), code.unwrap_or(kind));
    if is_spend_limit(answer, code, body["error"]["message"].as_str().unwrap_or_default()) {
        return Judged::SpendLimit(message);
    }
    let passing = match answer.header("x-should-retry") {
        Some("true") => true,
        Some("false") => false,
        _ => matches!(answer.status, 408 | 409 | 429 | 500..=599),
    };
    if passing {
        return Judged::Fault(Fault::Passing { message, after: answer.retry_after() });
    }
    if matches!(answer.status, 401..=404 | 413) {
        alert(SERVICE, kind, &message);
    }
    Judged::Fault(Fault::Lasting(PortError::Refused { service: SERVICE, message }))
}

/// A monthly ceiling is a limit without an end; one that we set ourselves comes as a bad request, told by its words.
fn is_spend_limit(answer: &Answer, code: Option<&str>, words: &str) -> bool {
    let words = words.to_lowercase();
    let of_money =
        |text: &str| ["spend", "usage limit", "credit balance", "billing"].iter().any(|word| text.contains(word));
    match answer.status {
        402 => true,
        429 => answer.retry_after().is_none() && code.is_some(),
        400 | 403 => code.is_some_and(of_money) || of_money(&words),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};
    use serde_json::json;

    use super::*;

    fn answer(status: u16, headers: &[(&'static str, &'static str)], error: &Value) -> Answer {
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        Answer { status, headers, body: json!({"type": "error", "error": error}).to_string().into_bytes() }
    }

    fn judged(status: u16, headers: &[(&'static str, &'static str)], error: &Value) -> &'static str {
        match judge(&answer(status, headers, error)) {
            Judged::SpendLimit(_) => "spend limit",
            Judged::Fault(Fault::Passing { after: Some(_), .. }) => "after its wait",
            Judged::Fault(Fault::Passing { .. }) => "again",
            Judged::Fault(Fault::Lasting(_)) => "never",
            Judged::Fault(Fault::Away { .. }) => "away",
        }
    }

    #[test]
    fn each_class_of_error_has_its_treatment() {
        let plain = json!({"type": "x", "message": "…"});
        for status in [408, 409, 500, 503, 504, 529] {
            assert_eq!(judged(status, &[], &plain), "again", "{status}");
        }
        for status in [400, 401, 403, 404, 413, 422] {
            assert_eq!(judged(status, &[], &plain), "never", "{status}");
        }
        assert_eq!(judged(429, &[("retry-after", "3")], &plain), "after its wait");
        assert_eq!(judged(529, &[("retry-after", "3")], &plain), "after its wait");
        assert_eq!(judged(429, &[], &plain), "again");
    }

    #[test]
    fn the_vendors_advice_overrides_the_table() {
        let plain = json!({"type": "x", "message": "…"});
        assert_eq!(judged(400, &[("x-should-retry", "true")], &plain), "again");
        assert_eq!(judged(529, &[("x-should-retry", "false")], &plain), "never");
    }

    #[test]
    fn a_spending_limit_is_told_however_it_comes() {
        let coded = json!({"type": "rate_limit_error", "details": {"error_code": "enforced_spend_limit_reached"}});
        assert_eq!(judged(429, &[], &coded), "spend limit");
        assert_eq!(judged(429, &[("x-should-retry", "true")], &coded), "spend limit");
        assert_eq!(judged(429, &[("retry-after", "3")], &coded), "after its wait");
        let ours =
            json!({"type": "invalid_request_error", "message": "You have reached your specified API usage limits."});
        assert_eq!(judged(400, &[], &ours), "spend limit");
        assert_eq!(judged(402, &[], &json!({"type": "billing_error", "message": "…"})), "spend limit");
    }

    #[test]
    fn a_body_that_is_no_json_is_judged_by_its_status() {
        let gateway = |status| Answer { status, headers: reqwest::header::HeaderMap::new(), body: b"<html>".to_vec() };
        assert!(matches!(judge(&gateway(502)), Judged::Fault(Fault::Passing { .. })));
        assert!(matches!(judge(&gateway(403)), Judged::Fault(Fault::Lasting(_))));
    }
}
