//! Golden drawings, one per kind, and what holds for all of them. `INSTA_UPDATE=always` rewrites the goldens.

use domain::fact::ScopeKind as S;
use insta::assert_snapshot;
use pretty_assertions::assert_eq;

use super::*;

fn frame<'a>(key: &'a str, width: f64, height: f64) -> Frame<'a> {
    Frame { key, title: "Titre d’essai", desc: "Description d’essai", width, height }
}

/// One element a line, so that a golden is readable and its difference too.
fn lines(svg: &Svg) -> String {
    svg.to_string().replace("><", ">\n<")
}

fn square(x: f64, y: f64) -> Outline {
    Outline(vec![vec![[x, y], [x + 1000.0, y], [x + 1000.0, y + 1000.0], [x, y + 1000.0], [x, y]]])
}

fn bars() -> Svg {
    let bar = |scope, label, value, text| hbar::Bar { scope, label, value, text };
    let bars = [bar(S::Com, "Commune", Some(8.4), "8,4\u{a0}%"), bar(S::Epci, "EPCI", Some(0.0), "0,0\u{a0}%")];
    let withheld = bar(S::Fr, "France", None, "n.d.");
    hbar::draw(&frame("barres", 300.0, 90.0), &[bars[0].clone(), bars[1].clone(), withheld])
}

fn lines_over_years() -> Svg {
    let com = [(2020, Some(2.0)), (2021, Some(2.4)), (2022, None), (2023, Some(3.1))];
    let dep = [(2020, Some(3.0)), (2021, Some(3.0)), (2022, Some(3.1)), (2023, Some(3.2))];
    let series = [
        line::Series { scope: S::Com, name: "Commune", end: "3,1\u{a0}%", points: &com },
        line::Series { scope: S::Dep, name: "Département", end: "3,2\u{a0}%", points: &dep },
    ];
    line::draw(&frame("lignes", 400.0, 120.0), &series, "%", true)
}

fn scopes() -> Svg {
    let row = dots::Row {
        label: "Taux de vacance",
        text: "5,9\u{a0}%",
        values: vec![(S::Com, 5.9), (S::Epci, 3.6), (S::Dep, 3.9), (S::Reg, 4.4), (S::Fr, 4.0), (S::Sim, 4.1)],
        band: Some(dots::Band { low: 3.0, middle: 4.1, high: 5.0 }),
    };
    let withheld = dots::Row { label: "Logements sociaux", text: "n.d.", values: vec![(S::Fr, 17.0)], band: None };
    dots::draw(&frame("points", 420.0, 120.0), &[row, withheld], &[(S::Com, "Commune"), (S::Sim, "Comparables")])
}

fn intervals() -> Svg {
    let sure = interval::Row {
        label: "Appartements",
        note: "fiable",
        value: Some(10.4),
        range: Some((9.0, 12.0)),
        text: "10,4",
        reliable: true,
    };
    let unsure = interval::Row { label: "Maisons", note: "estimé", reliable: false, ..sure.clone() };
    let bare = interval::Row { label: "Villas", range: None, ..sure.clone() };
    let withheld = interval::Row { label: "Studios", note: "non publié", value: None, text: "n.d.", ..bare.clone() };
    interval::draw(&frame("intervalles", 320.0, 140.0), &[sure, unsure, bare, withheld], "€/m²/mois")
}

fn quartiles() -> Svg {
    let sure = boxes::Bin {
        year: "2023",
        quartiles: Some((1800.0, 2100.0, 2600.0)),
        text: "2\u{202f}100",
        n: "84",
        sure: true,
    };
    let unsure = boxes::Bin { year: "2024", sure: false, ..sure.clone() };
    let withheld = boxes::Bin { year: "2022", quartiles: None, text: "n.d.", n: "7", sure: false };
    boxes::draw(&frame("boites", 300.0, 160.0), &[withheld, sure, unsure], "€/m²")
}

fn map(schematic: bool) -> Svg {
    let outlines: Vec<Outline> = (0..6).map(|i| square(1000.0 * f64::from(i % 3), 1000.0 * f64::from(i / 3))).collect();
    let values = [Some(1.0), Some(2.0), Some(3.0), Some(4.0), Some(12.0), None];
    let areas: Vec<_> = outlines
        .iter()
        .zip(values)
        .map(|(outline, value)| choropleth::Area {
            name: "Ville-Exemple",
            value,
            text: "3,0\u{a0}%",
            highlight: value == Some(3.0),
            outline,
        })
        .collect();
    let map = choropleth::Map { areas: &areas, legend: "Vacance, 2024", unit: "%", schematic };
    choropleth::draw(&frame("carte", 420.0, 260.0), &map)
}

fn situation() -> Svg {
    let (own, other) = (square(0.0, 0.0), square(1000.0, 0.0));
    locator::draw(&frame("situation", 120.0, 120.0), &[(&own, true), (&other, false)]).unwrap()
}

