//! What may be asked of projectors: the read models and the policies that follow the log.

use clap::{Args, Subcommand};

/// Which read models.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
pub struct Which {
    /// Name of the read model, as `lobster projections list` shows it
    pub projector: Option<String>,
    /// Every read model, one after the other
    #[arg(long)]
    pub all: bool,
}

#[derive(Debug, Subcommand)]
pub enum Projections {
    /// How far each projector has come, who runs it, what it could not apply
    #[command(after_help = "Example: lobster projections list\n         lobster projections list --check || alert")]
    List {
        /// End with exit code 1 when one is stopped, paused, or has events that wait for a decision
        #[arg(long)]
        check: bool,
    },
    /// Make rows again from the log, beside those in use, and let them take their place
    #[command(
        long_about = "Make rows again from the log, beside those in use, and let them take their place in one transaction. \
            The shop goes on meanwhile. Both are compared, the replaced rows are kept for a way back. Cut off in the \
            middle, nothing has changed. A policy cannot be rebuilt: its effects would be repeated.\n\nWhile a process \
            follows the log, the work is done gently: small batches, rests four times as long, never more than one core. \
            Customers hardly feel it, and it takes several times as long. Otherwise, or with --full-speed, it takes what \
            it can get, and their reads wait. docs/benchmarks/event-store.md has the figures of both (B3, B4).",
        after_help = "Example: lobster projections rebuild order_summary\n         \
                      lobster projections rebuild order_timeline --full-speed\n         \
                      lobster projections rebuild --all --compare\n         \
                      lobster projections rebuild order_summary --rollback"
    )]
    Rebuild {
        #[command(flatten)]
        which: Which,
        /// Only compare the rows in use with those that the log gives, change nothing; exit code 1 when they differ
        #[arg(long)]
        compare: bool,
        /// Take what the machine gives, even while customers are served: they will feel it
        #[arg(long, conflicts_with = "rollback")]
        full_speed: bool,
        /// Put the rows back that the last rebuild replaced; they catch up by themselves
        #[arg(long, conflicts_with = "compare")]
        rollback: bool,
    },
    /// Let a projector stand still, over restarts too
    #[command(after_help = "Example: lobster projections pause catalogue")]
    Pause { projector: String },
    /// Let a paused projector go on
    #[command(after_help = "Example: lobster projections resume catalogue")]
    Resume { projector: String },
    /// Apply again, in order, what could not be applied; all of it or nothing
    #[command(after_help = "Example: lobster projections retry order_summary")]
    Retry { projector: String },
    /// Do without one event that could not be applied, for ever; then retry what waits behind it
    #[command(after_help = "Example: lobster projections discard order_summary 4711")]
    Discard {
        projector: String,
        /// Place of the event in the log
        position: i64,
    },
}
