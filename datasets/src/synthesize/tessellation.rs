//! A schematic map: one hexagon per commune, each EPCI in one piece. Communes follow a Hilbert curve, EPCI after EPCI;
//! a stretch of that curve is compact and holds together, also on a honeycomb.

use std::collections::{HashMap, VecDeque};

use serde_json::json;

use super::output::{Charset, Output};
use super::places::Place;
use crate::engine::ImportError;

/// The box of one département, in degrees. Boxes stand on a grid, so that two départements never overlap.
const BOX: (f64, f64) = (1.0, 0.74);
const COLUMNS: u32 = 11;
const NORTH_WEST: (f64, f64) = (-4.0, 50.8);
/// Overseas, the box stands where the territory is: its coordinates are written in that territory's projection.
const OVERSEAS: [(&str, (f64, f64)); 5] = [
    ("971", (-62.0, 16.6)),
    ("972", (-61.5, 15.0)),
    ("973", (-53.6, 4.4)),
    ("974", (55.0, -20.8)),
    ("976", (44.6, -12.4)),
];
/// Codes in order, for the place on the grid.
const CORSICA: [(&str, u32); 2] = [("2A", 20), ("2B", 96)];

/// `contours_schematiques_DD_2025.geojsonl`, or `FR` for the whole country: one feature per commune and line.
pub fn tessellation(places: &[Place], output: &mut Output<'_>) -> Result<(), ImportError> {
    let by_departement = || places.chunk_by(|left, right| left.departement == right.departement);
    let name = match (by_departement().next(), by_departement().nth(1)) {
        (Some([place, ..]), None) => &place.departement,
        _ => "FR",
    };
    let features = by_departement().flat_map(features);
    output.file(&format!("contours_schematiques_{name}_2025.geojsonl"), Charset::Utf8, features)
}

/// The middle of each commune's cell, longitude then latitude; an arrondissement has that of its city.
pub fn centres(places: &[Place]) -> HashMap<&str, (f64, f64)> {
    let mut centres: HashMap<&str, (f64, f64)> = HashMap::new();
    for of_one in places.chunk_by(|left, right| left.departement == right.departement) {
        let (west, north) = corner(&of_one[0].departement);
        let (side, step_x, step_y, ordered) = grid(of_one);
        for (place, index) in ordered.into_iter().zip(0_u32..) {
            let (column, row) = hilbert(side, index);
            let (x, y) = hexagon(column, row)[0];
            centres.insert(&place.code, (west + f64::from(x) * step_x, north - f64::from(y + 2) * step_y));
        }
    }
    for place in places {
        if let Some(centre) = place.city.as_deref().and_then(|city| centres.get(city).copied()) {
            centres.insert(&place.code, centre);
        }
    }
    centres
}

/// The side of the square that holds the communes, its steps in degrees, and the communes along the curve.
fn grid(places: &[Place]) -> (u32, f64, f64, Vec<&Place>) {
    let ordered = order(places);
    let side = (1_u32..).map(|power| 1_u32 << power).find(|side| (*side as usize).pow(2) >= ordered.len()).unwrap_or(2);
    (side, BOX.0 / f64::from(2 * side + 1), BOX.1 / f64::from(3 * side + 1), ordered)
}

/// The cells of one département.
fn features(places: &[Place]) -> impl Iterator<Item = String> {
    let (side, step_x, step_y, ordered) = grid(places);
    let (west, north) = corner(&places[0].departement);
    ordered.into_iter().zip(0_u32..).map(move |(place, index)| {
        let (column, row) = hilbert(side, index);
        let ring: Vec<[f64; 2]> = hexagon(column, row)
            .into_iter()
            .map(|(x, y)| [round(west + f64::from(x) * step_x), round(north - f64::from(y) * step_y)])
            .collect();
        json!({
            "type": "Feature",
            "properties": { "code": place.code, "nom": place.name, "schematique": true },
            "geometry": { "type": "Polygon", "coordinates": [ring] },
        })
        .to_string()
    })
}

/// Communes by EPCI; in each, the most populated in the middle of its stretch.
fn order(places: &[Place]) -> Vec<&Place> {
    let mut communes: Vec<&Place> = places.iter().filter(|place| place.city.is_none()).collect();
    communes
        .sort_by(|l, r| l.epci.0.cmp(&r.epci.0).then(r.population.total_cmp(&l.population)).then(l.code.cmp(&r.code)));
    communes
        .chunk_by(|left, right| left.epci.0 == right.epci.0)
        .flat_map(|members| {
            let mut stretch = VecDeque::with_capacity(members.len());
            for (rank, member) in members.iter().enumerate() {
                if rank % 2 == 0 { stretch.push_back(*member) } else { stretch.push_front(*member) }
            }
            stretch
        })
        .collect()
}

fn corner(departement: &str) -> (f64, f64) {
    if let Some((_, corner)) = OVERSEAS.into_iter().find(|(code, _)| *code == departement) {
        return corner;
    }
    let index = CORSICA
        .into_iter()
        .find_map(|(code, number)| (code == departement).then_some(number))
        .or_else(|| departement.parse().ok())
        .unwrap_or(0);
    (
        NORTH_WEST.0 + f64::from(index % COLUMNS) * (BOX.0 + 0.1),
        NORTH_WEST.1 - f64::from(index / COLUMNS) * (BOX.1 + 0.1),
    )
}

/// Column and row of the n-th cell of the curve in a square of `side` cells.
fn hilbert(side: u32, index: u32) -> (u32, u32) {
    let (mut x, mut y, mut rest, mut square) = (0, 0, index, 1);
    while square < side {
        let (right, up) = (1 & (rest / 2), 1 & (rest ^ (rest / 2)));
        if up == 0 {
            if right == 1 {
                (x, y) = (square - 1 - x, square - 1 - y);
            }
            (x, y) = (y, x);
        }
        x += square * right;
        y += square * up;
        rest /= 4;
        square *= 2;
    }
    (x, y)
}

/// Corners on a lattice of whole numbers, so that neighbours share theirs exactly; odd rows are shifted by half.
fn hexagon(column: u32, row: u32) -> [(u32, u32); 7] {
    let (x, y) = (2 * column + row % 2, 3 * row);
    [(x + 1, y), (x + 2, y + 1), (x + 2, y + 3), (x + 1, y + 4), (x, y + 3), (x, y + 1), (x + 1, y)]
}

fn round(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_visits_every_cell_once_and_never_jumps() {
        let path: Vec<(u32, u32)> = (0..256).map(|index| hilbert(16, index)).collect();
        let mut cells = path.clone();
        cells.sort_unstable();
        cells.dedup();
        assert_eq!(cells.len(), 256);
        assert!(path.windows(2).all(|pair| pair[0].0.abs_diff(pair[1].0) + pair[0].1.abs_diff(pair[1].1) == 1));
    }

    #[test]
    fn cells_that_follow_each_other_share_a_side() {
        for index in 0..255 {
            let corners = |index| {
                let (column, row) = hilbert(16, index);
                hexagon(column, row)
            };
            let (one, next) = (corners(index), corners(index + 1));
            let shared = one[..6].iter().filter(|corner| next.contains(corner)).count();
            assert_eq!(shared, 2, "cells {index} and {}", index + 1);
        }
    }
}
