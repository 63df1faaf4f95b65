//! The indicators, one line each, a file a family. A formula, a label or an anchor is written here and nowhere else.

mod affordability;
mod benefits;
mod building;
mod dwellings;
mod energy;
mod health;
mod income;
mod land;
mod market;
mod population;
mod prospects;
mod services;
mod social;
mod territory;
mod vacancy;

use super::{Indicator, Unit};

const NONE: &[&str] = &[];

#[expect(clippy::too_many_arguments, reason = "one line of a table")]
const fn indicator_of(
    id: &'static str,
    label: &'static str,
    unit: Unit,
    better: &'static str,
    formula: &'static str,
    inputs: &'static [&'static str],
    anchors: &'static [&'static str],
    base: &'static [&'static str],
) -> Indicator {
    Indicator { id, label, unit, better, formula, inputs, anchors, base, time: NONE }
}

const fn yearly(indicator: Indicator) -> Indicator {
    Indicator { time: &["par an", "chaque année"], ..indicator }
}

const fn monthly(indicator: Indicator) -> Indicator {
    Indicator { time: &["par mois"], ..indicator }
}

/// Every indicator that our studies print, by family. A new family is one line here and one file.
const FAMILIES: &[&[Indicator]] = &[
    population::FAMILY,
    dwellings::FAMILY,
    building::FAMILY,
    affordability::FAMILY,
    land::FAMILY,
    vacancy::FAMILY,
    social::FAMILY,
    market::FAMILY,
    income::FAMILY,
    prospects::FAMILY,
    benefits::FAMILY,
    energy::FAMILY,
    territory::FAMILY,
    services::FAMILY,
    health::FAMILY,
];

/// Every indicator, in the order of the families.
pub fn dictionary() -> impl Iterator<Item = &'static Indicator> {
    FAMILIES.iter().copied().flatten()
}

/// The dictionary's line for an id without scope or year, e.g. `dvf.med[appt]`.
#[must_use]
pub fn indicator(id: &str) -> Option<&'static Indicator> {
    dictionary().find(|indicator| indicator.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_indicator_is_defined_once_and_its_inputs_exist() {
        let ids: BTreeSet<_> = dictionary().map(|line| line.id).collect();
        assert_eq!(ids.len(), dictionary().count());
        for line in dictionary() {
            for input in line.inputs {
                assert!(ids.contains(input), "{} reads the unknown {input}", line.id);
            }
        }
    }

    #[test]
    fn an_anchor_names_one_indicator_only_and_holds_no_digit() {
        let mut seen = BTreeSet::new();
        for anchor in dictionary().flat_map(|line| line.anchors) {
            assert!(seen.insert(anchor), "« {anchor} » names two indicators");
            assert!(!anchor.chars().any(char::is_numeric), "« {anchor} »");
        }
    }
}
