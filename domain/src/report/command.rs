//! What may be asked of a report: each command records the result of one step.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{Author, DatasetUse, ErrorClass, ReportEvent, Step};

/// An answer of the model, already stored under `answer_sha256`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// 1 for the answer to the first question, 2 and 3 for repairs.
    pub round: u32,
    pub answer_sha256: String,
    pub model: String,
    pub prompt_sha256: String,
    pub input_tokens: u64,
    pub output_tokens: u64,
    /// Millionths of a dollar.
    pub cost_micro_usd: i64,
    pub stop_reason: String,
}

/// A printed document: enough to prove later that the same facts give the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendering {
    pub html_sha256: String,
    /// Of the canonical bytes, before any signature.
    pub pdf_sha256: String,
    /// Of the bytes that are delivered, when they are signed: the canonical ones and what follows them.
    pub signed_sha256: Option<String>,
    pub pages: u32,
    /// How many canonical bytes there are.
    pub bytes: u64,
    pub template_version: String,
    pub renderer_version: String,
    pub fonts_sha256: String,
}

impl Rendering {
    pub(super) fn into_event(self) -> ReportEvent {
        let Self {
            html_sha256,
            pdf_sha256,
            signed_sha256,
            pages,
            bytes,
            template_version,
            renderer_version,
            fonts_sha256,
        } = self;
        ReportEvent::ReportRendered {
            html_sha256,
            pdf_sha256,
            signed_sha256,
            pages,
            bytes,
            template_version,
            renderer_version,
            fonts_sha256,
        }
    }
}

/// Commands of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportCommand {
    Request {
        order: Uuid,
        version: u32,
        study: String,
        commune: String,
    },
    RecordFacts {
        sheet_sha256: String,
        n: u32,
        by_status: BTreeMap<String, u32>,
        datasets: Vec<DatasetUse>,
        specimen: bool,
    },
    RecordAnswer(Answer),
    /// Something of that round's answer is refused, and the model is asked again.
    RejectAnswer {
        round: u32,
        errors: Vec<String>,
    },
    /// `rejected` holds what the judge found in the last answer, where the rules had to write instead.
    AcceptNarrative {
        narrative_sha256: String,
        by_block: BTreeMap<String, Author>,
        rejected: Vec<String>,
    },
    RecordRendering(Rendering),
    RecordStorage {
        key: String,
        sha256: String,
        bytes: u64,
        filename: String,
    },
    RecordFailure {
        step: Step,
        class: ErrorClass,
        attempt: u32,
    },
    Fail {
        step: Step,
        class: ErrorClass,
    },
}

impl ReportCommand {
    /// The command's name, for refusals and logs.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Request { .. } => "Request",
            Self::RecordFacts { .. } => "RecordFacts",
            Self::RecordAnswer(_) => "RecordAnswer",
            Self::RejectAnswer { .. } => "RejectAnswer",
            Self::AcceptNarrative { .. } => "AcceptNarrative",
            Self::RecordRendering(_) => "RecordRendering",
            Self::RecordStorage { .. } => "RecordStorage",
            Self::RecordFailure { .. } => "RecordFailure",
            Self::Fail { .. } => "Fail",
        }
    }
}
