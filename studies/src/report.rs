//! A report of leaves: from the pages that a study lists to its HTML.

use charts::Svg;
use domain::fact::FactSheet;
use narrative::Narrative;
use serde::Serialize;

use crate::exhibits;
use crate::pages::{self, Document, Edition, Head, Leaf, LeafSpec, PageError, Section, leaves};

#[derive(Debug, Serialize)]
struct Body {
    cover_map: Option<Svg>,
    leaves: Vec<Leaf>,
}

/// The cover, « Lire ce rapport », the leaves that stand, the sources under the head `last`, and the annex.
///
/// # Errors
/// When the sheet lacks a figure of the pages, or the narrative a block.
pub fn render(
    head: Head,
    specs: &[LeafSpec],
    last: &'static str,
    (sheet, narrative, edition): (&FactSheet, &Narrative, &Edition),
) -> Result<String, PageError> {
    let standing = specs.iter().filter(|leaf| leaf.stands(sheet)).map(|leaf| leaf.section);
    let sections: Vec<Section> = [Section { name: "lire", title: "Lire ce rapport" }]
        .into_iter()
        .chain(standing)
        .chain([Section { name: "sources", title: last }])
        .collect();
    let document = Document::assemble(head, &sections, sheet, edition, |press| {
        let cover_map = exhibits::cover_map(press)?;
        Ok(Body { cover_map, leaves: leaves(specs, press, narrative)? })
    })?;
    pages::render("report/leaves.html", &document)
}
