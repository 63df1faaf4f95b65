//! The parameters of the invented town.

use chrono::NaiveDate;

use super::Parameter;
use crate::themes::fixture::dec;

pub fn parameters() -> Vec<Parameter> {
    at("3.2")
}

/// With a yearly rate in percent.
pub fn at(rate: &str) -> Vec<Parameter> {
    [("taux", rate), ("duree", "20"), ("apport", "10"), ("frais", "8"), ("effort", "35")]
        .map(|(cle, valeur)| Parameter {
            cle: cle.to_owned(),
            date_effet: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
            valeur: dec(valeur),
            origine: "hypothèse de calcul".to_owned(),
        })
        .into()
}
