//! The schema registry: every released version of every event, as JSON, must parse for ever and to the same value.

use domain::log::Event;

const FILES: &[(&str, &str)] = &[
    ("order", include_str!("events/order.jsonl")),
    ("report", include_str!("events/report.jsonl")),
    ("reconciliation", include_str!("events/reconciliation.jsonl")),
];

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
