//! Map of a rate over the communes of an EPCI: five classes, hatching for what is withheld, the commune outlined.

use super::{
    Frame, measure,
    number::french,
    palette::{GREY, NAVY, ORANGE, ORANGE_INK, RAMP, WHITE},
    scale::{count, decimals_of, nice_step},
    shapes::{Fit, Outline},
    svg::{Drawing, Hatch, Ink, Svg},
    withheld::{quiet, unpublished},
};

/// A commune of the map.
#[derive(Debug, Clone)]
pub struct Area<'a> {
    pub name: &'a str,
    /// `None` when withheld or not published: hatched.
    pub value: Option<f64>,
    /// The printed figure, or « n.d. ».
    pub text: &'a str,
    pub highlight: bool,
    pub outline: &'a Outline,
}

/// What the map says besides its areas.
#[derive(Debug, Clone)]
pub struct Map<'a> {
    pub areas: &'a [Area<'a>],
    /// Title of the legend, e.g. « Logements vacants, 2024 ».
    pub legend: &'a str,
    /// Follows each class limit, e.g. « % ».
    pub unit: &'a str,
    /// Drawn without contours: no scale bar, and said.
    pub schematic: bool,
}

pub(super) const LEGEND_WIDTH: f64 = 138.0;

/// Draws the map with its legend on the right.
#[must_use]
pub fn draw(frame: &Frame<'_>, map: &Map<'_>) -> Svg {
    if map.areas.iter().all(|area| area.value.is_none()) {
        return unpublished(frame);
    }
    let left = frame.width - LEGEND_WIDTH;
    let room = (left - 22.0, frame.height - 8.0);
    let Some(fit) = Fit::new(map.areas.iter().map(|area| area.outline), (4.0, 4.0), room) else {
        return quiet(frame, "Contours non disponibles pour ce territoire");
    };
    let mut svg = Drawing::new(frame);
    let hatch = svg.hatch(Hatch::Withheld);
    let classes = Classes::of(map.areas.iter().filter_map(|area| area.value));
    for area in map.areas {
        let fill = area.value.map_or(hatch.as_str(), |value| RAMP[classes.rank(value)]);
        let style = format!(
            "fill=\"{fill}\" fill-rule=\"evenodd\" stroke=\"{WHITE}\" stroke-width=\"1\" stroke-linejoin=\"round\""
        );
        svg.path(&fit.path(area.outline), &style);
    }
    for area in map.areas.iter().filter(|area| area.highlight) {
        outline_commune(&mut svg, &fit.path(area.outline));
        callout(&mut svg, &fit, area, left, if low(frame) { 10.0 } else { 22.0 });
    }
    legend(&mut svg, map, &classes, &hatch, (left, frame));
    if map.schematic {
        svg.text((left, frame.height - 5.0), Ink::small(), "carte schématique");
    } else {
        scale_bar(&mut svg, &fit, (left, frame.height - 18.0));
    }
    svg.finish()
}

/// Orange, with a navy halo so that it stands out on any class.
pub(super) fn outline_commune(svg: &mut Drawing, path: &str) {
    for (colour, width) in [(NAVY, 4.0), (ORANGE, 2.0)] {
        let style = format!("fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" stroke-linejoin=\"round\"");
        svg.path(path, &style);
    }
}

/// Too low for a legend at ease under the name of the commune.
fn low(frame: &Frame<'_>) -> bool {
    frame.height < 236.0
}

