//! One array of a JSON document, element by element: the document itself is never in memory.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Read, Sink};
use crate::engine::error::ImportError;
use crate::engine::received::Received;

const BOM: &[u8] = &[0xef, 0xbb, 0xbf];
/// What ends the reading when enough was seen; never shown.
const ENOUGH: &str = "enough elements were seen";

/// One column and where its value is.
#[derive(Debug, Clone)]
pub struct Field {
    /// Name in the staging table.
    pub name: String,
    /// Steps from the element to the value; none for the element itself.
    pub path: Vec<String>,
}

type Fields<'a> = HashMap<Cow<'a, str>, &'a RawValue>;

impl Field {
    /// The value in one element, unless it is absent or null.
    pub fn of<'a>(&self, element: &'a RawValue) -> Option<&'a RawValue> {
        let mut value = element;
        for step in &self.path {
            value = serde_json::from_str::<Fields<'a>>(value.get()).ok()?.get(step.as_str()).copied()?;
        }
        (value.get() != "null").then_some(value)
    }
}

/// Stages the fields of every element.
pub fn read(file: &Received, array: &str, fields: &[Field], sink: &mut Sink) -> Result<Read, ImportError> {
    let mut read = Read::default();
    stream(file, array, &mut |element| {
        read.rows += 1;
        if element.get().starts_with('{') {
            let cells: Vec<Cow<'_, str>> = fields.iter().map(|field| text(field.of(element))).collect();
            sink.row(read.rows, cells.iter().map(AsRef::as_ref));
        } else {
            read.reject(read.rows, "l’élément n’est pas un objet JSON", element.get());
        }
        true
    })?;
    Ok(read)
}

/// The first elements of the array, to see which fields they have.
pub fn sample(file: &Received, array: &str, most: usize) -> Result<Vec<Box<RawValue>>, ImportError> {
    let mut elements = Vec::new();
    stream(file, array, &mut |element| {
        elements.push(element.to_owned());
        elements.len() < most
    })?;
    Ok(elements)
}

/// Hands over every element until told that it is enough.
pub fn stream(file: &Received, array: &str, each: &mut dyn FnMut(&RawValue) -> bool) -> Result<(), ImportError> {
    // Parsed byte by byte: the buffer nearest to the parser must not be behind a pointer.
    let mut reader = BufReader::new(file.open()?);
    let marked = reader
        .fill_buf()
        .map_err(|source| ImportError::Unreadable { file: file.path.clone(), source })?
        .starts_with(BOM);
    if marked {
        reader.consume(BOM.len());
    }
    let path: Vec<&str> = array.split('.').filter(|step| !step.is_empty()).collect();
    let mut found = false;
    let mut document = serde_json::Deserializer::from_reader(&mut reader);
    let walked = Walk { path: &path, each, found: &mut found }.deserialize(&mut document);
    match walked.and_then(|()| document.end()) {
        Err(error) if !error.to_string().starts_with(ENOUGH) => Err(ImportError::Header(format!(
            "{} n’est pas un document JSON complet : {error}. Téléchargez-le de nouveau.",
            file.path.display()
        ))),
        _ if found => Ok(()),
        _ => Err(ImportError::Header(format!(
            "{} n’a pas de liste « {array} ». Vérifiez que c’est le bon fichier.",
            file.path.display()
        ))),
    }
}

/// A string without its quotes; anything else as it is written.
fn text(value: Option<&RawValue>) -> Cow<'_, str> {
    match value.map(RawValue::get) {
        None => Cow::Borrowed(""),
        Some(written) if written.starts_with('"') => {
            serde_json::from_str(written).map_or(Cow::Borrowed(written), |text: String| Cow::Owned(text))
        }
        Some(written) => Cow::Borrowed(written),
    }
}

/// The way down to the array.
struct Walk<'a> {
    path: &'a [&'a str],
    each: &'a mut dyn FnMut(&RawValue) -> bool,
    found: &'a mut bool,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.path.is_empty() { deserializer.deserialize_seq(self) } else { deserializer.deserialize_map(self) }
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(if self.path.is_empty() { "une liste" } else { "un objet" })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        *self.found = true;
        while let Some(element) = elements.next_element::<Box<RawValue>>()? {
            if !(self.each)(&element) {
                return Err(A::Error::custom(ENOUGH));
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(key) = entries.next_key::<String>()? {
            if self.path.first() == Some(&key.as_str()) {
                let (path, each, found) = (&self.path[1..], &mut *self.each, &mut *self.found);
                entries.next_value_seed(Walk { path, each, found })?;
            } else {
                entries.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}
