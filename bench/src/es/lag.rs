//! From the append to a reader's hands, while nothing else happens and while a bulk transaction is open: the sealed
//! order against a reader that waits for all older transactions.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use domain::ports::{Clock as _, Commands as _, Log as _};
use infra::clock::SystemClock;
use infra::event_store::{PgCommands, PgLog, Sealer, follow_head};
use infra::pools::{self, Role};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use sqlx::PgPool;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::Size;
use super::server::{Database, Server, context, place};
use crate::figures::{Bound, Figures, quantile};

const SECTION: &str = "B5. From the append to a reader, 50 and 200 orders a second";
const NOTES: &str = "While a transaction is open, nothing that was deleted or changed since it began can be cleared away: \
    whoever looks for new events walks past all the old ones, and the longer it lasts the further. Every round opens it \
    anew, for as long as it measures. The other reader waits for its end.";
/// How often the reader below the oldest transaction looks; it has nothing to wait for.
const POLL: Duration = Duration::from_millis(5);

/// Milliseconds of each event, by reader.
struct Lags {
    sealed: Vec<f64>,
    by_xmin: Vec<f64>,
}

pub async fn round(server: &Server, size: &Size, figures: &mut Figures) -> anyhow::Result<()> {
    figures.note(SECTION, NOTES);
    for per_second in [50, 200] {
        let mut calm = lags(server, per_second, size.bulk_seconds, false).await?;
        let mut busy = lags(server, per_second, size.bulk_seconds, true).await?;
        let mut line = |reader: &str, share: f64, calm: &mut Vec<f64>, busy: &mut Vec<f64>| {
            let (without, with) = (quantile(calm, share)?, quantile(busy, share)?);
            let name = format!("{reader}, {per_second}/s, p{:.0}", share * 100.0);
            figures.add(SECTION, name.clone(), "ms", without);
            figures.add(SECTION, format!("{name}, a bulk transaction open throughout"), "ms", with);
            anyhow::Ok((name, with / without))
        };
        line("sealed order", 0.5, &mut calm.sealed, &mut busy.sealed)?;
        let (sealed, ours) = line("sealed order", 0.99, &mut calm.sealed, &mut busy.sealed)?;
        let (xmin, theirs) = line("below the oldest transaction", 0.99, &mut calm.by_xmin, &mut busy.by_xmin)?;
        figures.ratio(SECTION, format!("{sealed}, with / without"), Some(Bound::AtMost(1.5)), ours);
        figures.ratio(SECTION, format!("{xmin}, with / without"), None, theirs);
    }
    Ok(())
}

async fn lags(server: &Server, per_second: u64, seconds: u64, bulk: bool) -> anyhow::Result<Lags> {
    let database = server.database().await?;
    let projector = pools::connect(&database.url, Role::Projector, 6).await?;
    let (stop, appended) = (CancellationToken::new(), Arc::new(Notify::new()));
    let sealer = tokio::spawn(Sealer::run(projector.clone(), Arc::clone(&appended), stop.clone()));
    let sealed = tokio::spawn(follow_sealed(projector.clone(), stop.clone()));
    let by_xmin = tokio::spawn(follow_xmin(projector.clone(), stop.clone()));
    let bulk = match bulk {
        true => Some(tokio::spawn(load_in_bulk(database.owner(1).await?, Duration::from_secs(seconds)))),
        false => None,
    };
    append(&database, appended, per_second, seconds).await?;
    if let Some(bulk) = bulk {
        bulk.await??;
    }
    // Readers that were held up get to see the rest.
    tokio::time::sleep(Duration::from_secs(1)).await;
    stop.cancel();
    let lags = Lags { sealed: sealed.await??, by_xmin: by_xmin.await?? };
    sealer.await?;
    projector.close().await;
    database.drop().await?;
    Ok(lags)
}

/// Orders at a steady rate, by writers enough not to wait for each other.
async fn append(database: &Database, appended: Arc<Notify>, per_second: u64, seconds: u64) -> anyhow::Result<()> {
    let commands = PgCommands::new(pools::connect(&database.url, Role::Api, 8).await?, appended);
    let mut chance = StdRng::seed_from_u64(per_second);
    let mut tick = tokio::time::interval(Duration::from_micros(1_000_000 / per_second));
    let mut running = tokio::task::JoinSet::new();
    for _ in 0..per_second * seconds {
        tick.tick().await;
        let (commands, id) = (commands.clone(), Uuid::from_u128(chance.random()));
        running.spawn(async move { commands.order(id, place(), context(id, format!("p{id}"))).await });
    }
    while let Some(done) = running.join_next().await {
        done??;
    }
    Ok(())
}

fn since(recorded_at: DateTime<Utc>) -> f64 {
    (SystemClock.now() - recorded_at).as_seconds_f64() * 1_000.0
}

async fn follow_sealed(pool: PgPool, stop: CancellationToken) -> anyhow::Result<Vec<f64>> {
    let mut head = follow_head(pool.clone(), stop.clone());
    let log = PgLog::new(pool);
    let (mut position, mut lags) = (0, Vec::new());
    while !stop.is_cancelled() {
        let batch = log.read_after(position, 500).await?;
        lags.extend(batch.iter().map(|event| since(event.recorded_at)));
        match batch.last() {
            Some(last) => position = last.position,
            None => {
                tokio::select! {
                    _ = head.wait_for(|head| *head > position) => {}
                    () = stop.cancelled() => {}
                }
            }
        }
    }
    Ok(lags)
}

/// Reads only what is older than every open transaction. It looks for events when the oldest one has changed: looking in
/// vain every time would slow the other reader, on the same two cores.
async fn follow_xmin(pool: PgPool, stop: CancellationToken) -> anyhow::Result<Vec<f64>> {
    let (mut last, mut oldest, mut lags) = (0_i64, String::new(), Vec::new());
    while !stop.is_cancelled() {
        let now: String =
            sqlx::query_scalar("SELECT pg_snapshot_xmin(pg_current_snapshot())::text").fetch_one(&pool).await?;
        if now == oldest {
            tokio::time::sleep(POLL).await;
            continue;
        }
        oldest = now;
        loop {
            let rows: Vec<(i64, DateTime<Utc>)> = sqlx::query_as(
                "SELECT insert_pos, recorded_at FROM es.events
                 WHERE insert_pos > $1 AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())
                 ORDER BY insert_pos LIMIT 500",
            )
            .bind(last)
            .fetch_all(&pool)
            .await?;
            lags.extend(rows.iter().map(|row| since(row.1)));
            match rows.last() {
                Some(row) => last = row.0,
                None => break,
            }
        }
    }
    Ok(lags)
}

/// An import in one transaction: a thousand rows at a time, for as long as it is told to.
async fn load_in_bulk(owner: PgPool, duration: Duration) -> anyhow::Result<()> {
    let begin = std::time::Instant::now();
    let mut tx = pools::begin(&owner).await?;
    sqlx::query("CREATE TABLE public.bulk (n int, words text)").execute(&mut *tx).await?;
    while begin.elapsed() < duration {
        sqlx::query("INSERT INTO public.bulk SELECT n, repeat('x', 100) FROM generate_series(1, 1000) AS n")
            .execute(&mut *tx)
            .await?;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tx.commit().await?;
    owner.close().await;
    Ok(())
}
