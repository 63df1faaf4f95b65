//! Charts whose rows are territories or indicators.

use charts::{Datum, dumbbell, percentile, range, shares, slope};
use domain::fact::ScopeKind::{self as S};

use super::{Drawn, LONG, ND, d, frame};

pub fn drawn() -> Vec<Drawn> {
    let mut drawn = vec![];
    let mut add = |kind, state, svg| drawn.push(Drawn { kind, state, svg });
    let families = families();
    let height = percentile::height(&families);
    add("percentile", "pleine page", percentile::draw(&frame("centiles", 1016.0, height), &families));
    let short = vec![percentile::Family { name: "Logement", rows: families[1].rows[..3].to_vec() }];
    add("percentile", "demi-page", percentile::draw(&frame("centiles-2", 492.0, 110.0), &short));
    let names = ["Propriétaires", "Locataires du privé", "Locataires HLM", "Logés gratuitement"];
    add("shares", "complet", shares::draw(&frame("parts", 492.0, 150.0), &names, &tenures()));
    let withheld = [
        tenures()[1].clone(),
        shares::Row { scope: S::Com, label: LONG, parts: vec![ND, d(35.6, "35,6"), d(24.9, "24,9"), d(1.1, "1,1")] },
    ];
    add("shares", "secret, légende", shares::draw(&frame("parts-2", 492.0, 90.0), &names, &withheld));
    add("shares", "rien", shares::draw(&frame("parts-3", 492.0, 90.0), &names, &withheld[1..]));
    let kinds = [
        shares::Row {
            scope: S::Com,
            label: "Ville-Exemple",
            parts: vec![d(63.2, "63,2\u{a0}%"), d(36.8, "36,8\u{a0}%")],
        },
        shares::Row { scope: S::Fr, label: "France", parts: vec![d(44.0, "44,0\u{a0}%"), d(56.0, "56,0\u{a0}%")] },
    ];
    add("shares", "nommé", shares::draw(&frame("parts-4", 492.0, 80.0), &["Appartements", "Maisons"], &kinds));
    let names = ["D1", "médiane", "D9"];
    add("range", "complet", range::draw(&frame("etendue", 492.0, 190.0), names, &incomes()));
    let mut partial = incomes()[..3].to_vec();
    (partial[0].low, partial[0].high, partial[1].middle) = (ND, ND, ND);
    add("range", "partiel", range::draw(&frame("etendue-2", 492.0, 110.0), names, &partial));
    add("slope", "professions", slope::draw(&frame("pente", 492.0, 200.0), ("2011", "2022"), &trades()));
    let few = [
        slope::Series {
            scope: Some(S::Com),
            name: "Ville-Exemple",
            before: d(8.1, "8,1\u{a0}%"),
            after: d(9.4, "9,4\u{a0}%"),
        },
        slope::Series { scope: Some(S::Epci), name: LONG, before: d(7.9, "7,9\u{a0}%"), after: d(7.8, "7,8\u{a0}%") },
        slope::Series { scope: Some(S::Dep), name: "Département", before: d(8.3, "8,3\u{a0}%"), after: ND },
    ];
    add("slope", "territoires", slope::draw(&frame("pente-2", 492.0, 130.0), ("2011", "2022"), &few));
    let names = ("Ménages", "Résidences principales");
    add("dumbbell", "complet", dumbbell::draw(&frame("halteres", 492.0, 150.0), names, &sizes()));
    let mut partial = sizes()[..2].to_vec();
    (partial[0].other, partial[0].gap, partial[1].label) = (ND, "", LONG);
    add("dumbbell", "partiel", dumbbell::draw(&frame("halteres-2", 492.0, 80.0), names, &partial));
    drawn
}

fn families() -> Vec<percentile::Family<'static>> {
    let row =
        |label, value: f64, text, words| percentile::Row { label, datum: Datum { value: Some(value), text }, words };
    vec![
        percentile::Family {
            name: "Population",
            rows: vec![
                row(
                    "Évolution annuelle de la population",
                    92.0,
                    "+1,2\u{a0}%",
                    "plus forte que 92\u{a0}% des communes",
                ),
                row("Solde migratoire apparent", 88.0, "+0,8\u{a0}%", "plus fort que 88\u{a0}% des communes"),
                row("Indice de vieillissement", 31.0, "64,2", "plus bas que 69\u{a0}% des communes"),
                row("Personnes seules", 61.0, "42,1\u{a0}%", "proche de la médiane"),
                row("Familles monoparentales", 50.0, "10,4\u{a0}%", "à la médiane"),
            ],
        },
        percentile::Family {
            name: "Logement",
            rows: vec![
                row(
                    "Logements vacants depuis plus de deux ans",
                    97.0,
                    "5,9\u{a0}%",
                    "plus élevé que 97\u{a0}% des communes",
                ),
                row("Résidences secondaires", 12.0, "2,1\u{a0}%", "plus bas que 88\u{a0}% des communes"),
                percentile::Row { label: "Logements sociaux", datum: ND, words: "secret statistique" },
                row("Propriétaires occupants", 0.0, "38,4\u{a0}%", "la plus basse de toutes"),
                row("Suroccupation", 100.0, "9,8\u{a0}%", "la plus haute de toutes"),
                row("Emménagés depuis moins de deux ans", 74.0, "16,0\u{a0}%", "plus haut que 74\u{a0}% des communes"),
            ],
        },
        percentile::Family {
            name: "Revenus",
            rows: vec![
                row("Niveau de vie médian", 45.0, "23\u{202f}140\u{a0}€", "proche de la médiane"),
                row("Taux de pauvreté", 66.0, "17,0\u{a0}%", "proche de la médiane"),
                row("Rapport entre neuvième et premier décile", 79.0, "3,9", "plus élevé que 79\u{a0}% des communes"),
            ],
        },
        percentile::Family {
            name: "Construction et énergie",
            rows: vec![
                row("Logements commencés par an pour mille logements", 83.0, "11,4", "plus que 83\u{a0}% des communes"),
                row("Certificats F ou G", 22.0, "8,6\u{a0}%", "moins que 78\u{a0}% des communes"),
            ],
        },
    ]
}

