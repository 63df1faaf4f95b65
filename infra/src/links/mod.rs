//! Our own links. A token is derived from the order by a secret key, so that a crash between two steps gives the same
//! token again; the database only ever sees its digest.

use async_trait::async_trait;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use domain::ports::{Link, LinkKind, LinkState, Links, PortError};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use uuid::Uuid;

use crate::http::{ClientError, Secret};

const SERVICE: &str = "links";
/// Shorter keys could be guessed.
const SHORTEST_SECRET: usize = 32;

/// The links port: tokens by HMAC-SHA256, states in `app.links`.
pub struct DerivedLinks {
    pool: PgPool,
    key: Hmac<Sha256>,
}

impl DerivedLinks {
    /// # Errors
    /// When the secret has fewer than 32 characters.
    pub fn new(pool: PgPool, secret: &Secret) -> Result<Self, ClientError> {
        if secret.reveal().len() < SHORTEST_SECRET {
            let reason = format!("the link secret has fewer than {SHORTEST_SECRET} characters: choose a longer one");
            return Err(ClientError { service: SERVICE, reason });
        }
        let key = Hmac::new_from_slice(secret.reveal().as_bytes())
            .map_err(|error| ClientError { service: SERVICE, reason: error.to_string() })?;
        Ok(Self { pool, key })
    }
}

#[async_trait]
impl Links for DerivedLinks {
    /// The order in the clear, for support to read, then 256 bits that only we can make.
    fn derive(&self, order: Uuid, kind: LinkKind, number: u32) -> String {
        let mut mac = self.key.clone();
        mac.update(format!("{}:{order}:{number}", name(kind)).as_bytes());
        format!("{}.{}", order.simple(), URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    }

    async fn open(
        &self,
        order: Uuid,
        kind: LinkKind,
        number: u32,
        expires_at: Option<DateTime<Utc>>,
    ) -> Result<Link, PortError> {
        let token = self.derive(order, kind, number);
        let kept: Option<DateTime<Utc>> = sqlx::query_scalar(
            // A link that is already open keeps its end: the no-op update only makes the row come back.
            "INSERT INTO app.links (token_sha256, order_id, kind, number, expires_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (token_sha256) DO UPDATE SET number = app.links.number
             RETURNING expires_at",
        )
        .bind(digest(&token))
        .bind(order)
        .bind(name(kind))
        .bind(i32::try_from(number).unwrap_or(i32::MAX))
        .bind(expires_at)
        .fetch_one(&self.pool)
        .await
        .map_err(|error| down(&error))?;
        Ok(Link { order, kind, number, token, expires_at: kept })
    }

    async fn resolve(&self, kind: LinkKind, token: &str, now: DateTime<Utc>) -> Result<LinkState, PortError> {
        type Row = (Uuid, Option<DateTime<Utc>>, Option<DateTime<Utc>>);
        let found: Option<Row> = sqlx::query_as(
            "SELECT order_id, expires_at, revoked_at FROM app.links WHERE token_sha256 = $1 AND kind = $2",
        )
        .bind(digest(token))
        .bind(name(kind))
        .fetch_optional(&self.pool)
        .await
        .map_err(|error| down(&error))?;
        Ok(match found {
            None => LinkState::Unknown,
            Some((order, _, Some(_))) => LinkState::Revoked { order },
            Some((order, Some(end), None)) if end <= now => LinkState::Expired { order },
            Some((order, _, None)) => LinkState::Open { order },
        })
    }
}

fn name(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Follow => "follow",
        LinkKind::Download => "download",
    }
}

fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token))
}

fn down(error: &sqlx::Error) -> PortError {
    PortError::Transient { service: SERVICE, message: error.to_string(), retry_after: None }
}
