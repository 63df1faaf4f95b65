//! Groups by interval: years and months of dates, steps of numbers.

use super::Refusal;
use super::row::{COLUMNS, Cell, Kind};

/// The width of a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Interval {
    Year,
    Month,
    Step(f64),
}

/// A step so small that empty groups would fill the memory is refused by what it would draw.
const GAPS_MOST: usize = 10_000;

impl Interval {
    /// Reads the `interval` of a column; `None` for groups by exact value.
    pub fn read(column: usize, text: Option<&str>) -> Result<Option<Self>, Refusal> {
        let Some(text) = text.filter(|text| *text != "value") else { return Ok(None) };
        let column = &COLUMNS[column];
        match (column.kind, text) {
            (Kind::Date, "year" | "1y") => Ok(Some(Self::Year)),
            (Kind::Date, "month" | "1M") => Ok(Some(Self::Month)),
            (Kind::Date, other) => Err(Refusal::not_doubled(format!("the interval {other}"))),
            (Kind::Number, step) => match step.parse::<f64>() {
                Ok(step) if step > 0.0 && step.is_finite() => Ok(Some(Self::Step(step))),
                _ => Err(Refusal::bad(format!("\"interval\" doit être un nombre positif, pas {step}"))),
            },
            (Kind::Text, _) => Err(Refusal::bad(format!(
                "Grouper par intervalle vaut pour les nombres et les dates : {} n’en est pas",
                column.key
            ))),
        }
    }

    /// The first value of the group that `cell` falls in.
    pub fn of(&self, cell: &Cell) -> Cell {
        match (self, cell) {
            (Self::Year, Cell::Text(date)) => Cell::Text(format!("{}-01-01", date.get(..4).unwrap_or(date)).into()),
            (Self::Month, Cell::Text(date)) => Cell::Text(format!("{}-01", date.get(..7).unwrap_or(date)).into()),
            (Self::Step(step), Cell::Number(number)) => Cell::Number((number / step).floor() * step),
            (_, other) => other.clone(),
        }
    }

    /// The groups without lines between those of `keys`, which are in order: they are answered too, with 0.
    pub fn between(&self, keys: &[Cell]) -> Vec<Cell> {
        let mut gaps = Vec::new();
        for pair in keys.windows(2) {
            let mut next = self.after(&pair[0]);
            while next.order(&pair[1]).is_lt() && gaps.len() < GAPS_MOST {
                let following = self.after(&next);
                gaps.push(next);
                next = following;
            }
        }
        gaps
    }

    fn after(&self, key: &Cell) -> Cell {
        match (self, key) {
            (Self::Step(step), Cell::Number(number)) => {
                // Counted from zero, so that sums of tenths do not drift away from the groups.
                Cell::Number(((number / step).round() + 1.0) * step)
            }
            (_, Cell::Text(date)) => {
                let part = |range: std::ops::Range<usize>| date.get(range).and_then(|part| part.parse::<u32>().ok());
                let (year, month) = (part(0..4).unwrap_or(9_999), part(5..7).unwrap_or(12));
                let (year, month) = match self {
                    Self::Month if month < 12 => (year, month + 1),
                    _ => (year + 1, 1),
                };
                Cell::Text(format!("{year:04}-{month:02}-01").into())
            }
            (_, other) => other.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_groups_fill_the_gaps() {
        let text = |date: &'static str| Cell::Text(date.into());
        assert_eq!(
            Interval::Month.between(&[text("2024-11-01"), text("2025-02-01")]),
            [text("2024-12-01"), text("2025-01-01")]
        );
        assert_eq!(Interval::Year.between(&[text("2021-01-01"), text("2023-01-01")]), [text("2022-01-01")]);
        assert_eq!(Interval::Step(50.0).between(&[Cell::Number(0.0), Cell::Number(100.0)]), [Cell::Number(50.0)]);
        assert_eq!(Interval::Step(50.0).of(&Cell::Number(149.0)), Cell::Number(100.0));
        assert_eq!(Interval::Year.of(&text("2024-05-06")), text("2024-01-01"));
    }
}