fn tenures() -> Vec<shares::Row<'static>> {
    let row = |scope, label, values: [(f64, &'static str); 4]| shares::Row {
        scope,
        label,
        parts: values.map(|(value, text)| d(value, text)).to_vec(),
    };
    vec![
        row(S::Com, "Ville-Exemple", [(38.4, "38,4"), (35.6, "35,6"), (24.9, "24,9"), (1.1, "1,1")]),
        row(S::Epci, "Métropole de l’Exemple", [(51.2, "51,2"), (28.8, "28,8"), (18.6, "18,6"), (1.4, "1,4")]),
        row(S::Dep, "Département", [(61.0, "61,0"), (24.4, "24,4"), (12.9, "12,9"), (1.7, "1,7")]),
        row(S::Reg, "Région", [(63.9, "63,9"), (22.8, "22,8"), (11.6, "11,6"), (1.7, "1,7")]),
        row(S::Fr, "France", [(57.5, "57,5"), (25.5, "25,5"), (14.9, "14,9"), (2.1, "2,1")]),
    ]
}

fn incomes() -> Vec<range::Row<'static>> {
    let row = |scope, label, low, middle, high| range::Row { scope, label, low, middle, high };
    vec![
        row(
            S::Com,
            "Ville-Exemple",
            d(10_900.0, "10\u{202f}900"),
            d(23_140.0, "23\u{202f}140"),
            d(43_210.0, "43\u{202f}210"),
        ),
        row(
            S::Epci,
            "Métropole de l’Exemple",
            d(12_100.0, "12\u{202f}100"),
            d(24_510.0, "24\u{202f}510"),
            d(44_100.0, "44\u{202f}100"),
        ),
        row(
            S::Dep,
            "Département",
            d(12_800.0, "12\u{202f}800"),
            d(23_900.0, "23\u{202f}900"),
            d(41_000.0, "41\u{202f}000"),
        ),
        row(S::Reg, "Région", d(12_700.0, "12\u{202f}700"), d(22_960.0, "22\u{202f}960"), d(38_900.0, "38\u{202f}900")),
        row(S::Fr, "France", d(11_900.0, "11\u{202f}900"), d(23_160.0, "23\u{202f}160"), d(41_500.0, "41\u{202f}500")),
    ]
}

fn trades() -> Vec<slope::Series<'static>> {
    let series = |name, before, after| slope::Series { scope: None, name, before, after };
    let own = slope::Series {
        scope: Some(S::Com),
        name: "Cadres et professions intellectuelles",
        before: d(14.2, "14,2"),
        after: d(19.8, "19,8"),
    };
    vec![
        own,
        series("Professions intermédiaires", d(16.9, "16,9"), d(17.2, "17,2")),
        series("Employés", d(17.8, "17,8"), d(14.1, "14,1")),
        series("Ouvriers", d(12.2, "12,2"), d(9.0, "9,0")),
        series("Retraités", d(21.6, "21,6"), d(22.4, "22,4")),
        series("Autres sans activité", d(14.9, "14,9"), d(14.4, "14,4")),
        series("Artisans, commerçants, chefs d’entreprise", d(2.3, "2,3"), d(3.0, "3,0")),
        series("Agriculteurs", d(0.1, "0,1"), d(0.1, "0,1")),
    ]
}

fn sizes() -> Vec<dumbbell::Row<'static>> {
    let row = |label, one, other, gap| dumbbell::Row { label, one, other, gap };
    vec![
        row("Une ou deux personnes, T1-T2", d(74.8, "74,8\u{a0}%"), d(38.2, "38,2\u{a0}%"), "+36,6 points"),
        row("Trois personnes, T3", d(11.6, "11,6\u{a0}%"), d(25.9, "25,9\u{a0}%"), "−14,3 points"),
        row("Quatre personnes, T4", d(9.0, "9,0\u{a0}%"), d(20.2, "20,2\u{a0}%"), "−11,2 points"),
        row("Cinq personnes, T5 et plus", d(4.6, "4,6\u{a0}%"), d(15.7, "15,7\u{a0}%"), "−11,1 points"),
    ]
}
