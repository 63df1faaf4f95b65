//! Connections that may only do what their role may.

use std::str::FromStr as _;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Executor as _, PgPool, Postgres, Transaction};

/// The database roles of `migrations/core`; the login of the address must be a member of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Appends events, keeps contacts and notices, reads everything a screen shows.
    Api,
    /// What jobs do: as the API, in processes of their own.
    Worker,
    /// Seals the log, writes read models, enqueues jobs.
    Projector,
    /// Loads open data.
    Importer,
}

impl Role {
    fn assume(self) -> &'static str {
        match self {
            Self::Api => "SET ROLE lobster_api",
            Self::Worker => "SET ROLE lobster_worker",
            Self::Projector => "SET ROLE lobster_projector",
            Self::Importer => "SET ROLE lobster_importer",
        }
    }

    fn application(self) -> &'static str {
        match self {
            Self::Api => "lobster api",
            Self::Worker => "lobster worker",
            Self::Projector => "lobster projector",
            Self::Importer => "lobster importer",
        }
    }
}

/// At most `max` connections to the database at `url`, every one of them in `role`. The first is made at once, so that a
/// wrong address shows at the start.
///
/// # Errors
/// When the address does not parse, nobody answers, or the login may not assume the role.
pub async fn connect(url: &str, role: Role, max: u32) -> sqlx::Result<PgPool> {
    let options = PgConnectOptions::from_str(url)?.application_name(role.application());
    PgPoolOptions::new()
        .max_connections(max)
        .acquire_timeout(Duration::from_secs(5))
        .after_connect(move |connection, _| {
            Box::pin(async move {
                connection.execute(role.assume()).await?;
                Ok(())
            })
        })
        .connect_with(options)
        .await
}

/// A transaction. It begins in a task of its own, which nobody can cut off: sqlx forgets a `BEGIN` that is given up before
/// its answer, the connection goes back to the pool with an open transaction, and what others do there is never committed.
///
/// # Errors
/// When no connection is free in time, or the server does not answer.
pub async fn begin(pool: &PgPool) -> sqlx::Result<Transaction<'static, Postgres>> {
    let pool = pool.clone();
    #[expect(clippy::disallowed_methods, reason = "the one place that may: see above")]
    let begun = tokio::spawn(async move { pool.begin().await });
    begun.await.map_err(|_| sqlx::Error::WorkerCrashed)?
}
