//! Quartiles by year: a box from the first to the third, a bar at the median, the number of observations under it.

use super::{
    Frame,
    axis::{Axis, HEAD},
    label::{Places, centred},
    measure,
    palette::{GREY, ORANGE, ORANGE_INK, ORANGE_PALE, SLATE},
    scale::{extent, pitch},
    svg::{Drawing, Ink, Svg},
    withheld::unpublished,
};

/// A year.
#[derive(Debug, Clone)]
pub struct Bin<'a> {
    pub year: &'a str,
    /// First quartile, median, third quartile; `None` when withheld.
    pub quartiles: Option<(f64, f64, f64)>,
    /// The printed median, or « n.d. ».
    pub text: &'a str,
    /// The printed number of observations.
    pub n: &'a str,
    /// Enough observations to be read without caution.
    pub sure: bool,
}

/// Draws the years side by side; the axis starts at nil.
#[must_use]
pub fn draw(frame: &Frame<'_>, bins: &[Bin<'_>], unit: &str) -> Svg {
    let Some((_, high)) = extent(bins.iter().filter_map(|bin| bin.quartiles).map(|(.., q3)| q3)) else {
        return unpublished(frame);
    };
    let mut svg = Drawing::new(frame);
    let bottom = frame.height - 32.0;
    let y = Axis::new((0.0, high.max(0.0)), (HEAD, bottom), frame.width);
    y.draw(&mut svg, unit);
    let left = y.left;
    let pitch = pitch(frame.width - left, bins.len());
    let mut places = Places::new(frame);
    let half = (pitch * 0.28).min(19.0);
    let mut x = left + pitch / 2.0;
    for bin in bins {
        match bin.quartiles {
            Some((q1, median, q3)) => {
                let (from, to) = (y.at(q3), y.at(q1));
                let dash = if bin.sure { "" } else { " stroke-dasharray=\"3 2\"" };
                let style = format!("fill=\"{ORANGE_PALE}\" stroke=\"{ORANGE}\" stroke-width=\"0.9\"{dash}");
                svg.rect((x - half, from), (2.0 * half, to - from), &style);
                let style = format!("stroke=\"{ORANGE_INK}\" stroke-width=\"2.4\"");
                svg.line((x - half, y.at(median)), (x + half, y.at(median)), &style);
                let ink = Ink::new(9.5, ORANGE_INK).bold().middle();
                let at = (centred(ink, bin.text, x, (left, frame.width)), from - 4.0);
                places.write_over(&mut svg, ink, bin.text, &[at]);
            }
            None => {
                svg.line(
                    (x - half, bottom - 14.0),
                    (x + half, bottom - 14.0),
                    &format!("stroke=\"{SLATE}\" stroke-dasharray=\"2 2\""),
                );
                places.write(&mut svg, Ink::new(9.5, GREY).middle(), bin.text, &[(x, bottom - 20.0)]);
            }
        }
        svg.text((x, bottom + 13.0), Ink::small().middle(), &measure::fit(bin.year, 9.0, false, pitch - 3.0));
        svg.text((x, bottom + 25.0), Ink::new(8.0, GREY).middle(), &measure::fit(bin.n, 8.0, false, pitch - 3.0));
        x += pitch;
    }
    svg.finish()
}
