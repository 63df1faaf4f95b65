//! Looking back: what may be asked about the past.

use clap::{Subcommand, ValueEnum};
use domain::history::{Point, Stream};
use uuid::Uuid;

/// What has a history of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    Order,
    Report,
}

impl Kind {
    pub fn stream(self, id: Uuid) -> Stream {
        match self {
            Self::Order => Stream::Order(id),
            Self::Report => Stream::Report(id),
        }
    }
}

const POINTS: &str = "A point is the number of an event of the stream (5), a position in the whole log (@1200), a time \
    (2026-11-22T10:15:00Z) or now. Everything up to it counts, the named event included.";

#[derive(Debug, Subcommand)]
pub enum Look {
    /// Say what an order or a report was at any point of its history
    #[command(
        long_about = format!("Say what an order or a report was at any point of its history: its state, folded from the \
            stored events, and the last event that counted, as JSON. {POINTS}"),
        after_help = "Example: lobster es state order 019a8f3c-… --at 5\n         \
                      lobster es state report 5d41402a-… --at 2026-11-22T10:15:00Z | jq .state"
    )]
    State {
        #[arg(value_enum)]
        what: Kind,
        id: Uuid,
        /// Up to where: 5, @1200, 2026-11-22T10:15:00Z or now
        #[arg(long, default_value = "now", value_name = "POINT")]
        at: Point,
    },
    /// Say what changed between two points, and which event changed it
    #[command(
        long_about = format!("Say what changed in an order or a report between two points of its history: a JSON patch \
            (RFC 6902) for each event between them; with --json also one patch for the whole way, and both states. \
            {POINTS}"),
        after_help = "Example: lobster es diff order 019a8f3c-… 2 5\n         \
                      lobster es diff order 019a8f3c-… @1200 now --json | jq .patch"
    )]
    Diff {
        #[arg(value_enum)]
        what: Kind,
        id: Uuid,
        /// The earlier point
        from: Point,
        /// The later point
        #[arg(default_value = "now")]
        to: Point,
        /// Everything, as one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Tell what led to an event, and what followed from it
    #[command(
        long_about = "Tell what led to an event, up to the first cause, and everything that followed from it: a tree, with \
            who did it, when, and how long after its cause. Of an order: each thing that came from outside, with all that \
            followed. Ids are those that `lobster es show` prints.",
        after_help = "Example: lobster es causation 8c0e6a4f-…"
    )]
    Causation {
        /// An event's id, or an order's
        id: Uuid,
    },
    /// Build the read models as they were at a position, beside the living ones
    #[command(
        long_about = "Build the read models as they were at a position of the log, in a schema of their own: every projector \
            is applied to the events up to it, in one pass, and nothing else runs: no policy, no job, no mail. Prints rows \
            and a checksum of each table, and whether they are those of the living tables. The schema stays for you to look \
            into, until the next replay or --drop.",
        after_help = "Example: lobster es replay --to 1200 --schema before_the_refund\n         lobster es replay --drop"
    )]
    Replay {
        /// The last position that counts; default: the last one there is
        #[arg(long, value_name = "POSITION")]
        to: Option<i64>,
        /// The schema to build in
        #[arg(long, default_value = "scratch")]
        schema: String,
        /// Remove the schema once everything is printed
        #[arg(long)]
        drop: bool,
    },
    /// Follow the log as it grows
    #[command(
        long_about = "Follow the log as it grows, event by event in its order, until Ctrl-C.",
        after_help = "Example: lobster es tail --from 1200 --json | jq -r .event_type"
    )]
    Tail {
        /// Begin after this position; default: with what comes next
        #[arg(long, value_name = "POSITION")]
        from: Option<i64>,
        /// One JSON object a line
        #[arg(long)]
        json: bool,
    },
}
