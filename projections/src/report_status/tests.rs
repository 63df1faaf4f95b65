use std::collections::BTreeMap;

use domain::report::{Author, ErrorClass, ReportEvent, Step};

use super::ReportStatuses;
use super::query::{ReportStatus, latest_of_order};
use crate::testing::{History, ORDER, REPORT, minute};

fn requested() -> ReportEvent {
    ReportEvent::ReportRequested { order: ORDER, version: 1, study: "LOG-01".to_owned(), commune: "44109".to_owned() }
}

fn collected() -> ReportEvent {
    let (by_status, datasets) = (BTreeMap::from([("ok".to_owned(), 40)]), vec![]);
    ReportEvent::FactsCollected { sheet_sha256: "aa".to_owned(), n: 42, by_status, datasets, specimen: true }
}

fn made() -> History {
    History::default()
        .report(requested())
        .report(ReportEvent::StepFailed { step: Step::Collect, class: ErrorClass::Transient, attempt: 1 })
        .report(collected())
        .report(ReportEvent::NarrativeReceived {
            answer_sha256: "bb".to_owned(),
            model: "a-model".to_owned(),
            prompt_sha256: "cc".to_owned(),
            input_tokens: 10,
            output_tokens: 20,
            cost_micro_usd: 4_200,
            stop_reason: "end_turn".to_owned(),
        })
        .report(ReportEvent::NarrativeRejected { answer_sha256: "bb".to_owned(), errors: vec!["V01".to_owned()] })
        .report(ReportEvent::NarrativeAccepted {
            narrative_sha256: "dd".to_owned(),
            by_block: BTreeMap::from([
                ("p4.titre".to_owned(), Author::Model),
                ("p4.lede".to_owned(), Author::Model),
                ("p5.lede".to_owned(), Author::Rules),
            ]),
        })
        .report(ReportEvent::ReportRendered {
            html_sha256: "ee".to_owned(),
            pdf_sha256: "ff".to_owned(),
            signed_sha256: None,
            pages: 6,
            bytes: 123_456,
            template_version: "1".to_owned(),
            renderer_version: "a browser".to_owned(),
            fonts_sha256: "00".to_owned(),
        })
        .report(ReportEvent::ReportStored {
            key: "reports/b1/ff.pdf".to_owned(),
            sha256: "ff".to_owned(),
            bytes: 123_456,
            filename: "LOG-01_Nantes_44109.pdf".to_owned(),
        })
}

#[tokio::test]
async fn every_step_leaves_its_time_and_its_result() {
    let expected = ReportStatus {
        report_id: REPORT,
        order_id: ORDER,
        version: 1,
        study: "LOG-01".to_owned(),
        commune: "44109".to_owned(),
        requested_at: minute(1),
        collected_at: Some(minute(3)),
        received_at: Some(minute(4)),
        accepted_at: Some(minute(6)),
        rendered_at: Some(minute(7)),
        stored_at: Some(minute(8)),
        failed_at: None,
        failed_step: None,
        attempts: 1,
        facts: Some(42),
        specimen: Some(true),
        blocks_model: Some(2),
        blocks_rules: Some(1),
        cost_micro_usd: 4_200,
        pages: Some(6),
        bytes: Some(123_456),
        sha256: Some("ff".to_owned()),
        storage_key: Some("reports/b1/ff.pdf".to_owned()),
        filename: Some("LOG-01_Nantes_44109.pdf".to_owned()),
        position: 8,
    };
    let db = test_support::database().await;
    for size in [1, 3, 1_000] {
        made().apply(&db.pool, &ReportStatuses, size).await.unwrap();
        pretty_assertions::assert_eq!(latest_of_order(&db.pool, ORDER).await.unwrap().as_ref(), Some(&expected));
    }
}

#[tokio::test]
async fn a_failure_names_its_step() {
    let db = test_support::database().await;
    let failed = ReportEvent::ReportFailed { step: Step::Collect, class: ErrorClass::Internal };
    History::default().report(requested()).report(failed).apply(&db.pool, &ReportStatuses, 1).await.unwrap();
    let status = latest_of_order(&db.pool, ORDER).await.unwrap().unwrap();
    assert_eq!((status.failed_step.as_deref(), status.failed_at), (Some("collect"), Some(minute(2))));
}

#[tokio::test]
async fn an_order_without_a_report_has_no_status() {
    let db = test_support::database().await;
    assert_eq!(latest_of_order(&db.pool, ORDER).await.unwrap(), None);
}
