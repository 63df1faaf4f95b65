//! The event store in ratios: each of ours beside what it could have been, in the same run, on the same table.
//!
//! Every round measures all of them once, so that a bad minute falls on both sides.

mod append;
mod history;
mod lag;
mod replay;
mod server;
mod serving;
mod streams;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum};

use self::history::History;
use self::server::Server;
use crate::figures::Figures;
use crate::machine;

/// What is measured, and how long.
#[derive(Args)]
pub struct Options {
    /// About five minutes instead of about sixteen; the ranges are wider.
    #[arg(long)]
    quick: bool,
    /// Measure this alone, for a change at hand; repeated for several.
    #[arg(long, value_enum)]
    only: Vec<Part>,
    /// Where the page is written; printed when left out.
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// A folder for the throw-away database; its disk is what is measured.
    #[arg(long, default_value_os_t = std::env::temp_dir())]
    folder: PathBuf,
}

/// What can be measured alone.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// B1
    Append,
    /// B6, B7
    Streams,
    /// B3, B9 and the replay of the stock crates
    Replay,
    /// B4
    Serving,
    /// B5
    Lag,
}

/// How much of everything.
struct Size {
    rounds: u32,
    /// Seconds per rate.
    seconds: u64,
    /// Seconds of reads in a calm service.
    calm_seconds: u64,
    /// Seconds of appends, without and with a bulk transaction open.
    bulk_seconds: u64,
    orders: i64,
    only: Vec<Part>,
}

/// Measures the event store; the page of figures.
pub async fn run(options: Options) -> anyhow::Result<String> {
    let Options { quick, only, folder, .. } = options;
    let size = match quick {
        true => Size { rounds: 3, seconds: 1, calm_seconds: 3, bulk_seconds: 10, orders: 3_000, only },
        false => Size { rounds: 5, seconds: 2, calm_seconds: 8, bulk_seconds: 20, orders: 10_000, only },
    };
    let folder = folder.join(format!("lobster-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let measured = measure(&folder, &size).await;
    std::fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    Ok(measured?.page(if quick { "make bench-es QUICK=1" } else { "make bench-es" }))
}

async fn measure(folder: &Path, size: &Size) -> anyhow::Result<Figures> {
    let mut figures = Figures::new("The event store in figures", machine::describe()?);
    figures.machine.push(machine::disk(folder)?);
    figures.machine.push(
        "PostgreSQL 15, fsync and synchronous_commit on, private settings of `lobster` with 200 connections".to_owned(),
    );
    figures.machine.push(machine::load()?);
    let server = Server::start(folder).await?;
    let measured = all(&server, size, &mut figures).await;
    figures.machine.push(machine::load()?);
    server.stop().await?;
    measured.map(|()| figures)
}

async fn all(server: &Server, size: &Size, figures: &mut Figures) -> anyhow::Result<()> {
    let mut history = match size.wants(Part::Replay) || size.wants(Part::Serving) {
        true => Some(History::make(server, size.orders).await?),
        false => None,
    };
    for round in 1..=size.rounds {
        eprintln!("round {round} of {}", size.rounds);
        if size.wants(Part::Append) {
            append::round(server, size, u64::from(round), figures).await.context("append")?;
        }
        if size.wants(Part::Streams) {
            streams::round(server, figures).await.context("streams")?;
        }
        if let Some(history) = &mut history {
            if size.wants(Part::Replay) {
                history.read_whole(figures).await.context("replay")?;
            }
            if size.wants(Part::Serving) {
                history.serve(size, u64::from(round), figures).await.context("serving")?;
            }
        }
        if size.wants(Part::Lag) {
            lag::round(server, size, figures).await.context("lag")?;
        }
    }
    for words in NOT_MEASURED {
        figures.leave_out(words);
    }
    match history {
        Some(history) => history.close().await,
        None => Ok(()),
    }
}

/// What the set of benchmarks lists and this program cannot measure.
const NOT_MEASURED: [&str; 3] = [
    "B2, commits of ten events: every command of the product decides on one event or none, so there is no such commit to \
     measure. The append is one statement over arrays: more events would cost rows, not round trips.",
    "B5 at one order a second: a hundredth of so few events is none.",
    "B8, stops and kills: not a matter of speed. `make chaos` stops the database and kills the processes.",
];

impl Size {
    fn wants(&self, part: Part) -> bool {
        self.only.is_empty() || self.only.contains(&part)
    }
}
