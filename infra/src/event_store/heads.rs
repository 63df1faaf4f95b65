//! Signed heads: every hour the end of the chain under our key, kept in the log's database and once more where the
//! database cannot reach, under a key of object storage that is written once.
//!
//! What is signed is this text, ended by a line feed after each line:
//! `lobster signed head 1`, `position <n>`, `seal <n>`, `hash <64 hexadecimal digits>`, `signed_at <RFC 3339, UTC, seconds>`.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, SubsecRound as _, TimeDelta, Utc};
use domain::ports::{Clock, Object, PortError, Storage};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use sqlx::{FromRow, PgPool};
use tokio_util::sync::CancellationToken;

use super::head_mail::{HeadPost, mail_head};
use super::signature::{AuditKey, PublicKey};
use super::verify::{self, Flaw, Unverified};

/// Folder of the copies.
pub const FOLDER: &str = "heads/";
const EVERY: TimeDelta = TimeDelta::hours(1);
const LOOK: Duration = Duration::from_secs(60);

/// The head of the chain at one position, under our signature. Hashes, keys and signatures are hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, Serialize, Deserialize)]
pub struct SignedHead {
    pub position: i64,
    pub seal_no: i64,
    pub hash: String,
    /// UTC, whole seconds.
    pub signed_at: DateTime<Utc>,
    pub public_key: String,
    pub signature: String,
}

/// Why no head was signed, copied or mailed. Each says the whole cause itself: the keeper logs it in one line.
#[derive(Debug, thiserror::Error)]
pub enum HeadError {
    #[error("the log is not signed, because it does not follow from the head signed last: {0}")]
    Unsigned(Flaw),
    #[error("signed heads could not be read or kept: {0}")]
    Database(sqlx::Error),
    #[error("a signed head could not be copied to object storage: {0}")]
    Storage(PortError),
    #[error("the signed head could not be mailed to the owner: {0}")]
    Mail(PortError),
    #[error("a signed head could not be written: {0}")]
    Json(serde_json::Error),
}

impl From<sqlx::Error> for HeadError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error)
    }
}

impl From<serde_json::Error> for HeadError {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}

impl From<Unverified> for HeadError {
    fn from(unverified: Unverified) -> Self {
        match unverified {
            Unverified::Flaw(flaw) => Self::Unsigned(flaw),
            Unverified::Database(error) => Self::Database(error),
        }
    }
}

impl SignedHead {
    /// Exactly what is signed.
    #[must_use]
    pub fn message(&self) -> String {
        let Self { position, seal_no, hash, .. } = self;
        let signed_at = self.signed_at.to_rfc3339_opts(SecondsFormat::Secs, true);
        format!("lobster signed head 1\nposition {position}\nseal {seal_no}\nhash {hash}\nsigned_at {signed_at}\n")
    }

    /// Whether one of the trusted keys signed it.
    ///
    /// # Errors
    /// The name of a key that is not trusted, or that the head is not what its key signed.
    pub fn check(&self, trusted: &[PublicKey]) -> Result<(), Flaw> {
        let Self { position, ref public_key, ref signature, .. } = *self;
        let key = trusted.iter().find(|key| key.to_string() == *public_key);
        let key = key.ok_or_else(|| Flaw::KeyUnknown { position, key: public_key.clone() })?;
        if key.signed(self.message().as_bytes(), signature) { Ok(()) } else { Err(Flaw::HeadForged { position }) }
    }

    /// Whether one of the trusted keys signed it.
    #[must_use]
    pub fn is_genuine(&self, trusted: &[PublicKey]) -> bool {
        self.check(trusted).is_ok()
    }

    /// Its place in object storage.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{FOLDER}{}-{}.json", self.position, self.hash)
    }
}

/// Every head that was ever signed, the oldest first.
///
/// # Errors
/// When the database cannot answer.
pub async fn signed_heads(pool: &PgPool) -> sqlx::Result<Vec<SignedHead>> {
    sqlx::query_as(
        "SELECT position, seal_no, encode(hash, 'hex') AS hash, signed_at, encode(public_key, 'hex') AS public_key,
                encode(signature, 'hex') AS signature
         FROM es.signed_head ORDER BY position",
    )
    .fetch_all(pool)
    .await
}

