//! `lobster es causation`: what led to an event, and what followed; of an order, all that led to something.

use std::collections::HashMap;

use anyhow::{Context as _, ensure};
use chrono::TimeDelta;
use domain::{
    history::{Cause, Happening},
    ports::History as _,
};
use infra::event_store::PgHistory;
use uuid::Uuid;

pub async fn run(history: &PgHistory, id: Uuid) -> anyhow::Result<()> {
    let lines = match history.order_of(id).await? {
        Some(order) => {
            let order: Uuid =
                order.parse().with_context(|| format!("event {id} is about {order:?}, which is no order"))?;
            tree(&history.story(order).await?, id)
        }
        None => whole(&history.story(id).await?),
    };
    ensure!(!lines.is_empty(), "there is neither an event nor an order {id}: ids are those of `lobster es show`");
    for line in lines {
        println!("{line}");
    }
    Ok(())
}

/// Everything that came from outside, or from nothing, with all that followed.
fn whole(story: &[Happening]) -> Vec<String> {
    let by_id: HashMap<Uuid, &Happening> = story.iter().map(|happening| (happening.told.event_id, happening)).collect();
    let mut lines = Vec::new();
    for first in story {
        let depth = match &first.cause {
            Cause::Event(cause) if by_id.contains_key(cause) => continue,
            Cause::Outside(message) => {
                lines.push(format!("{message}  (from outside)"));
                1
            }
            Cause::Event(_) | Cause::Nothing => 0,
        };
        lines.push(line(first, depth, " "));
        follow(first, depth + 1, &by_id, story.len(), &mut lines);
    }
    lines
}

/// The causes of the event, one below the other, then the event itself and all that followed.
fn tree(story: &[Happening], event: Uuid) -> Vec<String> {
    let by_id: HashMap<Uuid, &Happening> = story.iter().map(|happening| (happening.told.event_id, happening)).collect();
    let mut causes = Vec::new();
    let mut at = by_id.get(&event).copied();
    // A story is finite and causes lie before their effects; the bound keeps a forged circle from going on for ever.
    while let Some(happening) = at
        && causes.len() < story.len()
    {
        causes.push(happening);
        at = match &happening.cause {
            Cause::Event(cause) => by_id.get(cause).copied(),
            Cause::Nothing | Cause::Outside(_) => None,
        };
    }
    causes.reverse();
    let mut lines = Vec::new();
    if let Some(Happening { cause: Cause::Outside(message), .. }) = causes.first() {
        lines.push(format!("{message}  (from outside)"));
    }
    let base = lines.len();
    let last = causes.len().saturating_sub(1);
    for (depth, happening) in causes.iter().enumerate().take(last) {
        lines.push(line(happening, base + depth, " "));
    }
    if let Some(happening) = causes.last() {
        lines.push(line(happening, base + last, "▶"));
        follow(happening, base + last + 1, &by_id, story.len(), &mut lines);
    }
    lines
}

fn follow(cause: &Happening, depth: usize, by_id: &HashMap<Uuid, &Happening>, left: usize, lines: &mut Vec<String>) {
    for effect in cause.effects.iter().filter_map(|effect| by_id.get(effect)) {
        lines.push(line(effect, depth, " "));
        if left > 0 {
            follow(effect, depth + 1, by_id, left - 1, lines);
        }
    }
}

fn line(happening: &Happening, depth: usize, mark: &str) -> String {
    let Happening { told, after, .. } = happening;
    let indent = "  ".repeat(depth);
    let position = told.position.map_or_else(|| "—".to_owned(), |position| position.to_string());
    let since = after.map_or_else(String::new, |after| format!("  +{}", span(after)));
    let attempt = told.attempt().map_or_else(String::new, |attempt| format!("  attempt {attempt}"));
    let at = told.recorded_at.format("%Y-%m-%d %H:%M:%S%.3f");
    format!(
        "{mark}{indent}{} @{position}  {}  {at}{since}{attempt}  id {}",
        told.event_type, told.metadata.actor, told.event_id
    )
}

/// `340 ms`, `12.5 s`, `3 min 20 s`, `2 h 5 min`
fn span(time: TimeDelta) -> String {
    match time.num_milliseconds() {
        ms @ ..1_000 => format!("{ms} ms"),
        ms @ 1_000..60_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        ms @ 60_000..3_600_000 => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
        ms => format!("{} h {} min", ms / 3_600_000, ms % 3_600_000 / 60_000),
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use domain::{
        history::{Told, linked},
        log::Metadata,
    };

    use super::*;

    fn told(n: u128, event_type: &str, command_id: &str, cause: Option<&str>) -> Told {
        let metadata = Metadata {
            actor: "system:fulfilment".to_owned(),
            correlation_id: "o".to_owned(),
            causation_id: cause.map(str::to_owned),
            request_id: None,
            command_id: command_id.to_owned(),
        };
        let number = i64::try_from(n).unwrap();
        Told {
            position: Some(number),
            event_id: Uuid::from_u128(n),
            aggregate: "order".to_owned(),
            aggregate_id: "o".to_owned(),
            sequence: number,
            event_type: event_type.to_owned(),
            fields: serde_json::json!({}),
            metadata,
            recorded_at: DateTime::from_timestamp(1_800_000_000 + number, 0).unwrap(),
        }
    }

    #[test]
    fn causes_stand_above_an_event_and_effects_below() {
        let id = |n| Uuid::from_u128(n).to_string();
        let story = linked(vec![
            told(1, "OrderPaid", "stripe:evt_1", Some("stripe:evt_1")),
            told(2, "ReportRequested", "a", Some(&id(1))),
            told(3, "FactsCollected", "b", Some(&id(2))),
            told(4, "NoteAdded", "c", None),
        ]);
        let bare = |lines: Vec<String>| -> Vec<String> {
            lines.iter().map(|line| line.split(['@', '(']).next().unwrap().trim_end().to_owned()).collect()
        };
        let shape = |event| bare(tree(&story, Uuid::from_u128(event)));
        assert_eq!(shape(2), ["stripe:evt_1", "   OrderPaid", "▶    ReportRequested", "       FactsCollected"]);
        assert_eq!(shape(4), ["▶NoteAdded"]);
        let all = ["stripe:evt_1", "   OrderPaid", "     ReportRequested", "       FactsCollected", " NoteAdded"];
        assert_eq!(bare(whole(&story)), all);
        assert!(tree(&story, Uuid::from_u128(2))[2].contains("+1.0 s"));
        assert!(tree(&story, Uuid::from_u128(9)).is_empty());
    }

    #[test]
    fn spans_are_short() {
        let spans = [340, 12_500, 200_000, 7_500_000].map(|ms| span(TimeDelta::milliseconds(ms)));
        assert_eq!(spans, ["340 ms", "12.5 s", "3 min 20 s", "2 h 5 min"]);
    }
}
