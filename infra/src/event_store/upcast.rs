//! Old events in new shape. Stored events never change: a renamed or split event is read through this chain instead.

use cqrs_es::persist::SerializedEvent;

/// Reads one stored event as it would be written today: itself, another, or several. Its sequence stays.
type Upcaster = fn(SerializedEvent) -> Vec<SerializedEvent>;

/// Applied in this order, each to the results of the ones before. Every event is still in its first version.
const CHAIN: &[Upcaster] = &[];

/// Brings stored events to the versions that the domain knows.
pub(super) fn upcast(events: Vec<SerializedEvent>) -> Vec<SerializedEvent> {
    through(CHAIN, events)
}

fn through(chain: &[Upcaster], events: Vec<SerializedEvent>) -> Vec<SerializedEvent> {
    chain.iter().fold(events, |events, step| events.into_iter().flat_map(step).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::log::Event;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    const RELEASED: [(&str, &str); 3] = [
        ("order", include_str!("../../../domain/tests/events/order.jsonl")),
        ("report", include_str!("../../../domain/tests/events/report.jsonl")),
        ("reconciliation", include_str!("../../../domain/tests/events/reconciliation.jsonl")),
    ];

    fn event(event_type: &str) -> SerializedEvent {
        SerializedEvent::new("1".into(), 1, "order".into(), event_type.into(), "1.0".into(), json!({}), json!({}))
    }

    #[test]
    fn an_event_may_be_renamed_and_then_split() {
        let rename: Upcaster = |mut event| {
            if event.event_type == "OrderBooked" {
                event.event_type = "OrderPlaced".into();
            }
            vec![event]
        };
        let split: Upcaster = |event| match event.event_type.as_str() {
            "OrderPlaced" => vec![event.clone(), SerializedEvent { event_type: "CheckoutOpened".into(), ..event }],
            _ => vec![event],
        };
        let types: Vec<_> = through(&[rename, split], vec![event("OrderBooked"), event("OrderPaid")])
            .into_iter()
            .map(|event| event.event_type)
            .collect();
        assert_eq!(types, ["OrderPlaced", "CheckoutOpened", "OrderPaid"]);
    }

    #[test]
    fn every_released_event_is_read_through_the_chain() {
        let mut read = 0;
        for (aggregate, lines) in RELEASED {
            for line in lines.lines() {
                let line: Value = serde_json::from_str(line).unwrap();
                let text = |field: &str| line[field].as_str().unwrap().to_owned();
                let stored = SerializedEvent { payload: line["payload"].clone(), ..event(&text("event_type")) };
                let stored = SerializedEvent { event_version: text("event_version"), ..stored };
                let current = upcast(vec![SerializedEvent { aggregate_type: aggregate.to_owned(), ..stored }]);
                assert!(!current.is_empty(), "{line} is read as nothing: a fact was dropped");
                for event in current {
                    let SerializedEvent { aggregate_type, event_type, event_version, payload, .. } = event;
                    let known = Event::read(&aggregate_type, &event_type, &event_version, payload).unwrap();
                    assert_eq!(known.name(), event_type);
                    read += 1;
                }
            }
        }
        assert!(read >= 32, "{read} golden lines were read");
    }

    /// What a chain may be made of: leave alone, rename, split in two.
    fn any_step() -> impl Strategy<Value = Upcaster> {
        let rename: Upcaster = |event| vec![SerializedEvent { event_type: event.event_type.clone() + "'", ..event }];
        let split: Upcaster = |event| {
            let half = |side: &str| SerializedEvent { event_type: event.event_type.clone() + side, ..event.clone() };
            vec![half("<"), half(">")]
        };
        prop::sample::select(vec![(|event| vec![event]) as Upcaster, rename, split])
    }

    proptest! {
        #[test]
        fn a_chain_keeps_sequences_in_order_and_reads_events_one_by_one_or_together_alike(
            chain in prop::collection::vec(any_step(), 0..5), stream in 1_usize..30, cut in any::<prop::sample::Index>(),
        ) {
            let events: Vec<_> = (1..=stream).map(|n| SerializedEvent { sequence: n, ..event("E") }).collect();
            let together = through(&chain, events.clone());
            prop_assert!(together.is_sorted_by_key(|event| event.sequence));
            let mut seen: Vec<_> = together.iter().map(|event| event.sequence).collect();
            seen.dedup();
            prop_assert_eq!(seen, (1..=stream).collect::<Vec<_>>());
            // A snapshot cuts a stream anywhere.
            let (before, after) = events.split_at(cut.index(stream));
            let mut apart = through(&chain, before.to_vec());
            apart.extend(through(&chain, after.to_vec()));
            prop_assert_eq!(apart, together);
        }
    }
}
