//! Writing the generated files: always under the prefix that says what they are.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use encoding_rs::WINDOWS_1252;
use flate2::{Compression, GzBuilder};

use crate::engine::{ImportError, SYNTHETIC_PREFIX};

/// The folder that receives the files, and the list of what was written.
pub struct Output<'a> {
    folder: &'a Path,
    gzip: bool,
    /// Files written so far.
    pub files: Vec<PathBuf>,
}

/// Encoding of a generated file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    /// UTF-8.
    Utf8,
    /// Windows-1252, as some producers still write.
    Windows1252,
}

impl<'a> Output<'a> {
    /// Files go to this folder, which must exist; compressed as producers do with large ones, when `gzip`.
    pub fn new(folder: &'a Path, gzip: bool) -> Self {
        Self { folder, gzip, files: Vec::new() }
    }

    /// Writes one file, line by line.
    pub fn file(
        &mut self,
        name: &str,
        charset: Charset,
        lines: impl Iterator<Item = String>,
    ) -> Result<(), ImportError> {
        let path = self.folder.join(format!("{SYNTHETIC_PREFIX}{name}{}", if self.gzip { ".gz" } else { "" }));
        self.write(&path, charset, lines).map_err(|source| ImportError::Unreadable { file: path.clone(), source })?;
        self.files.push(path);
        Ok(())
    }

    fn write(&self, path: &Path, charset: Charset, lines: impl Iterator<Item = String>) -> std::io::Result<()> {
        let mut file = BufWriter::with_capacity(1 << 16, File::create(path)?);
        if self.gzip {
            // Neither name nor time in the header: the same request writes the same bytes.
            let mut encoder = GzBuilder::new().write(file, Compression::fast());
            lines_into(BufWriter::with_capacity(1 << 16, &mut encoder), charset, lines)?;
            return encoder.finish()?.flush();
        }
        lines_into(&mut file, charset, lines)
    }
}

fn lines_into(mut file: impl Write, charset: Charset, lines: impl Iterator<Item = String>) -> std::io::Result<()> {
    for line in lines {
        match charset {
            Charset::Utf8 => file.write_all(line.as_bytes())?,
            Charset::Windows1252 => file.write_all(&WINDOWS_1252.encode(&line).0)?,
        }
        file.write_all(b"\n")?;
    }
    file.flush()
}

/// A header and rows, joined by semicolons.
pub fn table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> impl Iterator<Item = String> {
    std::iter::once(header.join(";")).chain(rows.map(|row| row.join(";")))
}

/// French decimals: `12,5`.
pub fn french(value: f64, decimals: usize) -> String {
    format!("{value:.decimals$}").replace('.', ",")
}
