//! A sheet of an Excel workbook. The newer kind is read cell by cell; the older one, always small, at once.

use std::fs::File;
use std::io::BufReader;

use calamine::{Data, Reader as _, Xls, Xlsx, open_workbook};

use super::{Read, Sink};
use crate::engine::contract::Bound;
use crate::engine::error::ImportError;
use crate::engine::received::Received;

/// Rows at the top of a sheet among which the header is looked for.
const TOP: u32 = 50;

/// The names of the sheets.
pub fn sheets(file: &Received) -> Result<Vec<String>, ImportError> {
    Ok(match open(file)? {
        Book::New(book) => book.sheet_names(),
        Book::Old(book) => book.sheet_names(),
    })
}

/// The first rows of a sheet, empty ones included.
pub fn top(file: &Received, sheet: &str) -> Result<Vec<Vec<String>>, ImportError> {
    let mut top = Vec::new();
    each_row(file, sheet, &mut |row, cells| {
        if row < TOP {
            top.resize(row as usize, Vec::new());
            top.push(cells);
        }
        row < TOP
    })?;
    Ok(top)
}

/// One sheet to read.
pub struct Sheet {
    /// As named in the file.
    pub name: String,
    /// Rows before the first one of data, header included.
    pub skipped: u32,
    /// The columns to keep.
    pub bound: Bound,
}

/// `feuille`, then the columns of all sheets, each once.
pub fn columns(sheets: &[Sheet]) -> Vec<String> {
    let mut names = vec!["feuille".to_owned()];
    for (_, name) in sheets.iter().flat_map(|sheet| &sheet.bound.columns) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// Stages every row under a header that has something written in it.
pub fn read(file: &Received, sheets: &[Sheet], sink: &mut Sink) -> Result<Read, ImportError> {
    let mut read = Read::default();
    let names = columns(sheets);
    for Sheet { name, skipped, bound } in sheets {
        let place =
            |wanted: &String| bound.columns.iter().find(|(_, column)| column == wanted).map(|(index, _)| *index);
        let places: Vec<Option<usize>> = names.iter().skip(1).map(place).collect();
        each_row(file, name, &mut |row, cells| {
            if row < *skipped || cells.iter().all(|cell| cell.trim().is_empty()) {
                return true;
            }
            read.rows += 1;
            let line = u64::from(row) + 1;
            if let Some(beyond) = cells.iter().skip(bound.width).find(|cell| !cell.trim().is_empty()) {
                let reason =
                    format!("feuille « {name} » : une cellule au-delà des {} colonnes de l’en-tête", bound.width);
                read.reject(line, reason, beyond);
            } else {
                let kept =
                    places.iter().map(|place| place.and_then(|index| cells.get(index)).map_or("", String::as_str));
                sink.row(line, std::iter::once(name.as_str()).chain(kept));
            }
            true
        })?;
    }
    Ok(read)
}

enum Book {
    New(Box<Xlsx<BufReader<File>>>),
    Old(Box<Xls<BufReader<File>>>),
}

fn open(file: &Received) -> Result<Book, ImportError> {
    match open_workbook::<Xlsx<_>, _>(&file.path) {
        Ok(book) => Ok(Book::New(Box::new(book))),
        Err(_) => {
            open_workbook::<Xls<_>, _>(&file.path).map(|book| Book::Old(Box::new(book))).map_err(|e| broken(file, &e))
        }
    }
}

/// Hands over each row that has cells, with its index in the sheet, until told that it is enough.
fn each_row(file: &Received, sheet: &str, each: &mut dyn FnMut(u32, Vec<String>) -> bool) -> Result<(), ImportError> {
    match open(file)? {
        Book::New(mut book) => {
            let mut cells = book.worksheet_cells_reader(sheet).map_err(|error| broken(file, &error))?;
            let (mut at, mut row) = (0, Vec::new());
            while let Some(cell) = cells.next_cell().map_err(|error| broken(file, &error))? {
                let (line, column) = cell.get_position();
                if line != at {
                    if !row.is_empty() && !each(at, std::mem::take(&mut row)) {
                        return Ok(());
                    }
                    at = line;
                }
                row.resize(column as usize, String::new());
                row.push(written(&Data::from(cell.get_value().clone())));
            }
            if !row.is_empty() {
                each(at, row);
            }
        }
        Book::Old(mut book) => {
            let range = book.worksheet_range(sheet).map_err(|error| broken(file, &error))?;
            let (top, left) = range.start().unwrap_or_default();
            for (line, cells) in (top..).zip(range.rows()) {
                let mut row = vec![String::new(); left as usize];
                row.extend(cells.iter().map(written));
                if !each(line, row) {
                    return Ok(());
                }
            }
        }
    }
    Ok(())
}

/// A cell as one would type it.
fn written(cell: &Data) -> String {
    match cell {
        Data::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        // An error such as « #N/A » is no figure, and the row check says so when one was expected.
        other => other.to_string(),
    }
}

fn broken(file: &Received, error: &dyn std::fmt::Display) -> ImportError {
    ImportError::Header(format!(
        "{} ne s’ouvre pas comme classeur Excel : {error}. Téléchargez-le de nouveau, ou enregistrez la feuille en CSV.",
        file.path.display()
    ))
}
