//! What the mail port promises, whoever answers: one mail per key, whatever happens on the way.

use domain::ports::{Mail, MailStatus, MailWebhooks, Mailer, PortError};
use infra::{
    brevo::{BrevoConfig, BrevoMailer, BrevoWebhooks},
    http::Secret,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    doubles::{Doubles, passing_effects},
    live,
    vendor::{Reply, Vendor},
};

fn config(base_url: String) -> BrevoConfig {
    BrevoConfig {
        base_url,
        api_key: Secret::new("xkeysib-contract"),
        sender_email: "rapports@lobster.test".into(),
        sender_name: "LObsTer".into(),
        webhook_token: Secret::new("brevo_sandbox"),
    }
}

fn mailer(doubles: &Doubles) -> BrevoMailer {
    BrevoMailer::new(config(doubles.url("/brevo/v3"))).unwrap()
}

fn mail(key: Uuid, to: &str) -> Mail {
    Mail {
        key,
        to: to.into(),
        subject: "Votre étude est prête".into(),
        text: "Bonjour,\n\nvotre étude est prête.".into(),
        html: "<p>Bonjour,</p><p>votre étude est prête.</p>".into(),
        tag: "livraison",
    }
}

async fn one_mail_per_key(mailer: &dyn Mailer, key: Uuid, to: &str) {
    let id = mailer.send(&mail(key, to)).await.unwrap().unwrap();
    assert!(id.starts_with('<') && id.ends_with('>') && id.contains('@'), "{id}");
    assert_eq!(mailer.send(&mail(key, to)).await.unwrap(), None, "the same mail is known");
}

#[tokio::test]
async fn the_sandbox_keeps_the_contract() {
    let doubles = Doubles::start().await;
    one_mail_per_key(&mailer(&doubles), Uuid::from_u128(1), "agent@ville.test").await;
    let outbox = doubles.outbox().await;
    assert_eq!(outbox.len(), 1);
    assert_eq!((&outbox[0]["subject"], &outbox[0]["tags"]), (&json!("Votre étude est prête"), &json!(["livraison"])));
}

#[tokio::test]
async fn live_brevo_keeps_the_contract() {
    let Some(called) = live::called("brevo") else { return };
    let config = BrevoConfig {
        base_url: called.vendors.brevo_url,
        api_key: called.vendors.brevo_key.expect("LOBSTER_BREVO_KEY"),
        sender_email: called.vendors.mail_from,
        ..config(String::new())
    };
    let to = called.live.live_mail_to.expect("LOBSTER_LIVE_MAIL_TO: who gets the mail of the suite");
    // Another key in each run: the vendor forgets them after a quarter of an hour only.
    let key = Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("{:?}", std::time::Instant::now()).as_bytes());
    one_mail_per_key(&BrevoMailer::new(config).unwrap(), key, &to).await;
}

#[tokio::test]
async fn whatever_happens_on_the_way_one_mail_is_sent() {
    let doubles = Doubles::start().await;
    let mailer = mailer(&doubles);
    for (number, (name, effect)) in (1_u128..).zip(passing_effects()) {
        doubles.arm("brevo", "smtp.email.send", &effect).await;
        let sent = mailer.send(&mail(Uuid::from_u128(number), "agent@ville.test")).await;
        assert!(sent.is_ok(), "{name}: {sent:?}");
        let mails = doubles.outbox().await.len();
        assert_eq!(mails as u128, number, "{name} left {mails} mails after {number} keys");
    }
}

#[tokio::test]
async fn a_vendor_that_stays_away_is_told_as_such_and_nothing_was_sent() {
    let doubles = Doubles::start().await;
    doubles
        .arm_times(
            "brevo",
            "*",
            &json!({"kind": "status", "status": 429, "headers": {"x-sib-ratelimit-reset": "900"}}),
            json!(null),
        )
        .await;
    let error = mailer(&doubles).send(&mail(Uuid::from_u128(1), "agent@ville.test")).await.unwrap_err();
    assert!(matches!(error, PortError::Transient { retry_after: Some(900), .. }), "{error}");
    assert!(doubles.outbox().await.is_empty());
}

#[tokio::test]
async fn what_the_vendor_refuses_is_refused_with_its_code_and_without_the_address() {
    let doubles = Doubles::start().await;
    let error = mailer(&doubles).send(&mail(Uuid::from_u128(1), "no-address")).await.unwrap_err();
    assert_eq!(error.code(), "invalid_parameter", "{error}");
    assert!(!error.to_string().contains("no-address"), "{error}");
    let body = json!({"code": "unauthorized", "message": "Key not found"});
    doubles.arm("brevo", "*", &json!({"kind": "status", "status": 401, "body": body})).await;
    let error = mailer(&doubles).send(&mail(Uuid::from_u128(2), "agent@ville.test")).await.unwrap_err();
    assert_eq!(error.code(), "unauthorized", "{error}");
    assert_eq!(doubles.calls("brevo", "smtp.email.send").await, 2, "neither was asked again");
}

/// The strongest status that the vendor told about the mails of one sandbox, once `enough` was told.
async fn told(recipient: &str, enough: MailStatus) -> MailStatus {
    let inbox = Vendor::answering([(); 20].map(|()| Reply::empty(200))).await;
    let doubles = Doubles::telling(&format!("{}/hook", inbox.url)).await;
    let id = mailer(&doubles).send(&mail(Uuid::from_u128(1), recipient)).await.unwrap().unwrap();
    let webhooks = BrevoWebhooks::new(&config(String::new()));
    let listening = async {
        loop {
            let news = inbox.asked().into_iter().flat_map(|asked| {
                let bearer = asked.headers.get("authorization").map(|value| value.to_str().unwrap().to_owned());
                webhooks.read(bearer.as_deref(), &asked.body).unwrap()
            });
            let strongest = news.inspect(|news| assert_eq!(news.message_id, id)).map(|news| news.status).max();
            if strongest >= Some(enough) {
                return strongest.unwrap();
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), listening).await.expect("the vendor told nothing")
}

#[tokio::test]
async fn what_became_of_a_mail_is_told_and_understood() {
    for (recipient, status) in [
        ("agent@ville.test", MailStatus::Delivered),
        ("agent+hardbounce@ville.test", MailStatus::HardBounced),
        ("agent+blocked@ville.test", MailStatus::Blocked),
        ("agent+spam@ville.test", MailStatus::Spam),
        ("agent+softbounce@ville.test", MailStatus::SoftBounced),
        ("agent+slow@ville.test", MailStatus::Deferred),
    ] {
        assert_eq!(told(recipient, status).await, status, "{recipient}");
    }
}
