//! Figures and tables of LOG-01: what the collector listed, turned into drawings. Geometry reads a value only through
//! its fact's status.

use domain::fact::{Fact, FactStatus, ScopeKind};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::charts::{Frame, Outline, Svg, boxes, choropleth, dots, hbar, interval, line, locator};
use crate::pages::{Exhibit, Exhibits, PageError, Press, height, scope_name, shown};

/// The scopes of comparison, always in this order.
pub const SCOPES: [ScopeKind; 6] =
    [ScopeKind::Com, ScopeKind::Epci, ScopeKind::Dep, ScopeKind::Reg, ScopeKind::Fr, ScopeKind::Sim];

#[derive(Deserialize)]
struct MapOf {
    kind: String,
    indicator: String,
    label: String,
    vintage: String,
    source: String,
    communes: Vec<Commune>,
}

#[derive(Deserialize)]
struct Commune {
    nom: String,
    statut: FactStatus,
    valeur: Option<String>,
    texte: String,
    highlight: bool,
    rings: Outline,
}

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

#[derive(Deserialize)]
struct Prices {
    appt: Vec<PriceYear>,
    mais: Vec<PriceYear>,
}

#[derive(Deserialize)]
struct PriceYear {
    annee: i32,
    n: String,
    q1: String,
    med: String,
    q3: String,
}

#[derive(Deserialize)]
struct Rent {
    loyer: String,
    bas: String,
    haut: String,
    r2: String,
    nobs: String,
}

/// Which prices a figure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sold {
    Flats,
    Houses,
}

/// An exhibit as the collector wrote it.
///
/// # Errors
/// When it is absent or laid out otherwise.
pub fn read<T: DeserializeOwned>(press: &Press<'_>, name: &'static str) -> Result<T, PageError> {
    let fault = |message: String| PageError::Exhibit { name, message };
    let value = press.sheet().exhibits.get(name).ok_or_else(|| fault("absent from the sheet".to_owned()))?;
    T::deserialize(value).map_err(|error| fault(error.to_string()))
}

/// The cover's map; `None` where no contour is loaded.
///
/// # Errors
/// As [`read`].
pub fn cover_map(press: &Press<'_>) -> Result<Option<Svg>, PageError> {
    let map: MapOf = read(press, "carte_vacance")?;
    let communes: Vec<_> = map.communes.iter().map(|commune| (&commune.rings, commune.highlight)).collect();
    let desc = "Les communes de l’intercommunalité ; la commune étudiée est en orange.";
    let frame = Frame { key: "situation", title: "Carte de situation", desc, width: 520.0, height: 520.0 };
    Ok(locator::draw(&frame, &communes))
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
    let ground = map.source.trim_end_matches('.');
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
        let found: Vec<_> = ids.iter().map(|id| press.find(id)).collect();
        let points: Vec<_> = series.annees.iter().copied().zip(found.iter().map(|f| f.and_then(height))).collect();
        let facts: Vec<&Fact> = found.into_iter().flatten().collect();
        if let Some(last) = facts.iter().rev().find(|fact| fact.status.is_citable()) {
            lines.push((kind, *last, short_name(last), points, facts));
        }
    }
    let known = lines.first().map_or(0, |(_, _, _, points, _)| points.iter().filter(|(_, v)| v.is_some()).count());
    if known < 3 {
        return vacancy_bars(press, exhibits, &series);
    }
    let drawn: Vec<_> = lines
        .iter()
        .map(|(scope, last, name, points, _)| line::Series {
            scope: *scope,
            name,
            end: &last.text,
            points,
        })
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

fn vacancy_bars(press: &mut Press<'_>, exhibits: &mut Exhibits, series: &Series) -> Result<Exhibit, PageError> {
    let facts = of_scopes(press, &series.indicator);
    let labels: Vec<String> = facts.iter().map(|fact| short_name(fact)).collect();
    let bars: Vec<_> = facts
        .iter()
        .zip(&labels)
        .map(|(fact, label)| hbar::Bar { scope: fact.scope.kind, label, value: height(fact), text: shown(fact) })
        .collect();
    let title = format!("{}, par territoire", series.label);
    let desc = sentence(&facts);
    let frame = Frame { key: "barres-vacance", title: &title, desc: &desc, width: 492.0, height: 100.0 };
    let svg = hbar::draw(&frame, &bars);
    exhibits.figure(&title, "En\u{a0}%", svg, &facts)
}

