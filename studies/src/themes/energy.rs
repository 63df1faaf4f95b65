//! Energy certificates, live from ADEME: certificates, never dwellings.

use chrono::{DateTime, Utc};
use domain::fact::ScopeKind;
use domain::ports::{CertificateCounts, CertificateMedian};
use rust_decimal::Decimal;

use super::scoped::Sheet;
use crate::pages::long_date;
use crate::themes::raw::{Energy, Raw};
use indicators::{Figure, Moment, Origin, SheetBuilder, certificates, indicator};

/// The query of the live source is its address; its digest is that of the stored answer.
const QUERY: &str = "values_agg?field=code_insee_ban,etiquette_dpe";
const CLIMATE: &str = "values_agg?field=code_insee_ban,etiquette_ges";
const CONSUMPTION: &str = "metric_agg?metric=percentiles&field=conso_5_usages_par_m2_ep";
const EMISSIONS: &str = "metric_agg?metric=percentiles&field=emission_ges_5_usages_par_m2";

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

const AWAY: &str = "service de l’ADEME indisponible lors de la collecte";

pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    let (figures, source) = match &raw.energy {
        Energy::Counted(counts) => (counted(counts), Source::of_counts(counts, QUERY)),
        Energy::Unavailable { asked_at } => {
            let ids = ["dpe.n", "dpe.fg"].into_iter().chain(CLASSES.map(|(_, id)| id));
            (ids.map(|id| (id, Figure::missing(AWAY))).collect(), Source::away(*asked_at))
        }
    };
    let number = figures.iter().find(|(id, _)| *id == "dpe.n").map(|(_, figure)| figure.clone());
    for (id, figure) in figures {
        source.put(sheet, id, figure);
    }
    represented(sheet, raw, &number.unwrap_or_else(|| Figure::missing(AWAY)), source);
    let climate = raw.measures.climate.as_ref();
    let polluting = climate.map(|counts| (shares(counts, &["F", "G"]), Source::of_counts(counts, CLIMATE)));
    let consumption =
        raw.measures.consumption.as_ref().map(|found| (median(found), Source::of_median(found, CONSUMPTION)));
    let emissions = raw.measures.emissions.as_ref().map(|found| (median(found), Source::of_median(found, EMISSIONS)));
    for (id, found) in [("dpe.ges_fg", polluting), ("dpe.conso", consumption), ("dpe.ges", emissions)] {
        let (figure, source) = found.unwrap_or_else(|| (Figure::missing(AWAY), Source::away(None)));
        source.put(sheet, id, figure);
    }
}

/// The answer behind a figure.
struct Source {
    origin: Origin,
    moment: Moment,
}

impl Source {
    fn of_counts(counts: &CertificateCounts, query: &'static str) -> Self {
        let CertificateCounts { asof, fallback, dataset, answer_sha256, synthetic, .. } = counts;
        Self::of(query, *asof, *fallback, dataset, answer_sha256, *synthetic)
    }

    fn of_median(median: &CertificateMedian, query: &'static str) -> Self {
        let CertificateMedian { asof, fallback, dataset, answer_sha256, synthetic, .. } = median;
        Self::of(query, *asof, *fallback, dataset, answer_sha256, *synthetic)
    }

    fn of(
        query: &'static str,
        asof: DateTime<Utc>,
        fallback: bool,
        dataset: &str,
        answer_sha256: &str,
        synthetic: bool,
    ) -> Self {
        let day = long_date(asof.date_naive());
        let vintage = match fallback {
            false => format!("extraction du {day}"),
            true => format!("extraction du {day} (ADEME injoignable depuis)"),
        };
        let origin = Origin { vintage, synthetic, query, ..origin(dataset, answer_sha256) };
        Self { origin, moment: Moment { asof: Some(asof.format("%Y-%m-%d").to_string()), ..Moment::default() } }
    }

    fn away(asked_at: Option<DateTime<Utc>>) -> Self {
        let asof = asked_at.map(|at| at.format("%Y-%m-%d").to_string());
        Self { origin: origin("dpe", ""), moment: Moment { asof, ..Moment::default() } }
    }

    fn put(&self, sheet: &mut SheetBuilder<'_>, id: &str, figure: Figure) {
        if let Some(line) = indicator(id) {
            sheet.put(line, ScopeKind::Com, figure, &self.origin, &self.moment, None);
        }
    }
}

/// The share of some classes among the certificates that have one.
fn shares(counts: &CertificateCounts, labels: &[&str]) -> Figure {
    let n: i64 = labels.iter().filter_map(|label| counts.by_label.get(*label)).sum();
    let labelled: i64 = counts.by_label.values().sum();
    certificates(Figure::share(&Figure::ok(Decimal::from(n)), &Figure::ok(Decimal::from(labelled))), labelled)
}

