//! Fixed answers: what a test wants to hear for a given prompt.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::request::Request;

/// An answer for the prompts that match.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedAnswer {
    #[serde(rename = "match")]
    pub matching: Match,
    /// JSON is sent as its text; a string is sent as it is.
    pub answer: Value,
}

/// Which prompts; all the given conditions must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Match {
    /// `metadata.user_id` of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<String>,
    /// A piece of the prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contains: Option<String>,
}

/// The answers that are fixed, oldest first.
#[derive(Default)]
pub struct Fixed(Vec<FixedAnswer>);

impl Fixed {
    /// Fixes an answer, in place of an older one for the same prompts.
    pub fn put(&mut self, answer: FixedAnswer) {
        self.0.retain(|known| known.matching != answer.matching);
        self.0.push(answer);
    }

    /// The answers, oldest first.
    pub fn list(&self) -> &[FixedAnswer] {
        &self.0
    }

    /// Forgets them all.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The text for a prompt, from the newest answer that matches.
    pub(super) fn answer(&self, request: &Request, prompt: &str) -> Option<String> {
        self.0.iter().rev().find(|known| known.matching.holds(request, prompt)).map(|known| match &known.answer {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    }
}

impl Match {
    fn holds(&self, request: &Request, prompt: &str) -> bool {
        self.metadata.as_deref().is_none_or(|wanted| request.user() == Some(wanted))
            && self.contains.as_deref().is_none_or(|piece| prompt.contains(piece))
    }
}
