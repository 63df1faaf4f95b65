//! Messages of vendors that wait for their order, in `app.inbox`.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ports::{Notice, Notices, PortError, Waiting};
use sqlx::{FromRow, PgPool};

/// The vendors whose messages are kept.
const SOURCES: [&str; 2] = ["stripe", "brevo"];

/// The notices port on `app.inbox`; the connections are those of a worker.
pub struct PgNotices {
    pool: PgPool,
}

impl PgNotices {
    #[must_use]
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }
}

#[derive(FromRow)]
struct Row {
    source: String,
    message_id: String,
    kind: String,
    body: Vec<u8>,
    received_at: DateTime<Utc>,
}

impl Row {
    fn waiting(self) -> Result<Waiting, PortError> {
        let Self { source, message_id, kind, body, received_at } = self;
        let known = SOURCES.into_iter().find(|known| *known == source);
        let source = known.ok_or_else(|| PortError::Refused {
            service: "inbox",
            message: format!("message {message_id} came from {source}, which this binary does not know"),
        })?;
        Ok(Waiting { notice: Notice { source, message_id, kind, body }, since: received_at })
    }
}

#[async_trait]
impl Notices for PgNotices {
    async fn waiting(&self, after: Option<&Waiting>, limit: u32) -> Result<Vec<Waiting>, PortError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT source, message_id, kind, coalesce(body, '') AS body, received_at FROM app.inbox
             WHERE outcome = 'waits'
               AND ($1::timestamptz IS NULL OR (received_at, source, message_id) > ($1, $2, $3))
             ORDER BY received_at, source, message_id LIMIT $4",
        )
        .bind(after.map(|last| last.since))
        .bind(after.map(|last| last.notice.source))
        .bind(after.map(|last| &last.notice.message_id))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await
        .map_err(|error| down(&error))?;
        rows.into_iter().map(Row::waiting).collect()
    }

    async fn settle(&self, source: &str, message_id: &str, outcome: &str) -> Result<(), PortError> {
        sqlx::query("UPDATE app.inbox SET outcome = $3 WHERE source = $1 AND message_id = $2 AND outcome = 'waits'")
            .bind(source)
            .bind(message_id)
            .bind(outcome)
            .execute(&self.pool)
            .await
            .map_err(|error| down(&error))?;
        Ok(())
    }
}

/// PostgreSQL quotes offending values in its details, never in the message used here.
fn down(error: &sqlx::Error) -> PortError {
    PortError::Transient { service: "inbox", message: error.to_string(), retry_after: None }
}
