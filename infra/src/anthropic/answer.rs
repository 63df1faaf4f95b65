//! A message of the model, read with tolerance: block types that we do not know are skipped.

use serde::Deserialize;
use serde_json::Value;

/// Tokens, as billed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Usage {
    pub input_tokens: u64,
    pub output_tokens: u64,
    #[serde(deserialize_with = "or_zero")]
    pub cache_creation_input_tokens: u64,
    #[serde(deserialize_with = "or_zero")]
    pub cache_read_input_tokens: u64,
}

impl Usage {
    /// Everything that was read, from the cache or not.
    pub fn all_input(&self) -> u64 {
        self.input_tokens.saturating_add(self.cache_creation_input_tokens).saturating_add(self.cache_read_input_tokens)
    }
}

/// The whole message, plain or put together from a stream.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Message {
    pub model: String,
    #[serde(default)]
    pub content: Vec<Block>,
    pub stop_reason: Option<String>,
    #[serde(default)]
    pub usage: Usage,
}

#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
pub(super) struct Block {
    #[serde(rename = "type")]
    pub kind: String,
    /// Of a streamed tool call: its input, as JSON text.
    #[serde(default)]
    pub text: String,
    /// Of a tool call that came whole.
    #[serde(default)]
    pub input: Value,
}

/// What a stop reason means for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// Read it and judge it.
    Whole,
    /// Room was too small; never read leniently.
    Truncated,
    /// An answer that no repetition would better: a refusal, or a question too long.
    Final,
    /// A failed attempt.
    Failed,
}

impl Message {
    pub fn ending(&self) -> Ending {
        match self.stop_reason.as_deref() {
            Some("end_turn" | "tool_use") => Ending::Whole,
            Some("max_tokens") => Ending::Truncated,
            Some("refusal" | "model_context_window_exceeded") => Ending::Final,
            _ => Ending::Failed,
        }
    }

    /// The JSON text of a whole answer; nothing of any other.
    pub fn text(&self) -> String {
        if self.ending() != Ending::Whole {
            return String::new();
        }
        if let Some(call) = self.content.iter().find(|block| block.kind == "tool_use") {
            return if call.text.is_empty() { call.input.to_string() } else { call.text.clone() };
        }
        self.content.iter().filter(|block| block.kind == "text").map(|block| block.text.as_str()).collect()
    }
}

fn or_zero<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn message(stop_reason: &str, content: &Value) -> Message {
        serde_json::from_value(json!({"model": "m", "stop_reason": stop_reason, "content": content})).unwrap()
    }

    #[test]
    fn only_text_blocks_make_the_answer() {
        let read: Message = serde_json::from_value(json!({"model": "m", "stop_reason": "end_turn", "content": [
            {"type": "thinking", "thinking": "…", "text": "not this"},
            {"type": "text", "text": "{\"titre\":"}, {"type": "text", "text": " \"Nantes\"}"}],
            "usage": {"input_tokens": 5, "output_tokens": 2, "cache_read_input_tokens": 18, "cache_creation_input_tokens": null}}))
        .unwrap();
        assert_eq!(read.text(), "{\"titre\": \"Nantes\"}");
        assert_eq!(read.usage.all_input(), 23);
    }

    #[test]
    fn the_input_of_a_tool_is_an_answer() {
        let content = json!([{"type": "text", "text": "Voici."}, {"type": "tool_use", "input": {"titre": "Nantes"}}]);
        assert_eq!(message("tool_use", &content).text(), "{\"titre\":\"Nantes\"}");
    }

    #[test]
    fn what_did_not_end_by_itself_has_no_text_whatever_it_holds() {
        let content = json!([{"type": "text", "text": "{\"titre\": \"Nantes\"}"}]);
        for (reason, ending) in [
            ("refusal", Ending::Final),
            ("model_context_window_exceeded", Ending::Final),
            ("max_tokens", Ending::Truncated),
            ("pause_turn", Ending::Failed),
            ("stop_sequence", Ending::Failed),
            ("something_new", Ending::Failed),
        ] {
            let read = message(reason, &content);
            assert_eq!((read.ending(), read.text().as_str()), (ending, ""), "{reason}");
        }
    }
}
