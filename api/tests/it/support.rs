//! The routes of support: an order's story with its causes, and what it was.

use async_trait::async_trait;
use axum::http::StatusCode;
use domain::{
    history::{Change, Difference, Happening, Mark, Past, Point, Stream, Told, linked},
    log::{Event, Recorded},
    order::OrderCommand,
    ports::{History, LogError},
};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    ledger::Ledger,
    world::{Answer, World, settings, world, world_with},
};

const TOKEN: &str = "fedcba9876543210fedcba9876543210";

fn stream_of(recorded: &Recorded) -> (&'static str, Value) {
    match &recorded.event {
        Event::Order(event) => ("order", json!(event)),
        Event::Report(event) => ("report", json!(event)),
        Event::Reconciliation(event) => ("reconciliation", json!(event)),
    }
}

fn mark(recorded: &Recorded) -> Mark {
    Mark {
        position: Some(recorded.position),
        sequence: recorded.sequence,
        event_id: recorded.event_id,
        event_type: recorded.event.name().to_owned(),
        actor: recorded.metadata.actor.clone(),
        recorded_at: recorded.recorded_at,
    }
}

/// What the log in memory says of the past; a patch replaces the whole state.
#[async_trait]
impl History for Ledger {
    async fn story(&self, order: Uuid) -> Result<Vec<Happening>, LogError> {
        let log = self.log().await;
        let own = log.into_iter().filter(|recorded| recorded.metadata.correlation_id == order.to_string());
        let told = own.map(|recorded| {
            let (aggregate, payload) = stream_of(&recorded);
            Told {
                position: Some(recorded.position),
                event_id: recorded.event_id,
                aggregate: aggregate.to_owned(),
                aggregate_id: recorded.aggregate_id.to_string(),
                sequence: recorded.sequence,
                event_type: recorded.event.name().to_owned(),
                fields: payload.as_object().and_then(|variant| variant.values().next()).cloned().unwrap_or_default(),
                metadata: recorded.metadata,
                recorded_at: recorded.recorded_at,
            }
        });
        Ok(linked(told.collect()))
    }

    async fn past(&self, stream: Stream, at: Point) -> Result<Option<Past>, LogError> {
        let mut log = self.log().await;
        log.retain(|recorded| recorded.aggregate_id == stream.id());
        if log.is_empty() {
            return Ok(None);
        }
        let (mut state, mut last) = (stream.beginning(), None);
        for recorded in log {
            if at.covers(recorded.sequence, Some(recorded.position), recorded.recorded_at) {
                last = Some(mark(&recorded));
                state.apply(recorded.event);
            }
        }
        Ok(Some(Past { last, state: json!(state) }))
    }

    async fn difference(&self, stream: Stream, from: Point, to: Point) -> Result<Option<Difference>, LogError> {
        let (Some(from), Some(to)) = (self.past(stream, from).await?, self.past(stream, to).await?) else {
            return Ok(None);
        };
        let patch = json!([{"op": "replace", "path": "", "value": to.state}]);
        let changes = to.last.clone().map(|event| Change { event, patch: patch.clone() }).into_iter().collect();
        Ok(Some(Difference { from, to, patch, changes }))
    }
}

/// A service that lets operators in.
pub async fn opened() -> World {
    world_with(api::Settings { operator_token: api::OperatorToken::new(TOKEN), ..settings() }).await
}

/// Asked by an operator.
pub async fn ask(world: &World, path: &str) -> Answer {
    world.get_with(path, &[("authorization", &format!("Bearer {TOKEN}"))]).await
}

fn routes(order: Uuid) -> [String; 3] {
    [
        format!("/api/support/orders/{order}/timeline"),
        format!("/api/audit/orders/{order}/state"),
        format!("/api/audit/orders/{order}/diff?from=1"),
    ]
}

#[tokio::test]
async fn the_routes_are_there_for_whoever_has_the_token() {
    let closed = world().await;
    let (order, _) = closed.placed().await;
    for route in routes(order) {
        assert_eq!(ask(&closed, &route).await.problem(), (404, "route.unknown".to_owned()));
    }
    let world = opened().await;
    let (order, customer) = world.placed().await;
    for route in routes(order) {
        assert_eq!(world.get(&route).await.problem(), (401, "operator.unauthorized".to_owned()));
        let other = format!("Bearer {customer}");
        assert_eq!(world.get_with(&route, &[("authorization", &other)]).await.problem().0, 401);
        assert_eq!(ask(&world, &route).await.status, StatusCode::OK, "{route}");
    }
    for route in routes(Uuid::from_u128(404)) {
        assert_eq!(ask(&world, &route).await.problem(), (404, "order.not_found".to_owned()));
    }
}

#[tokio::test]
async fn every_entry_says_who_did_it_what_caused_it_and_what_followed() {
    let world = opened().await;
    let (order, _) = world.placed().await;
    world.order(order, OrderCommand::Cancel { by: "customer".to_owned() }).await;
    let answer = ask(&world, &routes(order)[0]).await.json();
    let entries = answer["entries"].as_array().unwrap();
    let of = |field: &str| entries.iter().map(|entry| entry[field].clone()).collect::<Vec<_>>();
    assert_eq!(of("key"), ["event.OrderPlaced", "event.CheckoutOpened", "event.OrderCancelled"]);
    assert_eq!(of("title"), ["Commande enregistrée", "Page de paiement ouverte", "Commande annulée"]);
    assert_eq!(entries[1]["cause"], entries[0]["event_id"], "the page was opened because of the order");
    assert_eq!(entries[0]["effects"], json!([entries[1]["event_id"]]));
    assert_eq!((&entries[1]["after_ms"], &entries[1]["attempt"]), (&json!(1_000), &json!(1)));
    assert_eq!(entries[0]["actor"], "customer");
    assert!(entries.iter().all(|entry| entry["text"].as_str().is_some_and(|text| text.ends_with('.'))), "{answer}");
    assert!(!answer.to_string().contains("https://"), "a payment link is nobody else's business");
}

#[tokio::test]
async fn a_state_is_that_of_its_point() {
    let world = opened().await;
    let (order, _) = world.placed().await;
    world.order(order, OrderCommand::Cancel { by: "customer".to_owned() }).await;
    let [_, state, _] = routes(order);
    let at = async |point: &str| ask(&world, &format!("{state}?at={point}")).await.json();
    assert_eq!(at("1").await["state"]["state"], "Pending");
    assert_eq!(at("1").await["last"]["event_type"], "OrderPlaced");
    assert_eq!(at("now").await["state"]["state"], "Cancelled");
    assert_eq!(at("0").await["last"], Value::Null);
    assert_eq!(ask(&world, &state).await.json(), at("now").await);
    for wrong in ["?at=hier", "?at=-1"] {
        assert_eq!(ask(&world, &format!("{state}{wrong}")).await.problem().0, 422);
    }
    let diff = format!("/api/audit/orders/{order}/diff");
    assert_eq!(ask(&world, &diff).await.problem(), (422, "request.invalid".to_owned()));
    let found = ask(&world, &format!("{diff}?from=1&to=3")).await.json();
    assert_eq!((&found["from"], &found["to"]), (&at("1").await, &at("3").await));
    assert_eq!(found["changes"][0]["event"]["event_type"], "OrderCancelled");
}
