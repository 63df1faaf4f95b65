//! The delivery mail: once, only for who may have the report, and never lost in silence.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    fact::FactSheet,
    identity,
    order::{DisputeNotice, OrderCommand, OrderEvent},
    ports::{Object, PortError, Storage as _},
    report::{Rendering, ReportCommand},
};
use pretty_assertions::assert_eq;
use process_managers::Task;

use crate::{
    dying::Dying,
    till::{PRICE, away, payment},
    world::{FIRST, LAST, ORDER, World, run},
};

/// An order whose report is stored, delivered, and not mailed yet.
async fn delivered() -> (World, Task) {
    let world = World::new().await;
    world.place(ORDER, "cs_1").await;
    world.pay(ORDER, "cs_1").await;
    let report = identity::report_id(ORDER, 1);
    let sheet = FactSheet {
        study: "LOG-01".to_owned(),
        commune: "44109".to_owned(),
        lead: domain::fact::ScopeKind::Com,
        reference_version: 1,
        facts: BTreeMap::new(),
        exhibits: BTreeMap::new(),
    };
    let (bytes, sheet_sha256) = studies::canonical(&sheet).unwrap();
    keep(&world, &identity::artefact_key(&sheet_sha256), &bytes).await;
    let pdf_sha256 = "d".repeat(64);
    let key = identity::report_key(report, &pdf_sha256);
    keep(&world, &key, b"%PDF-1.7").await;
    let rendering = Rendering {
        html_sha256: "h".to_owned(),
        pdf_sha256: pdf_sha256.clone(),
        signed_sha256: None,
        pages: 1,
        bytes: 8,
        template_version: "1".to_owned(),
        renderer_version: "1".to_owned(),
        fonts_sha256: "f".to_owned(),
    };
    let (study, commune) = (sheet.study.clone(), sheet.commune.clone());
    let facts = ReportCommand::RecordFacts {
        sheet_sha256,
        n: 0,
        by_status: BTreeMap::new(),
        datasets: vec![],
        specimen: false,
    };
    let narrative_sha256 = "n".to_owned();
    let steps = [
        ReportCommand::Request { order: ORDER, version: 1, study, commune },
        facts,
        ReportCommand::AcceptNarrative { narrative_sha256, by_block: BTreeMap::new(), rejected: vec![] },
        ReportCommand::RecordRendering(rendering),
        ReportCommand::RecordStorage { key, sha256: pdf_sha256, bytes: 8, filename: "r.pdf".to_owned() },
    ];
    for (n, step) in steps.into_iter().enumerate() {
        world.commands.report(report, step, World::context(ORDER, &format!("step:{n}"))).await.unwrap();
    }
    world.tell(ORDER, OrderCommand::Deliver { report, version: 1 }).await;
    let task = world.task(ORDER).await;
    assert_eq!(task.job.name(), "send_delivery");
    (world, task)
}

async fn keep(world: &World, key: &str, bytes: &[u8]) {
    let object = Object { key, bytes, sha256: "", content_type: "application/pdf", filename: None };
    world.shelf.put_once(object).await.unwrap();
}

fn mails(world: &World) -> usize {
    world.post.sent.lock().unwrap().len()
}

#[tokio::test]
async fn a_delivered_order_is_mailed_with_one_key_even_after_a_crash() {
    let (world, task) = delivered().await;
    let dying = Dying::at("RecordEmailSent", Arc::clone(&world.commands));
    assert!(run(&world.ports_with(dying), &task, FIRST).await.is_err());
    run(&world.ports(), &task, FIRST).await.unwrap();
    let keys: Vec<_> = world.post.sent.lock().unwrap().iter().map(|mail| mail.key).collect();
    assert_eq!(keys, [identity::mail_key(ORDER, "delivery"); 2], "the vendor knows the second for the first");
    let story = world.story(ORDER).await;
    assert_eq!(story[3..], ["OrderDelivered", "DownloadLinkIssued", "DeliveryEmailSent"][..]);
}

#[tokio::test]
async fn an_order_that_was_refunded_before_its_mail_gets_neither_link_nor_mail() {
    let (world, task) = delivered().await;
    world.till.refund_by_hand("pi_1", PRICE);
    world.tell(ORDER, OrderCommand::RecordRefund(world.till.made().remove(0))).await;
    run(&world.ports(), &task, FIRST).await.unwrap();
    assert_eq!((mails(&world), world.story(ORDER).await.last()), (0, Some(&"OrderRefunded")));
}

#[tokio::test]
async fn an_order_that_is_disputed_before_its_mail_gets_neither_link_nor_mail() {
    let (world, task) = delivered().await;
    let dispute = DisputeNotice {
        dispute: "du_1".to_owned(),
        payment: payment("cs_1", PRICE).payment,
        amount_cents: PRICE,
        currency: "eur".to_owned(),
        reason: "fraudulent".to_owned(),
        outcome: None,
    };
    world.tell(ORDER, OrderCommand::RecordDispute(dispute)).await;
    run(&world.ports(), &task, FIRST).await.unwrap();
    assert_eq!((mails(&world), world.story(ORDER).await.last()), (0, Some(&"DisputeOpened")));
}

async fn end(world: &World) -> (String, String) {
    match world.events(ORDER).await.pop().unwrap() {
        OrderEvent::DeliveryEmailFailed { kind, reason } => (kind, reason),
        other => panic!("{} is no failed mail", other.name()),
    }
}

#[tokio::test]
async fn a_refused_mail_is_an_event() {
    let (world, task) = delivered().await;
    let refused = PortError::Refused { service: "brevo", message: "HTTP 400 invalid_parameter".to_owned() };
    world.post.fails.lock().unwrap().push_back(refused);
    run(&world.ports(), &task, FIRST).await.unwrap();
    assert_eq!(end(&world).await, ("delivery".to_owned(), "refused".to_owned()));
}

#[tokio::test]
async fn a_mail_whose_attempts_are_spent_is_an_event() {
    let (world, task) = delivered().await;
    world.post.fails.lock().unwrap().extend([away(), away()]);
    assert!(run(&world.ports(), &task, FIRST).await.is_err());
    run(&world.ports(), &task, LAST).await.unwrap();
    assert_eq!(end(&world).await, ("delivery".to_owned(), "unreachable".to_owned()));
    assert_eq!(mails(&world), 0);
}
