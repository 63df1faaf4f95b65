//! The sheet under construction: gives each figure its label, text, scope and provenance, once.

use std::collections::BTreeMap;

use domain::fact::{Fact, FactStatus, Peer, Provenance, ScopeKind};

use super::{Figure, Indicator, NOT_AVAILABLE, render};
use crate::territory::Territory;
use rust_decimal::Decimal;

/// The scopes in the order in which they are always shown.
#[must_use]
pub fn scope_order() -> [ScopeKind; 6] {
    [ScopeKind::Com, ScopeKind::Epci, ScopeKind::Dep, ScopeKind::Reg, ScopeKind::Fr, ScopeKind::Sim]
}

/// Where the figures of one query come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub dataset: String,
    pub producteur: String,
    pub vintage: String,
    /// Rows of `data.data_sources`, comma-separated.
    pub load: String,
    pub query: &'static str,
    pub query_sha256: String,
    pub synthetic: bool,
}

impl Origin {
    /// The origin of a figure made of two files.
    #[must_use]
    pub fn and(self, other: &Self) -> Self {
        let join = |a: String, b: &str, separator: &str| match (a.is_empty(), b.is_empty() || a == b) {
            (true, _) => b.to_owned(),
            (false, true) => a,
            (false, false) => format!("{a}{separator}{b}"),
        };
        Self {
            producteur: join(self.producteur, &other.producteur, ", "),
            vintage: join(self.vintage, &other.vintage, ", "),
            load: join(self.load, &other.load, ","),
            synthetic: self.synthetic || other.synthetic,
            ..self
        }
    }
}

/// When a figure holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Moment {
    /// Makes the id yearly: `lov.tx[2020]`.
    pub year: Option<i32>,
    pub period: Option<String>,
    pub asof: Option<String>,
}

impl Moment {
    /// The latest figure, whose period is told: a year, or years up to one. Where nothing is loaded the last year is nought,
    /// and there is no period to tell.
    #[must_use]
    pub fn during(period: impl Into<String>) -> Self {
        let period = Some(period.into()).filter(|period| period != "0" && !period.ends_with("-0"));
        Self { year: None, period, asof: None }
    }

    /// One year of a series.
    #[must_use]
    pub fn year(year: i32) -> Self {
        Self { year: Some(year), period: Some(year.to_string()), asof: None }
    }
}

/// Facts of one territory, as they are added.
pub struct SheetBuilder<'a> {
    territory: &'a Territory,
    facts: BTreeMap<String, Fact>,
}

impl<'a> SheetBuilder<'a> {
    #[must_use]
    pub fn new(territory: &'a Territory) -> Self {
        Self { territory, facts: BTreeMap::new() }
    }

    /// Adds a fact and says its id.
    pub fn put(
        &mut self,
        indicator: &Indicator,
        kind: ScopeKind,
        figure: Figure,
        origin: &Origin,
        moment: &Moment,
        peer: Option<Peer>,
    ) -> String {
        let id = fact_id(indicator.id, moment.year, kind);
        let step = if figure.to_ten { Decimal::TEN } else { indicator.unit.step() };
        let text = match (figure.status.is_citable(), figure.value, figure.word) {
            (true, Some(value), _) => render(value, indicator.unit, step),
            (true, None, Some(word)) => word,
            _ => NOT_AVAILABLE.to_owned(),
        };
        let label = match moment.year {
            Some(year) => format!("{}, {year}", indicator.label),
            None => indicator.label.to_owned(),
        };
        let fact = Fact {
            id: id.clone(),
            label,
            value: figure.value.filter(|_| figure.status.is_citable()).map(|value| value.round_dp(6).normalize()),
            unit: indicator.unit.name().to_owned(),
            decimals: indicator.unit.decimals(),
            text,
            status: figure.status,
            n: figure.n,
            moe: None,
            period: moment.period.clone(),
            asof: moment.asof.clone(),
            note: figure.note,
            better: indicator.better.to_owned(),
            signed: indicator.unit.is_signed(),
            provisional: figure.provisional,
            scope: self.territory.scope(kind),
            prov: Provenance {
                dataset: origin.dataset.clone(),
                producteur: origin.producteur.clone(),
                vintage: origin.vintage.clone(),
                load: origin.load.clone(),
                query: origin.query.to_owned(),
                query_sha256: origin.query_sha256.clone(),
                formula: indicator.formula.to_owned(),
                inputs: indicator.inputs.iter().map(|input| fact_id(input, moment.year, kind)).collect(),
                synthetic: origin.synthetic,
            },
            peer,
            anchors: owned(indicator.anchors),
            base: owned(indicator.base),
            time: owned(indicator.time),
        };
        self.facts.insert(id.clone(), fact);
        id
    }

    /// Whether a fact exists and may be cited.
    #[must_use]
    pub fn is_citable(&self, id: &str) -> bool {
        self.facts.get(id).is_some_and(|fact| fact.status.is_citable())
    }

    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Fact> {
        self.facts.get(id)
    }

    /// Keeps the facts of the indicators that the study prints: `lov.tx` of `lov.tx[2020]@com`.
    pub fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.facts.retain(|id, _| keep(id.split(['[', '@']).next().unwrap_or(id)));
    }

    #[must_use]
    pub fn finish(self) -> BTreeMap<String, Fact> {
        self.facts
    }
}

/// `dvf.med[appt]` of 2024 at the commune is `dvf.med[appt-2024]@com`; `lov.tx` of 2020 is `lov.tx[2020]@com`.
#[must_use]
pub fn fact_id(indicator: &str, year: Option<i32>, kind: ScopeKind) -> String {
    let scope = scope_name(kind);
    match (year, indicator.strip_suffix(']')) {
        (None, _) => format!("{indicator}@{scope}"),
        (Some(year), Some(open)) => format!("{open}-{year}]@{scope}"),
        (Some(year), None) => format!("{indicator}[{year}]@{scope}"),
    }
}

/// The suffix of a scope in fact ids.
#[must_use]
pub fn scope_name(kind: ScopeKind) -> &'static str {
    match kind {
        ScopeKind::Com => "com",
        ScopeKind::Epci => "epci",
        ScopeKind::Dep => "dep",
        ScopeKind::Reg => "reg",
        ScopeKind::Fr => "fr",
        ScopeKind::Sim => "sim",
    }
}

/// The peers' median as a figure.
#[must_use]
pub fn median_of(peer: Option<&Peer>) -> Figure {
    peer.map_or_else(
        || Figure::withheld(FactStatus::Missing, "moins de trente communes comparables chargées"),
        |peer| Figure::ok(peer.p50).with_n(Some(i64::from(peer.n))),
    )
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_joins_the_modality_of_an_id() {
        assert_eq!(fact_id("dvf.med[appt]", Some(2024), ScopeKind::Com), "dvf.med[appt-2024]@com");
        assert_eq!(fact_id("lov.tx", Some(2020), ScopeKind::Epci), "lov.tx[2020]@epci");
        assert_eq!(fact_id("dvf.med[appt]", None, ScopeKind::Sim), "dvf.med[appt]@sim");
    }

    #[test]
    fn a_table_without_years_has_no_period() {
        let told = |period: &str| Moment::during(period).period;
        assert_eq!((told("0"), told("-4-0")), (None, None));
        assert_eq!((told("2020"), told("2020-2024")), (Some("2020".to_owned()), Some("2020-2024".to_owned())));
    }
}
