//! Shapes that share their borders. Each stretch of border between two communes is one arc, written once and drawn by
//! both: simplified or rounded, it cannot open a gap. Coordinates lie on a grid of 10,000 steps a side (TopoJSON).

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

/// Steps of the grid on each axis.
const STEPS: f64 = 9_999.0;

/// A place on the grid.
pub type Point = (i32, i32);

/// What is drawn: a commune with its polygons, each an outer ring and its holes, in degrees.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// INSEE code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Rings of longitude and latitude; the last point repeats the first.
    pub polygons: Vec<Vec<Vec<[f64; 2]>>>,
}

/// A shape made of arcs: `i` is arc `i`, `!i` the same arc walked backwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// INSEE code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Polygons, rings, arcs.
    pub polygons: Vec<Vec<Vec<i32>>>,
}

/// Shapes and the arcs that they share.
#[derive(Debug, Clone, PartialEq)]
pub struct Topology {
    /// Degrees of one step, longitude then latitude.
    pub scale: [f64; 2],
    /// Degrees of the grid's origin.
    pub translate: [f64; 2],
    /// Stretches of border, on the grid.
    pub arcs: Vec<Vec<Point>>,
    /// In the order given.
    pub outlines: Vec<Outline>,
}

impl Topology {
    /// Finds the arcs of these shapes.
    #[must_use]
    pub fn of(shapes: &[Shape]) -> Self {
        let (scale, translate) = grid(shapes);
        #[expect(clippy::cast_possible_truncation, reason = "0 to 9999 by construction of the grid")]
        let place = |point: &[f64; 2]| {
            let step = |axis: usize| ((point[axis] - translate[axis]) / scale[axis]).round() as i32;
            (step(0), step(1))
        };
        let rings = |shape: &Shape| -> Vec<Vec<Vec<Point>>> {
            let ring = |ring: &Vec<[f64; 2]>| tidy(ring.iter().map(place).collect());
            // A polygon whose outer ring fits in one step is no longer there, nor are its holes.
            let kept = |polygon: &Vec<Vec<[f64; 2]>>| {
                let outer = polygon.first().and_then(ring)?;
                Some(std::iter::once(outer).chain(polygon.iter().skip(1).filter_map(ring)).collect())
            };
            shape.polygons.iter().filter_map(kept).collect()
        };
        let placed: Vec<_> = shapes.iter().map(rings).collect();
        let mut cutter = Cutter::new(placed.iter().flatten().flatten());
        let outlines = shapes
            .iter()
            .zip(&placed)
            .map(|(shape, polygons)| Outline {
                code: shape.code.clone(),
                name: shape.name.clone(),
                polygons: polygons.iter().map(|rings| rings.iter().map(|ring| cutter.cut(ring)).collect()).collect(),
            })
            .collect();
        Self { scale, translate, arcs: cutter.arcs, outlines }
    }

    /// The points of a ring, the last one being the first again.
    #[must_use]
    pub fn ring(&self, arcs: &[i32]) -> Vec<Point> {
        let mut points: Vec<Point> = Vec::new();
        for &reference in arcs {
            points.pop(); // where the arc before ends, this one begins
            let index = usize::try_from(if reference < 0 { !reference } else { reference }).unwrap_or_default();
            let arc = self.arcs.get(index).map_or(&[][..], Vec::as_slice);
            if reference < 0 { points.extend(arc.iter().rev()) } else { points.extend(arc) }
        }
        points
    }

    /// Area of an outline, in steps of the grid squared; holes count less.
    #[must_use]
    pub fn area(&self, outline: &Outline) -> f64 {
        let rings = |polygon: &Vec<Vec<i32>>| -> f64 {
            let areas = polygon.iter().map(|ring| doubled_area(&self.ring(ring)).abs() / 2.0);
            areas.enumerate().map(|(rank, area)| if rank == 0 { area } else { -area }).sum()
        };
        outline.polygons.iter().map(rings).sum()
    }

