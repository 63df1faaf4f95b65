//! The models on offer, with the states they had in November 2026.

use serde_json::{Value, json};

use super::error::Refusal;

struct Model {
    id: &'static str,
    name: &'static str,
    lifecycle: &'static str,
    retires_at: Option<&'static str>,
    released: &'static str,
    context: u64,
    output: u64,
}

const MODELS: [Model; 4] = [
    Model {
        id: "claude-sonnet-5-5",
        name: "Claude Sonnet 5.5",
        lifecycle: "active",
        retires_at: None,
        released: "2026-09-15T00:00:00Z",
        context: 1_000_000,
        output: 128_000,
    },
    Model {
        id: "claude-sonnet-5",
        name: "Claude Sonnet 5",
        lifecycle: "active",
        retires_at: None,
        released: "2026-05-20T00:00:00Z",
        context: 1_000_000,
        output: 128_000,
    },
    Model {
        id: "claude-sonnet-4-6",
        name: "Claude Sonnet 4.6",
        lifecycle: "active",
        retires_at: None,
        released: "2026-02-17T00:00:00Z",
        context: 1_000_000,
        output: 128_000,
    },
    Model {
        id: "claude-sonnet-4-5",
        name: "Claude Sonnet 4.5",
        lifecycle: "deprecated",
        retires_at: Some("2026-11-30T00:00:00Z"),
        released: "2025-09-29T00:00:00Z",
        context: 200_000,
        output: 64_000,
    },
];

impl Model {
    fn to_json(&self) -> Value {
        json!({
            "type": "model", "id": self.id, "display_name": self.name, "created_at": self.released,
            "lifecycle": self.lifecycle, "retires_at": self.retires_at, "max_input_tokens": self.context,
            "max_tokens": self.output, "capabilities": { "structured_outputs": { "supported": true } },
        })
    }
}

/// All models, newest first.
pub fn list() -> Value {
    let data: Vec<Value> = MODELS.iter().map(Model::to_json).collect();
    json!({ "data": data, "has_more": false, "first_id": MODELS[0].id, "last_id": MODELS[MODELS.len() - 1].id })
}

/// One model.
pub fn retrieve(id: &str) -> Result<Value, Refusal> {
    find(id).map(Model::to_json)
}

/// The most output tokens of a model.
pub fn max_output(id: &str) -> Result<u64, Refusal> {
    find(id).map(|model| model.output)
}

fn find(id: &str) -> Result<&'static Model, Refusal> {
    MODELS.iter().find(|model| model.id == id).ok_or_else(|| Refusal::not_found(format!("model: {id}")))
}
