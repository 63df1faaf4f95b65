//! A message of the model, read with tolerance: block types that we do not know are skipped.

use serde::Deserialize;

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
        self.input_tokens + self.cache_creation_input_tokens + self.cache_read_input_tokens
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
    #[serde(default)]
    pub text: String,
}

impl Message {
    /// The text of the answer; nothing of a refusal counts as one.
    pub fn text(&self) -> String {
        if self.stop_reason.as_deref() == Some("refusal") {
            return String::new();
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

    fn message(body: serde_json::Value) -> Message {
        serde_json::from_value(body).unwrap()
    }

    #[test]
    fn only_text_blocks_make_the_answer() {
        let read = message(json!({"model": "m", "stop_reason": "end_turn", "content": [
            {"type": "thinking", "thinking": "…", "text": "not this"},
            {"type": "text", "text": "{\"titre\":"}, {"type": "text", "text": " \"Nantes\"}"}],
            "usage": {"input_tokens": 5, "output_tokens": 2, "cache_read_input_tokens": 18, "cache_creation_input_tokens": null}}));
        assert_eq!(read.text(), "{\"titre\": \"Nantes\"}");
        assert_eq!(read.usage.all_input(), 23);
    }

    #[test]
    fn a_refusal_has_no_text_whatever_it_holds() {
        let read =
            message(json!({"model": "m", "stop_reason": "refusal", "content": [{"type": "text", "text": "Non."}]}));
        assert_eq!(read.text(), "");
    }
}
