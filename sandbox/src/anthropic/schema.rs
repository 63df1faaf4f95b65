//! The rules a JSON schema must keep to be accepted for structured output.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::error::Refusal;

/// What may be written in a schema. Everything else would be ignored by the vendor's grammar, and is refused instead.
const KEYWORDS: [&str; 20] = [
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "minItems",
    "enum",
    "const",
    "anyOf",
    "allOf",
    "$ref",
    "$defs",
    "definitions",
    "format",
    "title",
    "description",
    "default",
    "examples",
    "$schema",
    "$comment",
];
const FORMATS: [&str; 10] =
    ["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"];
const TYPES: [&str; 7] = ["object", "array", "string", "integer", "number", "boolean", "null"];
/// Deeper than this no schema of a report is, and no stack should follow.
const DEEPEST: usize = 64;

/// Checks a schema; the refusal names the path of the first thing that is not allowed.
pub fn check(schema: &Value, at: &str) -> Result<(), Refusal> {
    Walk { root: schema, open: Vec::new(), done: BTreeSet::new(), depth: 0 }.visit(schema, at)
}

struct Walk<'a> {
    root: &'a Value,
    /// References being followed: one that is met again is recursion.
    open: Vec<&'a str>,
    /// References followed to their end.
    done: BTreeSet<&'a str>,
    depth: usize,
}

