//! « Point mort »: how many dwellings a territory needed between two censuses to house the inhabitants it had. A look
//! back, which says nothing of unmet need.

use domain::fact::FactStatus;
use rust_decimal::Decimal;

use super::Needs;
use crate::themes::raw::{Raw, Row as _};
use crate::themes::scoped::{OWN, Sheet};
use indicators::{Figure, Moment, SAMPLED_FROM, SheetBuilder};

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let table = Sheet::new(raw, &raw.building.needs);
    let year = raw.building.needs.years().last().copied().unwrap_or_default();
    let from = raw.building.needs.rows.first().map_or(year, |row| row.annee_m5);
    let moment = Moment::during(format!("{from}-{year}"));
    type Term = fn(&Balance) -> Decimal;
    let terms: [(&str, Term); 6] = [
        ("bes.construits", |balance| balance.built),
        ("bes.renouv", |balance| balance.renewal),
        ("bes.vacance", |balance| balance.unoccupied),
        ("bes.desserr", |balance| balance.smaller_households),
        ("bes.pm", Balance::standstill),
        ("bes.effet_demo", |balance| balance.built - balance.standstill()),
    ];
    for (id, term) in terms {
        table.add(sheet, id, &OWN, &moment, |row| row.annee == year, |row| told(row, term));
    }
    table.add(sheet, "bes.pm_an", &OWN, &moment, |row| row.annee == year, per_year);
    table.add(sheet, "bes.pm_par1000", &OWN, &moment, |row| row.annee == year, per_inhabitant);
}

/// The terms of the balance, in dwellings over the whole span.
struct Balance {
    built: Decimal,
    /// Built without adding to the stock: demolished, merged, turned to other uses.
    renewal: Decimal,
    /// More second homes and more vacant dwellings.
    unoccupied: Decimal,
    /// What the same persons in households need once households are smaller.
    smaller_households: Decimal,
}

impl Balance {
    fn of(row: &Needs) -> Result<Self, Figure> {
        let absent = |what: &str| Figure::missing(what.to_owned());
        let built = row.construits.ok_or_else(|| absent("permis non chargés entre les deux recensements"))?;
        let all = row.men.zip(row.men_m5).zip(row.pmen.zip(row.pmen_m5));
        let ((men, men_m5), (pmen, pmen_m5)) = all.ok_or_else(|| absent("ménages absents de l’un des recensements"))?;
        if [men, men_m5, pmen, pmen_m5].iter().any(|value| *value <= Decimal::ZERO) {
            return Err(Figure::withheld(FactStatus::NotApplicable, "aucun ménage"));
        }
        // `pmen_m5 / (pmen_m5/men_m5)` is `men_m5`.
        let smaller_households = pmen_m5 * men / pmen - men_m5;
        Ok(Self {
            built,
            renewal: built - (row.log - row.log_m5),
            unoccupied: (row.rsecocc - row.rsecocc_m5) + (row.logvac - row.logvac_m5),
            smaller_households,
        })
    }

    /// What keeps the number of inhabitants as it is.
    fn standstill(&self) -> Decimal {
        self.renewal + self.unoccupied + self.smaller_households
    }
}

fn told(row: &Needs, term: impl Fn(&Balance) -> Decimal) -> Figure {
    let balance = match Balance::of(row) {
        Ok(balance) => balance,
        Err(withheld) => return withheld,
    };
    let figure = Figure::ok(term(&balance)).sampled(row.habitants >= SAMPLED_FROM);
    if balance.built < Decimal::from(20) {
        return figure.with_caution(FactStatus::LowN, "moins de vingt logements commencés entre les deux recensements");
    }
    figure
}

fn per_year(row: &Needs) -> Figure {
    let years = Decimal::from(row.year() - row.annee_m5);
    Figure { to_ten: false, ..told(row, |balance| balance.standstill() / years) }
}

fn per_inhabitant(row: &Needs) -> Figure {
    Figure::ratio(&per_year(row), &Figure::ok(Decimal::from(row.habitants)), Decimal::ONE_THOUSAND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn town() -> Needs {
        let some = |value: i64| Some(Decimal::from(value));
        Needs {
            scope: "com".to_owned(),
            annee: 2021,
            sources: vec![1],
            part: Decimal::ONE,
            habitants: 4_400,
            annee_m5: 2015,
            log: 2_240.into(),
            log_m5: 2_100.into(),
            rsecocc: 90.into(),
            rsecocc_m5: 80.into(),
            logvac: 150.into(),
            logvac_m5: 120.into(),
            men: some(2_000),
            men_m5: some(1_900),
            pmen: some(4_400),
            pmen_m5: some(4_370),
            construits: some(170),
        }
    }

    #[test]
    fn of_170_dwellings_30_replaced_40_stand_empty_and_86_house_smaller_households() {
        let row = town();
        let balance = Balance::of(&row).ok().unwrap();
        // R = 170 − 140, V = 10 + 30, D = 4370/2.2 − 4370/2.3 = 1986.36 − 1900.
        assert_eq!((balance.renewal, balance.unoccupied), (30.into(), 40.into()));
        assert_eq!(balance.smaller_households.round_dp(4), Decimal::new(863_636, 4));
        assert_eq!(balance.standstill().round_dp(4), Decimal::new(1_563_636, 4));
        assert_eq!(per_year(&row).value.unwrap().round_dp(4), Decimal::new(260_606, 4));
        assert_eq!(per_inhabitant(&row).value.unwrap().round_dp(4), Decimal::new(59_229, 4));
    }

    #[test]
    fn without_permits_or_households_there_is_no_balance() {
        let of = |row: &Needs| told(row, Balance::standstill).status;
        assert_eq!(of(&Needs { construits: None, ..town() }), FactStatus::Missing);
        assert_eq!(of(&Needs { pmen_m5: None, ..town() }), FactStatus::Missing);
        assert_eq!(of(&Needs { men: Some(Decimal::ZERO), ..town() }), FactStatus::NotApplicable);
        assert_eq!(of(&Needs { construits: Some(Decimal::TEN), ..town() }), FactStatus::LowN);
    }

    proptest! {
        /// When each main residence houses one household, what was built beyond the standstill housed new persons.
        #[test]
        fn what_is_built_beyond_the_standstill_houses_the_persons_more(
            (men, men_m5, pmen, pmen_m5) in (20_i64..90_000, 20_i64..90_000, 30_i64..200_000, 30_i64..200_000),
            (second, second_m5, empty, empty_m5) in (0_i64..9_000, 0_i64..9_000, 0_i64..9_000, 0_i64..9_000),
            built in 20_i64..30_000,
        ) {
            let row = Needs {
                log: (men + second + empty).into(),
                log_m5: (men_m5 + second_m5 + empty_m5).into(),
                rsecocc: second.into(),
                rsecocc_m5: second_m5.into(),
                logvac: empty.into(),
                logvac_m5: empty_m5.into(),
                men: Some(men.into()),
                men_m5: Some(men_m5.into()),
                pmen: Some(pmen.into()),
                pmen_m5: Some(pmen_m5.into()),
                construits: Some(built.into()),
                ..town()
            };
            let balance = Balance::of(&row).ok().unwrap();
            let effect = balance.built - balance.standstill();
            let housed = Decimal::from(pmen - pmen_m5) * Decimal::from(men) / Decimal::from(pmen);
            prop_assert!((effect - housed).abs() < Decimal::new(1, 6), "{effect} ≠ {housed}");
        }
    }
}
