//! `/readyz`: what the shop cannot work without, looked at now.

use std::time::Duration;

use api::{Check, Readiness};
use async_trait::async_trait;
use sqlx::PgPool;
use tokio::sync::watch;

/// Answers from the database; the service itself is only started when everything else stood.
pub struct Ready {
    pub pool: PgPool,
    /// Whether jobs are worked off; none when that is left to other processes.
    pub working: Option<watch::Receiver<bool>>,
}

/// What is asked, and what a `false` means.
const QUESTIONS: [(&str, &str, &str); 3] = [
    ("database", "SELECT true", ""),
    (
        "sealer",
        // Committed for a minute and still without a position: nobody seals, and every screen stands still.
        "SELECT NOT EXISTS (SELECT FROM es.unsealed u JOIN es.events e USING (insert_pos) \
         WHERE e.recorded_at < now() - interval '1 minute')",
        "events wait for their position for more than a minute",
    ),
    ("open_data", "SELECT EXISTS (SELECT FROM data.communes)", "no commune is loaded: run `lobster datasets prepare`"),
];

#[async_trait]
impl Readiness for Ready {
    async fn checks(&self) -> Vec<Check> {
        let mut checks = Vec::new();
        for (name, question, otherwise) in QUESTIONS {
            let asked = sqlx::query_scalar::<_, bool>(question).fetch_one(&self.pool);
            let detail = match tokio::time::timeout(Duration::from_secs(2), asked).await {
                Ok(Ok(true)) => None,
                Ok(Ok(false)) => Some(otherwise.to_owned()),
                Ok(Err(error)) => Some(error.to_string()),
                Err(_) => Some("no answer within two seconds".to_owned()),
            };
            checks.push(Check { name, ready: detail.is_none(), detail });
        }
        if let Some(working) = &self.working {
            let ready = *working.borrow();
            let detail = (!ready).then(|| "no job is taken: the queue waits for its database".to_owned());
            checks.push(Check { name: "jobs", ready, detail });
        }
        checks
    }
}
