//! Vacancy on paper: the map of the EPCI, the years, and bars by scope where there are no years.

use domain::fact::{Fact, ScopeKind};
use serde::Deserialize;

use super::MapOf;
use super::scopes::by_scope;
use crate::pages::{Exhibit, Exhibits, PageError, Press, height, read, sentence, short_name};
use charts::{Frame, choropleth, line};

#[derive(Deserialize)]
struct Series {
    indicator: String,
    label: String,
    annees: Vec<i32>,
    facts: SeriesFacts,
}

#[derive(Deserialize)]
struct SeriesFacts {
    com: Vec<String>,
    epci: Vec<String>,
    dep: Vec<String>,
}

/// Long-term vacancy over the EPCI.
///
/// # Errors
/// As [`read`], or when the commune's own fact is missing.
pub fn vacancy_map(press: &mut Press<'_>, exhibits: &mut Exhibits) -> Result<Exhibit, PageError> {
    let map: MapOf = read(press, "carte_vacance")?;
    let areas: Vec<_> = map
        .communes
        .iter()
        .map(|commune| choropleth::Area {
            name: &commune.nom,
            value: commune.valeur.as_deref().filter(|_| commune.statut.is_citable()).and_then(|v| v.parse().ok()),
            text: if commune.statut.is_citable() { &commune.texte } else { "n.d." },
            highlight: commune.highlight,
            outline: &commune.rings,
        })
        .collect();
    let mut sorted: Vec<_> = areas.iter().collect();
    sorted.sort_by(|a, b| b.value.partial_cmp(&a.value).unwrap_or(std::cmp::Ordering::Equal).then(a.name.cmp(b.name)));
    let desc: Vec<String> = sorted.iter().map(|area| format!("{} {}", area.name, area.text)).collect();
    let (desc, title) = (desc.join("\u{a0}; "), format!("{}, par commune", map.label));
    let frame = Frame { key: "carte-vacance", title: &title, desc: &desc, width: 492.0, height: 270.0 };
    let legend = format!("{}, {}", map.label, map.vintage);
    let schematic = map.kind != "contours";
    let svg = choropleth::draw(&frame, &choropleth::Map { areas: &areas, legend: &legend, unit: "%", schematic });
    let measure = format!("En\u{a0}%, {}\u{a0}; {}\u{a0}communes de l’intercommunalité", map.vintage, areas.len());
    let facts = [press.fact(&format!("{}@com", map.indicator))?];
    let mut exhibit = exhibits.figure(&title, &measure, svg, &facts)?;
    let ground =
        if schematic { "carte schématique, une cellule par commune" } else { map.source.trim_end_matches('.') };
    exhibit.source = format!("{} Fond\u{a0}: {ground}. Classes arrondies.", exhibit.source);
    Ok(exhibit)
}

/// Vacancy by year; bars by scope where fewer than three years are published.
///
/// # Errors
/// As [`read`], or when a listed fact is missing.
pub fn vacancy_series(press: &mut Press<'_>, exhibits: &mut Exhibits) -> Result<Exhibit, PageError> {
    let series: Series = read(press, "serie_vacance")?;
    let scopes = [
        (ScopeKind::Com, &series.facts.com),
        (ScopeKind::Epci, &series.facts.epci),
        (ScopeKind::Dep, &series.facts.dep),
    ];
    let mut lines = vec![];
    for (kind, ids) in scopes {
        // A scope may lack a year, or all of them.
        let found: Vec<_> = ids.iter().map(|id| press.exact(id)).collect();
        let points: Vec<_> = series.annees.iter().copied().zip(found.iter().map(|f| f.and_then(height))).collect();
        let facts: Vec<&Fact> = found.into_iter().flatten().collect();
        if let Some(last) = facts.iter().rev().find(|fact| fact.status.is_citable()) {
            lines.push((kind, *last, short_name(last), points, facts));
        }
    }
    let known = lines.first().map_or(0, |(_, _, _, points, _)| points.iter().filter(|(_, v)| v.is_some()).count());
    if known < 3 {
        let title = format!("{}, par territoire", series.label);
        return by_scope(press, exhibits, "barres-vacance", (&title, "En\u{a0}%"), &series.indicator, (492.0, 100.0));
    }
    let drawn: Vec<_> = lines
        .iter()
        .map(|(scope, last, name, points, _)| line::Series { scope: *scope, name, end: &last.text, points })
        .collect();
    let facts: Vec<&Fact> = lines.iter().flat_map(|(.., facts)| facts.iter().copied()).collect();
    let title = format!("{}, par année", series.label);
    let desc = sentence(&facts);
    let frame = Frame { key: "serie-vacance", title: &title, desc: &desc, width: 492.0, height: 100.0 };
    let svg = line::draw(&frame, &drawn, "%", true);
    let measure = if series.indicator.starts_with("lov") {
        "En\u{a0}%\u{a0}; entre 2022 et 2025, le mode de déclaration des propriétaires a changé"
    } else {
        "En\u{a0}%\u{a0}; chaque millésime réunit cinq années d’enquête"
    };
    let mut exhibit = exhibits.figure(&title, measure, svg, &facts)?;
    exhibit.anchors = press.anchors(facts.iter().map(|fact| fact.id.as_str()));
    Ok(exhibit)
}