/// Rates that tell a housing stock apart, the most telling first; six of those that the collector found comparable.
const COMPARED: &[&str] = &[
    "lov.tx2", "lov.tx", "log.tx_vac", "log.proprio", "rpl.tx", "log.tx_rs", "log.appart", "log.loc_hlm", "log.loc_prive",
    "log.maison", "log.tx_rp", "lov.part2",
];

/// The six scopes on the rates that the collector found comparable.
///
/// # Errors
/// As [`read`], or when a dataset has no printed name.
pub fn comparison(press: &mut Press<'_>, exhibits: &mut Exhibits) -> Result<Exhibit, PageError> {
    let comparable: Vec<String> = read(press, "comparaison")?;
    let listed = COMPARED.iter().copied().filter(|id| comparable.iter().any(|other| other == id));
    let mut facts = vec![];
    let mut rows = vec![];
    for indicator in listed.take(6) {
        let found = of_scopes(press, indicator);
        let Some(own) = found.iter().find(|fact| fact.scope.kind == ScopeKind::Com) else { continue };
        let values = found.iter().filter_map(|fact| height(fact).map(|value| (fact.scope.kind, value))).collect();
        let band = own.peer.as_ref().filter(|_| own.status.is_citable()).and_then(|peer| {
            let [low, middle, high] = [peer.p25, peer.p50, peer.p75].map(|value| value.to_string().parse().ok());
            Some(dots::Band { low: low?, middle: middle?, high: high? })
        });
        rows.push(dots::Row { label: &own.label, text: shown(own), values, band });
        facts.extend(found);
    }
    let seen = |kind: ScopeKind| facts.iter().find(|fact: &&&Fact| fact.scope.kind == kind && fact.status.is_citable());
    let legend: Vec<_> = SCOPES.into_iter().filter_map(|kind| seen(kind).map(|fact| (kind, short_name(fact)))).collect();
    let legend: Vec<_> = legend.iter().map(|(kind, name)| (*kind, name.as_str())).collect();
    let title = "La commune parmi ses territoires de comparaison";
    let desc = sentence(&facts);
    let frame = Frame { key: "comparaison", title, desc: &desc, width: 492.0, height: 240.0 };
    let svg = dots::draw(&frame, &rows, &legend);
    let measure = "Échelle propre à chaque ligne\u{a0}; bande\u{a0}: moitié centrale des communes comparables";
    let mut exhibit = exhibits.figure(title, measure, svg, &facts)?;
    exhibit.anchors = press.anchors(facts.iter().map(|fact| fact.id.as_str()));
    Ok(exhibit)
}

/// Prices by year: quartiles of the square metre.
///
/// # Errors
/// As [`read`], or when a listed fact is missing.
pub fn prices(press: &mut Press<'_>, exhibits: &mut Exhibits, sold: Sold) -> Result<Exhibit, PageError> {
    let prices: Prices = read(press, "serie_prix")?;
    let (years, key, title) = match sold {
        Sold::Flats => (prices.appt, "prix-appt", "Prix des appartements vendus"),
        Sold::Houses => (prices.mais, "prix-mais", "Prix des maisons vendues"),
    };
    let years: Vec<_> = years.iter().rev().take(6).rev().collect();
    let mut facts = vec![];
    let mut rows = vec![];
    for year in years {
        let [n, q1, med, q3] = [press.fact(&year.n)?, press.fact(&year.q1)?, press.fact(&year.med)?, press.fact(&year.q3)?];
        let quartiles = height(q1).zip(height(med)).zip(height(q3)).map(|((q1, med), q3)| (q1, med, q3));
        // The unit stands on the axis: above a box there is room for the number only.
        let text = shown(med).split('\u{a0}').next().unwrap_or_default();
        let text = if quartiles.is_some() { text } else { "n.d." };
        rows.push((year.annee.to_string(), quartiles, text, shown(n), med.status == FactStatus::Ok));
        facts.extend([med, q1, q3, n]);
    }
    let bins: Vec<_> = rows
        .iter()
        .map(|(year, quartiles, text, n, sure)| boxes::Bin { year, quartiles: *quartiles, text, n, sure: *sure })
        .collect();
    let desc = sentence(&facts);
    let frame = Frame { key, title, desc: &desc, width: 322.0, height: 146.0 };
    let svg = boxes::draw(&frame, &bins, "€/m²");
    let measure = "Médiane et quartiles, en €/m²\u{a0}; sous l’année, nombre de ventes";
    let mut exhibit = exhibits.figure(title, measure, svg, &facts)?;
    exhibit.anchors = press.anchors(facts.iter().map(|fact| fact.id.as_str()));
    Ok(exhibit)
}

