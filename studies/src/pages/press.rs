//! The press hands out figures as they are printed: text, status, caution mark, and the anchor where a figure is
//! first seen. It never tests a value, only a status: nil is a figure like any other.

use std::collections::BTreeSet;

use domain::fact::{Fact, FactSheet, FactStatus, ScopeKind};
use indicators::fact_id;
use rust_decimal::prelude::ToPrimitive as _;
use serde::Serialize;

use super::{PageError, typography::typeset};

/// A figure on a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Printed {
    pub id: String,
    pub label: String,
    /// The fact's own text, or « n.d. ».
    pub text: String,
    /// The same, cut where the unit begins, for large type.
    pub number: String,
    pub unit: String,
    pub status: &'static str,
    pub note: Option<String>,
    /// « * » few observations, « † » modelled, nothing otherwise.
    pub mark: &'static str,
    pub citable: bool,
    /// Where the annex points to; only on the first sight of a figure.
    pub anchor: Option<String>,
    pub scope: &'static str,
    pub scope_name: String,
}

/// A stretch of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    pub text: String,
    pub figure: Option<Printed>,
}

impl Piece {
    /// Words without a figure.
    #[must_use]
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), figure: None }
    }

    /// A figure, as it is printed.
    #[must_use]
    pub fn figure(figure: Printed) -> Self {
        Self { text: figure.text.clone(), figure: Some(figure) }
    }
}

/// Hands out figures in the order of the pages.
pub struct Press<'a> {
    sheet: &'a FactSheet,
    seen: BTreeSet<String>,
}

impl<'a> Press<'a> {
    #[must_use]
    pub fn new(sheet: &'a FactSheet) -> Self {
        Self { sheet, seen: BTreeSet::new() }
    }

    #[must_use]
    pub fn sheet(&self) -> &'a FactSheet {
        self.sheet
    }

    /// The fact itself. As everywhere here, « @com » asks for the territory that the study speaks of.
    ///
    /// # Errors
    /// When the sheet does not have it.
    pub fn fact(&self, id: &str) -> Result<&'a Fact, PageError> {
        self.find(id).ok_or_else(|| PageError::UnknownFact(id.to_owned()))
    }

    /// The fact, for scopes and indicators that a territory may lack altogether.
    #[must_use]
    pub fn find(&self, id: &str) -> Option<&'a Fact> {
        let led = match id.strip_suffix("@com") {
            Some(indicator) if self.sheet.lead == ScopeKind::Epci => self.at(indicator, ScopeKind::Epci),
            _ => None,
        };
        led.or_else(|| self.sheet.facts.get(id))
    }

    /// The fact of this very id: a line of a scope beside those of others.
    #[must_use]
    pub fn exact(&self, id: &str) -> Option<&'a Fact> {
        self.sheet.facts.get(id)
    }

    /// The fact of this very scope: what stands side by side with others.
    #[must_use]
    pub fn at(&self, indicator: &str, scope: ScopeKind) -> Option<&'a Fact> {
        self.sheet.facts.get(&fact_id(indicator, None, scope))
    }

    /// The same, ready to print.
    #[must_use]
    pub fn figure_at(&mut self, indicator: &str, scope: ScopeKind) -> Option<Printed> {
        self.at(indicator, scope).map(|fact| self.print(fact))
    }

    /// The figure, ready to print.
    ///
    /// # Errors
    /// When the sheet does not have it: a blank is never printed in its place.
    pub fn figure(&mut self, id: &str) -> Result<Printed, PageError> {
        let fact = self.fact(id)?;
        Ok(self.print(fact))
    }

    /// The figure if the sheet has one.
    #[must_use]
    pub fn figure_if_any(&mut self, id: &str) -> Option<Printed> {
        self.find(id).map(|fact| self.print(fact))
    }

    /// Anchors of figures that only a drawing shows.
    #[must_use]
    pub fn anchors<'b>(&mut self, ids: impl Iterator<Item = &'b str>) -> Vec<String> {
        ids.filter(|id| self.sheet.facts.contains_key(*id)).filter_map(|id| self.anchor(id)).collect()
    }

    /// Whether the annex may point at a figure on a page.
    #[must_use]
    pub fn has_shown(&self, id: &str) -> bool {
        self.seen.contains(id)
    }

    fn print(&mut self, fact: &Fact) -> Printed {
        let text = shown(fact);
        let (number, unit) = match text.rsplit_once('\u{a0}') {
            Some((number, unit)) if fact.status.is_citable() => (number.to_owned(), unit.to_owned()),
            _ => (text.to_owned(), String::new()),
        };
        Printed {
            id: fact.id.clone(),
            label: self.label(fact),
            text: text.to_owned(),
            number,
            unit,
            status: fact.status.name(),
            note: fact.note.as_deref().map(typeset),
            mark: mark(fact.status),
            citable: fact.status.is_citable(),
            anchor: self.anchor(&fact.id),
            scope: scope_name(fact.scope.kind),
            scope_name: fact.scope.name.clone(),
        }
    }

    /// What only the commune has is told apart in a study of its intercommunality.
    fn label(&self, fact: &Fact) -> String {
        let apart = self.sheet.lead != ScopeKind::Com && fact.scope.kind == ScopeKind::Com;
        if apart { format!("{} (commune)", fact.label) } else { fact.label.clone() }
    }

    fn anchor(&mut self, id: &str) -> Option<String> {
        self.seen.insert(id.to_owned()).then(|| anchor_of(id))
    }
}

/// The place of a figure in the document.
#[must_use]
pub(super) fn anchor_of(id: &str) -> String {
    format!("f-{id}")
}

/// What stands for a fact on paper.
#[must_use]
pub fn shown(fact: &Fact) -> &str {
    if fact.status.is_citable() { &fact.text } else { "n.d." }
}

/// Geometry only: a drawing's coordinate. `None` when the status forbids the figure.
#[must_use]
pub fn height(fact: &Fact) -> Option<f64> {
    fact.value.filter(|_| fact.status.is_citable()).and_then(|value| value.to_f64())
}

#[must_use]
pub fn mark(status: FactStatus) -> &'static str {
    match status {
        FactStatus::LowN => "*",
        FactStatus::Modelled => "†",
        FactStatus::Ok | FactStatus::Secret | FactStatus::Missing | FactStatus::NotApplicable => "",
    }
}

/// The suffix of an id, and the class of a cell.
#[must_use]
pub fn scope_name(kind: ScopeKind) -> &'static str {
    match kind {
        ScopeKind::Com => "com",
        ScopeKind::Epci => "epci",
        ScopeKind::Dep => "dep",
        ScopeKind::Reg => "reg",
        ScopeKind::Fr => "fr",
        ScopeKind::Sim => "sim",
    }
}