fn callout(svg: &mut Drawing, fit: &Fit, area: &Area<'_>, left: f64, first: f64) {
    let name = measure::wrap(area.name, 9.5, true, LEGEND_WIDTH, if first < 20.0 { 1 } else { 3 });
    let rows = [first, first + 11.0, first + 22.0, first + 33.0];
    if let Some((x, y)) = fit.centre(area.outline) {
        svg.line(
            (x, y),
            (left - 5.0, first - 3.0),
            &format!("stroke=\"{NAVY}\" stroke-width=\"2.4\" stroke-opacity=\"0.35\""),
        );
        svg.line((x, y), (left - 5.0, first - 3.0), &format!("stroke=\"{ORANGE}\" stroke-width=\"1.2\""));
        svg.circle((x, y), 3.0, &format!("fill=\"{ORANGE}\" stroke=\"{NAVY}\" stroke-width=\"0.8\""));
    }
    for (line, y) in name.iter().zip(rows) {
        let line = measure::fit(line, 9.5, true, LEGEND_WIDTH);
        svg.text((left, y), Ink::new(9.5, ORANGE_INK).bold(), &line);
    }
    svg.text((left, rows[name.len().min(3)]), Ink::new(9.5, NAVY), area.text);
}

fn legend(svg: &mut Drawing, map: &Map<'_>, classes: &Classes, hatch: &str, (left, frame): (f64, &Frame<'_>)) {
    let labels = classes.labels(map.unit);
    let (top, pitch) = if low(frame) {
        (frame.height - 24.0 - 13.5 * count(labels.len() + 1), 13.5)
    } else {
        (frame.height - 168.0, 17.0)
    };
    for (line, up) in measure::wrap(map.legend, 9.0, true, LEGEND_WIDTH, 3).iter().rev().zip([8.0, 19.0, 30.0]) {
        svg.text((left, top - up), Ink::new(9.0, NAVY).bold(), line);
    }
    let mut y = top;
    for (rank, label) in labels {
        let number = map.areas.iter().filter_map(|area| area.value).filter(|&v| classes.rank(v) == rank).count();
        entry(svg, (left, y), RAMP[rank], &label, number);
        y += pitch;
    }
    let withheld = map.areas.iter().filter(|area| area.value.is_none()).count();
    entry(svg, (left, y), hatch, "n.d. ou secret", withheld);
    // The name of the commune leads to it all the same.
    if low(frame) {
        return;
    }
    svg.rect((left + 1.0, y + 18.0), (20.0, 9.0), &format!("fill=\"none\" stroke=\"{NAVY}\" stroke-width=\"3.6\""));
    svg.rect((left + 1.0, y + 18.0), (20.0, 9.0), &format!("fill=\"none\" stroke=\"{ORANGE}\" stroke-width=\"1.8\""));
    svg.text((left + 28.0, y + 26.0), Ink::small(), "commune étudiée");
}

fn entry(svg: &mut Drawing, (x, y): (f64, f64), fill: &str, label: &str, count: usize) {
    svg.rect((x, y), (22.0, 11.0), &format!("fill=\"{fill}\" stroke=\"{GREY}\" stroke-width=\"0.4\""));
    let label = measure::fit(label, 9.0, false, LEGEND_WIDTH - 28.0);
    svg.text((x + 28.0, y + 9.0), Ink::small(), &label);
    let (ink, count) = (Ink::new(8.0, GREY).end(), format!("{count}\u{a0}com."));
    if 32.0 + Ink::small().width(&label) + ink.width(&count) <= LEGEND_WIDTH {
        svg.text((x + LEGEND_WIDTH, y + 9.0), ink, &count);
    }
}

pub(super) fn scale_bar(svg: &mut Drawing, fit: &Fit, (x, y): (f64, f64)) {
    // The longest round distance that fits in two thirds of the legend.
    let longest = LEGEND_WIDTH * 0.62 / fit.pixels_per_metre();
    let power = 10f64.powf(longest.max(1.0).log10().floor());
    let metres = [5.0, 2.0, 1.0].into_iter().map(|k| k * power).find(|&m| m <= longest).unwrap_or(power);
    let label = if metres >= 1000.0 {
        format!("{}\u{a0}km", french(metres / 1000.0, 0))
    } else {
        format!("{}\u{a0}m", french(metres, 0))
    };
    svg.line((x, y), (x + metres * fit.pixels_per_metre(), y), &format!("stroke=\"{NAVY}\" stroke-width=\"1.4\""));
    svg.text((x, y + 12.0), Ink::small(), &label);
    let (nx, ny) = (x + LEGEND_WIDTH - 8.0, y + 12.0);
    svg.path(&format!("M{nx:.1} {:.1}l5 12l-5 -3l-5 3Z", ny - 13.0), &format!("fill=\"{NAVY}\""));
    svg.text((nx, ny - 16.0), Ink::new(8.0, GREY).middle(), "N");
}

