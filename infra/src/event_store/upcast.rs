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
    use serde_json::json;

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
}
