//! Report: from the request to the stored PDF. Each step leaves an event, so a retry resumes at the first step without one.

mod command;
mod error;
mod event;
#[cfg(test)]
mod tests;

use cqrs_es::{Aggregate, event_sink::EventSink};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use command::{Answer, Rendering, ReportCommand};
pub use error::ReportError;
pub use event::{Author, DatasetUse, ErrorClass, ReportEvent, Step};

/// Where a report stands: the last step that is done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReportState {
    #[default]
    Unknown,
    Requested,
    FactsCollected,
    NarrativeReceived,
    /// Something was refused, and the model is to mend it.
    NarrativeRejected,
    NarrativeAccepted,
    Rendered,
    Stored,
    Failed,
}

/// Answers of the model that a report may take: the first, and two repairs of it.
pub const MOST_ANSWERS: u32 = 3;

/// What the next step needs to know of the steps before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    state: ReportState,
    pub order: Uuid,
    pub version: u32,
    pub study: String,
    pub commune: String,
    pub sheet_sha256: Option<String>,
    /// What the model answered, in order: artefacts.
    pub answers: Vec<String>,
    pub narrative_sha256: Option<String>,
    pub pdf_sha256: Option<String>,
    signed_sha256: Option<String>,
    pub stored_key: Option<String>,
    failures: Vec<(Step, u32)>,
}

impl Report {
    #[must_use]
    pub fn state(&self) -> ReportState {
        self.state
    }

    /// The round of the last answer; 0 before the first.
    #[must_use]
    pub fn round(&self) -> u32 {
        u32::try_from(self.answers.len()).unwrap_or(u32::MAX)
    }

    /// Digest of the bytes that are stored and delivered: signed, or as printed.
    #[must_use]
    pub fn delivered_sha256(&self) -> Option<&String> {
        self.signed_sha256.as_ref().or(self.pdf_sha256.as_ref())
    }

    /// The business rules, as a pure function of history and command.
    fn decide(&self, command: ReportCommand) -> Result<Vec<ReportEvent>, ReportError> {
        use {ReportCommand as C, ReportEvent as E, ReportState as S};
        match (command, self.state) {
            (C::Request { order, version, study, commune }, S::Unknown) => {
                Ok(vec![E::ReportRequested { order, version, study, commune }])
            }
            (C::Request { .. }, _) => Ok(vec![]),
            (command, S::Unknown) => Err(ReportError::Unknown { command: command.name() }),
            (C::RecordFacts { sheet_sha256, n, by_status, datasets, specimen }, S::Requested) => {
                Ok(vec![E::FactsCollected { sheet_sha256, n, by_status, datasets, specimen }])
            }
            (C::RecordFacts { .. }, S::Failed) => Err(self.not_now("RecordFacts")),
            (C::RecordFacts { .. }, _) => Ok(vec![]),
            // An answer that comes twice is of a round that has one.
            (C::RecordAnswer(answer), S::FactsCollected | S::NarrativeRejected) if answer.round == self.round() + 1 => {
                Ok(vec![E::NarrativeReceived {
                    answer_sha256: answer.answer_sha256,
                    model: answer.model,
                    prompt_sha256: answer.prompt_sha256,
                    input_tokens: answer.input_tokens,
                    output_tokens: answer.output_tokens,
                    cost_micro_usd: answer.cost_micro_usd,
                    stop_reason: answer.stop_reason,
                }])
            }
            (C::RecordAnswer(_), S::Requested | S::Failed) => Err(self.not_now("RecordAnswer")),
            (C::RecordAnswer(_), _) => Ok(vec![]),
            (C::RejectAnswer { round, errors }, S::NarrativeReceived) if round == self.round() => {
                if round >= MOST_ANSWERS {
                    return Err(ReportError::NoMoreRounds { rounds: round });
                }
                Ok(self.rejected(errors).into_iter().collect())
            }
            (C::RejectAnswer { .. }, S::Requested | S::FactsCollected | S::Failed) => Err(self.not_now("RejectAnswer")),
            (C::RejectAnswer { .. }, _) => Ok(vec![]),
            (
                C::AcceptNarrative { narrative_sha256, by_block, rejected },
                S::FactsCollected | S::NarrativeReceived | S::NarrativeRejected,
            ) => {
                let mut events = Vec::new();
                // What was refused before a repair is told already.
                if self.state == S::NarrativeReceived && !rejected.is_empty() {
                    events.extend(self.rejected(rejected));
                }
                events.push(E::NarrativeAccepted { narrative_sha256, by_block });
                Ok(events)
            }
            (C::AcceptNarrative { .. }, S::Requested | S::Failed) => Err(self.not_now("AcceptNarrative")),
            (C::AcceptNarrative { .. }, _) => Ok(vec![]),
            (C::RecordRendering(rendering), S::NarrativeAccepted | S::Rendered) => {
                // The same bytes again (a retry before the upload) are no news; other bytes are (the renderer or the
                // key changed).
                if self.pdf_sha256.as_ref() == Some(&rendering.pdf_sha256)
                    && self.signed_sha256 == rendering.signed_sha256
                {
                    return Ok(vec![]);
                }
                Ok(vec![rendering.into_event()])
            }
            (C::RecordRendering(_), S::Stored) => Ok(vec![]),
            (C::RecordStorage { key, sha256, bytes, filename }, S::Rendered) => {
                if self.delivered_sha256() != Some(&sha256) {
                    return Err(ReportError::OtherBytes { rendered: self.delivered_sha256().cloned(), stored: sha256 });
                }
                Ok(vec![E::ReportStored { key, sha256, bytes, filename }])
            }
            (C::RecordStorage { .. }, S::Stored) => Ok(vec![]),
            (C::RecordFailure { .. } | C::Fail { .. }, S::Stored | S::Failed) => Ok(vec![]),
            (C::RecordFailure { step, class, attempt }, _) => {
                let known = self.failures.contains(&(step, attempt));
                Ok(if known { vec![] } else { vec![E::StepFailed { step, class, attempt }] })
            }
            (C::Fail { step, class }, _) => Ok(vec![E::ReportFailed { step, class }]),
            (command, _) => Err(self.not_now(command.name())),
        }
    }

