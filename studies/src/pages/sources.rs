//! Where figures come from: the printed name of each dataset, source lines under exhibits, the table of page 6.

use std::collections::{BTreeMap, BTreeSet};

use domain::fact::{Fact, FactSheet};
use serde::{Deserialize, Serialize};

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
    long: "Diagnostics de performance énergétique (DPE)",
    live_licence: Some("Licence Ouverte 2.0"),
};

const NAMES: &[(&str, DatasetName)] = &[
    ("aides_dept", loaded("Aide sociale", "Enquête Aide sociale auprès des départements")),
    ("anil_loyers", loaded("carte des loyers", "Carte des loyers\u{a0}: loyers d’annonce par commune")),
    ("bpe_equipements", loaded("BPE", "Base permanente des équipements")),
    ("caf_communal", loaded("Caf", "Allocataires de la branche Famille par commune")),
    ("communes", loaded("COG", "Code officiel géographique\u{a0}: communes")),
    ("contours", loaded("contours", "Contours des communes")),
    ("dpe", DPE),
    ("dpe03existant", DPE),
    ("dvf", loaded("DVF", "Demandes de valeurs foncières")),
    ("epci", loaded("EPCI", "Composition des intercommunalités à fiscalité propre")),
    ("filosofi", loaded("Filosofi", "Fichier localisé social et fiscal")),
    ("finess", loaded("FINESS", "Établissements sanitaires et sociaux (FINESS)")),
    ("lovac", loaded("LOVAC", "LOVAC\u{a0}: logements vacants du parc privé")),
    ("parametres", loaded("hypothèses de calcul", "Hypothèses de calcul de LObsTer")),
    ("parcelles", loaded("cadastre", "Plan cadastral\u{a0}: parcelles")),
    ("population", loaded("populations légales", "Populations municipales de référence")),
    ("population_departements", loaded("estimations", "Estimations de population des départements")),
    ("projections", loaded("projections", "Projections de population des départements")),
    ("rp_demographics", loaded("RP population", "Recensement de la population\u{a0}: évolution et structure")),
    ("rp_housing", loaded("RP logement", "Recensement de la population\u{a0}: logement")),
    ("rpls", loaded("RPLS", "Répertoire des logements locatifs des bailleurs sociaux")),
    ("rpps", loaded("RPPS", "Annuaire santé\u{a0}: professionnels en accès libre (RPPS)")),
    ("sitadel", loaded("SITADEL", "Autorisations d’urbanisme créant des logements (SITADEL)")),
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

/// A row of `data.data_sources`, as exhibit `sources` carries it.
#[derive(Deserialize)]
struct Registered {
    id: String,
    dataset: String,
    producteur: String,
    millesime: String,
    licence: String,
    synthetique: bool,
}

/// One row per dataset, by title. A dataset from which nothing could be read is left to the limits; a figure made of
/// two datasets counts in both.
///
/// # Errors
/// When a dataset has no printed name, or a figure cites a load that the sheet does not describe.
pub fn source_rows(sheet: &FactSheet) -> Result<Vec<SourceRow>, PageError> {
    let fault = |message: String| PageError::Exhibit { name: "sources", message };
    let registered = sheet.exhibits.get("sources").ok_or_else(|| fault("absent from the sheet".to_owned()))?;
    let registered = Vec::<Registered>::deserialize(registered).map_err(|error| fault(error.to_string()))?;
    let mut rows: BTreeMap<&str, Row<'_>> = BTreeMap::new();
    for fact in sheet.facts.values().filter(|fact| fact.status.is_citable()) {
        let mut seen = vec![];
        for load in fact.prov.load.split(',').map(str::trim).filter(|load| !load.is_empty()) {
            let cited = match registered.iter().find(|source| source.id == load) {
                Some(source) => Cited {
                    dataset: &source.dataset,
                    producteur: &source.producteur,
                    vintage: &source.millesime,
                    licence: &source.licence,
                    synthetic: source.synthetique,
                },
                // A figure of two sources names the live one first.
                None => Cited {
                    dataset: &fact.prov.dataset,
                    producteur: first(&fact.prov.producteur),
                    vintage: first(&fact.prov.vintage),
                    licence: dataset_name(&fact.prov.dataset)?.live_licence.ok_or_else(|| {
                        fault(format!(
                            "says nothing of load {load}, cited by {}: name its dataset in the study's list",
                            fact.id
                        ))
                    })?,
                    synthetic: fact.prov.synthetic,
                },
            };
            let row = rows.entry(cited.dataset).or_default();
            row.add(&cited, load);
            if !seen.contains(&cited.dataset) {
                seen.push(cited.dataset);
                row.facts += 1;
            }
        }
    }
    let mut printed = rows.into_iter().map(|(dataset, row)| row.printed(dataset)).collect::<Result<Vec<_>, _>>()?;
    printed.sort_by_key(|row| row.title);
    Ok(printed)
}

fn first(list: &str) -> &str {
    list.split(", ").next().unwrap_or(list)
}

/// A load as a figure cites it.
struct Cited<'a> {
    dataset: &'a str,
    producteur: &'a str,
    vintage: &'a str,
    licence: &'a str,
    synthetic: bool,
}

/// A row in the making.
#[derive(Default)]
struct Row<'a> {
    producteur: &'a str,
    licence: &'a str,
    vintages: BTreeSet<&'a str>,
    /// Ordered by length, then by text: numbers in their order.
    loads: BTreeSet<(usize, &'a str)>,
    facts: usize,
    synthetic: bool,
}

impl<'a> Row<'a> {
    fn add(&mut self, cited: &Cited<'a>, load: &'a str) {
        (self.producteur, self.licence) = (cited.producteur, cited.licence);
        self.vintages.insert(cited.vintage);
        self.loads.insert((load.len(), load));
        self.synthetic |= cited.synthetic;
    }

    fn printed(&self, dataset: &str) -> Result<SourceRow, PageError> {
        let loads: Vec<&str> = self.loads.iter().map(|(_, load)| *load).collect();
        Ok(SourceRow {
            title: dataset_name(dataset)?.long,
            producteur: self.producteur.to_owned(),
            vintage: span(&self.vintages.iter().copied().collect::<Vec<_>>()),
            licence: self.licence.to_owned(),
            load: some(&loads),
            facts: self.facts,
            synthetic: self.synthetic,
        })
    }
}

/// Up to three loads; of more, the annex names those of each figure.
fn some(loads: &[&str]) -> String {
    match loads {
        [first, second, _, _, ..] => format!("{first}, {second}, …"),
        few => few.join(", "),
    }
}

/// Up to two entries, then the first and the last.
fn span(entries: &[&str]) -> String {
    match entries {
        [first, _, .., last] => format!("{first} à {last}"),
        few => few.join(", "),
    }
}
