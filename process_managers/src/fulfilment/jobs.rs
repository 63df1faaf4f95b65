//! The steps of a report. Each looks first whether it was done, acts, and ends with a command.

use domain::{
    fact::FactSheet,
    identity,
    order::OrderCommand,
    ports::Object,
    report::{ErrorClass, Rendering, Report, ReportCommand, ReportState, Step},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    artefacts, deliver, narrate,
    page::{Made, Page, page},
};
use crate::{JobFailure, Ports, Task};

/// One unit of work of this policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Job {
    RequestReport { report: Uuid, version: u32 },
    CollectFacts { report: Uuid },
    AskModel { report: Uuid },
    JudgeNarrative { report: Uuid },
    PrintReport { report: Uuid },
    DeliverOrder { report: Uuid },
    SendDelivery { report: Uuid },
    FailOrder { report: Uuid, step: Step },
}

impl Job {
    /// The job's name in logs, metrics and command ids.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::RequestReport { .. } => "request_report",
            Self::CollectFacts { .. } => "collect_facts",
            Self::AskModel { .. } => "ask_model",
            Self::JudgeNarrative { .. } => "judge_narrative",
            Self::PrintReport { .. } => "print_report",
            Self::DeliverOrder { .. } => "deliver_order",
            Self::SendDelivery { .. } => "send_delivery",
            Self::FailOrder { .. } => "fail_order",
        }
    }

    /// The step of the report whose failure this job's failure is.
    #[must_use]
    pub fn step(&self) -> Option<(Uuid, Step)> {
        match self {
            Self::CollectFacts { report } => Some((*report, Step::Collect)),
            Self::AskModel { report } | Self::JudgeNarrative { report } => Some((*report, Step::Write)),
            Self::PrintReport { report } => Some((*report, Step::Print)),
            Self::RequestReport { .. }
            | Self::DeliverOrder { .. }
            | Self::SendDelivery { .. }
            | Self::FailOrder { .. } => None,
        }
    }

    /// A step that comes later is more urgent, so that orders are finished in the order in which they were begun.
    #[must_use]
    pub fn urgency(&self) -> i32 {
        match self {
            Self::RequestReport { .. } => 0,
            Self::CollectFacts { .. } => 1,
            Self::AskModel { .. } => 2,
            Self::JudgeNarrative { .. } => 3,
            Self::PrintReport { .. } => 4,
            Self::DeliverOrder { .. } | Self::FailOrder { .. } => 5,
            Self::SendDelivery { .. } => 6,
        }
    }

    /// Whether [`Job::give_up`] leaves an event.
    #[must_use]
    pub fn ends_in_event(&self) -> bool {
        self.step().is_some() || matches!(self, Self::SendDelivery { .. })
    }

    /// How often it is tried, with growing pauses, before a person has to look.
    #[must_use]
    pub fn max_attempts(&self) -> i32 {
        match self {
            // The customer waits: after four minutes the rules write.
            Self::AskModel { .. } => 4,
            Self::CollectFacts { .. } | Self::JudgeNarrative { .. } | Self::PrintReport { .. } => 6,
            // Four hours; the order's page has the report all the while.
            Self::SendDelivery { .. } => 10,
            Self::RequestReport { .. } | Self::DeliverOrder { .. } | Self::FailOrder { .. } => 25,
        }
    }

    /// Tells the report's history of a failed attempt, where the job is a step of it.
    pub(crate) async fn tell(
        &self,
        ports: &Ports,
        task: &Task,
        class: ErrorClass,
        attempt: u32,
    ) -> Result<(), JobFailure> {
        let Some((report, step)) = self.step() else { return Ok(()) };
        let told = ReportCommand::RecordFailure { step, class, attempt };
        ports.commands.report(report, told, task.context(&format!("failed:{attempt}"))).await?;
        Ok(())
    }

    /// Ends the last failed attempt in an event, where there is one for it; then true. The model is replaced by the rules,
    /// any other step fails its report, a mail that cannot be sent is for support to see.
    pub(crate) async fn give_up(&self, ports: &Ports, task: &Task, class: ErrorClass) -> Result<bool, JobFailure> {
        match self.step() {
            Some((report, Step::Write)) => narrate::finish(ports, task, report).await?,
            Some((report, step)) => {
                ports.commands.report(report, ReportCommand::Fail { step, class }, task.context("gave-up")).await?;
            }
            None if matches!(self, Self::SendDelivery { .. }) => deliver::fail_mail(ports, task, "unreachable").await?,
            None => return Ok(false),
        }
        Ok(true)
    }

    pub(crate) async fn act(&self, ports: &Ports, task: &Task) -> Result<(), JobFailure> {
        match self {
            Self::RequestReport { report, version } => request_report(ports, task, *report, *version).await,
            Self::CollectFacts { report } => collect_facts(ports, task, *report).await,
            Self::AskModel { report } => narrate::ask_model(ports, task, *report).await,
            Self::JudgeNarrative { report } => narrate::judge(ports, task, *report).await,
            Self::PrintReport { report } => print_report(ports, task, *report).await,
            Self::DeliverOrder { report } => deliver::deliver_order(ports, task, *report).await,
            Self::SendDelivery { report } => deliver::send(ports, task, *report).await,
            Self::FailOrder { report, step } => {
                let step = format!("{step:?}").to_lowercase();
                let fail = OrderCommand::Fail { report: *report, step };
                ports.commands.order(task.order, fail, task.context("fail")).await?;
                Ok(())
            }
        }
    }
}