/// Advert rents with their bounds.
///
/// # Errors
/// As [`read`], or when a listed fact is missing.
pub fn rents(press: &mut Press<'_>, exhibits: &mut Exhibits) -> Result<Exhibit, PageError> {
    let rents: Vec<Rent> = read(press, "loyers")?;
    let mut facts = vec![];
    let mut rows = vec![];
    for rent in &rents {
        let [own, low, high] = [press.fact(&rent.loyer)?, press.fact(&rent.bas)?, press.fact(&rent.haut)?];
        let [r2, count] = [press.fact(&rent.r2)?, press.fact(&rent.nobs)?];
        let bounds = height(low).zip(height(own)).zip(height(high)).map(|((low, own), high)| (low, own, high));
        let label = own.label.strip_prefix("Loyer d’annonce des ").unwrap_or(&own.label);
        let trust = match own.status {
            FactStatus::Ok => "fiable",
            FactStatus::LowN => "prudence",
            FactStatus::Modelled => "estimé",
            _ => "n.d.",
        };
        let note = if own.status.is_citable() {
            format!("{trust} · {}\u{a0}annonces · R²\u{a0}{}", shown(count), shown(r2))
        } else {
            own.note.clone().unwrap_or_else(|| "non publié".to_owned())
        };
        let text = shown(own).split('\u{a0}').next().unwrap_or_default();
        rows.push((short_label(label), note, bounds, text, own.status == FactStatus::Ok));
        facts.extend([own, low, high, count, r2]);
    }
    let drawn: Vec<_> = rows
        .iter()
        .map(|(label, note, bounds, text, reliable)| interval::Row {
            label,
            note,
            bounds: *bounds,
            text,
            reliable: *reliable,
        })
        .collect();
    let title = "Loyers d’annonce";
    let desc = sentence(&facts);
    let frame = Frame { key: "loyers", title, desc: &desc, width: 322.0, height: 146.0 };
    let svg = interval::draw(&frame, &drawn, "€/m²/mois");
    let measure = "En €/m² par mois, charges comprises\u{a0}; estimation et bornes";
    let mut exhibit = exhibits.figure(title, measure, svg, &facts)?;
    exhibit.anchors = press.anchors(facts.iter().map(|fact| fact.id.as_str()));
    Ok(exhibit)
}

fn short_label(label: &str) -> String {
    let label = label.replace("appartements d’une ou deux pièces", "appartements, 1-2 pièces");
    let label = label.replace("appartements de trois pièces et plus", "appartements, 3 pièces +");
    let mut chars = label.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The facts of an indicator, in the order of the scopes; a scope that a territory lacks is left out.
pub fn of_scopes<'a>(press: &Press<'a>, indicator: &str) -> Vec<&'a Fact> {
    SCOPES.into_iter().filter_map(|scope| press.find(&format!("{indicator}@{}", scope_name(scope)))).collect()
}

/// The same figures in words, for those who cannot see the drawing.
fn sentence(facts: &[&Fact]) -> String {
    let parts: Vec<String> =
        facts.iter().map(|fact| format!("{}, {} : {}", fact.label, fact.scope.name, shown(fact))).collect();
    parts.join(" ; ")
}

/// A scope's name with the usual abbreviations, for the margins of drawings.
fn short_name(fact: &Fact) -> String {
    let name = &fact.scope.name;
    let kinds =
        [("Communauté d’agglomération", "CA"), ("Communauté d'agglomération", "CA"), ("Communauté de communes", "CC")];
    kinds
        .into_iter()
        .chain([("Communauté urbaine", "CU")])
        .find_map(|(long, short)| name.strip_prefix(long).map(|rest| format!("{short}{rest}")))
        .unwrap_or_else(|| name.clone())
}
