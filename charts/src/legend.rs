//! Names of fills in a row that wraps, for where a name finds no room beside its mark.

use super::{
    measure,
    palette::{GREY, SLATE},
    svg::{Drawing, Ink},
};

const LINE: f64 = 14.0;
const SIZE: f64 = 8.6;

/// Entries laid out in a width.
pub struct Legend<'a> {
    entries: Vec<(f64, f64, &'a str, String)>,
    rows: f64,
}

impl<'a> Legend<'a> {
    /// `entries` are a paint and a name each.
    pub fn new(entries: impl Iterator<Item = (&'a str, &'a str)>, width: f64) -> Self {
        let (mut x, mut row) = (0.0, 0.0);
        let mut laid = vec![];
        for (paint, name) in entries {
            let name = measure::fit(name, SIZE, false, width - 16.0);
            let room = 15.0 + measure::width(&name, SIZE, false);
            if x > 0.0 && x + room > width {
                (x, row) = (0.0, row + 1.0);
            }
            laid.push((x, row * LINE, paint, name));
            x += room + 14.0;
        }
        Self { rows: if laid.is_empty() { 0.0 } else { row + 1.0 }, entries: laid }
    }

    pub fn height(&self) -> f64 {
        self.rows * LINE
    }

    pub fn draw(&self, svg: &mut Drawing, (left, top): (f64, f64)) {
        for (x, y, paint, name) in &self.entries {
            let style = format!("fill=\"{paint}\" stroke=\"{SLATE}\" stroke-width=\"0.5\"");
            svg.rect((left + x, top + y + 1.0), (10.0, 9.0), &style);
            svg.text((left + x + 15.0, top + y + 8.8), Ink::new(SIZE, GREY), name);
        }
    }
}
