//! Fewer points on each arc (Visvalingam): the one that changes the least area goes first. Ends stay, so that arcs go on
//! meeting; one point between them stays, so that two arcs with the same ends do not become one line.

use super::topology::{Point, Topology};

/// Drops points whose triangle with their neighbours is below `least` steps of the grid squared.
pub fn simplify(topology: &mut Topology, least: f64) {
    for arc in &mut topology.arcs {
        // A closed arc is a whole ring: a triangle must be left.
        let kept = if arc.first() == arc.last() { 4 } else { 3 };
        thin(arc, least, kept);
    }
}

fn thin(arc: &mut Vec<Point>, least: f64, kept: usize) {
    while arc.len() > kept {
        let smallest = arc.windows(3).map(triangle).enumerate().min_by(|left, right| left.1.total_cmp(&right.1));
        match smallest {
            Some((before, area)) if area < least => arc.remove(before + 1),
            _ => return,
        };
    }
}

fn triangle(corners: &[Point]) -> f64 {
    let [a, b, c] = [corners[0], corners[1], corners[2]].map(|(x, y)| (f64::from(x), f64::from(y)));
    ((b.0 - a.0) * (c.1 - a.1) - (c.0 - a.0) * (b.1 - a.1)).abs() / 2.0
}
