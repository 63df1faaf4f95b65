//! What a model does on a bad day, on demand.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::error::Refusal;
use super::message::{Content, Message};
use super::prompt::{self, Data};
use super::request::Request;
use crate::world::World;

/// Every scenario of `messages.create`.
pub const SCENARIOS: [&str; 20] = [
    "refusal",
    "empty",
    "max_tokens",
    "context_exceeded",
    "malformed_json",
    "fenced_json",
    "wrong_figures",
    "free_digits",
    "false_comparison",
    "html_injection",
    "too_long",
    "schema_violation",
    "thinking_first",
    "stream_error",
    "stream_cut",
    "stream_stall",
    "ping_storm",
    "unknown_event",
    "spend_limit",
    "own_spend_limit",
];

/// Scenarios that change how the answer is streamed rather than what it says.
const OF_THE_STREAM: [&str; 5] = ["stream_error", "stream_cut", "stream_stall", "ping_storm", "unknown_event"];

/// Figures that a model could invent; one that the prompt does not hold is quoted.
const INVENTED: [&str; 4] = ["98,7", "87,4", "76,1", "65,8"];

/// `overloaded_error`, a status that HTTP has no name for.
pub const OVERLOADED: StatusCode = match StatusCode::from_u16(529) {
    Ok(status) => status,
    Err(_) => StatusCode::SERVICE_UNAVAILABLE,
};

/// The scenarios in which there is no answer at all.
pub fn refuse(name: &str) -> Result<(), Refusal> {
    match name {
        "spend_limit" => Err(Refusal::spend_limit()),
        "own_spend_limit" => Err(Refusal::own_spend_limit()),
        _ => Ok(()),
    }
}

/// Plays the scenario `name` on an answer.
///
/// # Errors
/// The scenario does not exist: the test that armed it learns it from the answer.
pub fn apply(world: &World, name: &str, request: &Request, message: &mut Message) -> Result<(), Refusal> {
    match name {
        "refusal" => {
            message.content.clear();
            message.stop_reason = "refusal";
            message.stop_details = json!({ "type": "refusal", "category": null, "explanation": null });
        }
        "empty" => message.content.clear(),
        "max_tokens" => {
            rewrite(message, cut_in_a_string);
            message.stop_reason = "max_tokens";
        }
        "context_exceeded" => {
            rewrite(message, cut_in_a_string);
            message.stop_reason = "model_context_window_exceeded";
        }
        "malformed_json" => rewrite(message, |text| format!("{}, \"reste\": [", text.trim_end_matches('}'))),
        "fenced_json" => rewrite(message, |text| format!("Voici le résultat :\n```json\n{text}\n```\nBonne lecture.")),
        "wrong_figures" => {
            let said = request.body.to_string();
            let figure = INVENTED.iter().find(|figure| !said.contains(**figure)).unwrap_or(&INVENTED[0]);
            change_texts(message, |text| format!("{text} La part atteint {figure}\u{a0}% des logements."));
        }
        "free_digits" => {
            // Figures of the data, typed rather than cited.
            let data = Data::read(&prompt::text(&request.body)).unwrap_or_default();
            change_texts(message, |text| {
                data.facts
                    .iter()
                    .fold(text.to_owned(), |text, fact| text.replace(&format!("{{{{fact:{}}}}}", fact.id), &fact.text))
            });
        }
        "false_comparison" => change_value(message, turn_round),
        "html_injection" => change_texts(message, |text| {
            format!("{text} <script>alert('sandbox')</script>{{{{ config }}}}{{% for x in y %}}")
        }),
        "too_long" => change_texts(message, |text| [text; 12].join(" ")),
        "schema_violation" => {
            let turn = world.anthropic.lock().turn(name);
            let schema = request.format().cloned();
            change_value(message, |value| violate(value, schema.as_ref(), turn));
        }
        "thinking_first" => message.content.insert(0, Content::Thinking("Je lis les faits, puis j’écris.".into())),
        _ if OF_THE_STREAM.contains(&name) => {}
        _ => return Err(Refusal::invalid(format!("scenario `{name}` does not exist for messages.create"))),
    }
    Ok(())
}

fn said(message: &mut Message) -> impl Iterator<Item = &mut String> {
    let speaks = |content: &&mut Content| !matches!(content, Content::Thinking(_));
    message.content.iter_mut().filter(speaks).map(Content::text_mut)
}

fn rewrite(message: &mut Message, change: impl Fn(&str) -> String) {
    for text in said(message) {
        *text = change(text);
    }
}

