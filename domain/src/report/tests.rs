//! Given, when, then: the rules of a report as sentences.

use std::collections::BTreeMap;

use cqrs_es::test::TestFramework;
use uuid::Uuid;

use super::{
    Answer, Author, ErrorClass, Rendering, Report, ReportCommand, ReportError, ReportEvent, ReportState, Step,
};

fn given(events: Vec<ReportEvent>) -> cqrs_es::test::AggregateTestExecutor<Report> {
    TestFramework::<Report>::with(()).given(events)
}

fn request() -> ReportCommand {
    ReportCommand::Request { order: Uuid::from_u128(7), version: 1, study: "LOG-01".into(), commune: "44109".into() }
}

fn requested() -> ReportEvent {
    ReportEvent::ReportRequested {
        order: Uuid::from_u128(7),
        version: 1,
        study: "LOG-01".into(),
        commune: "44109".into(),
    }
}

fn record_facts() -> ReportCommand {
    ReportCommand::RecordFacts {
        sheet_sha256: "f".into(),
        n: 3,
        by_status: BTreeMap::from([("ok".into(), 3)]),
        datasets: vec![],
        specimen: true,
    }
}

fn collected() -> ReportEvent {
    ReportEvent::FactsCollected {
        sheet_sha256: "f".into(),
        n: 3,
        by_status: BTreeMap::from([("ok".into(), 3)]),
        datasets: vec![],
        specimen: true,
    }
}

fn answer() -> Answer {
    Answer {
        round: 1,
        answer_sha256: "a".into(),
        model: "claude-sonnet-4-6".into(),
        prompt_sha256: "p".into(),
        input_tokens: 10,
        output_tokens: 5,
        cost_micro_usd: 105,
        stop_reason: "end_turn".into(),
    }
}

fn received() -> ReportEvent {
    ReportEvent::NarrativeReceived {
        answer_sha256: "a".into(),
        model: "claude-sonnet-4-6".into(),
        prompt_sha256: "p".into(),
        input_tokens: 10,
        output_tokens: 5,
        cost_micro_usd: 105,
        stop_reason: "end_turn".into(),
    }
}

fn accept(rejected: &[&str]) -> ReportCommand {
    ReportCommand::AcceptNarrative {
        narrative_sha256: "n".into(),
        by_block: BTreeMap::from([("p3.titre".into(), Author::Rules)]),
        rejected: rejected.iter().map(ToString::to_string).collect(),
    }
}

fn accepted() -> ReportEvent {
    ReportEvent::NarrativeAccepted {
        narrative_sha256: "n".into(),
        by_block: BTreeMap::from([("p3.titre".into(), Author::Rules)]),
    }
}

fn rendering(pdf: &str) -> Rendering {
    Rendering {
        html_sha256: "h".into(),
        pdf_sha256: pdf.into(),
        signed_sha256: None,
        pages: 8,
        bytes: 300_000,
        template_version: "t".into(),
        renderer_version: "HeadlessChrome/156".into(),
        fonts_sha256: "o".into(),
    }
}

fn rendered(pdf: &str) -> ReportEvent {
    rendering(pdf).into_event()
}

fn signed(pdf: &str, signed: &str) -> Rendering {
    Rendering { signed_sha256: Some(signed.into()), ..rendering(pdf) }
}

fn store(sha256: &str) -> ReportCommand {
    ReportCommand::RecordStorage { key: "k".into(), sha256: sha256.into(), bytes: 300_000, filename: "r.pdf".into() }
}

fn stored() -> ReportEvent {
    ReportEvent::ReportStored { key: "k".into(), sha256: "d".into(), bytes: 300_000, filename: "r.pdf".into() }
}

fn up_to_rendered() -> Vec<ReportEvent> {
    vec![requested(), collected(), received(), accepted(), rendered("d")]
}

#[test]
fn each_step_is_recorded_once_and_in_order() {
    given(vec![]).when(request()).then_expect_events(vec![requested()]);
    given(vec![requested()]).when(request()).then_expect_events(vec![]);
    given(vec![requested()]).when(record_facts()).then_expect_events(vec![collected()]);
    given(vec![requested(), collected()]).when(record_facts()).then_expect_events(vec![]);
    given(vec![requested(), collected()])
        .when(ReportCommand::RecordAnswer(answer()))
        .then_expect_events(vec![received()]);
    given(vec![requested(), collected(), received()]).when(accept(&[])).then_expect_events(vec![accepted()]);
    given(vec![requested(), collected(), received(), accepted()])
        .when(ReportCommand::RecordRendering(rendering("d")))
        .then_expect_events(vec![rendered("d")]);
    given(up_to_rendered()).when(store("d")).then_expect_events(vec![stored()]);
}

#[test]
fn a_round_has_one_answer_and_the_next_begins_with_a_rejection() {
    let other = |round| ReportCommand::RecordAnswer(Answer { round, answer_sha256: "b".into(), ..answer() });
    for round in [1, 2] {
        given(vec![requested(), collected(), received()]).when(other(round)).then_expect_events(vec![]);
    }
    let told = vec![requested(), collected(), received(), rejected()];
    given(told.clone()).when(other(1)).then_expect_events(vec![]);
    given(told.clone()).when(other(3)).then_expect_events(vec![]);
    let repaired = ReportEvent::NarrativeReceived {
        answer_sha256: "b".into(),
        model: "claude-sonnet-4-6".into(),
        prompt_sha256: "p".into(),
        input_tokens: 10,
        output_tokens: 5,
        cost_micro_usd: 105,
        stop_reason: "end_turn".into(),
    };
    given(told).when(other(2)).then_expect_events(vec![repaired]);
}

