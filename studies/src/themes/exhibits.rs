//! What maps, series and tables show: geometry and lists of fact ids.

use std::collections::{BTreeMap, BTreeSet};

use domain::fact::{FactStatus, ScopeKind};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::market::{DWELLINGS, SEGMENTS};
use crate::themes::raw::Raw;
use indicators::{SheetBuilder, Unit, apart, dictionary, fact_id, indicator, scope_name, scope_order};

pub fn all(sheet: &SheetBuilder<'_>, raw: &Raw) -> BTreeMap<String, Value> {
    let territory = &raw.territory;
    let names = json!({
        "commune": territory.commune.nom, "epci": territory.epci.as_ref().map(|epci| &epci.nom),
        "departement": territory.departement.nom, "region": territory.region.nom,
    });
    BTreeMap::from([
        ("serie_vacance".to_owned(), vacancy_series(sheet, raw)),
        ("serie_parc".to_owned(), stock_series(raw)),
        ("serie_permis".to_owned(), permit_series(raw)),
        ("serie_prix".to_owned(), price_series(raw)),
        ("loyers".to_owned(), rents()),
        ("chiffres_cles".to_owned(), json!(key_figures(sheet))),
        ("comparaison".to_owned(), json!(comparable(sheet))),
        ("position".to_owned(), json!(placed(sheet))),
        ("sources".to_owned(), sources(raw)),
        ("noms".to_owned(), names),
        ("limites".to_owned(), limits(sheet)),
    ])
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

/// What the stock was made of at each census.
fn stock_series(raw: &Raw) -> Value {
    let years = raw.housing.years();
    let (rp, rs, vac) = (near("log.tx_rp", &years), near("log.tx_rs", &years), near("log.tx_vac", &years));
    json!({"annees": years, "rp": rp, "rs": rs, "vac": vac})
}

/// Dwellings authorised and started, year by whole year.
fn permit_series(raw: &Raw) -> Value {
    let years = raw.building.years.years();
    json!({"annees": years, "aut": near("sit.aut", &years), "com": near("sit.com", &years)})
}

/// Ids of a series at the scopes that are told year by year.
fn near(id: &str, years: &[i32]) -> Value {
    let ids = |kind| years.iter().map(|year| fact_id(id, Some(*year), kind)).collect::<Vec<_>>();
    json!({"com": ids(ScopeKind::Com), "epci": ids(ScopeKind::Epci), "dep": ids(ScopeKind::Dep)})
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
        rest.sort_by_key(|id| std::cmp::Reverse(sheet.get(id).and_then(apart).unwrap_or(Decimal::ZERO)));
    }
    citable.into_iter().take(10).cloned().collect()
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

/// What the strip of percentiles shows, subject by subject; the first twenty that the commune has among its peers.
const POSITIONS: &[&str] = &[
    "geo.densite",
    "dem.tcam",
    "dem.vieillissement",
    "dem.taille_men",
    "dem.monop",
    "dem.ind_cadres",
    "fil.med",
    "fil.tp60",
    "log.tx_rs",
    "log.tx_vac",
    "lov.tx2",
    "log.maison",
    "log.proprio",
    "log.loc_hlm",
    "rpl.tx",
    "sit.tx",
    "dvf.med[mais]",
    "ani.loyer[appt]",
    "bpe.gamme[prox]",
    "rpp.dens[mg]",
    "dvf.med[appt]",
    "fil.d9d1",
    "dem.seul",
    "bpe.dom[B]",
    "bpe.dom[D]",
    "log.appart",
    "ani.loyer[maison]",
];

/// Facts of the commune that have a percentile.
fn placed(sheet: &SheetBuilder<'_>) -> Vec<String> {
    let ids = POSITIONS.iter().map(|id| fact_id(id, None, ScopeKind::Com));
    let has_rank = |id: &String| sheet.get(id).is_some_and(|fact| fact.status.is_citable() && fact.peer.is_some());
    ids.filter(has_rank).take(20).collect()
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

#[cfg(test)]
mod tests {
    use crate::themes::{assemble, fixture};

    #[test]
    fn twenty_figures_have_a_percentile_each_and_none_without_peers() {
        let sheet = assemble(&crate::themes::fixture::EVERYTHING, &fixture::ordinary());
        let ids: Vec<String> = serde_json::from_value(sheet.exhibits["position"].clone()).unwrap();
        assert_eq!(ids.len(), 20);
        assert!(ids.iter().all(|id| sheet.facts[id].peer.is_some() && sheet.facts[id].status.is_citable()));
        let mut alone = fixture::ordinary();
        alone.housing.peers.clear();
        let sheet = assemble(&crate::themes::fixture::EVERYTHING, &alone);
        let ids: Vec<String> = serde_json::from_value(sheet.exhibits["position"].clone()).unwrap();
        assert!(!ids.iter().any(|id| id.starts_with("log.")), "{ids:?}");
    }
}
