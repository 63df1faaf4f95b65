//! Benefits of the family branch, and the allowances that the département pays. The producer blurs small numbers and
//! rounds the others: rates are told of sums, never the sums.

use domain::fact::{FactStatus, ScopeKind};
use rust_decimal::Decimal;
use sqlx::FromRow;

use super::collect::Asked;
use super::raw::{Raw, Row, Table, row};
use super::scoped::{Sheet, all_scopes};
use crate::study::StudyError;
use indicators::{Figure, Moment, Origin, SheetBuilder, indicator};

const RECIPIENTS: &str = concat!(include_str!("../sql/niveaux.sql"), include_str!("allocataires.sql"));
const ALLOWANCES: &str = include_str!("aides.sql");

row! {
    /// Recipients in one December, each figure with the producer's mark (`ns` for a nil that may hide one or two).
    Recipients {
        /// Inhabitants and households of the communes that the file names.
        habitants: i64, men: Option<Decimal>,
        alloc: Option<Decimal>, alloc_statut: Option<String>,
        pers: Option<Decimal>, pers_statut: Option<String>,
        rsa: Option<Decimal>, rsa_statut: Option<String>,
        ppa: Option<Decimal>, ppa_statut: Option<String>,
        aah: Option<Decimal>, aah_statut: Option<String>,
        al: Option<Decimal>, al_statut: Option<String>,
        asf: Option<Decimal>, asf_statut: Option<String>,
    }
    /// Beneficiaries of the département's allowances, and the inhabitants they are among.
    Allowances {
        /// Estimated by the producer.
        estime: bool,
        apa_dom: Option<Decimal>, apa_etab: Option<Decimal>, pch: Option<Decimal>,
        p75: Option<Decimal>, m60: Option<Decimal>,
    }
}

/// What the queries of this theme return.
#[derive(Debug, Clone)]
pub struct Tables {
    pub recipients: Table<Recipients>,
    pub allowances: Table<Allowances>,
}

impl Default for Tables {
    fn default() -> Self {
        Self {
            recipients: Table::empty("caf_communal", "themes/benefits/allocataires", RECIPIENTS),
            allowances: Table::empty("aides_dept", "themes/benefits/aides", ALLOWANCES),
        }
    }
}

/// Reads the theme for one commune.
///
/// # Errors
/// An unreadable database.
pub async fn read(asked: &Asked<'_>) -> Result<Tables, StudyError> {
    if !asked.uses(&["caf_communal", "aides_dept"]) {
        return Ok(Tables::default());
    }
    let (recipients, allowances) = tokio::try_join!(
        asked.with_peers("caf_communal", "themes/benefits/allocataires", RECIPIENTS),
        asked.own("aides_dept", "themes/benefits/aides", ALLOWANCES),
    )?;
    Ok(Tables { recipients, allowances })
}

/// Tiny communes are not in the file: the rest must still be nearly the whole territory.
const NAMED_SHARE: Decimal = Decimal::from_parts(9, 0, 0, false, 1);

type Published = fn(&Recipients) -> (Option<Decimal>, Option<&str>);

/// Told of the commune alone: a sum of rounded numbers is not a number.
const COUNTS: [(&str, Published); 2] = [
    ("caf.alloc", |row| (row.alloc, row.alloc_statut.as_deref())),
    ("caf.pers", |row| (row.pers, row.pers_statut.as_deref())),
];

/// Households that receive, for a hundred households.
const RATES: [(&str, Published); 5] = [
    ("caf.rsa", |row| (row.rsa, row.rsa_statut.as_deref())),
    ("caf.ppa", |row| (row.ppa, row.ppa_statut.as_deref())),
    ("caf.aah", |row| (row.aah, row.aah_statut.as_deref())),
    ("caf.al", |row| (row.al, row.al_statut.as_deref())),
    ("caf.monop", |row| (row.asf, row.asf_statut.as_deref())),
];