fn rejected() -> ReportEvent {
    ReportEvent::NarrativeRejected { answer_sha256: "a".into(), errors: vec!["V04".into()] }
}

fn reject(round: u32) -> ReportCommand {
    ReportCommand::RejectAnswer { round, errors: vec!["V04".into()] }
}

#[test]
fn an_answer_is_rejected_once_and_the_third_is_the_last() {
    given(vec![requested(), collected(), received()]).when(reject(1)).then_expect_events(vec![rejected()]);
    given(vec![requested(), collected(), received(), rejected()]).when(reject(1)).then_expect_events(vec![]);
    let repaired = vec![requested(), collected(), received(), rejected(), received()];
    given(repaired.clone()).when(reject(1)).then_expect_events(vec![]);
    given(repaired.clone()).when(reject(2)).then_expect_events(vec![rejected()]);
    let mut spent = repaired;
    spent.extend([rejected(), received()]);
    given(spent).when(reject(3)).then_expect_error(ReportError::NoMoreRounds { rounds: 3 });
    given(vec![requested(), collected()])
        .when(reject(1))
        .then_expect_error(ReportError::NotNow { command: "RejectAnswer", state: ReportState::FactsCollected });
}

#[test]
fn a_repair_that_never_came_ends_in_what_the_rules_write() {
    let told = vec![requested(), collected(), received(), rejected()];
    given(told).when(accept(&["V04"])).then_expect_events(vec![accepted()]);
}

#[test]
fn a_report_of_before_there_were_repairs_is_read_as_it_was() {
    let mut history = vec![requested(), collected(), received(), rejected(), accepted()];
    given(history.clone()).when(reject(1)).then_expect_events(vec![]);
    given(history.clone()).when(ReportCommand::RecordRendering(rendering("d"))).then_expect_events(vec![rendered("d")]);
    history.push(rendered("d"));
    given(history).when(store("d")).then_expect_events(vec![stored()]);
}

#[test]
fn a_rejected_block_leaves_a_trace_and_the_rules_write_it() {
    given(vec![requested(), collected(), received()]).when(accept(&["V04"])).then_expect_events(vec![
        ReportEvent::NarrativeRejected { answer_sha256: "a".into(), errors: vec!["V04".into()] },
        accepted(),
    ]);
}

#[test]
fn a_model_that_never_answers_does_not_stop_the_report() {
    given(vec![requested(), collected()]).when(accept(&[])).then_expect_events(vec![accepted()]);
}

#[test]
fn printing_again_the_same_bytes_is_no_news_and_other_bytes_are() {
    given(up_to_rendered()).when(ReportCommand::RecordRendering(rendering("d"))).then_expect_events(vec![]);
    given(up_to_rendered())
        .when(ReportCommand::RecordRendering(rendering("e")))
        .then_expect_events(vec![rendered("e")]);
}

#[test]
fn what_was_signed_is_stored_signed() {
    let print = |signed| ReportCommand::RecordRendering(signed);
    // A key that was configured after the first attempt is news, though the same was printed.
    given(up_to_rendered()).when(print(signed("d", "s"))).then_expect_events(vec![signed("d", "s").into_event()]);
    let mut history = up_to_rendered();
    history.push(signed("d", "s").into_event());
    given(history.clone()).when(print(signed("d", "s"))).then_expect_events(vec![]);
    given(history.clone())
        .when(store("d"))
        .then_expect_error(ReportError::OtherBytes { rendered: Some("s".into()), stored: "d".into() });
    let stored =
        ReportEvent::ReportStored { key: "k".into(), sha256: "s".into(), bytes: 300_000, filename: "r.pdf".into() };
    given(history).when(store("s")).then_expect_events(vec![stored]);
}

#[test]
fn bytes_that_were_not_rendered_are_not_stored_as_the_report() {
    given(up_to_rendered())
        .when(store("x"))
        .then_expect_error(ReportError::OtherBytes { rendered: Some("d".into()), stored: "x".into() });
}

#[test]
fn steps_cannot_be_skipped() {
    given(vec![requested()])
        .when(accept(&[]))
        .then_expect_error(ReportError::NotNow { command: "AcceptNarrative", state: ReportState::Requested });
    given(vec![requested(), collected()])
        .when(store("d"))
        .then_expect_error(ReportError::NotNow { command: "RecordStorage", state: ReportState::FactsCollected });
}

#[test]
fn a_failed_attempt_is_told_once_and_a_stored_report_cannot_fail() {
    let record = || ReportCommand::RecordFailure { step: Step::Print, class: ErrorClass::Transient, attempt: 2 };
    let failed = ReportEvent::StepFailed { step: Step::Print, class: ErrorClass::Transient, attempt: 2 };
    given(vec![requested()]).when(record()).then_expect_events(vec![failed.clone()]);
    given(vec![requested(), failed]).when(record()).then_expect_events(vec![]);
    let mut history = up_to_rendered();
    history.push(stored());
    given(history)
        .when(ReportCommand::Fail { step: Step::Print, class: ErrorClass::Internal })
        .then_expect_events(vec![]);
}
