//! Can local households afford it: rents and prices of a territory beside the median standard of living there. Made of
//! other facts of the sheet and of dated parameters, which are facts as well.

#[cfg(test)]
pub mod samples;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use domain::fact::{Fact, ScopeKind};
use rust_decimal::{Decimal, MathematicalOps as _};
use sqlx::FromRow;

use super::collect::Asked;
use super::raw::Raw;
use super::scoped::OWN;
use crate::study::StudyError;
use indicators::{Figure, Moment, Origin, SheetBuilder, fact_id, indicator, sha256};

const PARAMETERS: &str = include_str!("parametres.sql");

/// What a formula supposes, since when.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Parameter {
    pub cle: String,
    pub date_effet: NaiveDate,
    /// Percent, but for `duree`: years.
    pub valeur: Decimal,
    pub origine: String,
}

/// # Errors
/// An unreadable database.
pub async fn read(asked: &Asked<'_>) -> Result<Vec<Parameter>, StudyError> {
    Ok(sqlx::query_as(PARAMETERS).fetch_all(asked.db).await?)
}

/// A household: consumption units, the rent it looks at, and the area that goes with it in m².
struct Household {
    name: &'static str,
    units: Decimal,
    rent: &'static str,
    area: Decimal,
}

const HOUSEHOLDS: [Household; 3] = [
    Household {
        name: "solo",
        units: Decimal::ONE,
        rent: "ani.loyer[t1t2]",
        area: Decimal::from_parts(37, 0, 0, false, 0),
    },
    Household {
        name: "couple",
        units: Decimal::from_parts(15, 0, 0, false, 1),
        rent: "ani.loyer[appt]",
        area: Decimal::from_parts(52, 0, 0, false, 0),
    },
    Household {
        name: "famille",
        units: Decimal::from_parts(21, 0, 0, false, 1),
        rent: "ani.loyer[t3p]",
        area: Decimal::from_parts(72, 0, 0, false, 0),
    },
];

const MONTHS: Decimal = Decimal::from_parts(12, 0, 0, false, 0);

/// Adds what rests on incomes, rents and sales: these come first.
pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    for parameter in &raw.parameters {
        let Some(line) = indicator(&format!("aff.{}", parameter.cle)) else { continue };
        let moment = Moment::during(parameter.date_effet.format("%d/%m/%Y").to_string());
        let figure = Figure::ok(parameter.valeur).with_note(Some(parameter.origine.clone()));
        sheet.put(line, ScopeKind::Com, figure, &hypotheses(), &moment, None);
    }
    for scope in OWN {
        let income = cited(sheet, "fil.med", scope);
        let price = cited(sheet, "dvf.med[appt]", scope);
        for household in &HOUSEHOLDS {
            let rent = cited(sheet, household.rent, scope);
            let effort = rent_effort(household, &rent.0, &income.0);
            put(sheet, &format!("aff.loyer[{}]", household.name), scope, effort, &[&rent, &income]);
            let area = affordable(household, &raw.parameters, &income.0, &price.0);
            put(sheet, &format!("aff.m2[{}]", household.name), scope, area, &[&income, &price]);
        }
        let months = Figure::ratio(&price.0, &income.0, MONTHS);
        put(sheet, "aff.mois_m2", scope, Figure { n: None, ..months }, &[&price, &income]);
        for (kind, rent) in [("appt", "ani.loyer[appt]"), ("mais", "ani.loyer[maison]")] {
            let (rent, price) = (cited(sheet, rent, scope), cited(sheet, &format!("dvf.med[{kind}]"), scope));
            let yield_ = Figure::ratio(&rent.0, &price.0, MONTHS * Decimal::ONE_HUNDRED);
            put(sheet, &format!("ren.brut[{kind}]"), scope, Figure { n: None, ..yield_ }, &[&rent, &price]);
        }
    }
}

/// `100·12·rent·area/(median·units)`: what the rent takes of the income.
fn rent_effort(household: &Household, rent: &Figure, income: &Figure) -> Figure {
    let factor = MONTHS * household.area / household.units * Decimal::ONE_HUNDRED;
    Figure { n: None, ..Figure::ratio(rent, income, factor) }
}

/// Square metres that a loan within the effort buys: `((e·median·units/12)·(1−(1+t)^−N)/t)/(price·(1−d)·(1+f))`.
fn affordable(household: &Household, parameters: &[Parameter], income: &Figure, price: &Figure) -> Figure {
    let Some(factor) = loan(parameters).map(|loan| loan * household.units) else {
        return Figure::missing("paramètres d’emprunt absents");
    };
    Figure { n: None, ..Figure::ratio(income, price, factor) }
}

/// Euros of flat per euro of yearly income, for one consumption unit.
fn loan(parameters: &[Parameter]) -> Option<Decimal> {
    let of = |key: &str| parameters.iter().find(|parameter| parameter.cle == key).map(|parameter| parameter.valeur);
    let share = |key: &str| Some(of(key)? / Decimal::ONE_HUNDRED);
    let rate = share("taux")? / MONTHS;
    let months = (of("duree")? * MONTHS).round();
    let growth = (Decimal::ONE + rate).checked_powd(months)?;
    // Without interest a loan is the sum of its instalments.
    let instalments = if rate.is_zero() { months } else { (Decimal::ONE - Decimal::ONE / growth) / rate };
    let borrowed = share("effort")? / MONTHS * instalments;
    borrowed.checked_div((Decimal::ONE - share("apport")?) * (Decimal::ONE + share("frais")?))
}

/// A fact of the sheet as an input: its figure, its origin and its period.
type Input = (Figure, Option<Origin>, Option<String>);

fn cited(sheet: &SheetBuilder<'_>, id: &str, scope: ScopeKind) -> Input {
    let Some(fact) = sheet.get(&fact_id(id, None, scope)) else {
        return (Figure::missing("donnée non chargée"), None, None);
    };
    let figure = match fact.value {
        Some(value) if fact.status.is_citable() => {
            Figure { status: fact.status, note: fact.note.clone(), ..Figure::ok(value) }
        }
        _ => Figure::withheld(fact.status, fact.note.clone().unwrap_or_default()),
    };
    (figure, Some(origin(fact)), fact.period.clone())
}

fn origin(fact: &Fact) -> Origin {
    Origin {
        dataset: fact.prov.dataset.clone(),
        producteur: fact.prov.producteur.clone(),
        vintage: fact.prov.vintage.clone(),
        load: fact.prov.load.clone(),
        synthetic: fact.prov.synthetic,
        ..hypotheses()
    }
}

/// Ours, and from no file.
fn hypotheses() -> Origin {
    Origin {
        dataset: "parametres".to_owned(),
        producteur: "LObsTer".to_owned(),
        vintage: String::new(),
        load: String::new(),
        query: "themes/parametres",
        query_sha256: sha256(PARAMETERS.as_bytes()),
        synthetic: false,
    }
}

fn put(sheet: &mut SheetBuilder<'_>, id: &str, scope: ScopeKind, figure: Figure, inputs: &[&Input]) {
    let Some(line) = indicator(id) else { return };
    let origins = inputs.iter().filter_map(|(_, origin, _)| origin.clone());
    let origin = origins.reduce(|all, origin| all.and(&origin)).unwrap_or_else(hypotheses);
    let origin = Origin { synthetic: origin.synthetic && figure.status.is_citable(), ..origin };
    let mut periods: Vec<&str> = inputs.iter().filter_map(|(.., period)| period.as_deref()).collect();
    periods.dedup();
    sheet.put(line, scope, figure, &origin, &Moment::during(periods.join(", ")), None);
}
