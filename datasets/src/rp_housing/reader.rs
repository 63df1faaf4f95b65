//! One line of `base-cc-logement` becomes one row per vintage, with figures under the same names whatever the year.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::digest::{Digest, Fault, Reader, Row, Rows};
use crate::figures::{self, Cell};

/// What is staged.
pub const DIGEST: Digest = Digest {
    columns: &[
        ("poids", "int"), // 1 on the newest vintage of a line, 0 on the others
        ("codgeo", "text"),
        ("millesime", "int"),
        ("log", "numeric"),
        ("rp", "numeric"),
        ("rsecocc", "numeric"),
        ("logvac", "numeric"),
        ("maison", "numeric"),
        ("appart", "numeric"),
        ("rp_1p", "numeric"),
        ("rp_2p", "numeric"),
        ("rp_3p", "numeric"),
        ("rp_4p", "numeric"),
        ("rp_5pp", "numeric"),
        ("nbpi_rp", "numeric"),
        ("rp_prop", "numeric"),
        ("rp_loc", "numeric"),
        ("rp_lochlmv", "numeric"),
        ("rp_grat", "numeric"),
        ("men", "numeric"),
        ("pmen", "numeric"),
        ("rp_hstu1p", "numeric"),
        ("rp_hstu1p_surocc", "numeric"),
        ("ach", "jsonb"),
        ("anem", "jsonb"),
    ],
    weight: "s.poids",
    start: || Box::<Housing>::default(),
};

/// Figures with a column of their own, in the order of the staging columns.
const FIGURES: [&str; 20] = [
    "log",
    "rp",
    "rsecocc",
    "logvac",
    "maison",
    "appart",
    "rp_1p",
    "rp_2p",
    "rp_3p",
    "rp_4p",
    "rp_5pp",
    "nbpi_rp",
    "rp_prop",
    "rp_loc",
    "rp_lochlmv",
    "rp_grat",
    "men",
    "pmen",
    "rp_hstu1p",
    "rp_hstu1p_surocc",
];

/// Where the cells of one vintage are.
#[derive(Default)]
struct Vintage {
    figures: [Option<usize>; FIGURES.len()],
    /// Main residences by period of construction: `ach19` …; its bounds move with the vintage.
    ach: Vec<(usize, String)>,
    /// Households by years since they moved in: `anem0002` …
    anem: Vec<(usize, String)>,
}

#[derive(Default)]
struct Housing {
    vintages: BTreeMap<i32, Vintage>,
    row: Row,
}

impl Reader for Housing {
    fn header(&mut self, names: &[&str]) {
        for (index, name) in names.iter().enumerate() {
            // p21_log: main exploitation; c21_rp_hstu1p: complementary exploitation.
            let Some((year, figure)) = name.get(1..3).and_then(figures::year).zip(name.get(4..)) else { continue };
            let vintage = self.vintages.entry(year).or_default();
            if let Some(place) = FIGURES.iter().position(|known| *known == figure) {
                vintage.figures[place] = Some(index);
            } else if let Some(period) = figure.strip_prefix("rp_").filter(|rest| rest.starts_with("ach")) {
                vintage.ach.push((index, period.to_owned()));
            } else if let Some(since) = figure.strip_prefix("men_").filter(|rest| rest.starts_with("anem")) {
                vintage.anem.push((index, since.to_owned()));
            }
        }
        self.vintages.retain(|_, vintage| vintage.figures[0].is_some());
    }

    fn line(&mut self, line: u64, cells: &[&str], rows: &mut Rows<'_>) -> Result<(), Fault> {
        let code = cells.first().copied().unwrap_or_default();
        let mut weight = 1;
        for (year, vintage) in self.vintages.iter().rev() {
            let read = |index: &Option<usize>| figures::read(index.map_or("", |index| cells[index]));
            let figures = vintage.figures.iter().map(read).collect::<Result<Vec<Cell<'_>>, _>>()?;
            if figures[..4].iter().any(|figure| figure.mark().is_some()) {
                continue;
            }
            identities(&figures)?;
            self.row.clear().cell(weight).text(code).cell(year);
            for figure in &figures {
                self.row.text(figure.text());
            }
            for family in [&vintage.ach, &vintage.anem] {
                self.row.cell(Value::Object(document(family, cells)?));
            }
            rows(line, &self.row);
            weight = 0;
        }
        if weight == 1 { Err(Fault::Rejected("ni logements ni résidences principales")) } else { Ok(()) }
    }
}

fn document(family: &[(usize, String)], cells: &[&str]) -> Result<Map<String, Value>, &'static str> {
    let mut document = Map::new();
    for (index, name) in family {
        figures::read(cells[*index])?.write_into(&mut document, name);
    }
    Ok(document)
}

/// Half a dwelling: the figures are weighted estimates with many decimals.
const TOLERANCE: f64 = 0.5;

/// What must add up on every row.
fn identities(figures: &[Cell<'_>]) -> Result<(), &'static str> {
    let sum = |places: &[usize]| places.iter().map(|place| figures[*place].value()).sum::<Option<f64>>();
    let differ = |whole: usize, parts: &[usize]| {
        figures[whole].value().zip(sum(parts)).is_some_and(|(whole, parts)| (whole - parts).abs() > TOLERANCE)
    };
    if differ(0, &[1, 2, 3]) {
        return Err("LOG ≠ RP + RSECOCC + LOGVAC");
    }
    if differ(1, &[12, 13, 15]) {
        return Err("RP ≠ PROP + LOC + GRAT");
    }
    if differ(1, &[6, 7, 8, 9, 10]) {
        return Err("RP ≠ somme des résidences par nombre de pièces");
    }
    if sum(&[4, 5]).zip(figures[0].value()).is_some_and(|(parts, whole)| parts > whole + TOLERANCE) {
        return Err("MAISON + APPART > LOG");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 9] =
        ["codgeo", "p21_log", "p21_rp", "p21_rsecocc", "p21_logvac", "p15_log", "p15_rp", "p15_rsecocc", "p15_logvac"];

    fn read(cells: &[&str]) -> Result<Vec<String>, Fault> {
        let (mut reader, mut seen) = (Housing::default(), Vec::new());
        reader.header(&NAMES);
        reader.line(2, cells, &mut |_, row| seen.push(row.cells().take(7).collect::<Vec<_>>().join(" ")))?;
        Ok(seen)
    }

    #[test]
    fn a_line_gives_one_row_per_vintage_and_counts_once() {
        let rows = read(&["44109", "100", "80", "5", "15", "90", "75", "5", "10"]);
        assert_eq!(rows.ok(), Some(vec!["1 44109 2021 100 80 5 15".to_owned(), "0 44109 2015 90 75 5 10".to_owned()]));
        let rows = read(&["44109", "100", "80", "5", "15", "", "", "", ""]);
        assert_eq!(rows.map(|rows| rows.len()).ok(), Some(1), "a commune without figures at the older vintage");
    }

    #[test]
    fn what_does_not_add_up_is_rejected() {
        for cells in [
            ["44109", "100", "80", "5", "10", "90", "75", "5", "10"],
            ["44109", "beaucoup", "80", "5", "10", "90", "75", "5", "10"],
            ["44109", "", "", "", "", "", "", "", ""],
        ] {
            assert!(matches!(read(&cells), Err(Fault::Rejected(_))), "{cells:?}");
        }
    }
}
