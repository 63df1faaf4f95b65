//! The models on offer, with the states they had in November 2026.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::error::Refusal;
use crate::call::Call;

/// Models of one page, unless asked otherwise.
const PAGE: usize = 20;
const PAGE_MOST: usize = 1_000;

struct Model {
    id: &'static str,
    name: &'static str,
    deprecated_at: Option<&'static str>,
    retires_at: Option<&'static str>,
    released: &'static str,
    context: u64,
    output: u64,
    structured: bool,
}

/// Newest first.
const MODELS: [Model; 5] = [
    Model {
        id: "claude-sonnet-5-5",
        name: "Claude Sonnet 5.5",
        deprecated_at: None,
        retires_at: None,
        released: "2026-09-15T00:00:00Z",
        context: 1_000_000,
        output: 128_000,
        structured: true,
    },
    Model {
        id: "claude-sonnet-5",
        name: "Claude Sonnet 5",
        deprecated_at: None,
        retires_at: None,
        released: "2026-05-20T00:00:00Z",
        context: 1_000_000,
        output: 128_000,
        structured: true,
    },
    Model {
        id: "claude-sonnet-4-6",
        name: "Claude Sonnet 4.6",
        deprecated_at: None,
        retires_at: None,
        released: "2026-02-17T00:00:00Z",
        context: 1_000_000,
        output: 128_000,
        structured: true,
    },
    Model {
        id: "claude-sonnet-4-5",
        name: "Claude Sonnet 4.5",
        deprecated_at: Some("2026-05-30T00:00:00Z"),
        retires_at: Some("2026-11-30T00:00:00Z"),
        released: "2025-09-29T00:00:00Z",
        context: 200_000,
        output: 64_000,
        structured: true,
    },
    Model {
        id: "claude-3-7-sonnet-20250219",
        name: "Claude Sonnet 3.7",
        deprecated_at: Some("2025-10-28T00:00:00Z"),
        retires_at: Some("2026-02-19T00:00:00Z"),
        released: "2025-02-24T00:00:00Z",
        context: 200_000,
        output: 64_000,
        structured: false,
    },
];

impl Model {
    /// `active`, `deprecated` or `retired`, by the sandbox clock.
    fn lifecycle(&self, now: DateTime<Utc>) -> &'static str {
        let past = |at: Option<&str>| at.and_then(|at| at.parse::<DateTime<Utc>>().ok()).is_some_and(|at| at <= now);
        match (past(self.retires_at), past(self.deprecated_at)) {
            (true, _) => "retired",
            (false, true) => "deprecated",
            (false, false) => "active",
        }
    }

    fn to_json(&self, now: DateTime<Utc>) -> Value {
        let supported = |yes: bool| json!({ "supported": yes });
        json!({
            "type": "model", "id": self.id, "display_name": self.name, "created_at": self.released, "line": "sonnet",
            "lifecycle": self.lifecycle(now), "deprecated_at": self.deprecated_at, "retires_at": self.retires_at,
            "max_input_tokens": self.context, "max_tokens": self.output,
            "capabilities": {
                "batch": supported(true), "citations": supported(true), "code_execution": supported(true),
                "context_management": supported(true), "image_input": supported(true), "pdf_input": supported(true),
                "effort": { "supported": self.structured, "low": supported(self.structured),
                    "medium": supported(self.structured), "high": supported(self.structured), "max": supported(false) },
                "server_tools": { "supported": false, "code_execution": supported(false), "web_search": supported(false) },
                "structured_outputs": supported(self.structured),
                "thinking": { "supported": true, "types": { "adaptive": supported(self.structured),
                    "between_tools": supported(false), "disabled": supported(true), "enabled": supported(true) } },
            },
        })
    }
}

/// What a model can take and give, in tokens.
pub struct Size {
    pub context: u64,
    pub output: u64,
    pub structured: bool,
}

/// `GET /v1/models`: newest first, by pages; retired ones only when they are asked for.
pub fn list(call: &Call, now: DateTime<Utc>) -> Result<Value, Refusal> {
    let stages: Vec<&str> = call
        .query
        .iter()
        .filter(|(name, _)| name == "lifecycle" || name == "lifecycle[]")
        .map(|(_, stage)| stage.as_str())
        .collect();
    if let Some(stage) = stages.iter().find(|stage| !["active", "deprecated", "retired"].contains(stage)) {
        return Err(Refusal::invalid(format!("lifecycle: '{stage}' is not one of active, deprecated, retired")));
    }
    let wanted = |model: &&Model| {
        let stage = model.lifecycle(now);
        if stages.is_empty() { stage != "retired" } else { stages.contains(&stage) }
    };
    let shown: Vec<&Model> = MODELS.iter().filter(wanted).collect();
    let limit = match call.param("limit").map(str::parse::<usize>) {
        None => PAGE,
        Some(Ok(limit)) if (1..=PAGE_MOST).contains(&limit) => limit,
        Some(_) => return Err(Refusal::invalid(format!("limit: a whole number from 1 to {PAGE_MOST} is required"))),
    };
    let place = |cursor: &str, id: &str| {
        let found = shown.iter().position(|model| model.id == id);
        found.ok_or_else(|| Refusal::invalid(format!("{cursor}: no model {id} is in this list")))
    };
    let (page, has_more) = match (call.param("after_id"), call.param("before_id")) {
        (Some(_), Some(_)) => return Err(Refusal::invalid("after_id: not together with before_id")),
        (None, Some(id)) => {
            let end = place("before_id", id)?;
            let start = end.saturating_sub(limit);
            (&shown[start..end], start > 0)
        }
        (after, None) => {
            let start = after.map(|id| place("after_id", id)).transpose()?.map_or(0, |at| at + 1);
            let end = shown.len().min(start + limit);
            (&shown[start..end], end < shown.len())
        }
    };
    let data: Vec<Value> = page.iter().map(|model| model.to_json(now)).collect();
    let id = |model: Option<&&Model>| model.map(|model| model.id);
    Ok(json!({ "data": data, "has_more": has_more, "first_id": id(page.first()), "last_id": id(page.last()) }))
}

/// `GET /v1/models/{id}`: one model, a retired one too.
pub fn retrieve(id: &str, now: DateTime<Utc>) -> Result<Value, Refusal> {
    find(id).map(|model| model.to_json(now))
}

/// The size of a model that can be asked; a retired one cannot.
pub fn size(id: &str, now: DateTime<Utc>) -> Result<Size, Refusal> {
    let model = find(id).ok().filter(|model| model.lifecycle(now) != "retired").ok_or_else(|| unknown(id))?;
    Ok(Size { context: model.context, output: model.output, structured: model.structured })
}

fn find(id: &str) -> Result<&'static Model, Refusal> {
    MODELS.iter().find(|model| model.id == id).ok_or_else(|| unknown(id))
}

fn unknown(id: &str) -> Refusal {
    Refusal::not_found(format!("model: {id}"))
}
