//! Builds a value that satisfies a JSON schema, with the written blocks where the schema asks for them.

use serde_json::{Map, Value, json};

use super::narrative::Written;
use super::prompt::{Data, digest};
use super::schema::{kind, resolve};

/// What the value is made from.
pub struct Filler<'a> {
    root: &'a Value,
    written: &'a [Written],
    data: Option<&'a Data>,
    seed: u64,
}

const DEEPEST: usize = 60;

impl<'a> Filler<'a> {
    pub fn new(root: &'a Value, written: &'a [Written], data: Option<&'a Data>, seed: u64) -> Self {
        Self { root, written, data, seed }
    }

    /// The whole value.
    pub fn value(&self) -> Value {
        self.fill(self.root, "", 0)
    }

    fn fill(&self, schema: &Value, name: &str, depth: usize) -> Value {
        if depth > DEEPEST {
            return Value::Null;
        }
        if let Some(target) = schema["$ref"].as_str().and_then(|reference| resolve(self.root, reference)) {
            return self.fill(target, name, depth + 1);
        }
        if let Some(fixed) = schema.get("const") {
            return fixed.clone();
        }
        if let Some(choices) = schema["enum"].as_array().filter(|choices| !choices.is_empty()) {
            return choices[self.pick(name, choices.len())].clone();
        }
        if let Some(branches) = schema["anyOf"].as_array() {
            let branch = branches.iter().find(|branch| kind(branch) != "null").or(branches.first());
            return branch.map_or(Value::Null, |branch| self.fill(branch, name, depth + 1));
        }
        if let Some(parts) = schema["allOf"].as_array() {
            return parts.iter().map(|part| self.fill(part, name, depth + 1)).fold(Value::Null, merged);
        }
        match kind(schema) {
            "object" => self.object(schema, name, depth),
            "array" => self.array(schema, name, depth),
            "integer" => json!(1 + self.pick(name, 9)),
            "number" => json!(1.5),
            "boolean" => json!(self.pick(name, 2) == 0),
            "string" => Value::String(self.string(schema, name)),
            _ => Value::Null,
        }
    }

    fn pick(&self, name: &str, bound: usize) -> usize {
        usize::try_from((self.seed ^ digest(name)) % bound.max(1) as u64).unwrap_or(0)
    }

    fn object(&self, schema: &Value, name: &str, depth: usize) -> Value {
        let Some(properties) = schema["properties"].as_object() else { return json!({}) };
        if is_text(schema) {
            let own = self
                .written
                .iter()
                .find(|written| written.id == name)
                .or_else(|| self.written.iter().find(|written| stem(&written.kind) == stem(name)));
            if let Some(written) = own {
                return self.text_item(schema, written, depth);
            }
        }
        let lists: Vec<&str> = properties
            .iter()
            .filter(|(_, property)| self.items_are_texts(property))
            .map(|(name, _)| name.as_str())
            .collect();
        let fields = properties.iter().map(|(name, property)| {
            let value = if lists.contains(&name.as_str()) {
                self.texts(property, name, &lists, depth)
            } else {
                self.fill(property, name, depth + 1)
            };
            (name.clone(), value)
        });
        Value::Object(fields.collect())
    }

    fn items_are_texts(&self, property: &Value) -> bool {
        kind(property) == "array" && is_text(self.followed(&property["items"]))
    }

    fn followed<'s>(&'s self, schema: &'s Value) -> &'s Value {
        schema["$ref"].as_str().and_then(|reference| resolve(self.root, reference)).unwrap_or(schema)
    }

    /// The blocks that belong in the list `name`, among all the `lists` of its object.
    fn texts(&self, property: &Value, name: &str, lists: &[&str], depth: usize) -> Value {
        let item = self.followed(&property["items"]);
        let ids = item["properties"]["id"]["enum"].as_array();
        let belongs = |written: &&Written| match ids {
            Some(ids) => ids.iter().any(|id| *id == json!(written.id)),
            None => home(&written.kind, lists) == name,
        };
        let items: Vec<Value> =
            self.written.iter().filter(belongs).map(|written| self.text_item(item, written, depth)).collect();
        Value::Array(items)
    }

    fn text_item(&self, schema: &Value, written: &Written, depth: usize) -> Value {
        let mut item = Map::new();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let value = match name.as_str() {
                "id" => json!(written.id),
                "text" => json!(written.text),
                "claims" if !written.claims.is_empty() => json!(written.claims),
                field if written.fields.contains_key(field) => written.fields[field].clone(),
                _ => self.fill(property, name, depth + 1),
            };
            item.insert(name.clone(), value);
        }
        Value::Object(item)
    }

    fn array(&self, schema: &Value, name: &str, depth: usize) -> Value {
        if self.items_are_texts(schema) && !self.written.is_empty() {
            return self.texts(schema, name, &[name], depth);
        }
        let least = schema["minItems"].as_u64().and_then(|least| usize::try_from(least).ok()).unwrap_or(0);
        let count = match (name, self.data) {
            // A sentence that we did not write from the data claims nothing.
            ("claims", _) => least,
            ("evidence", Some(data)) => {
                let facts = data.facts.iter().filter(|fact| fact.status == "ok").take(2);
                return Value::Array(facts.map(|fact| json!(fact.id)).collect());
            }
            // Beside real blocks, an invented item would be a claim nobody asked for.
            (_, Some(_)) => least,
            (_, None) => least.max(2),
        };
        (0..count).map(|index| self.fill(&schema["items"], &format!("{name}.{index}"), depth + 1)).collect()
    }

    fn string(&self, schema: &Value, name: &str) -> String {
        if let Some(written) = self.written.iter().find(|written| written.id == name) {
            return written.text.clone();
        }
        match schema["format"].as_str() {
            Some("date") => return "2026-01-01".into(),
            Some("time") => return "12:00:00Z".into(),
            Some("date-time") => return "2026-01-01T12:00:00Z".into(),
            Some("duration") => return "P1D".into(),
            Some("email") => return "contact@example.fr".into(),
            Some("hostname") => return "example.fr".into(),
            Some("uri") => return "https://example.fr/".into(),
            Some("ipv4") => return "192.0.2.1".into(),
            Some("ipv6") => return "2001:db8::1".into(),
            Some("uuid") => return "00000000-0000-4000-8000-000000000001".into(),
            _ => {}
        }
        let leaf = name.split('.').next().unwrap_or_default();
        let plausible: &[&str] = match leaf {
            "id" | "code" | "key" => return format!("element-{}", name.replace('.', "-")),
            "title" | "titre" => {
                &["Une situation à lire avec ses sources", "Un territoire décrit par ses données publiques"]
            }
            _ => &[
                "Les données publiques décrivent la situation sans l’expliquer.",
                "La lecture s’appuie sur les sources indiquées et leur millésime.",
                "Le constat repose sur des sources publiques, citées avec leur date.",
            ],
        };
        plausible[self.pick(name, plausible.len())].to_owned()
    }
}

