//! Outlines of communes, fitted into a box: projected metres to pixels, north up, one scale for both axes.

use serde::Deserialize;

use super::svg::n;

/// A closed outline: easting and northing in metres (EPSG:2154), or any other plane.
pub type Ring = Vec<[f64; 2]>;

/// How many pixels make a metre, and where the corner lies.
#[derive(Debug, Clone, Copy)]
pub struct Fit {
    west: f64,
    north: f64,
    scale: f64,
    offset: (f64, f64),
}

/// A thing with outlines.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Outline(pub Vec<Ring>);

impl Fit {
    /// Fits every outline into `width` × `height` at `corner`, centred; `None` when there is nothing to draw.
    pub fn new<'a>(
        outlines: impl Iterator<Item = &'a Outline>,
        corner: (f64, f64),
        (width, height): (f64, f64),
    ) -> Option<Self> {
        let (mut west, mut east) = (f64::INFINITY, f64::NEG_INFINITY);
        let (mut south, mut north) = (f64::INFINITY, f64::NEG_INFINITY);
        for [x, y] in outlines.flat_map(|outline| outline.0.iter().flatten()) {
            (west, east) = (west.min(*x), east.max(*x));
            (south, north) = (south.min(*y), north.max(*y));
        }
        if !(east > west && north > south) {
            return None;
        }
        let scale = (width / (east - west)).min(height / (north - south));
        let left = corner.0 + (width - (east - west) * scale) / 2.0;
        let top = corner.1 + (height - (north - south) * scale) / 2.0;
        Some(Self { west, north, scale, offset: (left, top) })
    }

    /// Pixels of one metre.
    pub fn pixels_per_metre(&self) -> f64 {
        self.scale
    }

    pub fn at(&self, [x, y]: [f64; 2]) -> (f64, f64) {
        (self.offset.0 + (x - self.west) * self.scale, self.offset.1 + (self.north - y) * self.scale)
    }

    /// Path data of an outline.
    pub fn path(&self, outline: &Outline) -> String {
        let mut data = String::new();
        for ring in &outline.0 {
            let mut last = None;
            for &point in ring {
                let (x, y) = self.at(point);
                let (x, y) = (n(x), n(y));
                // Neighbours that fall on the same tenth of a pixel add nothing.
                if last.as_ref() == Some(&(x.clone(), y.clone())) {
                    continue;
                }
                data.push(if last.is_none() { 'M' } else { 'L' });
                data.push_str(&format!("{x} {y}"));
                last = Some((x, y));
            }
            data.push('Z');
        }
        data
    }

    /// The centre of the largest ring, where a leader line may end.
    pub fn centre(&self, outline: &Outline) -> Option<(f64, f64)> {
        let (area, x, y) = outline.0.iter().map(centroid).max_by(|a, b| a.0.total_cmp(&b.0))?;
        (area > 0.0).then(|| self.at([x, y]))
    }
}

/// Unsigned area and centre of a ring.
fn centroid(ring: &Ring) -> (f64, f64, f64) {
    let Some(&[ox, oy]) = ring.first() else { return (0.0, 0.0, 0.0) };
    let (mut twice, mut cx, mut cy) = (0.0, 0.0, 0.0);
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        // Relative to the first corner: eastings of millions would eat the precision.
        let ([ax, ay], [bx, by]) = ([a[0] - ox, a[1] - oy], [b[0] - ox, b[1] - oy]);
        let cross = ax * by - bx * ay;
        twice += cross;
        cx += (ax + bx) * cross;
        cy += (ay + by) * cross;
    }
    if twice.abs() < f64::EPSILON {
        return (0.0, ox, oy);
    }
    (twice.abs() / 2.0, ox + cx / (3.0 * twice), oy + cy / (3.0 * twice))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square() -> Outline {
        Outline(vec![vec![[0.0, 0.0], [100.0, 0.0], [100.0, 50.0], [0.0, 50.0], [0.0, 0.0]]])
    }

    #[test]
    fn north_is_up_and_both_axes_share_a_scale() {
        let shape = square();
        let fit = Fit::new([&shape].into_iter(), (0.0, 0.0), (200.0, 200.0)).unwrap();
        assert_eq!(fit.path(&shape), "M0 150L200 150L200 50L0 50L0 150Z");
        assert_eq!(fit.centre(&shape), Some((100.0, 100.0)));
    }

    #[test]
    fn nothing_to_draw_is_said() {
        assert!(Fit::new([&Outline(vec![])].into_iter(), (0.0, 0.0), (10.0, 10.0)).is_none());
    }
}
