//! Bars of one whole each, a row a territory: how it divides among a few parts.

use domain::fact::ScopeKind;

use super::{
    Datum, Frame,
    label::Places,
    legend::Legend,
    measure,
    palette::{self, NAVY, ORANGE, SLATE, WHITE},
    scale::pitch,
    svg::{Drawing, Ink, Svg},
    withheld::{block, unpublished},
};

/// A territory, and its parts in the order of the names.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    pub scope: ScopeKind,
    pub label: &'a str,
    pub parts: Vec<Datum<'a>>,
}

impl Row<'_> {
    /// The parts of a row, scaled to its whole. With one part withheld none is drawn: the others would give it away.
    fn shares(&self) -> Option<Vec<f64>> {
        let values: Vec<f64> =
            self.parts.iter().map(|part| part.value.map(|v| v.max(0.0))).collect::<Option<Vec<_>>>()?;
        let whole: f64 = values.iter().sum();
        (whole > 0.0).then(|| values.iter().map(|value| value / whole).collect())
    }
}

/// Draws the rows; the parts are named above the first bar where they fit, or else in a legend.
#[must_use]
pub fn draw(frame: &Frame<'_>, names: &[&str], rows: &[Row<'_>]) -> Svg {
    if rows.iter().all(|row| row.shares().is_none()) {
        return unpublished(frame);
    }
    let mut svg = Drawing::new(frame);
    let fills = palette::parts(names.len());
    let label_room = (frame.width * 0.28).min(136.0);
    let (left, right) = (label_room + 10.0, frame.width - 1.0);
    let heads = rows.first().and_then(Row::shares).and_then(|shares| heads(frame, names, &shares, (left, right)));
    let top = match &heads {
        Some(heads) => {
            for (x, name) in heads.iter().zip(names) {
                svg.text((*x, 9.0), head_ink(), name);
            }
            14.0
        }
        None => {
            let entries = || fills.iter().cycle().copied().zip(names.iter().copied());
            // Above the bars on one line, or else over the whole width.
            let above = Legend::new(entries(), frame.width - left);
            let one_line = above.height() <= Legend::new(entries(), f64::INFINITY).height();
            let (legend, at) = if one_line { (above, left) } else { (Legend::new(entries(), frame.width), 0.0) };
            legend.draw(&mut svg, (at, 0.0));
            legend.height() + 4.0
        }
    };
    let step = pitch(frame.height - top, rows.len());
    let thick = (step * 0.72).min(20.0);
    let mut y = top + step / 2.0;
    for row in rows {
        let commune = row.scope == ScopeKind::Com;
        let ink = Ink::new(9.5, if commune { palette::ink(row.scope) } else { NAVY });
        let ink = if commune { ink.bold() } else { ink };
        let label = measure::fit(row.label, 9.5, commune, label_room);
        svg.text((label_room, y + 3.3), ink.end(), &label);
        if commune {
            let style = format!("fill=\"{ORANGE}\"");
            svg.rect((left - 6.0, y - thick / 2.0), (3.0, thick), &style);
        }
        bar(&mut svg, row, &fills, ((left, right), y, thick));
        y += step;
    }
    svg.finish()
}

fn head_ink() -> Ink {
    Ink::new(8.6, NAVY).middle()
}

/// Where the names stand above the first bar; `None` when one of them finds no room.
fn heads(frame: &Frame<'_>, names: &[&str], shares: &[f64], (left, right): (f64, f64)) -> Option<Vec<f64>> {
    let mut places = Places::new(frame);
    let mut from = left;
    let mut heads = vec![];
    for (name, share) in names.iter().zip(shares) {
        let width = share * (right - left);
        let x = from + width / 2.0;
        let extent = places.reserve(head_ink(), name, (x, 9.0), 4.0)?;
        // A name wider than its part by half would seem to belong to the next one.
        if extent.right - extent.left > 1.5 * width.max(1.0) {
            return None;
        }
        heads.push(x);
        from += width;
    }
    Some(heads)
}

fn bar(svg: &mut Drawing, row: &Row<'_>, fills: &[&'static str], ((left, right), y, thick): ((f64, f64), f64, f64)) {
    let ink = Ink::new(9.0, NAVY);
    let Some(shares) = row.shares() else {
        block(svg, (left, y - thick / 2.0), (right - left, thick));
        let width = ink.width("n.d.") + 10.0;
        let middle = f64::midpoint(left, right);
        svg.rect((middle - width / 2.0, y - thick / 2.0 + 0.6), (width, thick - 1.2), &format!("fill=\"{WHITE}\""));
        svg.text((middle, y + 3.3), ink.middle(), "n.d.");
        return;
    };
    let mut from = left;
    for ((share, part), fill) in shares.iter().zip(&row.parts).zip(fills.iter().cycle()) {
        let width = share * (right - left);
        let style = format!("fill=\"{fill}\" stroke=\"{WHITE}\" stroke-width=\"0.8\"");
        svg.rect((from, y - thick / 2.0), (width, thick), &style);
        let ink = Ink { fill: palette::upon(fill), ..ink };
        if ink.width(part.text) + 5.0 <= width {
            svg.text((from + width / 2.0, y + 3.3), ink.middle(), part.text);
        }
        from += width;
    }
    // The palest part needs an edge.
    let style = format!("fill=\"none\" stroke=\"{SLATE}\" stroke-width=\"0.6\"");
    svg.rect((left, y - thick / 2.0), (right - left, thick), &style);
}
