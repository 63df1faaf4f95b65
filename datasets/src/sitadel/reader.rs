//! One permit per line, read once: states, dates that may be impossible, counts of dwellings that may be absent.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use chrono::{Datelike as _, NaiveDate};

use crate::digest::{Digest, Fault, Reader, Row, Rows, hundredths};

/// What is staged. `repete` marks a permit that was seen before in the file.
pub const DIGEST: Digest = Digest {
    columns: &[
        ("cle", "bigint"),
        ("repete", "boolean"),
        ("num_dau", "text"),
        ("type_dau", "text"),
        ("code", "text"),
        ("etat", "smallint"),
        ("date_autorisation", "date"),
        ("date_ouverture", "date"),
        ("date_achevement", "date"),
        ("dates_ecartees", "smallint"),
        ("dernier", "text"),
        ("nb_log", "int"),
        ("nb_ind", "int"),
        ("nb_col", "int"),
        ("nb_res", "int"),
        ("nb_social", "int"),
        ("nb_demolis", "int"),
        ("surf_hab", "int"),
        ("superficie_terrain", "int"),
        ("nature", "smallint"),
        ("destination", "smallint"),
        ("type_logements", "smallint"),
        ("utilisation", "smallint"),
        ("residence", "smallint"),
        ("zone_op", "smallint"),
        ("id_parcelle", "text"),
    ],
    weight: "1",
    start: || Box::<Permits>::default(),
};

/// First year of a date that can be true; the last one depends on the delivery.
const FIRST_YEAR: i32 = 1990;

/// Dwellings and areas; the other numbers are codes.
const FIGURES: usize = 8;

#[derive(Default)]
struct Permits {
    row: Row,
    /// Eight bytes per permit: the whole country fits in 40 MB.
    seen: HashSet<u64>,
}

impl Reader for Permits {
    fn line(&mut self, line: u64, cells: &[&str], rows: &mut Rows<'_>) -> Result<(), Fault> {
        let [number, kind, commune, state, given, started, completed, last, rest @ ..] = cells else {
            return Err("cellules manquantes".into());
        };
        let [counts @ .., section, plan] = rest else { return Err("cellules manquantes".into()) };
        if number.is_empty() || kind.is_empty() {
            return Err("numéro ou type de permis absent".into());
        }
        if !["2", "4", "5", "6"].contains(state) {
            return Err("état du permis inconnu (2, 4, 5 et 6 le sont)".into());
        }
        let key = key(number, kind);
        let dates = [given, started, completed].map(|cell| date(cell));
        let impossible = dates.iter().filter(|date| date.is_err()).count();
        self.row
            .clear()
            .cell(key.cast_signed())
            .cell(!self.seen.insert(key))
            .text(number)
            .text(kind)
            .text(commune)
            .text(state);
        for date in dates {
            self.row.maybe(date.ok().flatten());
        }
        self.row.cell(impossible).text(last);
        // Dwellings and areas, then codes of one digit.
        for (index, cell) in counts.iter().enumerate() {
            if index < FIGURES {
                self.row.maybe(whole(cell, i32::MAX.into()).map_err(|()| "nombre illisible")?);
            } else {
                // A code that is none of the nomenclature says nothing; the permit counts all the same.
                self.row.maybe(whole(cell, 99).ok().flatten());
            }
        }
        self.row.maybe(parcel(commune, section, plan));
        rows(line, &self.row);
        Ok(())
    }
}

/// Two permits of a country share a key once in ten million deliveries, and SQL compares their numbers then.
fn key(number: &str, kind: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (number, kind).hash(&mut hasher);
    hasher.finish()
}

/// A day, nothing, or a day that cannot be.
fn date(cell: &str) -> Result<Option<NaiveDate>, ()> {
    if cell.is_empty() {
        return Ok(None);
    }
    let day = cell.get(..10).unwrap_or(cell);
    let date = NaiveDate::parse_from_str(day, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(day, "%d/%m/%Y"));
    date.ok().filter(|date| date.year() >= FIRST_YEAR).map(Some).ok_or(())
}

fn whole(cell: &str, most: i64) -> Result<Option<i64>, ()> {
    let value = hundredths(cell)?.map(|value| value / 100);
    if value.is_some_and(|value| value > most) { Err(()) } else { Ok(value) }
}

/// The identifier of a parcel whose sheet was never divided; others cannot be told from section and number.
fn parcel(commune: &str, section: &str, plan: &str) -> Option<String> {
    let plain = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    (plain(section, 2) && plain(plan, 4)).then(|| format!("{commune}000{section:0>2}{plan:0>4}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_that_cannot_be_is_told_from_no_date() {
        assert_eq!(date(""), Ok(None));
        assert_eq!(date("2016-03-25"), Ok(NaiveDate::from_ymd_opt(2016, 3, 25)));
        assert_eq!(date("25/03/2016"), Ok(NaiveDate::from_ymd_opt(2016, 3, 25)));
        for cell in ["1016-03-25", "2016-02-30", "bientôt", "0000-00-00"] {
            assert_eq!(date(cell), Err(()), "{cell}");
        }
    }

    #[test]
    fn a_parcel_has_fourteen_signs_or_none() {
        assert_eq!(parcel("44109", "A", "22").as_deref(), Some("441090000A0022"));
        assert_eq!(parcel("44109", "", "22"), None);
        assert_eq!(parcel("44109", "ZAC", "22"), None);
    }
}
