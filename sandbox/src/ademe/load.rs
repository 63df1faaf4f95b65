//! Loads lines in place of those of the communes they name, from JSON or from the producer's CSV.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Dataset;
use super::geography::WHOLE_CITIES;
use super::row::{COLUMNS, COMMUNE, Cell, Kind, Row, index};
use crate::call::Call;
use crate::world::World;

/// `POST /_sandbox/ademe/load` in JSON.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Load {
    dataset: Option<String>,
    /// Communes whose lines are replaced even when no line names them: so that one can be empty.
    communes: Vec<String>,
    lines: Vec<Map<String, Value>>,
}

/// Why lines are refused.
#[derive(Debug, thiserror::Error)]
#[error("{field} cannot be {value}: {remedy}")]
pub struct Mistake {
    pub field: String,
    pub value: Value,
    pub remedy: String,
}

fn mistake(field: impl Into<String>, value: impl Into<Value>, remedy: impl Into<String>) -> Mistake {
    Mistake { field: field.into(), value: value.into(), remedy: remedy.into() }
}

impl Load {
    /// Reads the body: CSV when the caller says so, JSON otherwise.
    ///
    /// # Errors
    /// A body that is neither; columns that the double does not have are refused by [`load`].
    pub fn read(call: &Call) -> Result<Self, Mistake> {
        let csv = call.header("content-type").is_some_and(|kind| kind.starts_with("text/csv"));
        let mut load =
            if csv { Self { lines: csv_lines(&call.body)?, ..Self::default() } } else { Self::json(&call.body)? };
        if let Some(dataset) = call.param("dataset") {
            load.dataset = Some(dataset.to_owned());
        }
        Ok(load)
    }

    fn json(body: &[u8]) -> Result<Self, Mistake> {
        let wrong = |error: serde_json::Error| {
            let remedy = format!("send {{\"lines\": [{{\"code_insee_ban\": …}}]}}, or CSV as text/csv ({error})");
            mistake("body", Value::Null, remedy)
        };
        if body.trim_ascii_start().starts_with(b"[") {
            return Ok(Self { lines: serde_json::from_slice(body).map_err(wrong)?, ..Self::default() });
        }
        serde_json::from_slice(body).map_err(wrong)
    }
}

/// Lines of a CSV file with its header, separated by `,` or `;`.
fn csv_lines(body: &[u8]) -> Result<Vec<Map<String, Value>>, Mistake> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let first = body.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let delimiter = if first.contains(&b';') { b';' } else { b',' };
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(body);
    let wrong = |error: csv::Error| mistake("body", Value::Null, format!("send well-formed CSV ({error})"));
    let names = reader.headers().map_err(wrong)?.clone();
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(wrong)?;
        let fields = names.iter().zip(record.iter()).filter(|(_, value)| !value.is_empty());
        lines.push(fields.map(|(name, value)| (name.to_owned(), json!(value))).collect());
    }
    Ok(lines)
}

/// Replaces the lines of the communes that `load` names; all of it or nothing.
///
/// # Errors
/// Names the data set, line or column at fault.
pub fn load(world: &Arc<World>, load: Load) -> Result<Value, Mistake> {
    let name = load.dataset.as_deref().unwrap_or(Dataset::Existing.id());
    let dataset = Dataset::named(name)
        .ok_or_else(|| mistake("dataset", name, format!("use {} or {}", Dataset::Existing.id(), Dataset::New.id())))?;
    let mut communes: BTreeMap<String, Vec<Row>> = load.communes.into_iter().map(|code| (code, Vec::new())).collect();
    let count = load.lines.len();
    for (number, line) in (1..).zip(load.lines) {
        let row = row(number, line)?;
        let Cell::Text(code) = row.cell(COMMUNE) else {
            let remedy = "a certificate without a commune would never be found: give code_insee_ban";
            return Err(mistake(format!("lines[{number}].code_insee_ban"), Value::Null, remedy));
        };
        communes.entry(code.clone().into_owned()).or_default().push(row);
    }
    if let Some(whole) = communes.keys().find(|code| WHOLE_CITIES.contains(&code.as_str())) {
        return Err(mistake(
            "code_insee_ban",
            whole.as_str(),
            "use the code of the arrondissement, as the data set does",
        ));
    }
    let codes: Vec<String> = communes.keys().cloned().collect();
    let mut store = world.ademe.lock();
    for (code, rows) in communes {
        store.loaded.insert((dataset, code), Arc::new(rows));
    }
    Ok(json!({ "dataset": dataset.id(), "loaded": count, "communes": codes }))
}

/// A line of the file; `number` counts from 1.
fn row(number: usize, line: Map<String, Value>) -> Result<Row, Mistake> {
    let mut cells = vec![Cell::Missing; COLUMNS.len()];
    for (key, value) in line {
        let field = format!("lines[{number}].{key}");
        // The service adds such columns by itself: an extract may bring them back.
        if key.starts_with('_') && key != "_geopoint" {
            continue;
        }
        let column = index(&key).ok_or_else(|| {
            let columns: Vec<&str> = COLUMNS.iter().map(|column| column.key).collect();
            mistake(field.as_str(), value.clone(), format!("the double has the columns {}", columns.join(", ")))
        })?;
        cells[column] = cell(column, &value).ok_or_else(|| {
            let remedy = if COLUMNS[column].kind == Kind::Number { "give a number" } else { "give a text" };
            mistake(field.as_str(), value.clone(), remedy)
        })?;
    }
    Ok(Row::new(cells))
}

fn cell(column: usize, value: &Value) -> Option<Cell> {
    let number = COLUMNS[column].kind == Kind::Number;
    match value {
        Value::Null => Some(Cell::Missing),
        Value::String(text) if number => text.parse().ok().map(Cell::Number),
        Value::String(text) => Some(Cell::Text(text.clone().into())),
        Value::Number(value) if number => value.as_f64().map(Cell::Number),
        Value::Number(value) => Some(Cell::Text(value.to_string().into())),
        _ => None,
    }
}
