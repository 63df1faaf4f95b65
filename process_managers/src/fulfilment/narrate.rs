//! The words of a report: asked of the model once, judged by code, completed by the rules.

mod answer;

use std::collections::BTreeMap;

use domain::{
    fact::FactSheet,
    report::{Author, ErrorClass, ReportCommand, ReportState, Step},
};
use studies::Narrative;
use uuid::Uuid;

use self::answer::KeptAnswer;
use super::{
    artefacts,
    jobs::{known, study_of},
};
use crate::{JobFailure, Ports, Task};

/// Asks the model once. The writer has its own patience, the whole of what a customer may be made to wait: when that is
/// spent the rules write, and no later attempt asks again.
pub(super) async fn ask_model(ports: &Ports, task: &Task, id: Uuid) -> Result<(), JobFailure> {
    let report = ports.commands.load_report(id).await?;
    if report.state() != ReportState::FactsCollected {
        return Ok(());
    }
    let study = study_of(ports, &report)?;
    let sheet = sheet_of(ports, report.sheet_sha256.as_ref()).await?;
    let question = study.question(&sheet, &id.to_string());
    let storage = ports.storage.as_ref();
    let Some(kept) = answer::obtain(storage, ports.writer.as_ref(), id, &question).await? else {
        let told = ReportCommand::RecordFailure { step: Step::Write, class: ErrorClass::Transient, attempt: 1 };
        ports.commands.report(id, told, task.context("failed:1")).await?;
        return write_by_rules(ports, task, id).await;
    };
    let answer_sha256 = artefacts::keep(storage, &kept).await?;
    let noted = kept.noted(answer_sha256, question.prompt_sha256);
    ports.commands.report(id, ReportCommand::RecordAnswer(noted), task.context("answer")).await?;
    Ok(())
}

/// Judges the stored answer block by block; what fails is written by the rules.
pub(super) async fn judge(ports: &Ports, task: &Task, id: Uuid) -> Result<(), JobFailure> {
    let report = ports.commands.load_report(id).await?;
    if report.state() != ReportState::NarrativeReceived {
        return Ok(());
    }
    let study = study_of(ports, &report)?;
    let sheet = sheet_of(ports, report.sheet_sha256.as_ref()).await?;
    let answer: KeptAnswer =
        artefacts::fetch(ports.storage.as_ref(), known(report.answer_sha256.as_ref(), "answer")?).await?;
    let judgement = study.judge(&sheet, &answer.text);
    let mut codes: Vec<String> =
        judgement.objections.iter().map(|objection| format!("{} {}", objection.code, objection.pointer)).collect();
    codes.sort();
    codes.dedup();
    let narrative = Narrative::complete(judgement, study.by_rules(&sheet));
    accept(ports, task, id, &narrative, codes).await
}

/// The model never answered: the whole narrative is written by the rules.
///
/// # Errors
/// When the sheet cannot be read or the narrative cannot be stored.
pub async fn write_by_rules(ports: &Ports, task: &Task, id: Uuid) -> Result<(), JobFailure> {
    let report = ports.commands.load_report(id).await?;
    if !matches!(report.state(), ReportState::FactsCollected | ReportState::NarrativeReceived) {
        return Ok(());
    }
    let sheet = sheet_of(ports, report.sheet_sha256.as_ref()).await?;
    accept(ports, task, id, &study_of(ports, &report)?.by_rules(&sheet), vec![]).await
}

async fn accept(
    ports: &Ports,
    task: &Task,
    id: Uuid,
    narrative: &Narrative,
    rejected: Vec<String>,
) -> Result<(), JobFailure> {
    let narrative_sha256 = artefacts::keep(ports.storage.as_ref(), narrative).await?;
    let by_block: BTreeMap<String, Author> =
        narrative.blocks.iter().map(|(block, written)| (block.clone(), written.author)).collect();
    let accept = ReportCommand::AcceptNarrative { narrative_sha256, by_block, rejected };
    ports.commands.report(id, accept, task.context("narrative")).await?;
    Ok(())
}

async fn sheet_of(ports: &Ports, digest: Option<&String>) -> Result<FactSheet, JobFailure> {
    artefacts::fetch(ports.storage.as_ref(), known(digest, "fact sheet")?).await
}
