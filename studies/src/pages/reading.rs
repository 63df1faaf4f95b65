//! « Lire ce rapport »: the scopes with their marks, the statuses, and one figure traced from the page to the file.

use domain::fact::{Fact, ScopeKind};
use serde::Serialize;

use super::{PageError, Press, Printed, press, sources::dataset_name};
use charts::{Svg, dots};

/// The content of page 2.
#[derive(Debug, Clone, Serialize)]
pub struct Reading {
    pub scopes: Vec<ScopeLine>,
    pub trace: Trace,
}

/// A scope, its mark and what it stands for here.
#[derive(Debug, Clone, Serialize)]
pub struct ScopeLine {
    pub mark: Svg,
    pub kind: &'static str,
    pub role: &'static str,
    pub name: String,
}

/// A figure and its way back.
#[derive(Debug, Clone, Serialize)]
pub struct Trace {
    pub figure: Printed,
    pub formula: String,
    pub query: String,
    pub query_sha256: String,
    pub load: String,
    pub dataset: &'static str,
    pub vintage: String,
    pub producteur: String,
}

const ORDER: [ScopeKind; 6] =
    [ScopeKind::Com, ScopeKind::Epci, ScopeKind::Dep, ScopeKind::Reg, ScopeKind::Fr, ScopeKind::Sim];

/// Page 2 of any study; the way of the first of `examples` that is published is shown, else that of the first.
///
/// # Errors
/// When the sheet lacks every example.
pub fn reading(press: &mut Press<'_>, examples: &[&str]) -> Result<Reading, PageError> {
    let published = examples.iter().find(|id| press.find(id).is_some_and(|fact| fact.status.is_citable()));
    let example = published.or(examples.first()).copied().unwrap_or_default();
    let fact = press.fact(example)?;
    let figure = press.figure(example)?;
    let trace = Trace {
        figure,
        formula: fact.prov.formula.clone(),
        query: fact.prov.query.clone(),
        query_sha256: fact.prov.query_sha256.clone(),
        load: fact.prov.load.clone(),
        dataset: dataset_name(&fact.prov.dataset)?.long,
        vintage: fact.prov.vintage.clone(),
        producteur: fact.prov.producteur.clone(),
    };
    let facts = &press.sheet().facts;
    let scopes = ORDER
        .into_iter()
        .filter_map(|kind| facts.values().find(|fact| fact.scope.kind == kind))
        .map(|fact| scope_line(fact, press.sheet().lead))
        .collect();
    Ok(Reading { scopes, trace })
}

fn scope_line(fact: &Fact, lead: ScopeKind) -> ScopeLine {
    let role = match fact.scope.kind {
        ScopeKind::Com if lead == ScopeKind::Com => "Commune étudiée",
        ScopeKind::Com => "Commune mise en évidence",
        ScopeKind::Epci if lead == ScopeKind::Epci => "Intercommunalité étudiée",
        ScopeKind::Epci => "Intercommunalité",
        ScopeKind::Dep => "Département",
        ScopeKind::Reg => "Région",
        ScopeKind::Fr => "France",
        ScopeKind::Sim => "Communes comparables",
    };
    let name = match fact.scope.kind {
        ScopeKind::Sim => "même classe de taille et même zone ABC\u{a0}: médiane et moitié centrale".to_owned(),
        ScopeKind::Fr => "communes pour lesquelles la donnée est publiée".to_owned(),
        _ => fact.scope.name.clone(),
    };
    let kind = press::scope_name(fact.scope.kind);
    ScopeLine { mark: dots::swatch(&format!("repere-{kind}"), fact.scope.kind, role), kind, role, name }
}
