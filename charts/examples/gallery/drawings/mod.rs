//! Invented figures in every kind of chart: full, sparse, withheld, extreme. The gallery shows them, the tests hold them.

mod maps;
mod plots;
mod points;
mod rows;
mod series;
mod tables;

use charts::{Datum, Frame, Svg};

/// A chart in a state.
pub struct Drawn {
    pub kind: &'static str,
    pub state: &'static str,
    pub svg: Svg,
}

/// What is not published.
const ND: Datum<'static> = Datum { value: None, text: "n.d." };
/// A name that no margin was made for.
const LONG: &str = "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson-sur-Marne";

/// All of them, in the order of the gallery.
pub fn all() -> Vec<Drawn> {
    [rows::drawn(), plots::drawn(), points::drawn(), series::drawn(), tables::drawn(), maps::drawn()]
        .into_iter()
        .flatten()
        .collect()
}

fn d(value: f64, text: &'static str) -> Datum<'static> {
    Datum { value: Some(value), text }
}

fn frame(key: &'static str, width: f64, height: f64) -> Frame<'static> {
    Frame { key, title: "Titre d’essai", desc: "Description d’essai", width, height }
}
