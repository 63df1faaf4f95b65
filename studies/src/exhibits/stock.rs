//! The stock of dwellings, census after census, by occupation.

use charts::{Frame, stacked};
use domain::fact::{Fact, ScopeKind};
use indicators::fact_id;
use serde::Deserialize;

use super::scopes::{datum, marked};
use crate::pages::{Exhibit, Exhibits, PageError, Press, read, sentence, shown};

#[derive(Deserialize)]
struct Series {
    annees: Vec<i32>,
}

/// What a dwelling is used for, in the order of the columns.
const USES: [(&str, &str); 3] = [
    ("log.rp", "Résidences principales"),
    ("log.rs", "Secondaires et occasionnelles"),
    ("log.vac", "Vacants au recensement"),
];

/// The last three censuses, a column each; `None` when none has a figure.
///
/// # Errors
/// As [`read`], or when a dataset has no printed name.
pub fn stock(press: &mut Press<'_>, exhibits: &mut Exhibits, size: (f64, f64)) -> Result<Option<Exhibit>, PageError> {
    let series: Series = read(press, "serie_parc")?;
    let mut years = series.annees;
    years.drain(..years.len().saturating_sub(3));
    let at = |id: &str, year: i32| press.find(&fact_id(id, Some(year), ScopeKind::Com));
    let found: Vec<(String, Vec<&Fact>, Option<&Fact>)> = years
        .into_iter()
        .filter_map(|year| {
            let parts: Option<Vec<&Fact>> = USES.iter().map(|(id, _)| at(id, year)).collect();
            Some((year.to_string(), parts?, at("log.n", year)))
        })
        .collect();
    let known = found.iter().any(|(_, parts, _)| parts.iter().all(|part| part.status.is_citable()));
    if !known {
        return Ok(None);
    }
    let stacks: Vec<_> = found
        .iter()
        .map(|(year, parts, total)| stacked::Stack {
            label: year,
            parts: parts.iter().map(|part| datum(part)).collect(),
            total: total.map_or("", |total| shown(total)),
        })
        .collect();
    let facts: Vec<&Fact> = found.iter().flat_map(|(_, parts, total)| parts.iter().copied().chain(*total)).collect();
    let (title, desc) = ("Le parc selon son occupation, d’un recensement à l’autre", sentence(&facts));
    let frame = Frame { key: "parc", title, desc: &desc, width: size.0, height: size.1 };
    let svg = stacked::draw(&frame, &USES.map(|(_, name)| name), &stacks, stacked::Mode::Stacked, "logements");
    let measure = "Nombre de logements\u{a0}; chaque recensement réunit cinq années d’enquête";
    let exhibit = exhibits.figure(title, measure, svg, &facts)?;
    Ok(Some(marked(press, exhibit, &facts)))
}
