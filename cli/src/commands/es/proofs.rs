//! What proofs rest on: the key of this installation, and the copies that the database cannot reach.

use anyhow::Context as _;
use domain::ports::Storage as _;
use infra::{
    config::Place,
    event_store::{AuditKey, HEADS, PublicKey, SignedHead},
    storage::S3Storage,
};

use crate::{
    args::Proofs,
    outside::{self, Doubles},
};

/// Key, trusted keys and storage of this installation.
pub struct Ground {
    pub key: AuditKey,
    pub trusted: Vec<PublicKey>,
    pub storage: S3Storage,
}

impl Ground {
    pub fn of(place: &Place, Proofs { web, vendors }: &Proofs) -> anyhow::Result<Self> {
        let key = outside::audit_key(place, vendors)?;
        // The doubles, if any, run in the process that serves.
        let at = Doubles { http: web.sandbox_http, s3: web.sandbox_s3 };
        let doubles = vendors.needs_sandbox(place.environment).then_some(at);
        let storage = S3Storage::new(&outside::storage(vendors, doubles)?)?;
        Ok(Self { trusted: outside::trusted_keys(&key, vendors)?, key, storage })
    }

    /// The copies of signed heads in object storage.
    pub async fn copies(&self) -> anyhow::Result<Vec<SignedHead>> {
        let mut heads = Vec::new();
        for key in self.storage.keys(HEADS).await.context("the copies of the signed heads cannot be listed")? {
            let bytes = self.storage.get(&key).await?;
            heads.push(serde_json::from_slice(&bytes).with_context(|| format!("{key} is no signed head"))?);
        }
        Ok(heads)
    }
}
