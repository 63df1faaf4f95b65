//! `lobster es`: what the log says.

use anyhow::Context as _;
use infra::{
    config::Place,
    event_store::{self, PgLog, StoredEvent},
    pools::{self, Role},
};
use sqlx::PgPool;

use crate::{
    args::{Es, Show},
    database::Database,
};

pub async fn run(place: &Place, es: Es) -> anyhow::Result<()> {
    let database = Database::open(place).await?;
    let pool = pools::connect(&database.url, Role::Projector, 2).await?;
    let result = answer(&pool, es).await;
    pool.close().await;
    database.close().await?;
    result
}

async fn answer(pool: &PgPool, es: Es) -> anyhow::Result<()> {
    match es {
        Es::Show(Show::Order { id, json }) => {
            let events = PgLog::new(pool.clone()).of_order(id).await?;
            anyhow::ensure!(!events.is_empty(), "order {id} has no events: is the id complete?");
            events.iter().try_for_each(|event| tell(event, json))
        }
        Es::Verify => {
            let verified = event_store::verify(pool).await.context("the log is not whole")?;
            println!("{} events in {} seals hold together", verified.events, verified.seals);
            println!("head {}", verified.head);
            if verified.unsealed > 0 {
                println!("{} events are not sealed yet", verified.unsealed);
            }
            Ok(())
        }
    }
}

/// One event, for a person or for a machine.
fn tell(event: &StoredEvent, json: bool) -> anyhow::Result<()> {
    if json {
        println!("{}", serde_json::to_string(event)?);
        return Ok(());
    }
    let position = event.position.map_or_else(|| "—".to_owned(), |position| position.to_string());
    let actor = event.metadata["actor"].as_str().unwrap_or("?");
    println!(
        "{position:>6}  {}  {:<8} {:>3}  {:<22} {actor}",
        event.recorded_at.format("%Y-%m-%d %H:%M:%S%.3f"),
        event.aggregate_type,
        event.sequence,
        event.event_type,
    );
    println!("        id {}  cause {}", event.event_id, event.metadata["causation_id"].as_str().unwrap_or("—"));
    let payload = event.payload.as_object().and_then(|variant| variant.values().next()).unwrap_or(&event.payload);
    for (field, value) in payload.as_object().into_iter().flatten() {
        println!("        {field} = {value}");
    }
    Ok(())
}
