//! What can be done with open data.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Told by `--help` of every command that can end otherwise than well.
const EXIT_CODES: &str = "Exit codes: 0 done, or nothing to do · 1 something unexpected (database, disk) · 2 a file or the \
    command line was refused · 3 busy: another import runs, or readers hold the tables · 4 nothing to go back to · 5 `check` \
    found something · 6 a download did not end well";

#[derive(Debug, Subcommand)]
pub enum Datasets {
    /// What is loaded, how old it is, what is missing and what it is for
    #[command(after_help = "Example: lobster datasets list\n         lobster datasets list --files\n         \
                            lobster datasets list --json | jq '.[] | select(.sources == [])'")]
    List(List),
    /// Load what the first start would load: reference geography, real files where they exist, generated ones elsewhere
    #[command(after_help = "Example: LOBSTER_DATA_DIR=../data lobster datasets prepare")]
    Prepare,
    /// Import files of one dataset
    #[command(after_help = format!("Example: lobster datasets import dvf ValeursFoncieres-2024.txt.zip\n         \
        lobster datasets import rp_housing base-cc-logement-2021_csv.zip --dry-run\n\n{EXIT_CODES}"))]
    Import(Import),
    /// Bring files home from the producers, or from a mirror: a web folder with their files and SHA256SUMS
    #[command(after_help = format!("Example: lobster datasets fetch dvf --mirror https://miroir.example/donnees\n         \
        lobster datasets fetch --all --mirror https://miroir.example/donnees --import\n\n{EXIT_CODES}"))]
    Fetch(Fetch),
    /// Is what is loaded sound? Totals, age, generated data, dead imports
    #[command(after_help = format!("Example: lobster datasets check\n\n{EXIT_CODES}"))]
    Check(Check),
    /// Put the version before the last import back in service
    #[command(after_help = format!("Example: lobster datasets rollback dvf\n\n{EXIT_CODES}"))]
    Rollback {
        /// Name of the dataset, as `lobster datasets list` shows it
        dataset: String,
    },
    /// Compute anew what studies and pages read ready-made, each view after those it reads
    #[command(after_help = "Example: lobster datasets refresh\n         lobster datasets refresh dvf sitadel")]
    Refresh {
        /// Only what rests on these datasets; everything by default
        datasets: Vec<String>,
    },
    /// Write files in the official layouts, with invented and plausible figures
    #[command(after_help = "Example: lobster datasets synthesize --departement 44 --out /tmp/specimens")]
    Synthesize(Synthesize),
}

#[derive(Debug, Args)]
pub struct List {
    /// One line per file
    #[arg(long, conflicts_with = "json")]
    pub files: bool,
    /// Everything, as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Import {
    /// Name of the dataset, as `lobster datasets list` shows it
    pub dataset: String,
    /// The producer's files, compressed or not; for documents that belong together, their folder
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Vintage, when the file does not tell it
    #[arg(long)]
    pub millesime: Option<String>,
    /// Year of the geography of the file
    #[arg(long)]
    pub cog: Option<i32>,
    /// Keep only this département
    #[arg(long)]
    pub departement: Option<String>,
    /// What the file covers when it is neither France nor that département: a commune's code
    #[arg(long)]
    pub perimetre: Option<String>,
    /// The file is generated: every document made from it is a specimen
    #[arg(long)]
    pub synthetique: bool,
    /// Check everything, change nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Leave the views as they are: several imports, then one `lobster datasets refresh`
    #[arg(long)]
    pub no_refresh: bool,
}

#[derive(Debug, Args)]
pub struct Fetch {
    /// Name of the dataset, as `lobster datasets list` shows it
    #[arg(required_unless_present = "all")]
    pub dataset: Option<String>,
    /// Every dataset
    #[arg(long, conflicts_with = "dataset")]
    pub all: bool,
    /// Address of a folder that holds the producers' files and SHA256SUMS
    #[arg(long, value_name = "URL")]
    pub mirror: Option<String>,
    /// Folder that receives the files; `downloads` in the home folder by default
    #[arg(long)]
    pub out: Option<PathBuf>,
    /// Import what was received
    #[arg(long)]
    pub import: bool,
}

#[derive(Debug, Args)]
pub struct Check {
    /// The findings, as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Synthesize {
    /// One département; the configured one unless told otherwise
    #[arg(long, conflicts_with = "national")]
    pub departement: Option<String>,
    /// The whole country, at its real size: 13.9 million lines of sales
    #[arg(long)]
    pub national: bool,
    /// Only these datasets, separated by commas
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<String>,
    /// Compress the files
    #[arg(long)]
    pub gzip: bool,
    /// Folder that receives the files
    #[arg(long)]
    pub out: PathBuf,
}
