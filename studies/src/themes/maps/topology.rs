//! TopoJSON as the importer writes it: neighbours are drawn from the same arcs, so that no gap opens between them, and
//! what lies around several communes is found without any geometry.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Closed rings in whole metres, outer and inner ones alike, for the even-odd rule.
pub type Rings = Vec<Vec<[i64; 2]>>;

/// A map as compressed in the database is far below this.
const MOST: u64 = 64 << 20;
/// Metres of a degree of latitude, and of longitude at the equator.
const DEGREE: f64 = 111_195.0;

#[derive(Deserialize)]
struct Document {
    transform: Transform,
    objects: Objects,
    arcs: Vec<Vec<[i64; 2]>>,
}

#[derive(Deserialize)]
struct Transform {
    scale: [f64; 2],
    translate: [f64; 2],
}

#[derive(Deserialize)]
struct Objects {
    communes: Collection,
}

#[derive(Deserialize)]
struct Collection {
    geometries: Vec<Geometry>,
}

#[derive(Deserialize)]
struct Geometry {
    id: String,
    arcs: Vec<Vec<Vec<i64>>>,
}

/// The communes of a map and the arcs that they share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Topology {
    arcs: Vec<Vec<[i64; 2]>>,
    /// Rings of each commune, as references to arcs; `!i` is arc `i` walked backwards.
    communes: BTreeMap<String, Vec<Vec<i64>>>,
}

impl Topology {
    /// Reads a map as it is kept: TopoJSON under brotli.
    ///
    /// # Errors
    /// What is not such a document.
    pub fn unpack(packed: &[u8]) -> std::io::Result<Self> {
        let plain = std::io::Read::take(brotli::Decompressor::new(packed, 1 << 16), MOST);
        let document: Document = serde_json::from_reader(std::io::BufReader::new(plain))?;
        Ok(Self::of(document))
    }

    fn of(document: Document) -> Self {
        let Transform { scale, translate } = document.transform;
        let top = document.arcs.iter().map(|arc| absolute(arc)).flat_map(|arc| arc.into_iter().map(|at| at[1])).max();
        // Longitudes shrink as they do in the middle of the map: over a département the difference cannot be seen.
        let middle = translate[1] + scale[1] * real(top.unwrap_or_default()) / 2.0;
        let wide = DEGREE * middle.to_radians().cos();
        let place = |[x, y]: [i64; 2]| {
            [whole(wide * (translate[0] + scale[0] * real(x))), whole(DEGREE * (translate[1] + scale[1] * real(y)))]
        };
        let arcs = document.arcs.iter().map(|arc| absolute(arc).into_iter().map(place).collect()).collect();
        let rings = |geometry: Geometry| (geometry.id, geometry.arcs.into_iter().flatten().collect());
        Self { arcs, communes: document.objects.communes.geometries.into_iter().map(rings).collect() }
    }

    /// The rings of a commune; none when the map lacks it.
    #[must_use]
    pub fn rings(&self, code: &str) -> Rings {
        self.communes.get(code).into_iter().flatten().map(|ring| self.walk(ring)).collect()
    }

    /// What lies around the chosen communes together: the arcs that only one of them has.
    #[must_use]
    pub fn around(&self, chosen: impl Fn(&str) -> bool) -> Rings {
        let mut sides: BTreeMap<usize, usize> = BTreeMap::new();
        let rings = self.communes.iter().filter(|(code, _)| chosen(code)).flat_map(|(_, rings)| rings);
        for reference in rings.flatten() {
            *sides.entry(index(*reference)).or_default() += 1;
        }
        let border = sides.into_iter().filter(|(_, sides)| sides % 2 == 1);
        let mut left: Vec<&[[i64; 2]]> = border.filter_map(|(arc, _)| self.arcs.get(arc)).map(Vec::as_slice).collect();
        let mut closed = Rings::new();
        while let Some(first) = left.pop() {
            let mut ring = first.to_vec();
            while ring.first() != ring.last() {
                let end = ring.last().copied();
                let next = left.iter().position(|arc| arc.first().copied() == end || arc.last().copied() == end);
                let Some(arc) = next.map(|next| left.swap_remove(next)) else { break };
                ring.pop();
                if arc.first().copied() == end { ring.extend(arc) } else { ring.extend(arc.iter().rev()) }
            }
            closed.push(ring);
        }
        closed
    }

    fn walk(&self, references: &[i64]) -> Vec<[i64; 2]> {
        let mut ring: Vec<[i64; 2]> = Vec::new();
        for reference in references {
            // Where the arc before ends, this one begins.
            ring.pop();
            let arc = self.arcs.get(index(*reference)).map_or(&[][..], Vec::as_slice);
            if *reference < 0 { ring.extend(arc.iter().rev()) } else { ring.extend(arc) }
        }
        ring
    }
}

