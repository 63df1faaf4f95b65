//! Faults that could never happen are refused when they are armed, rather than wondered about later.

use serde_json::{Value, json};

use super::{Effect, Fault};
use crate::call::Service;
use crate::{ademe, anthropic, brevo, s3};

/// What is wrong with a fault.
#[derive(Debug, thiserror::Error)]
#[error("{field} cannot be {value}: {remedy}")]
pub struct Mistake {
    pub field: &'static str,
    pub value: Value,
    pub remedy: String,
}

/// The scenarios of a service.
pub fn scenarios(service: Service) -> &'static [&'static str] {
    match service {
        Service::Anthropic => &anthropic::SCENARIOS,
        Service::Ademe => &ademe::SCENARIOS,
        Service::Brevo => &brevo::SCENARIOS,
        Service::S3 => &s3::SCENARIOS,
        Service::Stripe => &[],
    }
}

impl Fault {
    /// Refuses what could never happen: a scenario of another service, a chance above one, no status to answer with.
    ///
    /// # Errors
    /// Names the field, its value and the remedy.
    pub fn check(&self) -> Result<(), Mistake> {
        let mistake = |field, value, remedy: &str| Err(Mistake { field, value, remedy: remedy.to_owned() });
        if !(0.0..=1.0).contains(&self.probability) {
            return mistake("probability", json!(self.probability), "use a number from 0 to 1");
        }
        if self.times == Some(0) {
            return mistake("times", json!(0), "use 1 or more, or null for until removed");
        }
        match &self.effect {
            Effect::Status(failure) if !(200..=599).contains(&failure.status) => {
                mistake("effect.status", json!(failure.status), "use an HTTP status, 200 to 599")
            }
            Effect::CommitThenFail { status: None, reset: false, .. } => {
                mistake("effect", json!("commit_then_fail"), "give a status, or \"reset\": true")
            }
            Effect::CommitThenFail { status: Some(_), reset: true, .. } => {
                mistake("effect.reset", json!(true), "give a status or a reset, not both")
            }
            Effect::CommitThenFail { status: Some(status), .. } if !(200..=599).contains(status) => {
                mistake("effect.status", json!(status), "use an HTTP status, 200 to 599")
            }
            Effect::Scenario { name } if !scenarios(self.service).contains(&name.as_str()) => {
                let known = scenarios(self.service).join(", ");
                let service = self.service.name();
                let remedy = match known.as_str() {
                    "" => format!("{service} has no scenario"),
                    known => format!("{service} has: {known}"),
                };
                mistake("effect.name", json!(name), &remedy)
            }
            _ => Ok(()),
        }
    }
}
