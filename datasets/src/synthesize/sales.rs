//! Sales in the raw layout of the producer: several lines per sale with the price repeated, leading zeros lost at
//! random, exact duplicates, prices of one euro.

use chrono::{Days, NaiveDate};

use super::dice::{Dice, whole};
use super::output::{Charset, Output, french};
use super::places::Place;
use crate::engine::ImportError;

const HEADER: &str = "Identifiant de document|Reference document|1 Articles CGI|2 Articles CGI|3 Articles CGI|4 Articles CGI|5 Articles CGI|No disposition|Date mutation|Nature mutation|Valeur fonciere|No voie|B/T/Q|Type de voie|Code voie|Voie|Code postal|Commune|Code departement|Code commune|Prefixe de section|Section|No plan|No Volume|1er lot|Surface Carrez du 1er lot|2eme lot|Surface Carrez du 2eme lot|3eme lot|Surface Carrez du 3eme lot|4eme lot|Surface Carrez du 4eme lot|5eme lot|Surface Carrez du 5eme lot|Nombre de lots|Code type local|Type local|Identifiant local|Surface reelle bati|Nombre pieces principales|Nature culture|Nature culture speciale|Surface terrain";
const STREETS: [&str; 12] = [
    "DE LA REPUBLIQUE",
    "VICTOR HUGO",
    "JEAN JAURES",
    "DE L EGLISE",
    "DES ECOLES",
    "PASTEUR",
    "DU MOULIN",
    "DES LILAS",
    "DE LA GARE",
    "DU STADE",
    "DE VERDUN",
    "DE LA FONTAINE",
];
/// Year, volume and price level against the mean of 2020–2024.
const YEARS: [(i32, f64, f64); 5] =
    [(2020, 1.00, 0.95), (2021, 1.16, 1.01), (2022, 1.10, 1.06), (2023, 0.90, 1.04), (2024, 0.84, 0.99)];
/// Départements whose land register is kept apart.
const NOT_COVERED: [&str; 4] = ["57", "67", "68", "976"];
/// Sales per dwelling in a mean year.
pub const USUAL_TURNOVER: f64 = 0.043;

/// `ValeursFoncieres-AAAA.txt` for five years.
pub fn sales(places: &[Place], turnover: f64, output: &mut Output<'_>) -> Result<(), ImportError> {
    let sellers: Vec<&Place> = places
        .iter()
        .filter(|p| p.population > 0.0 && !p.divided && !NOT_COVERED.contains(&p.departement.as_str()))
        .collect();
    if sellers.is_empty() {
        // Nothing is published there: no file, which is not a file without sales.
        return Ok(());
    }
    for (year, volume, level) in YEARS {
        let mut rest = 0.0;
        let lines = sellers.iter().flat_map(|place| {
            let mut dice = Dice::named(&format!("ventes {} {year}", place.code));
            rest += place.dwellings * turnover * volume;
            let count = whole(rest);
            rest -= f64::from(count);
            (0..count).flat_map(|_| sale(place, year, level, &mut dice)).collect::<Vec<_>>()
        });
        output.file(
            &format!("ValeursFoncieres-{year}.txt"),
            Charset::Utf8,
            std::iter::once(HEADER.to_owned()).chain(lines),
        )?;
    }
    Ok(())
}

/// One line's own part: lots, kind of premises, surfaces.
struct Line {
    lot: String,
    carrez: String,
    kind: (&'static str, &'static str),
    surface: String,
    rooms: String,
    culture: &'static str,
    land: String,
    plot: u32,
}

const HOUSE: (&str, &str) = ("1", "Maison");
const FLAT: (&str, &str) = ("2", "Appartement");
const OUTBUILDING: (&str, &str) = ("3", "Dépendance");
const PREMISES: (&str, &str) = ("4", "Local industriel. commercial ou assimilé");
const LAND: (&str, &str) = ("", "");

fn sale(place: &Place, year: i32, level: f64, dice: &mut Dice) -> Vec<String> {
    let nature = dice
        .pick(&[
            ("Vente", 0.925),
            ("Vente en l'état futur d'achèvement", 0.045),
            ("Echange", 0.012),
            ("Vente terrain à bâtir", 0.010),
            ("Adjudication", 0.006),
            ("Expropriation", 0.002),
        ])
        .unwrap_or("Vente");
    let plot = 1 + whole(dice.exponential(180.0));
    let bare = nature == "Vente terrain à bâtir" || dice.chance(if place.population < 2_000.0 { 0.18 } else { 0.05 });
    let (mut lines, price) = if bare {
        plain_land(place, plot, dice)
    } else if dice.chance(place.houses) {
        house(place, level, plot, dice)
    } else {
        flats(place, level, plot, dice)
    };
    if dice.chance(0.03) {
        lines.push(Line::built(
            PREMISES,
            whole(dice.lognormal(4.6, 0.8)),
            0,
            "S",
            whole(dice.lognormal(6.0, 1.0)),
            plot,
        ));
    }
    let rounding = if dice.chance(0.8) { 100.0 } else { 1.0 };
    let price = match dice.unit() {
        unit if unit < 0.011 => String::new(),
        unit if unit < 0.015 => "1,00".to_owned(),
        _ => french((price / rounding).round() * rounding, 2),
    };
    let head = format!("|||||||00000{}|{}|{nature}|{price}|", dice.whole(1, 2), day(year, dice));
    let address = address(place, dice);
    let section = section(place, dice);
    let mut written: Vec<String> =
        lines.iter().map(|line| format!("{head}{address}||{section}|{}", line.written())).collect();
    if dice.chance(0.03) {
        written.extend(written.last().cloned());
    }
    written
}

