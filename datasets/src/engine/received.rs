//! The file as received: opened, decompressed, and identified by its content.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use sha2::{Digest as _, Sha256};

use super::error::ImportError;

/// Prefix of every generated file's name.
pub const SYNTHETIC_PREFIX: &str = "SYNTHETIQUE_";

/// What identifies a file, whatever its name.
#[derive(Debug, Clone)]
pub struct Fingerprint {
    /// SHA-256 of the bytes received.
    pub received: String,
    /// SHA-256 of the decompressed bytes.
    pub content: String,
    /// Bytes received.
    pub bytes: u64,
}

/// Reads the file to its end, twice hashed. A truncated archive is found here, before any row is read.
pub fn fingerprint(path: &Path) -> Result<Fingerprint, ImportError> {
    let unreadable = |source| ImportError::Unreadable { file: path.to_owned(), source };
    let (received, bytes) = digest(&mut File::open(path).map_err(unreadable)?).map_err(unreadable)?;
    if !is_gzip(path)? {
        return Ok(Fingerprint { content: received.clone(), received, bytes });
    }
    let (content, _) =
        digest(&mut open(path)?).map_err(|source| ImportError::BrokenCompression { file: path.to_owned(), source })?;
    Ok(Fingerprint { received, content, bytes })
}

/// The decompressed bytes.
pub fn open(path: &Path) -> Result<Box<dyn BufRead + Send>, ImportError> {
    let file = File::open(path).map_err(|source| ImportError::Unreadable { file: path.to_owned(), source })?;
    let reader = BufReader::with_capacity(1 << 16, file);
    Ok(if is_gzip(path)? {
        Box::new(BufReader::with_capacity(1 << 16, MultiGzDecoder::new(reader)))
    } else {
        Box::new(reader)
    })
}

/// The file name without folder, prefix of generated files, and compression.
pub fn plain_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.strip_prefix(SYNTHETIC_PREFIX).unwrap_or(&name);
    name.strip_suffix(".gz").unwrap_or(name).to_owned()
}

/// Whether the name says that the content is invented.
pub fn is_marked_synthetic(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(SYNTHETIC_PREFIX))
}

/// The files of a set of documents, found by stem in a folder or among the given files.
pub fn documents(given: &[PathBuf], stems: &[&str]) -> Result<Vec<PathBuf>, ImportError> {
    let find = |stem: &str| {
        let in_folders = given
            .iter()
            .filter(|path| path.is_dir())
            .flat_map(|folder| [folder.join(format!("{stem}.json")), folder.join(format!("{stem}.json.gz"))]);
        let among_files = given.iter().filter(|path| plain_name(path) == format!("{stem}.json")).cloned();
        among_files.chain(in_folders).find(|path| path.is_file())
    };
    stems
        .iter()
        .map(|stem| {
            find(stem).ok_or_else(|| ImportError::MissingDocument {
                missing: format!("{stem}.json"),
                expected: stems.iter().map(|stem| format!("{stem}.json")).collect::<Vec<_>>().join(", "),
            })
        })
        .collect()
}

/// A JSON document of a folder, read whole.
pub fn read_document<T: serde::de::DeserializeOwned>(folder: &Path, stem: &str) -> Result<T, ImportError> {
    let found = documents(&[folder.to_owned()], &[stem])?;
    let file = found.first().cloned().unwrap_or_default();
    let mut content = String::new();
    open(&file)?
        .read_to_string(&mut content)
        .map_err(|source| ImportError::Unreadable { file: file.clone(), source })?;
    serde_json::from_str(&content).map_err(|error| {
        ImportError::Header(format!(
            "{} n’a pas la forme attendue : {error}. Prenez le fichier du paquet d’origine.",
            file.display()
        ))
    })
}

fn is_gzip(path: &Path) -> Result<bool, ImportError> {
    let mut magic = Vec::with_capacity(2);
    File::open(path)
        .and_then(|file| file.take(2).read_to_end(&mut magic))
        .map_err(|source| ImportError::Unreadable { file: path.to_owned(), source })?;
    Ok(magic == [0x1f, 0x8b])
}

fn digest(reader: &mut dyn Read) -> std::io::Result<(String, u64)> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        match reader.read(&mut buffer)? {
            0 => return Ok((hex::encode(hasher.finalize()), bytes)),
            n => {
                hasher.update(&buffer[..n]);
                bytes += n as u64;
            }
        }
    }
}
