//! `lobster study validate`: the judge of every sentence, on files.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::Path,
};

use crate::args::Validate;

/// A file that cannot be read or is not what it should be.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(String);

/// Blocks were refused, and `--strict` asked for a code that says so.
#[derive(Debug, thiserror::Error)]
#[error("{0} blocks have errors")]
pub struct Refused(usize);

pub fn run(files: &Validate) -> anyhow::Result<()> {
    let known = || studies::STUDIES.iter().map(|study| study.sheet().code).collect::<Vec<_>>().join(", ");
    let study = match &files.study {
        Some(code) => {
            let unknown = || Unreadable(format!("there is no study {code}: there are {}", known()));
            Some(studies::find(code).ok_or_else(unknown)?)
        }
        None => None,
    };
    let unread = |file: &Path, why: &dyn std::fmt::Display| Unreadable(format!("{}: {why}", file.display()));
    let json = std::fs::read_to_string(&files.facts).map_err(|error| unread(&files.facts, &error))?;
    let sheet = narrative::read_sheet(&json).map_err(|error| unread(&files.facts, &error))?;
    let unnamed = narrative::unnamed(&sheet);
    if !unnamed.is_empty() {
        eprintln!(
            "V15 is not judged for indicators without anchors, here and in the dictionary: {}",
            unnamed.join(", ")
        );
    }
    let blocks: Box<dyn BufRead> = if files.blocks == Path::new("-") {
        Box::new(io::stdin().lock())
    } else {
        Box::new(BufReader::new(File::open(&files.blocks).map_err(|error| unread(&files.blocks, &error))?))
    };
    let mut with_errors = 0;
    for (number, line) in (1..).zip(blocks.split(b'\n')) {
        let line = line.map_err(|error| unread(&files.blocks, &format!("line {number}: {error}")))?;
        // What is no UTF-8 is answered as such, and does not end the run.
        let line = String::from_utf8_lossy(&line);
        // A byte order mark is no part of the first object.
        let line = line.trim_start_matches('\u{feff}');
        if line.trim().is_empty() {
            continue;
        }
        let mut checked = match study {
            Some(study) => study.check(&sheet, line),
            None => narrative::check_line(&[], &sheet, line),
        };
        if checked.id.is_empty() {
            for error in &mut checked.errors {
                error.pointer = format!("{}:{number}", files.blocks.display());
            }
        }
        with_errors += usize::from(!checked.codes.is_empty());
        println!("{}", serde_json::to_string(&checked)?);
        if crate::out::reader_left() {
            break;
        }
    }
    if files.strict && with_errors > 0 { Err(Refused(with_errors).into()) } else { Ok(()) }
}
