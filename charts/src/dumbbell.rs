//! Dumbbells: two figures of the same nature face to face, and the gap between them.

use super::{
    Datum, Frame, measure,
    palette::{BAND, GREY, NAVY, ORANGE, ORANGE_INK, WHITE},
    scale::{Scale, extent, pitch},
    svg::{Drawing, Ink, Svg},
    withheld::unpublished,
};

/// A pair.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    pub label: &'a str,
    pub one: Datum<'a>,
    pub other: Datum<'a>,
    /// The printed gap; empty where none is told.
    pub gap: &'a str,
}

const HEAD: f64 = 20.0;

/// Draws the pairs on one scale from nil; `names` are those of the disc and of the square.
#[must_use]
pub fn draw(frame: &Frame<'_>, names: (&str, &str), rows: &[Row<'_>]) -> Svg {
    let values = rows.iter().flat_map(|row| [row.one.value, row.other.value]).flatten();
    let Some((low, high)) = extent(values) else { return unpublished(frame) };
    let mut svg = Drawing::new(frame);
    let label_room = (frame.width * 0.3).min(142.0);
    let figure = Ink::new(9.5, NAVY).bold();
    let texts = rows.iter().flat_map(|row| [row.one.text, row.other.text]).map(|text| figure.width(text));
    let texts = texts.fold(20.0, f64::max) + 11.0;
    let gaps = rows.iter().map(|row| Ink::small().width(row.gap)).fold(0.0, f64::max);
    let left = label_room + 4.0 + texts;
    // In a frame too narrow for all the figures the gaps are left out: they follow from the pairs.
    let gaps = if frame.width - gaps - 8.0 - texts > left + 20.0 { gaps } else { 0.0 };
    let right = frame.width - texts - if gaps > 0.0 { gaps + 8.0 } else { 0.0 };
    let x = Scale::new((low.min(0.0), high.max(0.0)), (left, right));
    names_of_marks(&mut svg, frame, names, label_room + 10.0);
    let step = pitch(frame.height - HEAD, rows.len());
    let mut y = HEAD + step / 2.0;
    for row in rows {
        svg.text((label_room, y + 3.3), Ink::new(9.5, NAVY).end(), &measure::fit(row.label, 9.5, false, label_room));
        pair(&mut svg, row, &x, y);
        if gaps > 0.0 {
            svg.text((frame.width, y + 3.3), Ink::new(9.0, GREY).end(), row.gap);
        }
        y += step;
    }
    svg.finish()
}

fn names_of_marks(svg: &mut Drawing, frame: &Frame<'_>, (one, other): (&str, &str), left: f64) {
    let room = (frame.width - left) / 2.0 - 20.0;
    let (one, other) = (measure::fit(one, 8.6, true, room), measure::fit(other, 8.6, true, room));
    disc(svg, (left, 6.0));
    svg.text((left + 10.0, 9.0), Ink::new(8.6, ORANGE_INK).bold(), &one);
    let next = left + 10.0 + measure::width(&one, 8.6, true) + 18.0;
    square(svg, (next, 6.0));
    svg.text((next + 10.0, 9.0), Ink::new(8.6, NAVY).bold(), &other);
}

fn pair(svg: &mut Drawing, row: &Row<'_>, x: &Scale, y: f64) {
    let (one, other) = (row.one.value.map(|v| x.at(v)), row.other.value.map(|v| x.at(v)));
    if let (Some(one), Some(other)) = (one, other) {
        svg.line((one, y), (other, y), &format!("stroke=\"{BAND}\" stroke-width=\"6\""));
    }
    // Each figure stands on its own side of the pair.
    let one_first = one.unwrap_or(f64::NEG_INFINITY) <= other.unwrap_or(f64::INFINITY);
    let known = |known: bool, fill: &'static str| if known { Ink::new(9.5, fill).bold() } else { Ink::new(9.5, GREY) };
    let sides = [
        (one, other, row.one, known(one.is_some(), ORANGE_INK), one_first),
        (other, one, row.other, known(other.is_some(), NAVY), !one_first),
    ];
    for (own, facing, datum, ink, first) in sides {
        // A withheld figure stands beside the one that is known.
        let at = own.or(facing).unwrap_or_else(|| x.at(0.0));
        if first {
            svg.text((at - 9.0, y + 3.3), ink.end(), datum.text);
        } else {
            svg.text((at + 9.0, y + 3.3), ink, datum.text);
        }
    }
    if let Some(at) = other {
        square(svg, (at, y));
    }
    if let Some(at) = one {
        disc(svg, (at, y));
    }
}

fn disc(svg: &mut Drawing, at: (f64, f64)) {
    svg.circle(at, 5.0, &format!("fill=\"{ORANGE}\" stroke=\"{NAVY}\" stroke-width=\"0.9\""));
}

fn square(svg: &mut Drawing, (x, y): (f64, f64)) {
    svg.rect((x - 4.4, y - 4.4), (8.8, 8.8), &format!("fill=\"{WHITE}\" stroke=\"{NAVY}\" stroke-width=\"1.8\""));
}