/// An object that carries a block: an id, a text, and what goes with them.
fn is_text(schema: &Value) -> bool {
    schema["properties"]["id"].is_object() && schema["properties"]["text"].is_object()
}

/// The list a kind of block goes to: the one it is named after, else the general one.
fn home<'n>(kind: &str, lists: &[&'n str]) -> &'n str {
    let named = lists.iter().find(|list| !kind.is_empty() && stem(list) == stem(kind));
    let general = lists.iter().find(|list| ["blocks", "blocs", "texts", "textes", "items"].contains(list));
    named.or(general).or(lists.first()).copied().unwrap_or_default()
}

/// Four letters tell the kinds apart in both languages, but for titles.
fn stem(word: &str) -> String {
    let word = word.to_lowercase();
    let word = if word.starts_with("titl") || word.starts_with("titr") { "titre".to_owned() } else { word };
    word.chars().take(4).collect()
}

fn merged(left: Value, right: Value) -> Value {
    match (left, right) {
        (Value::Object(mut left), Value::Object(right)) => {
            left.extend(right);
            Value::Object(left)
        }
        (left, Value::Null) => left,
        (_, right) => right,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(id: &str, kind: &str) -> Written {
        Written { id: id.into(), kind: kind.into(), text: format!("Texte de {id}."), ..Written::default() }
    }

    fn item() -> Value {
        json!({ "type": "object", "additionalProperties": false, "required": ["id", "text", "claims"], "properties": {
            "id": { "type": "string" }, "text": { "type": "string" },
            "claims": { "type": "array", "items": { "type": "object", "additionalProperties": false, "properties": {} } } } })
    }

    #[test]
    fn blocks_go_to_the_list_named_after_their_kind() {
        let schema = json!({ "type": "object", "additionalProperties": false, "properties": {
            "titles": { "type": "array", "items": { "$ref": "#/$defs/item" } },
            "blocks": { "type": "array", "items": { "$ref": "#/$defs/item" } },
            "synthesis": { "type": "array", "items": { "$ref": "#/$defs/item" } },
            "recommendations": { "type": "array", "items": { "type": "object", "additionalProperties": false,
                "properties": { "text": { "type": "string" } } } } },
            "$defs": { "item": item() } });
        let blocks = [
            written("p1.titre", "title"),
            written("p1.lede", "lede"),
            written("p3.1", "synthese"),
            written("p1.note", "retenir"),
        ];
        let data = Data::default();
        let value = Filler::new(&schema, &blocks, Some(&data), 1).value();
        let ids = |list: &str| {
            value[list]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["id"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(ids("titles"), ["p1.titre"]);
        assert_eq!(ids("synthesis"), ["p3.1"]);
        assert_eq!(ids("blocks"), ["p1.lede", "p1.note"]);
        assert_eq!(value["recommendations"], json!([]));
        assert_eq!(value["titles"][0], json!({ "id": "p1.titre", "text": "Texte de p1.titre.", "claims": [] }));
    }

    #[test]
    fn an_enum_of_ids_decides_before_any_name() {
        let mut only = item();
        only["properties"]["id"] = json!({ "type": "string", "enum": ["p1.lede"] });
        let schema = json!({ "type": "object", "properties": { "anything": { "type": "array", "items": only } } });
        let value = Filler::new(&schema, &[written("p1.titre", "title"), written("p1.lede", "lede")], None, 1).value();
        assert_eq!(value["anything"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn an_unknown_schema_is_filled_with_its_own_types() {
        let schema = json!({ "type": "object", "properties": {
            "score": { "type": "integer" }, "le": { "type": "string", "format": "date" }, "mode": { "enum": ["a", "b"] },
            "peut_manquer": { "anyOf": [{ "type": "null" }, { "type": "string" }] },
            "listes": { "type": "array", "items": { "type": "array", "minItems": 1, "items": { "type": "boolean" } } } } });
        let value = Filler::new(&schema, &[], None, 3).value();
        assert!(value["score"].is_i64() && value["le"] == "2026-01-01" && value["peut_manquer"].is_string(), "{value}");
        assert!(["a", "b"].contains(&value["mode"].as_str().unwrap()) && value["listes"][1][0].is_boolean(), "{value}");
    }
}
