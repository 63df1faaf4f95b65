//! One line of the official file, with one group of columns per year, becomes one row per year.

use std::collections::BTreeMap;

use crate::digest::{Digest, Fault, Reader, Row, Rows};
use crate::figures::{self, Cell};

/// What is staged: three figures, and why one of them is missing.
pub const DIGEST: Digest = Digest {
    columns: &[
        ("poids", "int"), // 1 on the newest year of a line, 0 on the others
        ("codgeo", "text"),
        ("annee", "int"),
        ("total", "int"),
        ("vacant", "int"),
        ("vacant_2ans", "int"),
        ("s_total", "text"),
        ("s_vacant", "text"),
        ("s_2ans", "text"),
    ],
    weight: "s.poids",
    start: || Box::<Years>::default(),
};

/// Figures as columns call them, before their two digits of year; the stock was renamed in 2026.
const FIGURES: [(&str, usize); 4] =
    [("pp_total_", 0), ("ff_pp_total_", 0), ("pp_vacant_", 1), ("pp_vacant_plus_2ans_", 2)];

#[derive(Default)]
struct Years {
    years: BTreeMap<i32, [Option<usize>; 3]>,
    row: Row,
}

impl Reader for Years {
    fn header(&mut self, names: &[&str]) {
        for (index, name) in names.iter().enumerate() {
            let found =
                FIGURES.iter().find_map(|(start, place)| Some((figures::year(name.strip_prefix(start)?)?, *place)));
            if let Some((year, place)) = found {
                self.years.entry(year).or_default()[place] = Some(index);
            }
        }
    }

    fn line(&mut self, line: u64, cells: &[&str], rows: &mut Rows<'_>) -> Result<(), Fault> {
        let code = cells.first().copied().unwrap_or_default();
        let mut weight = 1;
        for (year, places) in self.years.iter().rev() {
            let read = |index: &Option<usize>| figures::read(index.map_or("", |index| cells[index]));
            let figures = places.iter().map(read).collect::<Result<Vec<Cell<'_>>, _>>()?;
            if figures.iter().any(|figure| figure.value().is_some_and(|value| value < 0.0 || value.fract() != 0.0)) {
                return Err(Fault::Rejected("nombre de logements illisible"));
            }
            if figures[1].value().zip(figures[0].value()).is_some_and(|(vacant, total)| vacant > total) {
                return Err(Fault::Rejected("plus de logements vacants que de logements"));
            }
            self.row.clear().cell(weight).text(code).cell(year);
            for figure in &figures {
                self.row.text(figure.text());
            }
            for figure in &figures {
                self.row.text(figure.mark().unwrap_or_default());
            }
            rows(line, &self.row);
            weight = 0;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_without_stock_has_its_vacancy_and_a_secret_stays_one() {
        let (mut reader, mut seen) = (Years::default(), Vec::new());
        reader.header(&[
            "codgeo",
            "pp_vacant_25",
            "pp_vacant_plus_2ans_25",
            "pp_vacant_24",
            "pp_vacant_plus_2ans_24",
            "ff_pp_total_24",
        ]);
        let cells = ["44109", "6\u{a0}100", "2700", "6030", "s", "150\u{a0}922"];
        assert!(reader.line(2, &cells, &mut |_, row| seen.push(row.cells().collect::<Vec<_>>().join(";"))).is_ok());
        assert_eq!(seen, ["1;44109;2025;;6100;2700;nd;;", "0;44109;2024;150922;6030;;;;s"]);
        assert!(reader.line(3, &["44109", "beaucoup", "1", "1", "1", "1"], &mut |_, _| {}).is_err());
        assert!(reader.line(4, &["44109", "1", "1", "200", "1", "100"], &mut |_, _| {}).is_err());
    }
}
