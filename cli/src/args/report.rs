//! What may be asked about one report.

use clap::Subcommand;
use infra::config::{Vendors, Web};
use uuid::Uuid;

#[derive(Debug, Subcommand)]
pub enum Report {
    /// Make a delivered report again from what was stored, and compare
    #[command(
        long_about = "Make a report again from its stored facts, its stored narrative and today's template, print it, and \
            compare the digests with those of its events. Says « identique », or what differs: the renderer, the template, \
            the fonts, or the page that differs first. Nothing is stored, sent or recorded. Ends with an error when the \
            report is not what it was.",
        after_help = "Example: lobster report rerender 5d41402a-…"
    )]
    Rerender {
        /// The report's id, as `lobster es show order` prints it
        id: Uuid,
        #[command(flatten)]
        web: Box<Web>,
        #[command(flatten)]
        vendors: Box<Vendors>,
    },
}