impl Line {
    fn built(
        kind: (&'static str, &'static str),
        surface: u32,
        rooms: u32,
        culture: &'static str,
        land: u32,
        plot: u32,
    ) -> Self {
        Self {
            lot: String::new(),
            carrez: String::new(),
            kind,
            surface: surface.to_string(),
            rooms: rooms.to_string(),
            culture,
            land: land.to_string(),
            plot,
        }
    }

    fn lot(kind: (&'static str, &'static str), lot: u32, carrez: String, surface: u32, rooms: u32, plot: u32) -> Self {
        Self {
            lot: lot.to_string(),
            carrez,
            kind,
            surface: surface.to_string(),
            rooms: rooms.to_string(),
            culture: "",
            land: String::new(),
            plot,
        }
    }

    /// From the parcel's number to the end of the line.
    fn written(&self) -> String {
        let Self { lot, carrez, kind, surface, rooms, culture, land, plot } = self;
        let lots = u32::from(!lot.is_empty());
        let (code, label) = kind;
        format!("{plot}||{lot}|{carrez}|||||||||{lots}|{code}|{label}||{surface}|{rooms}|{culture}||{land}")
    }
}

fn plain_land(place: &Place, plot: u32, dice: &mut Dice) -> (Vec<Line>, f64) {
    let area = whole(dice.lognormal(6.6, 0.9)).max(20);
    let culture = dice.one_of(&["S", "AB", "T", "P", "J"]);
    let culture = ["S", "AB", "T", "P", "J"].into_iter().find(|known| *known == culture).unwrap_or("S");
    let price = f64::from(area) * place.price.1 * 0.06 * dice.lognormal(0.0, 0.5) + 500.0;
    let line = Line { surface: String::new(), rooms: String::new(), ..Line::built(LAND, 0, 0, culture, area, plot) };
    (vec![line], price)
}

fn house(place: &Place, level: f64, plot: u32, dice: &mut Dice) -> (Vec<Line>, f64) {
    let surface = whole(dice.normal(100.0, 34.0)).max(25);
    let rooms = (surface / 24).max(1);
    let land = whole(dice.lognormal(6.1, 0.75));
    let mut lines = vec![Line::built(HOUSE, surface, rooms, "S", land, plot)];
    if dice.chance(0.33) {
        lines.push(Line::built(OUTBUILDING, 0, 0, "S", land, plot));
    }
    if dice.chance(0.28) {
        let culture = ["J", "AG", "T", "P"][dice.whole(0, 3) as usize];
        lines.push(Line::built(HOUSE, surface, rooms, culture, whole(dice.lognormal(5.8, 0.9)), plot + 1));
    }
    (lines, f64::from(surface) * place.price.1 * level * dice.lognormal(0.0, 0.30))
}

fn flats(place: &Place, level: f64, plot: u32, dice: &mut Dice) -> (Vec<Line>, f64) {
    let count = if dice.chance(0.955) { 1 } else { dice.whole(2, 9) };
    let (mut lines, mut price) = (Vec::new(), 0.0);
    for _ in 0..count {
        let surface = whole(dice.normal(60.0, 26.0)).max(10);
        price += f64::from(surface) * place.price.0 * level * dice.lognormal(0.0, 0.26);
        let lot = dice.whole(1, 420);
        let carrez =
            if dice.chance(0.45) { french(f64::from(surface) * dice.between(0.95, 1.02), 2) } else { String::new() };
        lines.push(Line::lot(FLAT, lot, carrez, surface, (surface / 24).max(1), plot));
        if dice.chance(0.62) {
            lines.push(Line::lot(OUTBUILDING, lot + 437, String::new(), 0, 0, plot));
        }
    }
    (lines, price)
}

fn day(year: i32, dice: &mut Dice) -> String {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    let day = first.checked_add_days(Days::new(u64::from(dice.whole(0, 364)))).unwrap_or(first);
    day.format("%d/%m/%Y").to_string()
}

fn address(place: &Place, dice: &mut Dice) -> String {
    let width = if place.departement.len() == 3 { 3 } else { 2 };
    let (departement, commune) = place.code.split_at(width);
    // Half of the deliveries lose the zeros in front of a code.
    let commune = if dice.chance(0.5) { commune.trim_start_matches('0') } else { commune };
    format!(
        "{}|{}|{}|{:04}|{}|{}|{}|{departement}|{commune}",
        1 + whole(dice.exponential(25.0)),
        if dice.chance(0.03) { "B" } else { "" },
        dice.pick(&[("RUE", 0.62), ("AV", 0.12), ("CHE", 0.08), ("RTE", 0.08), ("PL", 0.04), ("ALL", 0.06)])
            .unwrap_or("RUE"),
        dice.whole(1, 9_999),
        dice.one_of(&STREETS),
        place.postcode.trim_start_matches('0'),
        place.name.to_uppercase(),
    )
}

fn section(place: &Place, dice: &mut Dice) -> String {
    let first = dice.one_of(&["A", "B", "C", "D", "E", "H", "K", "L", "M", "N"]);
    let second =
        if place.population > 800.0 { dice.one_of(&["A", "B", "C", "D", "E", "H", "K", "L", "M"]) } else { "" };
    format!("{first}{second}")
}
