//! Which lines a call is about: `qs`, the suffixed filters, and the communes they name.

use super::Refusal;
use super::commune;
use super::query::{Filter, parse};
use super::row::{Row, index};
use crate::call::Ask;

/// Parameters with a meaning of their own; every other one is ignored, as the live service does.
const UNSUPPORTED: [&str; 6] = ["bbox", "geo_distance", "q", "q_fields", "page", "collapse"];
/// More rows than this would be a query that a report has no reason to make.
const COMMUNES_MOST: usize = 60;

/// The lines that pass all filters of the call.
pub fn rows(ask: &Ask<'_>, dataset: &str) -> Result<Vec<Row>, Refusal> {
    if let Some(name) = UNSUPPORTED.iter().find(|name| ask.call.param(name).is_some()) {
        return Err(Refusal::not_doubled(format!("the parameter {name}")));
    }
    let filter = filter(ask)?;
    let column = index("code_insee_ban").unwrap_or_default();
    let Some(mut communes) = filter.communes(column) else {
        return Err(Refusal::not_doubled(
            "the whole country: no filter on code_insee_ban was understood (a plain ?column=value is ignored)",
        ));
    };
    communes.sort();
    communes.dedup();
    if communes.len() > COMMUNES_MOST {
        return Err(Refusal::not_doubled(format!("queries over {} communes", communes.len())));
    }
    let store = ask.world.ademe.lock();
    let loaded = store.loaded.get(dataset);
    let mut rows = Vec::new();
    for code in &communes {
        let own = || {
            loaded
                .into_iter()
                .flatten()
                .filter(|row| row.cell(column).compare(code).is_some_and(std::cmp::Ordering::is_eq))
        };
        if own().next().is_some() {
            rows.extend(own().cloned());
        } else {
            rows.extend(commune::rows(code, dataset, ask.world.config.seed));
        }
    }
    rows.retain(|row| filter.accepts(row));
    Ok(rows)
}

fn filter(ask: &Ask<'_>) -> Result<Filter, Refusal> {
    let mut parts = Vec::new();
    for (name, value) in &ask.call.query {
        if name == "qs" {
            parts.push(parse(value)?);
        } else if let Some(part) = suffixed(name, value)? {
            parts.push(part);
        }
    }
    Ok(if parts.is_empty() { Filter::All } else { Filter::And(parts) })
}

/// `column_in=a,b` and its kin.
fn suffixed(name: &str, value: &str) -> Result<Option<Filter>, Refusal> {
    let Some((column, suffix)) = name.rsplit_once('_') else { return Ok(None) };
    let Some(column) = index(column) else { return Ok(None) };
    let is = |value: &str| Filter::Is { column, value: value.to_owned() };
    let within = |low: Option<bool>, high: Option<bool>| Filter::Within {
        column,
        low: low.map(|inclusive| (value.to_owned(), inclusive)),
        high: high.map(|inclusive| (value.to_owned(), inclusive)),
    };
    let any = || Filter::Or(value.split(',').map(|one| is(one.trim_matches('"'))).collect());
    let not = |filter| Filter::Not(Box::new(filter));
    Ok(Some(match suffix {
        "eq" => is(value),
        "neq" => not(is(value)),
        "in" => any(),
        "nin" => not(any()),
        "gt" => within(Some(false), None),
        "gte" => within(Some(true), None),
        "lt" => within(None, Some(false)),
        "lte" => within(None, Some(true)),
        "starts" => Filter::Starts { column, prefix: value.to_owned() },
        "contains" => Filter::Contains { column, piece: value.to_owned() },
        "exists" => Filter::Exists { column },
        "nexists" => not(Filter::Exists { column }),
        "search" => return Err(Refusal::not_doubled(format!("the filter {name}"))),
        _ => return Ok(None),
    }))
}

/// A column named in a parameter.
pub fn column(name: &str) -> Result<usize, Refusal> {
    index(name).ok_or_else(|| Refusal::bad(format!("Le paramètre référence un champ inconnu : {name}")))
}

/// A whole number in a parameter.
pub fn number(ask: &Ask<'_>, name: &str, default: usize, most: usize) -> Result<usize, Refusal> {
    let Some(text) = ask.call.param(name) else { return Ok(default) };
    match text.parse() {
        Ok(number) if number <= most => Ok(number),
        _ => Err(Refusal::bad(format!("{name} doit être un entier d’au plus {most}, pas {text}"))),
    }
}
