//! Recommendations: who could do what about a mismatch, by which means and when. Each answers one mismatch, and rests on its
//! figures alone.

use domain::fact::FactSheet;
use domain::report::Author;
use serde::{Deserialize, Serialize};

use super::blocks::{Asked, BlockKind, BlockSpec};
use super::judge::{judge_block, objection};
use super::rules::{Draft, check_recommendation};
use super::{Claim, Objection};

/// Who may act.
pub const ACTORS: &[&str] =
    &["commune", "epci", "departement", "region", "etat", "bailleurs", "anah", "epf", "proprietaires"];
/// By which means.
pub const LEVERS: &[&str] = &[
    "accession",
    "accompagnement",
    "adaptation",
    "conventionnement",
    "construction",
    "equipement",
    "foncier",
    "fiscalite",
    "location",
    "logement_social",
    "observation",
    "offre_de_soins",
    "plh",
    "plui",
    "renovation",
    "services",
    "vacance",
];
/// By when.
pub const HORIZONS: &[&str] = &["court_terme", "moyen_terme", "long_terme"];

/// As many as a report gives.
pub const MOST_RECOMMENDATIONS: usize = 5;

/// Figures of a commune that do not go together, found by a rule of the study.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Names it in answers and events: `taille`.
    pub id: &'static str,
    /// What does not go together, in French, without a figure.
    pub finding: &'static str,
    /// The facts that it was found by.
    pub evidence: Vec<String>,
}

impl Mismatch {
    /// The facts that a recommendation may cite.
    pub(crate) fn asked<'a>(&self, sheet: &'a FactSheet) -> Asked<'a> {
        let facts = self.evidence.iter().filter_map(|id| sheet.facts.get(id)).collect();
        Asked { spec: &TEXT, facts, mandatory: vec![], open: false, recommends: true }
    }

    /// Whether enough of its figures are published for a recommendation to rest on.
    pub(crate) fn is_answerable(&self, sheet: &FactSheet) -> bool {
        self.proofs(sheet).len() >= 2
    }

    /// The facts that may stand as evidence.
    pub(crate) fn proofs(&self, sheet: &FactSheet) -> std::collections::BTreeSet<&str> {
        let is_ok = |id: &&String| sheet.facts.get(*id).is_some_and(|fact| fact.status == domain::fact::FactStatus::Ok);
        self.evidence.iter().filter(is_ok).map(String::as_str).collect()
    }
}

/// A recommendation of a report, figures of its text still as placeholders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recommendation {
    /// The mismatch that it answers.
    pub id: String,
    pub title: String,
    /// One of [`ACTORS`].
    pub actor: String,
    /// One of [`LEVERS`].
    pub lever: String,
    pub text: String,
    /// Two facts of the mismatch at least.
    pub evidence: Vec<String>,
    /// One of [`HORIZONS`].
    pub horizon: String,
    pub claims: Vec<Claim>,
    pub author: Author,
}

impl Recommendation {
    /// Its name among the blocks of a report, in objections and events.
    #[must_use]
    pub fn key(&self) -> String {
        key(&self.id)
    }

    pub(crate) fn of(draft: Draft, author: Author) -> Self {
        let Draft { id, text, title, actor, lever, horizon, evidence, claims } = draft;
        Self {
            id,
            title: title.unwrap_or_default(),
            actor: actor.unwrap_or_default(),
            lever: lever.unwrap_or_default(),
            text,
            evidence: evidence.unwrap_or_default(),
            horizon: horizon.unwrap_or_default(),
            claims,
            author,
        }
    }
}

/// `recommandation.taille`.
pub(crate) fn key(mismatch: &str) -> String {
    format!("recommandation.{mismatch}")
}

const fn spec(id: &'static str, max_chars: usize) -> BlockSpec {
    BlockSpec { id, kind: BlockKind::Text, page: 0, max_chars, facts: &[], mandatory: &[] }
}

static TEXT: BlockSpec = spec("recommandation", 420);
/// A title may be in the infinitive: it is judged as a text.
static TITLE: BlockSpec = spec("title", 90);

/// All objections to a recommendation about a mismatch.
#[must_use]
pub fn judge_recommendation(sheet: &FactSheet, mismatch: &Mismatch, given: &Recommendation) -> Vec<Objection> {
    let draft = Draft {
        id: given.id.clone(),
        text: given.text.clone(),
        title: Some(given.title.clone()),
        actor: Some(given.actor.clone()),
        lever: Some(given.lever.clone()),
        horizon: Some(given.horizon.clone()),
        evidence: Some(given.evidence.clone()),
        claims: given.claims.clone(),
    };
    judge_draft(sheet, mismatch, &draft)
}

/// The same of what a writer handed in.
pub(crate) fn judge_draft(sheet: &FactSheet, mismatch: &Mismatch, draft: &Draft) -> Vec<Objection> {
    let carried: Vec<&str> = mismatch.evidence.iter().map(String::as_str).collect();
    let mut objections = objections(sheet, &mismatch.asked(sheet), Some(&carried), draft);
    for objection in &mut objections {
        objection.pointer = format!("recommandation.{}", objection.pointer);
    }
    objections
}

/// Text, fields and title; pointers are `id/field`.
pub(crate) fn objections(
    sheet: &FactSheet,
    asked: &Asked<'_>,
    carried: Option<&[&str]>,
    draft: &Draft,
) -> Vec<Objection> {
    let mut found = judge_block(sheet, asked, &draft.text, &draft.claims);
    found.extend(check_recommendation(sheet, carried, draft).iter().map(|fault| objection(asked.spec.id, fault)));
    if let Some(title) = draft.title.as_ref().filter(|title| !title.trim().is_empty()) {
        found.extend(judge_block(sheet, &Asked { spec: &TITLE, ..asked.clone() }, title, &[]));
    }
    for error in &mut found {
        error.pointer = format!("{}/{}", draft.id, field(error));
    }
    found
}

/// The field at fault.
fn field(error: &Objection) -> &str {
    match (error.code.as_str(), error.pointer.as_str()) {
        ("V13", _) => error.excerpt.split(':').next().filter(|field| !field.contains('.')).unwrap_or("evidence"),
        (_, "title/text") => "title",
        _ => "text",
    }
}
