//! Sending mail against a server that misbehaves.

use domain::ports::{Mail, Mailer, PortError};
use infra::{
    brevo::{BrevoConfig, BrevoMailer},
    http::Secret,
};
use serde_json::json;
use uuid::Uuid;

use crate::vendor::{Reply, Vendor};

fn mail() -> Mail {
    Mail {
        key: Uuid::from_u128(5),
        to: "mairie@example.fr".into(),
        subject: "Votre étude est prête".into(),
        text: "Bonjour".into(),
        html: "<p>Bonjour</p>".into(),
        tag: "livraison",
    }
}

fn mailer(vendor: &Vendor) -> BrevoMailer {
    let config = BrevoConfig {
        base_url: format!("{}/brevo/v3", vendor.url),
        api_key: Secret::new("xkeysib-canary"),
        sender_email: "rapports@example.fr".into(),
        sender_name: "LObsTer".into(),
        webhook_token: Secret::new("token"),
    };
    BrevoMailer::new(config).unwrap()
}

#[tokio::test]
async fn an_accepted_mail_gives_its_id_after_an_outage_under_the_same_key() {
    let accepted = json!({"messageId": "<202611220000.12345@smtp-relay.mailin.fr>"});
    let vendor = Vendor::answering([Reply::empty(502), Reply::json(201, &accepted)]).await;
    let sent = mailer(&vendor).send(&mail()).await.unwrap();
    assert_eq!(sent.as_deref(), Some("<202611220000.12345@smtp-relay.mailin.fr>"));
    let asked = vendor.asked();
    assert_eq!(asked.len(), 2);
    for question in asked {
        assert_eq!((question.path.as_str(), question.header("api-key")), ("/brevo/v3/smtp/email", "xkeysib-canary"));
        let body = question.json();
        assert_eq!(body["headers"]["idempotencyKey"], json!(Uuid::from_u128(5)));
        assert_eq!(body["to"], json!([{"email": "mairie@example.fr"}]));
        assert_eq!((&body["tags"], &body["textContent"]), (&json!(["livraison"]), &json!("Bonjour")));
    }
}

#[tokio::test]
async fn a_mail_that_was_sent_before_is_not_an_error() {
    let duplicate = json!({"code": "duplicate_request", "message": "Request already processed"});
    let vendor = Vendor::answering([Reply::json(400, &duplicate)]).await;
    assert_eq!(mailer(&vendor).send(&mail()).await.unwrap(), None);
}

#[tokio::test]
async fn the_vendors_own_header_says_how_long_to_wait() {
    let vendor = Vendor::answering([
        Reply::json(429, &json!({"code": "too_many_requests"})).with("x-sib-ratelimit-reset", &1),
        Reply::json(201, &json!({"messageId": "<1@x>"})),
    ])
    .await;
    let started = std::time::Instant::now();
    mailer(&vendor).send(&mail()).await.unwrap();
    assert!(started.elapsed().as_millis() >= 1_000);
}

#[tokio::test]
async fn a_bad_address_is_refused_once_and_not_quoted() {
    let bad = json!({"code": "invalid_parameter", "message": "mairie@example.fr is not valid in to"});
    let vendor = Vendor::answering([Reply::json(400, &bad)]).await;
    let error = mailer(&vendor).send(&mail()).await.unwrap_err();
    assert!(matches!(error, PortError::Refused { .. }));
    assert!(error.to_string().contains("invalid_parameter") && !error.to_string().contains('@'), "{error}");
}

#[tokio::test]
async fn a_line_break_in_a_header_goes_nowhere() {
    let vendor = Vendor::answering([]).await;
    for field in ["subject", "to"] {
        let mut mail = mail();
        let target = if field == "to" { &mut mail.to } else { &mut mail.subject };
        target.push_str("\r\nBcc: other@example.fr");
        assert!(matches!(mailer(&vendor).send(&mail).await, Err(PortError::Refused { .. })), "{field}");
    }
    assert!(vendor.asked().is_empty());
}

#[tokio::test]
async fn each_refusal_of_the_account_is_final_and_each_failure_is_not() {
    for (status, code) in [
        (400, "missing_parameter"),
        (400, "not_enough_credits"),
        (400, "account_under_validation"),
        (401, "unauthorized"),
        (402, "not_enough_credits"),
        (403, "permission_denied"),
    ] {
        let vendor =
            Vendor::answering([Reply::json(status, &json!({"code": code, "message": "mairie@example.fr"}))]).await;
        let error = mailer(&vendor).send(&mail()).await.unwrap_err();
        assert!(matches!(&error, PortError::Refused { message, .. } if message.contains(code)), "{error}");
        assert_eq!(vendor.asked().len(), 1);
    }
    let accepted = json!({"messageId": "<1@x>"});
    let vendor =
        Vendor::answering([Reply::json(201, &accepted).cut(), Reply::json(400, &json!({"code": "duplicate_request"}))])
            .await;
    assert_eq!(mailer(&vendor).send(&mail()).await.unwrap(), None, "sent, though its id was lost on the way");
}
