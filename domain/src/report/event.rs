//! What happened to a report. Digests, never contents: the contents are stored under their digest.

use std::collections::BTreeMap;

use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The steps of a report, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    Collect,
    Write,
    Print,
    Store,
}

/// What kind of failure it was; details are in the logs, under the same ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorClass {
    /// A network fault, an overload, a time-out: worth another try.
    Transient,
    /// The other side refused for good.
    Refused,
    /// Our own data or code.
    Internal,
}

/// Who wrote a block of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    Model,
    Rules,
}

/// A dataset behind the facts of a report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DatasetUse {
    pub dataset: String,
    pub vintage: String,
    /// Row of `data.data_sources`.
    pub load: String,
    pub synthetic: bool,
}

/// Events of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReportEvent {
    ReportRequested {
        order: Uuid,
        version: u32,
        study: String,
        commune: String,
    },
    FactsCollected {
        sheet_sha256: String,
        n: u32,
        by_status: BTreeMap<String, u32>,
        datasets: Vec<DatasetUse>,
        specimen: bool,
    },
    NarrativeReceived {
        answer_sha256: String,
        model: String,
        prompt_sha256: String,
        input_tokens: u64,
        output_tokens: u64,
        cost_micro_usd: i64,
        stop_reason: String,
    },
    NarrativeRejected {
        answer_sha256: String,
        errors: Vec<String>,
    },
    NarrativeAccepted {
        narrative_sha256: String,
        by_block: BTreeMap<String, Author>,
    },
    ReportRendered {
        html_sha256: String,
        pdf_sha256: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signed_sha256: Option<String>,
        pages: u32,
        bytes: u64,
        template_version: String,
        renderer_version: String,
        fonts_sha256: String,
    },
    ReportStored {
        key: String,
        sha256: String,
        bytes: u64,
        filename: String,
    },
    StepFailed {
        step: Step,
        class: ErrorClass,
        attempt: u32,
    },
    ReportFailed {
        step: Step,
        class: ErrorClass,
    },
}

impl ReportEvent {
    /// The stored type: the variant's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::ReportRequested { .. } => "ReportRequested",
            Self::FactsCollected { .. } => "FactsCollected",
            Self::NarrativeReceived { .. } => "NarrativeReceived",
            Self::NarrativeRejected { .. } => "NarrativeRejected",
            Self::NarrativeAccepted { .. } => "NarrativeAccepted",
            Self::ReportRendered { .. } => "ReportRendered",
            Self::ReportStored { .. } => "ReportStored",
            Self::StepFailed { .. } => "StepFailed",
            Self::ReportFailed { .. } => "ReportFailed",
        }
    }
}

impl DomainEvent for ReportEvent {
    fn event_type(&self) -> String {
        self.name().to_owned()
    }

    fn event_version(&self) -> String {
        "1.0".to_owned()
    }
}
