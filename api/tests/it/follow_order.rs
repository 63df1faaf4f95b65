//! The routes of one order: its page, its timeline, its live stream; nothing without its token.

use std::collections::BTreeMap;

use axum::{
    body::{Body, BodyDataStream},
    http::Request,
};
use domain::{
    order::OrderCommand,
    ports::{LinkKind, Links as _},
    report::{Answer, Author, ErrorClass, Rendering, ReportCommand, Step},
};
use futures::StreamExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::{
    fakes::morning,
    post,
    shop::price,
    world::{World, report_of, world},
};

pub async fn pay(world: &World, order: Uuid) {
    let payment = post::paid(&format!("cs_{}_1", order.simple()), price().ttc_cents);
    world.order(order, OrderCommand::ConfirmPayment(payment)).await;
}

pub async fn collect(world: &World, order: Uuid) {
    collect_sheet(world, order, "aa").await;
}

/// `sha256` is that of the fact sheet.
pub async fn collect_sheet(world: &World, order: Uuid, sha256: &str) {
    let (study, commune) = ("LOG-01".to_owned(), "44109".to_owned());
    world.report(order, ReportCommand::Request { order, version: 1, study, commune }).await;
    let facts = ReportCommand::RecordFacts {
        sheet_sha256: sha256.to_owned(),
        n: 42,
        by_status: BTreeMap::new(),
        datasets: vec![],
        specimen: true,
    };
    world.report(order, facts).await;
}

pub async fn deliver(world: &World, order: Uuid) {
    let answer = Answer {
        round: 1,
        answer_sha256: "bb".to_owned(),
        model: "model".to_owned(),
        prompt_sha256: "cc".to_owned(),
        input_tokens: 1,
        output_tokens: 1,
        cost_micro_usd: 1,
        stop_reason: "end_turn".to_owned(),
    };
    world.report(order, ReportCommand::RecordAnswer(answer)).await;
    let by_block = BTreeMap::from([("p1".to_owned(), Author::Model), ("p2".to_owned(), Author::Rules)]);
    let narrative_sha256 = "dd".to_owned();
    world.report(order, ReportCommand::AcceptNarrative { narrative_sha256, by_block, rejected: vec![] }).await;
    let rendering = Rendering {
        html_sha256: "ee".to_owned(),
        pdf_sha256: "ff".to_owned(),
        signed_sha256: None,
        pages: 6,
        bytes: 1_000,
        template_version: "1".to_owned(),
        renderer_version: "1".to_owned(),
        fonts_sha256: "00".to_owned(),
    };
    world.report(order, ReportCommand::RecordRendering(rendering)).await;
    let (key, filename) = ("reports/x.pdf".to_owned(), "LOG-01_Nantes_44109_2026-11-22.pdf".to_owned());
    world.report(order, ReportCommand::RecordStorage { key, sha256: "ff".to_owned(), bytes: 1_000, filename }).await;
    world.order(order, OrderCommand::Deliver { report: report_of(order), version: 1 }).await;
    let expires_at = morning() + chrono::Duration::days(30);
    world.keyring.open(order, LinkKind::Download, 1, Some(expires_at)).await.unwrap();
    world.order(order, OrderCommand::IssueDownloadLink { number: 1, expires_at }).await;
}

