//! Practitioners in the layout of the free-access directory: 56 columns and a trailing bar, several activities per
//! person, communes left blank. Nobody is named: the columns of names hold a number.

use super::dice::{Dice, whole};
use super::output::{Charset, Output};
use super::places::Place;
use crate::engine::ImportError;

const HEADER: &str = "Type d'identifiant PP|Identifiant PP|Identification nationale PP|Code civilité d'exercice|Libellé civilité d'exercice|Code civilité|Libellé civilité|Nom d'exercice|Prénom d'exercice|Code profession|Libellé profession|Code catégorie professionnelle|Libellé catégorie professionnelle|Code type savoir-faire|Libellé type savoir-faire|Code savoir-faire|Libellé savoir-faire|Code mode exercice|Libellé mode exercice|Numéro SIRET site|Numéro SIREN site|Numéro FINESS site|Numéro FINESS établissement juridique|Identifiant technique de la structure|Raison sociale site|Enseigne commerciale site|Complément destinataire (coord. structure)|Complément point géographique (coord. structure)|Numéro Voie (coord. structure)|Indice répétition voie (coord. structure)|Code type de voie (coord. structure)|Libellé type de voie (coord. structure)|Libellé Voie (coord. structure)|Mention distribution (coord. structure)|Bureau cedex (coord. structure)|Code postal (coord. structure)|Code commune (coord. structure)|Libellé commune (coord. structure)|Code pays (coord. structure)|Libellé pays (coord. structure)|Téléphone (coord. structure)|Téléphone 2 (coord. structure)|Télécopie (coord. structure)|Adresse e-mail (coord. structure)|Code Département (structure)|Libellé Département (structure)|Ancien identifiant de la structure|Autorité d'enregistrement|Code secteur d'activité|Libellé secteur d'activité|Code section tableau pharmaciens|Libellé section tableau pharmaciens|Code rôle|Libellé rôle|Code genre activité|Libellé genre activité|";

/// Named columns; each line ends with one more bar.
const COLUMNS: usize = 56;

/// Code and label of a profession, with its weight.
const PROFESSIONS: [((&str, &str), f64); 10] = [
    (("60", "Infirmier"), 0.50),
    (("10", "Médecin"), 0.19),
    (("70", "Masseur-Kinésithérapeute"), 0.085),
    (("21", "Pharmacien"), 0.062),
    (("93", "Psychologue"), 0.06),
    (("40", "Chirurgien-Dentiste"), 0.04),
    (("28", "Opticien-Lunetier"), 0.035),
    (("91", "Orthophoniste"), 0.024),
    (("50", "Sage-Femme"), 0.02),
    (("26", "Audioprothésiste"), 0.006),
];
/// Code and label of a doctor's speciality, with its weight.
const SPECIALITIES: [((&str, &str), f64); 9] = [
    (("SM54", "Médecine Générale"), 0.38),
    (("SM26", "Qualification en médecine générale"), 0.08),
    (("SM42", "Psychiatrie"), 0.06),
    (("SM02", "Anesthesie-réanimation"), 0.055),
    (("SM44", "Radio-diagnostic"), 0.04),
    (("SM04", "Cardiologie et maladies vasculaires"), 0.035),
    (("SM40", "Pédiatrie"), 0.035),
    (("SM38", "Ophtalmologie"), 0.025),
    (("", ""), 0.29),
];
const MODES: [((&str, &str), f64); 3] = [(("L", "Libéral"), 0.42), (("S", "Salarié"), 0.52), (("B", "Bénévole"), 0.06)];
const SECTORS: [(&str, f64); 6] =
    [("SA07", 0.25), ("SA08", 0.20), ("SA01", 0.40), ("SA05", 0.05), ("SA50", 0.02), ("SA33", 0.08)];

