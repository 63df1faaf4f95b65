//! Rows read once, in Rust, for files of millions of lines: staging then holds few and typed columns, and no statement
//! reads a cell again. What a line means stays in the dataset's folder; the engine only carries rows.

use std::fmt::{Display, Write as _};

/// How the lines of a file become staging rows.
#[derive(Clone, Copy)]
pub struct Digest {
    /// Staging columns after `ligne`, with their SQL types.
    pub columns: &'static [(&'static str, &'static str)],
    /// How many lines of the file a staging row stands for, in SQL over the staging row `s`.
    pub weight: &'static str,
    /// A new reader, for one import.
    pub start: fn() -> Box<dyn Reader>,
}

/// Receives staging rows: the line they begin at, and their cells.
pub type Rows<'a> = dyn FnMut(u64, &Row) + 'a;

/// Reads the lines of one file.
pub trait Reader: Send {
    /// Before the first line: the names of the cells that [`Reader::line`] will be given. Those of the contract in their
    /// order, a family replaced by its members; a reader whose contract has no family knows them already.
    fn header(&mut self, _names: &[&str]) {}

    /// One line: its cells in the order of the contract (`Layout::columns`), trimmed, empty where the file has none.
    ///
    /// # Errors
    /// [`Fault`]: the line is rejected, or the import ends.
    fn line(&mut self, line: u64, cells: &[&str], rows: &mut Rows<'_>) -> Result<(), Fault>;

    /// After the last line.
    ///
    /// # Errors
    /// When what was put aside on disk cannot be read back.
    fn finish(&mut self, _rows: &mut Rows<'_>) -> std::io::Result<()> {
        Ok(())
    }
}

/// Why a line went no further.
#[derive(Debug)]
pub enum Fault {
    /// The line is rejected, for this reason, in French.
    Rejected(&'static str),
    /// Nothing more can be read.
    Broken(std::io::Error),
}

impl From<&'static str> for Fault {
    fn from(reason: &'static str) -> Self {
        Self::Rejected(reason)
    }
}

impl From<std::io::Error> for Fault {
    fn from(error: std::io::Error) -> Self {
        Self::Broken(error)
    }
}

/// The cells of one staging row, written without an allocation per cell.
#[derive(Default)]
pub struct Row {
    text: String,
    ends: Vec<usize>,
}

impl Row {
    /// Forgets the cells, keeps the memory.
    pub fn clear(&mut self) -> &mut Self {
        self.text.clear();
        self.ends.clear();
        self
    }

    /// One more cell; empty text is NULL.
    pub fn cell(&mut self, value: impl Display) -> &mut Self {
        // Writing to a String cannot fail.
        let _ = write!(self.text, "{value}");
        self.ends.push(self.text.len());
        self
    }

    /// One more cell of text.
    pub fn text(&mut self, value: &str) -> &mut Self {
        self.text.push_str(value);
        self.ends.push(self.text.len());
        self
    }

    /// One more cell, NULL when there is no value.
    pub fn maybe(&mut self, value: Option<impl Display>) -> &mut Self {
        match value {
            Some(value) => self.cell(value),
            None => self.cell(""),
        }
    }

    /// The cells, in order.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.text[start..*end])
    }
}

/// A figure in hundredths, as producers write it (`1 234,50`, `1234.5`), or nothing for an empty cell or a mark of
/// absence. Every table of the two land files counts in whole units or cents.
///
/// # Errors
/// When the cell holds something else.
pub fn hundredths(cell: &str) -> Result<Option<i64>, ()> {
    if cell.is_empty() || ["s", "nd", "ns", "nc"].iter().any(|mark| cell.eq_ignore_ascii_case(mark)) {
        return Ok(None);
    }
    let (mut value, mut decimals) = (0_i64, None);
    for character in cell.chars() {
        match (character, decimals) {
            ('0'..='9', Some(2..)) => {
                decimals = decimals.map(|count: u8| count.saturating_add(1));
            }
            ('0'..='9', _) => {
                let digit = i64::from(u32::from(character) - u32::from('0'));
                value = value.checked_mul(10).and_then(|value| value.checked_add(digit)).ok_or(())?;
                decimals = decimals.map(|count| count + 1);
            }
            (',' | '.', None) => decimals = Some(0),
            (' ' | '\u{a0}' | '\u{202f}' | '\u{2009}', _) => {}
            ('e' | 'E', _) => return exponent(cell),
            _ => return Err(()),
        }
    }
    let scale = match decimals {
        None | Some(0) => 100,
        Some(1) => 10,
        Some(_) => 1,
    };
    value.checked_mul(scale).map(Some).ok_or(())
}

/// `1e+05`, as statistical software writes round prices.
fn exponent(cell: &str) -> Result<Option<i64>, ()> {
    let value = cell.replace(',', ".").parse::<f64>().map_err(|_| ())? * 100.0;
    if !(0.0..9e15).contains(&value) {
        return Err(());
    }
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and what a float holds exactly")]
    Ok(Some(value.round() as i64))
}

#[cfg(test)]
mod tests {
    use super::{Row, hundredths};

    #[test]
    fn figures_are_read_in_hundredths() {
        for (cell, value) in [
            ("130000,00", Some(13_000_000)),
            ("130000", Some(13_000_000)),
            ("130000.5", Some(13_000_050)),
            ("1\u{a0}234,5", Some(123_450)),
            ("49,765", Some(4_976)),
            ("1e+05", Some(10_000_000)),
            ("1.5E5", Some(15_000_000)),
            ("0", Some(0)),
            ("", None),
            ("nd", None),
        ] {
            assert_eq!(hundredths(cell), Ok(value), "« {cell} »");
        }
        for cell in ["beaucoup", "1,2,3", "-5", "e5", "1e99", "12 €", "99999999999999999999"] {
            assert_eq!(hundredths(cell), Err(()), "« {cell} »");
        }
    }

    #[test]
    fn a_row_gives_back_its_cells() {
        let mut row = Row::default();
        row.cell("a").maybe(None::<u8>).cell(12);
        assert_eq!(row.cells().collect::<Vec<_>>(), ["a", "", "12"]);
        row.clear().cell("b");
        assert_eq!(row.cells().collect::<Vec<_>>(), ["b"]);
    }
}
