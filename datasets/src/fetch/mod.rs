//! Files brought home from the producers or from a mirror. A mirror is a folder on the web with the producers' files
//! under their own names, and `SHA256SUMS` beside them: what it lists is what there is, and every file is checked.

mod download;
mod error;
mod registry;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, StatusCode};

use download::{Download, disk, hash};
pub use error::FetchError;
use registry::{EXPECTED, Expected};

use crate::engine::{Progress, SYNTHETIC_PREFIX, matches};

/// Name of a mirror's list.
const LIST: &str = "SHA256SUMS";

/// Where files come from and go to.
pub struct Fetch {
    /// The client, with its time-outs.
    pub client: Client,
    /// Folder that receives the files.
    pub folder: PathBuf,
    /// Address of a mirror.
    pub mirror: Option<String>,
    /// First wait after a cut line.
    pub pause: Duration,
    /// Told of every byte.
    pub progress: Arc<Progress>,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// It is there, whole.
    Ready {
        /// The file.
        file: PathBuf,
        /// Its SHA-256.
        sha256: String,
        /// Whether that is what the mirror announces; false when nothing was announced.
        checked: bool,
        /// Bytes that an earlier attempt had brought; the size of the file when all of them.
        resumed: u64,
    },
    /// Nobody told where it is.
    Unknown {
        /// The producer's name for it.
        name: &'static str,
    },
}

/// One line of a mirror's list.
struct Listed {
    sha256: String,
    name: String,
}

impl Fetch {
    /// Brings home the files of one dataset; `starting` hears the name of each before it begins.
    ///
    /// # Errors
    /// The first [`FetchError`]; files already received are kept.
    pub async fn dataset(
        &self,
        dataset: &str,
        starting: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Vec<Fetched>, FetchError> {
        tokio::fs::create_dir_all(&self.folder).await.map_err(|source| disk(&self.folder, source))?;
        let listed = self.list().await?;
        let mut fetched = Vec::new();
        for expected in EXPECTED.iter().filter(|expected| expected.dataset == dataset) {
            let sources = self.sources(expected, listed.as_deref());
            if sources.is_empty() {
                fetched.push(Fetched::Unknown { name: expected.shown });
            }
            for (url, sha256) in sources {
                let name = url.rsplit('/').next().unwrap_or(&url).to_owned();
                starting(&name);
                fetched.push(self.one(&url, &name, sha256.as_deref()).await?);
            }
        }
        Ok(fetched)
    }

    /// Addresses of a file, with what is known of its content.
    fn sources(&self, expected: &Expected, listed: Option<&[Listed]>) -> Vec<(String, Option<String>)> {
        let at = |mirror: &str, name: &str| format!("{}/{name}", mirror.trim_end_matches('/'));
        match (&self.mirror, listed) {
            (Some(mirror), Some(listed)) => listed
                .iter()
                .filter(|line| is_named(expected, &line.name))
                .map(|line| (at(mirror, &line.name), Some(line.sha256.clone())))
                .collect(),
            (Some(mirror), None) if !expected.name.contains(['?', '*']) => vec![(at(mirror, expected.name), None)],
            (Some(_), None) => Vec::new(),
            (None, _) => expected.url.map(|url| (url.to_owned(), None)).into_iter().collect(),
        }
    }

    async fn one(&self, url: &str, name: &str, expected: Option<&str>) -> Result<Fetched, FetchError> {
        let target = self.folder.join(name);
        if let (Some(expected), Ok(metadata)) = (expected, tokio::fs::metadata(&target).await) {
            let sha256 = hash(&target).await?;
            if sha256.eq_ignore_ascii_case(expected) {
                return Ok(Fetched::Ready { file: target, sha256, checked: true, resumed: metadata.len() });
            }
        }
        let (client, pause, progress) = (&self.client, self.pause, &*self.progress);
        let done = Download { client, url, target: &target, expected, pause, progress }.run().await?;
        Ok(Fetched::Ready { file: target, sha256: done.sha256, checked: expected.is_some(), resumed: done.resumed })
    }

    /// The mirror's list; nothing without a mirror, or when it has none.
    async fn list(&self) -> Result<Option<Vec<Listed>>, FetchError> {
        let Some(mirror) = &self.mirror else { return Ok(None) };
        let url = format!("{}/{LIST}", mirror.trim_end_matches('/'));
        let unreachable = |error: reqwest::Error| FetchError::Cut {
            url: url.clone(),
            attempts: 1,
            kept: 0,
            reason: error.to_string(),
        };
        let answer = self.client.get(&url).send().await.map_err(unreachable)?;
        match answer.status() {
            StatusCode::NOT_FOUND => Ok(None),
            StatusCode::OK => parse(&answer.text().await.map_err(unreachable)?)
                .map(Some)
                .map_err(|line| FetchError::List { url: url.clone(), line }),
            status => Err(FetchError::Refused { url, status: status.as_u16() }),
        }
    }
}

/// Whether a file of a mirror is the one a producer publishes, compressed or not, generated or not.
fn is_named(expected: &Expected, name: &str) -> bool {
    let name = name.strip_prefix(SYNTHETIC_PREFIX).unwrap_or(name).to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    // An archive carries the name of its member or that of the delivery: `base-cc-logement-2021_csv.zip`.
    matches(expected.name, name) || name.strip_suffix(".zip").is_some_and(|name| matches(expected.name, name))
}

/// `<64 hexadecimal digits>  <name>`; the number of the first line that is something else. A name with a folder would
/// lead out of ours.
fn parse(text: &str) -> Result<Vec<Listed>, usize> {
    let line = |(number, line): (usize, &str)| {
        let (sha256, name) = line.split_once(char::is_whitespace).ok_or(number)?;
        let name = name.trim_start().trim_start_matches('*').trim_end();
        let plain = Path::new(name).file_name().is_some_and(|file| file == name);
        let hexadecimal = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        (plain && hexadecimal).then(|| Listed { sha256: sha256.to_owned(), name: name.to_owned() }).ok_or(number)
    };
    (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_whole_or_its_faulty_line_is_named() {
        let sum = "0".repeat(64);
        let listed = parse(&format!("{sum}  a.csv.gz\n\n{sum} *b.zip\r\n")).map_err(|line| line.to_string());
        assert_eq!(listed.unwrap().iter().map(|line| line.name.as_str()).collect::<Vec<_>>(), ["a.csv.gz", "b.zip"]);
        for faulty in ["pas une somme  a.csv", &format!("{sum}  ../a.csv"), &format!("{sum}  /etc/passwd"), &sum] {
            assert_eq!(parse(&format!("{sum}  a.csv\n{faulty}")).map(|_| ()), Err(2), "{faulty}");
        }
    }

    #[test]
    fn files_are_recognised_by_the_producers_names() {
        let expected = |dataset: &str, name: &str| {
            EXPECTED.iter().any(|expected| expected.dataset == dataset && is_named(expected, name))
        };
        assert!(expected("dvf", "ValeursFoncieres-2024.txt.gz"));
        assert!(expected("dvf", "SYNTHETIQUE_ValeursFoncieres-2025-S1.txt"));
        assert!(expected("rp_housing", "base-cc-logement-2021_csv.zip"));
        assert!(expected("rpps", "PS_LibreAcces_Personne_activite_202510150800.txt"));
        assert!(!expected("anil_loyers", "pred-app99-mef-dhup.csv"));
    }
}
