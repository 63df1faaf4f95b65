//! Map of a count over communes: circles whose areas are in proportion; a hatched square for what is withheld.

use super::{
    Frame,
    choropleth::{Area, LEGEND_WIDTH, outline_commune, scale_bar},
    label::{Extent, Places},
    measure,
    number::french,
    palette::{BAND, GREY, MIST, NAVY, ORANGE, ORANGE_INK, SLATE, TEAL, WHITE},
    scale::{decimals_of, extent, nice_step},
    shapes::Fit,
    svg::{Drawing, Ink, Svg},
    withheld::{block, quiet, unpublished},
};

/// What the map says besides its areas.
#[derive(Debug, Clone)]
pub struct Map<'a> {
    pub areas: &'a [Area<'a>],
    /// Title of the legend, with the unit.
    pub legend: &'a str,
    /// Drawn without contours, and said.
    pub schematic: bool,
}

/// Draws the map with its legend on the right.
#[must_use]
pub fn draw(frame: &Frame<'_>, map: &Map<'_>) -> Svg {
    let Some((_, most)) = extent(map.areas.iter().filter_map(|area| area.value)) else { return unpublished(frame) };
    let left = frame.width - LEGEND_WIDTH;
    let room = (left - 22.0, frame.height - 8.0);
    let Some(fit) = Fit::new(map.areas.iter().map(|area| area.outline), (4.0, 4.0), room) else {
        return quiet(frame, "Contours non disponibles pour ce territoire");
    };
    let mut svg = Drawing::new(frame);
    for area in map.areas {
        let style = format!(
            "fill=\"{MIST}\" fill-rule=\"evenodd\" stroke=\"{BAND}\" stroke-width=\"1.2\" stroke-linejoin=\"round\""
        );
        svg.path(&fit.path(area.outline), &style);
    }
    for area in map.areas.iter().filter(|area| area.highlight) {
        outline_commune(&mut svg, &fit.path(area.outline));
    }
    let size = Size { most: most.max(0.0), largest: (room.0.min(room.1) / 9.0).clamp(8.0, 26.0) };
    let mut sorted: Vec<_> = map.areas.iter().collect();
    sorted.sort_by(|a, b| b.value.unwrap_or(-1.0).total_cmp(&a.value.unwrap_or(-1.0)).then(a.name.cmp(b.name)));
    let mut named = vec![];
    for area in sorted {
        let Some((x, y)) = fit.centre(area.outline) else { continue };
        match area.value {
            Some(value) => {
                let radius = size.radius(value);
                // Near the edge of the map a circle is moved in rather than cut.
                let x = x.clamp(radius, (left - radius).max(radius));
                let y = y.min(frame.height - radius).max(radius);
                circle(&mut svg, (x, y), value, radius, area.highlight);
                named.push((area, (x, y), radius));
            }
            None => block(&mut svg, (x - 3.5, y - 3.5), (7.0, 7.0)),
        }
    }
    named.sort_by_key(|(area, ..)| !area.highlight);
    names(frame, &mut svg, &named, left);
    legend(&mut svg, frame, map, &size, left);
    if !map.schematic {
        scale_bar(&mut svg, &fit, (left, frame.height - 18.0));
    }
    svg.finish()
}

/// Radius of a value: its area is in proportion.
struct Size {
    most: f64,
    largest: f64,
}

impl Size {
    fn radius(&self, value: f64) -> f64 {
        if self.most > 0.0 { (value.max(0.0) / self.most).sqrt() * self.largest } else { 0.0 }.max(1.8)
    }
}

fn circle(svg: &mut Drawing, at: (f64, f64), value: f64, radius: f64, own: bool) {
    let fill = match (own, value > 0.0) {
        (_, false) => WHITE,
        (true, true) => ORANGE,
        (false, true) => TEAL,
    };
    let style = format!("fill=\"{fill}\" fill-opacity=\"0.72\" stroke=\"{NAVY}\" stroke-width=\"0.8\"");
    svg.circle(at, radius, &style);
}

/// The commune's name and figure, then those of the largest, as room allows.
fn names(frame: &Frame<'_>, svg: &mut Drawing, named: &[(&Area<'_>, (f64, f64), f64)], left: f64) {
    let mut places = Places::new(frame);
    places.take(Extent { left, top: 0.0, right: frame.width, bottom: frame.height });
    for (_, (x, y), r) in named {
        places.take(Extent { left: x - r, top: y - r, right: x + r, bottom: y + r });
    }
    for (area, (x, y), radius) in named.iter().take(9) {
        let ink = if area.highlight { Ink::new(9.0, ORANGE_INK).bold() } else { Ink::new(8.6, NAVY) };
        let text = format!("{} {}", area.name, area.text);
        let text = measure::fit(&text, ink.size, ink.bold, left * 0.6);
        let half = ink.width(&text) / 2.0;
        let spots = [
            (x + radius + 3.0, y + 3.0),
            (x - half, y - radius - 4.0),
            (x - half, y + radius + 9.5),
            (x - radius - 3.0 - 2.0 * half, y + 3.0),
        ];
        places.write_over(svg, ink, &text, &spots);
    }
}

fn legend(svg: &mut Drawing, frame: &Frame<'_>, map: &Map<'_>, size: &Size, left: f64) {
    let mut y = 10.0;
    for line in measure::wrap(map.legend, 9.0, true, LEGEND_WIDTH, 3) {
        svg.text((left, y), Ink::new(9.0, NAVY).bold(), &measure::fit(&line, 9.0, true, LEGEND_WIDTH));
        y += 11.0;
    }
    let step = nice_step(size.most);
    // Round values that the map itself reaches.
    let round = [step, step / 2.0, step / 5.0, step / 10.0].into_iter().filter(|v| *v <= size.most).take(3);
    y += 4.0;
    for value in round {
        let radius = size.radius(value);
        y += radius.max(6.0);
        let style = format!("fill=\"{WHITE}\" stroke=\"{SLATE}\" stroke-width=\"1\"");
        svg.circle((left + size.largest, y), radius, &style);
        let text = french(value, decimals_of(value));
        svg.text((left + 2.0 * size.largest + 8.0, y + 3.0), Ink::small(), &text);
        y += radius.max(6.0) + 3.0;
    }
    let mut y = frame.height - 8.0;
    if map.schematic {
        svg.text((left, y), Ink::small(), "carte schématique");
        y -= 15.0;
    } else {
        y -= 24.0;
    }
    if map.areas.iter().any(|area| area.value.is_none()) {
        block(svg, (left + 1.0, y - 7.0), (9.0, 9.0));
        svg.text((left + 16.0, y), Ink::small(), "n.d. ou secret");
        y -= 15.0;
    }
    svg.circle((left + 5.5, y - 3.0), 4.5, &format!("fill=\"{ORANGE}\" stroke=\"{NAVY}\" stroke-width=\"0.8\""));
    svg.text((left + 16.0, y), Ink { fill: GREY, ..Ink::small() }, "commune étudiée");
}
