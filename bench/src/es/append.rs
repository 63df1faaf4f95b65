//! Appends per second, against pgbench running the identical statement, and against ways that were not taken.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cqrs_es::CqrsFramework;
use cqrs_es::persist::PersistedEventStore;
use domain::order::Order;
use domain::ports::Commands as _;
use infra::pools::{self, Role};
use postgres_es::PostgresEventRepository;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::task::JoinSet;
use uuid::Uuid;

use super::Size;
use super::server::{Server, context, note, place};
use crate::figures::{Bound, Figures};

const SECTION: &str = "B1. Append, one event per command";
const OTHERS: &str = "B1. The same with 64 writers, in ways that were not taken";
/// Orders that each writer goes on with.
const OWN: usize = 20;

/// What every statement of pgbench inserts: the event and the answer of one `Place`, as our append does.
const PLACED: &str = r#"'{"OrderPlaced": {"customer": "00000000-0000-0000-0000-000000000001", "commune": "44109", "study": "LOG-01", "eligibility": "full", "price": {"ht_cents": 29000, "vat_cents": 5800, "ttc_cents": 34800, "vat_rate_bp": 2000, "currency": "EUR"}, "recipient": "particulier", "consents": []}}'::jsonb"#;

fn script(order: &str, after: &str) -> String {
    format!(
        "WITH new AS (SELECT gen_random_uuid()::text AS id{order}),
         answered AS (
           INSERT INTO es.command_log (command_id, aggregate_type, aggregate_id, first_sequence, last_sequence)
           SELECT 'p' || id, 'order', id, 1, 1 FROM new)
         INSERT INTO es.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         SELECT 'order', id, 1, 'OrderPlaced', '1.0', {PLACED},
           ('{{\"actor\": \"customer\", \"command_id\": \"p' || id || '\", \"correlation_id\": \"' || id || '\"}}')::jsonb
         FROM new{after};\n"
    )
}

pub async fn round(server: &Server, size: &Size, round: u64, figures: &mut Figures) -> anyhow::Result<()> {
    for writers in [1, 4, 16, 64] {
        let database = server.database().await?;
        let pgbench = database.pgbench(&server.folder, &script("", ""), writers, size.seconds)?;
        database.drop().await?;
        let append = ours(server, writers, size.seconds, round, false).await?;
        let execute = ours(server, writers, size.seconds, round, true).await?;
        figures.add(SECTION, format!("pgbench, {writers} writers"), "/s", pgbench);
        figures.add(SECTION, format!("a command that makes a stream, {writers} writers"), "/s", append);
        figures.add(SECTION, format!("a command on a stream (load, decide, append), {writers} writers"), "/s", execute);
        let bound = |least| (writers == 64).then_some(Bound::AtLeast(least));
        figures.ratio(SECTION, format!("append / pgbench, {writers} writers"), bound(0.6), append / pgbench);
        figures.ratio(SECTION, format!("execute / pgbench, {writers} writers"), bound(0.35), execute / pgbench);
        if writers == 64 {
            others(server, size, round, pgbench, figures).await?;
        }
    }
    Ok(())
}

async fn others(server: &Server, size: &Size, round: u64, pgbench: f64, figures: &mut Figures) -> anyhow::Result<()> {
    let ways = [
        ("pg_notify in each append", script("", " RETURNING pg_notify('bench', '')")),
        ("order by a global advisory lock", script(", pg_advisory_xact_lock(1)", "")),
    ];
    for (name, script) in ways {
        let database = server.database().await?;
        let rate = database.pgbench(&server.folder, &script, 64, size.seconds)?;
        database.drop().await?;
        figures.ratio(OTHERS, format!("{name} / pgbench"), None, rate / pgbench);
    }
    let stock = stock(server, 64, size.seconds, round).await?;
    figures.ratio(OTHERS, "stock cqrs-es + postgres-es / pgbench", None, stock / pgbench);
    Ok(())
}

/// Commands per second through the real path: on new orders, or on orders that exist.
async fn ours(server: &Server, writers: u32, seconds: u64, round: u64, existing: bool) -> anyhow::Result<f64> {
    let database = server.database().await?;
    let commands = database.commands(writers).await?;
    let mut running = JoinSet::new();
    for writer in 0..writers {
        let commands = commands.clone();
        running.spawn(async move {
            let mut chance = StdRng::seed_from_u64(round << 32 | u64::from(writer));
            let mut own = Vec::new();
            for _ in 0..OWN {
                let id = Uuid::from_u128(chance.random());
                commands.order(id, place(), context(id, format!("p{id}"))).await?;
                own.push(id);
            }
            let (mut done, begin) = (0_u32, Instant::now());
            while begin.elapsed() < Duration::from_secs(seconds) {
                if existing {
                    let id = own[done as usize % OWN];
                    let message = format!("m{done}-{id}");
                    commands.order(id, note(&message), context(id, message)).await?;
                } else {
                    let id = Uuid::from_u128(chance.random());
                    commands.order(id, place(), context(id, format!("p{id}"))).await?;
                }
                done += 1;
            }
            anyhow::Ok(f64::from(done) / begin.elapsed().as_secs_f64())
        });
    }
    let rate = total(running).await?;
    drop(commands);
    database.drop().await?;
    Ok(rate)
}

/// The same orders through the crates as they come.
async fn stock(server: &Server, writers: u32, seconds: u64, round: u64) -> anyhow::Result<f64> {
    let database = server.database().await?;
    let pool = pools::connect(&database.url, Role::Api, writers).await?;
    let repository = PostgresEventRepository::new(pool.clone()).with_tables("es.events", "es.snapshots");
    let store = PersistedEventStore::<_, Order>::new_event_store(repository);
    let framework = Arc::new(CqrsFramework::new(store, vec![], ()));
    let mut running = JoinSet::new();
    for writer in 0..writers {
        let framework = Arc::clone(&framework);
        running.spawn(async move {
            let mut chance = StdRng::seed_from_u64(round << 32 | u64::from(writer));
            let (mut done, begin) = (0_u32, Instant::now());
            while begin.elapsed() < Duration::from_secs(seconds) {
                let id = Uuid::from_u128(chance.random()).to_string();
                framework.execute(&id, place()).await?;
                done += 1;
            }
            anyhow::Ok(f64::from(done) / begin.elapsed().as_secs_f64())
        });
    }
    let rate = total(running).await?;
    pool.close().await;
    database.drop().await?;
    Ok(rate)
}

async fn total(mut running: JoinSet<anyhow::Result<f64>>) -> anyhow::Result<f64> {
    let mut rate = 0.0;
    while let Some(writer) = running.join_next().await {
        rate += writer??;
    }
    Ok(rate)
}
