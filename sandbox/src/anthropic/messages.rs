//! `POST /v1/messages`: checks what Anthropic checks, then writes the answer.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::error::Refusal;
use super::fill::Filler;
use super::narrative::{self, Written};
use super::prompt::{self, Data};
use super::{models, scenario, schema, stream};
use crate::call::{self, Ask};
use crate::world::World;

/// Characters per token, roughly.
const CHARS_PER_TOKEN: usize = 4;
/// Prefixes shorter than this are not cached.
const CACHE_LEAST_TOKENS: u64 = 1_024;

/// One content block of an answer.
#[derive(Clone, Debug)]
pub enum Content {
    Text(String),
    Tool { id: String, name: String, input: Value },
    Thinking(String),
}

/// An answer before it is written to the wire.
#[derive(Clone, Debug)]
pub struct Message {
    pub id: String,
    pub model: String,
    pub content: Vec<Content>,
    pub stop_reason: &'static str,
    pub stop_details: Value,
    pub usage: Usage,
}

/// What the call costs, in tokens.
#[derive(Clone, Copy, Debug, Default)]
pub struct Usage {
    pub input: u64,
    pub output: u64,
    pub cache_written: u64,
    pub cache_read: u64,
}

impl Usage {
    pub fn to_json(self) -> Value {
        json!({
            "input_tokens": self.input, "output_tokens": self.output,
            "cache_creation_input_tokens": self.cache_written, "cache_read_input_tokens": self.cache_read,
            "service_tier": "standard",
        })
    }
}

impl Content {
    /// The text that counts as output.
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) | Self::Thinking(text) => text.clone(),
            Self::Tool { input, .. } => input.to_string(),
        }
    }

    fn to_json(&self) -> Value {
        match self {
            Self::Text(text) => json!({ "type": "text", "text": text, "citations": null }),
            Self::Tool { id, name, input } => json!({ "type": "tool_use", "id": id, "name": name, "input": input }),
            Self::Thinking(thinking) => {
                json!({ "type": "thinking", "thinking": thinking, "signature": "c2FuZGJveA==" })
            }
        }
    }
}

impl Message {
    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id, "type": "message", "role": "assistant", "model": self.model,
            "content": self.content.iter().map(Content::to_json).collect::<Vec<_>>(),
            "stop_reason": self.stop_reason, "stop_sequence": null, "stop_details": self.stop_details,
            "usage": self.usage.to_json(),
        })
    }
}

/// Answers the call, whole or as a stream.
pub async fn create(ask: &Ask<'_>, version: &str) -> Result<Response, Refusal> {
    let request = checked(ask, version)?;
    let model = request["model"].as_str().unwrap_or_default();
    let most = models::max_output(model)?;
    let max_tokens = match request["max_tokens"].as_u64() {
        Some(0) | None => return Err(Refusal::invalid("max_tokens: a whole number of at least 1 is required")),
        Some(max_tokens) if max_tokens > most => {
            return Err(Refusal::invalid(format!(
                "max_tokens: {max_tokens} > {most}, which is the maximum allowed number of output tokens for {model}"
            )));
        }
        Some(max_tokens) => max_tokens,
    };
    let mut message = Message {
        id: ask.world.ids.next("msg_"),
        model: model.to_owned(),
        content: vec![written(ask.world, &request)?],
        stop_reason: "end_turn",
        stop_details: Value::Null,
        usage: usage(ask.world, &request),
    };
    if matches!(message.content[0], Content::Tool { .. }) {
        message.stop_reason = "tool_use";
    }
    if let Some(name) = ask.scenario {
        scenario::apply(ask.world, name, &mut message)?;
    }
    fit(&mut message, max_tokens);
    if request["stream"] == json!(true) {
        return Ok(stream::response(ask.world, &message, ask.scenario));
    }
    if let Some(speed) = ask.world.config.model_tokens_per_second {
        tokio::time::sleep(stream::pace(speed, message.usage.output)).await;
    }
    Ok(call::json(StatusCode::OK, &message.to_json()))
}

/// Counts the tokens of a request.
pub fn count_tokens(ask: &Ask<'_>, version: &str) -> Result<Response, Refusal> {
    let request = checked(ask, version)?;
    models::max_output(request["model"].as_str().unwrap_or_default())?;
    Ok(call::json(StatusCode::OK, &json!({ "input_tokens": prompt_tokens(&request) })))
}

fn checked(ask: &Ask<'_>, version: &str) -> Result<Value, Refusal> {
    let request =
        ask.call.json().map_err(|error| Refusal::invalid(format!("The request body is not valid JSON: {error}")))?;
    if !request["model"].is_string() {
        return Err(Refusal::invalid("model: Field required"));
    }
    if version == super::VERSIONS[0]
        && let Some(removed) = ["temperature", "top_p", "top_k"].iter().find(|name| request.get(**name).is_some())
    {
        return Err(Refusal::invalid(format!("{removed}: this parameter was removed in version {version}")));
    }
    let messages = request["messages"].as_array().filter(|messages| !messages.is_empty());
    let Some(messages) = messages else { return Err(Refusal::invalid("messages: at least one message is required")) };
    for (index, message) in messages.iter().enumerate() {
        let role = message["role"].as_str().unwrap_or_default();
        if !matches!(role, "user" | "assistant") || (index == 0 && role != "user") {
            return Err(Refusal::invalid(format!(
                "messages.{index}.role: must be \"user\" or \"assistant\", and the first is \"user\""
            )));
        }
        let content = &message["content"];
        if !(content.is_string() || content.is_array()) || *content == json!("") || *content == json!([]) {
            return Err(Refusal::invalid(format!("messages.{index}.content: must not be empty")));
        }
    }
    if let Some(schema) = format_schema(&request)? {
        schema::check(schema, "output_config.format.schema")?;
    }
    for (index, tool) in request["tools"].as_array().into_iter().flatten().enumerate() {
        if !tool["name"].is_string() || !tool["input_schema"].is_object() {
            return Err(Refusal::invalid(format!("tools.{index}: name and input_schema are required")));
        }
        if tool["strict"] == json!(true) {
            schema::check(&tool["input_schema"], &format!("tools.{index}.input_schema"))?;
        }
    }
    Ok(request)
}

