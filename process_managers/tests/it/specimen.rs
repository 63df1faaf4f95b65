//! Generated data and money. The door refuses such an order first (`api/tests/it/place_order.rs`); this is the second lock: an
//! order that passed the door, because generated files were loaded after it was paid, ends without a report. Where specimens
//! may be made, all of them say so.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    eligibility::Eligibility,
    fact::{Fact, FactSheet},
    identity,
    order::{OrderCommand, RefundReason},
    ports::{EnergyCertificates, Log as _, Question, Storage as _},
};
use infra::event_store::PgLog;
use narrative::{Judgement, Prompt};
use pretty_assertions::assert_eq;
use process_managers::{Attempt, Ports, fulfilment, payments};
use projections::support_case::query::of_order;
use serde_json::{Value, json};
use sqlx::PgPool;
use studies::{Narrative, Study, StudyError, StudyInfo, pages::Edition};
use uuid::Uuid;

use crate::{
    sim::{fault::Weather, leaflet, state::Shared},
    till::PRICE,
    world::{ORDER, World, run},
};

/// A study of one figure, which may be generated.
struct OneFigure {
    generated: bool,
}

static OF_REAL_DATA: OneFigure = OneFigure { generated: false };
static OF_GENERATED_DATA: OneFigure = OneFigure { generated: true };

pub fn of_real_data(_: &str) -> Option<&'static dyn Study> {
    Some(&OF_REAL_DATA)
}

fn of_generated_data(_: &str) -> Option<&'static dyn Study> {
    Some(&OF_GENERATED_DATA)
}

/// The study that is no different but for its one figure.
fn plain() -> &'static dyn Study {
    leaflet::find(leaflet::CODE).unwrap()
}

fn figure(generated: bool) -> Fact {
    serde_json::from_value(json!({
        "id": "pop@com", "label": "Population", "value": "320732", "unit": "count", "decimals": 0,
        "text": "320\u{202f}732", "status": "ok", "n": null, "moe": null, "period": null, "asof": null, "note": null,
        "better": "none", "signed": false, "provisional": false,
        "scope": {"kind": "com", "code": "44109", "name": "Nantes", "cog": 2025},
        "prov": {"dataset": "population", "producteur": "INSEE", "vintage": "2022", "load": "1", "query": "q.sql",
                 "query_sha256": "0", "formula": "pop", "inputs": [], "synthetic": generated},
        "peer": null, "anchors": [], "base": [], "time": [],
    }))
    .unwrap()
}

#[async_trait]
impl Study for OneFigure {
    fn sheet(&self) -> &'static StudyInfo {
        plain().sheet()
    }

    async fn eligibility(&self, db: &PgPool, commune: &str) -> Result<Eligibility, StudyError> {
        plain().eligibility(db, commune).await
    }

    async fn collect(&self, db: &PgPool, commune: &str, dpe: &dyn EnergyCertificates) -> Result<FactSheet, StudyError> {
        let mut sheet = plain().collect(db, commune, dpe).await?;
        let figure = figure(self.generated);
        sheet.facts.insert(figure.id.clone(), figure);
        Ok(sheet)
    }

    async fn collect_public(&self, db: &PgPool, commune: &str) -> Result<FactSheet, StudyError> {
        plain().collect_public(db, commune).await
    }

    fn key_facts(&self) -> &'static [&'static str] {
        &[]
    }

    fn prompt(&self) -> &'static Prompt {
        plain().prompt()
    }

    fn question(&self, sheet: &FactSheet, before: &Judgement, subject: &str) -> Question {
        plain().question(sheet, before, subject)
    }

    fn judge(&self, sheet: &FactSheet, before: Judgement, answer: &str) -> Judgement {
        plain().judge(sheet, before, answer)
    }

    fn by_rules(&self, sheet: &FactSheet) -> Narrative {
        plain().by_rules(sheet)
    }

    fn template_version(&self) -> String {
        plain().template_version()
    }

    /// Prints what the pages of every study print (`templates/report/base.html`) where its edition is a specimen.
    fn render(&self, sheet: &FactSheet, narrative: &Narrative, edition: &Edition) -> Result<String, StudyError> {
        let stamp = if edition.specimen { "Spécimen" } else { "" };
        Ok(format!("{stamp}{}", plain().render(sheet, narrative, edition)?))
    }
}

/// Model, printer and certificates that always answer, beside a real log and a real post.
pub fn ports(world: &World, production: bool, study: fn(&str) -> Option<&'static dyn Study>) -> Ports {
    let calm = Arc::new(Shared::new(1, Weather::Seeded(0)));
    Ports {
        writer: Arc::clone(&calm) as _,
        printer: Arc::clone(&calm) as _,
        certificates: calm,
        study,
        production,
        ..world.ports()
    }
}

/// Does what the policies call for, event after event, until nothing more is to be done. A job that fails is tried as often
/// as it would be, without the pauses. The attempts made are given back, by job.
pub async fn carry_out(world: &World, ports: &Ports) -> Vec<&'static str> {
    let log = PgLog::new(world.projector.clone());
    let (mut read, mut attempts) = (0, Vec::new());
    loop {
        // Whoever reads a story waits until all of it is sealed.
        world.story(ORDER).await;
        let news = log.read_after(read, 1).await.unwrap();
        let Some(recorded) = news.first() else { return attempts };
        read = recorded.position;
        for task in [fulfilment::react(recorded), payments::react(recorded)].into_iter().flatten() {
            let of = task.attempts();
            for number in 1..=of {
                attempts.push(task.job.name());
                if run(ports, &task, Attempt { number, of }).await.is_ok() {
                    break;
                }
                assert!(number < of, "{} has no end", task.job.name());
            }
        }
    }
}

