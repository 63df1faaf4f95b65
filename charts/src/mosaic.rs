//! Mosaic: columns as wide as their part of the whole, each divided; areas are in proportion.

use super::{
    Datum, Frame,
    label::spread,
    legend::Legend,
    measure,
    palette::{self, GREY, NAVY, WHITE},
    scale::count,
    svg::{Drawing, Ink, Svg},
    withheld::{block, unpublished},
};

/// A column: its part of the whole, and how it divides, in the order of the names.
#[derive(Debug, Clone)]
pub struct Column<'a> {
    pub label: &'a str,
    pub part: Datum<'a>,
    pub cells: Vec<Datum<'a>>,
}

const HEAD: f64 = 28.0;
const GAP: f64 = 3.0;

/// Draws the columns; the divisions are named to the right of the last one, or under the drawing. With the width of one
/// column withheld no other can be drawn.
#[must_use]
pub fn draw(frame: &Frame<'_>, names: &[&str], columns: &[Column<'_>]) -> Svg {
    let widths: Option<Vec<f64>> = columns.iter().map(|column| column.part.value.map(|v| v.max(0.0))).collect();
    let widths = widths.unwrap_or_default();
    let whole: f64 = widths.iter().sum();
    if whole <= 0.0 || columns.iter().all(|column| shares(column).is_none()) {
        return unpublished(frame);
    }
    let mut svg = Drawing::new(frame);
    let fills = palette::parts(names.len());
    let aside = names.iter().map(|name| Ink::small().width(name)).fold(0.0, f64::max) + 10.0;
    // The names stand beside the last column when it is drawn.
    let beside = columns.last().and_then(shares).filter(|_| aside <= frame.width * 0.35);
    let legend = Legend::new(fills.iter().cycle().copied().zip(names.iter().copied()), frame.width);
    let (right, bottom) = match beside {
        Some(_) => (frame.width - aside, frame.height - 1.0),
        None => (frame.width, frame.height - legend.height() - 4.0),
    };
    let gaps = GAP * count(columns.len().saturating_sub(1));
    let mut x = 0.0;
    for (rank, (column, width)) in columns.iter().zip(&widths).enumerate() {
        let wide = width / whole * (right - gaps);
        // Over the last column there is the room beside it too.
        let room = if rank + 1 == columns.len() { frame.width - x } else { wide };
        head(&mut svg, column, x, room);
        cells(&mut svg, column, &fills, (x, wide), (HEAD, bottom));
        x += wide + GAP;
    }
    match beside {
        Some(shares) => beside_last(&mut svg, names, &shares, right + 8.0, (HEAD, bottom)),
        None => legend.draw(&mut svg, (0.0, frame.height - legend.height())),
    }
    svg.finish()
}

/// The cells of a column, scaled to it. With one withheld none is drawn: the others would give it away.
fn shares(column: &Column<'_>) -> Option<Vec<f64>> {
    let values: Vec<f64> = column.cells.iter().map(|cell| cell.value.map(|v| v.max(0.0))).collect::<Option<_>>()?;
    let whole: f64 = values.iter().sum();
    (whole > 0.0).then(|| values.iter().map(|value| value / whole).collect())
}

/// Name and part of a column, where it is wide enough for its name to be read.
fn head(svg: &mut Drawing, column: &Column<'_>, x: f64, room: f64) {
    let bold = Ink::new(9.5, NAVY).bold();
    let label = measure::fit(column.label, 9.5, true, room - 3.0);
    if label == column.label || label.chars().count() > 4 {
        svg.text((x, 10.0), bold, &label);
    }
    let ink = Ink::new(9.0, GREY);
    if ink.width(column.part.text) + 2.0 <= room {
        svg.text((x, 22.0), ink, column.part.text);
    }
}

fn cells(
    svg: &mut Drawing,
    column: &Column<'_>,
    fills: &[&'static str],
    (x, wide): (f64, f64),
    (top, end): (f64, f64),
) {
    let Some(shares) = shares(column) else {
        block(svg, (x, top), (wide, end - top));
        if wide > 34.0 {
            let middle = (x + wide / 2.0, f64::midpoint(top, end));
            svg.rect((middle.0 - 15.0, middle.1 - 8.0), (30.0, 16.0), &format!("fill=\"{WHITE}\""));
            svg.text((middle.0, middle.1 + 3.2), Ink::new(9.0, GREY).middle(), "n.d.");
        }
        return;
    };
    let mut y = top;
    for ((share, cell), fill) in shares.iter().zip(&column.cells).zip(fills.iter().cycle()) {
        let high = share * (end - top);
        svg.rect((x, y), (wide, high), &format!("fill=\"{fill}\" stroke=\"{WHITE}\" stroke-width=\"0.8\""));
        let ink = Ink::new(9.0, palette::upon(fill)).middle();
        if high >= 12.0 && ink.width(cell.text) + 4.0 <= wide {
            svg.text((x + wide / 2.0, y + high / 2.0 + 3.2), ink, cell.text);
        }
        y += high;
    }
}

fn beside_last(svg: &mut Drawing, names: &[&str], shares: &[f64], x: f64, (top, end): (f64, f64)) {
    let mut y = top;
    let middles: Vec<f64> = shares
        .iter()
        .map(|share| {
            let middle = y + share * (end - top) / 2.0;
            y += share * (end - top);
            middle
        })
        .collect();
    for (at, name) in spread(&middles, 11.0, (top + 4.0, end - 5.0)).into_iter().zip(names) {
        svg.text((x, at + 3.0), Ink::new(9.0, NAVY), name);
    }
}