/// Points of an arc, of which the document writes the steps.
fn absolute(arc: &[[i64; 2]]) -> Vec<[i64; 2]> {
    let steps = arc.iter().scan([0, 0], |at, step| {
        *at = [at[0] + step[0], at[1] + step[1]];
        Some(*at)
    });
    steps.collect()
}

fn index(reference: i64) -> usize {
    usize::try_from(if reference < 0 { !reference } else { reference }).unwrap_or(usize::MAX)
}

#[expect(clippy::cast_precision_loss, reason = "steps of a grid of ten thousand")]
fn real(steps: i64) -> f64 {
    steps as f64
}

#[expect(clippy::cast_possible_truncation, reason = "metres on one planet")]
fn whole(metres: f64) -> i64 {
    metres.round() as i64
}

#[cfg(test)]
pub mod tests {
    use std::io::Write as _;

    use serde_json::json;

    use super::*;

    /// Three squares in a row, a tenth of a degree each, under the given codes.
    pub fn three_squares(codes: [&str; 3]) -> Vec<u8> {
        let geometry = |id: &str, arcs: serde_json::Value| json!({"type": "MultiPolygon", "id": id, "properties": {"nom": id}, "arcs": [[arcs]]});
        let document = json!({
            "type": "Topology",
            "transform": {"scale": [0.1, 0.1], "translate": [-1.5, 47.0]},
            "objects": {"communes": {"type": "GeometryCollection", "geometries": [
                geometry(codes[0], json!([0, 1])), geometry(codes[1], json!([!1, 2, 3, 4])), geometry(codes[2], json!([!3, 5])),
            ]}},
            "arcs": [[[1, 1], [-1, 0], [0, -1], [1, 0]], [[1, 0], [0, 1]], [[1, 0], [1, 0]], [[2, 0], [0, 1]], [[2, 1], [-1, 0]],
                     [[2, 0], [1, 0], [0, 1], [-1, 0]]],
        });
        let mut packed = Vec::new();
        let mut writer = brotli::CompressorWriter::new(&mut packed, 4_096, 5, 22);
        writer.write_all(document.to_string().as_bytes()).unwrap();
        drop(writer);
        packed
    }

    fn map() -> Topology {
        Topology::unpack(&three_squares(["a", "b", "c"])).unwrap()
    }

    /// Twice the area of closed rings.
    fn area(rings: &Rings) -> i64 {
        let twice =
            |ring: &Vec<[i64; 2]>| -> i64 { ring.windows(2).map(|p| p[0][0] * p[1][1] - p[1][0] * p[0][1]).sum() };
        rings.iter().map(|ring| twice(ring).abs()).sum()
    }

    #[test]
    fn rings_are_closed_and_neighbours_have_the_same_points_on_their_border() {
        let map = map();
        for code in ["a", "b", "c"] {
            let rings = map.rings(code);
            assert_eq!(rings.len(), 1);
            assert_eq!((rings[0].len(), rings[0].first()), (5, rings[0].last()), "{code}: {rings:?}");
        }
        let (a, b) = (&map.rings("a")[0], &map.rings("b")[0]);
        assert_eq!(a.iter().filter(|point| b.contains(point)).collect::<std::collections::BTreeSet<_>>().len(), 2);
        assert!(map.rings("z").is_empty());
    }

    #[test]
    fn a_tenth_of_a_degree_is_eleven_kilometres_north_and_seven_and_a_half_east() {
        let ring = &map().rings("a")[0];
        let extent = |axis: usize| {
            let values = || ring.iter().map(|point| point[axis]);
            values().max().unwrap() - values().min().unwrap()
        };
        assert!((7_500..7_700).contains(&extent(0)), "{}", extent(0));
        assert!((11_100..11_150).contains(&extent(1)), "{}", extent(1));
    }

    #[test]
    fn around_several_communes_no_border_between_them_is_left() {
        let map = map();
        let all = map.around(|_| true);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].first(), all[0].last());
        assert_eq!(area(&all), ["a", "b", "c"].map(|code| area(&map.rings(code))).iter().sum::<i64>());
        assert_eq!(area(&map.around(|code| code != "c")), area(&map.rings("a")) + area(&map.rings("b")));
        let apart = map.around(|code| code != "b");
        assert_eq!((apart.len(), area(&apart)), (2, area(&map.rings("a")) + area(&map.rings("c"))));
        assert!(map.around(|_| false).is_empty());
    }

    #[test]
    fn what_is_no_map_is_refused() {
        let whole = three_squares(["a", "b", "c"]);
        assert!(Topology::unpack(&whole[..whole.len() / 2]).is_err());
        assert!(Topology::unpack(b"").is_err());
    }
}
