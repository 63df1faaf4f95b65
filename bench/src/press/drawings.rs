//! Ten charts and two maps of the reference document: every kind once, from numbers that look drawn and never change.

use charts::{
    Datum, Frame, Outline, Svg, boxes, choropleth, columns, dots, fan, hbar, histogram, line, pyramid, shares, stacked,
};
use domain::fact::ScopeKind as S;

/// Numbers that look drawn, the same each time.
pub struct Numbers(u64);

impl Numbers {
    pub fn from(seed: u64) -> Self {
        Self(seed)
    }

    /// Between `low` and `high`, one decimal.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let share = f64::from(u32::try_from(self.0 >> 33).unwrap_or(u32::MAX)) / f64::from(1_u32 << 31);
        ((low + (high - low) * share) * 10.0).round() / 10.0
    }
}

/// « 12,3 »
pub fn french(value: f64) -> String {
    format!("{value:.1}").replace('.', ",")
}

fn frame<'a>(key: &'a str, title: &'a str, width: f64, height: f64) -> Frame<'a> {
    Frame { key, title, desc: "Chiffres tirés au sort pour mesurer l’imprimerie.", width, height }
}

const PLACES: [(S, &str); 5] = [
    (S::Com, "Commune"),
    (S::Epci, "Intercommunalité"),
    (S::Dep, "Département"),
    (S::Reg, "Région"),
    (S::Fr, "France"),
];

/// The ten charts, in the order of the pages.
pub fn charts() -> Vec<Svg> {
    let mut n = Numbers::from(12);
    let n = &mut n;
    vec![lines(n), years(n), bars(n), scopes(n), stacks(n), ages(n), bins(n), quartiles(n), parts(n), scenarios(n)]
}

fn lines(n: &mut Numbers) -> Svg {
    let points: Vec<Vec<(i32, Option<f64>)>> =
        PLACES.iter().map(|_| (2012..=2024).map(|year| (year, Some(n.between(4.0, 12.0)))).collect()).collect();
    let ends: Vec<String> = points.iter().map(|points| french(points[12].1.unwrap_or_default())).collect();
    let series: Vec<line::Series<'_>> = PLACES
        .iter()
        .zip(&points)
        .zip(&ends)
        .map(|(((scope, name), points), end)| line::Series { scope: *scope, name, end, points })
        .collect();
    line::draw(&frame("lignes", "Cinq territoires depuis 2012", 900.0, 330.0), &series, "%", true)
}

fn years(n: &mut Numbers) -> Svg {
    let values: Vec<(String, f64, String)> = (2010..=2024)
        .map(|year| {
            let value = n.between(60.0, 140.0);
            (year.to_string(), value, french(value))
        })
        .collect();
    let columns: Vec<columns::Column<'_>> = values
        .iter()
        .map(|(label, value, text)| columns::Column {
            label,
            datum: Datum { value: Some(*value), text },
            provisional: label == "2024",
        })
        .collect();
    let mean = columns::Mean { value: 98.4, text: "moyenne 98,4" };
    columns::draw(&frame("colonnes", "Quinze années", 900.0, 250.0), &columns, Some(&mean), "logements")
}

fn bars(n: &mut Numbers) -> Svg {
    let values: Vec<(f64, String)> = PLACES.iter().map(|_| n.between(3.0, 40.0)).map(|v| (v, french(v))).collect();
    let bars: Vec<hbar::Bar<'_>> = PLACES
        .iter()
        .zip(&values)
        .map(|((scope, label), (value, text))| hbar::Bar { scope: *scope, label, value: Some(*value), text })
        .collect();
    hbar::draw(&frame("barres", "Cinq niveaux", 440.0, 300.0), &bars)
}

