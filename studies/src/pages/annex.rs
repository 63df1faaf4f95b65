//! « Chiffres et provenance »: every fact of the sheet, from the page back to the query and the file.

use domain::fact::{Fact, FactStatus};
use serde::Serialize;

use super::{PageError, Press, press, sources::dataset_name, typography::typeset};

/// A row of the annex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnnexRow {
    pub id: String,
    pub label: String,
    pub scope: String,
    pub text: String,
    pub status: &'static str,
    pub note: Option<String>,
    pub dataset: &'static str,
    pub vintage: String,
    pub load: String,
    /// First characters of the SQL file's digest.
    pub query: String,
    /// Where the figure stands in the report, if it does.
    pub anchor: Option<String>,
}

/// One row per fact, in the order of ids.
///
/// # Errors
/// When a dataset has no printed name.
pub fn rows(press: &Press<'_>) -> Result<Vec<AnnexRow>, PageError> {
    press.sheet().facts.values().map(|fact| row(press, fact)).collect()
}

fn row(press: &Press<'_>, fact: &Fact) -> Result<AnnexRow, PageError> {
    Ok(AnnexRow {
        id: fact.id.clone(),
        label: fact.label.clone(),
        scope: fact.scope.name.clone(),
        text: press::shown(fact).to_owned(),
        status: status(fact.status),
        note: fact.note.as_deref().map(typeset),
        dataset: dataset_name(&fact.prov.dataset)?.short,
        vintage: fact.prov.vintage.clone(),
        load: fact.prov.load.split(',').next().unwrap_or_default().chars().take(8).collect(),
        query: fact.prov.query_sha256.chars().take(8).collect(),
        anchor: press.has_shown(&fact.id).then(|| press::anchor_of(&fact.id)),
    })
}

/// Statuses as page 2 explains them.
fn status(status: FactStatus) -> &'static str {
    match status {
        FactStatus::Ok => "publié",
        FactStatus::LowN => "prudence*",
        FactStatus::Modelled => "modélisé†",
        FactStatus::Secret => "secret",
        FactStatus::Missing => "manquant",
        FactStatus::NotApplicable => "sans objet",
    }
}
