//! From a file to an unlogged table of text: streamed through COPY with bounded memory, whatever the file's size.

mod delimited;
mod features;
mod json;
mod pseudonym;
mod sections;
#[cfg(test)]
mod tests;
mod workbook;

use std::io::Read as _;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::value::RawValue;
use sqlx::PgConnection;
use tokio::sync::mpsc;

use super::contract::Bound;
use super::error::ImportError;
use super::progress::Progress;
use super::received::Received;
use super::sniff::Encoding;
use crate::dataset::{Layout, Section};

use pseudonym::Secrets;

pub use json::{Field, sample as sample_json};
pub use workbook::{Sheet, sheets, top};

/// Bytes gathered before they are sent to PostgreSQL.
const CHUNK: usize = 1 << 20;
/// Chunks read ahead of PostgreSQL.
const AHEAD: usize = 4;
/// Unreadable rows kept word for word; all are counted.
const KEPT_REJECTS: usize = 1000;
/// Length of a rejected row kept for the operator.
const KEPT_TEXT: usize = 2048;

/// A row that could not even be staged.
#[derive(Debug)]
pub struct Reject {
    /// Line in the file.
    pub line: u64,
    /// Why, in French.
    pub reason: String,
    /// Beginning of the row.
    pub raw: String,
}

/// What reading gave.
#[derive(Debug, Default)]
pub struct Read {
    /// Rows read, good or not.
    pub rows: u64,
    /// Rows that were not staged.
    pub rejected: u64,
    /// The first of them.
    pub rejects: Vec<Reject>,
}

/// How to read one file into one staging table.
pub enum Plan {
    /// Delimited text.
    Delimited {
        /// The file.
        file: Received,
        /// Its encoding.
        encoding: Encoding,
        /// Its separator.
        separator: u8,
        /// What the file was recognised as.
        layout: &'static Layout,
        /// Lines before the first row, header included.
        skipped: usize,
        /// The columns to keep.
        bound: Bound,
    },
    /// Text in sections, without a header.
    Sections {
        /// The file.
        file: Received,
        /// Its encoding.
        encoding: Encoding,
        /// Its separator.
        separator: u8,
        /// Its sections.
        sections: &'static [Section],
    },
    /// Sheets of a workbook.
    Workbook {
        /// The file.
        file: Received,
        /// Its sheets.
        sheets: Vec<Sheet>,
    },
    /// Elements of a JSON array.
    Json {
        /// The file.
        file: Received,
        /// Where the array is.
        array: &'static str,
        /// What is taken of each element.
        fields: Vec<Field>,
    },
    /// GeoJSON features.
    Features {
        /// The file.
        file: Received,
    },
    /// Whole documents.
    Documents {
        /// The files, with the stems they are known by.
        files: Vec<(PathBuf, &'static str)>,
    },
}

impl Plan {
    /// The staging columns after `ligne`, with their SQL types.
    fn columns(&self) -> Vec<(String, &'static str)> {
        if let Self::Delimited { layout: Layout { digest: Some(digest), .. }, .. } = self {
            return digest.columns.iter().map(|(name, sql)| ((*name).to_owned(), *sql)).collect();
        }
        self.names().into_iter().map(|name| (name, "text")).collect()
    }

    fn names(&self) -> Vec<String> {
        match self {
            Self::Delimited { bound, .. } => bound.columns.iter().map(|(_, name)| name.clone()).collect(),
            Self::Workbook { sheets, .. } => workbook::columns(sheets),
            Self::Sections { sections, .. } => sections::columns(sections),
            Self::Json { fields, .. } => fields.iter().map(|field| field.name.clone()).collect(),
            Self::Features { .. } => ["code", "nom", "geometrie"].map(str::to_owned).to_vec(),
            Self::Documents { .. } => ["document", "contenu"].map(str::to_owned).to_vec(),
        }
    }

