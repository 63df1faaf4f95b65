//! Charts with a vertical axis of values.

use charts::{columns, histogram, pyramid, stacked, waterfall};

use super::{Drawn, LONG, ND, d, frame};

pub fn drawn() -> Vec<Drawn> {
    let mut drawn = vec![];
    let mut add = |kind, state, svg| drawn.push(Drawn { kind, state, svg });
    let bands = ages();
    add("pyramid", "complète", pyramid::draw(&frame("pyramide", 492.0, 260.0), &bands, "contour\u{a0}: département"));
    let mut sparse = bands.clone();
    (sparse[6].men.datum, sparse[6].women.datum, sparse[5].men.reference) = (ND, ND, None);
    add("pyramid", "secret aux grands âges", pyramid::draw(&frame("pyramide-2", 492.0, 180.0), &sparse, LONG));
    let mean = columns::Mean { value: 412.0, text: "412 par an en moyenne" };
    add(
        "columns",
        "dix ans",
        columns::draw(&frame("colonnes", 492.0, 200.0), &years(), Some(&mean), "logements commencés"),
    );
    let column = |label, datum| columns::Column { label, datum, provisional: false };
    let signed = [column("2011-2016", d(1.2, "+1,2")), column("2016-2022", d(-0.8, "−0,8")), column("2022", ND)];
    add("columns", "négatif et secret", columns::draw(&frame("colonnes-2", 300.0, 130.0), &signed, None, "% par an"));
    let huge = [column("2020", d(1e9, "1\u{202f}000\u{202f}000\u{202f}000")), column(LONG, d(0.0, "0"))];
    add("columns", "extrême", columns::draw(&frame("colonnes-3", 300.0, 130.0), &huge, None, "€"));
    let names = ["Solde naturel", "Solde migratoire apparent"];
    let balances = [
        stacked::Stack { label: "2006-2011", parts: vec![d(0.4, "+0,4"), d(0.3, "+0,3")], total: "+0,7\u{a0}%" },
        stacked::Stack { label: "2011-2016", parts: vec![d(0.5, "+0,5"), d(-0.2, "−0,2")], total: "+0,3\u{a0}%" },
        stacked::Stack {
            label: "2016-2022", parts: vec![d(-0.1, "−0,1"), d(-0.3, "−0,3")], total: "−0,4\u{a0}%"
        },
        stacked::Stack { label: "avant", parts: vec![ND, d(0.2, "+0,2")], total: "" },
    ];
    let (flat, beside) = (stacked::Mode::Stacked, stacked::Mode::Grouped);
    let size = frame("empile", 492.0, 200.0);
    add("stacked", "soldes", stacked::draw(&size, &names, &balances, flat, "% par an"));
    let size = frame("groupe", 492.0, 180.0);
    add("stacked", "côte à côte", stacked::draw(&size, &names, &balances, beside, "% par an"));
    let names = ["Résidences principales", "Résidences secondaires", "Logements vacants"];
    add("stacked", "parc", stacked::draw(&frame("parc", 492.0, 200.0), &names, &stock(), flat, "logements"));
    add("waterfall", "point mort", waterfall::draw(&frame("cascade", 492.0, 220.0), &needs(), "logements"));
    let mut unknown = needs();
    (unknown[0].datum, unknown[1].label) = (ND, LONG);
    add("waterfall", "partie secrète", waterfall::draw(&frame("cascade-2", 492.0, 180.0), &unknown, "logements"));
    let units = histogram::Units { counted: "communes", values: "€/m² de terrain" };
    let own = Some(d(184.0, "Ville-Exemple 184\u{a0}€/m²"));
    add("histogram", "complet", histogram::draw(&frame("histogramme", 492.0, 180.0), &bins(), own, units));
    let unknown = histogram::draw(&frame("histogramme-2", 492.0, 130.0), &bins()[..3], Some(ND), units);
    add("histogram", "commune secrète", unknown);
    drawn
}

fn ages() -> Vec<pyramid::Band<'static>> {
    let side = |value, text, reference| pyramid::Side { datum: d(value, text), reference: Some(reference) };
    let band = |label, men, women| pyramid::Band { label, men, women };
    vec![
        band("0 à 14 ans", side(8.1, "8,1\u{a0}%", 9.2), side(7.8, "7,8\u{a0}%", 8.7)),
        band("15 à 29 ans", side(13.9, "13,9\u{a0}%", 9.0), side(14.6, "14,6\u{a0}%", 8.8)),
        band("30 à 44 ans", side(10.4, "10,4\u{a0}%", 9.6), side(10.0, "10,0\u{a0}%", 9.7)),
        band("45 à 59 ans", side(8.0, "8,0\u{a0}%", 9.9), side(8.3, "8,3\u{a0}%", 10.0)),
        band("60 à 74 ans", side(5.4, "5,4\u{a0}%", 7.7), side(6.6, "6,6\u{a0}%", 8.4)),
        band("75 à 89 ans", side(2.2, "2,2\u{a0}%", 3.5), side(3.5, "3,5\u{a0}%", 4.5)),
        band("90 ans ou plus", side(0.3, "0,3\u{a0}%", 0.4), side(0.9, "0,9\u{a0}%", 1.0)),
    ]
}

fn years() -> Vec<columns::Column<'static>> {
    [
        ("2016", 212.0, "212"),
        ("2017", 388.0, "388"),
        ("2018", 544.0, "544"),
        ("2019", 601.0, "601"),
        ("2020", 287.0, "287"),
        ("2021", 402.0, "402"),
        ("2022", 455.0, "455"),
        ("2023", 361.0, "361"),
        ("2024", 248.0, "248"),
        ("2025", 97.0, "97"),
    ]
    .map(|(label, value, text)| columns::Column { label, datum: d(value, text), provisional: label > "2023" })
    .to_vec()
}

fn stock() -> Vec<stacked::Stack<'static>> {
    let stack = |label, parts: [(f64, &'static str); 3], total| stacked::Stack {
        label,
        parts: parts.map(|(value, text)| d(value, text)).to_vec(),
        total,
    };
    vec![
        stack("2011", [(6_480.0, "6\u{202f}480"), (160.0, "160"), (490.0, "490")], "7\u{202f}130"),
        stack("2016", [(6_820.0, "6\u{202f}820"), (170.0, "170"), (610.0, "610")], "7\u{202f}600"),
        stack("2022", [(7_207.0, "7\u{202f}207"), (170.0, "170"), (765.0, "765")], "8\u{202f}142"),
    ]
}

fn needs() -> Vec<waterfall::Step<'static>> {
    let part = |label, datum| waterfall::Step { label, datum, kind: waterfall::Kind::Part };
    let total = |label, datum| waterfall::Step { label, datum, kind: waterfall::Kind::Total };
    vec![
        part("Renouvellement du parc", d(-120.0, "−120")),
        part("Résidences secondaires et vacance", d(330.0, "+330")),
        part("Desserrement des ménages", d(640.0, "+640")),
        total("Point mort", d(850.0, "850")),
        part("Effet démographique", d(410.0, "+410")),
        total("Logements construits", d(1_260.0, "1\u{202f}260")),
    ]
}

fn bins() -> Vec<histogram::Bin> {
    let values = [Some(2.0), None, Some(11.0), Some(14.0), Some(9.0), Some(6.0), Some(3.0), Some(1.0)];
    (0..)
        .zip(values)
        .map(|(i, value)| histogram::Bin { low: 50.0 * f64::from(i), high: 50.0 * f64::from(i + 1), value })
        .collect()
}