async fn request_report(ports: &Ports, task: &Task, report: Uuid, version: u32) -> Result<(), JobFailure> {
    let order = ports.commands.load_order(task.order).await?;
    let request = ReportCommand::Request { order: task.order, version, study: order.study, commune: order.commune };
    ports.commands.report(report, request, task.context("request")).await?;
    Ok(())
}

async fn collect_facts(ports: &Ports, task: &Task, id: Uuid) -> Result<(), JobFailure> {
    let report = ports.commands.load_report(id).await?;
    if report.state() != ReportState::Requested {
        return Ok(());
    }
    let study = study_of(ports, &report)?;
    let sheet = study.collect(&ports.data, &report.commune, ports.certificates.as_ref()).await?;
    if ports.production && sheet.is_specimen() {
        return Err(JobFailure::Broken("generated data may not be sold in production".to_owned()));
    }
    let sheet_sha256 = artefacts::keep(ports.storage.as_ref(), &sheet).await?;
    let record = ReportCommand::RecordFacts {
        sheet_sha256,
        n: u32::try_from(sheet.facts.len()).unwrap_or(u32::MAX),
        by_status: sheet.by_status(),
        datasets: studies::datasets_used(&sheet),
        specimen: sheet.is_specimen(),
    };
    ports.commands.report(id, record, task.context("facts")).await?;
    Ok(())
}

/// Prints, signs where there is a key, and stores. The bytes are canonical, so an attempt that was cut short is simply printed again.
async fn print_report(ports: &Ports, task: &Task, id: Uuid) -> Result<(), JobFailure> {
    let report = ports.commands.load_report(id).await?;
    if !matches!(report.state(), ReportState::NarrativeAccepted | ReportState::Rendered) {
        return Ok(());
    }
    let study = study_of(ports, &report)?;
    let storage = ports.storage.as_ref();
    let made = Made {
        report: id,
        sheet_sha256: known(report.sheet_sha256.as_ref(), "fact sheet")?,
        narrative_sha256: known(report.narrative_sha256.as_ref(), "narrative")?,
        at: task.at,
    };
    let Page { sheet, html, html_sha256, template_version } = page(storage, study, made).await?;
    artefacts::keep_bytes(storage, html.as_bytes(), &html_sha256, "text/html; charset=utf-8").await?;
    let printed = ports.printer.print(&html, task.at).await?;
    let signed = match &ports.signer {
        Some(signer) => Some(signer.sign(&printed.pdf, task.at).await?),
        None => None,
    };
    let signed_sha256 = signed.as_deref().map(artefacts::digest);
    let rendering = Rendering {
        html_sha256,
        pdf_sha256: printed.sha256.clone(),
        signed_sha256: signed_sha256.clone(),
        pages: printed.pages,
        bytes: printed.pdf.len() as u64,
        template_version,
        renderer_version: printed.renderer_version,
        fonts_sha256: printed.fonts_sha256,
    };
    let (pdf, sha256) = (signed.unwrap_or(printed.pdf), signed_sha256.unwrap_or(printed.sha256));
    let bytes = pdf.len() as u64;
    // The digest is part of the command's identity: another renderer's bytes, or another key's, are another command.
    let context = task.context(&format!("rendered:{sha256}"));
    ports.commands.report(id, ReportCommand::RecordRendering(rendering), context).await?;
    let key = identity::report_key(id, &sha256);
    let filename = filename(&report, &sheet, task);
    let object =
        Object { key: &key, bytes: &pdf, sha256: &sha256, content_type: "application/pdf", filename: Some(&filename) };
    storage.put_once(object).await?;
    let stored = ReportCommand::RecordStorage { key, sha256, bytes, filename };
    ports.commands.report(id, stored, task.context("stored")).await?;
    Ok(())
}

/// The study of a report, which an older binary may not know.
pub(super) fn study_of(ports: &Ports, report: &Report) -> Result<&'static dyn studies::Study, JobFailure> {
    (ports.study)(&report.study).ok_or_else(|| JobFailure::Broken(format!("this binary has no study {}", report.study)))
}

/// What a step before must have left.
pub(super) fn known<'a>(digest: Option<&'a String>, what: &str) -> Result<&'a str, JobFailure> {
    digest.map(String::as_str).ok_or_else(|| JobFailure::Broken(format!("the report has no {what} yet")))
}

/// The number printed on the report: short, and not guessable from the order.
pub(super) fn report_number(report: Uuid) -> String {
    report.simple().to_string()[..10].to_uppercase()
}

/// `LOG-01_Nantes_44109_2026-11-22.pdf`
fn filename(report: &Report, sheet: &FactSheet, task: &Task) -> String {
    let name = sheet
        .facts
        .values()
        .find(|fact| fact.scope.code == report.commune)
        .map_or_else(String::new, |fact| fact.scope.name.clone());
    let name = name.replace([' ', '/', '\\', '"'], "-");
    format!("{}_{name}_{}_{}.pdf", report.study, report.commune, task.at.format("%Y-%m-%d"))
}
