//! What the model says: a value that satisfies the schema, with the report's blocks written from the prompt's data.

use serde_json::Value;

use super::fill::Filler;
use super::message::Content;
use super::narrative::{self, Written};
use super::prompt::{self, Data};
use super::request::Request;
use super::tools;
use crate::world::World;

/// Writes the content of an answer: the same prompt under the same seed has the same words.
pub fn content(world: &World, request: &Request) -> Vec<Content> {
    let prompt = prompt::text(&request.body);
    let mut content = Vec::new();
    if let Some(shown) = request.thinking() {
        let thought = if shown { "Je relis les faits, puis j’écris." } else { "" };
        content.push(Content::Thinking(thought.into()));
    }
    let tools = tools::called(&request.body);
    let fixed = world.anthropic.lock().fixed.answer(request, &prompt);
    let writer = Writer::new(world, request, &prompt);
    if tools.is_empty() {
        let text =
            fixed.unwrap_or_else(|| request.format().map_or_else(|| writer.prose(), |schema| writer.json(schema)));
        content.push(Content::Text(text));
        return content;
    }
    content.extend(tools.into_iter().map(|tool| Content::Tool {
        id: world.ids.next("toolu_"),
        name: tool["name"].as_str().unwrap_or_default().to_owned(),
        json: fixed.clone().unwrap_or_else(|| writer.json(&tool["input_schema"])),
    }));
    content
}

struct Writer {
    data: Option<Data>,
    blocks: Vec<Written>,
    seed: u64,
}

impl Writer {
    fn new(world: &World, request: &Request, prompt: &str) -> Self {
        let data = Data::read(prompt);
        let messages = request.body["messages"].as_array().into_iter().flatten();
        let answers_before = messages.filter(|message| message["role"] == "assistant").count();
        let attempt = world.config.seed.wrapping_add(answers_before as u64);
        let blocks = data.as_ref().map(|data| narrative::write(data, attempt)).unwrap_or_default();
        Self { data, blocks, seed: prompt::digest(prompt) ^ world.config.seed }
    }

    fn json(&self, schema: &Value) -> String {
        Filler::new(schema, &self.blocks, self.data.as_ref(), self.seed).value().to_string()
    }

    fn prose(&self) -> String {
        if self.blocks.is_empty() {
            return "Les données publiques décrivent la situation, chaque chiffre avec sa source.".into();
        }
        self.blocks.iter().map(|block| block.text.as_str()).collect::<Vec<_>>().join("\n\n")
    }
}
