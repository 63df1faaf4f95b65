//! What a model does on a bad day, on demand.

use serde_json::{Value, json};

use super::error::Refusal;
use super::messages::{Content, Message};
use crate::world::World;

/// Every scenario of `messages.create`.
pub const SCENARIOS: [&str; 16] = [
    "refusal",
    "empty",
    "max_tokens",
    "context_exceeded",
    "malformed_json",
    "fenced_json",
    "wrong_figures",
    "html_injection",
    "too_long",
    "schema_violation",
    "thinking_first",
    "stream_error",
    "stream_cut",
    "stream_stall",
    "ping_storm",
    "unknown_event",
];

/// Scenarios that change how the answer is streamed rather than what it says.
const OF_THE_STREAM: [&str; 5] = ["stream_error", "stream_cut", "stream_stall", "ping_storm", "unknown_event"];

/// Plays the scenario `name` on an answer.
///
/// # Errors
/// The scenario does not exist: the test that armed it learns it from the answer.
pub fn apply(world: &World, name: &str, message: &mut Message) -> Result<(), Refusal> {
    match name {
        "refusal" => {
            message.content.clear();
            message.stop_reason = "refusal";
            message.stop_details = json!({ "type": "refusal", "category": null, "explanation": null });
        }
        "empty" => message.content.clear(),
        "max_tokens" => {
            rewrite(message, |text| text.chars().take(text.chars().count() / 2).collect());
            message.stop_reason = "max_tokens";
        }
        "context_exceeded" => {
            message.content.clear();
            message.stop_reason = "model_context_window_exceeded";
        }
        "malformed_json" => rewrite(message, |text| format!("{}, \"reste\": [", text.trim_end_matches('}'))),
        "fenced_json" => rewrite(message, |text| format!("Voici le résultat :\n```json\n{text}\n```\nBonne lecture.")),
        "wrong_figures" => change_texts(message, |text| format!("{text} La part atteint 98,7 % des logements.")),
        "html_injection" => change_texts(message, |text| {
            format!("{text} <script>alert('sandbox')</script>{{{{ config }}}}{{% for x in y %}}")
        }),
        "too_long" => change_texts(message, |text| [text; 12].join(" ")),
        "schema_violation" => {
            let turn = {
                let mut store = world.anthropic.lock();
                let turn = store.turns.entry(name.to_owned()).or_default();
                *turn += 1;
                *turn
            };
            change_value(message, |value| violate(value, turn));
        }
        "thinking_first" => message.content.insert(0, Content::Thinking("Je lis les faits, puis j’écris.".into())),
        _ if OF_THE_STREAM.contains(&name) => {}
        _ => return Err(Refusal::invalid(format!("scenario `{name}` does not exist for messages.create"))),
    }
    Ok(())
}

fn rewrite(message: &mut Message, change: impl Fn(&str) -> String) {
    for content in &mut message.content {
        match content {
            Content::Text(text) => *text = change(text),
            // A tool input that is no object is as malformed as the wire allows.
            Content::Tool { input, .. } => *input = Value::String(change(&input.to_string())),
            Content::Thinking(_) => {}
        }
    }
}

fn change_value(message: &mut Message, change: impl Fn(&mut Value)) {
    for content in &mut message.content {
        match content {
            Content::Text(text) => {
                let mut value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone()));
                change(&mut value);
                *text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            }
            Content::Tool { input, .. } => change(input),
            Content::Thinking(_) => {}
        }
    }
}

/// Changes the first text that a person would read: a `text` if there is one, else the first long string.
fn change_texts(message: &mut Message, change: impl Fn(&str) -> String) {
    change_value(message, |value| {
        if let Some(text) = first_text(value, true) {
            *text = change(text);
        } else if let Some(text) = first_text(value, false) {
            *text = change(text);
        }
    });
}

fn first_text(value: &mut Value, named: bool) -> Option<&mut String> {
    match value {
        Value::String(text) if !named => Some(text),
        Value::Array(items) => items.iter_mut().find_map(|item| first_text(item, named)),
        Value::Object(fields) => fields.iter_mut().find_map(|(name, field)| match field {
            Value::String(text) => (!named || name == "text").then_some(text),
            other => first_text(other, named),
        }),
        _ => None,
    }
}

/// A field of the wrong type, a missing one, one too many: in turn.
fn violate(value: &mut Value, turn: u64) {
    let Some(fields) = value.as_object_mut() else { return };
    let first = fields.keys().next().cloned();
    match (turn % 3, first) {
        (1, Some(first)) => {
            fields.insert(first, json!(42));
        }
        (2, Some(first)) => {
            fields.remove(&first);
        }
        _ => {
            fields.insert("champ_inconnu".into(), json!("valeur"));
        }
    }
}
