//! Small multiples: the same little line drawing for several subjects, the last figure printed.

use domain::fact::ScopeKind;

use super::{
    Frame, measure,
    palette::{self, BAND, GREY, MIST, NAVY, WHITE},
    scale::{Scale, count, extent, pitch},
    svg::{Drawing, Ink, Svg},
    withheld::unpublished,
};

/// A line of a panel.
#[derive(Debug, Clone)]
pub struct Series<'a> {
    pub scope: ScopeKind,
    /// Year and value; `None` breaks the line.
    pub points: &'a [(i32, Option<f64>)],
}

/// A panel.
#[derive(Debug, Clone)]
pub struct Panel<'a> {
    pub title: &'a str,
    /// The last printed figure of the first series, or « n.d. ».
    pub text: &'a str,
    pub series: Vec<Series<'a>>,
}

impl Panel<'_> {
    fn values(&self) -> impl Iterator<Item = f64> {
        self.series.iter().flat_map(|s| s.points.iter().filter_map(|(_, value)| *value))
    }

    fn years(&self) -> Option<(i32, i32)> {
        let years = || self.series.iter().flat_map(|s| s.points.iter().map(|(year, _)| *year));
        years().min().zip(years().max())
    }
}

/// Whether panels may be compared with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Axes {
    /// One scale for all.
    Shared,
    /// Each panel its own: the unit differs.
    Own,
}

const GAP: f64 = 22.0;
const FOOT: f64 = 18.0;

/// Draws the panels in rows, all from nil; `legend` names the scopes.
#[must_use]
pub fn draw(frame: &Frame<'_>, panels: &[Panel<'_>], axes: Axes, legend: &[(ScopeKind, &str)]) -> Svg {
    let Some(shared) = extent(panels.iter().flat_map(Panel::values)) else { return unpublished(frame) };
    let mut svg = Drawing::new(frame);
    let most = (1..=6).rev().find(|&n| pitch(frame.width + GAP, n) >= 130.0).unwrap_or(1);
    // Rows as even as can be: five panels are three and two, not four and one.
    let rows = panels.len().div_ceil(most);
    let across = panels.len().div_ceil(rows.max(1));
    let wide = pitch(frame.width + GAP, across) - GAP;
    let high = pitch(frame.height - FOOT, rows);
    for (rank, panel) in panels.iter().enumerate() {
        let corner = ((wide + GAP) * count(rank % across), high * count(rank / across));
        let span = match axes {
            Axes::Shared => Some(shared),
            Axes::Own => extent(panel.values()),
        };
        draw_panel(&mut svg, panel, corner, (wide, high), span);
    }
    let (mut x, y) = (0.0, frame.height - 5.0);
    for (scope, name) in legend {
        let name = measure::fit(name, 8.6, false, (frame.width - x - 24.0).max(0.0));
        if name.chars().count() < 3 {
            break;
        }
        stroke(&mut svg, *scope, &[(x, y - 3.0), (x + 18.0, y - 3.0)]);
        svg.text((x + 23.0, y), Ink::new(8.6, GREY), &name);
        x += 40.0 + measure::width(&name, 8.6, false);
    }
    svg.finish()
}

fn draw_panel(
    svg: &mut Drawing,
    panel: &Panel<'_>,
    (left, top): (f64, f64),
    (wide, high): (f64, f64),
    span: Option<(f64, f64)>,
) {
    let known = panel.values().next().is_some();
    let ink = Ink::new(9.5, NAVY).bold();
    svg.text((left, top + 10.0), ink, &measure::fit(panel.title, 9.5, true, wide));
    let (above, base) = (top + 34.0, top + high - 22.0);
    let (Some((low, most)), Some((first, last)), true) = (span, panel.years(), known) else {
        svg.rect((left, top + 18.0), (wide, base - top - 18.0), &format!("fill=\"{MIST}\""));
        let at = (left + wide / 2.0, f64::midpoint(top + 18.0, base) + 3.2);
        svg.text(at, Ink::new(9.0, GREY).middle(), "n.d.");
        return;
    };
    let x = Scale::new((f64::from(first), f64::from(last)), (left + 4.0, left + wide - 5.0));
    let y = Scale::new((low.min(0.0), most.max(0.0)), (base, above));
    svg.line((left, y.at(0.0)), (left + wide, y.at(0.0)), &format!("stroke=\"{BAND}\" stroke-width=\"1\""));
    // The first series last, above the others.
    for s in panel.series.iter().rev() {
        for run in s.points.split(|(_, value)| value.is_none()) {
            let run: Vec<_> = run.iter().filter_map(|(year, v)| v.map(|v| (x.at(f64::from(*year)), y.at(v)))).collect();
            stroke(svg, s.scope, &run);
        }
    }
    let own = panel.series.first().and_then(|s| {
        let end = s.points.iter().rev().find_map(|(year, v)| v.map(|v| (*year, v)))?;
        Some((s.scope, (x.at(f64::from(end.0)), y.at(end.1))))
    });
    if let Some((scope, end)) = own {
        let style = format!("fill=\"{}\" stroke=\"{WHITE}\" stroke-width=\"0.8\"", palette::stroke(scope));
        svg.circle(end, 3.4, &style);
    }
    let fill = own.map_or(GREY, |(scope, _)| palette::ink(scope));
    svg.text((left + wide, top + 24.0), Ink::new(10.5, fill).bold().end(), panel.text);
    let small = Ink::new(8.6, GREY);
    svg.text((left, top + high - 9.0), small, &first.to_string());
    if last > first {
        svg.text((left + wide, top + high - 9.0), small.end(), &last.to_string());
    }
}

/// A line in the way of its scope; a point where there is but one.
fn stroke(svg: &mut Drawing, scope: ScopeKind, points: &[(f64, f64)]) {
    let colour = palette::stroke(scope);
    let width = if scope == ScopeKind::Com { 2.4 } else { 1.5 };
    let dash = palette::dash(scope).map_or(String::new(), |dash| format!(" stroke-dasharray=\"{dash}\""));
    match points {
        [] => {}
        [alone] => svg.circle(*alone, 2.4, &format!("fill=\"{colour}\"")),
        points => {
            svg.polyline(
                points,
                &format!("stroke=\"{colour}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"{dash}"),
            );
        }
    }
}
