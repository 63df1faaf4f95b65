//! « Chiffres et provenance »: every fact of the sheet, from the page back to the query and the file. An indicator has one
//! row, whatever the number of its territories.

use domain::fact::{Fact, FactStatus, ScopeKind};
use serde::Serialize;

use super::{PageError, Press, SCOPES, press, scope_name, sources::dataset_name, typography::typeset};

/// An indicator, and its facts in the order of the scopes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnnexRow {
    /// What stands before `@` in the ids of its facts.
    pub id: String,
    pub label: String,
    /// Where the first of its figures stands in the report, if one does.
    pub anchor: Option<String>,
    pub figures: Vec<AnnexFigure>,
    /// Why figures are withheld or to be read with care, once each.
    pub notes: Vec<String>,
    /// Dataset, vintage, load, and the first characters of the SQL file's digest, once each.
    pub sources: Vec<String>,
}

/// A fact of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnnexFigure {
    /// What stands after `@` in its id.
    pub scope: &'static str,
    pub text: String,
    pub mark: &'static str,
}

/// One row per indicator and year, in the order of ids.
///
/// # Errors
/// When a dataset has no printed name.
pub fn rows(press: &Press<'_>) -> Result<Vec<AnnexRow>, PageError> {
    let mut groups: Vec<(&str, Vec<&Fact>)> = vec![];
    for fact in press.sheet().facts.values() {
        let name = fact.id.split('@').next().unwrap_or(&fact.id);
        match groups.last_mut() {
            Some((last, facts)) if *last == name => facts.push(fact),
            _ => groups.push((name, vec![fact])),
        }
    }
    groups.into_iter().map(|(name, facts)| row(press, name, facts)).collect()
}

fn row(press: &Press<'_>, name: &str, mut facts: Vec<&Fact>) -> Result<AnnexRow, PageError> {
    let place = |kind: ScopeKind| SCOPES.iter().position(|scope| *scope == kind);
    facts.sort_by_key(|fact| place(fact.scope.kind));
    let mut row = AnnexRow {
        id: name.to_owned(),
        label: facts.first().map_or_else(String::new, |fact| fact.label.clone()),
        anchor: facts.iter().find(|fact| press.has_shown(&fact.id)).map(|fact| press::anchor_of(&fact.id)),
        figures: vec![],
        notes: vec![],
        sources: vec![],
    };
    for fact in facts {
        row.figures.push(AnnexFigure {
            scope: scope_name(fact.scope.kind),
            text: press::shown(fact).to_owned(),
            mark: press::mark(fact.status),
        });
        push_new(&mut row.notes, note(fact));
        push_new(&mut row.sources, Some(source(fact)?));
    }
    Ok(row)
}

fn push_new(list: &mut Vec<String>, entry: Option<String>) {
    if let Some(entry) = entry.filter(|entry| !list.contains(entry)) {
        list.push(entry);
    }
}

/// The reserve on a figure, with the mark that it bears on the page; a figure without reserve may have a remark.
fn note(fact: &Fact) -> Option<String> {
    let (sign, fallback) = match fact.status {
        FactStatus::Ok => return fact.note.as_deref().map(typeset),
        FactStatus::LowN => ("*", "peu d’observations"),
        FactStatus::Modelled => ("†", "modélisé"),
        FactStatus::Secret => ("n.d.", "secret"),
        FactStatus::Missing => ("n.d.", "manquant"),
        FactStatus::NotApplicable => ("n.d.", "sans objet"),
    };
    Some(typeset(&format!("{sign} : {}", fact.note.as_deref().unwrap_or(fallback))))
}

fn source(fact: &Fact) -> Result<String, PageError> {
    let load: String = fact.prov.load.split(',').next().unwrap_or_default().chars().take(8).collect();
    let query: String = fact.prov.query_sha256.chars().take(8).collect();
    let words = [dataset_name(&fact.prov.dataset)?.short, &fact.prov.vintage, &load, &query];
    Ok(words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
}
