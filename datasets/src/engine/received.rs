//! The file as received: what it is packed in, its content as a stream, and what identifies it.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::bufread::{DeflateDecoder, MultiGzDecoder};
use sha2::{Digest as _, Sha256};

use super::archive::{self, Member};
use super::error::ImportError;
use super::progress::Progress;

/// Prefix of every generated file's name.
pub const SYNTHETIC_PREFIX: &str = "SYNTHETIQUE_";

const BUFFER: usize = 1 << 16;

/// One file of an operator.
#[derive(Debug, Clone)]
pub struct Received {
    /// Where it is.
    pub path: PathBuf,
    packing: Packing,
    progress: Arc<Progress>,
}

#[derive(Debug, Clone)]
enum Packing {
    Plain,
    Gzip,
    Member(Member),
    /// A workbook is an archive too, or an older container: it is read by those who know it.
    Workbook,
}

/// What kind of content a file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Lines of text.
    Text,
    /// A JSON document, or one per line.
    Json,
    /// An Excel workbook.
    Workbook,
}

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

impl Received {
    /// Looks at the file's first bytes; `members` are patterns for the member of a zip archive that is the file.
    pub fn new(path: &Path, members: &[&str]) -> Result<Self, ImportError> {
        let mut magic = Vec::with_capacity(8);
        open_file(path)?.take(8).read_to_end(&mut magic).map_err(|source| unreadable(path, source))?;
        let packing = match magic.as_slice() {
            [0x1f, 0x8b, ..] => Packing::Gzip,
            [0xd0, 0xcf, 0x11, 0xe0, ..] => Packing::Workbook,
            [b'P', b'K', 3 | 5, ..] => archive::member(path, members)?.map_or(Packing::Workbook, Packing::Member),
            _ => Packing::Plain,
        };
        Ok(Self { path: path.to_owned(), packing, progress: Arc::default() })
    }

    /// Tells these counters what is read.
    pub fn followed_by(self, progress: &Arc<Progress>) -> Self {
        Self { progress: progress.clone(), ..self }
    }

    /// Bytes of the file as received.
    pub fn size(&self) -> u64 {
        std::fs::metadata(&self.path).map_or(0, |metadata| metadata.len())
    }

    /// The name without folder, prefix of generated files, and compression; of the member, in an archive.
    pub fn name(&self) -> String {
        match &self.packing {
            Packing::Member(member) => plain_name(Path::new(&member.name)),
            _ => plain_name(&self.path),
        }
    }

    /// Whether the name says that the content is invented.
    pub fn is_marked_synthetic(&self) -> bool {
        let marked =
            |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(SYNTHETIC_PREFIX));
        marked(&self.path) || matches!(&self.packing, Packing::Member(member) if marked(Path::new(&member.name)))
    }

    /// What the content is.
    pub fn kind(&self) -> Result<Kind, ImportError> {
        if matches!(self.packing, Packing::Workbook) {
            return Ok(Kind::Workbook);
        }
        let mut start = Vec::with_capacity(256);
        self.open()?.take(256).read_to_end(&mut start).map_err(|source| unreadable(&self.path, source))?;
        let text = start.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(&start);
        Ok(match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
            Some(b'{' | b'[') => Kind::Json,
            _ => Kind::Text,
        })
    }

    /// The decompressed bytes.
    pub fn open(&self) -> Result<Box<dyn BufRead + Send>, ImportError> {
        let mut file = self.counted()?;
        let buffered = |reader| Box::new(BufReader::with_capacity(BUFFER, reader));
        Ok(match &self.packing {
            Packing::Plain | Packing::Workbook => Box::new(BufReader::with_capacity(BUFFER, file)),
            Packing::Gzip => Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(buffered(file)))),
            Packing::Member(member) => {
                file.file.seek(SeekFrom::Start(member.start)).map_err(|source| unreadable(&self.path, source))?;
                let packed = BufReader::with_capacity(BUFFER, file).take(member.length);
                if member.deflated {
                    Box::new(BufReader::with_capacity(BUFFER, DeflateDecoder::new(packed)))
                } else {
                    Box::new(packed)
                }
            }
        })
    }

    fn counted(&self) -> Result<Counted, ImportError> {
        Ok(Counted { file: open_file(&self.path)?, progress: self.progress.clone() })
    }

    /// Reads the file to its end and hashes it as received and decompressed. A truncated or altered archive is found
    /// here, before any row is read.
    pub fn fingerprint(&self) -> Result<Fingerprint, ImportError> {
        let received = digest(&mut self.counted()?).map_err(|(_, source)| unreadable(&self.path, source))?;
        if matches!(self.packing, Packing::Plain | Packing::Workbook) {
            return Ok(Fingerprint { content: received.hash.clone(), received: received.hash, bytes: received.bytes });
        }
        let broken = |offset, source| ImportError::BrokenCompression {
            file: self.path.clone(),
            size: received.bytes,
            offset,
            source,
        };
        let content = digest(&mut *self.open()?).map_err(|(offset, source)| broken(offset, source))?;
        if let Packing::Member(member) = &self.packing
            && member.crc != content.crc
        {
            return Err(broken(
                content.bytes,
                std::io::Error::other("somme de contrôle différente de celle de l’archive"),
            ));
        }
        Ok(Fingerprint { received: received.hash, content: content.hash, bytes: received.bytes })
    }
}

/// A file that tells how much of it was read.
struct Counted {
    file: File,
    progress: Arc<Progress>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.progress.advance(read as u64);
        Ok(read)
    }
}

/// The file name without folder, prefix of generated files, and compression.
pub fn plain_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let name = name.strip_prefix(SYNTHETIC_PREFIX).unwrap_or(&name);
    name.strip_suffix(".gz").unwrap_or(name).to_owned()
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
    Received::new(&file, &[])?
        .open()?
        .read_to_string(&mut content)
        .map_err(|source| ImportError::Unreadable { file: file.clone(), source })?;
    serde_json::from_str(&content).map_err(|error| {
        ImportError::Header(format!(
            "{} n’a pas la forme attendue : {error}. Prenez le fichier du paquet d’origine.",
            file.display()
        ))
    })
}

fn open_file(path: &Path) -> Result<File, ImportError> {
    File::open(path).map_err(|source| unreadable(path, source))
}

fn unreadable(path: &Path, source: std::io::Error) -> ImportError {
    ImportError::Unreadable { file: path.to_owned(), source }
}

struct Digest {
    hash: String,
    crc: u32,
    bytes: u64,
}

/// Hashes to the end; an error comes with the number of bytes read before it.
fn digest(reader: &mut dyn Read) -> Result<Digest, (u64, std::io::Error)> {
    let (mut hasher, mut crc) = (Sha256::new(), flate2::Crc::new());
    let mut buffer = vec![0; BUFFER];
    let mut bytes = 0;
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => return Ok(Digest { hash: hex::encode(hasher.finalize()), crc: crc.sum(), bytes }),
            Ok(n) => {
                hasher.update(&buffer[..n]);
                crc.update(&buffer[..n]);
                bytes += n as u64;
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err((bytes, error)),
        }
    }
}
