//! Rounds: everything once, one after the other, so that a bad moment falls on both sides.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use domain::ports::Printer as _;

use super::playwright::Playwright;
use super::{Bench, Report, dated, document, printer};
use crate::figures::{Bound, Figures, quantile};

const SPEED: &str = "One document at a time";
const REPORTS: &str = "Reports as they are sold";

/// Milliseconds of every document, by what made it.
#[derive(Default)]
pub struct Times {
    ours: Vec<f64>,
    cold: Vec<f64>,
    theirs: Vec<f64>,
    reports: Vec<(String, Vec<f64>, Vec<f64>)>,
}

impl Times {
    /// Everything once, ours three times.
    pub async fn round(
        &mut self,
        bench: &Bench,
        folder: &Path,
        compared: Option<&Playwright>,
        reports: &[Report],
        digests: &mut BTreeSet<String>,
        figures: &mut Figures,
    ) -> anyhow::Result<()> {
        let theirs = match compared {
            Some(script) => {
                let (time, pages) = script.print(&bench.reference)?;
                anyhow::ensure!(pages == document::PAGES, "the script printed {pages} pages");
                self.theirs.push(time);
                Some(time)
            }
            None => None,
        };
        let mut ours = Vec::new();
        for _ in 0..3 {
            let (time, printed) = bench.print(&bench.reference).await?;
            digests.insert(printed.sha256);
            ours.push(time);
        }
        self.ours.extend(&ours);
        if let Some(theirs) = theirs {
            let ratio = theirs / quantile(&mut ours, 0.5)?;
            figures.ratio(
                SPEED,
                "a browser per document / ours, median of each round",
                Some(Bound::AtLeast(3.0)),
                ratio,
            );
        }
        for report in reports {
            self.report(bench, compared, report, figures).await?;
        }
        let fresh = printer(&bench.fonts, &folder.join("cold"))?;
        let begin = Instant::now();
        let printed = fresh.print(&bench.reference, dated()).await;
        self.cold.push(begin.elapsed().as_secs_f64() * 1_000.0);
        fresh.close().await;
        digests.insert(printed?.sha256);
        Ok(())
    }

    async fn report(
        &mut self,
        bench: &Bench,
        compared: Option<&Playwright>,
        report: &Report,
        figures: &mut Figures,
    ) -> anyhow::Result<()> {
        let (ours, printed) = bench.print(&report.html).await?;
        let name = format!("{}, {} pages with its annex", report.name, printed.pages);
        let at = self.reports.iter().position(|(known, ..)| *known == name).unwrap_or_else(|| {
            self.reports.push((name.clone(), Vec::new(), Vec::new()));
            self.reports.len() - 1
        });
        self.reports[at].1.push(ours);
        if let Some(script) = compared {
            let (theirs, pages) = script.print(&report.html)?;
            anyhow::ensure!(pages == printed.pages, "the script printed {pages} pages of {name}");
            self.reports[at].2.push(theirs);
            figures.ratio(REPORTS, format!("{name}: a browser per document / ours"), None, theirs / ours);
        }
        Ok(())
    }

    pub fn last(&self) -> String {
        let last = |times: &[f64]| times.last().map_or_else(|| "–".to_owned(), |time| format!("{time:.0} ms"));
        format!("ours {}, cold {}, a browser per document {}", last(&self.ours), last(&self.cold), last(&self.theirs))
    }

    pub fn tell(mut self, figures: &mut Figures) -> anyhow::Result<()> {
        told(figures, SPEED, "ours, warm", &mut self.ours)?;
        told(figures, SPEED, "ours, with the start of the browser", &mut self.cold)?;
        told(figures, SPEED, "a browser per document (Playwright)", &mut self.theirs)?;
        figures
            .note(SPEED, "The bound is the issue’s; its goal is 5. Both print tagged, outlined, with the same fonts.");
        for (name, mut ours, mut theirs) in self.reports {
            told(figures, REPORTS, &format!("{name}: ours, warm"), &mut ours)?;
            told(figures, REPORTS, &format!("{name}: a browser per document"), &mut theirs)?;
        }
        figures.note(
            REPORTS,
            "Samples of the studies in the words of the rules, laid out beforehand: only the printing is timed.",
        );
        Ok(())
    }
}

/// Every time, and the 95th percentile.
fn told(figures: &mut Figures, section: &'static str, what: &str, times: &mut [f64]) -> anyhow::Result<()> {
    if times.is_empty() {
        return Ok(());
    }
    for time in times.iter() {
        figures.add(section, format!("{what}, p50"), "ms", *time);
    }
    figures.add(section, format!("{what}, p95"), "ms", quantile(times, 0.95)?);
    Ok(())
}
