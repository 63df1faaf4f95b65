//! Faults that a person arms by one click.

use serde_json::{Value, json};

/// A button: its key in the form, its text, and what it arms.
pub struct Preset {
    pub key: &'static str,
    pub text: &'static str,
    pub fault: Value,
}

/// All buttons, in the order of an order’s path: payment, certificates, words, storage, mail.
pub fn presets() -> Vec<Preset> {
    let once = |service: &str, operation: &str, effect: Value| json!({ "service": service, "operation": operation, "effect": effect });
    let scenario = |name: &str| json!({ "kind": "scenario", "name": name });
    let many = |times: Value, mut fault: Value| {
        fault["times"] = times;
        fault
    };
    let status = |status: u16| json!({ "kind": "status", "status": status });
    let preset = |key, text, fault| Preset { key, text, fault };
    vec![
        preset("stripe-503", "Stripe répond 503 une fois", once("stripe", "*", status(503))),
        preset(
            "stripe-perdu",
            "Stripe ouvre le paiement, puis coupe",
            once("stripe", "checkout.sessions.create", json!({ "kind": "commit_then_fail", "reset": true })),
        ),
        preset("ademe-panne", "ADEME en panne", many(Value::Null, once("ademe", "*", scenario("down")))),
        preset("ademe-429", "ADEME limite le débit", once("ademe", "*", status(429))),
        preset("anthropic-refus", "Anthropic refuse", once("anthropic", "messages.create", scenario("refusal"))),
        preset(
            "anthropic-chiffre",
            "Anthropic invente un chiffre",
            once("anthropic", "messages.create", scenario("wrong_figures")),
        ),
        preset(
            "anthropic-surcharge",
            "Anthropic surchargé trois fois",
            many(json!(3), once("anthropic", "messages.create", status(529))),
        ),
        preset(
            "s3-lent",
            "S3 lent",
            many(json!(5), once("s3", "*", json!({ "kind": "latency", "ms": 4_000, "jitter_ms": 2_000 }))),
        ),
        preset(
            "s3-perdu",
            "S3 range, puis répond 503",
            once("s3", "PutObject", json!({ "kind": "commit_then_fail", "status": 503 })),
        ),
        preset(
            "brevo-perdu",
            "Brevo envoie, puis échoue",
            once("brevo", "smtp.email.send", json!({ "kind": "commit_then_fail", "status": 500 })),
        ),
        preset("brevo-429", "Brevo limite le débit", once("brevo", "smtp.email.send", status(429))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::faults::Fault;

    #[test]
    fn every_button_arms_a_fault_that_can_happen() {
        for preset in presets() {
            let fault: Fault = serde_json::from_value(preset.fault).unwrap();
            fault.check().unwrap();
        }
    }
}
