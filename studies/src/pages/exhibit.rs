//! An exhibit: a numbered figure or table with what it measures, where it comes from and what it does not know.

use std::collections::BTreeSet;

use domain::fact::{Fact, FactStatus};
use serde::Serialize;

use super::{PageError, sources::source_line, typography::typeset};
use charts::Svg;

/// A figure or a table of a page.
#[derive(Debug, Clone, Serialize)]
pub struct Exhibit {
    /// « Figure 3 ».
    pub number: String,
    /// Describes, claims nothing.
    pub title: String,
    /// Unit, scope, vintage.
    pub measure: String,
    pub drawing: Option<Svg>,
    /// Figures that only the drawing shows.
    pub anchors: Vec<String>,
    /// Why figures are withheld or to be read with care.
    pub notes: Vec<String>,
    pub source: String,
}

/// Numbers the exhibits of a document, figures and tables apart.
#[derive(Debug, Default)]
pub struct Exhibits {
    figures: u32,
    tables: u32,
}

impl Exhibits {
    /// A drawing about `facts`.
    ///
    /// # Errors
    /// When a dataset has no printed name.
    pub fn figure(&mut self, title: &str, measure: &str, drawing: Svg, facts: &[&Fact]) -> Result<Exhibit, PageError> {
        self.figures += 1;
        let number = format!("Figure\u{a0}{}", self.figures);
        exhibit(number, title, measure, Some(drawing), facts)
    }

    /// A table about `facts`; the template lays it out.
    ///
    /// # Errors
    /// When a dataset has no printed name.
    pub fn table(&mut self, title: &str, measure: &str, facts: &[&Fact]) -> Result<Exhibit, PageError> {
        self.tables += 1;
        let number = format!("Tableau\u{a0}{}", self.tables);
        exhibit(number, title, measure, None, facts)
    }
}

fn exhibit(
    number: String,
    title: &str,
    measure: &str,
    drawing: Option<Svg>,
    facts: &[&Fact],
) -> Result<Exhibit, PageError> {
    Ok(Exhibit {
        number,
        title: title.to_owned(),
        measure: measure.to_owned(),
        drawing,
        anchors: vec![],
        notes: notes(facts),
        source: source_line(facts)?,
    })
}

/// Characters of notes under an exhibit.
const NOTES_ROOM: usize = 90;

/// One line per reason, in the order of the facts, as many as fit; the annex has the rest.
fn notes(facts: &[&Fact]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut lines = vec![];
    for fact in facts {
        let (sign, fallback) = match fact.status {
            FactStatus::Ok => continue,
            FactStatus::LowN => ("*", "peu d’observations, à lire avec prudence"),
            FactStatus::Modelled => ("†", "valeur estimée ou modélisée"),
            FactStatus::Secret => ("n.d.", "secret statistique du producteur"),
            FactStatus::Missing => ("n.d.", "non publié"),
            FactStatus::NotApplicable => ("n.d.", "sans objet"),
        };
        let reason = fact.note.as_deref().unwrap_or(fallback).trim_end_matches('.');
        if seen.insert((sign, reason)) {
            lines.push(typeset(&format!("{sign} : {reason}.")));
        }
    }
    let all = lines.len();
    let mut room = NOTES_ROOM;
    // The first reason is always told, whatever its length.
    lines.retain(|line: &String| {
        let fits = room == NOTES_ROOM || line.chars().count() <= room;
        room = if fits { room.saturating_sub(line.chars().count()) } else { 0 };
        fits
    });
    if lines.len() < all {
        lines.push(typeset("Autres réserves : annexe."));
    }
    lines
}
