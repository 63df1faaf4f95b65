//! A page of a study, as data: what opens it, what stands in its columns, what is to be kept of it. Studies list their
//! pages; one template lays all of them out.

use domain::fact::FactSheet;
use narrative::Narrative;
use serde::Serialize;

use super::{Exhibit, Exhibits, Opening, PageError, Piece, Press, Section, Table, Tile, opening, pieces};
use indicators::fact_id;

/// A page, whatever the commune.
pub struct LeafSpec {
    /// Number when no page is dropped.
    pub page: u32,
    pub section: Section,
    /// Subject in the table of contents.
    pub subject: &'static str,
    /// Indicators of which one at least must be published for the territory that the study speaks of, or at the scope
    /// that it names (`pro.pop@dep`); without any the page is dropped. None named: the page always stands.
    pub needs: &'static [&'static str],
    /// The words of a page whose claim follows from a rule; other pages take the blocks of the narrative.
    pub spoken: Option<fn(&FactSheet) -> Spoken>,
    /// What stands between the lede and « À retenir ».
    pub rows: fn(&mut Sheaf<'_, '_>) -> Result<Vec<Row>, PageError>,
}

/// Title, lede and « À retenir » of a page that a rule words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    pub title: String,
    pub lede: String,
    pub keep: String,
}

impl LeafSpec {
    /// Whether the sheet has what the page needs.
    #[must_use]
    pub fn stands(&self, sheet: &FactSheet) -> bool {
        let published = |id: &&str| {
            let own = if id.contains('@') { (*id).to_owned() } else { fact_id(id, None, sheet.lead) };
            sheet.facts.get(&own).is_some_and(|fact| fact.status.is_citable())
        };
        self.needs.is_empty() || self.needs.iter().any(published)
    }

    /// The prefix of its blocks: `p4` of page 4.
    #[must_use]
    pub fn block(&self) -> String {
        format!("p{}", self.page)
    }
}

/// The report in the making, as a page sees it.
pub struct Sheaf<'p, 'a> {
    pub press: &'p mut Press<'a>,
    pub narrative: &'p Narrative,
    pub numbers: Exhibits,
    /// Prefix of the page's blocks.
    pub block: String,
}

impl Sheaf<'_, '_> {
    /// A block of the page, e.g. `commentaire`.
    ///
    /// # Errors
    /// When the narrative lacks it.
    pub fn text(&mut self, name: &str) -> Result<Item, PageError> {
        Ok(Item::Text { pieces: pieces(self.press, self.narrative, &format!("{}.{name}", self.block))? })
    }
}

/// Columns side by side, under the row before.
#[derive(Debug, Serialize)]
pub struct Row {
    /// CSS of the columns: `1fr 1.4fr`.
    grid: String,
    columns: Vec<Column>,
}

impl Row {
    #[must_use]
    pub fn new(columns: Vec<Column>) -> Self {
        let grid: Vec<String> = columns.iter().map(|column| format!("{}fr", column.share)).collect();
        Self { grid: grid.join(" "), columns }
    }
}

/// Part of a row, side by side with the others.
#[derive(Debug, Serialize)]
pub struct Column {
    /// Share of the width, in the unit `fr`.
    pub share: f64,
    pub items: Vec<Item>,
}

impl Column {
    #[must_use]
    pub fn new(share: f64, items: Vec<Item>) -> Self {
        Self { share, items }
    }
}

/// What stands in a column.
#[derive(Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Item {
    Figure {
        exhibit: Exhibit,
    },
    Table {
        table: Table,
    },
    Text {
        pieces: Vec<Piece>,
    },
    /// A method note, the same in every report.
    Note {
        title: &'static str,
        text: String,
    },
    Tiles {
        tiles: Vec<Tile>,
    },
    /// Findings, each a sentence.
    Findings {
        findings: Vec<Vec<Piece>>,
    },
    /// A heading and short lines that name figures.
    Points {
        title: &'static str,
        mark: &'static str,
        points: Vec<Point>,
        none: &'static str,
    },
    /// Statements, each with a verdict and what it rests on.
    Verdicts {
        exhibit: Exhibit,
        heads: [&'static str; 4],
        verdicts: Vec<Verdict>,
    },
    /// Boxes of text, each with what it rests on.
    Cards {
        cards: Vec<Card>,
    },
}

/// A row of a table of verdicts.
#[derive(Debug, Serialize)]
pub struct Verdict {
    pub label: String,
    /// `oui`, `partiel` or `non`: how the row is marked.
    pub state: &'static str,
    pub result: &'static str,
    pub evidence: Vec<Piece>,
    pub remark: String,
}

/// A box of text.
#[derive(Debug, Serialize)]
pub struct Card {
    pub title: Vec<Piece>,
    pub text: Vec<Piece>,
    /// Who, how and when, in short.
    pub tags: Vec<Tag>,
    pub evidence: Vec<super::Printed>,
}

/// A line of a list: its words, and the figure that it rests on.
#[derive(Debug, Serialize)]
pub struct Point {
    pub label: String,
    pub figure: super::Printed,
    /// Where the figure stands, in words.
    pub words: String,
}

/// A word and what it stands for here.
#[derive(Debug, Serialize)]
pub struct Tag {
    pub name: &'static str,
    pub text: String,
}

/// A page ready to print.
#[derive(Debug, Serialize)]
pub struct Leaf {
    name: &'static str,
    opening: Opening,
    rows: Vec<Row>,
    takeaway: Vec<Piece>,
}

/// The pages that stand, in order, and their running heads.
///
/// # Errors
/// When a figure, a block or a printed name is missing.
pub fn leaves<'a>(specs: &[LeafSpec], press: &mut Press<'a>, narrative: &Narrative) -> Result<Vec<Leaf>, PageError> {
    let sheet = press.sheet();
    let mut sheaf = Sheaf { press, narrative, numbers: Exhibits::default(), block: String::new() };
    let mut leaves = vec![];
    for spec in specs.iter().filter(|spec| spec.stands(sheet)) {
        sheaf.block = spec.block();
        let words = spec.spoken.map(|spoken| spoken(sheet));
        let opening = match &words {
            Some(words) => Opening::plain(&words.title, &words.lede),
            None => opening(sheaf.press, narrative, &sheaf.block)?,
        };
        let rows = (spec.rows)(&mut sheaf)?;
        let takeaway = match words {
            Some(words) => vec![Piece::plain(words.keep)],
            None => pieces(sheaf.press, narrative, &format!("{}.retenir", sheaf.block))?,
        };
        leaves.push(Leaf { name: spec.section.name, opening, rows, takeaway });
    }
    Ok(leaves)
}
