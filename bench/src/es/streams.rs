//! Loading short and long streams, with and without a snapshot; and many writers of one stream.

use std::time::Instant;

use chrono::DateTime;
use domain::command::CommandError;
use domain::log::{Event, Metadata, Recorded};
use domain::order::{Order, OrderEvent};
use domain::ports::Commands as _;
use infra::event_store::{PgCommands, keep_snapshots};
use infra::pools::{self, Role};
use postgres_es::PostgresEventRepository;
use sqlx::PgPool;
use tokio::task::JoinSet;
use uuid::Uuid;

use super::server::{Server, context, note, place};
use crate::figures::{Bound, Figures, quantile};

const LOAD: &str = "B6. Loading the state of one order";
const HOT: &str = "B7. Eight writers of one stream, 50 commands each";
const NOTES: &str = "Without a snapshot, loading is reading, parsing and applying each event: it \
    grows with the stream, and no index shortens it. With one, what remains is the snapshot itself and the events after it \
    (50 here, 100 at most between two snapshots), whatever the length of the stream: the state holds what decisions read \
    and does not grow with it.";
const WRITERS: u32 = 8;
const EACH: u32 = 50;

pub async fn round(server: &Server, figures: &mut Figures) -> anyhow::Result<()> {
    load(server, figures).await?;
    hot(server, figures).await
}

async fn load(server: &Server, figures: &mut Figures) -> anyhow::Result<()> {
    let database = server.database().await?;
    let owner = database.owner(2).await?;
    let projector = pools::connect(&database.url, Role::Projector, 1).await?;
    let commands = database.commands(1).await?;
    // The newest snapshot lies behind by half of what it may on average.
    let streams = [(10, None), (1_050, Some(1_000)), (100_050, Some(100_000))];
    for (length, _) in streams {
        fill(&owner, stream(length), length).await?;
    }
    sqlx::raw_sql("VACUUM ANALYZE es.events").execute(&owner).await?;
    let short = median_load(&commands, stream(10), 200).await?;
    figures.add(LOAD, "10 events", "ms", short);
    for (length, snapshot) in streams {
        let Some(sequence) = snapshot else { continue };
        let without = median_load(&commands, stream(length), 1 + (20_000 / length).unsigned_abs()).await?;
        let mut connection = projector.acquire().await?;
        keep_snapshots(&mut connection, &[at(stream(length), sequence)]).await?;
        drop(connection);
        let with = median_load(&commands, stream(length), 200).await?;
        figures.add(LOAD, format!("{length} events"), "ms", without);
        figures.add(LOAD, format!("{length} events, snapshot 50 events behind"), "ms", with);
        let bound = (length < 10_000).then_some(Bound::AtMost(3.0));
        figures.ratio(LOAD, format!("{length} with a snapshot / 10 events"), bound, with / short);
    }
    figures.note(LOAD, NOTES);
    owner.close().await;
    projector.close().await;
    database.drop().await
}

fn stream(length: i64) -> Uuid {
    Uuid::from_u128(length.unsigned_abs().into())
}

/// An order whose customer opens the payment page again and again.
async fn fill(owner: &PgPool, id: Uuid, length: i64) -> sqlx::Result<()> {
    sqlx::query(
        "INSERT INTO es.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         SELECT 'order', $1, n, 'CheckoutOpened', '1.0',
           jsonb_build_object('CheckoutOpened', jsonb_build_object('session', 'cs_' || n, 'attempt', n,
             'url', 'https://pay.test/' || n, 'expires_at', '2026-11-22T12:00:00Z')),
           jsonb_build_object('actor', 'customer', 'command_id', 'c' || n, 'correlation_id', $1)
         FROM generate_series(1, $2) AS n",
    )
    .bind(id.to_string())
    .bind(length)
    .execute(owner)
    .await?;
    Ok(())
}

