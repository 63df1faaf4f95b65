//! What a day of printing asks: two pages at once, memory, no growth, and a browser that is killed.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use futures::StreamExt as _;

use super::tree::Tree;
use super::{Bench, Report, Size};
use crate::figures::{Bound, Figures, quantile};

const TOGETHER: &str = "Two at once";
const MEMORY: &str = "Memory of the browser and all its processes (PSS)";
const KILLED: &str = "kill -9 of the browser in mid-job";
pub const SAME: &str = "Bytes";

/// Documents per second, one after the other and two at once.
pub async fn together(
    bench: &Bench,
    size: &Size,
    digests: &mut BTreeSet<String>,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let mut rates = Vec::new();
    for at_once in [1, 2] {
        let begin = Instant::now();
        let mut times = many(bench, &bench.reference, size.together, at_once, digests).await?;
        #[expect(clippy::cast_precision_loss, reason = "some tens")]
        let rate = times.len() as f64 / begin.elapsed().as_secs_f64();
        figures.add(TOGETHER, format!("documents at {at_once} at once"), "/s", rate);
        if at_once == 2 {
            figures.add(TOGETHER, "one document among two, p50", "ms", quantile(&mut times, 0.5)?);
            let late = quantile(&mut times, 0.95)?;
            figures.put(TOGETHER, "one document among two, p95", "ms", Some(Bound::AtMost(1_000.0)), late);
        }
        eprintln!("{at_once} at once: {rate:.1} documents per second");
        rates.push(rate);
    }
    figures.ratio(TOGETHER, "two at once / one", None, rates[1] / rates[0]);
    Ok(())
}

/// Memory before, during and after a hundred documents, and while reports are printed.
pub async fn growth(
    bench: &Bench,
    size: &Size,
    reports: &[Report],
    digests: &mut BTreeSet<String>,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    many(bench, &bench.reference, 10, 2, digests).await?;
    let tree = Tree::of(&bench.work)?;
    let Some(before) = tree.memory() else {
        figures.leave_out("Memory: the system does not let this user look at the browser’s processes; root may.");
        return Ok(());
    };
    let pages = tree.pages();
    let peak = peak(bench, many(bench, &bench.reference, size.enduring, 2, digests)).await?;
    let after = Tree::of(&bench.work)?;
    let left = after.memory().context("the browser’s memory can no longer be read")?;
    anyhow::ensure!(after.pages() <= pages, "{} pages are open after printing, {pages} before", after.pages());
    figures.add(MEMORY, "between documents, after 10", "MB", before);
    figures.add(MEMORY, format!("between documents, after {} more", size.enduring), "MB", left);
    figures.ratio(MEMORY, "growth", Some(Bound::AtMost(1.2)), left / before);
    figures.put(MEMORY, "peak while two are printed", "MB", Some(Bound::AtMost(400.0)), peak);
    eprintln!("memory: {before:.0} MB, {left:.0} MB after {} documents, {peak:.0} MB at the peak", size.enduring);
    for report in reports {
        let peak = self::peak(bench, many(bench, &report.html, 10, 2, &mut BTreeSet::new())).await?;
        let what = format!("peak while two of {} are printed", report.name);
        figures.put(MEMORY, what, "MB", Some(Bound::AtMost(400.0)), peak);
        eprintln!("memory: {peak:.0} MB at the peak of two {}", report.name);
    }
    Ok(())
}

/// The most memory that the browser takes while documents are printed.
async fn peak(bench: &Bench, printing: impl Future<Output = anyhow::Result<Vec<f64>>>) -> anyhow::Result<f64> {
    let mut peak: f64 = 0.0;
    tokio::pin!(printing);
    let mut pace = tokio::time::interval(Duration::from_millis(200));
    loop {
        tokio::select! {
            printed = &mut printing => {
                printed?;
                return Ok(peak);
            }
            _ = pace.tick() => peak = peak.max(Tree::of(&bench.work)?.memory().unwrap_or(0.0)),
        }
    }
}

/// How long a document takes whose browser is killed under it.
pub async fn kills(
    bench: &Bench,
    size: &Size,
    digests: &mut BTreeSet<String>,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let usual = bench.print(&bench.reference).await?.0;
    for _ in 0..size.kills {
        let tree = Tree::of(&bench.work)?;
        let printing = bench.print(&bench.reference);
        tokio::pin!(printing);
        // Well within a document: it may not have been printed by then.
        let blow = tokio::time::sleep(Duration::from_secs_f64(usual * 0.4 / 1_000.0));
        tokio::select! {
            printed = &mut printing => {
                printed?;
                anyhow::bail!("a document was printed in less than half of the usual time: nothing was killed");
            }
            () = blow => {}
        }
        tree.kill()?;
        let killed = Instant::now();
        digests.insert(printing.await?.1.sha256);
        figures.put(
            KILLED,
            "from the kill to the document",
            "s",
            Some(Bound::AtMost(10.0)),
            killed.elapsed().as_secs_f64(),
        );
        anyhow::ensure!(Tree::of(&bench.work)?.processes[0] != tree.processes[0], "the browser survived");
    }
    figures.note(KILLED, "That the order is delivered once is a test of the suite (`cli/tests/it/press.rs`).");
    Ok(())
}

/// Milliseconds of each of `count` prints of a page, `at_once` of them at a time.
async fn many(
    bench: &Bench,
    html: &str,
    count: usize,
    at_once: usize,
    digests: &mut BTreeSet<String>,
) -> anyhow::Result<Vec<f64>> {
    let mut printed = futures::stream::iter(0..count).map(|_| bench.print(html)).buffer_unordered(at_once);
    let mut times = Vec::new();
    while let Some(one) = printed.next().await {
        let (time, printed) = one?;
        digests.insert(printed.sha256);
        times.push(time);
    }
    Ok(times)
}
