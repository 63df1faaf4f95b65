//! Maps: neighbours draw the same arc, rounding and simplifying open no gap and lose no commune, and the files stay small.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _};

use datasets::maps::{self, Shape, Topology};
use serde_json::Value;

use crate::support::{count, text};

/// A square of one degree hundredth, its corner at that column and row.
fn square(code: &str, column: f64, row: f64) -> Shape {
    let at = |x: f64, y: f64| [(column + x) / 100.0, 47.0 + (row + y) / 100.0];
    let ring = vec![at(0.0, 0.0), at(1.0, 0.0), at(1.0, 1.0), at(0.0, 1.0), at(0.0, 0.0)];
    Shape { code: code.to_owned(), name: code.to_owned(), polygons: vec![vec![ring]] }
}

/// How often each arc is drawn, forwards and backwards.
fn uses(topology: &Topology) -> Vec<(u32, u32)> {
    let mut uses = vec![(0, 0); topology.arcs.len()];
    for reference in topology.outlines.iter().flat_map(|outline| outline.polygons.iter().flatten().flatten()) {
        let index = if *reference < 0 { !*reference } else { *reference };
        let of_arc = &mut uses[usize::try_from(index).unwrap()];
        if *reference < 0 { of_arc.1 += 1 } else { of_arc.0 += 1 }
    }
    uses
}

#[test]
fn neighbours_draw_their_border_once_each_in_its_direction() {
    let topology = Topology::of(&[square("a", 0.0, 0.0), square("b", 1.0, 0.0)]);
    assert_eq!(topology.arcs.len(), 3, "two outer borders and the common one");
    let mut uses = uses(&topology);
    uses.sort_unstable();
    assert_eq!(uses.iter().filter(|(forwards, backwards)| (*forwards, *backwards) == (1, 1)).count(), 1);
    assert!(uses.iter().all(|(forwards, backwards)| *forwards <= 1 && *backwards <= 1), "{uses:?}");
}

#[test]
fn a_commune_within_another_shares_its_whole_ring() {
    let mut around = square("around", 0.0, 0.0);
    let ring = |size: f64| {
        let corner = |x: f64, y: f64| [0.005 + x * size, 47.005 + y * size];
        vec![corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0), corner(-1.0, -1.0)]
    };
    // The hole begins elsewhere and turns the other way.
    let mut hole: Vec<[f64; 2]> = ring(0.002).into_iter().rev().skip(2).collect();
    hole.extend([ring(0.002)[3], hole[0]]);
    hole.dedup();
    around.polygons[0].push(hole);
    let within = Shape { code: "within".to_owned(), name: String::new(), polygons: vec![vec![ring(0.002)]] };
    let topology = Topology::of(&[around, within]);
    assert_eq!(topology.arcs.len(), 2);
    let inner = &topology.outlines[1].polygons[0][0];
    assert_eq!(topology.outlines[0].polygons[0][1], [!inner[0]]);
}

#[test]
fn paths_fill_the_box_and_keep_north_up() {
    let paths = Topology::of(&[square("south", 0.0, 0.0), square("north", 0.0, 1.0)]).paths(200.0, 100.0);
    let first = |path: &maps::Path| -> Vec<f64> {
        let points = path.data.trim_matches(['M', 'Z']).split(['L', ' ']);
        points.map(|number| number.parse().unwrap()).collect()
    };
    let (south, north) = (first(&paths[0]), first(&paths[1]));
    let rows = |points: &[f64]| {
        points.iter().skip(1).step_by(2).copied().fold((f64::MAX, f64::MIN), |(a, b), y| (a.min(y), b.max(y)))
    };
    assert_eq!((rows(&north), rows(&south)), ((0.0, 50.0), (50.0, 100.0)));
    let columns: Vec<f64> = south.iter().step_by(2).copied().collect();
    assert!(columns.iter().all(|x| (60.0..140.0).contains(x)), "centred, narrower than high at 47° north: {columns:?}");
}

fn polygons(geometry: &Value) -> Vec<Vec<Vec<[f64; 2]>>> {
    let coordinates = geometry["coordinates"].clone();
    match geometry["type"].as_str() {
        Some("Polygon") => vec![serde_json::from_value(coordinates).unwrap()],
        _ => serde_json::from_value(coordinates).unwrap(),
    }
}

