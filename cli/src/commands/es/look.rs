//! The questions about the past, each to its file.

use infra::event_store::PgHistory;
use sqlx::PgPool;

use super::{
    causation,
    diff::{self, Way},
    replay, state, tail,
};
use crate::args::Look;

pub async fn run(pool: &PgPool, url: &str, look: Look) -> anyhow::Result<()> {
    let history = PgHistory::new(pool.clone());
    match look {
        Look::State { what, id, at } => state::run(&history, what, id, at).await,
        Look::Diff { what, id, from, to, json } => diff::run(&history, Way { what, id, from, to }, json).await,
        Look::Causation { id } => causation::run(&history, id).await,
        Look::Replay { to, schema, drop } => replay::run(pool, url, to, &schema, drop).await,
        Look::Tail { from, json } => tail::run(pool, from, json).await,
    }
}
