//! Ports in memory, each with the few switches that the tests need.

use std::{
    collections::HashMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use api::{Check, Readiness};
use async_trait::async_trait;
use chrono::{DateTime, TimeZone as _, Utc};
use domain::{
    order::RefundNotice,
    ports::{
        Checkout, CheckoutRequest, Clock, Consent, Contact, Contacts, Ids, Link, LinkKind, LinkState, Links, Object,
        Payments, PortError, RefundRequest, SessionNews, Storage, Stored,
    },
};
use uuid::Uuid;

/// A morning that never ends.
pub fn morning() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 22, 9, 0, 0).unwrap()
}

pub struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> DateTime<Utc> {
        morning()
    }
}

#[derive(Default)]
pub struct Counter(AtomicU64);

impl Ids for Counter {
    fn next(&self) -> Uuid {
        Uuid::from_u128(0xabc0_0000 + u128::from(self.0.fetch_add(1, Ordering::SeqCst)))
    }
}

#[derive(Default)]
pub struct Till {
    pub asked: Mutex<Vec<CheckoutRequest>>,
    pub failure: Mutex<Option<PortError>>,
    /// What the vendor says of any session; nothing: it has none.
    pub news: Mutex<Option<SessionNews>>,
    /// It never answers.
    pub hangs: AtomicBool,
    /// How often a session was looked at.
    pub looks: AtomicU64,
}

#[async_trait]
impl Payments for Till {
    async fn open_checkout(&self, request: &CheckoutRequest) -> Result<Checkout, PortError> {
        self.asked.lock().unwrap().push(request.clone());
        if let Some(failure) = self.failure.lock().unwrap().take() {
            return Err(failure);
        }
        let session = format!("cs_{}_{}", request.order.simple(), request.attempt);
        let url = format!("https://pay.example/{session}");
        Ok(Checkout { session, url, expires_at: morning() + chrono::Duration::hours(1) })
    }

    async fn session(&self, session: &str) -> Result<SessionNews, PortError> {
        self.looks.fetch_add(1, Ordering::SeqCst);
        if self.hangs.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        self.news.lock().unwrap().clone().ok_or_else(|| missing(session))
    }

    async fn close_checkout(&self, session: &str) -> Result<SessionNews, PortError> {
        Err(missing(session))
    }

    async fn sessions(&self, _: DateTime<Utc>, _: DateTime<Utc>) -> Result<Vec<SessionNews>, PortError> {
        Ok(vec![])
    }

    async fn refund(&self, request: &RefundRequest) -> Result<RefundNotice, PortError> {
        Err(missing(&request.payment))
    }

    async fn refunds(&self, _: &str) -> Result<Vec<RefundNotice>, PortError> {
        Ok(vec![])
    }
}

fn missing(what: &str) -> PortError {
    PortError::Missing { service: "till", what: what.to_owned() }
}

#[derive(Default)]
pub struct Shelf {
    pub kept: Mutex<HashMap<String, Vec<u8>>>,
}

#[async_trait]
impl Storage for Shelf {
    async fn put_once(&self, object: Object<'_>) -> Result<Stored, PortError> {
        self.kept.lock().unwrap().insert(object.key.to_owned(), object.bytes.to_vec());
        Ok(Stored { bytes: object.bytes.len() as u64, sha256: Some(object.sha256.to_owned()) })
    }

    async fn get(&self, key: &str) -> Result<Vec<u8>, PortError> {
        let kept = self.kept.lock().unwrap().get(key).cloned();
        kept.ok_or_else(|| PortError::Missing { service: "storage", what: key.to_owned() })
    }

    async fn head(&self, key: &str) -> Result<Stored, PortError> {
        Err(PortError::Missing { service: "storage", what: key.to_owned() })
    }

    async fn link(&self, key: &str, ttl: Duration) -> Result<String, PortError> {
        Ok(format!("https://storage.example/{key}?expires={}", ttl.as_secs()))
    }
}

#[derive(Default)]
pub struct Keyring {
    pub opened: Mutex<HashMap<String, LinkState>>,
}

#[async_trait]
impl Links for Keyring {
    fn derive(&self, order: Uuid, kind: LinkKind, number: u32) -> String {
        format!("{}.{kind:?}{number}", order.simple())
    }

    async fn open(
        &self,
        order: Uuid,
        kind: LinkKind,
        number: u32,
        expires_at: Option<DateTime<Utc>>,
    ) -> Result<Link, PortError> {
        let token = self.derive(order, kind, number);
        self.opened.lock().unwrap().insert(token.clone(), LinkState::Open { order });
        Ok(Link { order, kind, number, token, expires_at })
    }

    async fn resolve(&self, _: LinkKind, token: &str, _: DateTime<Utc>) -> Result<LinkState, PortError> {
        Ok(self.opened.lock().unwrap().get(token).copied().unwrap_or(LinkState::Unknown))
    }
}

#[derive(Default)]
pub struct AddressBook {
    pub kept: Mutex<HashMap<Uuid, (Contact, Vec<Consent>)>>,
}

#[async_trait]
impl Contacts for AddressBook {
    async fn keep(&self, order: Uuid, contact: &Contact, consents: &[Consent]) -> Result<(), PortError> {
        let mut kept = self.kept.lock().unwrap();
        kept.entry(order).or_insert_with(|| (contact.clone(), consents.to_vec()));
        Ok(())
    }

    async fn of_order(&self, order: Uuid) -> Result<Option<Contact>, PortError> {
        Ok(self.kept.lock().unwrap().get(&order).map(|(contact, _)| contact.clone()))
    }
}

#[derive(Default)]
pub struct Gauge {
    pub broken: AtomicBool,
}

#[async_trait]
impl Readiness for Gauge {
    async fn checks(&self) -> Vec<Check> {
        let ready = !self.broken.load(Ordering::SeqCst);
        vec![Check { name: "database", ready, detail: (!ready).then(|| "10.0.0.7 refused".to_owned()) }]
    }
}