/// Real outlines by département, or nothing when they are not on this machine.
fn real() -> Option<Vec<(String, Vec<Shape>)>> {
    let path = test_support::shared_data()?.join("cog/contours/communes_2018_simplifie.geojsonl.gz");
    let mut departements: HashMap<String, Vec<Shape>> = HashMap::new();
    let mut lines = BufReader::new(flate2::read::GzDecoder::new(std::fs::File::open(path).ok()?));
    let mut line = String::new();
    while lines.read_line(&mut line).unwrap() > 0 {
        let feature: Value = serde_json::from_str(line.trim_end().trim_end_matches(',')).unwrap();
        let code = feature["properties"]["code"].as_str().unwrap().to_owned();
        let departement = code[..if code.starts_with("97") { 3 } else { 2 }].to_owned();
        let shape = Shape { name: code.clone(), code, polygons: polygons(&feature["geometry"]) };
        departements.entry(departement).or_default().push(shape);
        line.clear();
    }
    let mut departements: Vec<_> = departements.into_iter().collect();
    departements.sort_by(|left, right| left.0.cmp(&right.0));
    Some(departements)
}

#[test]
fn real_departements_are_small_share_their_arcs_and_keep_their_areas() {
    let Some(departements) = real() else { return };
    let (mut sizes, mut shared, mut arcs) = (Vec::new(), 0, 0);
    // Every fifth: compressing all of them takes minutes in a build without optimisation (median 37.0 kB over all 101).
    for (code, shapes) in departements.iter().step_by(5) {
        let exact = Topology::of(shapes);
        let drawn = maps::draw(shapes);
        assert_eq!(drawn.outlines.len(), shapes.len(), "{code}");
        let (mut before, mut after) = (0.0, 0.0);
        for (outline, thinner) in exact.outlines.iter().zip(&drawn.outlines) {
            let (area, kept) = (exact.area(outline), drawn.area(thinner));
            assert!(kept > 0.0, "{} has vanished", outline.code);
            assert!((kept - area).abs() < 0.1 * area + 600.0, "{}: {area} became {kept}", outline.code);
            (before, after) = (before + area, after + kept);
        }
        assert!((after - before).abs() < 0.005 * before, "{code}: {before} became {after}");
        for (forwards, backwards) in uses(&drawn) {
            assert!(forwards + backwards <= 2, "{code}: an arc has two sides");
            shared += u32::from(forwards + backwards == 2);
            arcs += 1;
        }
        sizes.push(maps::pack(drawn.document().to_string().as_bytes()).unwrap().len());
    }
    sizes.sort_unstable();
    let (median, largest) = (sizes[sizes.len() / 2], sizes[sizes.len() - 1]);
    println!("{} départements, median {median} bytes, largest {largest}; {shared} of {arcs} arcs shared", sizes.len());
    assert!(median <= 40_000, "median {median} bytes");
    assert!(f64::from(shared) > 0.5 * f64::from(arcs), "{shared} of {arcs} arcs are shared");
}

#[tokio::test]
async fn maps_are_made_at_import_kept_by_content_and_served_compressed() {
    let Some(db) = crate::support::with_communes().await else { return };
    let folder = crate::support::scratch();
    let generated = datasets::synthesize(&datasets::Specimen {
        departement: Some("44"),
        reference: &crate::support::reference().unwrap(),
        out: &folder,
        only: &["contours"],
        turnover: 0.0,
        gzip: false,
    });
    let file = generated.unwrap().remove(0).files.remove(0);
    crate::support::imported(&db.pool, "contours", file, &datasets::Options::default()).await;
    let mut connection = db.pool.acquire().await.unwrap();
    let built = maps::build(&mut connection).await.unwrap();
    assert!(built.made > 10 && built.unchanged == 0, "{built:?}");
    assert_eq!(
        maps::build(&mut connection).await.unwrap(),
        maps::Built { made: 0, unchanged: built.made + built.unchanged }
    );
    let kept = "SELECT count(*) FROM data.cartes WHERE courante AND nature = 'schematique'";
    assert_eq!(count(&db.pool, kept).await, i64::try_from(built.made + built.unchanged).unwrap());
    let packed: Vec<u8> =
        sqlx::query_scalar("SELECT contenu FROM data.cartes WHERE niveau = 'departements' AND code = '44'")
            .fetch_one(&db.pool)
            .await
            .unwrap();
    let mut document = String::new();
    brotli::Decompressor::new(packed.as_slice(), 4096).read_to_string(&mut document).unwrap();
    let document: Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["type"], "Topology");
    let drawn = document["objects"]["communes"]["geometries"].as_array().unwrap().len();
    assert_eq!(
        i64::try_from(drawn).unwrap(),
        count(&db.pool, "SELECT count(*) FROM data.communes WHERE departement = '44'").await
    );
    assert_eq!(text(&db.pool, "SELECT source FROM data.cartes LIMIT 1").await, "une cellule par commune, sans échelle");
}
