//! What stands in place of figures that may not be shown: a quiet box, or a hatched stub; never a zero.

use super::{
    Frame,
    palette::{GREY, MIST, SLATE},
    svg::{Drawing, Hatch, Ink, Svg},
};

/// A drawing of which nothing is published.
pub fn unpublished(frame: &Frame<'_>) -> Svg {
    quiet(frame, "Données non publiées")
}

/// A box that says why there is no drawing.
pub fn quiet(frame: &Frame<'_>, reason: &str) -> Svg {
    let mut svg = Drawing::new(frame);
    svg.rect((0.0, 0.0), (frame.width, frame.height), &format!("fill=\"{MIST}\""));
    let at = (frame.width / 2.0, frame.height / 2.0 + 3.4);
    svg.text(at, Ink::new(9.5, GREY).middle(), reason);
    svg.finish()
}

/// A hatched block: something is there, how much is not told.
pub fn block(svg: &mut Drawing, corner: (f64, f64), size: (f64, f64)) {
    let hatch = svg.hatch(Hatch::Withheld);
    svg.rect(corner, size, &format!("fill=\"{hatch}\" stroke=\"{SLATE}\" stroke-width=\"0.6\""));
}