fn scopes(n: &mut Numbers) -> Svg {
    let rows: Vec<(String, Vec<(S, f64)>)> = (1..=8)
        .map(|row| {
            (format!("Indicateur {row}"), PLACES.iter().map(|(scope, _)| (*scope, n.between(10.0, 90.0))).collect())
        })
        .collect();
    let texts: Vec<String> = rows.iter().map(|(_, values)| french(values[0].1)).collect();
    let rows: Vec<dots::Row<'_>> = rows
        .iter()
        .zip(&texts)
        .map(|((label, values), text)| dots::Row {
            label,
            text,
            values: values.clone(),
            band: Some(dots::Band { low: 30.0, middle: 50.0, high: 65.0 }),
        })
        .collect();
    dots::draw(&frame("points", "Huit indicateurs", 440.0, 300.0), &rows, &PLACES)
}

/// Figures with their printed form.
fn texts(n: &mut Numbers, count: usize, low: f64, high: f64) -> Vec<(f64, String)> {
    (0..count).map(|_| n.between(low, high)).map(|value| (value, french(value))).collect()
}

fn data(values: &[(f64, String)]) -> Vec<Datum<'_>> {
    values.iter().map(|(value, text)| Datum { value: Some(*value), text }).collect()
}

fn stacks(n: &mut Numbers) -> Svg {
    let values: Vec<(String, Vec<(f64, String)>)> =
        (2015..=2024).map(|year| (year.to_string(), texts(n, 4, 8.0, 40.0))).collect();
    let stacks: Vec<stacked::Stack<'_>> =
        values.iter().map(|(label, parts)| stacked::Stack { label, parts: data(parts), total: "" }).collect();
    let names = ["individuels purs", "individuels groupés", "collectifs", "en résidence"];
    stacked::draw(&frame("piles", "Dix années", 560.0, 300.0), &names, &stacks, stacked::Mode::Stacked, "logements")
}

fn ages(n: &mut Numbers) -> Svg {
    let labels: Vec<String> = (0..18).map(|band| format!("{}–{}", band * 5, band * 5 + 4)).collect();
    let values: Vec<[(f64, String); 2]> =
        labels.iter().map(|_| [n.between(1.5, 5.0), n.between(1.5, 5.0)].map(|value| (value, french(value)))).collect();
    let bands: Vec<pyramid::Band<'_>> = labels
        .iter()
        .zip(&values)
        .map(|(label, [men, women])| pyramid::Band { label, men: side(men), women: side(women) })
        .collect();
    pyramid::draw(&frame("ages", "Dix-huit classes d’âges", 560.0, 420.0), &bands, "Intercommunalité")
}

fn side((value, text): &(f64, String)) -> pyramid::Side<'_> {
    pyramid::Side { datum: Datum { value: Some(*value), text }, reference: Some(value * 0.9 + 0.3) }
}

fn bins(n: &mut Numbers) -> Svg {
    let bins: Vec<histogram::Bin> = (0..16)
        .map(|rank| {
            let low = f64::from(rank) * 250.0 + 500.0;
            histogram::Bin { low, high: low + 250.0, value: Some(n.between(2.0, 80.0)) }
        })
        .collect();
    let units = histogram::Units { counted: "ventes", values: "€ par m²" };
    let own = Datum { value: Some(2_430.0), text: "2\u{202f}430" };
    histogram::draw(&frame("classes", "Seize classes de prix", 440.0, 300.0), &bins, Some(own), units)
}

fn quartiles(n: &mut Numbers) -> Svg {
    let values: Vec<(String, f64, String)> = (2016..=2024)
        .map(|year| {
            let value = n.between(1_800.0, 2_600.0);
            (year.to_string(), value, format!("{value:.0}"))
        })
        .collect();
    let bins: Vec<boxes::Bin<'_>> = values
        .iter()
        .map(|(year, median, text)| boxes::Bin {
            year,
            quartiles: Some((median - 420.0, *median, median + 510.0)),
            text,
            n: "n 212",
            sure: true,
        })
        .collect();
    boxes::draw(&frame("boites", "Neuf années de prix", 440.0, 300.0), &bins, "€ par m²")
}