/// Names of the events of the report.
async fn making(world: &World, report: Uuid) -> Vec<&'static str> {
    let log = PgLog::new(world.projector.clone()).read_after(0, 1_000).await.unwrap();
    log.iter().filter(|recorded| recorded.aggregate_id == report).map(|recorded| recorded.event.name()).collect()
}

pub async fn paid() -> World {
    let world = World::new().await;
    world.place(ORDER, "cs_1").await;
    world.pay(ORDER, "cs_1").await;
    world
}

/// What the customer and support read of each event: its type and its detail.
async fn timeline(world: &World) -> Vec<(String, Value)> {
    world.settle().await;
    sqlx::query_as("SELECT event_type, detail FROM read.order_timeline WHERE order_id = $1 ORDER BY position")
        .bind(ORDER)
        .fetch_all(&world.db.pool)
        .await
        .unwrap()
}

#[tokio::test]
async fn production_prints_and_delivers_no_report_of_generated_data_and_a_person_gives_the_money_back() {
    let world = paid().await;
    let ports = ports(&world, true, of_generated_data);
    let attempts = carry_out(&world, &ports).await;
    let tried = attempts.iter().filter(|job| **job == "collect_facts").count();
    let mut told = vec!["ReportRequested"];
    told.extend(vec!["StepFailed"; tried]);
    told.push("ReportFailed");
    let report = identity::report_id(ORDER, 1);
    assert_eq!(making(&world, report).await, told);
    assert_eq!(world.story(ORDER).await, ["OrderPlaced", "CheckoutOpened", "OrderPaid", "OrderFailed"]);
    for never in ["ask_model", "print_report", "deliver_order", "send_delivery"] {
        assert!(!attempts.contains(&never), "{never} in {attempts:?}");
    }
    assert_eq!(world.post.sent.lock().unwrap().len(), 0, "mails");

    let timeline = timeline(&world).await;
    let line = |event: &str| timeline.iter().rfind(|(told, _)| told == event).map(|(_, detail)| detail.clone());
    let why = line("ReportFailed").expect("support sees why");
    assert_eq!((why["step"].as_str(), why["class"].as_str()), (Some("collect"), Some("internal")), "{why}");
    assert_eq!(line("OrderFailed").expect("so does the customer")["step"], "collect");
    assert!(line("FactsCollected").is_none() && line("OrderDelivered").is_none(), "{timeline:?}");

    // Nothing goes back by itself: a case waits for a person, who makes it go back.
    let cases = async || {
        world.settle().await;
        let cases = of_order(&world.db.pool, ORDER).await.unwrap();
        cases.into_iter().map(|case| (case.kind.clone(), case.is_open())).collect::<Vec<_>>()
    };
    assert_eq!((cases().await, world.till.made().len()), (vec![("order_failed".to_owned(), true)], 0));
    let refund = OrderCommand::RequestRefund {
        refund: Uuid::from_u128(0xa5ed),
        payment: None,
        amount_cents: None,
        reason: RefundReason::RequestedByCustomer,
    };
    world.tell(ORDER, refund).await;
    run(&ports, &world.task(ORDER).await, crate::world::FIRST).await.unwrap();
    let made: Vec<_> = world.till.made().iter().map(|refund| (refund.payment.clone(), refund.amount_cents)).collect();
    assert_eq!(made, [("pi_1".to_owned(), PRICE)]);
    assert!(world.commands.load_order(ORDER).await.unwrap().is_refunded());
    assert_eq!(cases().await, [("order_failed".to_owned(), false)]);
}

/// The stored file of a delivered order, and its mail.
async fn delivered(production: bool, study: fn(&str) -> Option<&'static dyn Study>) -> (String, String, Value) {
    let world = paid().await;
    carry_out(&world, &ports(&world, production, study)).await;
    assert_eq!(world.story(ORDER).await[3..], ["OrderDelivered", "DownloadLinkIssued", "DeliveryEmailSent"]);
    let report = world.commands.load_report(identity::report_id(ORDER, 1)).await.unwrap();
    let file = world.shelf.get(report.stored_key.as_deref().unwrap()).await.unwrap();
    let mail = world.post.sent.lock().unwrap().first().unwrap().html.clone();
    let facts = timeline(&world).await.into_iter().find(|(event, _)| event == "FactsCollected").unwrap().1;
    (String::from_utf8(file).unwrap(), mail, facts["specimen"].clone())
}

#[tokio::test]
async fn elsewhere_a_report_of_generated_data_is_delivered_and_file_mail_and_timeline_say_specimen() {
    let (file, mail, timeline) = delivered(false, of_generated_data).await;
    assert!(file.contains("Spécimen"), "{file}");
    assert!(mail.contains("est un spécimen"), "{mail}");
    assert_eq!(timeline, true);
}

#[tokio::test]
async fn production_delivers_a_report_of_real_data_and_nothing_says_specimen() {
    let (file, mail, timeline) = delivered(true, of_real_data).await;
    assert!(!file.contains("Spécimen") && !mail.contains("spécimen"), "{file}\n{mail}");
    assert_eq!(timeline, false);
}
