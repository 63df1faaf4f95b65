//! Charts over years.

use charts::{boxes, fan, line, multiples};
use domain::fact::ScopeKind::{self as S};

use super::{Drawn, LONG, ND, frame};

const OWN: [(i32, Option<f64>); 6] =
    [(2019, Some(8.1)), (2020, Some(8.4)), (2021, Some(8.9)), (2022, None), (2023, Some(9.1)), (2024, Some(9.4))];
const WIDER: [(i32, Option<f64>); 6] =
    [(2019, Some(7.9)), (2020, Some(7.9)), (2021, Some(7.8)), (2022, Some(7.8)), (2023, Some(7.9)), (2024, Some(7.8))];
const FALLING: [(i32, Option<f64>); 3] = [(2019, Some(12.0)), (2021, Some(6.0)), (2024, Some(-3.0))];
const UNKNOWN: [(i32, Option<f64>); 2] = [(2019, None), (2024, None)];

pub fn drawn() -> Vec<Drawn> {
    let mut drawn = vec![];
    let mut add = |kind, state, svg| drawn.push(Drawn { kind, state, svg });
    let series = [
        line::Series { scope: S::Com, name: "Ville-Exemple", end: "9,4\u{a0}%", points: &OWN },
        line::Series { scope: S::Epci, name: LONG, end: "7,8\u{a0}%", points: &WIDER },
        line::Series { scope: S::Dep, name: "Département", end: "−3,0\u{a0}%", points: &FALLING },
    ];
    add("line", "négatif", line::draw(&frame("lignes", 492.0, 150.0), &series, "%", true));
    let silent = [line::Series { points: &UNKNOWN, ..series[0].clone() }];
    add("line", "rien", line::draw(&frame("lignes-2", 492.0, 80.0), &silent, "%", true));
    let bin = |year, quartiles, text, n, sure| boxes::Bin { year, quartiles, text, n, sure };
    let bins = [
        bin("2021", Some((1_800.0, 2_100.0, 2_600.0)), "2\u{202f}100", "84 ventes", true),
        bin("2022", Some((1_900.0, 2_300.0, 2_800.0)), "2\u{202f}300", "91 ventes", true),
        bin("2023", None, "n.d.", "7 ventes", false),
        bin("2024", Some((1_850.0, 2_250.0, 3_400.0)), "2\u{202f}250", "19 ventes", false),
    ];
    add("boxes", "complet", boxes::draw(&frame("boites", 492.0, 180.0), &bins, "€/m²"));
    add("boxes", "rien", boxes::draw(&frame("boites-2", 492.0, 80.0), &bins[2..3], "€/m²"));
    add("fan", "projection", fan::draw(&frame("eventail", 492.0, 190.0), &projection(true), "milliers d’habitants"));
    add("fan", "sans scénarios", fan::draw(&frame("eventail-2", 492.0, 120.0), &projection(false), "milliers"));
    let panel = |title, text, own| multiples::Panel {
        title,
        text,
        series: vec![
            multiples::Series { scope: S::Com, points: own },
            multiples::Series { scope: S::Epci, points: &WIDER },
        ],
    };
    let panels = [
        panel("Vacance", "9,4\u{a0}%", &OWN),
        panel("Loyers", "12,1\u{a0}€/m²", &WIDER),
        panel("Solde", "−3,0\u{a0}%", &FALLING),
        panel(LONG, ND.text, &OWN),
        multiples::Panel { title: "Prix des maisons", text: ND.text, series: vec![] },
    ];
    let legend = [(S::Com, "Ville-Exemple"), (S::Epci, "Métropole de l’Exemple")];
    let size = frame("petits", 492.0, 250.0);
    add("multiples", "échelles propres", multiples::draw(&size, &panels, multiples::Axes::Own, &legend));
    let size = frame("petits-2", 1016.0, 140.0);
    add("multiples", "échelle commune", multiples::draw(&size, &panels, multiples::Axes::Shared, &legend));
    drawn
}

fn projection(scenarios: bool) -> fan::Fan<'static> {
    const SEEN: [(i32, Option<f64>); 3] = [(2008, Some(1_266.0)), (2013, Some(1_329.0)), (2018, Some(1_413.0))];
    const WIDE: [fan::Point; 3] = [
        fan::Point { year: 2030, central: Some(1_540.0), band: Some((1_510.0, 1_570.0)) },
        fan::Point { year: 2040, central: Some(1_630.0), band: Some((1_560.0, 1_701.0)) },
        fan::Point { year: 2050, central: Some(1_690.0), band: Some((1_560.0, 1_822.0)) },
    ];
    const NARROW: [fan::Point; 2] = [
        fan::Point { year: 2030, central: Some(1_540.0), band: None },
        fan::Point { year: 2050, central: Some(1_690.0), band: None },
    ];
    fan::Fan {
        scope: S::Dep,
        observed: &SEEN,
        projected: if scenarios { &WIDE } else { &NARROW },
        base: 2018,
        ends: [
            ("scénario haut", "1\u{202f}822"),
            ("scénario central", "1\u{202f}690"),
            ("scénario bas", "1\u{202f}560"),
        ],
    }
}