    fn rejected(&self, errors: Vec<String>) -> Option<ReportEvent> {
        Some(ReportEvent::NarrativeRejected { answer_sha256: self.answers.last()?.clone(), errors })
    }

    fn not_now(&self, command: &'static str) -> ReportError {
        ReportError::NotNow { command, state: self.state }
    }
}

impl Aggregate for Report {
    const TYPE: &'static str = "report";
    type Command = ReportCommand;
    type Event = ReportEvent;
    type Error = ReportError;
    type Services = ();

    async fn handle(&mut self, command: ReportCommand, (): &(), sink: &EventSink<Self>) -> Result<(), ReportError> {
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: ReportEvent) {
        match event {
            ReportEvent::ReportRequested { order, version, study, commune } => {
                *self = Self { state: ReportState::Requested, order, version, study, commune, ..Self::default() };
            }
            ReportEvent::FactsCollected { sheet_sha256, .. } => {
                self.sheet_sha256 = Some(sheet_sha256);
                self.state = ReportState::FactsCollected;
            }
            ReportEvent::NarrativeReceived { answer_sha256, .. } => {
                self.answers.push(answer_sha256);
                self.state = ReportState::NarrativeReceived;
            }
            ReportEvent::NarrativeRejected { .. } => self.state = ReportState::NarrativeRejected,
            ReportEvent::NarrativeAccepted { narrative_sha256, .. } => {
                self.narrative_sha256 = Some(narrative_sha256);
                self.state = ReportState::NarrativeAccepted;
            }
            ReportEvent::ReportRendered { pdf_sha256, signed_sha256, .. } => {
                self.pdf_sha256 = Some(pdf_sha256);
                self.signed_sha256 = signed_sha256;
                self.state = ReportState::Rendered;
            }
            ReportEvent::ReportStored { key, .. } => {
                self.stored_key = Some(key);
                self.state = ReportState::Stored;
            }
            ReportEvent::StepFailed { step, attempt, .. } => self.failures.push((step, attempt)),
            ReportEvent::ReportFailed { .. } => self.state = ReportState::Failed,
        }
    }
}
