//! The schema registry: every released version of every event, as JSON, must parse for ever and to the same value.

use domain::log::Event;
use sha2::{Digest as _, Sha256};

const FILES: &[(&str, &str)] = &[
    ("order", include_str!("events/order.jsonl")),
    ("report", include_str!("events/report.jsonl")),
    ("reconciliation", include_str!("events/reconciliation.jsonl")),
];

/// Per file: its name, how many lines were released, and the SHA-256 of those lines (`head -n 22 order.jsonl | sha256sum`).
/// A release raises the numbers; nothing else may change here.
const RELEASED: &str = include_str!("events/released");

/// One line per released event version: `{"event_type", "event_version", "payload"}`.
#[derive(serde::Deserialize)]
struct Golden {
    event_type: String,
    event_version: String,
    payload: serde_json::Value,
}

fn golden() -> impl Iterator<Item = (&'static str, Golden)> {
    FILES.iter().flat_map(|(aggregate, text)| {
        text.lines().map(|line| (*aggregate, serde_json::from_str(line).expect("a golden line is JSON")))
    })
}

#[test]
fn every_released_event_still_parses_to_itself() {
    for (aggregate, Golden { event_type, event_version, payload }) in golden() {
        let event = Event::read(aggregate, &event_type, &event_version, payload.clone())
            .unwrap_or_else(|error| panic!("{aggregate} {event_type}: {error}"));
        assert_eq!(event.name(), event_type);
        let back = match &event {
            Event::Order(event) => serde_json::to_value(event),
            Event::Report(event) => serde_json::to_value(event),
            Event::Reconciliation(event) => serde_json::to_value(event),
        };
        assert_eq!(back.unwrap(), payload, "{event_type} must be written as it was read");
    }
}

#[test]
fn released_lines_never_change_and_new_ones_come_after_them() {
    for (aggregate, text) in FILES {
        let released = RELEASED.lines().find_map(|line| line.strip_prefix(aggregate)?.strip_prefix(' '));
        let (lines, digest) = released.and_then(|rest| rest.split_once(' ')).expect("every file was released");
        let lines: usize = lines.parse().expect("a number of lines");
        let kept: String = text.split_inclusive('\n').take(lines).collect();
        assert_eq!(kept.lines().count(), lines, "{aggregate}.jsonl lost released lines");
        assert_eq!(
            hex::encode(Sha256::digest(kept)),
            digest,
            "one of the first {lines} lines of {aggregate}.jsonl changed: events of this shape are stored, so add a line \
             below them, and an upcaster that reads the old shape as the new one"
        );
    }
}

#[test]
fn every_event_of_the_code_has_a_golden_line() {
    let kept: Vec<String> = golden().map(|(_, line)| line.event_type).collect();
    let sources = [
        include_str!("../src/order/event.rs"),
        include_str!("../src/report/event.rs"),
        include_str!("../src/reconciliation/event.rs"),
    ];
    let named = sources.iter().flat_map(|source| {
        source.lines().filter_map(|line| line.trim().strip_prefix("Self::")?.split_once(" { .. } => \"").map(|x| x.0))
    });
    let missing: Vec<&str> = named.filter(|name| !kept.iter().any(|kept| kept == name)).collect();
    assert!(missing.is_empty(), "add one golden line for each of {missing:?}");
}

#[test]
fn an_event_of_an_unknown_aggregate_says_that_the_binary_is_too_old() {
    let error = Event::read("parcel", "ParcelSold", "1.0", serde_json::json!({})).unwrap_err();
    assert!(error.to_string().contains("older than the log"));
}
