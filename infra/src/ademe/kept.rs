//! Answers that ADEME gave before: they spare it a question for a week, and stand in for it for ninety days.

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use sqlx::PgPool;

/// So long an answer is as good as a new one: certificates come in by the dozen, not by the hour.
pub(super) const FRESH: TimeDelta = TimeDelta::days(7);
/// So long an answer is better than none, when ADEME gives none.
pub(super) const USABLE: TimeDelta = TimeDelta::days(90);

/// What makes two questions the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub dataset: &'static str,
    /// The codes, joined by commas.
    pub territory: String,
    pub query_sha256: String,
    /// Answers of the double never stand in for ADEME's.
    pub synthetic: bool,
}

/// An answer with its hour.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(super) struct Kept {
    pub body: Vec<u8>,
    pub extracted_at: DateTime<Utc>,
}

/// The latest answer extracted at or after `since`.
pub(super) async fn latest(pool: &PgPool, asked: &Asked, since: DateTime<Utc>) -> sqlx::Result<Option<Kept>> {
    sqlx::query_as(
        "SELECT body, extracted_at FROM app.ademe_answers \
         WHERE dataset = $1 AND territory = $2 AND query_sha256 = $3 AND synthetic = $4 AND extracted_at >= $5 \
         ORDER BY extracted_at DESC LIMIT 1",
    )
    .bind(asked.dataset)
    .bind(&asked.territory)
    .bind(&asked.query_sha256)
    .bind(asked.synthetic)
    .bind(since)
    .fetch_optional(pool)
    .await
}

pub(super) async fn keep(pool: &PgPool, asked: &Asked, kept: &Kept) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO app.ademe_answers (dataset, territory, query_sha256, synthetic, body, body_sha256, extracted_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(asked.dataset)
    .bind(&asked.territory)
    .bind(&asked.query_sha256)
    .bind(asked.synthetic)
    .bind(&kept.body)
    .bind(hex::encode(Sha256::digest(&kept.body)))
    .bind(kept.extracted_at)
    .execute(pool)
    .await?;
    Ok(())
}
