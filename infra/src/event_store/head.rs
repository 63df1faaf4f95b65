//! How far the log reaches, and a wake-up for those who follow it.

use std::time::Duration;

use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Seals are announced on this channel, with the last position as payload.
const CHANNEL: &str = "es";
/// A lost announcement is made up for after this long.
const LOOK: Duration = Duration::from_secs(1);

/// The last sealed position, kept up to date until `stop` by one task, with one connection of `pool` of its own. One
/// per process is enough: receivers are cheap to clone.
#[must_use]
pub fn follow_head(pool: PgPool, stop: CancellationToken) -> watch::Receiver<i64> {
    let (head, receiver) = watch::channel(0);
    tokio::spawn(async move {
        while !stop.is_cancelled() {
            if let Err(error) = listen(&pool, &head, &stop).await {
                tracing::warn!(%error, "listening to the log paused");
                wait(&stop).await;
            }
        }
    });
    receiver
}

async fn listen(pool: &PgPool, head: &watch::Sender<i64>, stop: &CancellationToken) -> sqlx::Result<()> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    while !stop.is_cancelled() {
        raise(head, last(pool).await?);
        tokio::select! {
            announced = listener.recv() => {
                let announced = announced?;
                raise(head, announced.payload().parse().unwrap_or(0));
            }
            () = wait(stop) => {}
        }
    }
    Ok(())
}

/// Waits until everything appended before the call is sealed; answers the last position.
///
/// # Errors
/// When the database cannot answer.
pub async fn sealed_head(pool: &PgPool) -> sqlx::Result<i64> {
    let appended: Option<i64> = sqlx::query_scalar("SELECT max(insert_pos) FROM es.events").fetch_one(pool).await?;
    let Some(appended) = appended else { return Ok(0) };
    loop {
        let waiting: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM es.unsealed WHERE insert_pos <= $1)")
            .bind(appended)
            .fetch_one(pool)
            .await?;
        if !waiting {
            return last(pool).await;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn last(pool: &PgPool) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT coalesce(max(last_pos), 0) FROM es.seal").fetch_one(pool).await
}

fn raise(head: &watch::Sender<i64>, position: i64) {
    head.send_if_modified(|known| {
        let news = position > *known;
        *known = position.max(*known);
        news
    });
}

async fn wait(stop: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(LOOK) => {}
        () = stop.cancelled() => {}
    }
}
