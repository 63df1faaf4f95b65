//! Energy certificates, live from ADEME: certificates, never dwellings.

use domain::fact::ScopeKind;
use domain::ports::CertificateCounts;
use rust_decimal::Decimal;

use crate::pages::long_date;
use crate::themes::raw::{Energy, Raw};
use indicators::{Figure, Moment, Origin, SheetBuilder, certificates, indicator};

/// The query of the live source is its address; its digest is that of the stored answer.
const QUERY: &str = "values_agg?field=code_insee_ban,etiquette_dpe";

/// The classes, and the indicator of each.
const CLASSES: [(&str, &str); 7] = [
    ("A", "dpe.cl[A]"),
    ("B", "dpe.cl[B]"),
    ("C", "dpe.cl[C]"),
    ("D", "dpe.cl[D]"),
    ("E", "dpe.cl[E]"),
    ("F", "dpe.cl[F]"),
    ("G", "dpe.cl[G]"),
];

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let (figures, origin, asof) = match &raw.energy {
        Energy::Counted(counts) => {
            let day = long_date(counts.asof.date_naive());
            let vintage = match counts.fallback {
                false => format!("extraction du {day}"),
                true => format!("extraction du {day} (ADEME injoignable depuis)"),
            };
            let origin =
                Origin { vintage, synthetic: counts.synthetic, ..origin(&counts.dataset, &counts.answer_sha256) };
            (counted(counts, raw), origin, Some(counts.asof.format("%Y-%m-%d").to_string()))
        }
        Energy::Unavailable { asked_at } => {
            let away = Figure::missing("service de l’ADEME indisponible lors de la collecte");
            let asof = asked_at.map(|at| at.format("%Y-%m-%d").to_string());
            let ids = ["dpe.n", "dpe.fg", "dpe.repr"].into_iter().chain(CLASSES.map(|(_, id)| id));
            (ids.map(|id| (id, away.clone())).collect(), origin("dpe", ""), asof)
        }
    };
    let moment = Moment { year: None, period: None, asof };
    for (id, figure) in figures {
        let Some(line) = indicator(id) else { continue };
        sheet.put(line, ScopeKind::Com, figure, &origin, &moment, None);
    }
}

/// Shares are of the certificates that have a class; the number is of all.
fn counted(counts: &CertificateCounts, raw: &Raw) -> Vec<(&'static str, Figure)> {
    let of = |label: &str| counts.by_label.get(label).copied().unwrap_or_default();
    let labelled: i64 = counts.by_label.values().sum();
    let share = |n: i64| {
        let share = Figure::share(&Figure::ok(Decimal::from(n)), &Figure::ok(Decimal::from(labelled)));
        certificates(share, labelled)
    };
    let number = Figure::ok(Decimal::from(counts.total));
    let classes = CLASSES.map(|(label, id)| (id, share(of(label))));
    let mut figures =
        vec![("dpe.fg", share(of("F") + of("G"))), ("dpe.repr", represented(&number, raw)), ("dpe.n", number)];
    figures.extend(classes);
    figures
}

/// How many certificates there are for a hundred dwellings of the newest census. Not a rate of coverage: a building may
/// have one certificate for all its flats, a dwelling several in a row.
fn represented(number: &Figure, raw: &Raw) -> Figure {
    let newest = raw.housing.of(ScopeKind::Com).max_by_key(|row| row.annee);
    let dwellings = Figure::or_missing(newest.map(|row| row.log), "logements du recensement non chargés");
    Figure::share(number, &dwellings)
}

fn origin(dataset: &str, answer_sha256: &str) -> Origin {
    Origin {
        dataset: dataset.to_owned(),
        producteur: "ADEME".to_owned(),
        vintage: "sans extraction".to_owned(),
        load: answer_sha256.chars().take(12).collect(),
        query: QUERY,
        query_sha256: answer_sha256.to_owned(),
        synthetic: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::themes::fixture;

    #[test]
    fn classes_are_shares_of_those_that_have_one_and_add_up_to_a_hundred() {
        let raw = fixture::ordinary();
        let Energy::Counted(counts) = &raw.energy else { panic!("the town has certificates") };
        let figures = counted(counts, &raw);
        let value =
            |id: &str| figures.iter().find(|(name, _)| *name == id).and_then(|(_, figure)| figure.value).unwrap();
        // 725 of 2 310; 301 and 198 of 2 310; 2 310 for 8 142 dwellings
        assert_eq!(value("dpe.cl[D]").round_dp(4), Decimal::new(313_853, 4));
        assert_eq!(value("dpe.fg").round_dp(4), Decimal::new(216_017, 4));
        assert_eq!(value("dpe.repr").round_dp(4), Decimal::new(283_714, 4));
        let all: Decimal = CLASSES.iter().map(|(_, id)| value(id)).sum();
        assert_eq!(all.round_dp(6), Decimal::ONE_HUNDRED);
    }

    #[test]
    fn few_certificates_give_no_share_and_no_dwelling_no_representation() {
        let mut raw = fixture::ordinary();
        let Energy::Counted(mut counts) = raw.energy.clone() else { panic!("the town has certificates") };
        counts.by_label = [("C".to_owned(), 20), ("F".to_owned(), 9)].into();
        counts.total = 29;
        raw.housing.rows.clear();
        let figures = counted(&counts, &raw);
        for (id, figure) in figures.iter().filter(|(id, _)| *id != "dpe.n") {
            assert!(!figure.status.is_citable(), "{id}: {figure:?}");
        }
    }
}
