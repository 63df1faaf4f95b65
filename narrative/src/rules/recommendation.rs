//! V13: a recommendation says who does what with which lever by when, and rests on two published facts at least.

use domain::fact::{FactSheet, FactStatus};
use serde::Deserialize;

use super::Fault;
use crate::recommendation::{ACTORS, HORIZONS, LEVERS};

/// A recommendation as it was handed in, whole or not.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    pub id: String,
    pub text: String,
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub actor: Option<String>,
    #[serde(default)]
    pub lever: Option<String>,
    #[serde(default)]
    pub horizon: Option<String>,
    #[serde(default)]
    pub evidence: Option<Vec<String>>,
    #[serde(default)]
    pub claims: Vec<crate::Claim>,
}

/// `carried`: the facts of the mismatch that the recommendation answers, where the page has one.
pub fn check(sheet: &FactSheet, carried: Option<&[&str]>, recommendation: &Draft) -> Vec<Fault> {
    let mut faults = Vec::new();
    let lists = [
        ("actor", &recommendation.actor, ACTORS),
        ("lever", &recommendation.lever, LEVERS),
        ("horizon", &recommendation.horizon, HORIZONS),
    ];
    for (field, value, allowed) in lists {
        let given = value.as_deref().unwrap_or_default();
        if !allowed.contains(&given) {
            faults.push(Fault::new("V13", format!("{field}: {given}"), allowed.join(", ")));
        }
    }
    if recommendation.title.as_deref().is_none_or(|title| title.trim().is_empty()) {
        faults.push(Fault::new("V13", "title", "un titre"));
    }
    let mut evidence = recommendation.evidence.clone().unwrap_or_default();
    evidence.sort();
    evidence.dedup();
    if evidence.len() < 2 {
        faults.push(Fault::new("V13", "evidence", "deux faits au moins, différents"));
    }
    for id in &evidence {
        let fact = sheet.facts.get(id);
        if fact.is_none_or(|fact| fact.status != FactStatus::Ok) {
            faults.push(Fault::new("V13", id, "un fait du rapport de statut ok"));
        } else if carried.is_some_and(|carried| !carried.contains(&id.as_str())) {
            faults.push(Fault::new("V13", id, "un fait du décalage que la recommandation traite"));
        }
    }
    faults
}
