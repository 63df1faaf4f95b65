//! What may be asked of the job queue.

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum Jobs {
    /// What is to be done, runs, or has failed for good
    #[command(after_help = "Example: lobster jobs list")]
    List,
    /// Only what has failed for good; exit code 1 when there is any
    #[command(after_help = "Example: lobster jobs dead || alert")]
    Dead,
    /// Let a job run again now, with all its attempts; doing it twice is harmless, every job looks first
    #[command(after_help = "Example: lobster jobs retry 4711\n         lobster jobs retry --dead")]
    Retry {
        /// Number of the job, as `lobster jobs list` shows it
        #[arg(required_unless_present = "dead", conflicts_with = "dead")]
        job: Option<i64>,
        /// Every job that has failed for good
        #[arg(long)]
        dead: bool,
    },
}
