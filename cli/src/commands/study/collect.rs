//! `lobster study collect`: the figures of a report without its words and pages, for `study validate` and for whoever wants
//! to know how long they take.

use std::time::Instant;

use anyhow::Context as _;
use infra::config::Place;

use super::bench::{self, Bench};
use crate::{args::Collect, database::Database};

pub async fn run(place: &Place, database: &Database, asked: &Collect) -> anyhow::Result<()> {
    let study = bench::study(&asked.study)?;
    let bench = Bench::set_up(place, database).await?;
    let result = collect(&bench, study, asked).await;
    bench.close().await;
    result
}

async fn collect(bench: &Bench, study: &dyn studies::Study, asked: &Collect) -> anyhow::Result<()> {
    let began = Instant::now();
    let sheet = study.collect(&bench.pool, &asked.commune, &bench.certificates).await?;
    let first = began.elapsed().as_millis();
    if let Some(file) = &asked.out {
        let (bytes, _) = studies::canonical(&sheet)?;
        std::fs::write(file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
        println!("Facts: {} ({})", file.display(), sheet.facts.len());
    }
    let mut took = Vec::with_capacity(asked.times.into());
    for _ in 0..asked.times {
        let began = Instant::now();
        study.collect(&bench.pool, &asked.commune, &bench.certificates).await?;
        took.push(began.elapsed().as_millis());
    }
    took.sort_unstable();
    if let (Some(p50), Some(p95)) = (quantile(&took, 50), quantile(&took, 95)) {
        println!(
            "{} {}: {} facts, first {first} ms, then p50 {p50} ms, p95 {p95} ms",
            asked.study,
            asked.commune,
            sheet.facts.len()
        );
    }
    Ok(())
}

/// The value that so many per cent do not exceed.
fn quantile(sorted: &[u128], percent: usize) -> Option<u128> {
    let at = (sorted.len() * percent).div_ceil(100).checked_sub(1)?;
    sorted.get(at).copied()
}

#[cfg(test)]
mod tests {
    use super::quantile;

    #[test]
    fn nineteen_of_twenty_do_not_exceed_the_95th_percentile() {
        let twenty: Vec<u128> = (1..=20).collect();
        assert_eq!((quantile(&twenty, 50), quantile(&twenty, 95), quantile(&[], 95)), (Some(10), Some(19), None));
        assert_eq!(quantile(&[7], 95), Some(7));
    }
}
