//! Ports that a test never reaches, and a mailer and a storage that it may.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Mutex,
    time::Duration,
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ports::{
    CertificateCounts, CertificateMeasure, CertificateMedian, EnergyCertificates, Mail, Mailer, Object, PortError,
    Printed, Printer, Question, Storage, Stored, Writer, Written,
};

/// Money has nothing to do with it.
pub struct Unreached;

#[async_trait]
impl Writer for Unreached {
    async fn write(&self, _: &Question) -> Result<Written, PortError> {
        panic!("no report is written here")
    }
}

#[async_trait]
impl Printer for Unreached {
    async fn print(&self, _: &str, _: DateTime<Utc>) -> Result<Printed, PortError> {
        panic!("no report is printed here")
    }
}

#[async_trait]
impl EnergyCertificates for Unreached {
    async fn by_label(&self, _: &[String]) -> Result<CertificateCounts, PortError> {
        panic!("no facts are collected here")
    }

    async fn by_climate_label(&self, _: &[String]) -> Result<CertificateCounts, PortError> {
        panic!("no facts are collected here")
    }

    async fn median(&self, _: &[String], _: CertificateMeasure, _: i64) -> Result<CertificateMedian, PortError> {
        panic!("no facts are collected here")
    }
}

/// Takes mails, or fails as it is told to.
#[derive(Default)]
pub struct Post {
    pub sent: Mutex<Vec<Mail>>,
    pub fails: Mutex<VecDeque<PortError>>,
}

#[async_trait]
impl Mailer for Post {
    async fn send(&self, mail: &Mail) -> Result<Option<String>, PortError> {
        if let Some(error) = self.fails.lock().unwrap().pop_front() {
            return Err(error);
        }
        self.sent.lock().unwrap().push(mail.clone());
        Ok(Some(format!("<{}@post.test>", mail.key)))
    }
}

#[derive(Default)]
pub struct Shelf(Mutex<BTreeMap<String, Vec<u8>>>);

#[async_trait]
impl Storage for Shelf {
    async fn put_once(&self, object: Object<'_>) -> Result<Stored, PortError> {
        self.0.lock().unwrap().insert(object.key.to_owned(), object.bytes.to_vec());
        Ok(Stored { bytes: object.bytes.len() as u64, sha256: None })
    }

    async fn get(&self, key: &str) -> Result<Vec<u8>, PortError> {
        let found = self.0.lock().unwrap().get(key).cloned();
        found.ok_or_else(|| PortError::Missing { service: "storage", what: key.to_owned() })
    }

    async fn head(&self, key: &str) -> Result<Stored, PortError> {
        Ok(Stored { bytes: self.get(key).await?.len() as u64, sha256: None })
    }

    async fn link(&self, _: &str, _: Duration) -> Result<String, PortError> {
        panic!("nobody downloads here")
    }
}
