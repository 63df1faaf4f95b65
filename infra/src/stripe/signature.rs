//! Is this message from Stripe? Checked on the raw bytes, before anything is parsed.

use chrono::{DateTime, Utc};
use domain::ports::WebhookRefusal;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::http::Secret;

/// A signature may be this many seconds old, or early.
const TOLERANCE: u64 = 300;
/// More than Stripe ever sends; a longer list only costs us work.
const MOST_SIGNATURES: usize = 16;

/// Checks a `Stripe-Signature` header: any `v1` may match any of the secrets.
pub(super) fn verify(
    header: Option<&str>,
    body: &[u8],
    secrets: &[Secret],
    now: DateTime<Utc>,
) -> Result<(), WebhookRefusal> {
    let (time, signatures) = parse(header.ok_or(WebhookRefusal::Header)?)?;
    if !signatures.iter().any(|signature| secrets.iter().any(|secret| is_signed(time, body, secret, signature))) {
        return Err(WebhookRefusal::Signature);
    }
    let signed_at: i64 = time.parse().map_err(|_| WebhookRefusal::Header)?;
    if now.timestamp().abs_diff(signed_at) > TOLERANCE {
        return Err(WebhookRefusal::Time);
    }
    Ok(())
}

/// `t=…,v1=…,v1=…,v0=…`: the time as it was written, and the signatures of the scheme in use.
fn parse(header: &str) -> Result<(&str, Vec<Vec<u8>>), WebhookRefusal> {
    let mut time = None;
    let mut signatures = Vec::new();
    for part in header.split(',').take(MOST_SIGNATURES) {
        match part.trim().split_once('=') {
            Some(("t", value)) => time = Some(value),
            // Anything else than lower-case hexadecimal is no signature of theirs.
            Some(("v1", value)) if !value.bytes().any(|b| b.is_ascii_uppercase()) => {
                signatures.extend(hex::decode(value));
            }
            _ => {}
        }
    }
    match time {
        Some(time) if !signatures.is_empty() => Ok((time, signatures)),
        _ => Err(WebhookRefusal::Header),
    }
}

fn is_signed(time: &str, body: &[u8], secret: &Secret, signature: &[u8]) -> bool {
    // An empty secret would let anybody sign.
    if secret.is_empty() {
        return false;
    }
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes()) else { return false };
    mac.update(time.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.verify_slice(signature).is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SIGNED_AT: i64 = 1_795_000_001;
    const BODY: &[u8] = b"{\n  \"id\": \"evt_1\",\n  \"type\": \"checkout.session.completed\"\n}";

    fn sign(secret: &str, time: &str, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("{time}.").as_bytes());
        mac.update(body);
        hex::encode(mac.finalize().into_bytes())
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn secrets() -> Vec<Secret> {
        vec![Secret::new("whsec_new"), Secret::new("whsec_old")]
    }

    fn header() -> String {
        format!("t={SIGNED_AT},v1={},v0=ignored", sign("whsec_new", &SIGNED_AT.to_string(), BODY))
    }

    #[test]
    fn a_signature_is_known_by_the_value_computed_elsewhere() {
        // HMAC-SHA256("whsec_test", "1795000001.{}"), from an independent implementation.
        let header = "t=1795000001,v1=521a9088a538d43e036a66936492482bed4ddfa5271cf0a01c79344033bff0f9";
        assert_eq!(verify(Some(header), b"{}", &[Secret::new("whsec_test")], at(SIGNED_AT)), Ok(()));
    }

    #[test]
    fn either_secret_is_accepted_while_one_is_replaced() {
        let time = SIGNED_AT.to_string();
        let header = format!("t={time},v1={},v1={}", "00".repeat(32), sign("whsec_old", &time, BODY));
        assert_eq!(verify(Some(&header), BODY, &secrets(), at(SIGNED_AT)), Ok(()));
        assert_eq!(verify(Some(&header), BODY, &secrets()[..1], at(SIGNED_AT)), Err(WebhookRefusal::Signature));
    }

    #[test]
    fn five_minutes_are_the_limit_on_both_sides() {
        for (seconds, verdict) in [(300, Ok(())), (301, Err(WebhookRefusal::Time))] {
            assert_eq!(verify(Some(&header()), BODY, &secrets(), at(SIGNED_AT + seconds)), verdict);
            assert_eq!(verify(Some(&header()), BODY, &secrets(), at(SIGNED_AT - seconds)), verdict);
        }
    }

    #[test]
    fn an_old_message_under_a_fresh_time_is_refused() {
        let replayed = header().replace(&SIGNED_AT.to_string(), &(SIGNED_AT + 600).to_string());
        assert_eq!(verify(Some(&replayed), BODY, &secrets(), at(SIGNED_AT + 600)), Err(WebhookRefusal::Signature));
    }

    #[test]
    fn without_a_proper_header_or_secret_nothing_is_accepted() {
        for header in [None, Some(""), Some("t=1"), Some("v1=00"), Some("t=1,v0=00"), Some("t=1,v1=xyz")] {
            assert_eq!(verify(header, BODY, &secrets(), at(SIGNED_AT)), Err(WebhookRefusal::Header), "{header:?}");
        }
        let anybody = format!("t={SIGNED_AT},v1={}", sign("", &SIGNED_AT.to_string(), BODY));
        assert_eq!(verify(Some(&anybody), BODY, &[Secret::new("")], at(SIGNED_AT)), Err(WebhookRefusal::Signature));
    }

    proptest! {
        #[test]
        fn one_flipped_bit_of_the_body_is_refused(position in 0..BODY.len(), bit in 0_u8..8) {
            let mut body = BODY.to_vec();
            body[position] ^= 1 << bit;
            prop_assert_eq!(verify(Some(&header()), &body, &secrets(), at(SIGNED_AT)), Err(WebhookRefusal::Signature));
        }

        #[test]
        fn one_changed_character_of_the_signature_is_refused(position in 0_usize..64, other in "[0-9a-fA-F]") {
            let mut written = header();
            let start = written.find("v1=").unwrap() + 3 + position;
            prop_assume!(written[start..=start] != other);
            written.replace_range(start..=start, &other);
            prop_assert!(verify(Some(&written), BODY, &secrets(), at(SIGNED_AT)).is_err());
        }

        #[test]
        fn no_header_makes_us_stumble(header in ".{0,200}") {
            prop_assert!(verify(Some(&header), BODY, &secrets(), at(SIGNED_AT)).is_err());
        }
    }
}
