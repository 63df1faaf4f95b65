//! Fixed answers: what a test wants to hear for a given prompt.

use serde::{Deserialize, Serialize};
use serde_json::Value;

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
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Match {
    /// `metadata.user_id` of the request.
    pub metadata: Option<String>,
    /// A piece of the prompt.
    pub contains: Option<String>,
}

impl FixedAnswer {
    /// The answer's text, when the prompt matches.
    pub fn text(&self, request: &Value, prompt: &str) -> Option<String> {
        let user = request["metadata"]["user_id"].as_str();
        let metadata = self.matching.metadata.as_deref().is_none_or(|wanted| user == Some(wanted));
        let contains = self.matching.contains.as_deref().is_none_or(|piece| prompt.contains(piece));
        (metadata && contains).then(|| match &self.answer {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    }
}
