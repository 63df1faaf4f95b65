//! The turns of a conversation, and what may stand in them.

use serde_json::Value;

use super::error::Refusal;

/// Blocks of the caller's turns.
const OF_USER: [&str; 5] = ["text", "image", "document", "search_result", "tool_result"];
/// Blocks of the model's turns.
const OF_ASSISTANT: [&str; 5] = ["text", "thinking", "redacted_thinking", "tool_use", "document"];

/// Checks `system` and `messages`; `newest` is the version that removed documents and citations.
pub fn check(body: &Value, newest: bool) -> Result<(), Refusal> {
    system(&body["system"])?;
    let messages = match &body["messages"] {
        Value::Null => return Err(Refusal::required("messages")),
        messages => messages.as_array().filter(|messages| !messages.is_empty()),
    };
    let messages = messages.ok_or_else(|| Refusal::invalid("messages: at least one message is required"))?;
    for (index, message) in messages.iter().enumerate() {
        let at = format!("messages.{index}");
        let role = message["role"].as_str().unwrap_or_default();
        if !matches!(role, "user" | "assistant") {
            return Err(Refusal::invalid(format!("{at}.role: {} is not \"user\" or \"assistant\"", message["role"])));
        }
        if index == 0 && role != "user" {
            return Err(Refusal::invalid(format!("{at}.role: first message must use the \"user\" role")));
        }
        content(&message["content"], role, newest, &format!("{at}.content"))?;
    }
    prefill(messages)?;
    answered(messages)
}

/// Whether a document asks for citations.
pub fn cites(body: &Value) -> bool {
    blocks(body).any(|block| block["citations"]["enabled"] == Value::Bool(true))
}

/// The blocks of all messages.
fn blocks(body: &Value) -> impl Iterator<Item = &Value> {
    let messages = body["messages"].as_array().into_iter().flatten();
    messages.filter_map(|message| message["content"].as_array()).flatten()
}

fn system(system: &Value) -> Result<(), Refusal> {
    match system {
        Value::Null | Value::String(_) => Ok(()),
        Value::Array(blocks) => {
            for (index, block) in blocks.iter().enumerate() {
                if block["type"] != "text" {
                    return Err(Refusal::invalid(format!("system.{index}.type: must be \"text\"")));
                }
                spoken(block, &format!("system.{index}"))?;
            }
            Ok(())
        }
        _ => Err(Refusal::invalid("system: must be a string or a list of text blocks")),
    }
}

fn content(content: &Value, role: &str, newest: bool, at: &str) -> Result<(), Refusal> {
    let blocks = match content {
        Value::Null => return Err(Refusal::required(at)),
        Value::String(text) if !text.trim().is_empty() => return Ok(()),
        Value::Array(blocks) if !blocks.is_empty() => blocks,
        Value::String(_) | Value::Array(_) => return Err(Refusal::invalid(format!("{at}: must not be empty"))),
        _ => return Err(Refusal::invalid(format!("{at}: must be a string or a list of blocks"))),
    };
    for (index, block) in blocks.iter().enumerate() {
        let at = format!("{at}.{index}");
        let kind = block["type"].as_str().ok_or_else(|| Refusal::required(&format!("{at}.type")))?;
        if !OF_USER.contains(&kind) && !OF_ASSISTANT.contains(&kind) {
            return Err(Refusal::invalid(format!("{at}.type: '{kind}' does not match any of the expected tags")));
        }
        if newest && kind == "document" && role == "assistant" {
            return Err(Refusal::invalid(format!("{at}: `document` blocks are not permitted in assistant messages")));
        }
        let allowed: &[&str] = if role == "user" { &OF_USER } else { &OF_ASSISTANT };
        if !allowed.contains(&kind) {
            return Err(Refusal::invalid(format!("{at}: `{kind}` blocks are not permitted in {role} messages")));
        }
        match kind {
            "text" => {
                spoken(block, &at)?;
                let cited = block["citations"].as_array().is_some_and(|list| !list.is_empty());
                if newest && role == "user" && cited {
                    return Err(Refusal::invalid(format!("{at}.citations: must be empty in user messages")));
                }
            }
            "tool_use" if !(block["id"].is_string() && block["name"].is_string() && block["input"].is_object()) => {
                return Err(Refusal::invalid(format!("{at}: id, name and input are required")));
            }
            "tool_result" if !block["tool_use_id"].is_string() => {
                return Err(Refusal::required(&format!("{at}.tool_use_id")));
            }
            "image" | "document" if !block["source"].is_object() => {
                return Err(Refusal::required(&format!("{at}.source")));
            }
            _ => {}
        }
    }
    Ok(())
}

/// A text block that says something.
fn spoken(block: &Value, at: &str) -> Result<(), Refusal> {
    let text = block["text"].as_str().ok_or_else(|| Refusal::required(&format!("{at}.text")))?;
    if text.trim().is_empty() {
        return Err(Refusal::invalid(format!("{at}.text: text content blocks must contain non-whitespace text")));
    }
    Ok(())
}

/// A last turn of the model is what its answer continues, so it cannot end in a space.
fn prefill(messages: &[Value]) -> Result<(), Refusal> {
    let Some(last) = messages.last().filter(|last| last["role"] == "assistant") else { return Ok(()) };
    let text = last["content"].as_str().or_else(|| last["content"].as_array()?.last()?["text"].as_str());
    if text.is_some_and(|text| text.ends_with(char::is_whitespace)) {
        return Err(Refusal::invalid("messages: final assistant content cannot end with trailing whitespace"));
    }
    Ok(())
}

/// Each call of a tool is answered in the next turn, and nothing else is.
fn answered(messages: &[Value]) -> Result<(), Refusal> {
    let ids = |message: Option<&Value>, kind: &str, id: &str| -> Vec<String> {
        let blocks = message.and_then(|message| message["content"].as_array()).into_iter().flatten();
        blocks.filter(|block| block["type"] == kind).filter_map(|block| block[id].as_str().map(str::to_owned)).collect()
    };
    for (index, message) in messages.iter().enumerate() {
        let results = ids(messages.get(index + 1), "tool_result", "tool_use_id");
        if let Some(id) = ids(Some(message), "tool_use", "id").iter().find(|id| !results.contains(id)) {
            return Err(Refusal::invalid(format!(
                "messages.{index}: `tool_use` ids were found without `tool_result` blocks immediately after: {id}"
            )));
        }
        let calls = ids(index.checked_sub(1).and_then(|before| messages.get(before)), "tool_use", "id");
        if let Some(id) = ids(Some(message), "tool_result", "tool_use_id").iter().find(|id| !calls.contains(id)) {
            return Err(Refusal::invalid(format!("messages.{index}: unexpected `tool_use_id` in `tool_result`: {id}")));
        }
    }
    Ok(())
}
