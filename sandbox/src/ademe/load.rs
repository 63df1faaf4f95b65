//! Loads lines in place of the generated ones, for the communes they name.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::DATASETS;
use super::row::{COLUMNS, Cell, Row, index};
use crate::world::World;

/// `POST /_sandbox/ademe/load`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Load {
    #[serde(default = "existing")]
    dataset: String,
    lines: Vec<Map<String, Value>>,
}

fn existing() -> String {
    DATASETS[0].to_owned()
}

/// Adds lines; refuses columns that the double does not have.
///
/// # Errors
/// A sentence that names the data set, line or column at fault.
pub fn load(world: &Arc<World>, load: Load) -> Result<Value, String> {
    if !DATASETS.contains(&load.dataset.as_str()) {
        return Err(format!("dataset {} is not doubled: use one of {}", load.dataset, DATASETS.join(", ")));
    }
    let mut rows = Vec::with_capacity(load.lines.len());
    for (number, line) in load.lines.into_iter().enumerate() {
        let mut cells = vec![Cell::Missing; COLUMNS.len()];
        for (key, value) in line {
            let column = index(&key).ok_or_else(|| format!("line {number}: column {key} is not doubled"))?;
            cells[column] = cell(column, &value).ok_or_else(|| format!("line {number}: {key} cannot be {value}"))?;
        }
        rows.push(Row(cells));
    }
    let count = rows.len();
    world.ademe.lock().loaded.entry(load.dataset).or_default().extend(rows);
    Ok(json!({ "loaded": count }))
}

fn cell(column: usize, value: &Value) -> Option<Cell> {
    match value {
        Value::Null => Some(Cell::Missing),
        Value::String(text) if COLUMNS[column].kind == "number" => text.parse().ok().map(Cell::Number),
        Value::String(text) => Some(Cell::Text(text.clone())),
        Value::Number(number) if COLUMNS[column].kind == "number" => number.as_f64().map(Cell::Number),
        Value::Number(number) => Some(Cell::Text(number.to_string())),
        _ => None,
    }
}