fn parts(n: &mut Numbers) -> Svg {
    let values: Vec<Vec<(f64, String)>> = PLACES.iter().map(|_| texts(n, 5, 5.0, 30.0)).collect();
    let rows: Vec<shares::Row<'_>> = PLACES
        .iter()
        .zip(&values)
        .map(|((scope, label), parts)| shares::Row { scope: *scope, label, parts: data(parts) })
        .collect();
    let names = ["1 pièce", "2 pièces", "3 pièces", "4 pièces", "5 pièces et plus"];
    shares::draw(&frame("parts", "Taille des logements", 440.0, 300.0), &names, &rows)
}

fn scenarios(n: &mut Numbers) -> Svg {
    let observed: Vec<(i32, Option<f64>)> = (2013..=2023).map(|year| (year, Some(n.between(98.0, 102.0)))).collect();
    let projected: Vec<fan::Point> = (0..=8)
        .map(|step| {
            let central = 100.0 + f64::from(step) * 0.9;
            let wide = f64::from(step) * 0.8;
            fan::Point { year: 2023 + step * 5, central: Some(central), band: Some((central - wide, central + wide)) }
        })
        .collect();
    let ends = [("haut", "113,6"), ("central", "107,2"), ("bas", "100,8")];
    let fan = fan::Fan { scope: S::Dep, observed: &observed, projected: &projected, base: 2023, ends };
    fan::draw(&frame("avenir", "Trois scénarios", 440.0, 300.0), &fan, "base 100 en 2023")
}

const ACROSS: u32 = 8;
const DOWN: u32 = 5;

/// Forty communes with ragged borders that fit each other.
fn land() -> Vec<Outline> {
    // A border is the same seen from both sides: its points hang on their place alone.
    let bent = |x: f64, y: f64| {
        let ripple = |a: f64, b: f64| ((a * 12.9 + b * 78.2).sin() * 0.11, (a * 39.3 + b * 11.1).cos() * 0.11);
        let (dx, dy) = ripple((x * 10.0).round(), (y * 10.0).round());
        [(x + dx) * 4_000.0, (y + dy) * 4_000.0]
    };
    let side = |from: (f64, f64), to: (f64, f64)| {
        (0..10)
            .map(move |step| f64::from(step) / 10.0)
            .map(move |t| bent(from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t))
    };
    (0..ACROSS * DOWN)
        .map(|rank| {
            let (x, y) = (f64::from(rank % ACROSS), f64::from(rank / ACROSS));
            let corners = [(x, y), (x + 1.0, y), (x + 1.0, y + 1.0), (x, y + 1.0)];
            let mut ring: Vec<[f64; 2]> = (0..4).flat_map(|at| side(corners[at], corners[(at + 1) % 4])).collect();
            ring.push(ring[0]);
            Outline(vec![ring])
        })
        .collect()
}

/// The two maps; one has territories without a figure.
pub fn maps() -> Vec<Svg> {
    let (mut n, land) = (Numbers::from(40), land());
    let mut map = |key: &str, hidden: usize| {
        let values: Vec<(String, f64, String)> = (1..=land.len())
            .map(|rank| {
                let value = n.between(2.0, 14.0);
                (format!("Commune {rank}"), value, french(value))
            })
            .collect();
        let areas: Vec<choropleth::Area<'_>> = values
            .iter()
            .zip(&land)
            .enumerate()
            .map(|(rank, ((name, value, text), outline))| choropleth::Area {
                name,
                value: (rank >= hidden).then_some(*value),
                text: if rank >= hidden { text } else { "n.d." },
                highlight: rank == 19,
                outline,
            })
            .collect();
        let map = choropleth::Map { areas: &areas, legend: "Part, 2024", unit: "%", schematic: false };
        choropleth::draw(&frame(key, "Quarante communes", 900.0, 400.0), &map)
    };
    vec![map("carte-a", 0), map("carte-b", 5)]
}