fn format_schema(request: &Value) -> Result<Option<&Value>, Refusal> {
    let format = &request["output_config"]["format"];
    if format.is_null() {
        return Ok(None);
    }
    if format["type"] != json!("json_schema") {
        return Err(Refusal::invalid("output_config.format.type: must be \"json_schema\""));
    }
    format.get("schema").map(Some).ok_or_else(|| Refusal::invalid("output_config.format.schema: Field required"))
}

/// The tool that must be called.
fn forced_tool(request: &Value) -> Result<Option<&Value>, Refusal> {
    let choice = &request["tool_choice"];
    let tools = request["tools"].as_array();
    match choice["type"].as_str() {
        Some("tool") => {
            let named = tools.and_then(|tools| tools.iter().find(|tool| tool["name"] == choice["name"]));
            named
                .map(Some)
                .ok_or_else(|| Refusal::invalid(format!("tool_choice.name: no tool is named {}", choice["name"])))
        }
        Some("any") => {
            let first = tools.and_then(|tools| tools.first());
            first.map(Some).ok_or_else(|| Refusal::invalid("tool_choice: `any` needs at least one tool"))
        }
        _ => Ok(None),
    }
}

fn written(world: &World, request: &Value) -> Result<Content, Refusal> {
    let prompt = prompt::text(request);
    let fixed = world.anthropic.lock().fixed.iter().rev().find_map(|answer| answer.text(request, &prompt));
    if let Some(text) = fixed {
        return Ok(Content::Text(text));
    }
    let data = Data::read(&prompt);
    let answers_before =
        request["messages"].as_array().into_iter().flatten().filter(|message| message["role"] == "assistant");
    let attempt = world.config.seed.wrapping_add(answers_before.count() as u64);
    let blocks: Vec<Written> = data.as_ref().map(|data| narrative::write(data, attempt)).unwrap_or_default();
    let seed = prompt::digest(&prompt) ^ world.config.seed;
    let value = |schema: &Value| Filler::new(schema, &blocks, data.as_ref(), seed).value();
    if let Some(tool) = forced_tool(request)? {
        let name = tool["name"].as_str().unwrap_or_default().to_owned();
        return Ok(Content::Tool { id: world.ids.next("toolu_"), name, input: value(&tool["input_schema"]) });
    }
    if let Some(schema) = format_schema(request)? {
        return Ok(Content::Text(value(schema).to_string()));
    }
    if blocks.is_empty() {
        return Ok(Content::Text(
            "Les données publiques décrivent la situation, chaque chiffre avec sa source.".into(),
        ));
    }
    Ok(Content::Text(blocks.iter().map(|block| block.text.as_str()).collect::<Vec<_>>().join("\n\n")))
}

/// Cuts what is longer than allowed, and says so.
fn fit(message: &mut Message, max_tokens: u64) {
    let mut left = usize::try_from(max_tokens).unwrap_or(usize::MAX).saturating_mul(CHARS_PER_TOKEN);
    let mut output = 0;
    for content in &mut message.content {
        let length = content.text().chars().count();
        if length > left {
            let cut: String = content.text().chars().take(left).collect();
            // A tool input that is cut is no JSON any more; the vendor sends what there is of it, as an empty object here.
            match content {
                Content::Text(text) | Content::Thinking(text) => *text = cut,
                Content::Tool { input, .. } => *input = json!({}),
            }
            message.stop_reason = "max_tokens";
        }
        let kept = length.min(left);
        left -= kept;
        output += kept;
    }
    message.usage.output = output.div_ceil(CHARS_PER_TOKEN) as u64;
}

fn tokens(text: &str) -> u64 {
    text.chars().count().div_ceil(CHARS_PER_TOKEN) as u64
}

fn prompt_tokens(request: &Value) -> u64 {
    let tools = request.get("tools").map_or(0, |tools| tokens(&tools.to_string()));
    tokens(&prompt::text(request)) + tools
}

/// Input tokens, with the marked prefix written to or read from the cache.
fn usage(world: &World, request: &Value) -> Usage {
    let all = prompt_tokens(request);
    let marked = |block: &Value| block["cache_control"].is_object();
    let system = request["system"].as_array().map(Vec::as_slice).unwrap_or_default();
    let prefix = match system.iter().rposition(marked) {
        Some(last) => json!([request["model"], request["tools"], system[..=last]]).to_string(),
        None => return Usage { input: all, ..Usage::default() },
    };
    let cached = tokens(&prefix).min(all);
    if cached < CACHE_LEAST_TOKENS {
        return Usage { input: all, ..Usage::default() };
    }
    let known = !world.anthropic.lock().cached.insert(format!("{:x}", prompt::digest(&prefix)));
    let (cache_written, cache_read) = if known { (0, cached) } else { (cached, 0) };
    Usage { input: all - cached, output: 0, cache_written, cache_read }
}
