//! What maps, series and tables show: geometry and lists of fact ids.

use std::collections::{BTreeMap, BTreeSet};

use domain::fact::{Fact, FactStatus, ScopeKind};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::market::{DWELLINGS, SEGMENTS};
use crate::themes::raw::{MapCommune, Raw};
use indicators::{NOT_AVAILABLE, SheetBuilder, Unit, dictionary, fact_id, indicator, render, scope_name};
use indicators::{scope_order, second_to_hide};

pub fn all(sheet: &SheetBuilder<'_>, raw: &Raw) -> BTreeMap<String, Value> {
    let territory = &raw.territory;
    let names = json!({
        "commune": territory.commune.nom, "epci": territory.epci.as_ref().map(|epci| &epci.nom),
        "departement": territory.departement.nom, "region": territory.region.nom,
    });
    BTreeMap::from([
        ("carte_vacance".to_owned(), map(raw)),
        ("serie_vacance".to_owned(), vacancy_series(sheet, raw)),
        ("serie_prix".to_owned(), price_series(raw)),
        ("loyers".to_owned(), rents()),
        ("chiffres_cles".to_owned(), json!(key_figures(sheet))),
        ("comparaison".to_owned(), json!(comparable(sheet))),
        ("sources".to_owned(), sources(raw)),
        ("noms".to_owned(), names),
        ("limites".to_owned(), limits(sheet)),
    ])
}

/// The indicator of the map: long vacancy where it is published, else vacancy, else that of the census.
fn map(raw: &Raw) -> Value {
    type Read = fn(&MapCommune) -> (Option<Decimal>, Option<&str>);
    let choices: [(&str, Read); 3] = [
        ("lov.tx2", |commune| (commune.tx2, commune.tx2_statut.as_deref())),
        ("lov.tx", |commune| (commune.tx, commune.tx_statut.as_deref())),
        ("log.tx_vac", |commune| (commune.tx_rp, None)),
    ];
    let communes = &raw.map.communes;
    let shown = choices.iter().find(|(_, read)| communes.iter().any(|commune| read(commune).0.is_some()));
    let Some((id, read)) = shown.or(choices.last()) else { return Value::Null };
    let own = raw.territory.commune.code.as_str();
    let members: Vec<_> =
        communes.iter().map(|commune| (commune.code.as_str(), read(commune).0, read(commune).1 == Some("s"))).collect();
    let second = second_to_hide(&members, own);
    let drawn: Vec<Value> = communes
        .iter()
        .map(|commune| {
            let (value, code) = read(commune);
            let status = match (value, code) {
                _ if second == Some(commune.code.as_str()) => FactStatus::Secret,
                (Some(_), _) => FactStatus::Ok,
                (None, Some("s")) => FactStatus::Secret,
                (None, _) => FactStatus::Missing,
            };
            let value = value.filter(|_| status.is_citable());
            let text = value.map_or_else(|| NOT_AVAILABLE.to_owned(), |v| render(v, Unit::Pct, Unit::Pct.step()));
            json!({
                "code": commune.code, "nom": commune.nom, "statut": status.name(), "texte": text,
                "valeur": value.map(|value| value.round_dp(6).normalize().to_string()),
                "highlight": commune.code == own, "rings": rings(commune.contour.as_deref()),
            })
        })
        .collect();
    let label = indicator(id).map_or("", |line| line.label);
    let vintage = if id.starts_with("lov") {
        super::vacancy::latest_year(raw).to_string()
    } else {
        raw.housing.years().last().map_or_else(String::new, ToString::to_string)
    };
    json!({
        "kind": raw.map.kind, "annee": raw.map.annee, "indicator": id, "label": label, "vintage": vintage,
        "source": raw.map.source, "communes": drawn,
    })
}

/// Every ring of a GeoJSON polygon or multipolygon.
fn rings(geojson: Option<&str>) -> Vec<Value> {
    let shape: Value = geojson.and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null);
    let polygons = match shape["type"].as_str() {
        Some("Polygon") => vec![shape["coordinates"].clone()],
        Some("MultiPolygon") => shape["coordinates"].as_array().cloned().unwrap_or_default(),
        _ => Vec::new(),
    };
    polygons.iter().filter_map(Value::as_array).flatten().cloned().collect()
}

fn vacancy_series(sheet: &SheetBuilder<'_>, raw: &Raw) -> Value {
    let years = |id: &str, all: Vec<i32>| -> Vec<i32> {
        all.into_iter().filter(|year| sheet.is_citable(&fact_id(id, Some(*year), ScopeKind::Com))).collect()
    };
    let taxed = years("lov.tx", raw.vacancy.years());
    // One point is no series: the census then shows the long term.
    let (id, years) =
        if taxed.len() >= 2 { ("lov.tx", taxed) } else { ("log.tx_vac", years("log.tx_vac", raw.housing.years())) };
    let ids = |kind| years.iter().map(|year| fact_id(id, Some(*year), kind)).collect::<Vec<_>>();
    let facts = json!({"com": ids(ScopeKind::Com), "epci": ids(ScopeKind::Epci), "dep": ids(ScopeKind::Dep)});
    json!({"indicator": id, "label": indicator(id).map_or("", |line| line.label), "annees": years, "facts": facts})
}

