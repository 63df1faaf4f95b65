//! Pages: from a view to the HTML that is printed. What every study shares is here; a study brings its own view and
//! its own template.
//!
//! Rendering is deterministic: no clock, no map without order, no arithmetic in a template. The same sheet, narrative
//! and edition give the same bytes.

mod annex;
mod document;
mod edition;
mod engine;
mod exhibit;
mod filters;
mod leaf;
mod limits;
mod parts;
mod press;
mod reading;
mod sources;
#[cfg(test)]
mod tests;
mod typography;

pub use annex::{AnnexFigure, AnnexRow};
pub use charts::FONTS;
pub use document::{Document, Head, Place, Section};
pub use edition::{Edition, long_date};
pub use engine::{PageError, render, template_digest};
pub use exhibit::{Exhibit, Exhibits};
pub use leaf::{Card, Column, Item, Leaf, LeafSpec, Point, Row, Sheaf, Spoken, Tag, Verdict, leaves};
pub use limits::Limits;
pub use parts::{
    Line, Opening, SCOPES, Table, Tile, dot_plot, filled, of_scopes, opening, pieces, read, sentence, short_name,
    table, tile,
};
pub use press::{Piece, Press, Printed, height, scope_name, shown};
pub use reading::Reading;
pub use sources::{SourceRow, dataset_name, source_line};
