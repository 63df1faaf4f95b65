//! `lobster es diff`: what changed, event by event.

use anyhow::Context as _;
use domain::{
    history::{Change, Mark, Point},
    ports::History as _,
};
use infra::event_store::PgHistory;
use uuid::Uuid;

use crate::args::Kind;

/// Two points of one history.
pub struct Way {
    pub what: Kind,
    pub id: Uuid,
    pub from: Point,
    pub to: Point,
}

pub async fn run(history: &PgHistory, Way { what, id, from, to }: Way, json: bool) -> anyhow::Result<()> {
    let stream = what.stream(id);
    let found = history.difference(stream, from, to).await?;
    let found = found.with_context(|| format!("{} {id} has no events: is the id complete?", stream.kind()))?;
    if json {
        println!("{}", serde_json::to_string_pretty(&found)?);
        return Ok(());
    }
    if found.changes.is_empty() {
        println!("Nothing happened between the two points: is the earlier one named first?");
    }
    found.changes.iter().for_each(tell);
    Ok(())
}

fn tell(Change { event, patch }: &Change) {
    let Mark { position, sequence, event_id, event_type, actor, recorded_at } = event;
    let position = position.map_or_else(|| "not sealed yet".to_owned(), |position| format!("position {position}"));
    let at = recorded_at.format("%Y-%m-%d %H:%M:%S%.3f");
    println!("{sequence:>4}  {event_type:<22} {at}  {actor}, {position}, id {event_id}");
    let operations = patch.as_array().map(Vec::as_slice).unwrap_or_default();
    for operation in operations {
        let (op, path) = (operation["op"].as_str().unwrap_or("?"), operation["path"].as_str().unwrap_or("?"));
        match operation.get("value") {
            Some(value) => println!("        {op:<7} {path} = {value}"),
            None => println!("        {op:<7} {path}"),
        }
    }
    if operations.is_empty() {
        println!("        no state rests on it");
    }
}
