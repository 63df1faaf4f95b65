//! Figures as producers write them: `10 877`, `9,37`, `2e+05`, `s`. The SQL functions `data.nombre` and `data.statut`
//! say the same of a staged text; here it is said once per cell, on the way in.

use std::borrow::Cow;

use serde_json::{Map, Value};

/// What a cell holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell<'a> {
    /// A number, in the form that PostgreSQL reads.
    Number(Cow<'a, str>),
    /// Why there is none: `s`, `nd`, `ns`, `nc`; `nd` also for an empty cell.
    Missing(&'static str),
}

impl Cell<'_> {
    /// The number as written, empty (NULL) when there is none.
    pub fn text(&self) -> &str {
        match self {
            Self::Number(number) => number,
            Self::Missing(_) => "",
        }
    }

    /// The number, to compare it with others.
    pub fn value(&self) -> Option<f64> {
        self.text().parse().ok()
    }

    /// Why there is none.
    pub fn mark(&self) -> Option<&'static str> {
        match self {
            Self::Number(_) => None,
            Self::Missing(mark) => Some(mark),
        }
    }

    /// Puts the number into a document under its name, or nothing.
    pub fn write_into(&self, document: &mut Map<String, Value>, name: &str) {
        // Through the text, so that decimals stay as published.
        if let Ok(number) = serde_json::from_str(self.text()) {
            document.insert(name.to_owned(), number);
        }
    }
}

/// Reads a cell whose blanks around it are gone.
///
/// # Errors
/// The reason, in French, when the cell holds neither a number nor a mark of absence.
pub fn read(cell: &str) -> Result<Cell<'_>, &'static str> {
    if cell.is_empty() {
        return Ok(Cell::Missing("nd"));
    }
    if let Some(mark) = ["s", "nd", "ns", "nc"].into_iter().find(|mark| cell.eq_ignore_ascii_case(mark)) {
        return Ok(Cell::Missing(mark));
    }
    if is_number(cell) {
        return Ok(Cell::Number(Cow::Borrowed(cell)));
    }
    let plain: String = cell
        .chars()
        .filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}'))
        .map(|c| if c == ',' { '.' } else { c })
        .collect();
    if is_number(&plain) { Ok(Cell::Number(Cow::Owned(plain))) } else { Err("cellule illisible") }
}

/// Digits with at most one point between them, a sign before and an exponent after.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (number, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(number, rest)| (number, Some(rest)));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, decimals) = number.split_once('.').map_or((number, None), |(whole, rest)| (whole, Some(rest)));
    digits(whole)
        && decimals.is_none_or(digits)
        && exponent.is_none_or(|power| power.len() <= 3 && digits(power.trim_start_matches(['+', '-'])))
}

/// The two digits of a vintage as a year: census vintages start in the 1960s.
pub fn year(digits: &str) -> Option<i32> {
    let yy: i32 = (digits.len() == 2).then(|| digits.parse().ok())??;
    Some(if yy > 60 { 1900 + yy } else { 2000 + yy })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_a_figure_is_understood_or_refused() {
        for (cell, text) in [
            ("148622", "148622"),
            ("10\u{a0}877", "10877"),
            ("12\u{202f}345,5", "12345.5"),
            ("-17,6", "-17.6"),
            ("330.99999", "330.99999"),
            ("2e+05", "2e+05"),
        ] {
            assert_eq!(read(cell).map(|cell| cell.text().to_owned()), Ok(text.to_owned()), "« {cell} »");
        }
        for (cell, mark) in [("s", "s"), ("ND", "nd"), ("ns", "ns"), ("", "nd")] {
            assert_eq!(read(cell), Ok(Cell::Missing(mark)), "« {cell} »");
        }
        for cell in ["beaucoup", "1,2,3", "12 €", "1-2", "e5", ".", "1.", "--1"] {
            assert!(read(cell).is_err(), "« {cell} »");
        }
    }

    #[test]
    fn a_vintage_of_two_digits_is_a_year() {
        assert_eq!((year("21"), year("99"), year("x1"), year("021")), (Some(2021), Some(1999), None, None));
    }
}
