//! `/readyz`: what the shop cannot work without, looked at now.

use std::time::Duration;

use api::{Check, Readiness};
use async_trait::async_trait;
use sqlx::PgPool;

/// Answers from the database; the service itself is only started when everything else stood.
pub struct Ready {
    pub pool: PgPool,
}

#[async_trait]
impl Readiness for Ready {
    async fn checks(&self) -> Vec<Check> {
        let database = within(sqlx::query_scalar::<_, i32>("SELECT 1").fetch_one(&self.pool)).await;
        // Events older than a minute without a position mean that nobody seals: screens stand still.
        let sealing = within(
            sqlx::query_scalar::<_, i32>(
                "SELECT CASE WHEN EXISTS (SELECT FROM es.unsealed u JOIN es.events e USING (insert_pos) \
                 WHERE e.recorded_at < now() - interval '1 minute') THEN 1 / 0 ELSE 1 END",
            )
            .fetch_one(&self.pool),
        )
        .await;
        let data =
            within(sqlx::query_scalar::<_, i32>("SELECT 1 FROM data.communes LIMIT 1").fetch_one(&self.pool)).await;
        vec![check("database", database), check("sealer", sealing), check("open_data", data)]
    }
}

async fn within(query: impl Future<Output = sqlx::Result<i32>>) -> Result<(), String> {
    match tokio::time::timeout(Duration::from_secs(2), query).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("no answer within two seconds".to_owned()),
    }
}

fn check(name: &'static str, result: Result<(), String>) -> Check {
    Check { name, ready: result.is_ok(), detail: result.err() }
}
