//! « Limites et données manquantes »: generated from statuses, so that nothing is missing in silence.

use std::collections::BTreeMap;

use domain::fact::{Fact, FactSheet, FactStatus};
use serde::Serialize;

use super::typography::typeset;
use charts::measure;

/// Reasons shown on the page beside a dozen sources; the annex lists every figure with its own.
const SHOWN: usize = 6;
const DOZEN: usize = 12;

/// Size of a row in points, and the room of its two lines, short of what their ends may lose.
const SIZE: f64 = 7.4;
const ROOM: f64 = 530.0;

/// A reason and the figures it holds for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// « n.d. », « * » or « † ».
    pub sign: &'static str,
    pub reason: String,
    pub count: usize,
    /// Up to three labels, without repetition, as far as two lines go.
    pub examples: String,
}

/// What the report does not know, most frequent first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Limits {
    pub rows: Vec<Limit>,
    /// Reasons left to the annex.
    pub others: usize,
    pub ok: usize,
    pub total: usize,
}

impl Limits {
    /// What fits under a list of so many sources: a source more takes the room of a reason.
    #[must_use]
    pub fn of(sheet: &FactSheet, sources: usize) -> Self {
        let shown = SHOWN.saturating_sub(sources.saturating_sub(DOZEN)).max(2);
        let mut reasons: BTreeMap<(&'static str, String), Vec<&Fact>> = BTreeMap::new();
        for fact in sheet.facts.values() {
            if let Some(key) = reason(fact) {
                reasons.entry(key).or_default().push(fact);
            }
        }
        let mut rows: Vec<Limit> =
            reasons.into_iter().map(|((sign, reason), facts)| limit(sign, &reason, &facts)).collect();
        // Withheld figures before those to be read with care, then the most frequent; the sort is stable.
        rows.sort_by_key(|row| (row.sign != "n.d.", usize::MAX - row.count));
        let others = rows.len().saturating_sub(shown);
        rows.truncate(shown);
        let ok = sheet.facts.values().filter(|fact| fact.status == FactStatus::Ok).count();
        Self { rows, others, ok, total: sheet.facts.len() }
    }
}

fn reason(fact: &Fact) -> Option<(&'static str, String)> {
    let (sign, fallback) = match fact.status {
        FactStatus::Ok => return None,
        FactStatus::LowN => ("*", "Peu d’observations : à lire avec prudence"),
        FactStatus::Modelled => ("†", "Valeur estimée ou modélisée"),
        FactStatus::Secret => ("n.d.", "Secret statistique du producteur : jamais reconstitué"),
        FactStatus::Missing => ("n.d.", "Donnée non publiée ou non chargée"),
        FactStatus::NotApplicable => ("n.d.", "Sans objet pour ce territoire"),
    };
    let reason = fact.note.as_deref().unwrap_or(fallback).trim_end_matches('.');
    Some((sign, capitalised(&typeset(reason))))
}

fn limit(sign: &'static str, reason: &str, facts: &[&Fact]) -> Limit {
    let mut labels: Vec<String> = vec![];
    for fact in facts {
        // A series repeats its label year after year.
        let label = fact.label.split(", 20").next().unwrap_or(&fact.label).to_owned();
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    let more = if labels.len() > 3 { "…" } else { "" };
    labels.truncate(3);
    let reason = measure::fit(reason, SIZE, true, ROOM);
    let room = ROOM - measure::width(&reason, SIZE, true);
    let examples = measure::fit(&(labels.join("\u{a0}; ") + more), SIZE, false, room);
    Limit { sign, reason, count: facts.len(), examples }
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