fn states(order: &Value) -> Vec<&str> {
    order["steps"].as_array().unwrap().iter().map(|step| step["state"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn an_order_is_followed_from_payment_to_download() {
    let world = world().await;
    let (order, token) = world.placed().await;
    let view = world.shown(order, &token).await;
    assert_eq!((view["status"].as_str(), states(&view)[0]), (Some("pending"), "running"));
    assert!(view["payment_url"].as_str().is_some_and(|url| url.starts_with("https://pay.example/")));
    assert_eq!(view["email_masked"], "a•••@ville.example");
    assert_eq!(view["commune"]["nom"], "Nantes");
    let dropped = json!([{"page": 2, "title": "Synthèse", "reason": "secret"}]);
    assert_eq!(view["announced"], json!({"status": "reduced", "dropped_pages": dropped}));

    pay(&world, order).await;
    collect(&world, order).await;
    let view = world.shown(order, &token).await;
    assert_eq!(view["status"], "paid");
    assert_eq!(view["payment_url"], Value::Null);
    assert_eq!(states(&view), ["done", "done", "running", "waiting", "waiting", "waiting"]);
    assert_eq!(view["steps"][1]["detail"], "42\u{a0}chiffres réunis");
    assert_eq!(view["specimen"], true);

    deliver(&world, order).await;
    let view = world.shown(order, &token).await;
    assert_eq!(view["status"], "delivered");
    assert_eq!(states(&view), ["done"; 6]);
    let url = view["download"]["url"].as_str().unwrap();
    assert_eq!(view["download"]["sha256"], "ff");
    let click = world.get(url).await;
    assert_eq!(click.status, 302);
    assert_eq!(click.header("location"), "https://storage.example/reports/x.pdf?expires=900");
    assert_eq!(click.header("cache-control"), "no-store");
}

#[tokio::test]
async fn an_abandoned_report_shows_where_it_stopped() {
    let world = world().await;
    let (order, token) = world.placed().await;
    pay(&world, order).await;
    collect(&world, order).await;
    let failure = ReportCommand::RecordFailure { step: Step::Write, class: ErrorClass::Transient, attempt: 1 };
    world.report(order, failure).await;
    let view = world.shown(order, &token).await;
    assert_eq!(view["steps"][2]["detail"], "Nouvel essai en cours, après 1\u{a0}échec.");
    world.report(order, ReportCommand::Fail { step: Step::Write, class: ErrorClass::Refused }).await;
    world.order(order, OrderCommand::Fail { report: report_of(order), step: "write".to_owned() }).await;
    let view = world.shown(order, &token).await;
    assert_eq!(view["status"], "failed");
    assert_eq!(states(&view), ["done", "done", "failed", "waiting", "waiting", "waiting"]);
}

#[tokio::test]
async fn nobody_sees_an_order_without_its_own_token() {
    let world = world().await;
    let (order, token) = world.placed().await;
    let (other, _) = world.placed().await;
    for path in ["", "/timeline", "/events"] {
        for query in ["", "?t=", "?t=wrong", "?t=%00"] {
            let answer = world.get(&format!("/api/orders/{order}{path}{query}")).await;
            assert_eq!(answer.problem(), (404, "order.not_found".to_owned()), "{path}{query}");
        }
        let stranger = world.get(&format!("/api/orders/{other}{path}?t={token}")).await;
        assert_eq!(stranger.problem(), (404, "order.not_found".to_owned()));
        let nonsense = world.get(&format!("/api/orders/nonsense{path}?t={token}")).await;
        assert_eq!(nonsense.problem(), (404, "order.not_found".to_owned()));
    }
}

#[tokio::test]
async fn the_timeline_tells_everything_in_french_and_in_order() {
    let world = world().await;
    let (order, token) = world.placed().await;
    pay(&world, order).await;
    let entries = world.get(&format!("/api/orders/{order}/timeline?t={token}")).await.json()["entries"].clone();
    let titles: Vec<_> = entries.as_array().unwrap().iter().map(|entry| entry["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Commande enregistrée", "Page de paiement ouverte", "Paiement confirmé"]);
    assert_eq!(entries[0]["actor"], "customer");
    assert_eq!(entries[2]["text"], "148,14\u{a0}€ reçus.");
    assert!(!entries.to_string().contains("agent@"), "no address in the log");
}

/// One message of a live stream.
#[derive(Debug, Default, PartialEq, Eq)]
struct Message {
    id: String,
    event: String,
    data: String,
}

struct Listener {
    stream: BodyDataStream,
    text: String,
}

impl Listener {
    async fn open(world: &World, order: Uuid, token: &str, last: Option<&str>) -> Self {
        let mut request = Request::get(format!("/api/orders/{order}/events?t={token}"));
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = world.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { stream: response.into_body().into_data_stream(), text: String::new() }
    }

    /// The next message; `None` when the server closed the stream.
    async fn next(&mut self) -> Option<Message> {
        loop {
            if let Some((message, rest)) = self.text.split_once("\n\n") {
                let parsed = parse(message);
                self.text = rest.to_owned();
                return Some(parsed);
            }
            let more = self.stream.next().await?.unwrap();
            self.text.push_str(std::str::from_utf8(&more).unwrap());
        }
    }
}

fn parse(text: &str) -> Message {
    let mut message = Message::default();
    for line in text.lines() {
        match line.split_once(": ") {
            Some(("id", id)) => message.id = id.to_owned(),
            Some(("event", event)) => message.event = event.to_owned(),
            Some(("data", data)) => message.data.push_str(data),
            _ => {}
        }
    }
    message
}

#[tokio::test]
async fn a_live_stream_tells_each_event_once_and_ends_with_the_download() {
    let world = world().await;
    let (order, token) = world.placed().await;
    let mut listener = Listener::open(&world, order, &token, None).await;
    for (id, event_type) in [("1", "OrderPlaced"), ("2", "CheckoutOpened")] {
        let message = listener.next().await.unwrap();
        assert_eq!((message.id.as_str(), message.event.as_str()), (id, "order"));
        let news: Value = serde_json::from_str(&message.data).unwrap();
        assert_eq!(news["event_type"], event_type);
        assert_eq!(news["order"]["order_id"], order.to_string());
    }
    pay(&world, order).await;
    let news: Value = serde_json::from_str(&listener.next().await.unwrap().data).unwrap();
    assert_eq!((news["event_type"].as_str(), news["order"]["status"].as_str()), (Some("OrderPaid"), Some("paid")));
    collect(&world, order).await;
    deliver(&world, order).await;
    let mut last = Value::Null;
    loop {
        let message = listener.next().await.unwrap();
        if message.event == "end" {
            break;
        }
        last = serde_json::from_str(&message.data).unwrap();
    }
    assert_eq!(last["order"]["status"], "delivered");
    assert!(last["order"]["download"]["url"].is_string());
    assert_eq!(listener.next().await, None);
}

#[tokio::test]
async fn a_live_stream_resumes_after_the_last_event_seen() {
    let world = world().await;
    let (order, token) = world.placed().await;
    pay(&world, order).await;
    let mut listener = Listener::open(&world, order, &token, Some("2")).await;
    assert_eq!(listener.next().await.unwrap().id, "3");
    let mut confused = Listener::open(&world, order, &token, Some("abc")).await;
    assert_eq!(confused.next().await.unwrap().id, "1");
}

#[tokio::test]
async fn a_live_stream_lets_the_server_stop() {
    let world = world().await;
    let (order, token) = world.placed().await;
    let mut listener = Listener::open(&world, order, &token, Some("2")).await;
    world.stopping.cancel();
    assert_eq!(listener.next().await, None);
}

#[tokio::test]
async fn an_answer_waits_for_the_wanted_position_and_no_longer_than_two_seconds() {
    let world = world().await;
    let (order, token) = world.placed().await;
    let position = world.shown(order, &token).await["position"].as_i64().unwrap();
    for projector in projections::all() {
        sqlx::query("INSERT INTO es.checkpoint (projector, version, shard, position) VALUES ($1, 1, 0, $2)")
            .bind(projector.name())
            .bind(position)
            .execute(&world.ledger.pool)
            .await
            .unwrap();
    }
    let two = std::time::Duration::from_secs(2);
    for page in ["", "/timeline"] {
        let waiting = async |wanted: &str| {
            let began = std::time::Instant::now();
            let answer = world.get(&format!("/api/orders/{order}{page}?t={token}&wait_for={wanted}")).await;
            (answer.status, began.elapsed())
        };
        let (status, took) = waiting(&position.to_string()).await;
        assert!(status == 200 && took < two, "{page}: {status} after {took:?}");
        let (status, took) = waiting(&(position + 1).to_string()).await;
        assert!(status == 200 && took >= two, "{page}: {status} after {took:?}");
        assert_eq!(waiting("demain").await.0, 400);
        assert_eq!(waiting("-1").await.0, 400);
    }
}
