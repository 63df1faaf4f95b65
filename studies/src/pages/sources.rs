//! Where figures come from: the printed name of each dataset, source lines under exhibits, the table of page 6.

use std::collections::BTreeMap;

use domain::fact::{Fact, FactSheet};
use serde::Serialize;

use super::PageError;

/// A dataset as customers read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DatasetName {
    /// In source lines.
    pub short: &'static str,
    /// In the table of sources.
    pub long: &'static str,
    /// Of a source that is asked live: no load has registered it.
    live_licence: Option<&'static str>,
}

const fn loaded(short: &'static str, long: &'static str) -> DatasetName {
    DatasetName { short, long, live_licence: None }
}

const DPE: DatasetName = DatasetName {
    short: "base DPE",
    long: "Diagnostics de performance énergétique des logements existants",
    live_licence: Some("Licence Ouverte 2.0"),
};

const NAMES: &[(&str, DatasetName)] = &[
    ("anil_loyers", loaded("carte des loyers", "Carte des loyers\u{a0}: indicateurs de loyers d’annonce par commune")),
    ("communes", loaded("COG", "Code officiel géographique\u{a0}: communes")),
    ("contours", loaded("contours", "Contours des communes")),
    ("dpe", DPE),
    ("dpe03existant", DPE),
    ("dvf", loaded("DVF", "Demandes de valeurs foncières")),
    ("epci", loaded("EPCI", "Composition des intercommunalités à fiscalité propre")),
    ("filosofi", loaded("Filosofi", "Fichier localisé social et fiscal")),
    ("lovac", loaded("LOVAC", "LOVAC\u{a0}: logements vacants du parc privé")),
    ("population", loaded("populations légales", "Populations municipales de référence")),
    ("rp_demographics", loaded("RP population", "Recensement de la population\u{a0}: évolution et structure")),
    ("rp_housing", loaded("RP logement", "Recensement de la population\u{a0}: logement")),
    ("rpls", loaded("RPLS", "Répertoire des logements locatifs des bailleurs sociaux")),
    ("zonage_abc", loaded("zonage ABC", "Zonage A, B, C des communes")),
];

/// The printed name of a dataset.
///
/// # Errors
/// When the list lacks it.
pub fn dataset_name(dataset: &str) -> Result<DatasetName, PageError> {
    let named = NAMES.iter().find(|(id, _)| *id == dataset).map(|(_, name)| *name);
    named.ok_or_else(|| PageError::UnknownDataset(dataset.to_owned()))
}

/// « Sources : DGALN et Cerema, LOVAC 2024 ; Insee, RP 2021. Géographie 2025. »
///
/// # Errors
/// When a dataset has no printed name.
pub fn source_line(facts: &[&Fact]) -> Result<String, PageError> {
    let mut cited: Vec<(String, Vec<&str>)> = vec![];
    let mut cog = None;
    // Where nothing may be printed, the sources that say so are cited.
    let any = facts.iter().any(|fact| fact.status.is_citable());
    for fact in facts.iter().filter(|fact| fact.status.is_citable() || !any) {
        let name = dataset_name(&fact.prov.dataset)?;
        let who = format!("{}, {}", fact.prov.producteur, name.short);
        let vintage = fact.prov.vintage.as_str();
        match cited.iter_mut().find(|(cited, _)| *cited == who) {
            Some((_, vintages)) if vintages.contains(&vintage) => {}
            Some((_, vintages)) => vintages.push(vintage),
            None => cited.push((who, vec![vintage])),
        }
        cog = cog.max(Some(fact.scope.cog));
    }
    let cited: Vec<String> = cited
        .into_iter()
        .map(|(who, mut vintages)| {
            vintages.sort_unstable();
            format!("{who} {}", span(&vintages)).trim_end().to_owned()
        })
        .collect();
    let head = if cited.len() > 1 { "Sources" } else { "Source" };
    let geography = cog.map_or(String::new(), |year| format!(" Géographie {year}."));
    Ok(format!("{head}\u{a0}: {}\u{a0}; calculs LObsTer.{geography}", cited.join("\u{a0}; ")))
}

/// A row of « Sources et méthodes ».
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceRow {
    pub title: &'static str,
    pub producteur: String,
    pub vintage: String,
    pub licence: String,
    /// Rows of `data.data_sources`, as many as fit.
    pub load: String,
    pub facts: usize,
    pub synthetic: bool,
}

/// One row per dataset, by title, then vintage. A dataset from which nothing could be read is left to the limits.
///
/// # Errors
/// When a dataset has no printed name.
pub fn source_rows(sheet: &FactSheet) -> Result<Vec<SourceRow>, PageError> {
    #[derive(Default)]
    struct Use<'a> {
        producteur: &'a str,
        vintages: Vec<&'a str>,
        loads: Vec<&'a str>,
        facts: usize,
        synthetic: bool,
    }
    let mut uses: BTreeMap<&str, Use<'_>> = BTreeMap::new();
    for fact in sheet.facts.values().filter(|fact| fact.status.is_citable()) {
        let row = uses.entry(&fact.prov.dataset).or_default();
        row.producteur = &fact.prov.producteur;
        if !row.vintages.contains(&fact.prov.vintage.as_str()) {
            row.vintages.push(&fact.prov.vintage);
        }
        for load in fact.prov.load.split(',').map(str::trim).filter(|load| !load.is_empty()) {
            if !row.loads.contains(&load) {
                row.loads.push(load);
            }
        }
        row.facts += 1;
        row.synthetic |= fact.prov.synthetic;
    }
    let mut rows = vec![];
    for (dataset, mut cited) in uses {
        let name = dataset_name(dataset)?;
        cited.vintages.sort_unstable();
        cited.loads.sort_by_key(|load| (load.len(), *load));
        rows.push(SourceRow {
            title: name.long,
            producteur: cited.producteur.to_owned(),
            vintage: span(&cited.vintages),
            licence: match name.live_licence {
                Some(licence) => licence.to_owned(),
                None => licence(sheet, dataset)?,
            },
            load: cited.loads.join(", "),
            facts: cited.facts,
            synthetic: cited.synthetic,
        });
    }
    rows.sort_by(|a, b| (a.title, &a.vintage).cmp(&(b.title, &b.vintage)));
    Ok(rows)
}

/// As the load registered it: exhibit `sources`, one entry per row of `data.data_sources`.
fn licence(sheet: &FactSheet, dataset: &str) -> Result<String, PageError> {
    let fault = |message: String| PageError::Exhibit { name: "sources", message };
    let registered = sheet.exhibits.get("sources").and_then(serde_json::Value::as_array);
    let registered = registered.ok_or_else(|| fault("absent, or not a list".to_owned()))?;
    registered
        .iter()
        .find(|source| source["dataset"] == dataset)
        .and_then(|source| source["licence"].as_str())
        .map(str::to_owned)
        .ok_or_else(|| fault(format!("says nothing of the licence of {dataset}")))
}

/// Up to two entries, then the first and the last.
fn span(entries: &[&str]) -> String {
    match entries {
        [first, _, .., last] => format!("{first} à {last}"),
        few => few.join(", "),
    }
}
