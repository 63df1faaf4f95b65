//! One file over HTTP: continued where an earlier attempt ended, checked, then given its name. A name without `.part` is
//! always a whole file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::header::{CONTENT_RANGE, ETAG, IF_RANGE, RANGE};
use reqwest::{Client, Response, StatusCode};
use sha2::{Digest as _, Sha256};
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::FetchError;
use crate::engine::Progress;

/// How often a cut line is taken up again.
const ATTEMPTS: u32 = 6;

/// A file to bring home.
pub struct Download<'a> {
    /// The client, with its time-outs.
    pub client: &'a Client,
    /// Where it is.
    pub url: &'a str,
    /// Where it goes.
    pub target: &'a Path,
    /// Its SHA-256, when known.
    pub expected: Option<&'a str>,
    /// First wait after a cut; each wait is twice the one before.
    pub pause: Duration,
    /// Told of every byte.
    pub progress: &'a Progress,
}

/// What was done.
pub struct Done {
    /// SHA-256 of the file.
    pub sha256: String,
    /// Bytes that were there already when the download began.
    pub resumed: u64,
}

/// How one attempt ended short of the whole file.
enum Short {
    Cut(String),
    Final(FetchError),
}

impl Download<'_> {
    /// Brings the file home.
    pub async fn run(&self) -> Result<Done, FetchError> {
        let resumed = self.kept().await;
        match self.complete().await? {
            Ok(sha256) => Ok(Done { sha256, resumed }),
            // What an earlier day left may be the beginning of another edition: once more, from nothing.
            Err(_) if resumed > 0 => match self.complete().await? {
                Ok(sha256) => Ok(Done { sha256, resumed: 0 }),
                Err(error) => Err(error),
            },
            Err(error) => Err(error),
        }
    }

    /// Receives the rest, checks, and gives the file its name; the inner error is a wrong checksum.
    async fn complete(&self) -> Result<Result<String, FetchError>, FetchError> {
        let (mut attempt, mut pause) = (1, self.pause);
        while let Err(short) = self.receive().await {
            let reason = match short {
                Short::Final(error) => return Err(error),
                Short::Cut(reason) => reason,
            };
            if attempt == ATTEMPTS {
                let (url, kept) = (self.url.to_owned(), self.kept().await);
                return Err(FetchError::Cut { url, attempts: attempt, kept, reason });
            }
            tracing::warn!(url = self.url, attempt, %reason, "a download was cut: continuing");
            tokio::time::sleep(pause).await;
            (attempt, pause) = (attempt + 1, pause * 2);
        }
        let found = hash(&self.part()).await?;
        let _ = tokio::fs::remove_file(self.tag()).await;
        if let Some(expected) = self.expected
            && !expected.eq_ignore_ascii_case(&found)
        {
            tokio::fs::remove_file(self.part()).await.map_err(|source| disk(&self.part(), source))?;
            let (url, expected) = (self.url.to_owned(), expected.to_owned());
            return Ok(Err(FetchError::Checksum { url, expected, found }));
        }
        tokio::fs::rename(self.part(), self.target).await.map_err(|source| disk(self.target, source))?;
        Ok(Ok(found))
    }

    /// One request, from the first byte that is missing to the end.
    async fn receive(&self) -> Result<(), Short> {
        let kept = self.kept().await;
        let mut request = self.client.get(self.url);
        if kept > 0 {
            request = request.header(RANGE, format!("bytes={kept}-"));
            if let Ok(tag) = tokio::fs::read_to_string(self.tag()).await {
                request = request.header(IF_RANGE, tag);
            }
        }
        let mut answer = request.send().await.map_err(|error| Short::Cut(cause(&error)))?;
        let start = match answer.status() {
            StatusCode::OK => 0,
            StatusCode::PARTIAL_CONTENT if range_start(&answer) == Some(kept) => kept,
            StatusCode::RANGE_NOT_SATISFIABLE if range_size(&answer) == Some(kept) => return Ok(()),
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
                tokio::fs::remove_file(self.part()).await.map_err(|source| Short::Final(disk(&self.part(), source)))?;
                return Err(Short::Cut("le serveur a répondu une autre partie du fichier".to_owned()));
            }
            status => return Err(self.refused(status)),
        };
        let size = answer.content_length().map(|rest| start + rest);
        self.progress.begin(size.unwrap_or_default());
        self.progress.advance(start);
        self.note(&answer).await;
        let mut file = self.open(start).await.map_err(|source| Short::Final(disk(&self.part(), source)))?;
        let mut written = start;
        while let Some(chunk) = answer.chunk().await.map_err(|error| Short::Cut(cause(&error)))? {
            file.write_all(&chunk).await.map_err(|source| Short::Final(disk(&self.part(), source)))?;
            written += chunk.len() as u64;
            self.progress.advance(chunk.len() as u64);
        }
        file.flush().await.map_err(|source| Short::Final(disk(&self.part(), source)))?;
        match size {
            Some(size) if written < size => Err(Short::Cut(format!("{written} octets reçus sur {size}"))),
            _ => Ok(()),
        }
    }

    fn refused(&self, status: StatusCode) -> Short {
        let (url, code) = (self.url.to_owned(), status.as_u16());
        match status {
            StatusCode::NOT_FOUND | StatusCode::GONE => Short::Final(FetchError::NotThere { url, status: code }),
            StatusCode::TOO_MANY_REQUESTS => Short::Cut(format!("statut {code}")),
            status if status.is_server_error() => Short::Cut(format!("statut {code}")),
            _ => Short::Final(FetchError::Refused { url, status: code }),
        }
    }

    /// Remembers which edition the beginning belongs to; a weak tag promises nothing about bytes.
    async fn note(&self, answer: &Response) {
        let tag = answer.headers().get(ETAG).and_then(|tag| tag.to_str().ok()).filter(|tag| !tag.starts_with("W/"));
        if let Some(tag) = tag {
            // Without it the checksum still tells.
            let _ = tokio::fs::write(self.tag(), tag).await;
        }
    }

    async fn open(&self, start: u64) -> std::io::Result<File> {
        let file = OpenOptions::new().create(true).append(true).open(self.part()).await?;
        file.set_len(start).await?;
        Ok(file)
    }

    async fn kept(&self) -> u64 {
        tokio::fs::metadata(self.part()).await.map_or(0, |metadata| metadata.len())
    }

    fn part(&self) -> PathBuf {
        beside(self.target, ".part")
    }

    fn tag(&self) -> PathBuf {
        beside(self.target, ".part.etag")
    }
}

fn beside(target: &Path, end: &str) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}

/// `bytes 100-199/200` begins at 100.
fn range_start(answer: &Response) -> Option<u64> {
    let range = answer.headers().get(CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split('-').next()?.parse().ok()
}

/// `bytes */200` says that the file has 200 bytes.
fn range_size(answer: &Response) -> Option<u64> {
    answer.headers().get(CONTENT_RANGE)?.to_str().ok()?.rsplit('/').next()?.parse().ok()
}

/// SHA-256 of a file.
pub async fn hash(path: &Path) -> Result<String, FetchError> {
    let mut file = File::open(path).await.map_err(|source| disk(path, source))?;
    let (mut hasher, mut buffer) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer).await.map_err(|source| disk(path, source))? {
            0 => return Ok(hex::encode(hasher.finalize())),
            n => hasher.update(&buffer[..n]),
        }
    }
}

pub fn disk(path: &Path, source: std::io::Error) -> FetchError {
    FetchError::Disk { path: path.to_owned(), source }
}

/// The innermost reason: « connection refused » rather than « error sending request ».
fn cause(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
