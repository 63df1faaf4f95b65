//! What Anthropic checks before it answers: the parameters of a request, each refusal with the path of what is wrong.

use serde_json::Value;

use super::error::Refusal;
use super::models::{self, Size};
use super::{VERSIONS, cache, conversation, schema, tools};
use crate::call::Ask;

/// Parameters of both calls.
const COMMON: [&str; 9] =
    ["model", "messages", "system", "tools", "tool_choice", "thinking", "output_config", "cache_control", "speed"];
/// Parameters of `messages.create` alone.
const OF_CREATE: [&str; 8] =
    ["max_tokens", "stream", "stop_sequences", "metadata", "service_tier", "container", "inference_geo", "diagnostics"];
/// Removed in the newest version, even with their default value.
const SAMPLING: [&str; 3] = ["temperature", "top_p", "top_k"];
const EFFORTS: [&str; 5] = ["low", "medium", "high", "xhigh", "max"];
const THINKING_LEAST: u64 = 1_024;
const USER_ID_LONGEST: usize = 256;

/// Which call is made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    Create,
    Count,
}

/// A request that the vendor would accept.
pub struct Request {
    pub body: Value,
    pub model: String,
    /// Most tokens of the answer; 0 when tokens are only counted.
    pub max_tokens: u64,
    pub size: Size,
}

impl Request {
    /// Reads and checks the body of a call.
    ///
    /// # Errors
    /// 400 with the path of the first thing that is wrong, 404 for a model that cannot be asked.
    pub fn read(ask: &Ask<'_>, version: &str, purpose: Purpose) -> Result<Self, Refusal> {
        let body = ask
            .call
            .json()
            .map_err(|error| Refusal::invalid(format!("The request body is not valid JSON: {error}")))?;
        let fields = body.as_object().ok_or_else(|| Refusal::invalid("The request body must be a JSON object"))?;
        let newest = version == VERSIONS[0];
        let sampling = |name: &str| purpose == Purpose::Create && SAMPLING.contains(&name);
        for name in fields.keys().map(String::as_str) {
            if sampling(name) && newest {
                return Err(Refusal::invalid(format!("{name}: this parameter was removed in version {version}")));
            }
            let known =
                COMMON.contains(&name) || sampling(name) || (purpose == Purpose::Create && OF_CREATE.contains(&name));
            if !known {
                return Err(Refusal::extra(name));
            }
        }
        let model = text(&body, "model")?.to_owned();
        let size = models::size(&model, ask.world.clock.now())?;
        let max_tokens = match purpose {
            Purpose::Create => max_tokens(&body, &model, size.output)?,
            Purpose::Count => 0,
        };
        conversation::check(&body, newest)?;
        tools::check(&body)?;
        cache::check(&body)?;
        output(&body, &size)?;
        if purpose == Purpose::Create {
            thinking(&body, max_tokens)?;
            small(&body)?;
        }
        let request = Self { body, model, max_tokens, size };
        let (tokens, most) = (cache::tokens(&request.body), request.size.context);
        if tokens > most {
            return Err(Refusal::invalid(format!("prompt is too long: {tokens} tokens > {most} maximum")));
        }
        Ok(request)
    }

    /// The schema of the structured output that is asked for.
    pub fn format(&self) -> Option<&Value> {
        self.body["output_config"]["format"].get("schema")
    }

    /// Whether the answer is sent as it is written.
    pub fn streamed(&self) -> bool {
        self.body["stream"] == Value::Bool(true)
    }

    /// Whether the answer begins with a block of thought, and whether its words are shown.
    pub fn thinking(&self) -> Option<bool> {
        let thinking = &self.body["thinking"];
        matches!(thinking["type"].as_str(), Some("enabled" | "adaptive")).then(|| thinking["display"] != "omitted")
    }

    /// Texts that end the answer where they appear.
    pub fn stop_sequences(&self) -> impl Iterator<Item = &str> {
        self.body["stop_sequences"].as_array().into_iter().flatten().filter_map(Value::as_str)
    }

    /// `metadata.user_id`.
    pub fn user(&self) -> Option<&str> {
        self.body["metadata"]["user_id"].as_str()
    }
}

fn text<'a>(body: &'a Value, name: &str) -> Result<&'a str, Refusal> {
    match &body[name] {
        Value::Null => Err(Refusal::required(name)),
        value => value.as_str().ok_or_else(|| Refusal::invalid(format!("{name}: Input should be a valid string"))),
    }
}

fn max_tokens(body: &Value, model: &str, most: u64) -> Result<u64, Refusal> {
    match &body["max_tokens"] {
        Value::Null => Err(Refusal::required("max_tokens")),
        value => match value.as_u64() {
            None | Some(0) => Err(Refusal::invalid("max_tokens: a whole number of at least 1 is required")),
            Some(asked) if asked > most => Err(Refusal::invalid(format!(
                "max_tokens: {asked} > {most}, which is the maximum allowed number of output tokens for {model}"
            ))),
            Some(asked) => Ok(asked),
        },
    }
}

