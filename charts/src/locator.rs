//! Where the commune lies in its EPCI: the cover's picture, without figures.

use super::{
    Frame,
    palette::{NIGHT_EDGE, NIGHT_LAND, ORANGE, WHITE},
    shapes::{Fit, Outline},
    svg::{Drawing, Svg},
};

/// Draws the communes in the tones of the cover; the one of the study is orange. `None` without outlines.
#[must_use]
pub fn draw(frame: &Frame<'_>, communes: &[(&Outline, bool)]) -> Option<Svg> {
    let mut svg = Drawing::new(frame);
    let room = (frame.width - 12.0, frame.height - 12.0);
    let fit = Fit::new(communes.iter().map(|(outline, _)| *outline), (6.0, 6.0), room)?;
    for (outline, chosen) in communes.iter().filter(|(_, chosen)| !chosen).chain(communes.iter().filter(|(_, c)| *c)) {
        let (fill, stroke, width) = if *chosen { (ORANGE, WHITE, 1.6) } else { (NIGHT_LAND, NIGHT_EDGE, 0.8) };
        let style = format!("fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"");
        svg.path(&fit.path(outline), &style);
    }
    Some(svg.finish())
}
