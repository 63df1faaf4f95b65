//! The vendors but for the payment vendor, in memory: each with the memory, and the forgetfulness, of the real one.

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ports::{
    CertificateCounts, CertificateMeasure, CertificateMedian, Clock, Consent, Contact, Contacts, EnergyCertificates,
    Link, LinkKind, LinkState, Links, Mail, MailNews, MailWebhooks, Mailer, Object, PortError, Printed, Printer,
    Question, Storage, Stored, WebhookRefusal, Writer, Written,
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::state::{Accepted, Shared, away};

/// Brevo’s changelog: a key is known for fifteen minutes.
pub const KEY_LIFETIME: i64 = 15 * 60 * 1_000;

impl Clock for Shared {
    fn now(&self) -> DateTime<Utc> {
        self.lock().time()
    }
}

#[async_trait]
impl Storage for Shared {
    async fn put_once(&self, object: Object<'_>) -> Result<Stored, PortError> {
        let place = format!("put {}", object.key.split('/').next().unwrap_or_default());
        self.effect(
            &place,
            || away("storage"),
            |state| {
                if state.shelf_fails > 0 {
                    state.shelf_fails -= 1;
                    return Err(away("storage"));
                }
                let held = state.shelf.entry(object.key.to_owned()).or_insert_with(|| object.bytes.to_vec());
                if held != object.bytes {
                    return Err(PortError::Collision { service: "storage", key: object.key.to_owned() });
                }
                Ok(Stored { bytes: object.bytes.len() as u64, sha256: Some(object.sha256.to_owned()) })
            },
        )
        .await
    }

    async fn get(&self, key: &str) -> Result<Vec<u8>, PortError> {
        let missing = || PortError::Missing { service: "storage", what: key.to_owned() };
        self.look("get", || away("storage"), |state| state.shelf.get(key).cloned().ok_or_else(missing)).await
    }

    async fn head(&self, key: &str) -> Result<Stored, PortError> {
        let missing = || PortError::Missing { service: "storage", what: key.to_owned() };
        self.look(
            "head",
            || away("storage"),
            |state| {
                let bytes = state.shelf.get(key).ok_or_else(missing)?.len() as u64;
                Ok(Stored { bytes, sha256: None })
            },
        )
        .await
    }

    async fn link(&self, _: &str, _: Duration) -> Result<String, PortError> {
        panic!("nobody downloads here")
    }
}

#[async_trait]
impl Writer for Shared {
    async fn write(&self, question: &Question) -> Result<Written, PortError> {
        self.effect(
            "model",
            || away("anthropic"),
            |state| {
                let paid = state.written.entry(question.subject.clone()).or_insert(0);
                *paid += 1;
                // It never says the same thing twice, and sometimes nothing that may be printed.
                let text = if state.chance.percent(20) { format!("wrong {paid}") } else { format!("answer {paid}") };
                Ok(Written {
                    raw: text.clone().into_bytes(),
                    text,
                    model: "m".to_owned(),
                    stop_reason: "end_turn".to_owned(),
                    input_tokens: 1,
                    output_tokens: 1,
                    cost_micro_usd: 1,
                    at_risk_micro_usd: 0,
                    request_id: None,
                })
            },
        )
        .await
    }
}

#[async_trait]
impl Printer for Shared {
    async fn print(&self, html: &str, _: DateTime<Utc>) -> Result<Printed, PortError> {
        self.effect(
            "print",
            || away("chromium"),
            |_| {
                let pdf = format!("%PDF {html}").into_bytes();
                Ok(Printed {
                    sha256: hex::encode(Sha256::digest(&pdf)),
                    pdf,
                    pages: 1,
                    renderer_version: "1".to_owned(),
                    fonts_sha256: "f".to_owned(),
                })
            },
        )
        .await
    }
}

#[async_trait]
impl EnergyCertificates for Shared {
    async fn by_label(&self, _: &[String]) -> Result<CertificateCounts, PortError> {
        self.effect(
            "certificates",
            || away("ademe"),
            |state| {
                Ok(CertificateCounts {
                    by_label: BTreeMap::new(),
                    total: 0,
                    asof: state.time(),
                    fallback: false,
                    dataset: "d".to_owned(),
                    answer_sha256: "a".to_owned(),
                    synthetic: true,
                })
            },
        )
        .await
    }

    async fn by_climate_label(&self, _: &[String]) -> Result<CertificateCounts, PortError> {
        panic!("the leaflet asks for labels of energy alone")
    }

    async fn median(&self, _: &[String], _: CertificateMeasure, _: i64) -> Result<CertificateMedian, PortError> {
        panic!("the leaflet asks for labels of energy alone")
    }
}

#[async_trait]
impl Mailer for Shared {
    async fn send(&self, mail: &Mail) -> Result<Option<String>, PortError> {
        self.effect(
            "mail",
            || away("brevo"),
            |state| {
                let now = state.now;
                let known = |taken: &&Accepted| taken.key == mail.key && now - taken.at < KEY_LIFETIME;
                let first = state.mails.iter().rposition(|taken| known(&taken)).unwrap_or_else(|| {
                    let known = state.log.len();
                    state.mails.push(Accepted { key: mail.key, to: mail.to.clone(), at: now, known });
                    state.mails.len() - 1
                });
                Ok(Some(format!("<{first}@post.test>")))
            },
        )
        .await
    }
}

#[async_trait]
impl Contacts for Shared {
    async fn keep(&self, _: Uuid, _: &Contact, _: &[Consent]) -> Result<(), PortError> {
        panic!("policies keep no contacts")
    }

    async fn of_order(&self, order: Uuid) -> Result<Option<Contact>, PortError> {
        let contact = Contact { customer: Uuid::from_u128(1), email: format!("{order}@exemple.test") };
        self.look("contact", || away("contacts"), |_| Ok(Some(contact))).await
    }
}

#[async_trait]
impl Links for Shared {
    fn derive(&self, order: Uuid, _: LinkKind, number: u32) -> String {
        format!("{order}-{number}")
    }

    async fn open(
        &self,
        order: Uuid,
        kind: LinkKind,
        number: u32,
        expires_at: Option<DateTime<Utc>>,
    ) -> Result<Link, PortError> {
        let token = self.derive(order, kind, number);
        self.effect(
            "link",
            || away("links"),
            |state| {
                state.links.insert((order, number));
                Ok(Link { order, kind, number, token, expires_at })
            },
        )
        .await
    }

    async fn resolve(&self, _: LinkKind, _: &str, _: DateTime<Utc>) -> Result<LinkState, PortError> {
        panic!("nobody follows a link here")
    }
}

impl MailWebhooks for Shared {
    fn read(&self, _: Option<&str>, _: &[u8]) -> Result<Vec<MailNews>, WebhookRefusal> {
        panic!("policies read no webhooks")
    }

    fn reread(&self, _: &[u8]) -> Vec<MailNews> {
        panic!("no message waits here")
    }
}
