//! The event store on PostgreSQL: `cqrs-es` and `postgres-es` behind our own append, and one order over all streams.
//!
//! - [`PgCommands`] executes commands: load, decide, append in one statement, once per command id.
//! - [`Sealer`] gives each committed event its gapless position and its leaf hash; exactly one process seals at a time.
//! - [`PgLog`] reads sealed events in that order; [`follow_head`] says when there are more.
//! - [`verify`] recomputes every hash and names the first position that does not fit; [`verify_against`] compares the
//!   chain with the heads that [`HeadKeeper`] signs each hour; [`evidence`] is what an outsider needs to do the same;
//!   [`consistency`] proves that a newer signed head extends an older one.
//! - [`PgHistory`] says what an order or a report was at any point, and what led to what.

mod backlog;
mod chain;
mod commands;
mod consistency;
mod evidence;
mod head;
mod head_mail;
mod heads;
mod history;
mod inbox;
mod leaf;
mod leaf_json;
mod load;
mod proof;
mod reader;
mod repository;
mod sealer;
mod signature;
mod snapshots;
mod upcast;
mod verify;

pub use backlog::Backlog;
pub use commands::PgCommands;
pub use consistency::{Consistency, consistency};
pub use evidence::{Evidence, Inclusion, Link, ProvenEvent, Segment, evidence};
pub use head::{follow_head, sealed_head};
pub use head_mail::{HeadPost, mail_head};
pub use heads::{FOLDER as HEADS, HeadError, HeadKeeper, SignedHead, copy_heads, sign_head, signed_heads};
pub use history::PgHistory;
pub use reader::{PgLog, StoredEvent};
pub use sealer::Sealer;
pub use signature::{AuditKey, BadKey, PublicKey};
pub use snapshots::keep_snapshots;
pub use verify::{
    Against, BadReached, Flaw, OrderVerified, Pace, Part, Reached, Unverified, Verified, verify, verify_against,
    verify_order, verify_part,
};
