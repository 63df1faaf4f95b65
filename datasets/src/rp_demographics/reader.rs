//! One line of `base-cc-evol-struct-pop` (and of its sister files) becomes one row: three populations under the same
//! names whatever their years, and the details of the newest vintage in one document.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::digest::{Digest, Fault, Reader, Row, Rows};
use crate::figures;

/// What is staged.
pub const DIGEST: Digest = Digest {
    columns: &[
        ("codgeo", "text"),
        ("millesime", "int"),
        ("millesime_m5", "int"),
        ("millesime_m10", "int"),
        ("pop", "numeric"),
        ("pop_m5", "numeric"),
        ("pop_m10", "numeric"),
        ("hommes", "numeric"),
        ("femmes", "numeric"),
        ("naissances", "numeric"),
        ("deces", "numeric"),
        ("naissances_m5", "numeric"),
        ("deces_m5", "numeric"),
        ("details", "jsonb"),
    ],
    weight: "1",
    start: || Box::<People>::default(),
};

#[derive(Default)]
struct People {
    /// The newest vintage and the two before it.
    years: [Option<i32>; 3],
    /// Where the nine figures of their own are.
    figures: [Option<usize>; 9],
    /// The other columns of the newest vintage, by name.
    details: Vec<(usize, String)>,
    row: Row,
}

impl Reader for People {
    fn header(&mut self, names: &[&str]) {
        let place = |wanted: &str| names.iter().position(|name| *name == wanted);
        let vintages: BTreeMap<i32, &str> = names
            .iter()
            .filter_map(|name| name.strip_prefix('p')?.strip_suffix("_pop"))
            .filter_map(|yy| Some((figures::year(yy)?, yy)))
            .collect();
        let mut newest = vintages.iter().rev().map(|(year, yy)| (*year, *yy));
        let [now, m5, m10] = [newest.next(), newest.next(), newest.next()];
        self.years = [now, m5, m10].map(|vintage| vintage.map(|(year, _)| year));
        let yy = |vintage: Option<(i32, &str)>| vintage.map_or(String::new(), |(_, yy)| yy.to_owned());
        let (now, m5, m10) = (yy(now), yy(m5), yy(m10));
        self.figures = [
            place(&format!("p{now}_pop")),
            place(&format!("p{m5}_pop")),
            place(&format!("p{m10}_pop")),
            place(&format!("p{now}_poph")),
            place(&format!("p{now}_popf")),
            place(&format!("nais{m5}{now}")),
            place(&format!("dece{m5}{now}")),
            place(&format!("nais{m10}{m5}")),
            place(&format!("dece{m10}{m5}")),
        ];
        let own = [format!("p{now}_"), format!("c{now}_")];
        self.details = names
            .iter()
            .enumerate()
            .filter(|(index, _)| !self.figures.contains(&Some(*index)))
            .filter_map(|(index, name)| {
                let name = own.iter().find_map(|start| name.strip_prefix(start.as_str()))?;
                Some((index, format!("{}{name}", if names[index].starts_with('c') { "c_" } else { "" })))
            })
            .collect();
    }

    fn line(&mut self, line: u64, cells: &[&str], rows: &mut Rows<'_>) -> Result<(), Fault> {
        self.row.clear().text(cells.first().copied().unwrap_or_default());
        for year in self.years {
            self.row.maybe(year);
        }
        for index in self.figures {
            let figure = figures::read(index.map_or("", |index| cells[index]))?;
            self.row.text(figure.text());
        }
        let mut details = Map::new();
        for (index, name) in &self.details {
            figures::read(cells[*index])?.write_into(&mut details, name);
        }
        self.row.cell(Value::Object(details));
        rows(line, &self.row);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vintages_keep_their_rank_and_the_newest_its_details() {
        let (mut reader, mut seen) = (People::default(), Vec::new());
        reader.header(&[
            "codgeo",
            "p22_pop",
            "p11_pop",
            "p16_pop",
            "p22_pop0014",
            "p22_h0014",
            "c22_men",
            "nais1622",
            "p16_pop0014",
        ]);
        let cells = ["44109", "320", "290", "300,5", "50", "26", "150", "31", "9"];
        assert!(reader.line(2, &cells, &mut |_, row| seen = row.cells().map(str::to_owned).collect()).is_ok());
        assert_eq!(seen[..7], ["44109", "2022", "2016", "2011", "320", "300.5", "290"]);
        assert_eq!(seen[9], "31");
        assert_eq!(seen[13], r#"{"c_men":150,"h0014":26,"pop0014":50}"#);
    }
}
