//! The press in ratios: our warm browser beside a browser per document, on the same pages, in the same run.

mod document;
mod drawings;
mod endurance;
mod playwright;
mod rounds;
mod tree;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use clap::Args;
use domain::fact::FactSheet;
use domain::ports::{Printed, Printer as _};
use infra::chromium::{ChromiumConfig, ChromiumPrinter, Sandbox};
use studies::pages::Edition;

use self::playwright::Playwright;
use self::rounds::Times;
use crate::figures::{Bound, Figures};
use crate::machine;

/// What is measured, against what, and how long.
#[derive(Args)]
pub struct Options {
    /// About two minutes instead of about six; the ranges are wider.
    #[arg(long)]
    quick: bool,
    /// Where the page is written; printed when left out.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// A Python that has Playwright; without it nothing is compared.
    #[arg(long)]
    python: Option<PathBuf>,
    /// The full Chromium that Playwright starts.
    #[arg(long, default_value = "/usr/bin/chromium")]
    chromium: PathBuf,
    /// A folder for everything that is thrown away.
    #[arg(long, default_value_os_t = std::env::temp_dir())]
    folder: PathBuf,
}

/// How much of everything.
struct Size {
    rounds: u32,
    /// Documents at two at once.
    together: usize,
    /// Documents in one browser, to see it grow.
    enduring: usize,
    kills: u32,
}

/// The press in a folder of its own.
struct Bench {
    printer: ChromiumPrinter,
    /// Where its browser works.
    work: PathBuf,
    fonts: PathBuf,
    reference: String,
}

/// A report of a study’s sample, in the words of the rules.
struct Report {
    name: String,
    html: String,
}

/// Measures the press; the page of figures.
pub async fn run(options: Options) -> anyhow::Result<String> {
    let size = match options.quick {
        true => Size { rounds: 5, together: 20, enduring: 100, kills: 3 },
        false => Size { rounds: 20, together: 60, enduring: 100, kills: 10 },
    };
    let folder = options.folder.join(format!("lobster-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let measured = measure(&folder.canonicalize()?, &size, &options).await;
    std::fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    Ok(measured?.page(if options.quick { "make bench-pdf QUICK=1" } else { "make bench-pdf" }))
}

async fn measure(folder: &Path, size: &Size, options: &Options) -> anyhow::Result<Figures> {
    let mut figures = Figures::new("The press in figures", machine::describe()?);
    figures.machine.push(machine::load()?);
    let bench = Bench::open(folder)?;
    let done = all(&bench, folder, size, options, &mut figures).await;
    bench.printer.close().await;
    figures.machine.push(machine::load()?);
    done.map(|()| figures)
}

async fn all(
    bench: &Bench,
    folder: &Path,
    size: &Size,
    options: &Options,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let (_, first) = bench.print(&bench.reference).await?;
    anyhow::ensure!(first.pages == document::PAGES, "the reference document has {} pages", first.pages);
    figures.machine.push(first.renderer_version.clone());
    let compared = compared(bench, folder, options, figures);
    let kilobytes = (bench.reference.len() / 1_000, first.pdf.len() / 1_000);
    figures.machine.push(format!(
        "reference document: 12 pages, 10 charts, 2 maps of 40 polygons, 6 tables; {} kB of HTML, {} kB of PDF",
        kilobytes.0, kilobytes.1
    ));
    let reports = reports()?;
    for report in &reports {
        bench.print(&report.html).await?;
    }
    let mut digests = BTreeSet::from([first.sha256]);
    let mut times = Times::default();
    for round in 1..=size.rounds {
        times.round(bench, folder, compared.as_ref(), &reports, &mut digests, figures).await?;
        eprintln!("round {round} of {}: {}", size.rounds, times.last());
    }
    times.tell(figures)?;
    endurance::together(bench, size, &mut digests, figures).await.context("two at once")?;
    endurance::growth(bench, size, &reports, &mut digests, figures).await.context("growth")?;
    endurance::kills(bench, size, &mut digests, figures).await.context("kills")?;
    #[expect(clippy::cast_precision_loss, reason = "a handful")]
    let different = digests.len() as f64;
    figures.put(
        endurance::SAME,
        "digests of the reference document, all prints together",
        "",
        Some(Bound::AtMost(1.0)),
        different,
    );
    Ok(())
}

/// The script to compare with; the page says so when there is none.
fn compared(bench: &Bench, folder: &Path, options: &Options, figures: &mut Figures) -> Option<Playwright> {
    let ready = options
        .python
        .as_deref()
        .context("no Python with Playwright was given")
        .and_then(|python| Playwright::prepare(python, &options.chromium, folder, &bench.fonts, &bench.reference));
    match ready {
        Ok(ready) => {
            figures.machine.push(ready.versions.clone());
            Some(ready)
        }
        Err(error) => {
            eprintln!("SKIPPED: nothing to compare with: {error:#}");
            figures.leave_out(format!("The comparison with a script of Playwright, and so the ratio: {error:#}."));
            None
        }
    }
}

impl Bench {
    fn open(folder: &Path) -> anyhow::Result<Self> {
        let (fonts, work) = (folder.join("fonts"), folder.join("browser"));
        std::fs::create_dir_all(&fonts)?;
        for (name, bytes) in charts::FONTS {
            std::fs::write(fonts.join(name), bytes)?;
        }
        Ok(Self { printer: printer(&fonts, &work)?, work, fonts, reference: document::html() })
    }

    /// Milliseconds, and what was printed.
    async fn print(&self, html: &str) -> anyhow::Result<(f64, Printed)> {
        let begin = Instant::now();
        let printed = self.printer.print(html, dated()).await?;
        Ok((begin.elapsed().as_secs_f64() * 1_000.0, printed))
    }
}

fn printer(fonts: &Path, work: &Path) -> anyhow::Result<ChromiumPrinter> {
    let config = ChromiumConfig {
        binary: None,
        fonts_dir: fonts.to_owned(),
        work_dir: work.to_owned(),
        sandbox: Sandbox::WherePossible,
    };
    Ok(ChromiumPrinter::new(&config)?)
}

/// The date that documents bear.
fn dated() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + chrono::Days::new(20_000)
}

fn reports() -> anyhow::Result<Vec<Report>> {
    let samples = [
        include_str!("../../../studies/src/log_01/sample.json"),
        include_str!("../../../studies/src/ter_01/sample.json"),
    ];
    samples.into_iter().map(report).collect()
}

fn report(sample: &str) -> anyhow::Result<Report> {
    let sheet: FactSheet = serde_json::from_str(sample).context("a sample")?;
    let study = studies::find(&sheet.study).with_context(|| format!("no study has code {}", sheet.study))?;
    let words = study.by_rules(&sheet);
    let edition = Edition {
        report_number: "2026-000000".to_owned(),
        ordered_on: dated().date_naive(),
        template_version: study.template_version(),
        specimen: true,
        blocks_model: 0,
        blocks_rules: u32::try_from(words.blocks.len())?,
    };
    Ok(Report { html: study.render(&sheet, &words, &edition)?, name: sheet.study })
}
