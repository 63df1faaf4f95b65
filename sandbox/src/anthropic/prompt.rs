//! What the prompt says: its text, and the data between `<donnees>` and `</donnees>`.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// All text of a request, in the order the model reads it.
pub fn text(request: &Value) -> String {
    let mut parts = Vec::new();
    collect(&request["system"], &mut parts);
    if let Some(messages) = request["messages"].as_array() {
        for message in messages {
            collect(&message["content"], &mut parts);
        }
    }
    parts.join("\n")
}

fn collect(content: &Value, parts: &mut Vec<String>) {
    match content {
        Value::String(text) => parts.push(text.clone()),
        Value::Array(blocks) => {
            for block in blocks {
                if let Some(text) = block["text"].as_str() {
                    parts.push(text.to_owned());
                }
                // Results of tools carry text one level down.
                collect(&block["content"], parts);
            }
        }
        _ => {}
    }
}

/// One fact the writer may cite.
#[derive(Clone, Debug)]
pub struct Fact {
    pub id: String,
    pub label: String,
    /// As printed in the report.
    pub text: String,
    pub status: String,
    pub unit: String,
    pub provisional: bool,
    pub anchors: Vec<String>,
    /// What is true of it, in short: `gt log.tx_vac@epci`.
    pub claims: Vec<String>,
}

impl Fact {
    /// The indicator, without its scope.
    pub fn indicator(&self) -> &str {
        self.id.split_once('@').map_or(self.id.as_str(), |(indicator, _)| indicator)
    }

    /// The scope: com, epci, dep, reg, fr or sim.
    pub fn scope(&self) -> &str {
        self.id.split_once('@').map_or("", |(_, scope)| scope)
    }

    /// Whether its figure may be printed.
    pub fn citable(&self) -> bool {
        matches!(self.status.as_str(), "ok" | "low_n" | "modelled") && !self.text.is_empty()
    }
}

/// One text to write.
#[derive(Clone, Debug)]
pub struct Block {
    pub id: String,
    pub kind: String,
    pub max_chars: usize,
    pub facts: Vec<String>,
    pub mandatory: Vec<String>,
}

/// Figures that do not go together, and what may be done about it.
#[derive(Clone, Debug)]
pub struct Mismatch {
    pub id: String,
    pub evidence: Vec<String>,
}

/// The data block of a prompt.
#[derive(Clone, Debug, Default)]
pub struct Data {
    pub facts: Vec<Fact>,
    pub blocks: Vec<Block>,
    pub mismatches: Vec<Mismatch>,
    /// Digest of the data, so that neighbours do not read alike.
    pub digest: u64,
}

impl Data {
    /// Reads the data of a prompt. A repair may repeat the blocks alone: the last list of each kind counts.
    pub fn read(prompt: &str) -> Option<Self> {
        let mut data = Self::default();
        for piece in prompt.split("<donnees>").skip(1) {
            let Some((json, _)) = piece.split_once("</donnees>") else { continue };
            let Ok(value) = serde_json::from_str::<Value>(json.trim()) else { continue };
            if let Some(facts) = value["facts"].as_array() {
                data.facts = facts.iter().filter_map(fact).collect();
            }
            data.digest ^= digest(json);
            if let Some(mismatches) = value["mismatches"].as_array() {
                data.mismatches = mismatches.iter().filter_map(mismatch).collect();
            }
            if let Some(blocks) = value["blocks"].as_array() {
                data.blocks = blocks.iter().filter_map(block).collect();
            }
        }
        (!data.facts.is_empty() || !data.blocks.is_empty()).then_some(data)
    }

    pub fn fact(&self, id: &str) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.id == id)
    }
}

/// 64 bits that stand for a text.
pub fn digest(text: &str) -> u64 {
    Sha256::digest(text.as_bytes()).iter().take(8).fold(0, |digest, byte| (digest << 8) | u64::from(*byte))
}

fn fact(value: &Value) -> Option<Fact> {
    let text = |field: &str| value[field].as_str().unwrap_or_default().to_owned();
    let id = value["id"].as_str()?.to_owned();
    Some(Fact {
        id,
        label: text("label"),
        text: text("text"),
        status: value["status"].as_str().unwrap_or("ok").to_owned(),
        unit: text("unit"),
        provisional: value["provisional"].as_bool().unwrap_or(false),
        anchors: strings(&value["anchors"]),
        claims: strings(&value["claims"]),
    })
}

fn mismatch(value: &Value) -> Option<Mismatch> {
    Some(Mismatch { id: value["id"].as_str()?.to_owned(), evidence: strings(&value["evidence"]) })
}

fn block(value: &Value) -> Option<Block> {
    Some(Block {
        id: value["id"].as_str()?.to_owned(),
        kind: value["kind"].as_str().unwrap_or_default().to_owned(),
        max_chars: value["max_chars"].as_u64().and_then(|limit| usize::try_from(limit).ok()).unwrap_or(280),
        facts: strings(&value["facts"]),
        mandatory: strings(&value["mandatory"]),
    })
}

/// A list of ids, written alone or as objects with an `id`.
fn strings(list: &Value) -> Vec<String> {
    let Some(list) = list.as_array() else { return Vec::new() };
    list.iter().filter_map(|item| item.as_str().or_else(|| item["id"].as_str())).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_repair_that_names_blocks_only_keeps_the_facts() {
        let request = json!({ "system": "Règles", "messages": [
            { "role": "user", "content": r#"<donnees>{"facts":[{"id":"a.b@com","text":"1"}],"blocks":[{"id":"x"},{"id":"y"}]}</donnees>"# },
            { "role": "assistant", "content": [{ "type": "text", "text": "{}" }] },
            { "role": "user", "content": [{ "type": "text", "text": r#"<donnees>{"blocks":[{"id":"y"}]}</donnees>"# }] },
        ]});
        let data = Data::read(&text(&request)).unwrap();
        assert_eq!(data.facts.len(), 1);
        assert_eq!(data.blocks.iter().map(|block| block.id.as_str()).collect::<Vec<_>>(), ["y"]);
    }

    #[test]
    fn a_prompt_without_data_has_none() {
        assert!(Data::read("Bonjour <donnees>pas du JSON</donnees>").is_none());
    }
}
