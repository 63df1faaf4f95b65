//! One line becomes one row of numbers, with its families of figures and its marks of absence in documents.

use serde_json::{Map, Value};

use crate::digest::{Digest, Fault, Reader, Row, Rows};
use crate::figures;

/// What is staged.
pub const DIGEST: Digest = Digest {
    columns: &[
        ("codgeo", "text"),
        ("nbmenfisc", "numeric"),
        ("nbpersmenfisc", "numeric"),
        ("med", "numeric"),
        ("tp60", "numeric"),
        ("d1", "numeric"),
        ("d9", "numeric"),
        ("rd", "numeric"),
        ("pimp", "numeric"),
        ("tp60_age", "jsonb"),
        ("tp60_tol", "jsonb"),
        ("parts", "jsonb"),
        ("statuts", "jsonb"), // figure → s, nd, ns
    ],
    weight: "1",
    start: || Box::<Incomes>::default(),
};

/// Cells with a column of their own: the code and the eight figures after it in the contract.
const OWN: usize = 9;

#[derive(Default)]
struct Incomes {
    names: Vec<String>,
    row: Row,
}

impl Reader for Incomes {
    fn header(&mut self, names: &[&str]) {
        self.names = names.iter().map(|name| (*name).to_owned()).collect();
    }

    fn line(&mut self, line: u64, cells: &[&str], rows: &mut Rows<'_>) -> Result<(), Fault> {
        let (mut age, mut tenure, mut shares, mut marks) = (Map::new(), Map::new(), Map::new(), Map::new());
        self.row.clear().text(cells.first().copied().unwrap_or_default());
        for (place, (name, cell)) in self.names.iter().zip(cells).enumerate().skip(1) {
            let figure = figures::read(cell)?;
            if let Some(mark) = figure.mark() {
                marks.insert(name.clone(), Value::from(mark));
            }
            match (name.strip_prefix("tp60age"), name.strip_prefix("tp60tol")) {
                _ if place < OWN => {
                    self.row.text(figure.text());
                }
                (Some(band), _) => figure.write_into(&mut age, band),
                (_, Some(tenure_of)) => figure.write_into(&mut tenure, tenure_of),
                _ => figure.write_into(&mut shares, name),
            }
        }
        for document in [age, tenure, shares, marks] {
            self.row.cell(Value::Object(document));
        }
        rows(line, &self.row);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_has_a_mark_and_no_number() {
        let (mut reader, mut seen) = (Incomes::default(), Vec::new());
        reader.header(&[
            "codgeo",
            "nbmenfisc",
            "nbpersmenfisc",
            "med",
            "tp60",
            "d1",
            "d9",
            "rd",
            "pimp",
            "tp60age1",
            "ppen",
        ]);
        let cells = ["44001", "874", "2041,9", "23411", "s", "", "41672", "3,2", "51,0", "nd", "29,0"];
        assert!(reader.line(2, &cells, &mut |_, row| seen = row.cells().map(str::to_owned).collect()).is_ok());
        assert_eq!(seen[..9], ["44001", "874", "2041.9", "23411", "", "", "41672", "3.2", "51.0"]);
        assert_eq!(seen[9..], ["{}", "{}", r#"{"ppen":29.0}"#, r#"{"d1":"nd","tp60":"s","tp60age1":"nd"}"#]);
    }
}
