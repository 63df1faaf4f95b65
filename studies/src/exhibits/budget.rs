//! Can local households afford it: three households, three tenures.

use charts::{Frame, matrix};
use domain::fact::Fact;
use rust_decimal::Decimal;

use super::scopes::marked;
use crate::pages::{Exhibit, Exhibits, PageError, Press, sentence, shown};

/// A household, its consumption units, and the dwelling of reference: name, and area in m².
struct Household {
    name: &'static str,
    label: &'static str,
    note: &'static str,
    area: i64,
}

const HOUSEHOLDS: [Household; 3] = [
    Household { name: "solo", label: "Personne seule", note: "1 UC, T1-T2 de 37 m²", area: 37 },
    Household { name: "couple", label: "Couple", note: "1,5 UC, 52 m²", area: 52 },
    Household { name: "famille", label: "Famille", note: "2,1 UC, T3 et plus de 72 m²", area: 72 },
];

const TENURES: [&str; 3] = ["Location dans le parc privé", "Location sociale", "Achat d’un appartement"];

/// Share of the income beyond which a rent is flagged, in percent.
const HEAVY: i64 = 33;

/// The matrix of the commune. A rent above a third of the income is flagged, and a loan that buys less than the dwelling of
/// reference.
///
/// # Errors
/// When the sheet lacks a figure, or a dataset has no printed name.
pub fn efforts(press: &mut Press<'_>, exhibits: &mut Exhibits, size: (f64, f64)) -> Result<Exhibit, PageError> {
    let social = press.fact("rpl.loyer@com")?;
    let mut facts = vec![];
    let mut rows = vec![];
    for household in &HOUSEHOLDS {
        let rent = press.fact(&format!("aff.loyer[{}]@com", household.name))?;
        let bought = press.fact(&format!("aff.m2[{}]@com", household.name))?;
        let cells = [
            cell(rent, rent.value.is_some_and(|effort| effort > HEAVY.into()), "du niveau de vie"),
            cell(social, false, "loyer moyen"),
            cell(bought, bought.value.is_some_and(|area| area < Decimal::from(household.area)), "finançables"),
        ];
        rows.push(matrix::Row { label: household.label, note: household.note, cells: cells.to_vec() });
        facts.extend([rent, bought]);
    }
    facts.push(social);
    let (title, desc) = ("Trois ménages au niveau de vie médian, trois façons de se loger", sentence(&facts));
    let frame = Frame { key: "efforts", title, desc: &desc, width: size.0, height: size.1 };
    let alert = "loyer de plus de 33\u{a0}% du revenu, ou surface finançable inférieure à la référence";
    let svg = matrix::draw(&frame, &TENURES, &rows, alert);
    let measure = "Taux d’effort locatif, loyer social moyen et surface qu’un emprunt permet d’acheter";
    let exhibit = exhibits.figure(title, measure, svg, &facts)?;
    Ok(marked(press, exhibit, &facts))
}

fn cell<'a>(fact: &'a Fact, alert: bool, note: &'a str) -> matrix::Cell<'a> {
    let state = match (fact.status.is_citable(), alert) {
        (false, _) => matrix::State::Withheld,
        (true, true) => matrix::State::Alert,
        (true, false) => matrix::State::Plain,
    };
    matrix::Cell { state, text: shown(fact), note: if fact.status.is_citable() { note } else { "" } }
}
