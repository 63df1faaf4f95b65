//! What the command line understands. Every command's help ends with an example.

mod datasets;
mod es;
mod jobs;
mod look;
mod projections;
mod report;
mod seed;
mod study;
mod support;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use infra::config::{Place, Vendors, Web};

pub use datasets::{Check, Datasets, Fetch, Import, List, Synthesize};
pub use es::{Bundle, Es, Extends, Heads, Proofs, Show, Verify};
pub use jobs::Jobs;
pub use look::{Kind, Look};
pub use projections::{Projections, Which};
pub use report::Report;
pub use seed::Seed;
pub use study::{Chosen, Collect, Gate, Render, Study, Validate, Words};
pub use support::{Cases, Cents, Doing, Order};

/// LObsTer, L’Observatoire territorial: studies of French communes, from the order to the delivered report.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true, after_help = "Example: lobster serve --demo out")]
pub struct Lobster {
    #[command(flatten)]
    pub place: Place,
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the shop: API, front end, worker, and the sandbox for every vendor without a key
    #[command(after_help = "Example: lobster serve\n         LOBSTER_LISTEN=127.0.0.1:9090 lobster serve --demo out")]
    Serve(Serve),
    /// Serve, drive one order to delivery, check it, and stop
    #[command(after_help = "Example: lobster demo --commune 44109 --out out")]
    Demo(Demo),
    /// Make reports only: a second process beside `serve`, on the same database
    #[command(after_help = "Example: LOBSTER_DATABASE_URL=postgres://… lobster worker --concurrency 2")]
    Worker(Worker),
    /// Run the doubles of the five outside services alone
    #[command(after_help = "Example: lobster sandbox --sandbox-profile storm --sandbox-seed 7")]
    Sandbox(Sandbox),
    /// Bring the database to this version
    #[command(after_help = "Example: lobster migrate")]
    Migrate,
    /// Open data: what is loaded, import, generate specimens
    #[command(subcommand, after_help = "Example: lobster datasets list")]
    Datasets(Datasets),
    /// Studies: what is sold, make one without an order, judge sentences
    #[command(subcommand, after_help = "Example: lobster study render LOG-01 44109 --out out")]
    Study(Study),
    /// Money: look at unpaid orders, compare the payment vendor's books with the log
    #[command(subcommand, after_help = "Example: lobster payments reconcile --days 3")]
    Payments(Payments),
    /// One order: show it, refund, cancel, accept held money, write a note
    #[command(subcommand, after_help = "Example: lobster order show 019a8f3c-…")]
    Order(Order),
    /// What waits for a person
    #[command(subcommand, after_help = "Example: lobster cases list")]
    Cases(Cases),
    /// The event store: tell an order's story, verify the log
    #[command(subcommand, after_help = "Example: lobster es show order 019a8f3c-…")]
    Es(Es),
    /// Read models and policies: how far they are, make them again, decide on what they could not apply
    #[command(subcommand, after_help = "Example: lobster projections list")]
    Projections(Projections),
    /// The job queue: what waits, what has failed for good, try again
    #[command(subcommand, after_help = "Example: lobster jobs dead")]
    Jobs(Jobs),
    /// One report: make it again and compare
    #[command(subcommand, after_help = "Example: lobster report rerender 5d41402a-…")]
    Report(Report),
    /// Make history in numbers, to try tools at scale
    #[command(subcommand, after_help = "Example: lobster --home /tmp/old seed orders --count 10000")]
    Seed(Seed),
    /// Say what this installation has, lacks, and would use
    #[command(after_help = "Example: lobster doctor")]
    Doctor(Vendors),
}

impl Command {
    /// What is logged unless `LOBSTER_LOG` says otherwise: a person who watches a demonstration wants its steps only.
    #[must_use]
    pub fn default_log(&self) -> &'static str {
        match self {
            Self::Serve(Serve { demo: None, .. }) | Self::Worker(_) | Self::Sandbox(_) => "info",
            _ => "warn",
        }
    }
}

#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub web: Web,
    #[command(flatten)]
    pub vendors: Vendors,
    /// Drive one demonstration order once the service is ready, and write its PDF into this folder
    #[arg(long, value_name = "FOLDER")]
    pub demo: Option<PathBuf>,
    /// Reports made at the same time; 0 leaves them to `lobster worker`
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(..=64))]
    pub concurrency: u16,
}

#[derive(Debug, Args)]
pub struct Demo {
    #[command(flatten)]
    pub web: Web,
    #[command(flatten)]
    pub vendors: Vendors,
    /// INSEE code of the commune
    #[arg(long, default_value = "44109")]
    pub commune: String,
    /// Code of the study
    #[arg(long, default_value = "LOG-01")]
    pub study: String,
    /// Folder of the PDF
    #[arg(long, default_value = "out")]
    pub out: PathBuf,
}

#[derive(Debug, Args)]
pub struct Worker {
    #[command(flatten)]
    pub web: Web,
    #[command(flatten)]
    pub vendors: Vendors,
    /// Reports made at the same time
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub concurrency: u16,
}

#[derive(Debug, Args)]
pub struct Sandbox {
    #[command(flatten)]
    pub web: Web,
}

#[derive(Debug, Subcommand)]
pub enum Payments {
    /// Ask the payment vendor how the pages of orders stand that were placed more than ten minutes ago and are not paid
    #[command(after_help = "Example: lobster payments check")]
    Check {
        #[command(flatten)]
        web: Web,
        #[command(flatten)]
        vendors: Vendors,
    },
    /// Compare the payment vendor's sessions with the log, both ways, up to an hour ago; repair what can be repaired
    #[command(after_help = "Example: lobster payments reconcile --days 3")]
    Reconcile {
        /// Days to look back
        #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=90))]
        days: u16,
        #[command(flatten)]
        web: Web,
        #[command(flatten)]
        vendors: Vendors,
    },
}
