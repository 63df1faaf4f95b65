//! Maps: rates as classes, counts as circles.

use charts::{Outline, choropleth, circles};

use super::{Drawn, LONG, frame};

pub fn drawn() -> Vec<Drawn> {
    let mut drawn = vec![];
    let mut add = |kind, state, svg| drawn.push(Drawn { kind, state, svg });
    let outlines = cells();
    let areas = areas(&outlines, &[3.1, 4.2, 5.0, 9.4, 6.1, 7.7, 2.2, 8.4, 5.2, 3.9, 6.6, 12.0]);
    let map = choropleth::Map { areas: &areas, legend: "Logements vacants, 2024", unit: "%", schematic: false };
    add("choropleth", "avec secret", choropleth::draw(&frame("carte", 492.0, 270.0), &map));
    let counts = self::areas(&outlines, &[0.0, 4.0, 12.0, 86.0, 3.0, 41.0, 1.0, 7.0, 0.0, 2.0, 18.0, 5.0]);
    let map = circles::Map { areas: &counts, legend: "Médecins généralistes", schematic: true };
    add("circles", "avec secret", circles::draw(&frame("cercles", 492.0, 270.0), &map));
    let silent: Vec<_> =
        counts.iter().map(|area| choropleth::Area { value: None, text: "n.d.", ..area.clone() }).collect();
    let none = choropleth::Map { areas: &silent, legend: "Logements vacants, 2024", unit: "%", schematic: false };
    add("choropleth", "rien", choropleth::draw(&frame("carte-2", 492.0, 90.0), &none));
    let map = circles::Map { areas: &silent, ..map };
    add("circles", "rien", circles::draw(&frame("cercles-2", 492.0, 90.0), &map));
    drawn
}

/// Twelve cells of an irregular grid.
fn cells() -> Vec<Outline> {
    let corner = |x: i32, y: i32| {
        let bend = f64::from((x * 7 + y * 13) % 5) * 160.0;
        [f64::from(x) * 2_000.0 + bend, f64::from(y) * 1_800.0 - bend * 0.6]
    };
    let cell = |x, y| {
        let ring = vec![corner(x, y), corner(x + 1, y), corner(x + 1, y + 1), corner(x, y + 1), corner(x, y)];
        Outline(vec![ring])
    };
    (0..12).map(|i| cell(i % 4, i / 4)).collect()
}

fn areas<'a>(outlines: &'a [Outline], values: &[f64]) -> Vec<choropleth::Area<'a>> {
    let names = ["Amont", "Bourg-Voisin", "Clairval", "Ville-Exemple", "Étang", "Grande-Ville", LONG];
    outlines
        .iter()
        .zip(values)
        .enumerate()
        .map(|(i, (outline, &value))| choropleth::Area {
            name: names[i % names.len()],
            value: (i != 4).then_some(value),
            text: ["3", "12", "41", "86"][i % 4],
            highlight: i == 3,
            outline,
        })
        .collect()
}
