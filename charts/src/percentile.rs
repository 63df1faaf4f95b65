//! Where the commune stands: one line an indicator, from the lowest to the highest of the comparable communes.

use super::{
    Datum, Frame, measure,
    palette::{BAND, GREY, MIST, NAVY, ORANGE, ORANGE_INK, RULE, SLATE},
    scale::{Scale, count},
    svg::{Drawing, Ink, Svg},
    withheld::unpublished,
};

/// Indicators of one subject.
#[derive(Debug, Clone)]
pub struct Family<'a> {
    pub name: &'a str,
    pub rows: Vec<Row<'a>>,
}

/// An indicator; what is drawn is its percentile, what is printed is its figure.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    pub label: &'a str,
    /// The commune's percentile, 0 to 100, and the printed figure of the indicator.
    pub datum: Datum<'a>,
    /// The percentile in words; in bold outside the middle half. Left out in a narrow frame.
    pub words: &'a str,
}

const HEAD: f64 = 30.0;
/// Room of a family's name, in rows.
const NAME: f64 = 1.25;

/// The height at which the rows are comfortably apart.
#[must_use]
pub fn height(families: &[Family<'_>]) -> f64 {
    HEAD + 17.0 * rows(families)
}

fn rows(families: &[Family<'_>]) -> f64 {
    families.iter().map(|family| count(family.rows.len()) + NAME).sum()
}

/// Where the columns lie.
struct Columns {
    label: f64,
    figure: f64,
    strip: (f64, f64),
    words: Option<f64>,
}

impl Columns {
    fn new(width: f64, figure: f64) -> Self {
        let wide = width >= 720.0;
        let label = width * if wide { 0.25 } else { 0.39 };
        let words = wide.then_some(width * 0.74);
        let figure = label + 10.0 + figure;
        Self { label, figure, strip: (figure + 22.0, words.unwrap_or(width) - 22.0), words }
    }
}

/// Draws the families one under the other.
#[must_use]
pub fn draw(frame: &Frame<'_>, families: &[Family<'_>]) -> Svg {
    let all = || families.iter().flat_map(|family| &family.rows);
    if all().all(|row| row.datum.value.is_none()) {
        return unpublished(frame);
    }
    let mut svg = Drawing::new(frame);
    let widest = all().map(|row| Ink::new(9.5, NAVY).bold().width(row.datum.text)).fold(24.0, f64::max);
    let columns = Columns::new(frame.width, widest);
    let x = Scale::new((0.0, 100.0), columns.strip);
    head(&mut svg, &x);
    let pitch = (frame.height - HEAD) / rows(families);
    let mut y = HEAD;
    for family in families.iter().filter(|family| !family.rows.is_empty()) {
        svg.line((0.0, y + 3.0), (frame.width, y + 3.0), &format!("stroke=\"{RULE}\" stroke-width=\"1\""));
        let name = measure::fit(family.name, 9.5, true, columns.strip.0 - 12.0);
        svg.text((0.0, y + pitch * NAME - 4.0), Ink::new(9.5, NAVY).bold(), &name);
        y += pitch * NAME;
        ground(&mut svg, &x, (y, pitch, family.rows.len()));
        for row in &family.rows {
            draw_row(&mut svg, row, &columns, (&x, y + pitch / 2.0, frame.width));
            y += pitch;
        }
    }
    svg.finish()
}

fn head(svg: &mut Drawing, x: &Scale) {
    let ink = Ink::new(8.6, GREY);
    let (low, high) = ("valeurs les plus basses", "valeurs les plus hautes");
    svg.text((x.at(0.0), 8.0), ink, low);
    if ink.width(low) + ink.width(high) + 12.0 < x.at(100.0) - x.at(0.0) {
        svg.text((x.at(100.0), 8.0), ink.end(), high);
    }
    for (at, text) in [(0.0, "0"), (25.0, "25"), (50.0, "médiane"), (75.0, "75"), (100.0, "100")] {
        svg.text((x.at(at), 23.0), ink.middle(), text);
    }
}

/// The strip behind a family: the middle half of the comparable communes is the darker band.
fn ground(svg: &mut Drawing, x: &Scale, (top, pitch, rows): (f64, f64, usize)) {
    let height = pitch * count(rows);
    for (from, to, fill) in [(0.0, 100.0, MIST), (25.0, 75.0, BAND)] {
        svg.rect((x.at(from), top), (x.at(to) - x.at(from), height), &format!("fill=\"{fill}\""));
    }
    let style = format!("stroke=\"{NAVY}\" stroke-width=\"1\"");
    svg.line((x.at(50.0), top), (x.at(50.0), top + height), &style);
}

fn draw_row(svg: &mut Drawing, row: &Row<'_>, columns: &Columns, (x, y, width): (&Scale, f64, f64)) {
    let known = row.datum.value.is_some();
    let base = y + 3.3;
    // A long name is set smaller before it is cut.
    let size = (9.5 * columns.label / Ink::new(9.5, NAVY).width(row.label)).clamp(7.8, 9.5);
    svg.text((0.0, base), Ink::new(size, NAVY), &measure::fit(row.label, size, false, columns.label));
    let ink = if known { Ink::new(9.5, ORANGE_INK).bold() } else { Ink::new(9.5, GREY) };
    svg.text((columns.figure, base), ink.end(), row.datum.text);
    let dash = if known { "" } else { " stroke-dasharray=\"2 3\"" };
    let style = format!("stroke=\"{SLATE}\" stroke-width=\"0.6\" stroke-opacity=\"0.7\"{dash}");
    svg.line((x.at(0.0), y), (x.at(100.0), y), &style);
    if let Some(percentile) = row.datum.value {
        let at = (x.at(percentile.clamp(0.0, 100.0)), y);
        svg.circle(at, 5.0, &format!("fill=\"{ORANGE}\" stroke=\"{NAVY}\" stroke-width=\"0.9\""));
    }
    let Some(left) = columns.words else { return };
    let apart = row.datum.value.is_some_and(|p| !(25.0..=75.0).contains(&p));
    let ink = if apart { Ink::new(9.0, NAVY).bold() } else { Ink::new(9.0, GREY) };
    svg.text((left, base), ink, &measure::fit(row.words, 9.0, apart, width - left));
}
