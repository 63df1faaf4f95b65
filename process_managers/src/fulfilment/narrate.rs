//! The words of a report: asked of the model once, judged by code, completed by the rules.

use std::collections::BTreeMap;

use domain::{
    fact::FactSheet,
    report::{Answer, Author, ReportCommand, ReportState},
};
use serde::{Deserialize, Serialize};
use studies::narrative::Narrative;
use uuid::Uuid;

use super::{
    artefacts,
    jobs::{known, study_of},
};
use crate::{JobFailure, Ports, Task};

/// A model's answer as evidence: what we read in it, and all that came.
#[derive(Serialize, Deserialize)]
struct KeptAnswer {
    text: String,
    stop_reason: String,
    model: String,
    request_id: Option<String>,
    raw: String,
}

/// Asks the model; the answer is stored before anything else, and its event makes sure it is never paid again.
pub(super) async fn ask_model(ports: &Ports, task: &Task, id: Uuid) -> Result<(), JobFailure> {
    let report = ports.commands.load_report(id).await?;
    if report.state() != ReportState::FactsCollected {
        return Ok(());
    }
    let study = study_of(&report)?;
    let sheet = sheet_of(ports, report.sheet_sha256.as_ref()).await?;
    let question = study.question(&sheet, &id.to_string());
    let written = ports.writer.write(&question).await?;
    let kept = KeptAnswer {
        text: written.text,
        stop_reason: written.stop_reason.clone(),
        model: written.model.clone(),
        request_id: written.request_id,
        raw: String::from_utf8_lossy(&written.raw).into_owned(),
    };
    let answer_sha256 = artefacts::keep(ports.storage.as_ref(), &kept).await?;
    let answer = Answer {
        answer_sha256,
        model: written.model,
        prompt_sha256: question.prompt_sha256,
        input_tokens: written.input_tokens,
        output_tokens: written.output_tokens,
        cost_micro_usd: written.cost_micro_usd,
        stop_reason: written.stop_reason,
    };
    ports.commands.report(id, ReportCommand::RecordAnswer(answer), task.context("answer")).await?;
    Ok(())
}

/// Judges the stored answer block by block; what fails is written by the rules.
pub(super) async fn judge(ports: &Ports, task: &Task, id: Uuid) -> Result<(), JobFailure> {
    let report = ports.commands.load_report(id).await?;
    if report.state() != ReportState::NarrativeReceived {
        return Ok(());
    }
    let study = study_of(&report)?;
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
    accept(ports, task, id, &study_of(&report)?.by_rules(&sheet), vec![]).await
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
