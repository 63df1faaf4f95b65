//! The blocks of LOG-01 that are written in words: what each may cite and how long it may be.

use domain::fact::ScopeKind::{self, Com, Dep, Epci, Sim};

use narrative::{BlockKind, BlockSpec};

const OWN: &[ScopeKind] = &[Com];
const NEAR: &[ScopeKind] = &[Com, Epci, Dep];
const ALL: &[ScopeKind] = &[Com, Epci, Dep, Sim];

const fn block(
    id: &'static str,
    kind: BlockKind,
    page: u32,
    max_chars: usize,
    facts: &'static [(&'static str, &'static [ScopeKind])],
    mandatory: &'static [&'static str],
) -> BlockSpec {
    BlockSpec { id, kind, page, max_chars, facts, mandatory }
}

use BlockKind::{Keep, Lede, Text, Title};

/// In reading order. A table, laid out as one.
#[rustfmt::skip]
pub const BLOCKS: &[BlockSpec] = &[
    block("p3.titre", Title, 3, 90, &[("log.n", OWN), ("dem.pop", OWN), ("lov.tx", OWN), ("log.tx_vac", OWN)], &[]),
    block(
        "p3.lede", Lede, 3, 280,
        &[("dem.pop", OWN), ("log.n", OWN), ("log.tx_rp", NEAR), ("zon.abc", OWN), ("dem.menages", OWN)],
        &["log.n", "dem.pop"],
    ),
    block("p3.synthese1", Text, 3, 220, &[("log.tx_rp", ALL), ("log.tx_rs", ALL), ("log.n", OWN)], &["log.tx_rp"]),
    block(
        "p3.synthese2", Text, 3, 220,
        &[("log.proprio", ALL), ("log.loc_prive", ALL), ("log.loc_hlm", ALL), ("rpl.tx", NEAR), ("rpl.n", OWN)],
        &["log.proprio"],
    ),
    block("p3.synthese3", Text, 3, 220, &[("lov.tx", ALL), ("lov.tx2", ALL), ("log.tx_vac", ALL)], &["lov.tx", "log.tx_vac"]),
    block(
        "p3.synthese4", Text, 3, 220,
        &[("dvf.med[appt]", NEAR), ("dvf.med[mais]", NEAR), ("ani.loyer[appt]", NEAR), ("zon.abc", OWN)],
        &["dvf.med[appt]", "dvf.med[mais]", "ani.loyer[appt]"],
    ),
    block(
        "p3.retenir", Keep, 3, 260,
        &[("log.tx_rp", OWN), ("lov.tx", OWN), ("log.tx_vac", OWN), ("dvf.med[appt]", OWN), ("log.loc_hlm", OWN), ("log.proprio", OWN)],
        &[],
    ),
    block("p4.titre", Title, 4, 90, &[("lov.tx", OWN), ("lov.tx2", OWN), ("log.tx_vac", OWN), ("lov.vac", OWN)], &["lov.tx", "log.tx_vac"]),
    block("p4.lede", Lede, 4, 280, &[("lov.tx", ALL), ("log.tx_vac", NEAR), ("lov.vac", OWN), ("lov.parc", OWN)], &["lov.tx", "log.tx_vac"]),
    block("p4.commentaire", Text, 4, 320, &[("lov.tx2", ALL), ("lov.part2", ALL), ("lov.vac2", OWN), ("log.tx_vac", NEAR)], &["lov.tx2"]),
    block("p4.retenir", Keep, 4, 260, &[("lov.tx", NEAR), ("lov.tx2", NEAR), ("log.tx_vac", NEAR), ("lov.vac2", OWN)], &[]),
    block("p5.titre", Title, 5, 90, &[("dvf.med[appt]", OWN), ("dvf.med[mais]", OWN), ("ani.loyer[appt]", OWN), ("zon.abc", OWN)], &[]),
    block(
        "p5.lede", Lede, 5, 280,
        &[("dvf.med[appt]", NEAR), ("dvf.med[mais]", NEAR), ("zon.abc", OWN), ("ani.loyer[appt]", OWN)],
        &["dvf.med[appt]", "dvf.med[mais]", "ani.loyer[appt]"],
    ),
    block(
        "p5.prix", Text, 5, 320,
        &[("dvf.n[appt]", OWN), ("dvf.n[mais]", OWN), ("dvf.q1[appt]", OWN), ("dvf.q3[appt]", OWN), ("dvf.q1[mais]", OWN),
          ("dvf.q3[mais]", OWN), ("dvf.med[appt]", NEAR), ("dvf.med[mais]", NEAR)],
        &["dvf.n[appt]", "dvf.n[mais]"],
    ),
    block(
        "p5.loyers", Text, 5, 320,
        &[("ani.loyer[appt]", NEAR), ("ani.loyer[maison]", NEAR), ("ani.loyer[t1t2]", OWN), ("ani.loyer[t3p]", OWN), ("zon.abc", OWN)],
        &["ani.loyer[appt]", "ani.loyer[maison]"],
    ),
    block(
        "p5.retenir", Keep, 5, 260,
        &[("dvf.med[appt]", OWN), ("dvf.med[mais]", OWN), ("ani.loyer[appt]", OWN), ("ani.loyer[maison]", OWN), ("zon.abc", OWN)],
        &[],
    ),
];
