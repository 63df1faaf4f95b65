//! `lobster es show`: the whole story of an order, as stored.

use infra::event_store::{PgLog, StoredEvent};
use sqlx::PgPool;

use crate::args::Show;

pub async fn run(pool: &PgPool, Show::Order { id, json }: Show) -> anyhow::Result<()> {
    let events = PgLog::new(pool.clone()).of_order(id).await?;
    anyhow::ensure!(!events.is_empty(), "order {id} has no events: is the id complete?");
    events.iter().try_for_each(|event| tell(event, json))
}

/// One event, for a person or for a machine.
pub(super) fn tell(event: &StoredEvent, json: bool) -> anyhow::Result<()> {
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
