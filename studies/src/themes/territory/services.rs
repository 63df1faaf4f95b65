//! Facilities: how many, which services of the baskets, how far the nearest ones.

use domain::fact::{FactStatus, ScopeKind};
use indicators::{Figure, Moment, SheetBuilder, fact_id, indicator};
use serde_json::{Value, json};

use super::{Around, COM, NEAREST, Service, count, moment, origin_of, per};
use crate::themes::raw::Raw;
use crate::themes::scoped::{OWN, Sheet, all_scopes};

type Read = fn(&Around) -> Option<i64>;
type Size = fn(&Around) -> i64;

const DOMAINS: [(&str, Read); 7] = [
    ("bpe.dom[A]", |row| row.services),
    ("bpe.dom[B]", |row| row.commerces),
    ("bpe.dom[C]", |row| row.enseignement),
    ("bpe.dom[D]", |row| row.sante),
    ("bpe.dom[E]", |row| row.transports),
    ("bpe.dom[F]", |row| row.loisirs),
    ("bpe.dom[G]", |row| row.tourisme),
];

/// A basket: its indicator, what is there of it, how many it has.
const BASKETS: [(&str, Read, Size); 3] = [
    ("bpe.gamme[prox]", |row| row.proximite, |row| row.panier_proximite),
    ("bpe.gamme[inter]", |row| row.intermediaire, |row| row.panier_intermediaire),
    ("bpe.gamme[sup]", |row| row.superieure, |row| row.panier_superieure),
];

/// Services whose distance is a fact.
const DISTANCES: [&str; 12] = [
    "boulangerie",
    "epicerie",
    "poste",
    "ecole",
    "medecin",
    "pharmacie",
    "supermarche",
    "creche",
    "college",
    "lycee",
    "gare",
    "urgences",
];

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let table = Sheet::new(raw, &raw.around.facilities);
    let now = moment(raw, "bpe_equipements");
    table.add(sheet, "bpe.n", &OWN, &now, |_| true, |row| count(row.n));
    for (id, read) in DOMAINS {
        table.add(sheet, id, &all_scopes(), &now, |_| true, |row| per(10_000, &count(read(row)), row.pop));
    }
    // A basket is that of a commune or of an intercommunality: a département has everything.
    let scopes = [ScopeKind::Com, ScopeKind::Epci, ScopeKind::Sim];
    for (id, present, size) in BASKETS {
        table.add(
            sheet,
            id,
            &scopes,
            &now,
            |_| true,
            |row| Figure::share(&count(present(row)), &Figure::ok(size(row).into())),
        );
    }
    table.add(sheet, "bpe.manque", &COM, &now, |_| true, missing);
    for service in DISTANCES {
        distance(sheet, raw, &table, service, &now);
    }
}

fn missing(row: &Around) -> Figure {
    let present = [row.proximite, row.intermediaire, row.superieure].into_iter().sum::<Option<i64>>();
    let all = row.panier_proximite + row.panier_intermediaire + row.panier_superieure;
    count(present.map(|present| all - present)).with_n(Some(all))
}

fn distance(sheet: &mut SheetBuilder<'_>, raw: &Raw, table: &Sheet<'_, Around>, service: &str, now: &Moment) {
    let Some(line) = indicator(&format!("bpe.dist[{service}]")) else { return };
    let found = raw.around.services.iter().find(|line| line.service == service);
    let figure = match table.row(ScopeKind::Com, |_| true) {
        Err(withheld) => withheld,
        Ok(_) => found.map_or_else(
            || Figure::missing("service absent de la nomenclature chargée"),
            |found| far(found, &raw.territory.commune.code),
        ),
    };
    let origin = origin_of(table, raw, "themes/territory/nearest", NEAREST);
    let origin = indicators::Origin { synthetic: origin.synthetic && figure.status.is_citable(), ..origin };
    sheet.put(line, ScopeKind::Com, figure, &origin, now, None);
}

/// Straight, from the centre of the commune. One of its own without coordinates may be nearer than the one found.
fn far(service: &Service, commune: &str) -> Figure {
    let why =
        if service.centre { "aucun équipement localisé dans le fichier" } else { "centre de la commune inconnu" };
    let figure = Figure::or_missing(service.km, why);
    match service.sans_lieu > 0 && service.code.as_deref() != Some(commune) {
        true => figure.with_caution(FactStatus::LowN, "un équipement de la commune n’a pas de coordonnées"),
        false => figure,
    }
}

/// `panier [{service, label, gamme, present}]`: every service of the three baskets.
pub(super) fn basket(raw: &Raw) -> Value {
    let lines = raw.around.services.iter();
    lines
        .map(|line| {
            json!({"service": line.service, "label": line.libelle, "gamme": line.gamme, "present": line.nombre > 0})
        })
        .collect()
}

/// `manque [{service, label, gamme, code, nom, distance: fact id or null}]`: services that the commune lacks, with the
/// commune of the nearest.
pub(super) fn absent(sheet: &SheetBuilder<'_>, raw: &Raw) -> Value {
    let lines = raw.around.services.iter().filter(|line| line.nombre == 0);
    lines
        .map(|line| {
            let id = fact_id(&format!("bpe.dist[{}]", line.service), None, ScopeKind::Com);
            let distance = sheet.is_citable(&id).then_some(id);
            json!({"service": line.service, "label": line.libelle, "gamme": line.gamme, "code": line.code,
                   "nom": line.nom, "distance": distance})
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples::{commune, service};
    use super::*;

    #[test]
    fn twenty_shops_for_eight_thousand_inhabitants_are_twenty_five_for_ten_thousand() {
        let row = Around { commerces: Some(20), pop: Some(8_000), ..commune() };
        assert_eq!(per(10_000, &count(row.commerces), row.pop).value, Some(25.into()));
        let village = per(10_000, &count(Some(1)), Some(199));
        assert_eq!(village.status, FactStatus::LowN);
    }

    #[test]
    fn five_services_of_eleven_fourteen_and_seven_leave_twenty_seven_to_look_for() {
        let row = Around { proximite: Some(4), intermediaire: Some(1), superieure: Some(0), ..commune() };
        assert_eq!(missing(&row).value, Some(27.into()));
        let unknown = Around { proximite: None, ..row };
        assert_eq!(missing(&unknown).status, FactStatus::Missing);
    }

    #[test]
    fn a_facility_without_coordinates_at_home_makes_a_distance_uncertain() {
        let far_away = Service { sans_lieu: 1, code: Some("00001".to_owned()), ..service("poste", 1, "4.2") };
        assert_eq!(far(&far_away, "00000").status, FactStatus::LowN);
        assert_eq!(far(&Service { sans_lieu: 0, ..far_away.clone() }, "00000").status, FactStatus::Ok);
        assert_eq!(far(&Service { km: None, ..far_away }, "00000").status, FactStatus::Missing);
    }

    #[test]
    fn every_distance_and_domain_is_in_the_dictionary() {
        let ids = DISTANCES.map(|service| format!("bpe.dist[{service}]"));
        assert!(ids.iter().all(|id| indicator(id).is_some()));
        assert!(DOMAINS.iter().all(|(id, _)| indicator(id).is_some()));
        assert!(BASKETS.iter().all(|(id, ..)| indicator(id).is_some()));
    }
}