/// The event at which the projector keeps a state; its content does not matter.
fn at(aggregate_id: Uuid, sequence: i64) -> Recorded {
    Recorded {
        position: sequence,
        event_id: aggregate_id,
        aggregate_id,
        sequence,
        event: Event::Order(OrderEvent::CheckoutExpired { session: String::new() }),
        metadata: Metadata {
            actor: String::new(),
            correlation_id: String::new(),
            causation_id: None,
            request_id: None,
            command_id: String::new(),
        },
        recorded_at: DateTime::UNIX_EPOCH,
    }
}

async fn median_load(commands: &PgCommands, id: Uuid, times: u64) -> anyhow::Result<f64> {
    commands.load_order(id).await?;
    let mut taken = Vec::new();
    for _ in 0..times {
        let begin = Instant::now();
        commands.load_order(id).await?;
        taken.push(begin.elapsed().as_secs_f64() * 1_000.0);
    }
    quantile(&mut taken, 0.5)
}

async fn hot(server: &Server, figures: &mut Figures) -> anyhow::Result<()> {
    let database = server.database().await?;
    let commands = database.commands(WRITERS).await?;
    let id = Uuid::from_u128(1);
    commands.order(id, place(), context(id, "place".to_owned())).await?;
    let begin = Instant::now();
    let mut running = JoinSet::new();
    for writer in 0..WRITERS {
        let commands = commands.clone();
        running.spawn(async move {
            let mut asked_again = 0_u32;
            for n in 0..EACH {
                let message = format!("{writer}:{n}");
                loop {
                    match commands.order(id, note(&message), context(id, message.clone())).await {
                        Err(CommandError::Conflict { .. }) => asked_again += 1,
                        answered => break answered.map(|_| ())?,
                    }
                }
            }
            anyhow::Ok(asked_again)
        });
    }
    let mut asked_again = 0;
    while let Some(writer) = running.join_next().await {
        asked_again += writer??;
    }
    let taken = begin.elapsed().as_secs_f64();
    let owner = database.owner(1).await?;
    let once: i64 = sqlx::query_scalar(
        "SELECT count(DISTINCT payload #>> '{NoteAdded,note}') FROM es.events
         HAVING count(*) = 1 + count(DISTINCT payload #>> '{NoteAdded,note}')",
    )
    .fetch_one(&owner)
    .await?;
    figures.add(HOT, "ours: acknowledged exactly once, of 400", "", once as f64);
    figures.add(HOT, "ours: refused after five tries and asked again", "", f64::from(asked_again));
    figures.add(HOT, "ours: commands", "/s", f64::from(WRITERS * EACH) / taken);
    owner.close().await;
    drop(commands);
    database.drop().await?;
    figures.add(HOT, "stock cqrs-es + postgres-es: acknowledged, of 400", "", stock_hot(server).await?);
    Ok(())
}

/// The crates as they come: a conflict is an answer, and nobody tries again.
async fn stock_hot(server: &Server) -> anyhow::Result<f64> {
    use cqrs_es::persist::PersistedEventStore;
    let database = server.database().await?;
    let pool = pools::connect(&database.url, Role::Api, WRITERS).await?;
    let repository = PostgresEventRepository::new(pool.clone()).with_tables("es.events", "es.snapshots");
    let store = PersistedEventStore::<_, Order>::new_event_store(repository);
    let framework = std::sync::Arc::new(cqrs_es::CqrsFramework::new(store, vec![], ()));
    framework.execute("hot", place()).await?;
    let mut running = JoinSet::new();
    for writer in 0..WRITERS {
        let framework = std::sync::Arc::clone(&framework);
        running.spawn(async move {
            let mut done = 0_u32;
            for n in 0..EACH {
                match framework.execute("hot", note(&format!("{writer}:{n}"))).await {
                    Ok(()) => done += 1,
                    Err(cqrs_es::AggregateError::AggregateConflict) => {}
                    Err(other) => return Err(anyhow::Error::from(other)),
                }
            }
            Ok(done)
        });
    }
    let mut done = 0;
    while let Some(writer) = running.join_next().await {
        done += writer??;
    }
    pool.close().await;
    database.drop().await?;
    Ok(f64::from(done))
}
