//! The processes that follow the log, and how they share the shards of a projector.

use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use sqlx::PgPool;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::pause;

const BEAT: Duration = Duration::from_secs(5);

/// Makes this process known; answers its number. Numbers of processes that were silent for a day are forgotten.
pub(super) async fn register(pool: &PgPool) -> sqlx::Result<i64> {
    sqlx::query("DELETE FROM es.node WHERE seen_at < now() - interval '1 day'").execute(pool).await?;
    sqlx::query_scalar("INSERT INTO es.node (process) VALUES ($1) RETURNING node_id")
        .bind(std::process::id().cast_signed())
        .fetch_one(pool)
        .await
}

/// Says every five seconds that this process lives, and tells `nodes` how many do. A process is missed after fifteen.
pub(super) async fn beat(pool: PgPool, node: i64, nodes: watch::Sender<i32>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let alive = sqlx::query_scalar(
            "WITH me AS (UPDATE es.node SET seen_at = clock_timestamp() WHERE node_id = $1)
             SELECT count(*)::int FROM es.node WHERE seen_at > clock_timestamp() - interval '15 seconds'",
        )
        .bind(node)
        .fetch_one(&pool)
        .await;
        match alive {
            Ok(alive) => drop(nodes.send_replace(alive)),
            Err(error) => tracing::warn!(%error, "this process could not say that it lives"),
        }
        pause(BEAT, &stop).await;
    }
    let left = sqlx::query("DELETE FROM es.node WHERE node_id = $1").bind(node).execute(&pool).await;
    if let Err(error) = left {
        tracing::warn!(%error, "this process could not say that it leaves; the others will notice");
    }
}

/// The shards of one projector that this process holds.
pub(super) struct Share {
    shards: i32,
    held: AtomicI32,
    nodes: watch::Receiver<i32>,
}

impl Share {
    pub fn new(shards: i32, nodes: watch::Receiver<i32>) -> Self {
        Self { shards, held: AtomicI32::new(0), nodes }
    }

    /// As many as leave none over when every process does the same.
    fn fair(&self) -> i32 {
        let nodes = (*self.nodes.borrow()).max(1);
        (self.shards + nodes - 1) / nodes
    }

    /// Whether one more may be taken; it then counts as held.
    pub fn claim(&self) -> bool {
        let fair = self.fair();
        self.held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |held| (held < fair).then_some(held + 1)).is_ok()
    }

    /// Whether the asking shard is one too many; it then no longer counts, and must be given up.
    pub fn shed(&self) -> bool {
        let fair = self.fair();
        self.held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |held| (held > fair).then_some(held - 1)).is_ok()
    }

    pub fn give_back(&self) {
        self.held.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newcomer_gets_its_part_and_no_shard_is_left_over() {
        let (nodes, seen) = watch::channel(1);
        let share = Share::new(8, seen);
        assert_eq!((0..9).filter(|_| share.claim()).count(), 8);
        assert!(!share.shed());
        nodes.send_replace(3);
        assert_eq!((0..9).filter(|_| share.shed()).count(), 5, "three stay: ceil(8 / 3)");
        assert!(!share.claim());
        share.give_back();
        assert!(share.claim());
    }
}
