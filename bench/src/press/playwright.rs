//! What we are compared with: a script that starts Python, Playwright and a full Chromium for each document.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::Context as _;

const SCRIPT: &str = include_str!("one_document.py");

/// Python with Playwright, a browser, and a folder to work in.
pub struct Playwright {
    python: PathBuf,
    chromium: PathBuf,
    folder: PathBuf,
    /// What they say of themselves.
    pub versions: String,
}

impl Playwright {
    /// The script at work, after one document that is not counted.
    ///
    /// # Errors
    /// When Python, Playwright or the browser is missing or does not work; the message says which.
    pub fn prepare(python: &Path, chromium: &Path, folder: &Path, fonts: &Path, html: &str) -> anyhow::Result<Self> {
        let asked = "import importlib.metadata, platform; print(platform.python_version(), importlib.metadata.version('playwright'))";
        let python_says = said(Command::new(python).args(["-c", asked]))?;
        let (language, library) = python_says.split_once(' ').unwrap_or((&python_says, "?"));
        let browser = said(Command::new(chromium).arg("--version"))?;
        let shown = folder.display();
        let config =
            format!("<fontconfig><dir>{}</dir><cachedir>{shown}/font-cache</cachedir></fontconfig>", fonts.display());
        std::fs::write(folder.join("fonts.conf"), config)?;
        std::fs::write(folder.join("one_document.py"), SCRIPT)?;
        let versions = format!("Playwright {library} for Python {language}, {browser}");
        let ready =
            Self { python: python.to_owned(), chromium: chromium.to_owned(), folder: folder.to_owned(), versions };
        ready.print(html)?;
        Ok(ready)
    }

    /// Milliseconds and pages of one document.
    ///
    /// # Errors
    /// When the script fails, or leaves no PDF.
    pub fn print(&self, html: &str) -> anyhow::Result<(f64, u32)> {
        let (page, pdf) = (self.folder.join("compared.html"), self.folder.join("compared.pdf"));
        std::fs::write(&page, html)?;
        let begin = Instant::now();
        said(
            Command::new(&self.python)
                .arg(self.folder.join("one_document.py"))
                .args([&self.chromium, &page, &pdf])
                .env("FONTCONFIG_FILE", self.folder.join("fonts.conf")),
        )?;
        let milliseconds = begin.elapsed().as_secs_f64() * 1_000.0;
        let info = said(Command::new("pdfinfo").arg(&pdf))?;
        let pages = info.lines().find_map(|line| line.strip_prefix("Pages:")?.trim().parse().ok());
        std::fs::remove_file(&pdf)?;
        Ok((milliseconds, pages.context("pdfinfo counts no pages")?))
    }
}

/// What a program prints.
fn said(command: &mut Command) -> anyhow::Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("{name} does not start"))?;
    let told = String::from_utf8_lossy(&output.stderr);
    let last = told.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it said nothing").to_owned();
    anyhow::ensure!(output.status.success(), "{name} failed: {last}");
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
