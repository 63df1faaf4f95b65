//! The social stock (RPLS), and its number beside the main residences of the census. Not the rate of the SRU law.

#[cfg(test)]
mod tests;

use domain::fact::FactStatus;
use rust_decimal::Decimal;

use super::raw::{Raw, Row as _, Social, Table};
use super::scoped::{OWN, Sheet, all_scopes};
use indicators::{Figure, Moment, SheetBuilder, few_dwellings};

/// Least share of the dwellings that a mean of published rates must rest on.
const NEARLY_ALL: Decimal = Decimal::from_parts(9, 0, 0, false, 1);

/// A published rate: its indicator, its name in the file, its value and the share of the dwellings that it rests on.
type Published = (&'static str, &'static str, fn(&Social) -> Option<Decimal>, fn(&Social) -> Option<Decimal>);

const PUBLISHED: &[Published] = &[
    ("rpl.vac", "tx_vac", |row| row.tx_vac, |row| row.vac_part),
    ("rpl.vac3", "tx_vac3", |row| row.tx_vac3, |row| row.vac3_part),
    ("rpl.mob", "tx_mob", |row| row.tx_mob, |row| row.mob_part),
    ("rpl.loyer", "loyer_moyen", |row| row.loyer, |row| row.loyer_part),
    ("rpl.age", "age_moyen", |row| row.age, |row| row.age_part),
];

type Part = fn(&Social) -> Option<Decimal>;

/// A share of the stock: its indicator, the name of its numerator in the file, numerator and denominator.
const SHARES: &[(&str, &str, Part, Part)] = &[
    ("rpl.fin[PLAI]", "nb_plai", |row| row.plai, |row| row.nb_ls),
    ("rpl.fin[PLUS]", "nb_plus", |row| row.plus, |row| row.nb_ls),
    ("rpl.fin[PLS]", "nb_pls", |row| row.pls, |row| row.nb_ls),
    ("rpl.fin[autres]", "nb_autres", |row| row.autres, |row| row.nb_ls),
    ("rpl.t1t2", "nb_t1t2", |row| row.t1t2, |row| row.nb_ls),
    ("rpl.dpe_efg", "nb_dpe_efg", |row| row.dpe_efg, |row| row.dpe),
];

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let table = Sheet::new(raw, &raw.social);
    let year = raw.social.years().last().copied().unwrap_or_default();
    let moment = Moment::during(year.to_string());
    let wanted = |row: &Social| row.annee == year;
    table.add(sheet, "rpl.n", &OWN, &moment, wanted, stock);
    let new = |row: &Social| told(row, "nb_neufs", row.neufs);
    table.add(sheet, "rpl.neufs", &OWN, &moment, wanted, new);
    for (id, name, value, part) in PUBLISHED {
        table.add(sheet, id, &all_scopes(), &moment, wanted, |row| published(row, name, value(row), part(row)));
    }
    for (id, name, numerator, denominator) in SHARES {
        let share = |row: &Social| {
            let whole = few_dwellings(stock(row), &stock(row));
            let whole = if whole.status.is_citable() { told(row, name, denominator(row)) } else { whole };
            Figure::share(&told(row, name, numerator(row)), &whole)
        };
        table.add(sheet, id, &all_scopes(), &moment, wanted, share);
    }

    // The rate rests on two files, whose provenance is joined: one generated row on either side makes it a specimen's.
    let joined = beside_residences(&raw.social);
    Sheet::new(raw, &joined).add(sheet, "rpl.tx", &all_scopes(), &moment, wanted, rate);
}

/// The same rows, resting on both files.
fn beside_residences(table: &Table<Social>) -> Table<Social> {
    let both = |row: &Social| {
        let sources = row.sources.iter().chain(&row.rp_sources).copied().collect();
        Social { sources, part: row.rp_part, ..row.clone() }
    };
    Table {
        rows: table.rows.iter().map(both).collect(),
        peers: table.peers.iter().map(both).collect(),
        ..table.clone()
    }
}

fn rate(row: &Social) -> Figure {
    let residences = Figure::or_missing(row.rp, "résidences principales non chargées");
    let share = Figure::share(&stock(row), &residences);
    // Among the peers a village without social dwellings counts as such.
    if row.scope() == "com" { few_dwellings(share, &stock(row)) } else { share }
}

/// A commune that a complete file does not name has no social dwelling: that zero is a figure.
fn stock(row: &Social) -> Figure {
    if row.secret {
        return Figure::secret();
    }
    let figure = Figure::or_missing(row.nb_ls, "publié pour la ville entière et non par arrondissement");
    if mark(row, "nb_ls") == Some("est") { figure.with_caution(FactStatus::Modelled, ESTIMATED) } else { figure }
}

const ESTIMATED: &str = "estimé après une fusion ou une division de communes";

/// What the file says of the commune's own figure.
fn mark<'a>(row: &'a Social, name: &str) -> Option<&'a str> {
    row.marques.iter().find_map(|mark| mark.strip_prefix(name)?.strip_prefix('='))
}

/// A number of the file, with its mark.
fn told(row: &Social, name: &str, value: Option<Decimal>) -> Figure {
    match (stock(row), mark(row, name)) {
        (stock, _) if !stock.status.is_citable() => stock,
        (_, Some("s")) => Figure::secret(),
        (stock, _) if stock.value == Some(Decimal::ZERO) && value.is_none() => {
            Figure::withheld(FactStatus::NotApplicable, "aucun logement social")
        }
        (_, Some("est")) => Figure::or_missing(value, ABSENT).with_caution(FactStatus::Modelled, ESTIMATED),
        _ => Figure::or_missing(value, ABSENT),
    }
}

const ABSENT: &str = "absent du fichier RPLS chargé";

/// A rate of the producer's; of several rows only a mean weighted by dwellings can be told.
fn published(row: &Social, name: &str, value: Option<Decimal>, part: Option<Decimal>) -> Figure {
    let figure = few_dwellings(told(row, name, value), &stock(row));
    let mean = row.composee || !matches!(row.scope(), "com" | "sim");
    match (mean, figure.status.is_citable()) {
        (true, true) if part.unwrap_or_default() < NEARLY_ALL => {
            Figure::missing("données incomplètes sur ce territoire")
        }
        (true, true) => figure.with_caution(FactStatus::Modelled, "moyenne pondérée par les logements sociaux"),
        _ => figure,
    }
}
