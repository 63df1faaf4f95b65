//! HTML to PDF by one warm headless Chromium: two pages at once, no script, no network, and bytes that only depend on
//! the document, the browser's version and the fonts.

mod binary;
mod browser;
mod canonical;
mod fonts;
mod guard;
mod home;
mod page;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ports::{PortError, Printed, Printer};
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex, Semaphore};

use crate::http::ClientError;
use browser::Running;
use page::{PageFault, Sheet};

const SERVICE: &str = "printer";
/// Four pages at once print no more documents per minute than two, on two cores, and take half as much memory again.
const AT_ONCE: usize = 2;

/// What the printer needs on this machine.
#[derive(Debug, Clone)]
pub struct ChromiumConfig {
    /// The browser; found along `PATH` when not given.
    pub binary: Option<PathBuf>,
    /// Font files; the browser sees these and no others.
    pub fonts_dir: PathBuf,
    /// A folder of our own for profiles and font caches; made when missing, emptied of what killed processes left.
    pub work_dir: PathBuf,
    pub sandbox: Sandbox,
}

/// Whether the browser must lock itself in, beside the guards that keep a page from scripts, network and files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sandbox {
    /// No printing without it: production.
    Required,
    /// Where the kernel allows it, and a warning elsewhere: containers of developers.
    WherePossible,
}

/// Where the browser is: as configured, or along `PATH`.
///
/// # Errors
/// When it is not installed; the message names the package.
pub fn locate(configured: Option<&Path>) -> Result<PathBuf, String> {
    binary::find(configured)
}

/// Everything that a launch needs, settled once.
#[derive(Debug, Clone)]
struct Setup {
    binary: PathBuf,
    fonts_dir: PathBuf,
    work_dir: PathBuf,
    sandbox: Sandbox,
}

/// The printer port on chromium-headless-shell. A browser that dies is replaced at the next document.
pub struct ChromiumPrinter {
    setup: Setup,
    fonts_sha256: String,
    slots: Semaphore,
    current: Mutex<Option<Arc<Running>>>,
}

impl ChromiumPrinter {
    /// Finds the browser and reads the fonts; the browser itself starts with the first document, or with
    /// [`ChromiumPrinter::warm`].
    ///
    /// # Errors
    /// When the browser is not installed, or a folder cannot be used.
    pub fn new(config: &ChromiumConfig) -> Result<Self, ClientError> {
        let failed = |reason: String| ClientError { service: SERVICE, reason };
        let binary = binary::find(config.binary.as_deref()).map_err(failed)?;
        std::fs::create_dir_all(&config.work_dir)
            .map_err(|error| failed(format!("cannot make {}: {error}", config.work_dir.display())))?;
        let absolute = |path: &PathBuf| {
            path.canonicalize().map_err(|error| failed(format!("cannot read {}: {error}", path.display())))
        };
        let (fonts_dir, work_dir) = (absolute(&config.fonts_dir)?, absolute(&config.work_dir)?);
        let fonts_sha256 = fonts::digest(&fonts_dir).map_err(failed)?;
        let setup = Setup { binary, fonts_dir, work_dir, sandbox: config.sandbox };
        Ok(Self { setup, fonts_sha256, slots: Semaphore::new(AT_ONCE), current: Mutex::default() })
    }

    /// Starts the browser now, and says which one it is.
    ///
    /// # Errors
    /// `Transient` when it does not start.
    pub async fn warm(&self) -> Result<String, PortError> {
        Ok(self.browser().await?.version.clone())
    }

    /// Ends the browser and removes its profile.
    pub async fn close(&self) {
        if let Some(running) = self.current.lock().await.take() {
            running.stop().await;
        }
    }

    /// The living browser, or a new one.
    async fn browser(&self) -> Result<Arc<Running>, PortError> {
        let mut current = self.current.lock().await;
        if let Some(running) = current.as_ref().filter(|running| running.is_alive()) {
            return Ok(Arc::clone(running));
        }
        if let Some(dead) = current.take() {
            tracing::warn!(version = dead.version, "the browser died and is replaced");
            metrics::counter!("lobster_browser_restarts").increment(1);
            dead.stop().await;
        }
        let fresh = Arc::new(Running::launch(&self.setup).await?);
        *current = Some(Arc::clone(&fresh));
        Ok(fresh)
    }

    /// One page, printed; and the version of the browser that did it. A browser that died says nothing of the page:
    /// then there is one more try on a new one.
    async fn sheet(&self, html: &str) -> Result<(Sheet, String), PortError> {
        let mut tries = 2;
        loop {
            tries -= 1;
            let running = self.browser().await?;
            let printed = tokio::select! {
                printed = page::print(running.browser(), html) => printed,
                () = running.ended() => Err(PageFault::Gone),
            };
            match printed {
                Ok(sheet) => return Ok((sheet, running.version.clone())),
                Err(fault) => {
                    if matches!(fault, PageFault::Stuck) {
                        running.kill().await;
                    }
                    if tries == 0 || running.is_alive() || matches!(fault, PageFault::Stuck) {
                        return Err(transient(fault.to_string()));
                    }
                }
            }
        }
    }
}

#[async_trait]
impl Printer for ChromiumPrinter {
    async fn print(&self, html: &str, dated: DateTime<Utc>) -> Result<Printed, PortError> {
        guard::refuse_active_content(html)?;
        let _slot = self.slots.acquire().await;
        let started = tokio::time::Instant::now();
        let (Sheet { mut pdf, wanted }, renderer_version) = self.sheet(html).await?;
        if let Some(first) = wanted.first() {
            return Err(guard::refused(format!(
                "the page wants what it may not have: {first}, {} in all",
                wanted.len()
            )));
        }
        canonical::make(&mut pdf, dated);
        let pages = canonical::pages(&pdf);
        metrics::histogram!("lobster_print_seconds").record(started.elapsed().as_secs_f64());
        tracing::info!(pages, bytes = pdf.len(), seconds = started.elapsed().as_secs_f64(), "a document was printed");
        Ok(Printed {
            sha256: hex::encode(Sha256::digest(&pdf)),
            pdf,
            pages,
            renderer_version,
            fonts_sha256: self.fonts_sha256.clone(),
        })
    }
}

fn transient(message: impl Into<String>) -> PortError {
    PortError::Transient { service: SERVICE, message: message.into(), retry_after: None }
}

#[cfg(test)]
mod tests;
