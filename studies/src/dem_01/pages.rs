//! The pages of DEM-01, in reading order.

use domain::fact::FactSheet;
use narrative::Narrative;

use crate::exhibits;
use crate::pages::{Column, Edition, Head, Item, LeafSpec, Line, PageError, Row, Section, Sheaf, dot_plot, table};
use crate::report;

const HEAD: Head = Head { code: "DEM-01", title: "Démographie", examples: &["dem.tcam@com", "dem.pop@com"] };

/// The pages between « Lire ce rapport » and the sources.
pub const LEAVES: &[LeafSpec] = &[
    LeafSpec {
        page: 3,
        section: Section { name: "population", title: "1. Population" },
        subject: "Population",
        needs: &["dem.pop"],
        spoken: None,
        rows: population,
    },
    LeafSpec {
        page: 4,
        section: Section { name: "ages", title: "2. Âges" },
        subject: "Âges",
        needs: &["dem.vieillissement"],
        spoken: None,
        rows: ages,
    },
];

/// What a page is about, with its article.
pub fn subject(page: u32) -> &'static str {
    if page == 3 { "la population" } else { "les âges" }
}

/// The HTML of the report.
///
/// # Errors
/// When the sheet lacks a figure of the pages, or the narrative a block.
pub fn render(sheet: &FactSheet, narrative: &Narrative, edition: &Edition) -> Result<String, PageError> {
    report::render(HEAD, LEAVES, "3. Sources et limites", (sheet, narrative, edition))
}

type Rows = Result<Vec<Row>, PageError>;

const FIGURES: &[Line] = &[
    ("dem.pop", "Population municipale", None),
    ("dem.tcam", "Variation annuelle moyenne", None),
    ("dem.solde_nat", "dont solde naturel", None),
    ("dem.solde_mig", "dont entrées et sorties", None),
];

fn population(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let table = table(sheaf.press, &mut sheaf.numbers, FIGURES, "Population et soldes", "Effectifs, taux annuels")?;
    let text = sheaf.text("commentaire")?;
    Ok(vec![Row::new(vec![Column::new(1.0, vec![Item::Table { table }]), Column::new(1.0, vec![text])])])
}

fn ages(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let exhibit = exhibits::ages(sheaf.press, &mut sheaf.numbers, (492.0, 300.0))?;
    let ids = ["dem.vieillissement", "dem.part_80p", "dem.dependance"];
    let plot = dot_plot(sheaf.press, &mut sheaf.numbers, "vieillissement", "Vieillissement", &ids, (492.0, 160.0))?;
    let text = sheaf.text("commentaire")?;
    let (left, right) = (vec![Item::Figure { exhibit }], vec![Item::Figure { exhibit: plot }, text]);
    Ok(vec![Row::new(vec![Column::new(1.0, left), Column::new(1.0, right)])])
}
