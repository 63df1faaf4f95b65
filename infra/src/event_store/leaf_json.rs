//! Canonical JSON (RFC 8785) straight from the text of a stored document: no maps, no copies of strings without escapes.
//! The general writer needs several times as long, and every event of the log passes here when it is verified.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

/// A document that borrows from its text; keys in the order of RFC 8785.
enum Document<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Vec<Document<'a>>),
    Object(Vec<(Cow<'a, str>, Document<'a>)>),
}

/// The canonical form of a JSON text.
///
/// # Errors
/// When the text is not JSON, or holds what RFC 8785 cannot write.
pub(super) fn canonical(text: &str, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    write(&serde_json::from_str(text)?, out)
}

fn write(document: &Document<'_>, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    match document {
        Document::Null => out.extend_from_slice(b"null"),
        Document::Bool(yes) => out.extend_from_slice(if *yes { b"true" } else { b"false" }),
        Document::Number(number) => match small(number) {
            Some(integer) => out.extend_from_slice(integer.to_string().as_bytes()),
            None => out.extend_from_slice(&serde_json_canonicalizer::to_vec(number)?),
        },
        Document::Text(text) => string(text, out)?,
        Document::List(items) => {
            out.push(b'[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push(b',');
                }
                write(item, out)?;
            }
            out.push(b']');
        }
        Document::Object(fields) => {
            out.push(b'{');
            for (n, (key, value)) in fields.iter().enumerate() {
                if n > 0 {
                    out.push(b',');
                }
                string(key, out)?;
                out.push(b':');
                write(value, out)?;
            }
            out.push(b'}');
        }
    }
    Ok(())
}

/// Integers that a double holds exactly are written as they are; the rest is left to the general writer.
fn small(number: &Number) -> Option<i64> {
    number.as_i64().filter(|integer| integer.unsigned_abs() < 1 << 53)
}

fn string(text: &str, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    if text.bytes().any(|byte| byte < 0x20 || byte == b'"' || byte == b'\\') {
        return serde_json::to_writer(out, text);
    }
    out.push(b'"');
    out.extend_from_slice(text.as_bytes());
    out.push(b'"');
    Ok(())
}

/// RFC 8785 sorts by UTF-16 units; that differs from the order of bytes only outside ASCII.
fn sort(fields: &mut [(Cow<'_, str>, Document<'_>)]) {
    fields.sort_by(|(one, _), (other, _)| match one.is_ascii() && other.is_ascii() {
        true => one.as_bytes().cmp(other.as_bytes()),
        false => one.encode_utf16().cmp(other.encode_utf16()),
    });
}

impl<'de> Deserialize<'de> for Document<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Document<'de>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Document::Null)
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Self::Value, E> {
        Ok(Document::Bool(yes))
    }

    fn visit_i64<E>(self, integer: i64) -> Result<Self::Value, E> {
        Ok(Document::Number(integer.into()))
    }

    fn visit_u64<E>(self, integer: u64) -> Result<Self::Value, E> {
        Ok(Document::Number(integer.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, float: f64) -> Result<Self::Value, E> {
        Number::from_f64(float).map(Document::Number).ok_or_else(|| E::custom("a number beyond all bounds"))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Document::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Document::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Document::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some(Key(key)) = entries.next_key()? {
            fields.push((key, entries.next_value()?));
        }
        sort(&mut fields);
        Ok(Document::Object(fields))
    }
}

/// A key, borrowed where the text has no escape in it.
#[derive(Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn document() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            (-9_007_199_254_740_991_i64..9_007_199_254_740_991).prop_map(Value::from),
            any::<f64>().prop_filter_map("finite", |float| float.is_finite().then(|| Value::from(float))),
            any::<String>().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::hash_map(any::<String>(), inner, 0..6)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    fn quick(text: &str) -> String {
        let mut out = Vec::new();
        canonical(text, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn keys_are_sorted_by_utf_16_units_and_numbers_are_doubles() {
        // The first key is one unit above U+D800 in UTF-16 only: bytes would sort the other way round.
        assert_eq!(quick("{\"\u{fb33}\": 1, \"\u{1f600}\": 2}"), "{\"\u{1f600}\":2,\"\u{fb33}\":1}");
        assert_eq!(quick(r#"{"b": [1.0, 1e21, -0.0], "a": "\u000a\u00e9\/"}"#), "{\"a\":\"\\né/\",\"b\":[1,1e+21,0]}");
    }

    proptest! {
        #[test]
        fn the_quick_form_is_the_general_one(value in document()) {
            let general = String::from_utf8(serde_json_canonicalizer::to_vec(&value).unwrap()).unwrap();
            prop_assert_eq!(quick(&value.to_string()), general.clone());
            prop_assert_eq!(quick(&serde_json::to_string_pretty(&value).unwrap()), general);
        }
    }
}
