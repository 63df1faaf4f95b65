//! Dot plot of the six scopes: each row its own scale, the commune large, comparable communes as a band.

use domain::fact::ScopeKind;

use super::{
    Frame, measure,
    palette::{self, BAND, GREY, NAVY, ORANGE_INK, RULE, WHITE},
    scale::{Scale, count, pitch},
    svg::{Drawing, Ink, Svg, n},
    withheld::unpublished,
};

/// The middle half of comparable communes.
#[derive(Debug, Clone, Copy)]
pub struct Band {
    pub low: f64,
    pub middle: f64,
    pub high: f64,
}

/// Height of a line of the legend.
const LINE: f64 = 15.0;

/// One indicator.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    pub label: &'a str,
    /// The commune's printed figure, or « n.d. ».
    pub text: &'a str,
    pub values: Vec<(ScopeKind, f64)>,
    pub band: Option<Band>,
}

/// Draws the rows and, under them, the legend of the scopes in use with the names given.
#[must_use]
pub fn draw(frame: &Frame<'_>, rows: &[Row<'_>], legend: &[(ScopeKind, &str)]) -> Svg {
    if rows.iter().all(|row| row.values.is_empty() && row.band.is_none()) {
        return unpublished(frame);
    }
    let mut svg = Drawing::new(frame);
    let label_room = (frame.width * 0.32).clamp(132.0, 168.0);
    let texts = rows.iter().map(|row| Ink::new(9.5, NAVY).bold().width(row.text));
    let text_room = texts.fold(52.0, f64::max) + 10.0;
    let (left, right) = (label_room + 12.0, frame.width - text_room);
    let laid = lay_legend(frame, legend);
    let foot = LINE * laid.last().map_or(0.0, |(.., line)| line + 1.0);
    let pitch = pitch(frame.height - foot - 6.0, rows.len());
    let mut y = pitch / 2.0;
    for row in rows {
        let (size, label) = lay_label(row.label, label_room, if pitch >= 31.0 { 3 } else { 2 });
        let mut at = y + 3.2 - 5.3 * (count(label.len()) - 1.0);
        for line in &label {
            svg.text((label_room, at), Ink::new(size, NAVY).end(), line);
            at += 10.6;
        }
        svg.line((left, y), (right, y), &format!("stroke=\"{RULE}\" stroke-width=\"1.2\""));
        draw_row(&mut svg, row, (left, right), y);
        let known = row.values.iter().any(|(scope, _)| *scope == ScopeKind::Com);
        let ink = Ink::new(9.5, if known { ORANGE_INK } else { GREY });
        svg.text((right + 10.0, y + 3.2), if known { ink.bold() } else { ink }, row.text);
        y += pitch;
    }
    draw_legend(&mut svg, &laid, frame.height - foot);
    svg.finish()
}

/// The label in the largest type in which none of its lines is cut.
fn lay_label(label: &str, room: f64, most: usize) -> (f64, Vec<String>) {
    let sizes = [9.5, 9.0, 8.5];
    let laid = sizes.map(|size| (size, measure::wrap(label, size, false, room, most)));
    let whole = |(size, lines): &&(f64, Vec<String>)| lines.iter().all(|l| measure::width(l, *size, false) <= room);
    let [.., smallest] = &laid;
    let (size, lines) = laid.iter().find(whole).unwrap_or(smallest);
    (*size, lines.iter().map(|line| measure::fit(line, *size, false, room)).collect())
}

