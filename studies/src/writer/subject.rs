//! A published indicator of the commune, with the same figure of the territories it is read against.

use domain::fact::{Fact, ScopeKind};
use indicators::{fact_id, indicator};
use narrative::Asked;

use super::Named;

/// An indicator ready to be said.
pub struct Subject<'a> {
    pub name: Named,
    /// The figure of the nearest territory that the block may speak of: the commune as a rule, its intercommunality where
    /// it is too small, the département for what exists there alone.
    pub own: &'a Fact,
    /// Those of the intercommunality and of the département around it, in this order, where they are published.
    pub near: Vec<&'a Fact>,
    /// The median of comparable communes.
    pub peers: Option<&'a Fact>,
}

impl<'a> Subject<'a> {
    /// The published indicators of a block, the mandatory one first, then in the order of its list.
    pub fn all(block: &Asked<'a>) -> Vec<Self> {
        let first = block.mandatory.first().copied().unwrap_or_default();
        let mut ids: Vec<&str> = block.spec.facts.iter().map(|(id, _)| *id).collect();
        ids.sort_by_key(|id| first.strip_prefix(id).is_none_or(|rest| !rest.starts_with('@')));
        ids.into_iter().filter_map(|id| Self::of(block, id)).collect()
    }

    fn of(block: &Asked<'a>, id: &str) -> Option<Self> {
        let name = indicator(id)?.anchors.iter().find_map(|anchor| Named::of(anchor))?;
        let at = |scope| {
            let id = fact_id(id, None, scope);
            block.facts.iter().copied().find(|fact| fact.id == id && fact.status.is_citable())
        };
        let listed = |kind: &ScopeKind| block.facts.iter().any(|fact| fact.id == fact_id(id, None, *kind));
        let nearest = [ScopeKind::Com, ScopeKind::Epci, ScopeKind::Dep].into_iter().find(listed)?;
        let near =
            [ScopeKind::Epci, ScopeKind::Dep].into_iter().filter(|kind| *kind > nearest).filter_map(at).collect();
        Some(Self { name, own: at(nearest)?, near, peers: at(ScopeKind::Sim) })
    }

    /// The territory spoken of: « la commune », « de la commune ».
    pub fn home(&self) -> (&'static str, &'static str) {
        (place(self.own, Case::Plain), place(self.own, Case::Of))
    }

    /// Whether a greater territory can be said to have more or less of it: rates, prices and indices, never counts.
    pub fn compares(&self) -> bool {
        !self.own.signed && !matches!(self.own.unit.as_str(), "count" | "km2" | "meur" | "rank" | "text")
    }

    /// The commune's figure.
    pub fn own(&self) -> String {
        cited(self.own)
    }

    /// The commune's figure beside those around it: « 3,1 %, contre 2,9 % dans l’intercommunalité ».
    pub fn beside(&self) -> String {
        let others: Vec<String> =
            self.near.iter().map(|fact| format!("{} dans {}", cited(fact), place(fact, Case::Plain))).collect();
        if others.is_empty() { self.own() } else { format!("{}, contre {}", self.own(), others.join(" et ")) }
    }

    /// The commune’s figure beside the median of comparable communes, else beside those around it.
    pub fn among(&self) -> String {
        self.peers.map_or_else(
            || self.beside(),
            |median| format!("{}, pour une médiane de {} dans les communes comparables", self.own(), cited(median)),
        )
    }
}

/// The placeholder of a figure.
pub fn cited(fact: &Fact) -> String {
    format!("{{{{fact:{}}}}}", fact.id)
}

/// The same without its sign, beside a word of direction.
pub fn unsigned(fact: &Fact) -> String {
    format!("{{{{fact:{}|abs}}}}", fact.id)
}

/// How a territory is joined to a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Case {
    /// « l’intercommunalité »
    Plain,
    /// « de l’intercommunalité »
    Of,
}

/// The territory of a figure.
pub fn place(fact: &Fact, case: Case) -> &'static str {
    match (fact.scope.kind, case) {
        (ScopeKind::Com, Case::Plain) => "la commune",
        (ScopeKind::Com, Case::Of) => "de la commune",
        (ScopeKind::Epci, Case::Plain) => "l’intercommunalité",
        (ScopeKind::Epci, Case::Of) => "de l’intercommunalité",
        (_, Case::Plain) => "le département",
        (_, Case::Of) => "du département",
    }
}
