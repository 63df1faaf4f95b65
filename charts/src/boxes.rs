//! Quartiles by year: a box from the first to the third, a bar at the median, the number of observations under it.

use super::{
    Frame,
    number::french,
    palette::{GREY, MIST, NAVY, ORANGE, ORANGE_INK, ORANGE_PALE, RULE, SLATE},
    scale::{Scale, Ticks, pitch},
    svg::{Drawing, Ink, Svg},
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
    let mut svg = Drawing::new(frame);
    let high = bins.iter().filter_map(|bin| bin.quartiles).map(|(.., q3)| q3).fold(f64::NEG_INFINITY, f64::max);
    let (top, bottom) = (20.0, frame.height - 32.0);
    let left = 34.0;
    let ticks = Ticks::around(0.0, if high.is_finite() { high } else { 1.0 }, 4);
    let y = Scale::new(ticks.span(), (bottom, top));
    if high.is_finite() {
        for &tick in &ticks.values {
            let colour = if tick.abs() < 1e-9 { NAVY } else { RULE };
            svg.line((left, y.at(tick)), (frame.width, y.at(tick)), &format!("stroke=\"{colour}\" stroke-width=\"1\""));
            svg.text((left - 5.0, y.at(tick) + 3.0), Ink::small().end(), &french(tick, ticks.decimals));
        }
        svg.text((0.0, 8.0), Ink::new(8.5, GREY), unit);
    } else {
        svg.rect((left, top), (frame.width - left, bottom - top), &format!("fill=\"{MIST}\""));
    }
    let pitch = pitch(frame.width - left, bins.len());
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
                svg.text((x, from - 4.0), Ink::new(9.5, ORANGE_INK).bold().middle(), bin.text);
            }
            None => {
                svg.line(
                    (x - half, bottom - 14.0),
                    (x + half, bottom - 14.0),
                    &format!("stroke=\"{SLATE}\" stroke-dasharray=\"2 2\""),
                );
                svg.text((x, bottom - 20.0), Ink::new(9.5, GREY).middle(), bin.text);
            }
        }
        svg.text((x, bottom + 13.0), Ink::small().middle(), bin.year);
        svg.text((x, bottom + 25.0), Ink::new(8.0, GREY).middle(), bin.n);
        x += pitch;
    }
    svg.finish()
}
