//! What surrounds the pages of any study: running heads, footers, page 2, sources, limits and the annex.

use domain::fact::{FactSheet, ScopeKind};
use serde::Serialize;

use super::{
    AnnexRow, Edition, Limits, PageError, Press, Reading, SourceRow, annex, edition::long_date, reading, sources,
};
use charts::measure;

/// The study as its pages name it.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Head {
    pub code: &'static str,
    pub title: &'static str,
    /// Page 2 shows the way of the first of these that is published.
    pub examples: &'static [&'static str],
}

/// A page: the name of its CSS page, and what its running head says.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Section {
    pub name: &'static str,
    pub title: &'static str,
}

/// The commune and what it belongs to, as the sheet names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    pub commune: String,
    pub code: String,
    pub epci: Option<String>,
    pub departement: Option<String>,
    pub region: Option<String>,
    /// The study speaks of the intercommunality, the commune being too small.
    pub at_epci: bool,
}

/// Everything a template needs; `body` is the study's own.
#[derive(Debug, Serialize)]
pub struct Document<B> {
    study: Head,
    place: Place,
    edition: EditionView,
    heads: Vec<RunningHead>,
    page_total: usize,
    reading: Reading,
    sources: Vec<SourceRow>,
    limits: Limits,
    annex: Vec<AnnexRow>,
    body: B,
}

#[derive(Debug, Serialize)]
struct EditionView {
    number: String,
    date: String,
    template: String,
    specimen: bool,
    blocks_model: u32,
    blocks_rules: u32,
    blocks_total: u32,
}

/// A running head in two colours: the left part ends where the section begins.
#[derive(Debug, Serialize)]
struct RunningHead {
    name: &'static str,
    section: &'static str,
    /// Room of the section's title, in points.
    room: String,
}

/// Size of running heads, in points.
const HEAD_SIZE: f64 = 7.0;

impl<B> Document<B> {
    /// Lays the document out. `sections` are the pages after the cover, in order. `body` asks for its figures in reading order, so that each is anchored where it is
    /// first seen.
    ///
    /// # Errors
    /// When a figure, a block or a printed name is missing.
    pub fn assemble(
        head: Head,
        sections: &[Section],
        sheet: &FactSheet,
        edition: &Edition,
        body: impl FnOnce(&mut Press<'_>) -> Result<B, PageError>,
    ) -> Result<Self, PageError> {
        let mut press = Press::new(sheet);
        let body = body(&mut press)?;
        // After the body: the annex points at the page that speaks of a figure, not at the example of page 2.
        let reading = reading::reading(&mut press, head.examples)?;
        let heads = sections.iter().map(running_head).chain([running_head(&ANNEX)]).collect();
        let sources = sources::source_rows(sheet)?;
        Ok(Self {
            study: head,
            place: place(sheet),
            edition: EditionView {
                number: edition.report_number.clone(),
                date: long_date(edition.ordered_on),
                template: edition.template_version.clone(),
                specimen: edition.specimen,
                blocks_model: edition.blocks_model,
                blocks_rules: edition.blocks_rules,
                blocks_total: edition.blocks_model + edition.blocks_rules,
            },
            heads,
            page_total: sections.len() + 1,
            reading,
            limits: Limits::of(sheet, sources.len()),
            sources,
            annex: annex::rows(&press)?,
            body,
        })
    }
}

const ANNEX: Section = Section { name: "annexe", title: "Annexe. Chiffres et provenance" };

fn running_head(section: &Section) -> RunningHead {
    // A little air between the two colours.
    let room = measure::width(section.title, HEAD_SIZE, true) + 4.0;
    RunningHead { name: section.name, section: section.title, room: format!("{room:.2}") }
}

/// Names come from the facts themselves: the sheet is all that a report knows.
fn place(sheet: &FactSheet) -> Place {
    let named = |kind: ScopeKind| {
        let scope = sheet.facts.values().map(|fact| &fact.scope).find(|scope| scope.kind == kind)?;
        (!scope.code.is_empty()).then(|| scope.name.clone())
    };
    Place {
        commune: named(ScopeKind::Com).unwrap_or_else(|| sheet.commune.clone()),
        code: sheet.commune.clone(),
        epci: named(ScopeKind::Epci),
        departement: named(ScopeKind::Dep),
        region: named(ScopeKind::Reg),
        at_epci: sheet.lead == ScopeKind::Epci,
    }
}
