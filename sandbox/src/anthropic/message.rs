//! An answer before it is written to the wire.

use serde_json::{Value, json};

use super::cache;

/// One content block of an answer.
#[derive(Clone, Debug)]
pub enum Content {
    Text(String),
    /// `json` is the input as it is streamed; cut or spoilt, it is no JSON any more.
    Tool {
        id: String,
        name: String,
        json: String,
    },
    Thinking(String),
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Message {
    pub id: String,
    pub model: String,
    pub content: Vec<Content>,
    pub stop_reason: &'static str,
    pub stop_sequence: Option<String>,
    pub stop_details: Value,
    pub usage: Usage,
}

/// What the call costs, in tokens.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    pub input: u64,
    pub output: u64,
    /// Written to the cache of five minutes.
    pub written_5m: u64,
    /// Written to the cache of an hour.
    pub written_1h: u64,
    pub cache_read: u64,
}

impl Usage {
    pub fn to_json(self) -> Value {
        json!({
            "input_tokens": self.input, "output_tokens": self.output,
            "cache_creation_input_tokens": self.written_5m + self.written_1h,
            "cache_creation": {
                "ephemeral_5m_input_tokens": self.written_5m, "ephemeral_1h_input_tokens": self.written_1h },
            "cache_read_input_tokens": self.cache_read, "service_tier": "standard",
        })
    }

    /// Everything that counts against the limit of input tokens.
    pub fn limited_input(self) -> u64 {
        self.input + self.written_5m + self.written_1h
    }
}

impl Content {
    /// What is streamed of it, letter by letter.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Thinking(text) | Self::Tool { json: text, .. } => text,
        }
    }

    /// The same, to be changed.
    pub fn text_mut(&mut self) -> &mut String {
        match self {
            Self::Text(text) | Self::Thinking(text) | Self::Tool { json: text, .. } => text,
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Self::Text(text) => json!({ "type": "text", "text": text, "citations": null }),
            Self::Tool { id, name, json } => {
                // An input is an object on the wire, whatever became of what was written.
                let input: Value =
                    serde_json::from_str(json).ok().filter(Value::is_object).unwrap_or_else(|| json!({}));
                json!({ "type": "tool_use", "id": id, "name": name, "input": input })
            }
            Self::Thinking(thinking) => json!({ "type": "thinking", "thinking": thinking, "signature": SIGNATURE }),
        }
    }
}

/// Stands for the encrypted thought, which nobody but the vendor reads.
pub const SIGNATURE: &str = "c2FuZGJveA==";

impl Message {
    /// Ends the text at the first stop sequence.
    pub fn stop_at<'a>(&mut self, sequences: impl Iterator<Item = &'a str>) {
        let sequences: Vec<&str> = sequences.collect();
        for index in 0..self.content.len() {
            let Content::Text(text) = &mut self.content[index] else { continue };
            let found = sequences.iter().filter_map(|stop| Some((text.find(stop)?, *stop))).min();
            if let Some((at, stop)) = found {
                text.truncate(at);
                self.content.truncate(index + 1);
                self.stop_reason = "stop_sequence";
                self.stop_sequence = Some(stop.to_owned());
                return;
            }
        }
    }

    /// Cuts what is longer than allowed, says so, and counts what is left.
    pub fn fit(&mut self, max_tokens: u64) {
        let mut left = cache::chars(max_tokens);
        let mut kept = String::new();
        for index in 0..self.content.len() {
            let text = self.content[index].text_mut();
            if text.chars().count() > left {
                *text = text.chars().take(left).collect();
                kept.push_str(text);
                self.content.truncate(index + 1);
                self.stop_reason = "max_tokens";
                break;
            }
            left -= text.chars().count();
            kept.push_str(text);
        }
        self.usage.output = cache::of_text(&kept);
    }

    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id, "type": "message", "role": "assistant", "model": self.model,
            "content": self.content.iter().map(Content::to_json).collect::<Vec<_>>(),
            "stop_reason": self.stop_reason, "stop_sequence": self.stop_sequence, "stop_details": self.stop_details,
            "usage": self.usage.to_json(),
        })
    }
}