/// The first half of a JSON text, and on to the inside of a string: no lenient reader makes it whole.
fn cut_in_a_string(text: &str) -> String {
    let half = text.chars().count() / 2;
    let (mut inside, mut escaped) = (false, false);
    let mut last_inside = None;
    for (index, (at, letter)) in text.char_indices().enumerate() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            _ if inside => {
                last_inside = Some(at + letter.len_utf8());
                if index >= half {
                    break;
                }
            }
            _ => {}
        }
    }
    match last_inside {
        Some(end) => text[..end].to_owned(),
        None => text.chars().take(half).collect(),
    }
}

fn change_value(message: &mut Message, change: impl Fn(&mut Value)) {
    for text in said(message) {
        let mut value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.clone()));
        change(&mut value);
        *text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
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

/// Says the contrary of the first comparison, in its words and in its claim; where nothing is compared, compares.
fn turn_round(value: &mut Value) {
    if let Some(item) = first_comparison(value) {
        let text = item["text"].as_str().unwrap_or_default().to_owned();
        let is_more = text.contains("supérieur");
        let (from, to, op) =
            if is_more { ("supérieur", "inférieur", "lt") } else { ("inférieur", "supérieur", "gt") };
        item["text"] = json!(text.replacen(from, to, 1));
        for claim in item["claims"].as_array_mut().into_iter().flatten() {
            if matches!(claim["op"].as_str(), Some("gt" | "lt")) {
                claim["op"] = json!(op);
                break;
            }
        }
    } else if let Some(text) = first_text(value, true) {
        text.push_str(" La commune est nettement au-dessus de la région.");
    }
}

fn first_comparison(value: &mut Value) -> Option<&mut Value> {
    match value {
        Value::Array(items) => items.iter_mut().find_map(first_comparison),
        Value::Object(fields) => {
            let compares = fields
                .get("claims")
                .and_then(Value::as_array)
                .is_some_and(|claims| claims.iter().any(|claim| matches!(claim["op"].as_str(), Some("gt" | "lt"))));
            if compares { Some(value) } else { value.as_object_mut()?.values_mut().find_map(first_comparison) }
        }
        _ => None,
    }
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
fn violate(value: &mut Value, schema: Option<&Value>, turn: u64) {
    let Some(fields) = value.as_object_mut() else { return };
    // Only a field that must be there is missed.
    let required = schema.and_then(|schema| schema["required"].as_array()?.first()?.as_str());
    let field = required.map(str::to_owned).or_else(|| fields.keys().next().cloned());
    match (turn % 3, field) {
        (1, Some(field)) => {
            let wrong = if fields.get(&field).is_some_and(Value::is_number) { json!("beaucoup") } else { json!(42) };
            fields.insert(field, wrong);
        }
        (2, Some(field)) => {
            fields.remove(&field);
        }
        _ => {
            fields.insert("champ_inconnu".into(), json!("valeur"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cut_is_in_the_middle_of_a_string() {
        let cut = cut_in_a_string(r#"{"a":"court","b":"un texte \"cité\" plus long","c":[1,2,3]}"#);
        assert!(cut.matches('"').count() % 2 == 1 || cut.contains("\\\""), "{cut}");
        assert!(cut.starts_with(r#"{"a":"court","b":"un t"#) && !cut.ends_with('"'), "{cut}");
        assert_eq!(cut_in_a_string(r#"{"a":"un seul texte","b":[1,2,3,4,5,6,7,8,9]}"#), r#"{"a":"un seul texte","b"#);
        assert_eq!(cut_in_a_string("abcdef"), "abc");
    }

    #[test]
    fn a_comparison_is_turned_round_in_words_and_claim() {
        let mut answer = json!({ "blocks": [
            { "id": "a", "text": "Neutre.", "claims": [] },
            { "id": "b", "text": "un niveau supérieur à celui", "claims": [{ "op": "up", "a": "y" }, { "op": "gt", "a": "x", "b": "y" }] },
        ] });
        turn_round(&mut answer);
        assert_eq!(answer["blocks"][1]["text"], "un niveau inférieur à celui");
        assert_eq!(answer["blocks"][1]["claims"][1]["op"], "lt");
        assert_eq!(answer["blocks"][0]["text"], "Neutre.");
        let mut plain = json!({ "blocks": [{ "id": "a", "text": "Neutre.", "claims": [] }] });
        turn_round(&mut plain);
        assert!(plain["blocks"][0]["text"].as_str().unwrap().ends_with("au-dessus de la région."));
    }

    #[test]
    fn violations_take_turns() {
        let schema = json!({ "required": ["b"] });
        let spoilt = |turn| {
            let mut value = json!({ "a": "x", "b": 3 });
            violate(&mut value, Some(&schema), turn);
            value
        };
        assert_eq!(spoilt(1), json!({ "a": "x", "b": "beaucoup" }));
        assert_eq!(spoilt(2), json!({ "a": "x" }));
        assert_eq!(spoilt(3), json!({ "a": "x", "b": 3, "champ_inconnu": "valeur" }));
    }
}
