//! Charts and maps of the reports: pure functions from figures to SVG, without script and without a clock.
//!
//! One file per kind of chart. Colours carry one meaning everywhere (`palette`), text is escaped in one place (`svg`),
//! and nothing here decides whether a figure may be shown: callers pass `None` for what is withheld.

mod axis;
pub mod basket;
pub mod boxes;
pub mod choropleth;
pub mod circles;
pub mod classes;
pub mod columns;
pub mod dots;
pub mod dumbbell;
pub mod fan;
mod fonts;
pub mod hbar;
pub mod histogram;
pub mod interval;
mod label;
mod legend;
pub mod line;
pub mod locator;
pub mod matrix;
pub mod measure;
pub mod mosaic;
pub mod multiples;
mod number;
pub mod palette;
pub mod percentile;
pub mod pyramid;
pub mod range;
mod scale;
mod shapes;
pub mod shares;
pub mod slope;
pub mod stacked;
mod svg;
#[cfg(test)]
mod tests;
pub mod waterfall;
mod withheld;

pub use fonts::FONTS;
pub use shapes::{Outline, Ring};
pub use svg::Svg;

/// What every chart has: an identity in the page, a name for those who cannot see it, and a size in CSS pixels.
#[derive(Debug, Clone)]
pub struct Frame<'a> {
    /// Unique in the document: prefix of the ids that the drawing needs.
    pub key: &'a str,
    pub title: &'a str,
    /// The same content in words, for screen readers.
    pub desc: &'a str,
    pub width: f64,
    pub height: f64,
}

/// A figure as it is drawn and as it is printed.
#[derive(Debug, Clone, Copy)]
pub struct Datum<'a> {
    /// `None` when withheld or not published.
    pub value: Option<f64>,
    /// The printed figure, or « n.d. ».
    pub text: &'a str,
}
