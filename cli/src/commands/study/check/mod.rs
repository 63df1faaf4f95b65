//! `lobster study check`: the gate that the reports of many communes must pass before a version is sold. Each is made as an
//! order makes it (the rules write), printed by the real press, and read by a program that believes nothing.

mod html;
mod paper;
mod places;
mod reader;
mod told;

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::Context as _;
use domain::eligibility::{Eligibility, EligibilityStatus};
use futures::StreamExt as _;
use indicatif::{ProgressBar, ProgressStyle};
use infra::{
    config::Place as Installation,
    pools::{self, Role},
};
use serde::Serialize;
use sqlx::PgPool;
use studies::Study;

use super::bench::{self, Bench};
use crate::{args::Gate, commands::migrate, database::Database};
use paper::Paper;
use places::Place;
use reader::Breach;

/// Something was found: not a failure of the command.
#[derive(Debug, thiserror::Error)]
#[error("{0} things that no customer may see")]
pub struct Breaches(pub usize);

/// Reports at once: what the press prints at once.
const AT_ONCE: usize = 2;

/// One study of one commune, and what was found in it.
#[derive(Debug, Serialize)]
pub struct Seen {
    pub commune: String,
    pub nom: String,
    pub why: String,
    pub study: &'static str,
    /// As announced before payment; `None` when even that failed.
    pub verdict: Option<Eligibility>,
    /// Pages sold, and pages of the annex.
    pub pages: Option<(usize, usize)>,
    pub facts: usize,
    pub blocks: usize,
    pub bytes: usize,
    pub took: Took,
    pub breaches: Vec<Breach>,
}

/// Milliseconds of each step.
#[derive(Debug, Default, Clone, Copy, Serialize)]
pub struct Took {
    pub announce: u128,
    pub collect: u128,
    pub write: u128,
    pub lay_out: u128,
    pub print: u128,
}

pub async fn run(installation: &Installation, database: &Database, asked: &Gate) -> anyhow::Result<()> {
    let studies: Vec<&'static dyn Study> = match asked.study.as_slice() {
        [] => studies::STUDIES.to_vec(),
        codes => codes.iter().map(|code| bench::study(code)).collect::<anyhow::Result<_>>()?,
    };
    if asked.dry_run {
        return chosen(database, asked).await;
    }
    let bench = Bench::set_up(installation, database).await?;
    let result = gate(&bench, installation, &studies, asked).await;
    bench.close().await;
    result
}

/// Only says which communes would be looked at: before sales and permits of their départements are loaded.
async fn chosen(database: &Database, asked: &Gate) -> anyhow::Result<()> {
    migrate::bring_up(&database.url).await?;
    let pool = pools::connect(&database.url, Role::Worker, 1).await?;
    let (places, absent) = wanted(&pool, asked).await?;
    pool.close().await;
    told::list(&places, &absent, asked.json)
}

/// The communes named, or those of the list and the kinds of it that are not loaded.
async fn wanted(pool: &PgPool, asked: &Gate) -> anyhow::Result<(Vec<Place>, Vec<&'static str>)> {
    match asked.communes.as_slice() {
        [] => Ok(places::of_list(pool, asked.list).await?),
        codes => Ok((places::named(pool, codes).await?, vec![])),
    }
}

async fn gate(
    bench: &Bench,
    installation: &Installation,
    studies: &[&'static dyn Study],
    asked: &Gate,
) -> anyhow::Result<()> {
    let (places, absent) = wanted(&bench.pool, asked).await?;
    let kept = asked.out.clone();
    let folder = kept.clone().unwrap_or_else(|| installation.home.join("gate"));
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let wanted: Vec<(&Place, &'static dyn Study)> =
        places.iter().flat_map(|place| studies.iter().map(move |study| (place, *study))).collect();
    let bar = bar(wanted.len())?;
    let reports = futures::stream::iter(wanted).map(|(place, study)| {
        let file = folder.join(format!("{}-{}.pdf", place.code, study.sheet().code));
        let bar = bar.clone();
        async move {
            bar.set_message(format!("{} {}", study.sheet().code, place.nom));
            let seen = look(bench, study, place, file).await;
            bar.inc(1);
            seen
        }
    });
    let seen: Vec<Seen> = reports.buffered(AT_ONCE).collect().await;
    bar.finish_and_clear();
    if kept.is_none() {
        std::fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    told::report(&seen, &absent, asked.json)?;
    let found: usize = seen.iter().map(|one| one.breaches.len()).sum();
    if found > 0 { Err(Breaches(found).into()) } else { Ok(()) }
}

fn bar(length: usize) -> anyhow::Result<ProgressBar> {
    use std::io::IsTerminal as _;
    let length = u64::try_from(length)?;
    let bar = if std::io::stderr().is_terminal() { ProgressBar::new(length) } else { ProgressBar::hidden() };
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos:>3} / {len}  {msg}")?);
    Ok(bar)
}

/// Makes one report and reads it. What cannot be made is found, too: the gate goes on with the next.
async fn look(bench: &Bench, study: &'static dyn Study, place: &Place, file: PathBuf) -> Seen {
    let mut seen = Seen {
        commune: place.code.clone(),
        nom: place.nom.clone(),
        why: place.why.clone(),
        study: study.sheet().code,
        verdict: None,
        pages: None,
        facts: 0,
        blocks: 0,
        bytes: 0,
        took: Took::default(),
        breaches: vec![],
    };
    if let Err(error) = make(bench, study, &file, &mut seen).await {
        seen.breaches.push(Breach::new("made", None, format!("{error:#}")));
    }
    seen
}

async fn make(bench: &Bench, study: &'static dyn Study, file: &Path, seen: &mut Seen) -> anyhow::Result<()> {
    let mut lap = Lap(Instant::now());
    let verdict = study.eligibility(&bench.pool, &seen.commune).await?;
    seen.took.announce = lap.ends();
    seen.breaches.extend(reader::announced(&verdict));
    let refused = verdict.status == EligibilityStatus::Unavailable;
    let sold = reader::sold(study, &verdict);
    seen.verdict = Some(verdict);
    if refused {
        return Ok(());
    }
    let sheet = study.collect(&bench.pool, &seen.commune, &bench.certificates).await?;
    seen.took.collect = lap.ends();
    seen.facts = sheet.facts.len();
    seen.breaches.extend(reader::facts(&sheet));
    let narrative = study.by_rules(&sheet);
    seen.took.write = lap.ends();
    seen.blocks = narrative.blocks.len();
    seen.breaches.extend(reader::words(study, &sheet, &narrative));
    lap = Lap(Instant::now());
    let html = bench.page(study, &sheet, &narrative)?;
    seen.took.lay_out = lap.ends();
    let printed = bench.print(&html).await?;
    seen.took.print = lap.ends();
    std::fs::write(file, &printed.pdf).with_context(|| format!("cannot write {}", file.display()))?;
    let paper = Paper::read(file).await?;
    seen.bytes = paper.bytes;
    seen.pages = Some((sold, paper.sheets.len().saturating_sub(sold)));
    let stretches = html::stretches(&html);
    seen.breaches.extend(reader::pages(&paper, sold));
    seen.breaches.extend(reader::characters(&stretches, &paper, sold));
    seen.breaches.extend(reader::sentences(&stretches, &paper, sold));
    seen.breaches.extend(reader::holes(&stretches, &sheet));
    seen.breaches.extend(reader::file(&paper));
    Ok(())
}

/// Time since the last step.
struct Lap(Instant);

impl Lap {
    fn ends(&mut self) -> u128 {
        let took = self.0.elapsed().as_millis();
        self.0 = Instant::now();
        took
    }
}
