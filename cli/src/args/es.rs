//! What the event store can be asked.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use infra::config::{Vendors, Web};
use uuid::Uuid;

use super::Look;

#[derive(Debug, Subcommand)]
pub enum Es {
    /// Tell the whole story of an order: its events and those of its reports
    #[command(subcommand, after_help = "Example: lobster es show order 019a8f3c-…")]
    Show(Show),
    /// Recompute every leaf, root and link of the chain, and compare them with the heads that were signed
    #[command(after_help = "Example: lobster es verify\n         lobster es verify --order 019a8f3c-…\n         \
                            lobster es verify --heads")]
    Verify(Box<Verify>),
    /// List the signed heads of the log, and the public key they are checked with
    #[command(after_help = "Example: lobster es heads --sign")]
    Heads(Box<Heads>),
    /// Prove that a newer signed head extends an older one, also one that you kept outside
    #[command(
        long_about = "Prove that the newer of two signed heads extends the older one: both signatures are checked, and every \
            seal between them must follow from the one before. A head is named by its position, or by a file: the mail's or \
            the bucket's JSON, the chain.json of a bundle, or the bundle itself. Answers 0 when it is proved, 1 with the \
            first thing that does not fit.",
        after_help = "Example: lobster es consistency 1200 5400\n         lobster es consistency kept-head.json\n         \
                      lobster es consistency dossier.zip 5400 --json"
    )]
    Consistency(Box<Extends>),
    /// Pack everything an outsider needs to check an order without us
    #[command(subcommand, after_help = "Example: lobster es bundle order 019a8f3c-… --out dossier.zip")]
    Bundle(Bundle),
    #[command(flatten)]
    Look(Look),
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

/// Keys and storage of the proofs.
#[derive(Debug, Args)]
pub struct Proofs {
    #[command(flatten, next_help_heading = "Keys and storage, as `lobster serve` has them")]
    pub web: Web,
    #[command(flatten, next_help_heading = "Keys and storage, as `lobster serve` has them")]
    pub vendors: Vendors,
}

#[derive(Debug, Args)]
pub struct Verify {
    /// Only the events of this order, with the seals and heads that cover them
    #[arg(long, value_name = "ID")]
    pub order: Option<Uuid>,
    /// Compare with the copies of the signed heads in object storage too
    #[arg(long)]
    pub heads: bool,
    /// One JSON object instead of sentences
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub proofs: Proofs,
}

#[derive(Debug, Args)]
pub struct Heads {
    /// Sign the present end of the log first, without waiting for the hour
    #[arg(long)]
    pub sign: bool,
    /// One JSON object a line
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub proofs: Proofs,
}

#[derive(Debug, Args)]
pub struct Extends {
    /// The older head: its position or a file
    pub older: String,
    /// The newer head; default: the one signed last
    pub newer: Option<String>,
    /// One JSON object, with the seals between the heads
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub proofs: Proofs,
}

#[derive(Debug, Subcommand)]
pub enum Bundle {
    /// An order: events, proofs, signed heads, documents, and a program that checks them
    #[command(after_help = "Example: lobster es bundle order 019a8f3c-… --out dossier.zip")]
    Order {
        id: Uuid,
        /// The archive to be written
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        #[command(flatten)]
        proofs: Box<Proofs>,
    },
}
