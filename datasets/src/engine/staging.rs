//! From a file to an unlogged table of text: streamed through COPY with bounded memory, whatever the file's size.

use std::io::{BufRead, Read as _};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::value::RawValue;
use sqlx::PgConnection;
use tokio::sync::mpsc;

use super::contract::Bound;
use super::error::ImportError;
use super::received;
use super::sniff::Encoding;

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
        file: PathBuf,
        /// Its encoding.
        encoding: Encoding,
        /// Its separator.
        separator: u8,
        /// Whether `"` quotes.
        quoted: bool,
        /// Lines before the first row, header included.
        skipped: usize,
        /// The columns to keep.
        bound: Bound,
    },
    /// GeoJSON features, one per line.
    Features {
        /// The file.
        file: PathBuf,
    },
    /// Whole documents.
    Documents {
        /// The files, with the stems they are known by.
        files: Vec<(PathBuf, &'static str)>,
    },
}

impl Plan {
    /// Names of the staging columns after `ligne`.
    pub fn columns(&self) -> Vec<String> {
        match self {
            Self::Delimited { bound, .. } => bound.columns.iter().map(|(_, name)| name.clone()).collect(),
            Self::Features { .. } => ["code", "nom", "geometrie"].map(str::to_owned).to_vec(),
            Self::Documents { .. } => ["document", "contenu"].map(str::to_owned).to_vec(),
        }
    }

    fn read(&self, sink: &mut Sink) -> Result<Read, ImportError> {
        match self {
            Self::Delimited { file, encoding, separator, quoted, skipped, bound } => {
                delimited(file, *encoding, *separator, *quoted, *skipped, bound, sink)
            }
            Self::Features { file } => features(file, sink),
            Self::Documents { files } => documents(files, sink),
        }
    }
}

/// Creates the staging table and fills it.
pub async fn fill(connection: &mut PgConnection, table: &str, plan: Plan) -> Result<Read, ImportError> {
    let columns = plan.columns();
    let typed = columns.iter().map(|name| format!(", \"{name}\" text")).collect::<String>();
    sqlx::raw_sql(&format!("CREATE UNLOGGED TABLE {table} (ligne bigint{typed})")).execute(&mut *connection).await?;
    let names = columns.iter().map(|name| format!(", \"{name}\"")).collect::<String>();

    let (sender, mut chunks) = mpsc::channel(AHEAD);
    let reader = tokio::task::spawn_blocking(move || {
        let mut sink = Sink { sender, buffer: Vec::with_capacity(CHUNK + (CHUNK >> 3)) };
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
            sqlx::raw_sql(&format!("ANALYZE {table}")).execute(connection).await?;
            Ok(read)
        }
        Err(error) => {
            copy.abort("the file could not be read to its end").await?;
            Err(error)
        }
    }
}

/// Rows in PostgreSQL's COPY text format, sent chunk by chunk.
struct Sink {
    sender: mpsc::Sender<Vec<u8>>,
    buffer: Vec<u8>,
}

impl Sink {
    fn row<'a>(&mut self, line: u64, cells: impl Iterator<Item = &'a str>) {
        self.buffer.extend_from_slice(line.to_string().as_bytes());
        for cell in cells {
            self.buffer.push(b'\t');
            let cell = cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
            if cell.is_empty() {
                self.buffer.extend_from_slice(b"\\N");
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

impl Read {
    fn reject(&mut self, line: u64, reason: impl Into<String>, raw: &str) {
        self.rejected += 1;
        if self.rejects.len() < KEPT_REJECTS {
            self.rejects.push(Reject { line, reason: reason.into(), raw: raw.chars().take(KEPT_TEXT).collect() });
        }
    }
}

fn delimited(
    file: &Path,
    encoding: Encoding,
    separator: u8,
    quoted: bool,
    skipped: usize,
    bound: &Bound,
    sink: &mut Sink,
) -> Result<Read, ImportError> {
    let unreadable = |source| ImportError::Unreadable { file: file.to_owned(), source };
    let mut reader = received::open(file)?;
    let mut above = Vec::new();
    for _ in 0..skipped {
        reader.read_until(b'\n', &mut above).map_err(unreadable)?;
    }
    let first_line = skipped as u64;
    let mut records = csv::ReaderBuilder::new()
        .delimiter(separator)
        .quoting(quoted)
        .has_headers(false)
        .flexible(true)
        .from_reader(reader);
    let mut record = csv::ByteRecord::new();
    let mut read = Read::default();
    while records.read_byte_record(&mut record).map_err(|error| unreadable(error.into()))? {
        read.rows += 1;
        // Counted here: after CRLF the reader gives the first two records one number. Exact unless a cell holds a line break.
        let line = first_line + read.rows;
        let start = record.position().map_or(0, csv::Position::byte) + above.len() as u64;
        if record.len() != bound.width {
            let reason = format!("{} cellules au lieu de {}", record.len(), bound.width);
            let raw = record.iter().map(String::from_utf8_lossy).collect::<Vec<_>>().join(";");
            read.reject(line, reason, &raw);
            continue;
        }
        let mut cells = Vec::with_capacity(bound.columns.len());
        for (index, _) in &bound.columns {
            let cell = record.get(*index).unwrap_or_default();
            cells.push(encoding.decode(cell).map_err(|position| ImportError::Undecodable {
                file: file.to_owned(),
                line,
                offset: start + offset_in_row(&record, *index) + position as u64,
                encoding: encoding.name(),
            })?);
        }
        sink.row(line, cells.iter().map(AsRef::as_ref));
    }
    Ok(read)
}

/// Bytes of a row before one of its cells; exact when no cell is quoted.
fn offset_in_row(record: &csv::ByteRecord, index: usize) -> u64 {
    record.iter().take(index).map(|cell| cell.len() as u64 + 1).sum()
}

/// The parts of a feature that are kept. The geometry stays text: PostGIS reads it.
#[derive(Deserialize)]
struct Feature<'a> {
    properties: Properties,
    #[serde(borrow)]
    geometry: &'a RawValue,
}

#[derive(Deserialize)]
struct Properties {
    code: String,
    #[serde(default)]
    nom: String,
}

fn features(file: &Path, sink: &mut Sink) -> Result<Read, ImportError> {
    let mut read = Read::default();
    for (line, text) in (1..).zip(received::open(file)?.lines()) {
        let text = text.map_err(|source| ImportError::Unreadable { file: file.to_owned(), source })?;
        if text.trim().is_empty() {
            continue;
        }
        read.rows += 1;
        match serde_json::from_str::<Feature<'_>>(&text) {
            Ok(feature) => {
                let Properties { code, nom } = &feature.properties;
                sink.row(line, [code.as_str(), nom.as_str(), feature.geometry.get()].into_iter());
            }
            Err(error) => read.reject(line, format!("contour illisible : {error}"), &text),
        }
    }
    Ok(read)
}

fn documents(files: &[(PathBuf, &'static str)], sink: &mut Sink) -> Result<Read, ImportError> {
    let mut read = Read::default();
    for (line, (file, stem)) in (1..).zip(files) {
        let mut content = String::new();
        received::open(file)?
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
