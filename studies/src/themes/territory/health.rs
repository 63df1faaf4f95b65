//! Practitioners and establishments: counted by commune, told as densities, never as access to care in the sense of the
//! ministry.

use domain::fact::{FactStatus, ScopeKind};
use indicators::{Figure, Origin, SheetBuilder, indicator};
use rust_decimal::Decimal;

use super::{ACCESS, Access, Around, ESTABLISHMENTS, count, moment, origin_of, per};
use crate::themes::raw::{Raw, Row as _};
use crate::themes::scoped::{OWN, Sheet, all_scopes};

type Read = fn(&Around) -> Option<i64>;

/// Professions counted by person in each commune.
const PROFESSIONS: [(&str, Read); 6] = [
    ("dent", |row| row.dentistes),
    ("inf", |row| row.infirmiers),
    ("kine", |row| row.kinesitherapeutes),
    ("sf", |row| row.sages_femmes),
    ("ortho", |row| row.orthophonistes),
    ("pharma", |row| row.pharmaciens),
];

const ESTABLISHMENTS_OF: [(&str, Read); 6] = [
    ("hopital", |row| row.hopitaux),
    ("maison", |row| row.maisons_centres_sante),
    ("ehpad", |row| row.ehpad),
    ("autonomie", |row| row.residences_autonomie),
    ("pharmacie", |row| row.pharmacies),
    ("labo", |row| row.laboratoires),
];

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    practitioners(sheet, raw);
    establishments(sheet, raw);
    access(sheet, raw);
}

fn practitioners(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let table = Sheet::new(raw, &raw.around.practitioners);
    let now = moment(raw, "rpps");
    table.add(sheet, "rpp.n[mg]", &OWN, &now, |_| true, doctors);
    table.add(sheet, "rpp.dens[mg]", &all_scopes(), &now, |_| true, |row| per(100_000, &weight(row), row.pop));
    for (profession, read) in PROFESSIONS {
        table.add(sheet, &format!("rpp.n[{profession}]"), &OWN, &now, |_| true, |row| persons(row, read(row)));
        table.add(
            sheet,
            &format!("rpp.dens[{profession}]"),
            &all_scopes(),
            &now,
            |_| true,
            |row| per(100_000, &persons(row, read(row)), row.pop),
        );
    }
}

/// Distinct persons in a commune; in a larger territory the sum of their shares, so that nobody counts twice.
fn doctors(row: &Around) -> Figure {
    match row.scope() {
        "com" | "sim" => count(row.generalistes),
        _ => Figure { value: weight(row).value.map(|sum| sum.round()), ..weight(row) },
    }
}

/// A general practitioner at work in n communes counts for one nth in each.
fn weight(row: &Around) -> Figure {
    Figure::or_missing(row.generalistes_poids, "absent du fichier chargé")
}

/// Persons of a commune; summed, those who work in several communes count in each of them.
fn persons(row: &Around, number: Option<i64>) -> Figure {
    let figure = count(number);
    match row.scope() {
        "com" | "sim" => figure,
        _ => figure
            .with_caution(FactStatus::Modelled, "un praticien présent dans plusieurs communes y compte plusieurs fois"),
    }
}

fn establishments(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let table = Sheet::new(raw, &raw.around.establishments);
    let now = moment(raw, "finess");
    let origin = origin_of(&table, raw, "themes/territory/establishments", ESTABLISHMENTS);
    for (kind, read) in ESTABLISHMENTS_OF {
        table.add(sheet, &format!("fin.n[{kind}]"), &OWN, &now, |_| true, |row| count(read(row)));
        let Some(line) = indicator(&format!("fin.dist[{kind}]")) else { continue };
        let found = raw.around.nearest.iter().find(|line| line.genre == kind);
        let figure = match table.row(ScopeKind::Com, |_| true) {
            Err(withheld) => withheld,
            Ok(_) => found.map_or_else(
                || Figure::missing("centre de la commune inconnu"),
                |found| Figure::or_missing(found.km, "aucun établissement localisé dans le fichier"),
            ),
        };
        let origin = Origin { synthetic: origin.synthetic && figure.status.is_citable(), ..origin.clone() };
        sheet.put(line, ScopeKind::Com, figure, &origin, &now, None);
    }
}

fn access(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let Some(line) = indicator("rpp.acc10[mg]") else { return };
    let table = Sheet::new(raw, &raw.around.practitioners);
    let figure = match table.row(ScopeKind::Com, |_| true) {
        Err(withheld) => withheld,
        Ok(_) => within(&raw.around.access),
    };
    let origin = origin_of(&table, raw, "themes/territory/access", ACCESS);
    let origin = Origin { synthetic: origin.synthetic && figure.status.is_citable(), ..origin };
    sheet.put(line, ScopeKind::Com, figure, &origin, &moment(raw, "rpps"), None);
}

/// Communes are near or not as a whole, by their centres.
fn within(access: &Access) -> Figure {
    if access.communes == 0 {
        return Figure::missing("centre de la commune inconnu");
    }
    if access.complet != Some(true) {
        return Figure::missing("communes du voisinage absentes du fichier chargé");
    }
    let practitioners = Figure::or_missing(access.praticiens, "absent du fichier chargé");
    let people = Figure::or_missing(access.habitants.map(Decimal::from), "population inconnue");
    Figure::ratio(&practitioners, &people, Decimal::ONE_HUNDRED * Decimal::ONE_THOUSAND)
        .with_caution(FactStatus::Modelled, "communes dont le centre est à moins de 10\u{a0}km, à vol d’oiseau")
}

#[cfg(test)]
mod tests {
    use super::super::samples::commune;
    use super::*;

    fn row(scope: &str) -> Around {
        Around {
            scope: scope.to_owned(),
            pop: Some(8_000),
            generalistes: Some(7),
            generalistes_poids: Some(Decimal::new(64, 1)),
            dentistes: Some(4),
            ..commune()
        }
    }

    #[test]
    fn seven_doctors_who_share_their_time_are_six_point_four_in_the_density() {
        assert_eq!(doctors(&row("com")).value, Some(7.into()));
        assert_eq!(doctors(&row("epci")).value, Some(6.into()));
        let density = per(100_000, &weight(&row("com")), Some(8_000));
        assert_eq!((density.value, density.status), (Some(80.into()), FactStatus::Ok));
    }

    #[test]
    fn persons_of_a_larger_territory_may_count_twice_and_it_is_said() {
        assert_eq!(persons(&row("com"), Some(4)).status, FactStatus::Ok);
        assert_eq!(persons(&row("dep"), Some(4)).status, FactStatus::Modelled);
        assert_eq!(persons(&row("dep"), None).status, FactStatus::Missing);
    }

    #[test]
    fn nine_doctors_for_twelve_thousand_people_around_are_seventy_five() {
        let access = Access { praticiens: Some(9.into()), habitants: Some(12_000), communes: 5, complet: Some(true) };
        assert_eq!((within(&access).value, within(&access).status), (Some(75.into()), FactStatus::Modelled));
        assert_eq!(within(&Access { complet: Some(false), ..access.clone() }).status, FactStatus::Missing);
        assert_eq!(within(&Access::default()).status, FactStatus::Missing);
        assert_eq!(within(&Access { habitants: Some(0), ..access }).status, FactStatus::NotApplicable);
    }
}
