//! The rules a JSON schema must keep to be accepted for structured output.

use serde_json::Value;

use super::error::Refusal;

const UNSUPPORTED: [&str; 14] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "maxItems",
    "uniqueItems",
    "oneOf",
    "not",
    "patternProperties",
    "if",
];
const FORMATS: [&str; 9] = ["date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6"];
const DEEPEST: usize = 40;

/// Checks a schema; the refusal names the path of the first thing that is not allowed.
pub fn check(schema: &Value, at: &str) -> Result<(), Refusal> {
    if !schema.is_object() {
        return Err(Refusal::invalid(format!("{at}: must be an object")));
    }
    walk(schema, schema, at, 0)
}

fn walk(schema: &Value, root: &Value, at: &str, depth: usize) -> Result<(), Refusal> {
    if depth > DEEPEST {
        return Err(Refusal::invalid(format!("{at}: recursive schemas are not supported")));
    }
    let Some(fields) = schema.as_object() else { return Ok(()) };
    if let Some(keyword) = UNSUPPORTED.iter().find(|keyword| fields.contains_key(**keyword)) {
        return Err(Refusal::invalid(format!(
            "{at}: For '{}' type, property '{keyword}' is not supported",
            kind(schema)
        )));
    }
    if let Some(least) = fields.get("minItems").and_then(Value::as_u64)
        && least > 1
    {
        return Err(Refusal::invalid(format!("{at}.minItems: only 0 and 1 are supported")));
    }
    if let Some(format) = fields.get("format").and_then(Value::as_str)
        && format != "uuid"
        && !FORMATS.contains(&format)
    {
        return Err(Refusal::invalid(format!("{at}.format: '{format}' is not supported")));
    }
    if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
        let target = resolve(root, reference)
            .ok_or_else(|| Refusal::invalid(format!("{at}.$ref: '{reference}' leads nowhere")))?;
        return walk(target, root, at, depth + 1);
    }
    if kind(schema) == "object" {
        if fields.get("additionalProperties") != Some(&Value::Bool(false)) {
            return Err(Refusal::invalid(format!(
                "{at}: For 'object' type, 'additionalProperties' must be explicitly set to false"
            )));
        }
        for (name, property) in fields.get("properties").and_then(Value::as_object).into_iter().flatten() {
            walk(property, root, &format!("{at}.properties.{name}"), depth + 1)?;
        }
    }
    if let Some(items) = fields.get("items") {
        walk(items, root, &format!("{at}.items"), depth + 1)?;
    }
    for branch in ["anyOf", "allOf"] {
        for (index, part) in fields.get(branch).and_then(Value::as_array).into_iter().flatten().enumerate() {
            walk(part, root, &format!("{at}.{branch}.{index}"), depth + 1)?;
        }
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
        check(schema, "schema")
            .err()
            .map(|refusal| refusal.body("")["error"]["message"].to_string())
            .unwrap_or_default()
    }

    #[test]
    fn open_objects_and_unsupported_keywords_are_refused_with_their_path() {
        assert!(refusal(&json!({ "type": "object", "properties": {} })).contains("additionalProperties"));
        let deep = json!({ "type": "object", "additionalProperties": false, "properties": {
            "titre": { "type": "array", "items": { "type": "string", "maxLength": 90 } } } });
        assert!(refusal(&deep).contains("schema.properties.titre.items"));
        assert!(
            refusal(&json!({ "type": "array", "minItems": 2, "items": { "type": "string" } })).contains("minItems")
        );
    }

    #[test]
    fn recursion_is_refused_and_plain_references_are_not() {
        let recursive = json!({ "$ref": "#/$defs/n", "$defs": { "n": { "type": "object", "additionalProperties": false,
            "properties": { "child": { "$ref": "#/$defs/n" } } } } });
        assert!(refusal(&recursive).contains("recursive"));
        let plain = json!({ "type": "object", "additionalProperties": false, "properties": { "a": { "$ref": "#/$defs/t" } },
            "$defs": { "t": { "type": "string", "enum": ["x"] } } });
        assert_eq!(refusal(&plain), "");
    }
}