    fn read(&self, sink: &mut Sink) -> Result<Read, ImportError> {
        match self {
            Self::Delimited { file, encoding, separator, layout, skipped, bound } => {
                delimited::read(file, *encoding, *separator, layout, *skipped, bound, sink)
            }
            Self::Sections { file, encoding, separator, sections } => {
                sections::read(file, *encoding, *separator, sections, sink)
            }
            Self::Workbook { file, sheets } => workbook::read(file, sheets, sink),
            Self::Json { file, array, fields } => json::read(file, array, fields, sink),
            Self::Features { file } => features::read(file, sink),
            Self::Documents { files } => documents(files, sink),
        }
    }
}

/// Creates the staging table and fills it. Optional columns that the file lacks are there too, empty.
pub async fn fill(
    connection: &mut PgConnection,
    table: &str,
    layout: &Layout,
    plan: Plan,
    progress: &Arc<Progress>,
) -> Result<Read, ImportError> {
    let columns = plan.columns();
    let absent = layout.columns.iter().filter(|column| {
        let optional = !column.required && !column.family && layout.digest.is_none();
        optional && !columns.iter().any(|(name, _)| name == column.name)
    });
    let absent = absent.map(|column| format!(", \"{}\" text", column.name));
    let typed = columns.iter().map(|(name, sql)| format!(", \"{name}\" {sql}")).chain(absent).collect::<String>();
    sqlx::raw_sql(&format!("CREATE UNLOGGED TABLE {table} (ligne bigint{typed})")).execute(&mut *connection).await?;
    let names = columns.iter().map(|(name, _)| format!(", \"{name}\"")).collect::<String>();

    let (sender, mut chunks) = mpsc::channel(AHEAD);
    let secrets = Secrets::of(layout, columns.iter().map(|(name, _)| name.as_str()))?;
    let progress = progress.clone();
    let reader = tokio::task::spawn_blocking(move || {
        let mut sink = Sink { sender, buffer: Vec::with_capacity(CHUNK + (CHUNK >> 3)), secrets, progress };
        let read = plan.read(&mut sink)?;
        sink.flush();
        Ok(read)
    });
    let mut copy = connection.copy_in_raw(&format!("COPY {table} (ligne{names}) FROM STDIN")).await?;
    while let Some(chunk) = chunks.recv().await {
        copy.send(chunk).await?;
    }
    let read: Result<Read, ImportError> =
        reader.await.map_err(|error| ImportError::Interrupted(error.to_string())).and_then(|read| read);
    match read {
        Ok(read) => {
            copy.finish().await?;
            // A rough idea of the rows is enough to read them once or twice.
            let analyze =
                format!("SET default_statistics_target = 10; ANALYZE {table}; RESET default_statistics_target");
            sqlx::raw_sql(&analyze).execute(connection).await?;
            Ok(read)
        }
        Err(error) => {
            copy.abort("the file could not be read to its end").await?;
            Err(error)
        }
    }
}

/// Rows in PostgreSQL's COPY text format, sent chunk by chunk.
pub struct Sink {
    sender: mpsc::Sender<Vec<u8>>,
    buffer: Vec<u8>,
    secrets: Secrets,
    progress: Arc<Progress>,
}

impl Sink {
    fn row<'a>(&mut self, line: u64, cells: impl Iterator<Item = &'a str>) {
        self.buffer.extend_from_slice(line.to_string().as_bytes());
        for (index, cell) in cells.enumerate() {
            self.buffer.push(b'\t');
            let cell = trimmed(cell);
            if cell.is_empty() {
                self.buffer.extend_from_slice(b"\\N");
                continue;
            }
            if self.secrets.hide(index) {
                self.buffer.extend_from_slice(self.secrets.pseudonym(cell).as_bytes());
                continue;
            }
            if !cell.bytes().any(|byte| matches!(byte, b'\\' | b'\t' | b'\n' | b'\r' | 0)) {
                self.buffer.extend_from_slice(cell.as_bytes());
                continue;
            }
            for &byte in cell.as_bytes() {
                match byte {
                    b'\\' => self.buffer.extend_from_slice(b"\\\\"),
                    b'\t' => self.buffer.extend_from_slice(b"\\t"),
                    b'\n' => self.buffer.extend_from_slice(b"\\n"),
                    b'\r' => self.buffer.extend_from_slice(b"\\r"),
                    // PostgreSQL text cannot hold it, and no figure or name does.
                    0 => {}
                    other => self.buffer.push(other),
                }
            }
        }
        self.buffer.push(b'\n');
        self.progress.row();
        if self.buffer.len() >= CHUNK {
            self.flush();
        }
    }

    fn flush(&mut self) {
        let full = std::mem::replace(&mut self.buffer, Vec::with_capacity(CHUNK + (CHUNK >> 3)));
        // The receiver is gone only when COPY failed, and that error is the one reported.
        let _ = self.sender.blocking_send(full);
    }
}

/// A cell without the blanks around it.
fn trimmed(cell: &str) -> &str {
    // Nearly every cell: nothing to remove, seen from its ends.
    if let [first, .., last] = cell.as_bytes()
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return cell;
    }
    cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

impl Read {
    fn reject(&mut self, line: u64, reason: impl Into<String>, raw: &str) {
        self.rejected += 1;
        if self.rejects.len() < KEPT_REJECTS {
            self.rejects.push(Reject { line, reason: reason.into(), raw: raw.chars().take(KEPT_TEXT).collect() });
        }
    }
}

fn documents(files: &[(PathBuf, &'static str)], sink: &mut Sink) -> Result<Read, ImportError> {
    let mut read = Read::default();
    for (line, (file, stem)) in (1..).zip(files) {
        let mut content = String::new();
        Received::new(file, &[])?
            .open()?
            .read_to_string(&mut content)
            .map_err(|source| ImportError::Unreadable { file: file.clone(), source })?;
        let items: Vec<&RawValue> = serde_json::from_str(&content).map_err(|error| {
            ImportError::Header(format!(
                "{} n’est pas la liste JSON attendue : {error}. Prenez le fichier du paquet d’origine.",
                file.display()
            ))
        })?;
        read.rows += items.len() as u64;
        sink.row(line, [*stem, content.as_str()].into_iter());
    }
    Ok(read)
}