fn price_series(raw: &Raw) -> Value {
    let series = |modality: &str| -> Vec<Value> {
        let id = |name: &str, year| fact_id(&format!("dvf.{name}[{modality}]"), Some(year), ScopeKind::Com);
        let years = raw.sales.years().into_iter();
        years
            .map(|year| {
                json!({"annee": year, "n": id("n", year), "q1": id("q1", year), "med": id("med", year), "q3": id("q3", year)})
            })
            .collect()
    };
    DWELLINGS.iter().map(|(modality, _)| ((*modality).to_owned(), Value::from(series(modality)))).collect()
}

fn rents() -> Value {
    let id = |name: &str, modality: &str| fact_id(&format!("ani.{name}[{modality}]"), None, ScopeKind::Com);
    SEGMENTS
        .iter()
        .map(|(modality, _)| {
            json!({"loyer": id("loyer", modality), "bas": id("loyer_bas", modality), "haut": id("loyer_haut", modality),
                   "r2": id("loyer_r2", modality), "nobs": id("loyer_nobs", modality)})
        })
        .collect()
}

/// Candidates for the ten tiles, in the order of a tie.
const CANDIDATES: &[&str] = &[
    "log.n",
    "dem.pop",
    "lov.tx",
    "log.tx_vac",
    "lov.tx2",
    "dvf.med[appt]",
    "dvf.med[mais]",
    "ani.loyer[appt]",
    "zon.abc",
    "log.proprio",
    "log.loc_prive",
    "log.loc_hlm",
    "rpl.tx",
    "log.tx_rs",
    "log.maison",
    "dem.tcam",
    "dpe.fg",
    "fil.med",
    "ani.loyer[maison]",
    "log.tx_rp",
    "rpl.n",
    "dem.menages",
];

/// Ten figures: the size of the commune first, then what sets it most apart from comparable communes.
fn key_figures(sheet: &SheetBuilder<'_>) -> Vec<String> {
    let ids: Vec<String> = CANDIDATES.iter().map(|id| fact_id(id, None, ScopeKind::Com)).collect();
    let mut citable: Vec<&String> = ids.iter().filter(|id| sheet.is_citable(id)).collect();
    let sized = citable.iter().take_while(|id| matches!(id.as_str(), "log.n@com" | "dem.pop@com")).count();
    if let Some(rest) = citable.get_mut(sized..) {
        // Stable: without peers the order of the candidates stands.
        rest.sort_by_key(|id| std::cmp::Reverse(sheet.get(id).map_or(Decimal::ZERO, distance)));
    }
    citable.into_iter().take(10).cloned().collect()
}

/// |robust z|: the distance to the peers' median in units of their interquartile range.
fn distance(fact: &Fact) -> Decimal {
    match (fact.value, &fact.peer) {
        (Some(value), Some(peer)) if peer.p75 > peer.p25 => ((value - peer.p50) / (peer.p75 - peer.p25)).abs(),
        _ => Decimal::ZERO,
    }
}

/// Rates that the dot plot may show: the commune's, and one other scope at least.
fn comparable(sheet: &SheetBuilder<'_>) -> Vec<&'static str> {
    let rates = dictionary().filter(|line| line.unit == Unit::Pct && line.better != "high");
    rates
        .map(|line| line.id)
        .filter(|id| {
            let shown: Vec<_> =
                scope_order().into_iter().filter(|kind| sheet.is_citable(&fact_id(id, None, *kind))).collect();
            shown.contains(&ScopeKind::Com) && shown.len() >= 2
        })
        .collect()
}

fn sources(raw: &Raw) -> Value {
    let lines = raw.sources.values().map(|source| {
        json!({"id": source.id.to_string(), "dataset": source.dataset, "producteur": source.producteur,
               "titre": source.titre, "millesime": source.millesime, "licence": source.licence,
               "synthetique": source.synthetique})
    });
    lines.collect()
}

/// What is missing and why, grouped: nothing is missing silently. Series by year repeat the same reasons.
fn limits(sheet: &SheetBuilder<'_>) -> Value {
    let mut groups: BTreeMap<(&str, &str), BTreeSet<ScopeKind>> = BTreeMap::new();
    for line in dictionary() {
        for kind in scope_order() {
            let Some(fact) = sheet.get(&fact_id(line.id, None, kind)) else { continue };
            if let (false, Some(note)) = (fact.status == FactStatus::Ok, fact.note.as_deref()) {
                groups.entry((line.id, note)).or_default().insert(kind);
            }
        }
    }
    let rows = groups.into_iter().map(|((id, note), kinds)| {
        let line = indicator(id).map_or("", |line| line.label);
        let dataset = kinds.iter().find_map(|kind| sheet.get(&fact_id(id, None, *kind))).map(|f| &f.prov.dataset);
        let scopes: Vec<_> = kinds.iter().map(|kind| scope_name(*kind)).collect();
        json!({"dataset": dataset, "indicator": id, "label": line, "scopes": scopes, "note": note})
    });
    rows.collect()
}
