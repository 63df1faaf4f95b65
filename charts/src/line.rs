//! Lines over years, each named at its end; names never touch.

use domain::fact::ScopeKind;

use super::{
    Frame,
    label::spread,
    measure,
    number::french,
    palette::{self, GREY, NAVY, RULE, WHITE},
    scale::{Scale, Ticks},
    svg::{Drawing, Ink, Svg},
    withheld::unpublished,
};

/// One line.
#[derive(Debug, Clone)]
pub struct Series<'a> {
    pub scope: ScopeKind,
    pub name: &'a str,
    /// The last printed figure, shown with the name.
    pub end: &'a str,
    /// Year and value; `None` breaks the line.
    pub points: &'a [(i32, Option<f64>)],
}

/// Draws the lines. The axis starts at nil when `from_zero`.
#[must_use]
pub fn draw(frame: &Frame<'_>, series: &[Series<'_>], unit: &str, from_zero: bool) -> Svg {
    let mut svg = Drawing::new(frame);
    let points = || series.iter().flat_map(|s| s.points.iter());
    let values: Vec<f64> = points().filter_map(|(_, value)| *value).collect();
    let years: Vec<i32> = {
        let mut years: Vec<i32> = points().map(|(year, _)| *year).collect();
        years.sort_unstable();
        years.dedup();
        years
    };
    let (Some(first), Some(last), false) = (years.first(), years.last(), values.is_empty()) else {
        return unpublished(frame);
    };
    let floor = if from_zero { 0.0 } else { f64::INFINITY };
    let low = values.iter().copied().fold(floor, f64::min);
    let high = values.iter().copied().fold(if from_zero { 0.0 } else { f64::NEG_INFINITY }, f64::max);
    let ticks = Ticks::around(low, high, 3);
    let names = series.iter().map(|s| Ink::small().width(s.name) + Ink::small().bold().width(s.end) + 16.0);
    let right = frame.width - names.fold(40.0, f64::max).min(frame.width * 0.42);
    let (top, bottom) = (23.0, frame.height - 20.0);
    let x = Scale::new((f64::from(*first), f64::from(*last)), (26.0, right));
    let y = Scale::new(ticks.span(), (bottom, top));
    for &tick in &ticks.values {
        let at = y.at(tick);
        let base = from_zero && tick.abs() < 1e-9;
        let colour = if base { NAVY } else { RULE };
        svg.line((0.0, at), (right, at), &format!("stroke=\"{colour}\" stroke-width=\"1\""));
        svg.text((0.0, at - 3.0), Ink::small(), &french(tick, ticks.decimals));
    }
    svg.text((0.0, 6.5), Ink::new(8.5, GREY), unit);
    let every = years.len().div_ceil(8);
    for year in years.iter().rev().step_by(every) {
        let at = if years.len() == 1 { f64::midpoint(26.0, right) } else { x.at(f64::from(*year)) };
        svg.text((at, frame.height - 6.0), Ink::small().middle(), &year.to_string());
    }
    let mut ends = vec![];
    // The commune is drawn last, above the others.
    for s in series.iter().rev() {
        let colour = palette::stroke(s.scope);
        let width = if s.scope == ScopeKind::Com { 2.6 } else { 1.7 };
        let dash = palette::dash(s.scope).map_or(String::new(), |dash| format!(" stroke-dasharray=\"{dash}\""));
        let style = format!("stroke=\"{colour}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"{dash}");
        for run in s.points.split(|(_, value)| value.is_none()) {
            let run: Vec<(f64, f64)> =
                run.iter().filter_map(|(year, v)| v.map(|v| (x.at(f64::from(*year)), y.at(v)))).collect();
            match run.as_slice() {
                [] => {}
                [alone] => svg.circle(*alone, 2.6, &format!("fill=\"{colour}\"")),
                run => svg.polyline(run, &style),
            }
        }
        let Some((year, value)) = s.points.iter().rev().find_map(|(year, v)| v.map(|v| (*year, v))) else { continue };
        let end = (x.at(f64::from(year)), y.at(value));
        let radius = if s.scope == ScopeKind::Com { 3.8 } else { 2.8 };
        svg.circle(end, radius, &format!("fill=\"{colour}\" stroke=\"{WHITE}\" stroke-width=\"0.8\""));
        ends.push((end.1, s));
    }
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let wanted: Vec<f64> = ends.iter().map(|(y, _)| *y).collect();
    for (at, (_, s)) in spread(&wanted, 12.0, (top, bottom)).into_iter().zip(&ends) {
        let (bold, plain) = (Ink::small().bold(), Ink::small());
        let fill = palette::ink(s.scope);
        svg.text((right + 8.0, at + 3.0), Ink { fill, ..bold }, s.end);
        let start = right + 12.0 + bold.width(s.end);
        let name = measure::fit(s.name, 9.0, false, frame.width - start);
        svg.text((start, at + 3.0), Ink { fill, ..plain }, &name);
    }
    svg.finish()
}