fn draw_row(svg: &mut Drawing, row: &Row<'_>, (left, right): (f64, f64), y: f64) {
    let band = row.band.map(|band| [band.low, band.middle, band.high]);
    let all = || row.values.iter().map(|(_, v)| *v).chain(band.into_iter().flatten());
    let (low, high) = all().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    if low > high {
        return;
    }
    let scale = Scale::new((low, high), (left + 10.0, right - 10.0));
    if let Some([low, middle, high]) = band {
        let (from, to) = (scale.at(low), scale.at(high));
        svg.rect((from, y - 6.0), ((to - from).max(1.5), 12.0), &format!("fill=\"{BAND}\""));
        let style = format!("stroke=\"{NAVY}\" stroke-width=\"1.4\"");
        svg.line((scale.at(middle), y - 6.0), (scale.at(middle), y + 6.0), &style);
    }
    // The commune last, above the others.
    for (scope, value) in row.values.iter().rev().filter(|(scope, _)| *scope != ScopeKind::Sim) {
        mark(svg, *scope, (scale.at(*value), y));
    }
}

/// Where the names of the scopes stand, and on which line.
fn lay_legend(frame: &Frame<'_>, legend: &[(ScopeKind, &str)]) -> Vec<(ScopeKind, String, f64, f64)> {
    let (mut x, mut line) = (4.0, 0.0);
    let mut laid = vec![];
    for (scope, name) in legend {
        let name = measure::fit(name, 8.6, false, frame.width * 0.45);
        let width = 14.0 + measure::width(&name, 8.6, false) + 14.0;
        if x + width > frame.width && x > 4.0 {
            (x, line) = (4.0, line + 1.0);
        }
        laid.push((*scope, name, x, line));
        x += width;
    }
    laid
}

fn draw_legend(svg: &mut Drawing, laid: &[(ScopeKind, String, f64, f64)], top: f64) {
    for (scope, name, x, line) in laid {
        let y = top + LINE * line + 8.0;
        if *scope == ScopeKind::Sim {
            svg.rect((x - 2.0, y - 4.5), (12.0, 9.0), &format!("fill=\"{BAND}\""));
            svg.line((x + 4.0, y - 4.5), (x + 4.0, y + 4.5), &format!("stroke=\"{NAVY}\" stroke-width=\"1.4\""));
        } else {
            mark(svg, *scope, (x + 4.0, y));
        }
        svg.text((x + 14.0, y + 3.0), Ink::new(8.6, GREY), name);
    }
}

/// The mark of a scope: shape and colour, so that either is enough.
pub(super) fn mark(svg: &mut Drawing, scope: ScopeKind, (x, y): (f64, f64)) {
    let colour = palette::stroke(scope);
    let edge = format!("fill=\"{colour}\" stroke=\"{WHITE}\" stroke-width=\"0.9\"");
    match scope {
        ScopeKind::Com => svg.circle((x, y), 6.0, &format!("fill=\"{colour}\" stroke=\"{NAVY}\" stroke-width=\"0.9\"")),
        ScopeKind::Epci => svg.rect((x - 4.0, y - 4.0), (8.0, 8.0), &edge),
        ScopeKind::Dep => {
            let data = format!("M{} {}l5 5l-5 5l-5 -5Z", n(x), n(y - 5.0));
            svg.path(&data, &format!("fill=\"{colour}\" stroke=\"{}\" stroke-width=\"0.9\"", palette::GOLD_INK));
        }
        ScopeKind::Reg => {
            svg.circle((x, y), 3.8, &format!("fill=\"{WHITE}\" stroke=\"{colour}\" stroke-width=\"1.6\""));
        }
        ScopeKind::Fr => svg.path(&format!("M{} {}l5 9l-10 0Z", n(x), n(y - 5.0)), &edge),
        ScopeKind::Sim => svg.line((x, y - 5.0), (x, y + 5.0), &format!("stroke=\"{colour}\" stroke-width=\"1.6\"")),
    }
}

/// One mark alone, for a legend in the text.
#[must_use]
pub fn swatch(key: &str, scope: ScopeKind, name: &str) -> Svg {
    let mut svg = Drawing::new(&Frame { key, title: name, desc: "", width: 18.0, height: 16.0 });
    if scope == ScopeKind::Sim {
        svg.rect((0.0, 2.0), (18.0, 12.0), &format!("fill=\"{BAND}\""));
    }
    mark(&mut svg, scope, (9.0, 8.0));
    svg.finish()
}
