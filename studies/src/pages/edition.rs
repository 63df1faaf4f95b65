//! What a report carries besides its facts: its number, its date, who wrote it.

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

/// One edition of a report. Everything is given: a page asks no clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    /// Printed in each footer, e.g. `2026-000123`.
    pub report_number: String,
    /// Day of the order, at which the data are cut off.
    pub ordered_on: NaiveDate,
    pub template_version: String,
    /// Any figure comes from generated data: said on every page.
    pub specimen: bool,
    /// Blocks of text written by the model, and by rules.
    pub blocks_model: u32,
    pub blocks_rules: u32,
}

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// « 12 mars 2026 », « 1er mars 2026 ».
#[must_use]
pub fn long_date(date: NaiveDate) -> String {
    let month = MONTHS.get(date.month0() as usize).copied().unwrap_or_default();
    let day = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    format!("{day}\u{a0}{month}\u{a0}{}", date.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_read_as_in_french() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        assert_eq!(long_date(day(2026, 8, 1)), "1er\u{a0}août\u{a0}2026");
        assert_eq!(long_date(day(2026, 12, 31)), "31\u{a0}décembre\u{a0}2026");
    }
}
