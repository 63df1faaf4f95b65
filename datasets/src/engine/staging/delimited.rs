//! Delimited text with a header.

use std::io::BufRead as _;

use super::{Read, Sink};
use crate::dataset::{Format, Layout};
use crate::digest::{Digest, Fault};
use crate::engine::contract::{Bound, matches};
use crate::engine::error::ImportError;
use crate::engine::received::Received;
use crate::engine::sniff::Encoding;

/// Stages every row that has as many cells as the header; the others are set aside.
pub fn read(
    file: &Received,
    encoding: Encoding,
    separator: u8,
    layout: &Layout,
    skipped: usize,
    bound: &Bound,
    sink: &mut Sink,
) -> Result<Read, ImportError> {
    let unreadable = |source| ImportError::Unreadable { file: file.path.clone(), source };
    let mut reader = file.open()?;
    let mut above = Vec::new();
    for _ in 0..skipped {
        reader.read_until(b'\n', &mut above).map_err(unreadable)?;
    }
    let first_line = skipped as u64;
    let mut records = csv::ReaderBuilder::new()
        .delimiter(separator)
        .quoting(layout.format == Format::Delimited { quoted: true })
        .has_headers(false)
        .flexible(true)
        .from_reader(reader);
    let mut record = csv::ByteRecord::new();
    let mut read = Read::default();
    let mut digestion = layout.digest.map(|Digest { start, .. }| start());
    let order = order(layout, bound);
    if let Some(reader) = &mut digestion {
        reader.header(&order.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>());
    }
    while records.read_byte_record(&mut record).map_err(|error| unreadable(error.into()))? {
        read.rows += 1;
        // Counted here: after CRLF the reader gives the first two records one number. Exact unless a cell holds a line break.
        let line = first_line + read.rows;
        let start = record.position().map_or(0, csv::Position::byte) + above.len() as u64;
        if record.len() != bound.width {
            let reason = format!("{} cellules au lieu de {}", record.len(), bound.width);
            read.reject(line, reason, &raw(&record));
            continue;
        }
        let mut cells = Vec::with_capacity(order.len());
        for (_, index) in &order {
            let cell = index.and_then(|index| record.get(index)).unwrap_or_default();
            cells.push(encoding.decode(cell).map_err(|position| ImportError::Undecodable {
                file: file.path.clone(),
                line,
                offset: start + offset_in_row(&record, index.unwrap_or_default()) + position as u64,
                encoding: encoding.name(),
            })?);
        }
        let Some(reader) = &mut digestion else {
            sink.row(line, cells.iter().map(AsRef::as_ref));
            continue;
        };
        let trimmed: Vec<&str> = cells.iter().map(|cell| super::trimmed(cell)).collect();
        match reader.line(line, &trimmed, &mut |line, row| sink.row(line, row.cells())) {
            Ok(()) => {}
            Err(Fault::Rejected(reason)) => read.reject(line, reason, &raw(&record)),
            Err(Fault::Broken(error)) => return Err(ImportError::Scratch(error)),
        }
    }
    if let Some(reader) = &mut digestion {
        reader.finish(&mut |line, row| sink.row(line, row.cells())).map_err(ImportError::Scratch)?;
    }
    Ok(read)
}

/// Where the cells are found: in the order of the file, or of the contract when the rows are digested; a family of columns
/// then gives all its members.
fn order(layout: &Layout, bound: &Bound) -> Vec<(String, Option<usize>)> {
    let in_file = || bound.columns.iter().map(|(index, name)| (name.clone(), Some(*index)));
    if layout.digest.is_none() {
        return in_file().collect();
    }
    layout
        .columns
        .iter()
        .flat_map(|column| {
            let found: Vec<_> = in_file()
                .filter(|(name, _)| if column.family { matches(column.name, name) } else { name == column.name })
                .collect();
            if found.is_empty() && !column.family { vec![(column.name.to_owned(), None)] } else { found }
        })
        .collect()
}

fn raw(record: &csv::ByteRecord) -> String {
    record.iter().map(String::from_utf8_lossy).collect::<Vec<_>>().join(";")
}

/// Bytes of a row before one of its cells; exact when no cell is quoted.
fn offset_in_row(record: &csv::ByteRecord, index: usize) -> u64 {
    record.iter().take(index).map(|cell| cell.len() as u64 + 1).sum()
}
