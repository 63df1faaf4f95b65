//! Rows with a mark each: bars, dots of the scopes, intervals.

use charts::{dots, hbar, interval};
use domain::fact::ScopeKind::{self as S};

use super::{Drawn, LONG, frame};

pub fn drawn() -> Vec<Drawn> {
    let mut drawn = vec![];
    let mut add = |kind, state, svg| drawn.push(Drawn { kind, state, svg });
    let bars = [
        hbar::Bar { scope: S::Com, label: "Ville-Exemple", value: Some(9.4), text: "9,4\u{a0}%" },
        hbar::Bar { scope: S::Epci, label: LONG, value: Some(-2.8), text: "−2,8\u{a0}%" },
        hbar::Bar { scope: S::Fr, label: "France", value: None, text: "n.d." },
    ];
    add("hbar", "négatif", hbar::draw(&frame("barres", 492.0, 90.0), &bars));
    add("hbar", "rien", hbar::draw(&frame("barres-2", 492.0, 60.0), &bars[2..]));
    let legend = [
        (S::Com, "Ville-Exemple"),
        (S::Epci, "Métropole de l’Exemple"),
        (S::Dep, "Département"),
        (S::Reg, "Région"),
        (S::Fr, "France"),
        (S::Sim, "214 communes comparables"),
    ];
    let values = vec![(S::Com, 5.9), (S::Epci, 3.6), (S::Dep, 3.9), (S::Reg, 4.4), (S::Fr, 4.0), (S::Sim, 4.1)];
    let band = Some(dots::Band { low: 3.0, middle: 4.1, high: 5.0 });
    let rows = [
        dots::Row { label: "Vacance de plus de deux ans", text: "5,9\u{a0}%", values, band },
        dots::Row { label: LONG, text: "0,0\u{a0}%", values: vec![(S::Com, 0.0), (S::Fr, 0.0)], band: None },
        dots::Row { label: "Logements sociaux", text: "n.d.", values: vec![(S::Fr, 17.0)], band: None },
    ];
    add("dots", "avec secret", dots::draw(&frame("points", 492.0, 130.0), &rows, &legend));
    let row = |label, value, range, text, reliable| interval::Row {
        label,
        note: "812 annonces, R² 0,71",
        value,
        range,
        text,
        reliable,
    };
    let rows = [
        row("Appartements", Some(12.4), Some((10.1, 14.9)), "12,4", true),
        row("Maisons", Some(10.2), Some((7.0, 15.1)), "10,2", false),
        row(LONG, None, None, "n.d.", false),
    ];
    add("interval", "avec secret", interval::draw(&frame("intervalles", 492.0, 150.0), &rows, "€/m²/mois"));
    drawn
}