fn output(body: &Value, size: &Size) -> Result<(), Refusal> {
    let config = &body["output_config"];
    if config.is_null() {
        return Ok(());
    }
    let fields = config.as_object().ok_or_else(|| Refusal::invalid("output_config: must be an object"))?;
    if let Some(extra) = fields.keys().find(|name| !["format", "effort"].contains(&name.as_str())) {
        return Err(Refusal::extra(&format!("output_config.{extra}")));
    }
    if let Some(effort) = fields.get("effort").filter(|effort| !effort.is_null())
        && !effort.as_str().is_some_and(|effort| EFFORTS.contains(&effort))
    {
        return Err(Refusal::invalid(format!("output_config.effort: {effort} is not one of {}", EFFORTS.join(", "))));
    }
    let format = &config["format"];
    if format.is_null() {
        return Ok(());
    }
    if !size.structured {
        return Err(Refusal::invalid("output_config.format: this model does not support structured outputs"));
    }
    if format["type"] != "json_schema" {
        return Err(Refusal::invalid("output_config.format.type: must be \"json_schema\""));
    }
    let schema = format.get("schema").ok_or_else(|| Refusal::required("output_config.format.schema"))?;
    schema::check(schema, "output_config.format.schema")?;
    let messages = body["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    if messages.last().is_some_and(|message| message["role"] == "assistant") {
        let at = messages.len() - 1;
        return Err(Refusal::invalid(format!(
            "messages.{at}: a prefilled assistant turn is not supported with output_config.format"
        )));
    }
    if conversation::cites(body) {
        return Err(Refusal::invalid("output_config.format: not supported together with citations"));
    }
    Ok(())
}

fn thinking(body: &Value, max_tokens: u64) -> Result<(), Refusal> {
    let thinking = &body["thinking"];
    if thinking.is_null() {
        return Ok(());
    }
    let forced = matches!(body["tool_choice"]["type"].as_str(), Some("tool" | "any"));
    match thinking["type"].as_str() {
        Some("disabled") => return Ok(()),
        Some("adaptive") => {}
        Some("enabled") => match thinking["budget_tokens"].as_u64() {
            None => return Err(Refusal::required("thinking.budget_tokens")),
            Some(budget) if budget < THINKING_LEAST => {
                return Err(Refusal::invalid(format!("thinking.budget_tokens: at least {THINKING_LEAST} is required")));
            }
            Some(budget) if budget >= max_tokens => {
                return Err(Refusal::invalid("max_tokens: must be greater than thinking.budget_tokens"));
            }
            Some(_) => {}
        },
        _ => return Err(Refusal::invalid("thinking.type: must be \"enabled\", \"adaptive\" or \"disabled\"")),
    }
    if forced {
        return Err(Refusal::invalid("thinking: not supported when tool_choice forces tool use"));
    }
    Ok(())
}

/// The parameters that need one look each.
fn small(body: &Value) -> Result<(), Refusal> {
    if !(body["stream"].is_null() || body["stream"].is_boolean()) {
        return Err(Refusal::invalid("stream: Input should be a valid boolean"));
    }
    if let Some(tier) = body.get("service_tier")
        && !matches!(tier.as_str(), Some("auto" | "standard_only"))
    {
        return Err(Refusal::invalid(format!("service_tier: {tier} is not one of auto, standard_only")));
    }
    for name in ["temperature", "top_p"] {
        if body.get(name).is_some_and(|value| !value.as_f64().is_some_and(|value| (0.0..=1.0).contains(&value))) {
            return Err(Refusal::invalid(format!("{name}: a number from 0 to 1 is required")));
        }
    }
    match &body["stop_sequences"] {
        Value::Null => {}
        Value::Array(list) => {
            let wrong = |item: &Value| item.as_str().is_none_or(|text| text.trim().is_empty());
            if let Some(index) = list.iter().position(wrong) {
                return Err(Refusal::invalid(format!(
                    "stop_sequences.{index}: each stop sequence must contain non-whitespace"
                )));
            }
        }
        _ => return Err(Refusal::invalid("stop_sequences: must be a list")),
    }
    let metadata = &body["metadata"];
    if let Some(extra) = metadata.as_object().and_then(|fields| fields.keys().find(|name| *name != "user_id")) {
        return Err(Refusal::extra(&format!("metadata.{extra}")));
    }
    let user = &metadata["user_id"];
    let fits = user.as_str().is_some_and(|user| user.chars().count() <= USER_ID_LONGEST);
    if !(metadata.is_null() || metadata.is_object()) || !(user.is_null() || fits) {
        return Err(Refusal::invalid(format!("metadata.user_id: a string of at most {USER_ID_LONGEST} characters")));
    }
    Ok(())
}