    /// The TopoJSON document: one object `communes`, ids are INSEE codes.
    #[must_use]
    pub fn document(&self) -> Value {
        let deltas = |arc: &Vec<Point>| -> Value {
            let mut last = (0, 0);
            arc.iter()
                .map(|&(x, y)| {
                    let step = json!([x - last.0, y - last.1]);
                    last = (x, y);
                    step
                })
                .collect()
        };
        let geometry = |outline: &Outline| {
            json!({ "type": "MultiPolygon", "id": outline.code, "properties": { "nom": outline.name },
                    "arcs": outline.polygons })
        };
        json!({
            "type": "Topology",
            "transform": { "scale": self.scale, "translate": self.translate },
            "objects": { "communes": { "type": "GeometryCollection",
                         "geometries": self.outlines.iter().map(geometry).collect::<Vec<_>>() } },
            "arcs": self.arcs.iter().map(deltas).collect::<Vec<_>>(),
        })
    }
}

/// Twice the signed area of a closed ring.
fn doubled_area(ring: &[Point]) -> f64 {
    ring.windows(2)
        .map(|pair| f64::from(pair[0].0) * f64::from(pair[1].1) - f64::from(pair[1].0) * f64::from(pair[0].1))
        .sum()
}

/// Step and origin of the grid that just holds the shapes.
fn grid(shapes: &[Shape]) -> ([f64; 2], [f64; 2]) {
    let (mut least, mut most) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for point in shapes.iter().flat_map(|shape| &shape.polygons).flatten().flatten() {
        for axis in 0..2 {
            least[axis] = least[axis].min(point[axis]);
            most[axis] = most[axis].max(point[axis]);
        }
    }
    let step = |axis: usize| {
        let extent = most[axis] - least[axis];
        // Written and read back in decimal: what a reader multiplies by is what the grid was made with.
        if extent > 0.0 { extent / STEPS } else { 1.0 }
    };
    if least[0].is_finite() { ([step(0), step(1)], least) } else { ([1.0; 2], [0.0; 2]) }
}

/// Without repeated points and without the closing one; `None` when less than a triangle is left.
fn tidy(mut ring: Vec<Point>) -> Option<Vec<Point>> {
    ring.dedup();
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    let distinct: HashSet<_> = ring.iter().collect();
    (distinct.len() >= 3).then_some(ring)
}

/// Cuts rings where borders meet or part, and knows again an arc that another ring has already drawn.
struct Cutter {
    junctions: HashSet<Point>,
    known: HashMap<Vec<Point>, i32>,
    arcs: Vec<Vec<Point>>,
}

impl Cutter {
    /// A point is a junction when not every visit comes from and goes to the same two neighbours.
    fn new<'a>(rings: impl Iterator<Item = &'a Vec<Point>>) -> Self {
        let mut neighbours: HashMap<Point, (Point, Point)> = HashMap::new();
        let mut junctions = HashSet::new();
        for ring in rings {
            for (at, &point) in ring.iter().enumerate() {
                let before = ring[(at + ring.len() - 1) % ring.len()];
                let after = ring[(at + 1) % ring.len()];
                let pair = (before.min(after), before.max(after));
                if *neighbours.entry(point).or_insert(pair) != pair {
                    junctions.insert(point);
                }
            }
        }
        Self { junctions, known: HashMap::new(), arcs: Vec::new() }
    }

    /// The arcs of a ring, in order.
    fn cut(&mut self, ring: &[Point]) -> Vec<i32> {
        let cuts: Vec<usize> = (0..ring.len()).filter(|&at| self.junctions.contains(&ring[at])).collect();
        let Some(&first) = cuts.first() else {
            // Nothing to begin at: the same ring must begin at the same point wherever it is drawn.
            let start = (0..ring.len()).min_by_key(|&at| ring[at]).unwrap_or_default();
            return vec![self.arc(walk(ring, start, ring.len()))];
        };
        let ends = cuts.iter().skip(1).copied().chain([first + ring.len()]);
        cuts.iter().zip(ends).map(|(&start, end)| self.arc(walk(ring, start, end - start))).collect()
    }

    fn arc(&mut self, points: Vec<Point>) -> i32 {
        let backwards: Vec<Point> = points.iter().rev().copied().collect();
        let reversed = backwards < points;
        let canonical = if reversed { backwards } else { points };
        let index = match self.known.get(&canonical) {
            Some(index) => *index,
            None => {
                let index = i32::try_from(self.arcs.len()).unwrap_or(i32::MAX);
                self.arcs.push(canonical.clone());
                self.known.insert(canonical, index);
                index
            }
        };
        if reversed { !index } else { index }
    }
}

/// `count` steps along a ring from `start`, both ends included.
fn walk(ring: &[Point], start: usize, count: usize) -> Vec<Point> {
    (start..=start + count).map(|at| ring[at % ring.len()]).collect()
}
