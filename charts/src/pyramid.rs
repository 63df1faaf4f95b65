//! Age pyramid: men to the left, women to the right, and the outline of a wider territory.

use super::{
    Datum, Frame, measure,
    palette::{GOLD_INK, GREY, NAVY, ORANGE, ORANGE_INK, ORANGE_PALE, RULE},
    scale::{Scale, count, extent, pitch},
    svg::{Drawing, Ink, Svg},
    withheld::{block, unpublished},
};

/// One sex at one age: the part of the whole population.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    pub datum: Datum<'a>,
    /// The same part in the wider territory.
    pub reference: Option<f64>,
}

/// An age class. All classes are drawn equally high: they should span as many years.
#[derive(Debug, Clone, Copy)]
pub struct Band<'a> {
    pub label: &'a str,
    pub men: Side<'a>,
    pub women: Side<'a>,
}

const HEAD: f64 = 18.0;
const FOOT: f64 = 18.0;

/// Draws the classes, the youngest first in `bands` and lowest on paper. `reference` names the outline.
#[must_use]
pub fn draw(frame: &Frame<'_>, bands: &[Band<'_>], reference: &str) -> Svg {
    let sides = || bands.iter().flat_map(|band| [&band.men, &band.women]);
    let Some((_, high)) = extent(sides().filter_map(|side| side.datum.value)) else { return unpublished(frame) };
    let high = sides().filter_map(|side| side.reference).fold(high, f64::max);
    let mut svg = Drawing::new(frame);
    let ink = Ink::new(9.0, NAVY);
    let labels = bands.iter().map(|band| ink.width(band.label)).fold(20.0, f64::max).min(frame.width * 0.3);
    let texts = sides().map(|side| ink.bold().width(side.datum.text)).fold(10.0, f64::max) + 7.0;
    let (centre, half) = (frame.width / 2.0, labels / 2.0 + 7.0);
    let step = pitch(frame.height - HEAD - FOOT, bands.len());
    let high = if high > 0.0 { high } else { 1.0 };
    let halves = [
        Half { scale: Scale::new((0.0, high), (centre - half, texts)), sign: -1.0, fill: ORANGE_PALE },
        Half { scale: Scale::new((0.0, high), (centre + half, frame.width - texts)), sign: 1.0, fill: ORANGE },
    ];
    let top = |rank: usize| frame.height - FOOT - step * count(rank + 1);
    for (rank, band) in bands.iter().enumerate() {
        let label = measure::fit(band.label, 9.0, false, labels);
        svg.text((centre, top(rank) + step / 2.0 + 3.2), ink.middle(), &label);
        halves[0].bar(&mut svg, &band.men, top(rank), step);
        halves[1].bar(&mut svg, &band.women, top(rank), step);
    }
    for (half, side) in
        halves.iter().zip([|band: &Band<'_>| band.men.reference, |band: &Band<'_>| band.women.reference])
    {
        half.outline(&mut svg, &bands.iter().map(side).collect::<Vec<_>>(), &top, step);
    }
    svg.text((centre - half, 9.0), Ink::new(9.5, NAVY).bold().end(), "Hommes");
    svg.text((centre + half, 9.0), Ink::new(9.5, NAVY).bold(), "Femmes");
    if sides().any(|side| side.reference.is_some()) {
        let name = measure::fit(reference, 8.6, false, frame.width - 34.0);
        let left = centre - (measure::width(&name, 8.6, false) + 24.0) / 2.0;
        let y = frame.height - 8.0;
        svg.line((left, y), (left + 18.0, y), &format!("stroke=\"{GOLD_INK}\" stroke-width=\"1.8\""));
        svg.text((left + 24.0, y + 3.0), Ink::new(8.6, GREY), &name);
    }
    svg.finish()
}

/// One side of the pyramid.
struct Half {
    scale: Scale,
    sign: f64,
    fill: &'static str,
}

impl Half {
    fn bar(&self, svg: &mut Drawing, side: &Side<'_>, top: f64, step: f64) {
        let (from, thick) = (self.scale.at(0.0), step * 0.84);
        let above = top + (step - thick) / 2.0;
        let end = match side.datum.value {
            Some(value) => {
                let end = self.scale.at(value.max(0.0));
                let style = format!("fill=\"{}\" stroke=\"{ORANGE_INK}\" stroke-width=\"0.6\"", self.fill);
                svg.rect((from.min(end), above), ((end - from).abs(), thick), &style);
                end
            }
            None => {
                block(svg, (from.min(from + self.sign * 14.0), above), (14.0, thick));
                from + self.sign * 14.0
            }
        };
        // Beside the bar and the outline, whichever reaches further.
        let outline = side.reference.map_or(from, |value| self.scale.at(value));
        let far = if self.sign > 0.0 { end.max(outline) } else { end.min(outline) };
        let known = side.datum.value.is_some();
        let ink = if known { Ink::new(9.0, ORANGE_INK) } else { Ink::new(9.0, GREY) };
        let ink = if self.sign > 0.0 { ink } else { ink.end() };
        if step >= 10.0 {
            svg.text((far + self.sign * 4.0, top + step / 2.0 + 3.2), ink, side.datum.text);
        }
    }

    /// Steps along the reference, broken where it is unknown.
    fn outline(&self, svg: &mut Drawing, values: &[Option<f64>], top: &impl Fn(usize) -> f64, step: f64) {
        let mut run: Vec<(f64, f64)> = vec![];
        let style = format!("stroke=\"{GOLD_INK}\" stroke-width=\"1.8\" stroke-linejoin=\"round\"");
        for (rank, value) in values.iter().enumerate() {
            match value {
                Some(value) => {
                    let x = self.scale.at(*value);
                    run.extend([(x, top(rank) + step), (x, top(rank))]);
                }
                None if run.is_empty() => {}
                None => svg.polyline(&std::mem::take(&mut run), &style),
            }
        }
        if !run.is_empty() {
            svg.polyline(&run, &style);
        }
        svg.line(
            (self.scale.at(0.0), top(values.len().saturating_sub(1))),
            (self.scale.at(0.0), top(0) + step),
            &format!("stroke=\"{RULE}\" stroke-width=\"1\""),
        );
    }
}