/// Adds the facts of the theme. Where neither file is loaded there are none: no page that is sold today prints them, and a
/// report does not list what it never promised.
pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    if raw.benefits.recipients.rows.is_empty() && raw.benefits.allowances.rows.is_empty() {
        return;
    }
    let table = Sheet { least: NAMED_SHARE, ..Sheet::new(raw, &raw.benefits.recipients) };
    let year = raw.benefits.recipients.years().last().copied().unwrap_or_default();
    let moment = Moment::during(format!("décembre {year}"));
    let wanted = |row: &Recipients| row.annee == year;
    for (id, figure) in COUNTS {
        table.add(sheet, id, &[ScopeKind::Com], &moment, wanted, |row| published(row, figure(row)));
    }
    table.add(sheet, "caf.couv", &all_scopes(), &moment, wanted, covered);
    for (id, figure) in RATES {
        table.add(sheet, id, &all_scopes(), &moment, wanted, |row| per_hundred(row, &published(row, figure(row))));
    }
    allowances(sheet, raw);
}

/// The producer's figure with his caution.
fn published(row: &Recipients, (value, status): (Option<Decimal>, Option<&str>)) -> Figure {
    let own = matches!(row.scope.as_str(), "com" | "sim");
    match (value, status) {
        (_, Some("s")) if own => Figure::secret(),
        (None, _) => Figure::missing("non publié par la Caf"),
        (Some(value), Some("ns")) if own => Figure::ok(value)
            .with_caution(FactStatus::LowN, "arrondi du producteur\u{a0}: un ou deux foyers peuvent s’y cacher"),
        (Some(value), Some("est")) if own => {
            Figure::ok(value).with_caution(FactStatus::Modelled, "commune divisée depuis\u{a0}: chiffre réparti")
        }
        (Some(value), _) => {
            Figure::ok(value).with_note(Some("arrondi à cinq par le producteur, hors régime agricole".to_owned()))
        }
    }
}

/// `100·persons covered/inhabitants`.
fn covered(row: &Recipients) -> Figure {
    Figure::share(&published(row, (row.pers, row.pers_statut.as_deref())), &Figure::ok(row.habitants.into()))
}

/// `100·households that receive/households`.
fn per_hundred(row: &Recipients, recipients: &Figure) -> Figure {
    Figure::share(recipients, &Figure::or_missing(row.men, "ménages du recensement non chargés"))
}

fn allowances(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    type Formula = fn(&Allowances) -> Figure;
    let figures: [(&str, Formula); 3] = [("adp.apa", autonomy), ("adp.apa_dom", at_home), ("adp.pch", compensation)];
    let table = Sheet::new(raw, &raw.benefits.allowances);
    // Not asked scope by scope: Paris is a département of one commune, and its allowances are the département's.
    let row = raw.benefits.allowances.of(ScopeKind::Dep).next();
    let moment = row.map_or_else(Moment::default, |row| Moment::during(row.annee.to_string()));
    for (id, formula) in figures {
        let Some(line) = indicator(id) else { continue };
        let figure = row.map_or_else(
            || Figure::missing("aides du département non chargées"),
            |row| {
                let figure = formula(row);
                if row.estime { figure.with_caution(FactStatus::LowN, "estimé par le producteur") } else { figure }
            },
        );
        let origin = table.origin(row);
        let origin = Origin { synthetic: origin.synthetic && figure.status.is_citable(), ..origin };
        sheet.put(line, ScopeKind::Dep, figure, &origin, &moment, None);
    }
}

const SILENT: &str = "le département n’a pas répondu à l’enquête";
const NO_INHABITANTS: &str = "population du département non chargée pour la même année";

/// `100·(home + institution)/P75+`.
fn autonomy(row: &Allowances) -> Figure {
    let all = row.apa_dom.zip(row.apa_etab).map(|(home, institution)| home + institution);
    Figure::share(&Figure::or_missing(all, SILENT), &Figure::or_missing(row.p75, NO_INHABITANTS))
}

/// `100·home/(home + institution)`.
fn at_home(row: &Allowances) -> Figure {
    let all = row.apa_dom.zip(row.apa_etab).map(|(home, institution)| home + institution);
    Figure::share(&Figure::or_missing(row.apa_dom, SILENT), &Figure::or_missing(all, SILENT))
}

/// `1000·beneficiaries/P<60`.
fn compensation(row: &Allowances) -> Figure {
    let inhabitants = Figure::or_missing(row.m60, NO_INHABITANTS);
    Figure::ratio(&Figure::or_missing(row.pch, SILENT), &inhabitants, Decimal::ONE_THOUSAND)
}

#[cfg(test)]
mod database;
#[cfg(test)]
pub mod samples;
#[cfg(test)]
mod tests;
