//! Zip archives: which member is the file, and where its bytes are.

use std::fs::File;
use std::path::Path;

use zip::{CompressionMethod, ZipArchive, result::ZipError};

use super::contract::matches;
use super::error::ImportError;

/// Extensions of what an importer can read; dictionaries and notices that travel along mostly have others.
const READABLE: [&str; 6] = ["csv", "txt", "json", "geojson", "geojsonl", "tsv"];
/// How producers name what is not the data.
const BESIDE: [&str; 5] = ["meta_*", "varmod_*", "lisez*", "lisezmoi*", "notice*"];

/// A member of an archive.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its name, with its folder in the archive.
    pub name: String,
    /// Where its bytes begin.
    pub start: u64,
    /// How many there are, packed.
    pub length: u64,
    /// Whether they are packed.
    pub deflated: bool,
    /// Checksum of its content.
    pub crc: u32,
}

/// The one member that is the file; nothing when the archive is a workbook.
pub fn member(path: &Path, patterns: &[&str]) -> Result<Option<Member>, ImportError> {
    let file = File::open(path).map_err(|source| ImportError::Unreadable { file: path.to_owned(), source })?;
    let size = file.metadata().map_or(0, |metadata| metadata.len());
    let broken = |error: ZipError| ImportError::BrokenCompression {
        file: path.to_owned(),
        size,
        offset: 0,
        source: error.into(),
    };
    let mut archive = ZipArchive::new(file).map_err(broken)?;
    if archive.index_for_name("xl/workbook.xml").is_some() {
        return Ok(None);
    }
    let mut found = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(broken)?;
        let name = entry.name().map_err(broken)?.into_owned();
        if entry.is_dir() || !readable(&name, patterns) {
            continue;
        }
        let deflated = match entry.compression() {
            CompressionMethod::Stored => false,
            CompressionMethod::Deflated => true,
            other => {
                return Err(ImportError::Header(format!(
                    "{} : « {name} » est comprimé par la méthode {other}, qui n’est pas lue. Décompressez l’archive et \
                     donnez le fichier qu’elle contient.",
                    path.display()
                )));
            }
        };
        let start = entry.data_start().unwrap_or_default();
        found.push(Member { start, length: entry.compressed_size(), deflated, crc: entry.crc32(), name });
    }
    let names = |found: &[Member]| found.iter().map(|member| member.name.clone()).collect::<Vec<_>>().join(", ");
    match found.len() {
        1 => Ok(found.pop()),
        0 => Err(ImportError::Header(format!(
            "{} ne contient aucun fichier de données (CSV, TXT ou JSON). Vérifiez que c’est la bonne archive.",
            path.display()
        ))),
        _ => Err(ImportError::Header(format!(
            "{} contient plusieurs fichiers de données : {}. Décompressez l’archive et donnez le bon.",
            path.display(),
            names(&found)
        ))),
    }
}

fn readable(name: &str, patterns: &[&str]) -> bool {
    let name = name.rsplit('/').next().unwrap_or(name).to_lowercase();
    let extension = name.rsplit('.').next().unwrap_or_default();
    let plain = name.strip_prefix("synthetique_").unwrap_or(&name);
    READABLE.contains(&extension)
        && !BESIDE.iter().any(|pattern| matches(pattern, plain))
        && (patterns.is_empty() || patterns.iter().any(|pattern| matches(pattern, plain)))
}
