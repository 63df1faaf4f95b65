//! Tools: which requests may offer them, and which of them the model calls.

use serde_json::Value;

use super::error::Refusal;
use super::schema;

const NAME_LONGEST: usize = 128;

/// Checks `tools` and `tool_choice`.
pub fn check(body: &Value) -> Result<(), Refusal> {
    let tools = match &body["tools"] {
        Value::Null => &[],
        Value::Array(tools) => tools.as_slice(),
        _ => return Err(Refusal::invalid("tools: must be a list")),
    };
    for (index, tool) in tools.iter().enumerate() {
        let at = format!("tools.{index}");
        if !matches!(tool["type"].as_str(), None | Some("custom")) {
            return Err(Refusal::invalid(format!("{at}.type: {} is not doubled by this sandbox", tool["type"])));
        }
        let name = tool["name"].as_str().ok_or_else(|| Refusal::required(&format!("{at}.name")))?;
        let letters = name.bytes().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, b'_' | b'-'));
        if name.is_empty() || name.len() > NAME_LONGEST || !letters {
            return Err(Refusal::invalid(format!("{at}.name: should match '^[a-zA-Z0-9_-]{{1,{NAME_LONGEST}}}$'")));
        }
        if tools[..index].iter().any(|other| other["name"] == name) {
            return Err(Refusal::invalid("tools: Tool names must be unique."));
        }
        let input = tool.get("input_schema").ok_or_else(|| Refusal::required(&format!("{at}.input_schema")))?;
        if input["type"] != "object" {
            return Err(Refusal::invalid(format!("{at}.input_schema.type: must be \"object\"")));
        }
        match &tool["strict"] {
            Value::Null | Value::Bool(false) => {}
            Value::Bool(true) => schema::check(input, &format!("{at}.input_schema"))?,
            _ => return Err(Refusal::invalid(format!("{at}.strict: Input should be a valid boolean"))),
        }
    }
    choice(&body["tool_choice"], tools)
}

fn choice(choice: &Value, tools: &[Value]) -> Result<(), Refusal> {
    if choice.is_null() {
        return Ok(());
    }
    if tools.is_empty() {
        return Err(Refusal::invalid("tool_choice: may only be specified while providing tools"));
    }
    let allowed: &[&str] = match choice["type"].as_str() {
        Some("auto" | "any") => &["type", "disable_parallel_tool_use"],
        Some("tool") => &["type", "name", "disable_parallel_tool_use"],
        Some("none") => &["type"],
        _ => return Err(Refusal::invalid("tool_choice.type: must be \"auto\", \"any\", \"tool\" or \"none\"")),
    };
    if let Some(extra) =
        choice.as_object().and_then(|fields| fields.keys().find(|name| !allowed.contains(&name.as_str())))
    {
        return Err(Refusal::extra(&format!("tool_choice.{extra}")));
    }
    let parallel = &choice["disable_parallel_tool_use"];
    if !(parallel.is_null() || parallel.is_boolean()) {
        return Err(Refusal::invalid("tool_choice.disable_parallel_tool_use: Input should be a valid boolean"));
    }
    if choice["type"] == "tool" && !tools.iter().any(|tool| tool["name"] == choice["name"]) {
        return Err(Refusal::invalid(format!("tool_choice.name: no tool is named {}", choice["name"])));
    }
    Ok(())
}

/// The tools that the model calls in its answer.
///
/// A model left free calls the tools that the last turn names, as a helpful one would; one that must call some tool and
/// finds none named calls the first. Several are called at once unless that is disabled.
pub fn called(body: &Value) -> Vec<&Value> {
    let tools: Vec<&Value> = body["tools"].as_array().into_iter().flatten().collect();
    let choice = &body["tool_choice"];
    let said = last_words(body);
    let named = |tool: &&Value| tool["name"].as_str().is_some_and(|name| said.contains(name));
    let mut called: Vec<&Value> = match choice["type"].as_str() {
        Some("none") => Vec::new(),
        Some("tool") => tools.into_iter().filter(|tool| tool["name"] == choice["name"]).collect(),
        Some("any") if !tools.iter().any(named) => tools.into_iter().take(1).collect(),
        _ => tools.into_iter().filter(named).collect(),
    };
    if choice["disable_parallel_tool_use"] == Value::Bool(true) {
        called.truncate(1);
    }
    called
}

/// What the last turn says by itself, without the results of tools.
fn last_words(body: &Value) -> String {
    let content =
        body["messages"].as_array().and_then(|messages| messages.last()).map_or(&Value::Null, |m| &m["content"]);
    match content {
        Value::String(text) => text.clone(),
        Value::Array(blocks) => blocks.iter().filter_map(|block| block["text"].as_str()).collect::<Vec<_>>().join("\n"),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn names(choice: &Value, said: &str) -> Vec<String> {
        let tool = |name: &str| json!({ "name": name, "input_schema": { "type": "object" } });
        let body = json!({ "tools": [tool("chercher"), tool("rediger")], "tool_choice": choice,
            "messages": [{ "role": "user", "content": said }] });
        called(&body).iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn the_choice_decides_which_tools_are_called() {
        let none: [&str; 0] = [];
        assert_eq!(names(&json!(null), "Bonjour"), none);
        assert_eq!(names(&json!({ "type": "auto" }), "Utilise rediger"), ["rediger"]);
        assert_eq!(names(&json!({ "type": "any" }), "Bonjour"), ["chercher"]);
        assert_eq!(names(&json!({ "type": "any" }), "chercher puis rediger"), ["chercher", "rediger"]);
        let one = json!({ "type": "any", "disable_parallel_tool_use": true });
        assert_eq!(names(&one, "chercher puis rediger"), ["chercher"]);
        assert_eq!(names(&json!({ "type": "tool", "name": "rediger" }), "chercher"), ["rediger"]);
        assert_eq!(names(&json!({ "type": "none" }), "rediger"), none);
    }
}
