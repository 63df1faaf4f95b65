//! What the event store can be asked.

use clap::Subcommand;
use uuid::Uuid;

#[derive(Debug, Subcommand)]
pub enum Es {
    /// Tell the whole story of an order: its events and those of its reports
    #[command(subcommand, after_help = "Example: lobster es show order 019a8f3c-…")]
    Show(Show),
    /// Recompute every leaf, root and link of the chain
    #[command(after_help = "Example: lobster es verify")]
    Verify,
}

#[derive(Debug, Subcommand)]
pub enum Show {
    /// An order
    #[command(after_help = "Example: lobster es show order 019a8f3c-… --json")]
    Order {
        id: Uuid,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
}