/// `PS_LibreAcces_Personne_activite_202510150800.txt`.
pub fn practitioners(places: &[Place], output: &mut Output<'_>) -> Result<(), ImportError> {
    let mut rest = 0.0;
    let mut dice = Dice::named("annuaire");
    let mut person = Person { number: 10_000_000_000, ..Person::default() };
    let lines = places.iter().filter(|place| !place.divided && place.population > 0.0).flat_map(|place| {
        rest += activities(place.population);
        let count = whole(rest);
        rest -= f64::from(count);
        (0..count)
            .map(|_| {
                person.next(&mut dice);
                person.line(place, &mut dice)
            })
            .collect::<Vec<_>>()
    });
    output.file(
        "PS_LibreAcces_Personne_activite_202510150800.txt",
        Charset::Utf8,
        std::iter::once(HEADER.to_owned()).chain(lines),
    )
}

/// Activities in a commune: towns have more of them per head. 1.2 million for France.
fn activities(population: f64) -> f64 {
    0.005_655 * population.powf(1.12)
}

/// The person of the current line; some have several activities, one after the other in the file.
#[derive(Default)]
struct Person {
    number: u64,
    left: u32,
    profession: (&'static str, &'static str),
    speciality: (&'static str, &'static str),
    mode: (&'static str, &'static str),
}

impl Person {
    fn next(&mut self, dice: &mut Dice) {
        if self.left > 0 {
            self.left -= 1;
            return;
        }
        self.number += 1;
        self.left = if dice.chance(0.78) { 0 } else { dice.whole(1, 3) };
        self.profession = dice.pick(&PROFESSIONS).unwrap_or(PROFESSIONS[0].0);
        self.speciality =
            if self.profession.0 == "10" { dice.pick(&SPECIALITIES).unwrap_or_default() } else { ("", "") };
        self.mode = dice.pick(&MODES).unwrap_or(MODES[0].0);
    }

    fn line(&self, place: &Place, dice: &mut Dice) -> String {
        let identifier = self.number.to_string();
        let (national, name) = (format!("8{identifier}"), format!("NOM{identifier}"));
        let street = dice.whole(1, 150).to_string();
        let town = format!("{} {}", place.postcode, place.name.to_uppercase());
        let (addressed, coded) = (dice.chance(0.9), dice.chance(0.88));
        // The places of the columns are those of the header; what is not written here is empty.
        let mut cells = [""; COLUMNS];
        put(&mut cells, 0, &["8", &identifier, &national]);
        put(&mut cells, 7, &[&name, "PRENOM", self.profession.0, self.profession.1, "C", "Civil"]);
        if !self.speciality.0.is_empty() {
            put(&mut cells, 13, &["S", "Spécialité ordinale", self.speciality.0, self.speciality.1]);
        }
        put(&mut cells, 17, &[self.mode.0, self.mode.1]);
        if addressed {
            put(&mut cells, 28, &[&street, "", "R", "Rue", "DE LA FONTAINE", "", &town, &place.postcode]);
            put(&mut cells, 36, &[if coded { &place.code } else { "" }, &place.name]);
            put(&mut cells, 44, &[&place.departement]);
        }
        put(&mut cells, 48, &[dice.pick(&SECTORS).unwrap_or("SA07")]);
        cells.join("|") + "|"
    }
}

/// Writes cells from that place on.
fn put<'a>(cells: &mut [&'a str; COLUMNS], at: usize, values: &[&'a str]) {
    for (cell, value) in cells[at..].iter_mut().zip(values) {
        *cell = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_places_are_those_of_the_header() {
        let names: Vec<&str> = HEADER.split('|').collect();
        assert_eq!(names.len(), COLUMNS + 1);
        assert_eq!(
            [names[7], names[9], names[15], names[17]],
            ["Nom d'exercice", "Code profession", "Code savoir-faire", "Code mode exercice"]
        );
        assert_eq!(
            [names[35], names[36], names[48]],
            ["Code postal (coord. structure)", "Code commune (coord. structure)", "Code secteur d'activité"]
        );
    }
}
