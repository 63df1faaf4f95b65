//! A fact sheet from a file: ours, or a plain array of facts, or `{"facts": …, "indicators": …}`.

use std::collections::BTreeMap;

use domain::fact::{Fact, FactSheet, FactStatus, Peer, Provenance, Scope, ScopeKind};
use rust_decimal::Decimal;
use serde_json::Value;

use super::anchors::indicator_of;
use super::rules::scopes;

/// Why a file is no fact sheet.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    #[error("this is no JSON: {0}")]
    Json(#[from] serde_json::Error),
    #[error("a fact sheet is an array of facts, or an object with « facts »: this is neither")]
    Shape,
    #[error("fact {at}: {field} is « {value} »: {expected}")]
    Field { at: String, field: &'static str, value: String, expected: &'static str },
}

/// Reads a sheet. Where it says nothing of an indicator's anchors, base or time, the dictionary of the product does.
///
/// # Errors
/// The first fact that cannot be read, with its field.
pub fn read_sheet(json: &str) -> Result<FactSheet, SheetError> {
    let value: Value = serde_json::from_str(json)?;
    let facts: Vec<(String, &Value)> = match value.get("facts").unwrap_or(&value) {
        Value::Array(facts) => facts.iter().enumerate().map(|(at, fact)| (at.to_string(), fact)).collect(),
        Value::Object(facts) if value.get("facts").is_some() => {
            facts.iter().map(|(id, fact)| (id.clone(), fact)).collect()
        }
        _ => return Err(SheetError::Shape),
    };
    let indicators = indicators_of(&value);
    let mut read = BTreeMap::new();
    for (at, fact) in facts {
        let fact = fact_of(&at, fact, &indicators)?;
        read.insert(fact.id.clone(), fact);
    }
    let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut exhibits = BTreeMap::new();
    let names = value.pointer("/exhibits/noms").or_else(|| value.get("noms"));
    exhibits.extend(names.map(|names| ("noms".to_owned(), names.clone())));
    let commune = read.values().find(|fact| fact.scope.kind == ScopeKind::Com).map(|fact| fact.scope.code.clone());
    Ok(FactSheet {
        study: text("study"),
        lead: ScopeKind::Com,
        commune: commune.unwrap_or_else(|| text("commune")),
        reference_version: value.get("reference_version").and_then(Value::as_i64).unwrap_or_default(),
        facts: read,
        exhibits,
    })
}

/// What the file says of its indicators, by id: an object, or an array of objects with an `id`.
fn indicators_of(value: &Value) -> BTreeMap<String, &Value> {
    match value.get("indicators") {
        Some(Value::Object(map)) => map.iter().map(|(id, line)| (id.clone(), line)).collect(),
        Some(Value::Array(list)) => {
            list.iter().filter_map(|line| Some((line.get("id")?.as_str()?.to_owned(), line))).collect()
        }
        _ => BTreeMap::new(),
    }
}

fn fact_of(at: &str, fact: &Value, indicators: &BTreeMap<String, &Value>) -> Result<Fact, SheetError> {
    let wrong = |field: &'static str, value: &Value, expected: &'static str| SheetError::Field {
        at: at.to_owned(),
        field,
        value: value.to_string().chars().take(80).collect(),
        expected,
    };
    let id_value = fact.get("id").unwrap_or(&Value::Null);
    let id = id_value.as_str().ok_or_else(|| wrong("id", id_value, "indicator@scope, such as lov.tx@com"))?;
    let kind = scopes::of_id(id)
        .ok_or_else(|| wrong("id", id_value, "an id that ends with @com, @epci, @dep, @reg, @fr or @sim"))?;
    let status_value = fact.get("status").unwrap_or(&Value::Null);
    let status: FactStatus = match status_value {
        Value::Null => FactStatus::Ok,
        given => serde_json::from_value(given.clone())
            .map_err(|_| wrong("status", given, "ok, low_n, modelled, secret, missing or not_applicable"))?,
    };
    let value = decimal(fact.get("value")).map_err(|given| wrong("value", &given, "a decimal as a string, or null"))?;
    let moe = decimal(fact.get("moe")).map_err(|given| wrong("moe", &given, "a decimal as a string, or null"))?;
    let own = indicators.get(indicator_of(id)).or_else(|| indicators.get(without_modality(indicator_of(id)))).copied();
    let known = dictionary_line(indicator_of(id));
    let said = |key: &str| fact.get(key).or_else(|| own?.get(key));
    let text = |key: &str| said(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let optional = |key: &str| said(key).and_then(Value::as_str).map(str::to_owned);
    let flag = |key: &str| {
        let given = said(key)?;
        given.as_bool().or_else(|| given.as_str()?.parse().ok())
    };
    let list = |key: &str, ours: &[&str]| match said(key).and_then(Value::as_array) {
        Some(words) if key != "anchors" || !words.is_empty() => {
            words.iter().filter_map(Value::as_str).map(str::to_owned).collect()
        }
        _ => ours.iter().map(|word| (*word).to_owned()).collect(),
    };
    let printed = text("text");
    let decimals = said("decimals").and_then(whole).and_then(|decimals| u32::try_from(decimals).ok());
    Ok(Fact {
        id: id.to_owned(),
        label: text("label"),
        value,
        unit: text("unit"),
        decimals: decimals.unwrap_or_else(|| decimals_of(&printed)),
        status,
        n: said("n").and_then(whole),
        moe,
        period: optional("period"),
        asof: optional("asof"),
        note: optional("note"),
        better: text("better"),
        signed: flag("signed")
            .or(known.map(|line| line.unit.is_signed()))
            .unwrap_or_else(|| printed.starts_with(['+', '\u{2212}'])),
        provisional: flag("provisional").unwrap_or_default(),
        scope: scope_of(fact, kind),
        prov: provenance(fact),
        peer: peer(fact.get("peer")),
        anchors: list("anchors", known.map_or(&[], |line| line.anchors)),
        base: list("base", known.map_or(&[], |line| line.base)),
        time: list("time", known.map_or(&[], |line| line.time)),
        text: printed,
    })
}

/// `dvf.med` of `dvf.med[appt-2024]`.
fn without_modality(indicator: &str) -> &str {
    indicator.split_once('[').map_or(indicator, |(name, _)| name)
}

/// The dictionary's line for an indicator, whatever its year.
fn dictionary_line(indicator: &str) -> Option<&'static indicators::Indicator> {
    indicators::indicator(indicator).or_else(|| {
        let (name, modality) = indicator.split_once('[')?;
        let kind = modality.split(['-', ']']).next()?;
        indicators::indicator(&format!("{name}[{kind}]")).or_else(|| indicators::indicator(name))
    })
}