/// Signs the end of the chain; `None` when nothing was sealed since the last time. What was sealed since must follow from
/// the head signed last: a rewritten chain is never signed. `pool` connects as `lobster_projector`.
///
/// # Errors
/// The flaw of the chain, or the database's failure.
pub async fn sign_head(pool: &PgPool, key: &AuditKey, now: DateTime<Utc>) -> Result<Option<SignedHead>, HeadError> {
    let last = signed_heads(pool).await?.pop();
    let Some(tip) = verify::tip_after(pool, last.as_ref()).await? else { return Ok(None) };
    let mut head = SignedHead {
        position: tip.position,
        seal_no: tip.seal_no,
        hash: hex::encode(tip.hash),
        signed_at: now.trunc_subsecs(0),
        public_key: key.public().to_string(),
        signature: String::new(),
    };
    head.signature = key.sign(head.message().as_bytes());
    fail::fail_point!("before sign head");
    // Another process may have been faster; its signature is as good.
    sqlx::query(
        "INSERT INTO es.signed_head (position, seal_no, hash, signed_at, public_key, signature)
         VALUES ($1, $2, decode($3, 'hex'), $4, decode($5, 'hex'), decode($6, 'hex')) ON CONFLICT DO NOTHING",
    )
    .bind(head.position)
    .bind(head.seal_no)
    .bind(&head.hash)
    .bind(head.signed_at)
    .bind(&head.public_key)
    .bind(&head.signature)
    .execute(pool)
    .await?;
    fail::fail_point!("after sign head");
    Ok(signed_heads(pool).await?.pop())
}

/// Copies to object storage what is not there yet; answers how many heads that were.
///
/// # Errors
/// When storage or database fail; what was copied stays noted.
pub async fn copy_heads(pool: &PgPool, storage: &dyn Storage, now: DateTime<Utc>) -> Result<usize, HeadError> {
    let waiting: Vec<i64> =
        sqlx::query_scalar("SELECT position FROM es.signed_head WHERE copied_at IS NULL").fetch_all(pool).await?;
    if waiting.is_empty() {
        return Ok(0);
    }
    let heads = signed_heads(pool).await?;
    let waiting: Vec<_> = heads.iter().filter(|head| waiting.contains(&head.position)).collect();
    for head in &waiting {
        let bytes = serde_json::to_vec_pretty(head)?;
        let (key, sha256) = (head.key(), hex::encode(Sha256::digest(&bytes)));
        let object =
            Object { key: &key, bytes: &bytes, sha256: &sha256, content_type: "application/json", filename: None };
        storage.put_once(object).await.map_err(HeadError::Storage)?;
        sqlx::query("UPDATE es.signed_head SET copied_at = $2 WHERE position = $1 AND copied_at IS NULL")
            .bind(head.position)
            .bind(now)
            .execute(pool)
            .await?;
    }
    Ok(waiting.len())
}

/// Signs each hour, copies at once and mails once a day; run one in every process that has the projector's role.
pub struct HeadKeeper {
    /// As `lobster_projector`.
    pub pool: PgPool,
    pub key: AuditKey,
    pub storage: Arc<dyn Storage>,
    /// Whom the head of the day is mailed to, if anybody.
    pub post: Option<HeadPost>,
    pub clock: Arc<dyn Clock>,
}

impl HeadKeeper {
    /// Keeps heads until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        while !stop.is_cancelled() {
            if let Err(error) = self.round().await {
                metrics::counter!("lobster_signed_heads_failed_total").increment(1);
                tracing::error!(%error, "the head of the log was not signed, copied or mailed: {error}");
            }
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = stop.cancelled() => {}
            }
        }
    }

    /// One look: signs when an hour has gone by, copies what waits, mails the first head of a day.
    ///
    /// # Errors
    /// As [`sign_head`], [`copy_heads`] and [`mail_head`].
    pub async fn round(&self) -> Result<(), HeadError> {
        let now = self.clock.now();
        let last: Option<DateTime<Utc>> =
            sqlx::query_scalar("SELECT max(signed_at) FROM es.signed_head").fetch_one(&self.pool).await?;
        if last.is_none_or(|last| now - last >= EVERY)
            && let Some(head) = sign_head(&self.pool, &self.key, now).await?
        {
            metrics::gauge!("lobster_signed_head").set(head.position as f64);
            tracing::info!(position = head.position, hash = %head.hash, "the head of the log is signed");
        }
        copy_heads(&self.pool, self.storage.as_ref(), now).await?;
        if let Some(post) = &self.post {
            mail_head(&self.pool, post, now).await?;
        }
        Ok(())
    }
}
