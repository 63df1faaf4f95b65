//! A matrix of figures: rows against columns, cells over a limit set apart by colour and by a bar.

use super::{
    Frame, measure,
    palette::{GREY, MIST, NAVY, ORANGE, ORANGE_PALE, WHITE},
    scale::pitch,
    svg::{Drawing, Ink, Svg},
    withheld::{block, unpublished},
};

/// How a cell stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Plain,
    /// Over the limit that the exhibit names.
    Alert,
    Withheld,
}

/// A figure, and what it rests on.
#[derive(Debug, Clone, Copy)]
pub struct Cell<'a> {
    pub state: State,
    /// The printed figure, or « n.d. ».
    pub text: &'a str,
    /// Small, under the figure; may be empty.
    pub note: &'a str,
}

/// A row, with a cell for each column.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    pub label: &'a str,
    pub note: &'a str,
    pub cells: Vec<Cell<'a>>,
}

const HEAD: f64 = 28.0;

/// Draws the matrix; `alert` says in words what the mark means.
#[must_use]
pub fn draw(frame: &Frame<'_>, columns: &[&str], rows: &[Row<'_>], alert: &str) -> Svg {
    let cells = || rows.iter().flat_map(|row| &row.cells);
    if cells().all(|cell| cell.state == State::Withheld) {
        return unpublished(frame);
    }
    let mut svg = Drawing::new(frame);
    let label_room = frame.width * 0.27;
    let wide = pitch(frame.width - label_room - 8.0, columns.len());
    let left = label_room + 8.0;
    let alarmed = cells().any(|cell| cell.state == State::Alert);
    let foot = if alarmed { 18.0 } else { 0.0 };
    let mut x = left + wide / 2.0;
    for name in columns {
        let lines = measure::wrap(name, 9.5, true, wide - 8.0, 2);
        let first = if lines.len() > 1 { 10.0 } else { 21.0 };
        for (line, y) in lines.iter().zip([first, 21.0]) {
            let line = measure::fit(line, 9.5, true, wide - 8.0);
            svg.text((x, y), Ink::new(9.5, NAVY).bold().middle(), &line);
        }
        x += wide;
    }
    let high = pitch(frame.height - HEAD - foot, rows.len());
    let mut y = HEAD;
    for row in rows {
        let shift = if row.note.is_empty() { 3.3 } else { -2.0 };
        let middle = y + high / 2.0;
        let label = measure::fit(row.label, 9.5, true, label_room);
        svg.text((label_room, middle + shift), Ink::new(9.5, NAVY).bold().end(), &label);
        let note = measure::fit(row.note, 8.4, false, label_room);
        svg.text((label_room, middle + 9.5), Ink::new(8.4, GREY).end(), &note);
        let mut x = left;
        for cell in &row.cells {
            draw_cell(&mut svg, cell, (x + 1.5, y + 1.5), (wide - 3.0, high - 3.0));
            x += wide;
        }
        y += high;
    }
    if alarmed {
        let y = frame.height - 11.0;
        svg.rect((left, y), (16.0, 10.0), &format!("fill=\"{ORANGE_PALE}\""));
        svg.rect((left, y), (4.0, 10.0), &format!("fill=\"{ORANGE}\""));
        let words = measure::fit(alert, 8.6, false, frame.width - left - 22.0);
        svg.text((left + 22.0, y + 8.2), Ink::new(8.6, GREY), &words);
    }
    svg.finish()
}

fn draw_cell(svg: &mut Drawing, cell: &Cell<'_>, (x, y): (f64, f64), (wide, high): (f64, f64)) {
    let middle = (x + wide / 2.0, y + high / 2.0);
    let ink = match cell.state {
        State::Plain => {
            svg.rect((x, y), (wide, high), &format!("fill=\"{MIST}\""));
            Ink::new(12.0, NAVY).bold()
        }
        State::Alert => {
            svg.rect((x, y), (wide, high), &format!("fill=\"{ORANGE_PALE}\""));
            svg.rect((x, y), (4.0, high), &format!("fill=\"{ORANGE}\""));
            Ink::new(12.0, NAVY).bold()
        }
        State::Withheld => {
            block(svg, (x, y), (wide, high));
            Ink::new(9.5, GREY)
        }
    };
    let note = measure::fit(cell.note, 8.4, false, wide - 12.0);
    let shift = if note.is_empty() { ink.size * 0.35 } else { -1.0 };
    if cell.state == State::Withheld {
        // Text on hatching would be hard to read.
        let widest = ink.width(cell.text).max(measure::width(&note, 8.4, false)) + 10.0;
        let tall = if note.is_empty() { 15.0 } else { 26.0 };
        svg.rect((middle.0 - widest / 2.0, middle.1 - tall / 2.0), (widest, tall), &format!("fill=\"{WHITE}\""));
    }
    svg.text((middle.0, middle.1 + shift), ink.middle(), cell.text);
    // Grey would be too pale upon the alert.
    let fill = if cell.state == State::Alert { NAVY } else { GREY };
    svg.text((middle.0, middle.1 + 9.5), Ink::new(8.4, fill).middle(), &note);
}