fn decimal(value: Option<&Value>) -> Result<Option<Decimal>, Value> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(given) => {
            let text = given.as_str().map_or_else(|| given.to_string(), |text| text.trim().replace(',', "."));
            if text.is_empty() {
                return Ok(None);
            }
            // A text indicator has no number.
            match text.parse().or_else(|_| Decimal::from_scientific(&text)) {
                Ok(number) => Ok(Some(number)),
                Err(_) if given.is_string() && text.chars().any(char::is_alphabetic) => Ok(None),
                Err(_) => Err(given.clone()),
            }
        }
    }
}

/// A whole number, written as such or as a text.
fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
}

fn decimals_of(printed: &str) -> u32 {
    let after = printed.split_once(',').map_or("", |(_, after)| after);
    u32::try_from(after.chars().take_while(char::is_ascii_digit).count()).unwrap_or_default()
}

fn scope_of(fact: &Value, kind: ScopeKind) -> Scope {
    let text =
        |key: &str| fact.pointer(&format!("/scope/{key}")).and_then(Value::as_str).unwrap_or_default().to_owned();
    let cog = fact.pointer("/scope/cog").and_then(Value::as_i64).and_then(|cog| i32::try_from(cog).ok());
    Scope { kind, code: text("code"), name: text("name"), cog: cog.unwrap_or_default() }
}

fn provenance(fact: &Value) -> Provenance {
    let text = |key: &str| fact.pointer(&format!("/prov/{key}")).and_then(Value::as_str).unwrap_or_default().to_owned();
    Provenance {
        dataset: text("dataset"),
        producteur: text("producteur"),
        vintage: text("vintage"),
        load: text("load"),
        query: text("query"),
        query_sha256: text("query_sha256"),
        formula: text("formula"),
        inputs: Vec::new(),
        synthetic: fact.pointer("/prov/synthetic").and_then(Value::as_bool).unwrap_or_default(),
    }
}

fn peer(value: Option<&Value>) -> Option<Peer> {
    let value = value.filter(|value| value.is_object())?;
    let number = |key: &str| decimal(value.get(key)).ok().flatten().unwrap_or_default();
    let pct = percentile(number("pct")).try_into().ok()?;
    Some(Peer {
        n: number("n").try_into().unwrap_or_default(),
        p25: number("p25"),
        p50: number("p50"),
        p75: number("p75"),
        pct,
    })
}

/// A percentile between two whole numbers stands on the side that proves less: 89,6 is not among the last tenth, nor 60,4
/// in the middle.
fn percentile(pct: Decimal) -> Decimal {
    let outwards = pct <= Decimal::from(30) || (pct > Decimal::from(50) && pct <= Decimal::from(70));
    if outwards { pct.ceil() } else { pct.floor() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentile_proves_no_more_than_it_says() {
        let whole = |text: &str| percentile(text.parse().unwrap()).to_string();
        let pairs = [
            ("89.6", "89"),
            ("74.9", "74"),
            ("60.4", "61"),
            ("39.6", "39"),
            ("25.1", "26"),
            ("10.2", "11"),
            ("90", "90"),
            ("40", "40"),
            ("10", "10"),
        ];
        for (given, kept) in pairs {
            assert_eq!(whole(given), kept, "{given}");
        }
    }
}
