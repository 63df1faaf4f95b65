//! `lobster datasets fetch`: files brought home, continued after a cut, checked against the mirror's sums.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use datasets::{DATASETS, Dataset, Fetched, Options, Progress, thousands};
use indicatif::ProgressBar;
use infra::config::Place;
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use sqlx::PgPool;

use super::import;
use crate::args::Fetch;

/// How often the bar moves.
const BEAT: Duration = Duration::from_millis(150);
/// A server that sends nothing for this long has hung up.
const SILENCE: Duration = Duration::from_secs(60);
/// First wait after a cut line.
const PAUSE: Duration = Duration::from_secs(2);

pub async fn run(place: &Place, pool: &PgPool, fetch: Fetch) -> anyhow::Result<()> {
    let wanted: Vec<&'static Dataset> = match &fetch.dataset {
        Some(name) => vec![datasets::find(name)?],
        None => DATASETS.iter().collect(),
    };
    let progress = Arc::<Progress>::default();
    let from = datasets::Fetch {
        client: client()?,
        folder: fetch.out.unwrap_or_else(|| place.home.join("downloads")),
        mirror: fetch.mirror,
        pause: PAUSE,
        progress: progress.clone(),
    };
    // The views are made anew once, after the last dataset.
    let options = Options { views_follow: true, ..Options::default() };
    let mut changed = Vec::new();
    for dataset in wanted {
        let fetched = follow(&from, dataset, &progress).await?;
        let files: Vec<PathBuf> = fetched.iter().filter_map(|one| tell(dataset, one)).collect();
        if fetch.import && !files.is_empty() {
            if import::import_files(pool, dataset.name, &files, &options).await? {
                changed.push(dataset.name);
            }
        } else if !files.is_empty() {
            println!("Pour importer : lobster datasets import {} {}", dataset.name, names(&files));
        }
    }
    if !changed.is_empty() {
        datasets::refresh(pool, Some(&changed), &mut |_| {}).await?;
    }
    Ok(())
}

/// Brings home one dataset, with a bar.
async fn follow(from: &datasets::Fetch, dataset: &Dataset, progress: &Progress) -> anyhow::Result<Vec<Fetched>> {
    let bar: ProgressBar = import::bar()?;
    let name = bar.clone();
    let mut starting = move |file: &str| name.set_message(file.to_owned());
    let fetched = {
        let fetch = from.dataset(dataset.name, &mut starting);
        tokio::pin!(fetch);
        loop {
            tokio::select! {
                fetched = &mut fetch => break fetched,
                () = tokio::time::sleep(BEAT) => {
                    bar.set_length(progress.size());
                    bar.set_position(progress.read());
                }
            }
        }
    };
    bar.finish_and_clear();
    Ok(fetched?)
}

/// Says what became of a file; gives it when it is there.
fn tell(dataset: &Dataset, fetched: &Fetched) -> Option<PathBuf> {
    match fetched {
        Fetched::Ready { file, sha256, checked, resumed } => {
            let check = if *checked { "somme conforme au miroir" } else { "somme non annoncée par la source" };
            let again =
                if *resumed > 0 { format!(", {} octets déjà là", thousands(resumed)) } else { String::new() };
            println!("{} : reçu ({check}, {}…{again}).", file.display(), sha256.get(..12).unwrap_or(sha256));
            Some(file.clone())
        }
        Fetched::Unknown { name } => {
            println!(
                "{} : l’adresse de « {name} » n’est pas connue. Prenez ce fichier chez {} ({}), ou indiquez un miroir avec \
                 --mirror ; puis lobster datasets import {} <fichier>.",
                dataset.name, dataset.producer, dataset.title, dataset.name
            );
            None
        }
    }
}

fn names(files: &[PathBuf]) -> String {
    files.iter().map(|file| Path::display(file).to_string()).collect::<Vec<_>>().join(" ")
}

/// A client that needs neither a process-wide provider nor the system's certificates.
fn client() -> anyhow::Result<reqwest::Client> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .context("setting up TLS")?
        .with_root_certificates(roots)
        .with_no_client_auth();
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .connect_timeout(Duration::from_secs(10))
        .read_timeout(SILENCE)
        .build()
        .context("setting up the HTTP client")
}
