//! The suffixed filters: `column_in=a,b` and its kin.

use super::Refusal;
use super::filter::{Filter, folded_words};
use super::query::comparable;
use super::row::index;

const SUFFIXES: [&str; 13] =
    ["nexists", "exists", "contains", "search", "starts", "neq", "nin", "gte", "lte", "eq", "in", "gt", "lt"];

/// The filter that a parameter is; `None` when it is none.
pub fn read(name: &str, value: &str) -> Result<Option<Filter>, Refusal> {
    let Some((key, suffix)) = name.rsplit_once('_').filter(|(_, suffix)| SUFFIXES.contains(suffix)) else {
        return Ok(None);
    };
    let Some(column) = index(key) else { return Err(Refusal::not_doubled(format!("a filter on the column {key}"))) };
    if value.is_empty() && !suffix.ends_with("exists") {
        return Err(Refusal::bad(format!("Filtre {name} nécessite une valeur.")));
    }
    let is = |value: String| Ok(Filter::Is { column, value: comparable(column, value)? });
    let any = || Ok(Filter::Or(list(name, value)?.into_iter().map(is).collect::<Result<_, Refusal>>()?));
    let within = |low: Option<bool>, high: Option<bool>| {
        let value = comparable(column, value.to_owned())?;
        let bound = |belongs: Option<bool>| belongs.map(|belongs| (value.clone(), belongs));
        Ok(Filter::Within { column, low: bound(low), high: bound(high) })
    };
    let not = |filter: Filter| Filter::Not(Box::new(filter));
    let filter: Result<Filter, Refusal> = match suffix {
        "eq" => is(value.to_owned()),
        "neq" => is(value.to_owned()).map(not),
        "in" => any(),
        "nin" => any().map(not),
        "gt" => within(Some(false), None),
        "gte" => within(Some(true), None),
        "lt" => within(None, Some(false)),
        "lte" => within(None, Some(true)),
        "starts" => Ok(Filter::Starts { column, prefix: value.to_owned() }),
        "contains" => Ok(Filter::Contains { column, piece: value.to_owned() }),
        "search" => words(column, name, value),
        "exists" => Ok(Filter::Exists { column }),
        _ => Ok(not(Filter::Exists { column })),
    };
    filter.map(Some)
}

/// `a,b`, or `"a, with a comma","b"`.
fn list(name: &str, value: &str) -> Result<Vec<String>, Refusal> {
    if value.starts_with('"') {
        return serde_json::from_str(&format!("[{value}]"))
            .map_err(|_| Refusal::bad(format!("\"{name}\" n’est pas une liste bien écrite")));
    }
    Ok(value.split(',').filter(|one| !one.is_empty()).map(str::to_owned).collect())
}

/// Any of the words; signs have a meaning in the live service that the double does not know.
fn words(column: usize, name: &str, value: &str) -> Result<Filter, Refusal> {
    let plain =
        value.chars().all(|letter| letter.is_alphanumeric() || letter.is_whitespace() || "’'–".contains(letter));
    if !plain {
        return Err(Refusal::not_doubled(format!("signs in the filter {name}")));
    }
    Ok(Filter::Says { column, words: folded_words(value) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ademe::row::{COLUMNS, Cell, Row};

    #[test]
    fn every_suffix_means_what_its_name_says() {
        let mut cells = vec![Cell::Missing; COLUMNS.len()];
        cells[index("etiquette_dpe").unwrap()] = Cell::Text("F".into());
        cells[index("conso_5_usages_par_m2_ep").unwrap()] = Cell::Number(350.0);
        cells[index("type_energie_principale_chauffage").unwrap()] = Cell::Text("Bois – Bûches".into());
        let row = Row::new(cells);
        for (name, value, expected) in [
            ("etiquette_dpe_eq", "F", true),
            ("etiquette_dpe_neq", "F", false),
            ("etiquette_dpe_in", "F,G", true),
            ("etiquette_dpe_in", "\"F\",\"G\"", true),
            ("etiquette_dpe_nin", "F,G", false),
            ("conso_5_usages_par_m2_ep_gt", "350", false),
            ("conso_5_usages_par_m2_ep_gte", "350", true),
            ("conso_5_usages_par_m2_ep_lt", "350", false),
            ("conso_5_usages_par_m2_ep_lte", "350", true),
            ("type_energie_principale_chauffage_starts", "Bois", true),
            ("type_energie_principale_chauffage_starts", "Bûches", false),
            ("type_energie_principale_chauffage_contains", "Bûches", true),
            ("type_energie_principale_chauffage_search", "BUCHES fioul", true),
            ("type_energie_principale_chauffage_search", "fioul", false),
            ("etiquette_dpe_exists", "", true),
            ("etiquette_dpe_nexists", "", false),
            ("numero_dpe_nexists", "", true),
        ] {
            assert_eq!(read(name, value).unwrap().unwrap().accepts(&row), expected, "{name}={value}");
        }
        assert!(read("etiquette_dpe", "F").unwrap().is_none());
        assert!(read("agg_size", "3").unwrap().is_none());
        assert!(read("inconnue_eq", "F").is_err() && read("etiquette_dpe_eq", "").is_err());
    }
}
