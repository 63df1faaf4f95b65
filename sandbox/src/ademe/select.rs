//! Which lines a call is about: `qs`, the suffixed filters, and the communes they name.

use std::sync::Arc;

use super::filter::Filter;
use super::row::{COLUMNS, LABEL, Row, index};
use super::{Dataset, Refusal, commune, country, query, suffix};
use crate::call::Ask;

/// Parameters that change the answer in ways the double does not know.
const UNSUPPORTED: [&str; 14] = [
    "bbox",
    "geo_distance",
    "xyz",
    "q",
    "q_mode",
    "q_fields",
    "collapse",
    "highlight",
    "date_match",
    "owner",
    "account",
    "truncate",
    "thumbnail",
    "html",
];
/// More communes than a report has reason to ask about at once.
const COMMUNES_MOST: usize = 60;

/// The lines a call may be about, before its filter.
pub struct Pool {
    communes: Vec<Arc<Vec<Row>>>,
    filter: Filter,
    /// No filter was understood: the lines stand for the whole country.
    pub country: bool,
}

impl Pool {
    /// The lines that pass.
    pub fn rows(&self) -> Vec<&Row> {
        self.communes.iter().flat_map(|rows| rows.iter()).filter(|row| self.filter.accepts(row)).collect()
    }
}

/// Reads the filters of the call and finds its lines.
pub fn pool(ask: &Ask<'_>, dataset: Dataset) -> Result<Pool, Refusal> {
    if let Some(name) = UNSUPPORTED.iter().find(|name| ask.call.param(name).is_some()) {
        return Err(Refusal::not_doubled(format!("the parameter {name}")));
    }
    let filter = filter(ask)?;
    if filter == Filter::All {
        return Ok(Pool { communes: vec![country::rows(ask.world, dataset)], filter, country: true });
    }
    let Some(mut communes) = filter.communes() else {
        return Err(Refusal::not_doubled("a filter that names no commune (use code_insee_ban)"));
    };
    communes.sort();
    communes.dedup();
    if communes.len() > COMMUNES_MOST {
        return Err(Refusal::not_doubled(format!("queries over {} communes", communes.len())));
    }
    let communes = communes.iter().map(|code| commune::rows(ask.world, dataset, code)).collect();
    Ok(Pool { communes, filter, country: false })
}

fn filter(ask: &Ask<'_>) -> Result<Filter, Refusal> {
    let mut parts = Vec::new();
    for (name, value) in &ask.call.query {
        if name == "qs" {
            parts.push(query::parse(value)?);
        } else if let Some(part) = suffix::read(name, value)? {
            parts.push(part);
        }
    }
    Ok(match parts.len() {
        0 => Filter::All,
        1 => parts.remove(0),
        _ => Filter::And(parts),
    })
}

/// What an answer says about plain `?column=value`, which it ignores.
pub fn hint(ask: &Ask<'_>) -> Option<String> {
    let (name, _) = ask.call.query.iter().find(|(name, _)| index(name).is_some())?;
    Some(format!("Le paramètre \"{name}\" est ignoré. Pour filtrer, utilisez \"{name}_eq\" ou \"qs\"."))
}

/// A column named in a parameter.
pub fn column(ask: &Ask<'_>, name: &str) -> Result<usize, Refusal> {
    index(name)
        .filter(|column| *column != LABEL || ask.scenario != Some("column_missing"))
        .ok_or_else(|| Refusal::bad(format!("Le paramètre référence un champ inconnu {name}")))
}

/// All columns that the data set has now.
pub fn columns(ask: &Ask<'_>) -> Vec<usize> {
    (0..COLUMNS.len()).filter(|column| *column != LABEL || ask.scenario != Some("column_missing")).collect()
}

/// A whole number in a parameter.
pub fn number(ask: &Ask<'_>, name: &str, default: usize, most: usize) -> Result<usize, Refusal> {
    ask.call.param(name).map_or(Ok(default), |text| whole(name, text, most))
}

/// A whole number written in the parameter `name`.
pub fn whole(name: &str, text: &str, most: usize) -> Result<usize, Refusal> {
    match text.parse() {
        Ok(number) if number <= most => Ok(number),
        Ok(number) => Err(Refusal::bad(format!("\"{name}\" ne peut pas dépasser {most} (reçu : {number})"))),
        Err(_) => Err(Refusal::bad(format!("\"{name}\" doit être un entier (reçu : {text})"))),
    }
}
