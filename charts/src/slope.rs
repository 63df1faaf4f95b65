//! Slope chart: the same figures at two dates, named at the second.

use domain::fact::ScopeKind;

use super::{
    Datum, Frame,
    label::spread,
    measure,
    palette::{self, GREY, NAVY, RULE, SLATE, SLATE_INK, WHITE},
    scale::{Scale, extent},
    svg::{Drawing, Ink, Svg},
    withheld::unpublished,
};

/// A line; without a scope it is one of many, and quiet.
#[derive(Debug, Clone)]
pub struct Series<'a> {
    pub scope: Option<ScopeKind>,
    pub name: &'a str,
    pub before: Datum<'a>,
    pub after: Datum<'a>,
}

impl Series<'_> {
    fn stroke(&self) -> &'static str {
        self.scope.map_or(SLATE, palette::stroke)
    }

    fn ink(&self) -> &'static str {
        self.scope.map_or(SLATE_INK, palette::ink)
    }
}

const HEAD: f64 = 24.0;
const LINE: f64 = 11.5;

/// Draws the lines between two dates, which `dates` names.
#[must_use]
pub fn draw(frame: &Frame<'_>, dates: (&str, &str), series: &[Series<'_>]) -> Svg {
    let values = series.iter().flat_map(|s| [s.before.value, s.after.value]).flatten();
    let Some(span) = extent(values) else { return unpublished(frame) };
    let mut svg = Drawing::new(frame);
    let plain = Ink::small();
    let before = series.iter().map(|s| plain.width(s.before.text)).fold(20.0, f64::max) + 10.0;
    let figures = series.iter().map(|s| plain.bold().width(s.after.text)).fold(20.0, f64::max) + 6.0;
    let names = series.iter().map(|s| plain.width(s.name)).fold(20.0, f64::max);
    let right = frame.width - (figures + names + 12.0).min((frame.width * 0.55).max(figures + 40.0));
    let (x0, x1) = (before, right.max(before + 30.0));
    let y = Scale::new(span, (frame.height - 8.0, HEAD + 4.0));
    for (x, date) in [(x0, dates.0), (x1, dates.1)] {
        svg.line((x, HEAD - 6.0), (x, frame.height - 2.0), &format!("stroke=\"{RULE}\" stroke-width=\"1\""));
        svg.text((x, 10.0), Ink::new(9.0, NAVY).bold().middle(), date);
    }
    // The commune last, above the others.
    let (own, others): (Vec<_>, Vec<_>) = series.iter().partition(|s| s.scope == Some(ScopeKind::Com));
    for s in others.into_iter().chain(own) {
        line(&mut svg, s, [(x0, s.before.value.map(|v| y.at(v))), (x1, s.after.value.map(|v| y.at(v)))]);
    }
    let bounds = (HEAD, frame.height - 5.0);
    let left = sorted(series, |s| s.before.value, &y, bounds);
    for (at, s) in left {
        svg.text((x0 - 8.0, at + 3.0), Ink { fill: s.ink(), ..plain }.end(), s.before.text);
    }
    // A series that ends in secret is still named, where it started.
    for (at, s) in sorted(series, |s| s.after.value.or(s.before.value), &y, bounds) {
        let known = s.after.value.is_some();
        let fill = if known { s.ink() } else { GREY };
        let figure = if known { plain.bold() } else { plain };
        svg.text((x1 + 8.0, at + 3.0), Ink { fill, ..figure }, s.after.text);
        let start = x1 + 8.0 + figures;
        let name = measure::fit(s.name, 9.0, s.scope == Some(ScopeKind::Com), frame.width - start);
        let ink = if s.scope == Some(ScopeKind::Com) { plain.bold() } else { plain };
        svg.text((start, at + 3.0), Ink { fill, ..ink }, &name);
    }
    svg.finish()
}

/// The series with a value, from top to bottom, apart by a line.
fn sorted<'s, 'a>(
    series: &'s [Series<'a>],
    value: impl Fn(&Series<'a>) -> Option<f64>,
    y: &Scale,
    bounds: (f64, f64),
) -> Vec<(f64, &'s Series<'a>)> {
    let mut found: Vec<_> = series.iter().filter_map(|s| value(s).map(|v| (y.at(v), s))).collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let wanted: Vec<f64> = found.iter().map(|(at, _)| *at).collect();
    spread(&wanted, LINE, bounds).into_iter().zip(found.into_iter().map(|(_, s)| s)).collect()
}

fn line(svg: &mut Drawing, series: &Series<'_>, ends: [(f64, Option<f64>); 2]) {
    let colour = series.stroke();
    let commune = series.scope == Some(ScopeKind::Com);
    if let [(x0, Some(y0)), (x1, Some(y1))] = ends {
        let width = if commune { 2.6 } else { 1.5 };
        let dash = series.scope.and_then(palette::dash).map_or(String::new(), |d| format!(" stroke-dasharray=\"{d}\""));
        svg.line((x0, y0), (x1, y1), &format!("stroke=\"{colour}\" stroke-width=\"{width}\"{dash}"));
    }
    for (x, y) in ends {
        let Some(y) = y else { continue };
        let radius = if commune { 4.0 } else { 2.8 };
        svg.circle((x, y), radius, &format!("fill=\"{colour}\" stroke=\"{WHITE}\" stroke-width=\"0.8\""));
    }
}