/// Four round limits between the five classes; fewer when the values do not spread.
struct Classes {
    limits: Vec<f64>,
    decimals: usize,
}

impl Classes {
    /// Limits cover the middle of the values, so that an outlier lands in an open class and flattens nothing.
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        let (Some(&least), Some(&most)) = (values.first(), values.last()) else {
            return Self { limits: vec![], decimals: 0 };
        };
        let (low, high) = (quantile(&values, 1), quantile(&values, 9));
        if most - least < 1e-9 {
            return Self { limits: vec![], decimals: 0 };
        }
        let spread = if high > low { high - low } else { most - least };
        let step = nice_step(spread / 4.0);
        // The median falls in the middle class.
        let middle = (quantile(&values, 5) / step + 1e-9).floor() * step;
        let limits = [-1.0, 0.0, 1.0, 2.0].map(|k| middle + k * step).into_iter();
        let limits: Vec<f64> = limits.filter(|&limit| limit > least && limit <= most).collect();
        Self { limits, decimals: decimals_of(step) }
    }

    /// Place on the ramp of five colours; fewer classes keep to its middle.
    fn rank(&self, value: f64) -> usize {
        // The limits are sums of rounded steps: a figure printed as the limit belongs above it.
        let class = self.limits.iter().filter(|&&limit| value >= limit - 1e-9).count();
        class + (4 - self.limits.len()) / 2
    }

    fn labels(&self, unit: &str) -> Vec<(usize, String)> {
        let text = |limit: f64| french(limit, self.decimals);
        let first = (4 - self.limits.len()) / 2;
        let (Some(&low), Some(&high)) = (self.limits.first(), self.limits.last()) else {
            return vec![(first, "valeur unique".to_owned())];
        };
        let mut labels = vec![format!("moins de {}\u{a0}{unit}", text(low))];
        for pair in self.limits.windows(2) {
            labels.push(format!("{} à {}\u{a0}{unit}", text(pair[0]), text(pair[1])));
        }
        labels.push(format!("{}\u{a0}{unit} et plus", text(high)));
        labels.into_iter().enumerate().map(|(i, label)| (first + i, label)).collect()
    }
}

/// The value at `tenths` of a sorted list, which is not empty.
fn quantile(sorted: &[f64], tenths: usize) -> f64 {
    sorted[(sorted.len() - 1) * tenths / 10]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn limits_are_round_and_open_at_both_ends() {
        let classes = Classes::of([3.1, 4.2, 4.9, 5.6, 6.1, 7.4, 9.0, 31.0].into_iter());
        assert_eq!(classes.limits, [4.0, 6.0, 8.0]);
        assert_eq!(classes.rank(4.0), classes.rank(5.6), "a limit belongs to the class above it");
        assert!(classes.labels("%").last().is_some_and(|(_, l)| l == "8\u{a0}% et plus"));
    }

    #[test]
    fn equal_values_make_one_class() {
        let classes = Classes::of([5.0, 5.0].into_iter());
        assert_eq!(classes.labels("%"), vec![(2, "valeur unique".to_owned())]);
        assert_eq!(classes.rank(5.0), 2);
    }

    proptest! {
        #[test]
        fn each_value_has_a_class_and_ranks_follow_values(values in prop::collection::vec(0.0..60.0f64, 2..60)) {
            let classes = Classes::of(values.iter().copied());
            let labels = classes.labels("%");
            for pair in values.windows(2) {
                let (a, b) = (classes.rank(pair[0]), classes.rank(pair[1]));
                prop_assert!(a < 5 && labels.iter().any(|(rank, _)| *rank == a));
                prop_assert!(pair[0] > pair[1] || a <= b);
            }
        }
    }
}