/// The number is of all certificates, with or without a class.
fn counted(counts: &CertificateCounts) -> Vec<(&'static str, Figure)> {
    let mut figures = vec![("dpe.n", Figure::ok(Decimal::from(counts.total))), ("dpe.fg", shares(counts, &["F", "G"]))];
    figures.extend(CLASSES.map(|(label, id)| (id, shares(counts, &[label]))));
    figures
}

fn median(found: &CertificateMedian) -> Figure {
    certificates(Figure::or_missing(found.value, "non renseigné dans les diagnostics"), found.total)
}

/// How many certificates there are for a hundred dwellings of the newest census. Not a rate of coverage: a building may
/// have one certificate for all its flats, a dwelling several in a row.
fn represented(sheet: &mut SheetBuilder<'_>, raw: &Raw, number: &Figure, source: Source) {
    let table = Sheet::new(raw, &raw.housing);
    let newest = raw.housing.years().last().copied().unwrap_or_default();
    let row = table.row(ScopeKind::Com, |row| row.annee == newest);
    let figure = match &row {
        Ok(row) => Figure::share(number, &Figure::ok(row.log)),
        Err(withheld) => Figure::share(number, withheld),
    };
    let origin = source.origin.and(&table.origin(row.ok()));
    let origin = Origin { synthetic: origin.synthetic && figure.status.is_citable(), ..origin };
    Source { origin, ..source }.put(sheet, "dpe.repr", figure);
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
    use crate::themes::{assemble, fixture};
    use domain::fact::FactStatus;

    #[test]
    fn classes_are_shares_of_those_that_have_one_and_add_up_to_a_hundred() {
        let sheet = assemble(&crate::themes::fixture::EVERYTHING, &fixture::ordinary());
        let value = |id: &str| sheet.facts[&format!("{id}@com")].value.unwrap();
        // 725 of 2 310; 301 and 198 of 2 310; 2 310 for 8 142 dwellings; 260 and 140 of 2 310
        assert_eq!(value("dpe.cl[D]").round_dp(4), Decimal::new(313_853, 4));
        assert_eq!(value("dpe.fg").round_dp(4), Decimal::new(216_017, 4));
        assert_eq!(value("dpe.repr").round_dp(4), Decimal::new(283_714, 4));
        assert_eq!(value("dpe.ges_fg").round_dp(4), Decimal::new(173_160, 4));
        assert_eq!(sheet.facts["dpe.conso@com"].text, "238\u{a0}kWh/m²/an");
        assert_eq!(sheet.facts["dpe.ges@com"].text, "34\u{a0}kg CO₂/m²/an");
        assert_eq!(sheet.facts["dpe.repr@com"].prov.load, "000000000000,3");
        let all: Decimal = CLASSES.iter().map(|(_, id)| value(id)).sum();
        assert_eq!(all.round_dp(4), Decimal::ONE_HUNDRED);
    }

    #[test]
    fn few_certificates_give_no_share_and_no_median() {
        let mut raw = fixture::ordinary();
        let Energy::Counted(counts) = &mut raw.energy else { panic!("the town has certificates") };
        (counts.by_label, counts.total) = ([("C".to_owned(), 20), ("F".to_owned(), 9)].into(), 29);
        raw.measures.climate = Some(counts.clone());
        raw.measures.consumption.as_mut().unwrap().total = 29;
        raw.measures.emissions.as_mut().unwrap().value = None;
        let sheet = assemble(&crate::themes::fixture::EVERYTHING, &raw);
        let ids = CLASSES.map(|(_, id)| id).into_iter().chain(["dpe.fg", "dpe.ges_fg", "dpe.conso", "dpe.ges"]);
        for id in ids {
            let fact = &sheet.facts[&format!("{id}@com")];
            assert_eq!((fact.status, fact.value), (FactStatus::Missing, None), "{id}");
        }
        assert_eq!(sheet.facts["dpe.n@com"].text, "29");
    }

    #[test]
    fn without_the_census_there_is_nothing_to_compare_the_certificates_with() {
        let mut raw = fixture::ordinary();
        raw.coverage.0.retain(|(dataset, _), _| dataset != "rp_housing");
        let fact = &assemble(&crate::themes::fixture::EVERYTHING, &raw).facts["dpe.repr@com"];
        assert_eq!((fact.status, fact.value, fact.prov.synthetic), (FactStatus::Missing, None, false));
    }
}
