//! The event store on PostgreSQL: `cqrs-es` and `postgres-es` behind our own append, and one order over all streams.
//!
//! - [`PgCommands`] executes commands: load, decide, append in one statement, once per command id.
//! - [`Sealer`] gives each committed event its gapless position and its leaf hash; exactly one process seals at a time.
//! - [`PgLog`] reads sealed events in that order; [`follow_head`] says when there are more.
//! - [`verify`] recomputes every hash and names the first position that does not fit.

mod chain;
mod commands;
mod head;
mod inbox;
mod leaf;
mod load;
mod reader;
mod repository;
mod sealer;
mod snapshots;
mod upcast;
mod verify;

pub use commands::PgCommands;
pub use head::{follow_head, sealed_head};
pub use reader::{PgLog, StoredEvent};
pub use sealer::Sealer;
pub use snapshots::keep_snapshots;
pub use verify::{Flaw, Unverified, Verified, verify};
