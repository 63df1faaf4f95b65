//! The words of a report: asked of the model, judged by code, mended by the model where they were refused, completed by the
//! rules. Each round leaves its events, so that a worker who takes over goes on in the middle.

mod answer;

use std::time::Duration;

use domain::{
    fact::FactSheet,
    report::{ErrorClass, MOST_ANSWERS, Report, ReportCommand, ReportState, Step},
};
use studies::{Judgement, Study};
use uuid::Uuid;

use self::answer::{KeptAnswer, Round};
use super::{
    artefacts,
    jobs::{known, study_of},
};
use crate::{JobFailure, Ports, Task};

/// All that a customer may be made to wait for the model, over all rounds, from the first question.
const PATIENCE: Duration = Duration::from_secs(240);

/// The rounds of a report until now.
struct SoFar {
    study: &'static dyn Study,
    sheet: FactSheet,
    answers: Vec<KeptAnswer>,
    judgement: Judgement,
}

impl SoFar {
    /// Reads sheet and answers and judges them anew: the same verdict every time.
    async fn read(ports: &Ports, report: &Report) -> Result<Self, JobFailure> {
        let storage = ports.storage.as_ref();
        let mut so_far = Self::unanswered(ports, report).await?;
        for digest in &report.answers {
            let answer: KeptAnswer = artefacts::fetch(storage, digest).await?;
            so_far.judgement = so_far.study.judge(&so_far.sheet, so_far.judgement, &answer.text);
            so_far.answers.push(answer);
        }
        Ok(so_far)
    }

    /// As if nothing had been answered.
    async fn unanswered(ports: &Ports, report: &Report) -> Result<Self, JobFailure> {
        let sheet =
            artefacts::fetch(ports.storage.as_ref(), known(report.sheet_sha256.as_ref(), "fact sheet")?).await?;
        Ok(Self { study: study_of(ports, report)?, sheet, answers: vec![], judgement: Judgement::default() })
    }

    /// What the rounds cost or may have cost, in millionths of a dollar.
    fn spent_micro_usd(&self) -> i64 {
        self.answers.iter().map(|answer| answer.cost_micro_usd + answer.at_risk_micro_usd).sum()
    }

    /// Whether another round may help: something is refused, and the last answer was one that can be mended.
    fn is_worth_mending(&self) -> bool {
        let whole = self.answers.last().is_some_and(|answer| !answer.text.is_empty());
        whole && !self.judgement.refused.is_empty()
    }
}

/// Asks the model for what is open. When it does not answer in the time that is left the rules write, and no later attempt
/// asks again.
pub(super) async fn ask_model(ports: &Ports, task: &Task, id: Uuid) -> Result<(), JobFailure> {
    let report = ports.commands.load_report(id).await?;
    if !matches!(report.state(), ReportState::FactsCollected | ReportState::NarrativeRejected) {
        return Ok(());
    }
    let so_far = SoFar::read(ports, &report).await?;
    let (number, now) = (report.round() + 1, ports.clock.now());
    let since = so_far.answers.first().and_then(|first| first.asked_at).unwrap_or(now);
    let waited = (now - since).to_std().unwrap_or_default();
    let mut question = so_far.study.question(&so_far.sheet, &so_far.judgement, &id.to_string());
    question.patience = Some(PATIENCE.saturating_sub(waited));
    question.spent_micro_usd = so_far.spent_micro_usd();
    let storage = ports.storage.as_ref();
    let round = Round { report: id, number, asked_at: now };
    let Some(kept) = answer::obtain(storage, ports.writer.as_ref(), round, &question).await? else {
        let told = ReportCommand::RecordFailure { step: Step::Write, class: ErrorClass::Transient, attempt: number };
        ports.commands.report(id, told, task.context(&format!("failed:{number}"))).await?;
        return accept(ports, task, id, so_far, vec![]).await;
    };
    let answer_sha256 = artefacts::keep(storage, &kept).await?;
    let noted = kept.noted(number, answer_sha256, question.prompt_sha256);
    ports.commands.report(id, ReportCommand::RecordAnswer(noted), task.context("answer")).await?;
    Ok(())
}

/// Judges the stored answers block by block. What fails is asked for again, twice at most; then the rules write it.
pub(super) async fn judge(ports: &Ports, task: &Task, id: Uuid) -> Result<(), JobFailure> {
    let report = ports.commands.load_report(id).await?;
    if report.state() != ReportState::NarrativeReceived {
        return Ok(());
    }
    let so_far = SoFar::read(ports, &report).await?;
    let errors = so_far.judgement.errors();
    if report.round() < MOST_ANSWERS && so_far.is_worth_mending() {
        let reject = ReportCommand::RejectAnswer { round: report.round(), errors };
        ports.commands.report(id, reject, task.context("rejected")).await?;
        return Ok(());
    }
    accept(ports, task, id, so_far, errors).await
}

/// No more is to be had of the model: the rules write all that it did not write well.
///
/// # Errors
/// When the sheet cannot be read or the narrative cannot be stored.
pub(super) async fn finish(ports: &Ports, task: &Task, id: Uuid) -> Result<(), JobFailure> {
    let report = ports.commands.load_report(id).await?;
    let unwritten = matches!(
        report.state(),
        ReportState::FactsCollected | ReportState::NarrativeReceived | ReportState::NarrativeRejected
    );
    if !unwritten {
        return Ok(());
    }
    let so_far = match SoFar::read(ports, &report).await {
        Ok(so_far) => so_far,
        // What stood in the way of the model's words may not stand in the way of the report.
        Err(failure) => {
            tracing::warn!(report = %id, error = %failure, "the answers of the model cannot be used: the rules write all");
            SoFar::unanswered(ports, &report).await?
        }
    };
    let errors = so_far.judgement.errors();
    accept(ports, task, id, so_far, errors).await
}

async fn accept(ports: &Ports, task: &Task, id: Uuid, so_far: SoFar, rejected: Vec<String>) -> Result<(), JobFailure> {
    let narrative = so_far.study.complete(&so_far.sheet, so_far.judgement);
    let narrative_sha256 = artefacts::keep(ports.storage.as_ref(), &narrative).await?;
    let accept = ReportCommand::AcceptNarrative { narrative_sha256, by_block: narrative.by_block(), rejected };
    ports.commands.report(id, accept, task.context("narrative")).await?;
    Ok(())
}
