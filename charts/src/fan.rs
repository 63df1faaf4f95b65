//! A projection: what was observed, then a central line between a low and a high scenario.

use domain::fact::ScopeKind;

use super::{
    Datum, Frame,
    axis::{Axis, HEAD},
    label::spread,
    measure,
    palette::{self, BAND, GREY, NAVY, SLATE, WHITE},
    scale::{Scale, extent},
    svg::{Drawing, Ink, Svg},
    withheld::unpublished,
};

/// A year of the projection.
#[derive(Debug, Clone, Copy)]
pub struct Point {
    pub year: i32,
    pub central: Option<f64>,
    /// The low and the high scenario.
    pub band: Option<(f64, f64)>,
}

/// A projection and how its ends are printed.
#[derive(Debug, Clone)]
pub struct Fan<'a> {
    pub scope: ScopeKind,
    /// Years before the base and the base itself.
    pub observed: &'a [(i32, Option<f64>)],
    pub projected: &'a [Point],
    /// The year from which it is projected.
    pub base: i32,
    /// Name and printed figure of the high, the central and the low scenario in the last year.
    pub ends: [(&'a str, &'a str); 3],
}

const FOOT: f64 = 20.0;

/// Draws the projection. The axis does not start at nil: it encloses what is drawn.
#[must_use]
pub fn draw(frame: &Frame<'_>, fan: &Fan<'_>, unit: &str) -> Svg {
    let bands = fan.projected.iter().filter_map(|point| point.band).flat_map(<[f64; 2]>::from);
    let observed = fan.observed.iter().filter_map(|(_, value)| *value);
    let centrals = fan.projected.iter().filter_map(|point| point.central);
    let Some((low, high)) = extent(bands.chain(observed).chain(centrals)) else { return unpublished(frame) };
    let years = fan.observed.iter().map(|(year, _)| *year).chain(fan.projected.iter().map(|point| point.year));
    let (first, last) = years.fold((fan.base, fan.base), |(first, last), year| (first.min(year), last.max(year)));
    let mut svg = Drawing::new(frame);
    let (plain, bold) = (Ink::small(), Ink::small().bold());
    let ends = fan.ends.iter().map(|(name, text)| plain.width(name) + bold.width(text) + 17.0);
    let right = frame.width - ends.fold(30.0, f64::max).min(frame.width * 0.5);
    let axis = Axis::new((low, high), (HEAD, frame.height - FOOT), right);
    axis.draw(&mut svg, unit);
    let x = Scale::new((f64::from(first), f64::from(last)), (axis.left + 14.0, right));
    let ground = Ground { x: &x, axis: &axis };
    ground.years(&mut svg, (first, last), fan.base, frame.height);
    let base = fan.observed.iter().rev().find_map(|(year, v)| v.filter(|_| *year == fan.base));
    ground.band(&mut svg, fan, base);
    let style = format!("stroke=\"{}\" stroke-width=\"2.2\" stroke-linejoin=\"round\"", palette::ink(fan.scope));
    ground.run(&mut svg, fan.observed.iter().copied(), &style);
    let from_base = base.map(|value| (fan.base, Some(value)));
    let centrals = fan.projected.iter().map(|point| (point.year, point.central));
    ground.run(&mut svg, from_base.into_iter().chain(centrals), &format!("{style} stroke-dasharray=\"5 3\""));
    if let Some(value) = base {
        let style = format!("fill=\"{}\" stroke=\"{WHITE}\" stroke-width=\"0.8\"", palette::ink(fan.scope));
        svg.circle((x.at(f64::from(fan.base)), axis.at(value)), 3.6, &style);
    }
    name_ends(&mut svg, fan, &axis, frame);
    svg.finish()
}

/// Where years and values lie.
struct Ground<'a> {
    x: &'a Scale,
    axis: &'a Axis,
}

impl Ground<'_> {
    fn at(&self, year: i32, value: f64) -> (f64, f64) {
        (self.x.at(f64::from(year)), self.axis.at(value))
    }

    /// The first, the base and the last year, and a line at the base.
    fn years(&self, svg: &mut Drawing, (first, last): (i32, i32), base: i32, height: f64) {
        let at = |year: i32| self.x.at(f64::from(year));
        let style = format!("stroke=\"{NAVY}\" stroke-width=\"1\" stroke-dasharray=\"2 3\"");
        svg.line((at(base), HEAD - 6.0), (at(base), height - FOOT), &style);
        let mut free = f64::NEG_INFINITY;
        for year in [first, base, last] {
            let text = year.to_string();
            let half = Ink::small().bold().width(&text) / 2.0;
            if at(year) - half < free + 6.0 {
                continue;
            }
            // The last year keeps its place: the base gives way.
            if year == base && base != last && at(base) + half + 6.0 > at(last) - half {
                continue;
            }
            let ink = if year == base { Ink::new(9.0, NAVY).bold() } else { Ink::small() };
            svg.text((at(year), height - 6.0), ink.middle(), &text);
            free = at(year) + half;
        }
    }

    fn band(&self, svg: &mut Drawing, fan: &Fan<'_>, base: Option<f64>) {
        let mut known: Vec<(i32, (f64, f64))> = base.map(|value| (fan.base, (value, value))).into_iter().collect();
        known.extend(fan.projected.iter().filter_map(|point| point.band.map(|band| (point.year, band))));
        if known.len() < 2 {
            return;
        }
        let upper = known.iter().map(|&(year, (_, high))| self.at(year, high));
        let lower = known.iter().rev().map(|&(year, (low, _))| self.at(year, low));
        let style = format!("fill=\"{BAND}\" stroke=\"{SLATE}\" stroke-width=\"0.6\" stroke-linejoin=\"round\"");
        svg.polygon(&upper.chain(lower).collect::<Vec<_>>(), &style);
    }

    /// A line, broken where a value is withheld.
    fn run(&self, svg: &mut Drawing, points: impl Iterator<Item = (i32, Option<f64>)>, style: &str) {
        let points: Vec<_> = points.collect();
        for run in points.split(|(_, value)| value.is_none()) {
            let run: Vec<_> = run.iter().filter_map(|(year, value)| value.map(|v| self.at(*year, v))).collect();
            if run.len() > 1 {
                svg.polyline(&run, style);
            }
        }
    }
}

fn name_ends(svg: &mut Drawing, fan: &Fan<'_>, axis: &Axis, frame: &Frame<'_>) {
    let Some(last) = fan.projected.last() else { return };
    let (low, high) = last.band.unzip();
    let scenarios = [high, last.central, low].into_iter().zip(fan.ends);
    let mut ends: Vec<(f64, Datum<'_>, &str)> = scenarios
        .filter_map(|(value, (name, text))| value.map(|v| (axis.at(v), Datum { value, text }, name)))
        .collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    let wanted: Vec<f64> = ends.iter().map(|(at, ..)| *at).collect();
    let central = last.central;
    for (at, (_, datum, name)) in spread(&wanted, 12.0, (HEAD - 10.0, frame.height - FOOT)).into_iter().zip(&ends) {
        let own = datum.value == central && *name == fan.ends[1].0;
        let fill = if own { palette::ink(fan.scope) } else { GREY };
        let bold = Ink::new(9.0, fill).bold();
        svg.text((axis.right + 8.0, at + 3.0), bold, datum.text);
        let start = axis.right + 12.0 + bold.width(datum.text);
        svg.text((start, at + 3.0), Ink::new(9.0, fill), &measure::fit(name, 9.0, false, frame.width - start));
    }
}
