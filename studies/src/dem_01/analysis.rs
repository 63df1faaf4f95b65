//! The blocks of DEM-01 that are written in words.

use domain::fact::ScopeKind::{self, Com, Dep, Epci, Sim};
use narrative::BlockKind::{self, Keep, Lede, Text, Title};
use narrative::BlockSpec;

const OWN: &[ScopeKind] = &[Com];
const ALL: &[ScopeKind] = &[Com, Epci, Dep, Sim];

/// Figures that count as key figures.
pub const KEYS: &[&str] = &["dem.pop", "dem.tcam", "dem.vieillissement", "dem.taille_men", "dem.seul", "dem.monop"];

const fn block(
    id: &'static str,
    kind: BlockKind,
    page: u32,
    max_chars: usize,
    facts: &'static [(&'static str, &'static [ScopeKind])],
) -> BlockSpec {
    BlockSpec { id, kind, page, max_chars, facts, mandatory: &[] }
}

/// In reading order.
#[rustfmt::skip]
pub const BLOCKS: &[BlockSpec] = &[
    block("p3.titre", Title, 3, 90, &[("dem.tcam", ALL), ("dem.pop", OWN)]),
    block("p3.lede", Lede, 3, 280, &[("dem.pop", OWN), ("dem.tcam", ALL)]),
    block("p3.commentaire", Text, 3, 320, &[("dem.solde_nat", ALL), ("dem.solde_mig", ALL)]),
    block("p3.retenir", Keep, 3, 260, &[("dem.pop", OWN), ("dem.tcam", OWN)]),
    block("p4.titre", Title, 4, 90, &[("dem.vieillissement", ALL)]),
    block("p4.lede", Lede, 4, 280, &[("dem.vieillissement", ALL), ("dem.part_80p", ALL)]),
    block("p4.commentaire", Text, 4, 320, &[("dem.dependance", ALL), ("dem.part_80p", ALL)]),
    block("p4.retenir", Keep, 4, 260, &[("dem.vieillissement", OWN), ("dem.part_80p", OWN)]),
];
