//! Histogram: how many fall in each class of values, and where the commune lies.

use super::{
    Datum, Frame,
    axis::{Axis, HEAD, numbers},
    label::centred,
    palette::{GREY, NAVY, ORANGE, ORANGE_INK, WHITE, parts},
    scale::{Scale, Ticks, extent},
    svg::{Drawing, Ink, Svg},
    withheld::{block, unpublished},
};

/// A class of values.
#[derive(Debug, Clone, Copy)]
pub struct Bin {
    pub low: f64,
    pub high: f64,
    /// What falls in it; `None` when withheld.
    pub value: Option<f64>,
}

/// Names of the axes: what is counted, and of what.
#[derive(Debug, Clone, Copy)]
pub struct Units<'a> {
    pub counted: &'a str,
    pub values: &'a str,
}

const FOOT: f64 = 32.0;

/// Draws the bins, which need not be equally wide but should then hold densities; `own` is the commune's value.
#[must_use]
pub fn draw(frame: &Frame<'_>, bins: &[Bin], own: Option<Datum<'_>>, units: Units<'_>) -> Svg {
    let Some((_, high)) = extent(bins.iter().filter_map(|bin| bin.value)) else { return unpublished(frame) };
    let Some((from, to)) = extent(bins.iter().flat_map(|bin| [bin.low, bin.high])) else { return unpublished(frame) };
    let mut svg = Drawing::new(frame);
    let at = own.and_then(|datum| datum.value);
    let (from, to) = (at.map_or(from, |v| from.min(v)), at.map_or(to, |v| to.max(v)));
    let axis = Axis::new((0.0, high.max(0.0)), (HEAD + 8.0, frame.height - FOOT), frame.width - 6.0);
    axis.draw(&mut svg, units.counted);
    let x = Scale::new((from, to), (axis.left + 4.0, axis.right));
    let [marked, plain] = [parts(7)[3], parts(7)[5]];
    for bin in bins {
        let (left, right) = (x.at(bin.low), x.at(bin.high));
        let base = axis.at(0.0);
        let Some(value) = bin.value else {
            block(&mut svg, (left, base - 10.0), (right - left, 10.0));
            continue;
        };
        let holds = at.is_some_and(|v| bin.low <= v && v < bin.high);
        let fill = if holds { marked } else { plain };
        let top = axis.at(value.max(0.0));
        let style = format!("fill=\"{fill}\" stroke=\"{WHITE}\" stroke-width=\"0.8\"");
        svg.rect((left, top), (right - left, base - top), &style);
    }
    axis.base(&mut svg);
    let mut ticks = Ticks::around(from, to, 6);
    ticks.values.retain(|&tick| from - 1e-9 <= tick && tick <= to + 1e-9);
    numbers(frame, &mut svg, (&x, &ticks), (axis.left, frame.height - FOOT + 12.0));
    svg.text((frame.width, frame.height - 4.0), Ink::new(8.5, GREY).end(), units.values);
    if let Some(datum) = own {
        let ink = if at.is_some() { Ink::new(9.5, ORANGE_INK).bold() } else { Ink::new(9.5, GREY) }.middle();
        let spot = at.map_or(axis.right, |value| x.at(value));
        if at.is_some() {
            svg.line((spot, HEAD - 3.0), (spot, axis.at(0.0)), &format!("stroke=\"{NAVY}\" stroke-width=\"3\""));
            svg.line((spot, HEAD - 3.0), (spot, axis.at(0.0)), &format!("stroke=\"{ORANGE}\" stroke-width=\"1.6\""));
        }
        let left = centred(ink, datum.text, spot, (axis.left, frame.width));
        svg.text((left, HEAD - 6.0), ink, datum.text);
    }
    svg.finish()
}
