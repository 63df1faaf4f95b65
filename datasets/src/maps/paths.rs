//! The same arcs as SVG paths, for reports: what the page shows and what the PDF shows is one drawing.

use std::fmt::Write as _;

use super::topology::{Outline, Topology};

/// One commune's path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// INSEE code.
    pub code: String,
    /// Name.
    pub name: String,
    /// The `d` of an SVG path, to be filled by the even-odd rule.
    pub data: String,
}

impl Topology {
    /// The outlines drawn as large as they fit in `width` × `height`, centred, north up, with one decimal. Longitudes
    /// are shrunk as they are at the middle of the map: within a département nobody could measure the difference to
    /// a conic projection.
    #[must_use]
    pub fn paths(&self, width: f64, height: f64) -> Vec<Path> {
        let points = self.arcs.iter().flatten();
        let (mut right, mut top) = (0, 0);
        for &(x, y) in points {
            (right, top) = (right.max(x), top.max(y));
        }
        let middle = self.translate[1] + self.scale[1] * f64::from(top) / 2.0;
        let (step_x, step_y) = (self.scale[0] * middle.to_radians().cos(), self.scale[1]);
        let (wide, high) = (step_x * f64::from(right.max(1)), step_y * f64::from(top.max(1)));
        let zoom = (width / wide).min(height / high);
        let (left, bottom) = ((width - wide * zoom) / 2.0, (height + high * zoom) / 2.0);
        let place = |(x, y): (i32, i32)| (left + f64::from(x) * step_x * zoom, bottom - f64::from(y) * step_y * zoom);
        self.outlines.iter().map(|outline| self.path(outline, place)).collect()
    }

    fn path(&self, outline: &Outline, place: impl Fn((i32, i32)) -> (f64, f64)) -> Path {
        let mut data = String::new();
        for ring in outline.polygons.iter().flatten() {
            let points = self.ring(ring);
            for (rank, point) in points.iter().take(points.len().saturating_sub(1)).enumerate() {
                let (x, y) = place(*point);
                // Writing to a string cannot fail.
                let _ = write!(data, "{}{x:.1} {y:.1}", if rank == 0 { 'M' } else { 'L' });
            }
            data.push('Z');
        }
        Path { code: outline.code.clone(), name: outline.name.clone(), data }
    }
}
