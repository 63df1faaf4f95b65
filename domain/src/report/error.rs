//! Why a report refuses a command.

use super::ReportState;

/// A refusal changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    #[error("there is no such report: request it before {command}")]
    Unknown { command: &'static str },
    #[error("{command} is not possible while the report is {state:?}")]
    NotNow { command: &'static str, state: ReportState },
    #[error("the model answered {rounds} times: what is still refused is for the rules to write (AcceptNarrative)")]
    NoMoreRounds { rounds: u32 },
    #[error("the stored bytes hash to {stored}, the rendered ones to {rendered:?}: the upload is not this report")]
    OtherBytes { rendered: Option<String>, stored: String },
}
