//! One HTTP delivery, signed over the exact bytes sent.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::{Behaviour, Notice, Target, Vendor};
use crate::clock::real_now;

/// A secret that was never ours.
const FOREIGN_SECRET: &str = "whsec_not_the_secret_of_this_sandbox";

/// Sends `notice` once; gives the status answered.
///
/// # Errors
/// Nobody answered; the reason, without the address.
pub async fn send(
    client: &reqwest::Client,
    notice: &Notice,
    target: &Target,
    version: Option<&str>,
    behaviour: &Behaviour,
) -> Result<u16, String> {
    let secret = if behaviour.wrong_secret { FOREIGN_SECRET } else { target.secret.as_str() };
    let mut bytes = written(notice, version, behaviour);
    let request = client.post(&target.url);
    let request = match notice.vendor {
        Vendor::Stripe => {
            // Real time: the product compares it with its own clock, which the sandbox cannot move.
            let at = real_now().timestamp() + behaviour.timestamp_skew_s;
            request
                .header("content-type", "application/json; charset=utf-8")
                .header("user-agent", "Stripe/1.0 (+https://stripe.com/docs/webhooks)")
                .header("stripe-signature", signature_header(secret, at, &bytes, behaviour.two_signatures))
        }
        Vendor::Brevo => {
            let request =
                request.header("content-type", "application/json").header("user-agent", "Brevo/1.0 (sandbox)");
            // A webhook without a token is protected by its address alone.
            if secret.is_empty() { request } else { request.bearer_auth(secret) }
        }
    };
    if behaviour.tamper {
        bytes.push(b' ');
    }
    let answer = request.body(bytes).send().await.map_err(|error| error.without_url().to_string())?;
    Ok(answer.status().as_u16())
}

/// The body as sent: pretty-printed, so that whoever serialises it again before checking is found out.
fn written(notice: &Notice, version: Option<&str>, behaviour: &Behaviour) -> Vec<u8> {
    let mut body = notice.shown();
    if let Value::Object(fields) = &mut body {
        if let (Some(version), Vendor::Stripe) = (behaviour.api_version.as_deref().or(version), notice.vendor) {
            fields.insert("api_version".into(), json!(version));
        }
        if behaviour.unknown_fields {
            fields.insert("field_of_tomorrow".into(), json!({ "nested": [1, null, "é"] }));
        }
    }
    serde_json::to_vec_pretty(&body).unwrap_or_default()
}

fn signature_header(secret: &str, at: i64, bytes: &[u8], two: bool) -> String {
    let right = signature(secret, at, bytes);
    if two {
        let old = signature(FOREIGN_SECRET, at, bytes);
        return format!("t={at},v1={old},v1={right},v0=ignored");
    }
    format!("t={at},v1={right}")
}

/// Lower-case hex of HMAC-SHA256 over `t.body`, keyed by the whole secret.
fn signature(secret: &str, at: i64, bytes: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(format!("{at}.").as_bytes());
    mac.update(bytes);
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_hmac_sha256_of_time_and_body() {
        // printf '1795000001.{}' | openssl dgst -sha256 -hmac whsec_sandbox
        assert_eq!(signature("whsec_sandbox", 1_795_000_001, b"{}"), EXPECTED);
    }

    #[test]
    fn during_a_roll_over_the_right_signature_comes_second() {
        let header = signature_header("whsec_sandbox", 1_795_000_001, b"{}", true);
        assert!(header.ends_with(&format!("v1={EXPECTED},v0=ignored")) && header.matches("v1=").count() == 2);
    }

    const EXPECTED: &str = "7a5dffc3178d80b0d221f995ef163f48977aa6622e0ea67b81ae2c65790b8eac";
}
