//! Health and social establishments, in the historical layout: two sections, Latin letters, the producer's own codes
//! overseas, three establishments in a hundred without coordinates.

use super::dice::{Dice, whole};
use super::output::{Charset, Output};
use super::places::Place;
use super::points::{near, projection};
use super::tessellation::centres;
use crate::engine::ImportError;

/// Establishments per inhabitant: 86,000 for France.
const PER_INHABITANT: f64 = 0.001_258;

/// Category, label, weight.
const CATEGORIES: [((&str, &str), f64); 14] = [
    (("620", "Pharmacie d'Officine"), 0.21),
    (("500", "Etablissement d'hébergement pour personnes âgées dépendantes"), 0.085),
    (("603", "Maison de santé (L.6223-3)"), 0.03),
    (("124", "Centre de Santé"), 0.035),
    (("611", "Laboratoire de Biologie Médicale"), 0.05),
    (("355", "Centre Hospitalier (C.H.)"), 0.015),
    (("101", "Centre Hospitalier Régional (C.H.R.)"), 0.002),
    (("354", "Service de Soins Infirmiers A Domicile (S.S.I.A.D)"), 0.025),
    (("202", "Résidences autonomie"), 0.025),
    (("246", "Etablissement et Service d'Aide par le Travail (E.S.A.T.)"), 0.018),
    (("189", "Centre Médico-Psycho-Pédagogique (C.M.P.P.)"), 0.01),
    (("460", "Service autonomie aide (SAA)"), 0.09),
    (("156", "Centre Médico-Psychologique (C.M.P.)"), 0.04),
    (("698", "Autre Etablissement Loi Hospitalière"), 0.365),
];

/// One establishment: its line, and its coordinates when it has any.
struct Establishment {
    line: String,
    place: Option<String>,
}

/// `etalab-cs1100507-stock-20251015-0337.csv`.
pub fn establishments(places: &[Place], output: &mut Output<'_>) -> Result<(), ImportError> {
    let centres = centres(places);
    // Twice the same dice: the second section is written after the whole of the first without keeping either.
    let all = || {
        let mut rest = 0.0;
        let centres = &centres;
        places.iter().filter(|place| !place.divided && place.population > 0.0).flat_map(move |place| {
            rest += place.population * PER_INHABITANT;
            let count = whole(rest);
            rest -= f64::from(count);
            let mut dice = Dice::named(&format!("finess {}", place.code));
            let centre = centres.get(place.code.as_str()).copied().unwrap_or_default();
            (0..count).map(move |rank| establishment(place, centre, rank, &mut dice))
        })
    };
    let lines = std::iter::once("finess;etalab;94;2025-10-15".to_owned())
        .chain(all().map(|establishment| establishment.line))
        .chain(all().filter_map(|establishment| establishment.place));
    output.file("etalab-cs1100507-stock-20251015-0337.csv", Charset::Windows1252, lines)
}

fn establishment(place: &Place, centre: (f64, f64), rank: u32, dice: &mut Dice) -> Establishment {
    let (category, label) = dice.pick(&CATEGORIES).unwrap_or(CATEGORIES[0].0);
    // The commune's code and four digits: nine characters, two establishments never share them.
    let number = format!("{}{rank:04}", place.code);
    let (commune, departement) = (&place.code[2..], own_code(&place.departement));
    let (street, year, month) = (dice.whole(1, 99), dice.whole(1950, 2024), dice.whole(1, 12));
    let name = place.name.to_uppercase();
    let line = format!(
        "structureet;{number};{}9{rank:04};ETABLISSEMENT {number};;;;{street};R;DE LA FONTAINE;;;{commune};{departement};;{} {name};;;{category};{label};;;;8899B;99;Indéterminé;9;Non concerné;{year}-{month:02}-01;;2025-01-15;",
        &place.code[..4],
        place.postcode,
    );
    let around = projection(&place.departement);
    let point = near(place, centre, &around, dice);
    let located = dice.chance(0.97).then(|| {
        let (x, y, name) = (point.x, point.y, around.name);
        format!("geolocalisation;{number};{x:.1};{y:.1};1,ATLASANTE,100,IGN,BD_ADRESSE,V2.2,{name};2025-01-15")
    });
    Establishment { line, place: located }
}

/// The producer's code of a département.
fn own_code(departement: &str) -> &str {
    match departement {
        "971" => "9A",
        "972" => "9B",
        "973" => "9C",
        "974" => "9D",
        "976" => "9F",
        other => other,
    }
}
