//! `lobster es tail`: the log as it grows.

use infra::event_store::{PgHistory, follow_head, sealed_head};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use super::show;
use crate::{out::reader_left, serve::wait_for_signal};

/// Events read together.
const PAGE: i64 = 500;

pub async fn run(pool: &PgPool, from: Option<i64>, json: bool) -> anyhow::Result<()> {
    let stop = wait_for_signal()?;
    tokio::pin!(stop);
    let history = PgHistory::new(pool.clone());
    let mut seen = match from {
        Some(position) => position,
        None => sealed_head(pool).await?,
    };
    let stopping = CancellationToken::new();
    let _stop_following = stopping.clone().drop_guard();
    let mut head = follow_head(pool.clone(), stopping);
    loop {
        let page = history.stored_after(seen, PAGE).await?;
        for event in &page {
            show::tell(event, json)?;
            seen = event.position.unwrap_or(seen);
        }
        if reader_left() {
            return Ok(());
        }
        if page.is_empty() {
            tokio::select! {
                changed = head.changed() => changed?,
                () = &mut stop => return Ok(()),
            }
        }
    }
}
