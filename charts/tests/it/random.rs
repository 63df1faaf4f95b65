//! Whatever the figures and the names, no two texts touch and nothing leaves the frame.

use charts::{Datum, Frame, Outline, Svg};
use domain::fact::ScopeKind as S;
use proptest::prelude::*;

use crate::geometry;

mod plots;
mod rows;

const CASES: u32 = 150;

const SCOPES: [S; 6] = [S::Com, S::Epci, S::Dep, S::Reg, S::Fr, S::Sim];

/// Width and height of a finished drawing.
pub fn size(svg: &str) -> (f64, f64) {
    let side = |name: &str| {
        let (_, rest) = svg.split_once(&format!(" {name}=\"")).unwrap();
        rest.split_once('"').unwrap().0.parse::<f64>().unwrap()
    };
    (side("width"), side("height"))
}

fn check(svg: &Svg) -> Result<(), TestCaseError> {
    let svg = svg.to_string();
    let size = size(&svg);
    prop_assert!(!svg.contains("=\"NaN") && !svg.contains("=\"inf") && !svg.contains("=\"-inf"), "{}", svg);
    let texts = geometry::texts(&svg);
    for (i, text) in texts.iter().enumerate() {
        prop_assert!(text.is_within(size), "{:?} leaves {:?}", text, size);
        for other in &texts[..i] {
            prop_assert!(!text.touches(other), "{:?} touches {:?}", text, other);
        }
    }
    for shape in geometry::shapes(&svg) {
        prop_assert!(shape.is_within(size), "{:?} leaves {:?}", shape, size);
    }
    Ok(())
}

fn frame(width: f64, height: f64) -> Frame<'static> {
    Frame { key: "essai", title: "Titre", desc: "Description", width, height }
}

/// A figure, and how it is printed.
type Figure = (Option<f64>, String);

/// A figure and how it is printed; now and then withheld, nil, the same as others, negative or huge.
fn figure() -> impl Strategy<Value = Figure> {
    let value = prop_oneof![
        1 => Just(None),
        1 => Just(Some(0.0)),
        2 => Just(Some(12.5)),
        1 => Just(Some(1e9)),
        1 => (-1e4..0.0f64).prop_map(Some),
        5 => (0.0..100.0f64).prop_map(Some),
    ];
    value.prop_map(|value| (value, value.map_or("n.d.".to_owned(), |v| format!("{v:.1}\u{a0}%").replace('.', ","))))
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("Nantes".to_owned()),
        Just("L’Haÿ-les-Roses".to_owned()),
        Just("Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson".to_owned()),
        Just("Communauté d’agglomération Cœur d’Essonne et du Val d’Orge réunis".to_owned()),
        Just("<script>&'\"".to_owned()),
        "[A-Zéèa-z' -]{1,40}",
    ]
}

fn figures(count: impl Into<prop::collection::SizeRange>) -> impl Strategy<Value = Vec<Figure>> {
    prop::collection::vec(figure(), count)
}

/// Rows of a name and some figures.
fn rows(
    count: impl Into<prop::collection::SizeRange>,
    each: usize,
) -> impl Strategy<Value = Vec<(String, Vec<Figure>)>> {
    prop::collection::vec((name(), figures(each)), count)
}

fn datum((value, text): &Figure) -> Datum<'_> {
    Datum { value: *value, text }
}

fn data(figures: &[Figure]) -> Vec<Datum<'_>> {
    figures.iter().map(datum).collect()
}

fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap())
}

/// Years from 2010, with the values of some figures.
fn over_years(figures: &[Figure]) -> Vec<(i32, Option<f64>)> {
    (2010..).zip(figures).map(|(year, (value, _))| (year, *value)).collect()
}

fn cells(count: i32) -> Vec<Outline> {
    let cell = |x: f64, y: f64| Outline(vec![vec![[x, y], [x + 1e3, y], [x + 1e3, y + 1e3], [x, y + 1e3], [x, y]]]);
    (0..count).map(|i| cell(1e3 * f64::from(i % 5), 1e3 * f64::from(i / 5))).collect()
}
