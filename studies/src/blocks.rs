//! What the block lists of the studies are written with: the usual scopes, and a block as one line of a table.

use domain::fact::ScopeKind::{self, Com, Dep, Epci, Sim};
use narrative::{BlockKind, BlockSpec};

/// The commune alone.
pub const OWN: &[ScopeKind] = &[Com];
/// The commune and the territories around it.
pub const NEAR: &[ScopeKind] = &[Com, Epci, Dep];
/// These, and the median of comparable communes.
pub const ALL: &[ScopeKind] = &[Com, Epci, Dep, Sim];

/// Indicators of a block, each with its scopes.
type Facts = &'static [(&'static str, &'static [ScopeKind])];

/// One line of the table.
pub const fn block(
    id: &'static str,
    kind: BlockKind,
    page: u32,
    max_chars: usize,
    facts: Facts,
    mandatory: &'static [&'static str],
) -> BlockSpec {
    BlockSpec { id, kind, page, max_chars, facts, mandatory }
}
