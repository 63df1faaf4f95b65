//! Area, density, rank, neighbours; which communes are comparable.

use domain::fact::{FactStatus, ScopeKind};
use indicators::{Figure, Kinship, Moment, SIZE_LIMITS, SheetBuilder, THIN, indicator, size_class};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::{Around, COM, moment};
use crate::themes::raw::Raw;
use crate::themes::scoped::{OWN, Sheet, all_scopes};

/// Territories that are made of communes.
const LARGER: [ScopeKind; 4] = [ScopeKind::Epci, ScopeKind::Dep, ScopeKind::Reg, ScopeKind::Fr];
const RANKED: [ScopeKind; 2] = [ScopeKind::Epci, ScopeKind::Dep];

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let tables = &raw.around;
    let (places, areas) = (Sheet::new(raw, &tables.places), Sheet::new(raw, &tables.areas));
    let now = Moment::during(raw.territory.cog.to_string());
    places.add(sheet, "geo.nb_communes", &LARGER, &now, |_| true, |row| Figure::ok(row.communes.into()));
    let arrondissement = raw.territory.ville != raw.territory.commune.code;
    places.add(
        sheet,
        "geo.rang_pop",
        &RANKED,
        &now,
        |_| true,
        |row| match arrondissement {
            true => Figure::withheld(FactStatus::NotApplicable, "rang de la ville, et non de l’arrondissement"),
            false => Figure::ok(row.rang.into()).with_n(Some(row.communes)),
        },
    );
    let strate = strate(raw.territory.population);
    places.add(sheet, "geo.strate", &COM, &now, |_| true, |_| Figure::word(strate.clone()));
    let group = comparable_communes(raw);
    places.add(sheet, "geo.comparables", &COM, &now, |_| true, |_| group.clone());

    let drawn = moment(raw, "contours");
    areas.add(sheet, "geo.superficie", &OWN, &drawn, |_| true, area);
    areas.add(sheet, "geo.densite", &all_scopes(), &drawn, |_| true, density);
    let near = tables.neighbours.len();
    areas.add(
        sheet,
        "geo.voisines",
        &COM,
        &drawn,
        |_| true,
        |_| match (arrondissement, near) {
            (true, _) => Figure::withheld(FactStatus::NotApplicable, "arrondissement sans contour propre"),
            (false, near) => Figure::ok(Decimal::from(near)),
        },
    );
}

/// Measured on the outlines that are loaded: schematic ones have no area.
fn area(row: &Around) -> Figure {
    Figure::or_missing(row.superficie, "superficie inconnue\u{a0}: contours schématiques")
        .with_caution(FactStatus::Modelled, "mesurée sur des contours simplifiés")
}

fn density(row: &Around) -> Figure {
    let people = Figure::or_missing(row.pop_superficie.map(Decimal::from), "population absente du fichier chargé");
    Figure::ratio(&people, &area(row), Decimal::ONE)
}

fn comparable_communes(raw: &Raw) -> Figure {
    let tables = &raw.around;
    match tables.kinship {
        Some(_) => Figure::ok(Decimal::from(tables.peers)),
        None => Figure::missing("moins de trente communes comparables chargées"),
    }
}

/// « de 10 000 à 20 000 habitants »: the upper limit itself begins the next class.
pub(super) fn strate(population: i64) -> String {
    let class = size_class(population);
    between(class.checked_sub(1).and_then(|below| SIZE_LIMITS.get(below)), SIZE_LIMITS.get(class))
}

fn between(from: Option<&i64>, to: Option<&i64>) -> String {
    let text = |limit: &i64| {
        let (thousands, rest) = (limit / 1_000, limit % 1_000);
        if thousands == 0 { rest.to_string() } else { format!("{thousands}{THIN}{rest:03}") }
    };
    match (from, to) {
        (None, Some(to)) => format!("moins de {} habitants", text(to)),
        (Some(from), Some(to)) => format!("de {} à {} habitants", text(from), text(to)),
        (Some(from), None) => format!("{} habitants et plus", text(from)),
        (None, None) => String::new(),
    }
}

/// `voisines [{code, nom, meme_epci}]`, the most populous first.
pub(super) fn neighbours(raw: &Raw) -> Value {
    let lines = raw.around.neighbours.iter();
    lines.map(|near| json!({"code": near.code, "nom": near.nom, "meme_epci": near.meme_epci})).collect()
}

/// `comparables {n: fact id, regle, texte}`: which communes are compared with, in words.
pub(super) fn comparables(raw: &Raw) -> Value {
    let tables = &raw.around;
    let class = size_class(raw.territory.population);
    let limit = |class: usize| class.checked_sub(1).and_then(|below| SIZE_LIMITS.get(below));
    let own = between(limit(class), SIZE_LIMITS.get(class));
    let near = match class {
        0 => between(None, SIZE_LIMITS.get(1)),
        _ => between(limit(class - 1), SIZE_LIMITS.get(class)),
    };
    let zone = raw.zoning.of(ScopeKind::Com).max_by_key(|row| row.date_effet).map(|row| row.zone.as_str());
    let group = match zone {
        Some("Abis" | "A") => "zones A et Abis".to_owned(),
        Some(zone) => format!("zone {zone}"),
        None => "hors zonage".to_owned(),
    };
    let (rule, text) = match tables.kinship {
        Some(Kinship::SizeAndZone) => ("taille_et_zone", format!("communes {own}, {group}")),
        Some(Kinship::Size) => ("taille", format!("communes {own}, toutes zones")),
        Some(Kinship::NearSize) => ("tailles_voisines", format!("communes {near}, toutes zones")),
        None => ("aucune", "moins de trente communes comparables chargées".to_owned()),
    };
    json!({"n": indicator("geo.comparables").map(|line| indicators::fact_id(line.id, None, ScopeKind::Com)),
           "regle": rule, "texte": text})
}

#[cfg(test)]
mod tests {
    use super::super::per;
    use super::super::samples::commune;
    use super::*;

    #[test]
    fn eight_hundred_inhabitants_on_sixteen_square_kilometres_are_fifty_each() {
        let row = Around { superficie: Some(16.into()), pop_superficie: Some(800), ..commune() };
        let figure = density(&row);
        assert_eq!((figure.value, figure.status), (Some(50.into()), FactStatus::Modelled));
    }

    #[test]
    fn a_schematic_map_gives_no_area_and_no_density() {
        let row = Around { superficie: None, pop_superficie: None, ..commune() };
        assert_eq!((area(&row).status, density(&row).status), (FactStatus::Missing, FactStatus::Missing));
    }

    #[test]
    fn classes_are_told_in_words() {
        assert_eq!(strate(61), "moins de 200 habitants");
        assert_eq!(strate(1_796), "de 500 à 2\u{202f}000 habitants");
        assert_eq!(strate(14_870), "de 10\u{202f}000 à 20\u{202f}000 habitants");
        assert_eq!(strate(327_734), "200\u{202f}000 habitants et plus");
    }

    #[test]
    fn nobody_on_a_known_area_is_a_density_of_zero() {
        let row = Around { superficie: Some(16.into()), pop_superficie: Some(0), ..commune() };
        assert_eq!(density(&row).value, Some(Decimal::ZERO));
        assert_eq!(per(10, &Figure::ok(Decimal::ONE), Some(0)).status, FactStatus::NotApplicable);
    }
}
