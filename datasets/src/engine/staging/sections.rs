//! Text without a header, in sections told by the first cell of each line.

use std::io::BufRead as _;

use super::{Read, Sink};
use crate::dataset::Section;
use crate::engine::error::ImportError;
use crate::engine::received::Received;
use crate::engine::sniff::Encoding;

/// `section`, then the columns of all sections, each once.
pub fn columns(sections: &[Section]) -> Vec<String> {
    let mut names = vec!["section".to_owned()];
    for name in sections.iter().flat_map(|section| section.columns) {
        if !name.is_empty() && !names.iter().any(|known| known == name) {
            names.push((*name).to_owned());
        }
    }
    names
}

/// Stages the lines of known sections; what stands above the first of them is a title.
pub fn read(
    file: &Received,
    encoding: Encoding,
    separator: u8,
    sections: &'static [Section],
    sink: &mut Sink,
) -> Result<Read, ImportError> {
    let names = columns(sections);
    let places: Vec<Vec<usize>> = sections.iter().map(|section| places(section, &names)).collect();
    let mut reader = file.open()?;
    let (mut bytes, mut offset, mut line) = (Vec::new(), 0, 0);
    let mut read = Read::default();
    loop {
        bytes.clear();
        let length = reader
            .read_until(b'\n', &mut bytes)
            .map_err(|source| ImportError::Unreadable { file: file.path.clone(), source })?;
        if length == 0 {
            return Ok(read);
        }
        line += 1;
        let start = offset;
        offset += length as u64;
        let text = encoding.decode(bytes.trim_ascii_end()).map_err(|position| ImportError::Undecodable {
            file: file.path.clone(),
            line,
            offset: start + position as u64,
            encoding: encoding.name(),
        })?;
        if text.is_empty() {
            continue;
        }
        let cells: Vec<&str> = text.split(char::from(separator)).collect();
        let Some(index) = sections.iter().position(|section| section.name == cells[0]) else {
            if read.rows > 0 {
                read.rows += 1;
                read.reject(line, format!("section « {} » inconnue", cells[0]), &text);
            }
            continue;
        };
        read.rows += 1;
        let expected = places[index].len() + 1;
        if cells.len() != expected {
            read.reject(line, format!("{} cellules au lieu de {expected}", cells.len()), &text);
            continue;
        }
        let mut row = vec![""; names.len()];
        row[0] = cells[0];
        for (cell, place) in cells[1..].iter().zip(&places[index]) {
            if *place > 0 {
                row[*place] = cell;
            }
        }
        sink.row(line, row.into_iter());
    }
}

/// Where each cell of a section goes; zero, the place of `section` itself, for one that is left out.
fn places(section: &Section, names: &[String]) -> Vec<usize> {
    section.columns.iter().map(|name| names.iter().position(|known| known == name).unwrap_or(0)).collect()
}
