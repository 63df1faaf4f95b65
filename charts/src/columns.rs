//! Columns over years: what is provisional is hatched, the mean is a dashed line.

use super::{
    Datum, Frame,
    axis::{Axis, HEAD},
    label::{Places, centred},
    legend::Legend,
    measure,
    palette::{GREY, NAVY, ORANGE, ORANGE_INK},
    scale::{count, extent, pitch},
    svg::{Drawing, Hatch, Ink, Svg},
    withheld::{block, unpublished},
};

/// A year.
#[derive(Debug, Clone)]
pub struct Column<'a> {
    pub label: &'a str,
    pub datum: Datum<'a>,
    /// Published, and bound to change.
    pub provisional: bool,
}

/// A level across the whole plot, named in the right margin.
#[derive(Debug, Clone)]
pub struct Mean<'a> {
    pub value: f64,
    pub text: &'a str,
}

/// Draws the columns from nil, up and down.
#[must_use]
pub fn draw(frame: &Frame<'_>, columns: &[Column<'_>], mean: Option<&Mean<'_>>, unit: &str) -> Svg {
    let Some((low, high)) = extent(columns.iter().filter_map(|column| column.datum.value)) else {
        return unpublished(frame);
    };
    let mut svg = Drawing::new(frame);
    let level = mean.map_or(0.0, |mean| mean.value);
    let (low, high) = (low.min(level).min(0.0), high.max(level).max(0.0));
    let provisional = columns.iter().any(|column| column.provisional && column.datum.value.is_some());
    let notes = mean.map_or(vec![], |mean| measure::wrap(mean.text, 9.0, true, 74.0, 3));
    let margin = notes.iter().map(|line| Ink::small().bold().width(line) + 8.0).fold(0.0, f64::max);
    let foot = if provisional { 34.0 } else { 18.0 };
    let below = if low < 0.0 { 12.0 } else { 0.0 };
    let axis = Axis::new((low, high), (HEAD, frame.height - foot - below), frame.width - margin);
    axis.draw(&mut svg, unit);
    let step = pitch(axis.right - axis.left, columns.len());
    let half = (step * 0.34).min(19.0);
    let middles: Vec<f64> = columns
        .iter()
        .scan(axis.left - step / 2.0, |x, _| {
            *x += step;
            Some(*x)
        })
        .collect();
    if let Some(mean) = mean {
        let y = axis.at(mean.value);
        let style = format!("stroke=\"{NAVY}\" stroke-width=\"1.2\" stroke-dasharray=\"4 3\"");
        svg.line((axis.left, y), (axis.right, y), &style);
        let mut base = (y + 3.0).min(frame.height - foot - 11.0 * count(notes.len()));
        for line in &notes {
            svg.text((axis.right + 6.0, base), Ink::new(9.0, NAVY).bold(), line);
            base += 11.0;
        }
    }
    for (column, &x) in columns.iter().zip(&middles) {
        bar(&mut svg, column, &axis, (x, half));
    }
    axis.base(&mut svg);
    years(frame, &mut svg, columns, &middles, (step, frame.height - foot + 12.0));
    figures(frame, &mut svg, columns, &middles, &axis);
    if provisional {
        let hatch = svg.hatch(Hatch::Provisional);
        let legend = Legend::new([(hatch.as_str(), "chiffres provisoires")].into_iter(), frame.width - axis.left);
        legend.draw(&mut svg, (axis.left, frame.height - 13.0));
    }
    svg.finish()
}

fn bar(svg: &mut Drawing, column: &Column<'_>, axis: &Axis, (x, half): (f64, f64)) {
    let base = axis.at(0.0);
    let Some(value) = column.datum.value else {
        block(svg, (x - half, base - 10.0), (2.0 * half, 10.0));
        return;
    };
    let (from, to) = (base.min(axis.at(value)), base.max(axis.at(value)));
    let style = if column.provisional {
        format!("fill=\"{}\" stroke=\"{ORANGE_INK}\" stroke-width=\"0.8\"", svg.hatch(Hatch::Provisional))
    } else {
        format!("fill=\"{ORANGE}\"")
    };
    svg.rect((x - half, from), (2.0 * half, (to - from).max(0.8)), &style);
}

/// Years as many as find room, counted from the last; names that are too long are cut.
fn years(frame: &Frame<'_>, svg: &mut Drawing, columns: &[Column<'_>], middles: &[f64], (step, y): (f64, f64)) {
    let ink = Ink::small().middle();
    let mut places = Places::new(frame);
    for (column, &x) in columns.iter().zip(middles).rev() {
        let label = measure::fit(column.label, ink.size, false, (step - 3.0).max(32.0));
        let x = centred(ink, &label, x, (0.0, frame.width));
        if places.reserve(ink, &label, (x, y), 4.0).is_some() {
            svg.text((x, y), ink, &label);
        }
    }
}

/// The figures at the ends of the columns: all, or those that find room, the last and the first before others.
fn figures(frame: &Frame<'_>, svg: &mut Drawing, columns: &[Column<'_>], middles: &[f64], axis: &Axis) {
    let mut places = Places::new(frame);
    let last = columns.len().saturating_sub(1);
    let mut order: Vec<usize> = (0..columns.len()).collect();
    order.sort_by_key(|&i| (i != last, i != 0, i));
    for i in order {
        let (column, x) = (&columns[i], middles[i]);
        let (ink, y) = match column.datum.value {
            Some(value) if value < 0.0 => (Ink::new(9.0, ORANGE_INK).bold(), axis.at(value) + 10.5),
            Some(value) => (Ink::new(9.0, ORANGE_INK).bold(), axis.at(value) - 4.0),
            None => (Ink::new(9.0, GREY), axis.at(0.0) - 14.0),
        };
        let x = centred(ink.middle(), column.datum.text, x, (axis.left, axis.right));
        // The line of the mean stops short of the figures.
        places.write_over(svg, ink.middle(), column.datum.text, &[(x, y)]);
    }
}
