//! `lobster es state`: what an order or a report was.

use anyhow::Context as _;
use domain::{history::Point, ports::History as _};
use infra::event_store::PgHistory;
use uuid::Uuid;

use crate::args::Kind;

pub async fn run(history: &PgHistory, what: Kind, id: Uuid, at: Point) -> anyhow::Result<()> {
    let stream = what.stream(id);
    let past = history.past(stream, at).await?;
    let past = past.with_context(|| format!("{} {id} has no events: is the id complete?", stream.kind()))?;
    println!("{}", serde_json::to_string_pretty(&past)?);
    Ok(())
}