impl<'a> Walk<'a> {
    fn visit(&mut self, schema: &'a Value, at: &str) -> Result<(), Refusal> {
        let Some(fields) = schema.as_object() else { return Err(Refusal::invalid(format!("{at}: must be an object"))) };
        if self.depth > DEEPEST {
            return Err(Refusal::invalid(format!("{at}: schemas deeper than {DEEPEST} levels are not supported")));
        }
        self.depth += 1;
        plain(schema, fields, at)?;
        for definitions in ["$defs", "definitions"] {
            self.visit_each(fields.get(definitions), &format!("{at}.{definitions}"))?;
        }
        if let Some(reference) = fields.get("$ref") {
            self.follow(reference, at)?;
        }
        self.visit_each(fields.get("properties"), &format!("{at}.properties"))?;
        if let Some(items) = fields.get("items") {
            self.visit(items, &format!("{at}.items"))?;
        }
        for branches in ["anyOf", "allOf"] {
            let Some(list) = fields.get(branches) else { continue };
            let parts = list.as_array().filter(|parts| !parts.is_empty());
            let parts = parts.ok_or_else(|| Refusal::invalid(format!("{at}.{branches}: must be a list of schemas")))?;
            for (index, part) in parts.iter().enumerate() {
                self.visit(part, &format!("{at}.{branches}.{index}"))?;
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn visit_each(&mut self, schemas: Option<&'a Value>, at: &str) -> Result<(), Refusal> {
        let Some(schemas) = schemas else { return Ok(()) };
        let schemas = schemas.as_object().ok_or_else(|| Refusal::invalid(format!("{at}: must be an object")))?;
        schemas.iter().try_for_each(|(name, schema)| self.visit(schema, &format!("{at}.{name}")))
    }

    fn follow(&mut self, reference: &'a Value, at: &str) -> Result<(), Refusal> {
        let found = reference.as_str().and_then(|name| Some((name, resolve(self.root, name)?)));
        let (name, target) =
            found.ok_or_else(|| Refusal::invalid(format!("{at}.$ref: {reference} leads nowhere in this schema")))?;
        if self.open.contains(&name) {
            return Err(Refusal::invalid(format!("{at}.$ref: recursive schemas are not supported ({name})")));
        }
        if self.done.contains(name) {
            return Ok(());
        }
        self.open.push(name);
        self.visit(target, at)?;
        self.open.pop();
        self.done.insert(name);
        Ok(())
    }
}

/// Checks what a schema says itself, without the schemas inside it.
fn plain(schema: &Value, fields: &Map<String, Value>, at: &str) -> Result<(), Refusal> {
    let refuse = |sentence: String| Err(Refusal::invalid(sentence));
    let kind = kind(schema);
    if let Some(keyword) = fields.keys().find(|name| !KEYWORDS.contains(&name.as_str())) {
        return refuse(format!("{at}: For '{kind}' type, property '{keyword}' is not supported"));
    }
    let says_what = ["type", "anyOf", "allOf", "$ref", "enum", "const", "properties"];
    if !says_what.iter().any(|name| fields.contains_key(*name)) {
        return refuse(format!("{at}: a type, enum, const, anyOf, allOf or $ref is required"));
    }
    let types: Vec<&Value> = match fields.get("type") {
        Some(Value::Array(types)) => types.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    if let Some(wrong) = types.iter().find(|name| !name.as_str().is_some_and(|name| TYPES.contains(&name))) {
        return refuse(format!("{at}.type: {wrong} is not a type"));
    }
    if kind == "object" && fields.get("additionalProperties") != Some(&Value::Bool(false)) {
        return refuse(format!("{at}: For 'object' type, 'additionalProperties' must be explicitly set to false"));
    }
    if let Some(least) = fields.get("minItems")
        && !matches!(least.as_u64(), Some(0 | 1))
    {
        return refuse(format!("{at}.minItems: only 0 and 1 are supported"));
    }
    if let Some(format) = fields.get("format")
        && !format.as_str().is_some_and(|format| FORMATS.contains(&format))
    {
        return refuse(format!("{at}.format: {format} is not supported"));
    }
    let primitive = |value: &Value| !value.is_object() && !value.is_array();
    if let Some(choices) = fields.get("enum")
        && !choices.as_array().is_some_and(|choices| !choices.is_empty() && choices.iter().all(primitive))
    {
        return refuse(format!("{at}.enum: must be a list of strings, numbers, booleans or nulls"));
    }
    if fields.get("const").is_some_and(|value| !primitive(value)) {
        return refuse(format!("{at}.const: must be a string, a number, a boolean or null"));
    }
    Ok(())
}

/// The schema a local reference points to.
pub fn resolve<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
    root.pointer(reference.strip_prefix('#')?)
}

/// The type of a schema: the first that is not null, when there are several.
pub fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(kind) => kind,
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or("null"),
        _ if schema["properties"].is_object() => "object",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refusal(schema: &Value) -> String {
        check(schema, "schema").err().map_or_else(String::new, |refusal| {
            refusal.body("")["error"]["message"].as_str().unwrap_or_default().to_owned()
        })
    }

    #[test]
    fn each_unsupported_keyword_is_refused_with_its_path() {
        for (keyword, value) in [
            ("minimum", json!(1)),
            ("maximum", json!(1)),
            ("exclusiveMinimum", json!(1)),
            ("multipleOf", json!(2)),
            ("minLength", json!(1)),
            ("maxLength", json!(90)),
            ("pattern", json!("^a$")),
            ("maxItems", json!(3)),
            ("uniqueItems", json!(true)),
            ("oneOf", json!([{ "type": "string" }])),
            ("not", json!({ "type": "string" })),
            ("patternProperties", json!({})),
            ("if", json!({ "type": "string" })),
        ] {
            let mut item = json!({ "type": "string" });
            item[keyword] = value;
            let schema = json!({ "type": "object", "additionalProperties": false, "properties": {
                "titre": { "type": "array", "items": item } } });
            let sentence = refusal(&schema);
            assert!(sentence.starts_with("schema.properties.titre.items: "), "{keyword}: {sentence}");
            assert!(sentence.contains(&format!("'{keyword}'")), "{keyword}: {sentence}");
        }
    }

    #[test]
    fn what_a_schema_says_must_be_something_the_grammar_knows() {
        for (schema, piece) in [
            (json!({ "type": "object", "properties": {} }), "additionalProperties"),
            (json!({ "type": "object", "additionalProperties": true }), "additionalProperties"),
            (json!({ "type": "array", "minItems": 2, "items": { "type": "string" } }), "schema.minItems"),
            (json!({ "type": "string", "format": "phone" }), "schema.format"),
            (json!({ "type": "texte" }), "schema.type"),
            (json!({ "enum": [{ "a": 1 }] }), "schema.enum"),
            (json!({ "enum": [] }), "schema.enum"),
            (json!({ "const": [1] }), "schema.const"),
            (json!({ "anyOf": [] }), "schema.anyOf"),
            (json!({ "anyOf": [{ "type": "string" }, true] }), "schema.anyOf.1"),
            (json!({ "description": "anything" }), "a type"),
            (json!({ "$ref": "#/$defs/none" }), "schema.$ref"),
            (json!({ "$ref": "https://example.fr/schema" }), "schema.$ref"),
            (json!({ "type": "string", "$defs": { "x": { "type": "object" } } }), "schema.$defs.x"),
        ] {
            assert!(refusal(&schema).contains(piece), "{schema}: {}", refusal(&schema));
        }
    }

    #[test]
    fn what_is_supported_is_accepted() {
        let formats: serde_json::Map<String, Value> = FORMATS
            .iter()
            .map(|format| ((*format).to_owned(), json!({ "type": "string", "format": format })))
            .collect();
        let schema = json!({ "type": "object", "additionalProperties": false, "properties": {
            "formats": { "type": "object", "additionalProperties": false, "properties": formats },
            "liste": { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/t" } },
            "encore": { "allOf": [{ "$ref": "#/$defs/t" }] }, "peut": { "type": ["string", "null"] },
            "ou": { "anyOf": [{ "type": "integer" }, { "const": 4.5 }] } },
            "$defs": { "t": { "type": "string", "enum": ["x", "y"], "description": "Un code" } } });
        assert_eq!(refusal(&schema), "");
    }

    #[test]
    fn recursion_is_refused_however_long_the_way() {
        let node = |to: &str| {
            json!({ "type": "object", "additionalProperties": false, "properties": {
            "child": { "$ref": format!("#/$defs/{to}") } } })
        };
        let recursive = json!({ "$ref": "#/$defs/a", "$defs": { "a": node("b"), "b": node("c"), "c": node("a") } });
        assert!(refusal(&recursive).contains("recursive"), "{}", refusal(&recursive));
    }
}