#[test]
fn drawings_do_not_change_by_accident() {
    assert_snapshot!("hbar", lines(&bars()));
    assert_snapshot!("line", lines(&lines_over_years()));
    assert_snapshot!("dots", lines(&scopes()));
    assert_snapshot!("interval", lines(&intervals()));
    assert_snapshot!("boxes", lines(&quartiles()));
    assert_snapshot!("choropleth", lines(&map(false)));
    assert_snapshot!("locator", lines(&situation()));
}

#[test]
fn each_drawing_has_a_role_a_name_and_a_description() {
    let drawings = [bars(), lines_over_years(), scopes(), intervals(), quartiles(), map(true), situation()];
    for svg in drawings.map(|svg| svg.to_string()) {
        assert!(svg.contains("role=\"img\"") && svg.contains("<title>Titre d’essai</title>"), "{svg}");
        assert!(svg.contains("<desc>Description d’essai</desc>"), "{svg}");
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}

#[test]
fn a_withheld_commune_is_hatched_and_counted() {
    let svg = map(false).to_string();
    assert_eq!(svg.matches("fill=\"url(#carte-hachures)\"").count(), 2, "one commune, one legend entry");
    assert!(svg.contains("n.d. ou secret") && svg.contains("1\u{a0}com."));
}

#[test]
fn a_schematic_map_says_so_and_has_no_scale() {
    assert!(map(true).to_string().contains("carte schématique") && !map(true).to_string().contains("\u{a0}m<"));
    assert!(map(false).to_string().contains("500\u{a0}m<") && !map(false).to_string().contains("schématique"));
}

#[test]
fn nil_is_a_bar_and_withheld_is_none() {
    let svg = bars().to_string();
    assert_eq!(svg.matches("<rect").count(), 2, "{svg}");
    assert!(svg.contains("0,0\u{a0}%") && svg.contains(">n.d.<"));
}

/// What is known of a whole with one part withheld would give that part away.
#[test]
fn with_one_part_withheld_the_others_are_not_told() {
    let known = Datum { value: Some(40.0), text: "40,0\u{a0}%" };
    let parts = vec![known, Datum { value: None, text: "n.d." }];
    let told = vec![known, Datum { value: Some(60.0), text: "60,0\u{a0}%" }];
    let row = |parts: &[Datum<'static>]| shares::Row { scope: S::Com, label: "Commune", parts: parts.to_vec() };
    let stack = |parts: &[Datum<'static>]| stacked::Stack { label: "2024", parts: parts.to_vec(), total: "100" };
    let column = |cells: &[Datum<'static>]| mosaic::Column { label: "Type", part: known, cells: cells.to_vec() };
    let (size, names) = (frame("parts", 400.0, 200.0), ["Une", "Deux"]);
    let drawings = [
        shares::draw(&size, &names, &[row(&parts), row(&told)]),
        stacked::draw(&size, &names, &[stack(&parts), stack(&told)], stacked::Mode::Stacked, "%"),
        mosaic::draw(&size, &names, &[column(&parts), column(&told)]),
    ];
    for (svg, expected) in drawings.iter().zip([1, 1, 3]) {
        let svg = svg.to_string();
        assert!(svg.contains(">n.d.<") && svg.contains("fill=\"url(#parts-hachures)\""), "{svg}");
        assert_eq!(svg.matches("40,0\u{a0}%").count(), expected, "{svg}");
    }
}

#[test]
fn a_hostile_name_stays_text() {
    let outline = square(0.0, 0.0);
    let name = "</text><script>alert(1)</script>";
    let area = choropleth::Area { name, value: Some(1.0), text: name, highlight: true, outline: &outline };
    let map = choropleth::Map { areas: &[area], legend: name, unit: "%", schematic: true };
    assert!(!choropleth::draw(&frame("carte", 400.0, 260.0), &map).to_string().contains("<script"));
}

fn grey(colour: &str) -> f64 {
    let part = |at: usize| f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap());
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

#[test]
fn classes_and_parts_keep_their_order_in_greyscale() {
    for pair in palette::RAMP.windows(2) {
        assert!(grey(pair[0]) - grey(pair[1]) > 20.0, "{pair:?}");
    }
    for count in 2..=7 {
        let parts = palette::parts(count);
        assert_eq!(parts.len(), count);
        for pair in parts.windows(2) {
            assert!(grey(pair[1]) - grey(pair[0]) > 20.0, "{pair:?}");
        }
        // Repeated, the last part lies beside the first.
        assert!(grey(parts[count - 1]) - grey(parts[0]) > 40.0);
    }
}

#[test]
fn small_type_upon_a_part_has_contrast() {
    let light = |colour: &str| {
        let linear = |at: usize| {
            let part = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5) + 0.05
    };
    for part in palette::parts(7) {
        let (fill, ink) = (light(part), light(palette::upon(part)));
        assert!(fill.max(ink) / fill.min(ink) >= 4.5, "{part}");
    }
}
