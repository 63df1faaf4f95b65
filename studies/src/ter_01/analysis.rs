//! The blocks of TER-01 that are written in words: what each may cite and how long it may be.

use domain::fact::ScopeKind::{Com, Sim};
use narrative::{BlockKind, BlockSpec};

use crate::blocks::{ALL, NEAR, OWN, block};

/// Figures that count as key figures of the portrait.
pub const KEYS: &[&str] = &[
    "dem.pop",
    "dem.tcam",
    "dem.vieillissement",
    "dem.taille_men",
    "dem.seul",
    "fil.med",
    "log.n",
    "log.tx_rs",
    "log.proprio",
    "lov.tx2",
    "dvf.med[appt]",
    "dvf.med[mais]",
    "ani.loyer[appt]",
    "zon.abc",
    "geo.densite",
    "rpl.n",
];

use BlockKind::{Keep, Lede, Text, Title};

/// In reading order. A table, laid out as one.
#[rustfmt::skip]
pub const BLOCKS: &[BlockSpec] = &[
    block("p3.titre", Title, 3, 90, &[("dem.pop", ALL), ("dem.tcam", ALL), ("geo.densite", ALL)], &["dem.pop"]),
    block("p3.lede", Lede, 3, 280, &[("dem.pop", OWN), ("geo.densite", NEAR), ("dem.tcam", NEAR), ("log.n", OWN)], &["dem.pop"]),
    block("p3.synthese1", Text, 3, 240, &[("dem.tcam", ALL), ("dem.vieillissement", ALL), ("dem.taille_men", ALL)], &["dem.tcam"]),
    block("p3.synthese2", Text, 3, 240, &[("fil.med", ALL), ("fil.tp60", ALL)], &["fil.med"]),
    block("p3.synthese3", Text, 3, 240, &[("log.proprio", ALL), ("log.tx_rs", ALL), ("lov.tx2", ALL), ("log.tx_vac", ALL)], &["log.proprio"]),
    block("p3.synthese4", Text, 3, 240, &[("dvf.med[mais]", NEAR), ("dvf.med[appt]", NEAR), ("ani.loyer[appt]", NEAR), ("bpe.n", OWN)], &[]),
    block("p3.retenir", Keep, 3, 260, &[("dem.pop", OWN), ("fil.med", OWN), ("log.n", OWN), ("log.proprio", OWN)], &[]),
    block("p4.titre", Title, 4, 90, &[("geo.densite", ALL), ("geo.superficie", ALL), ("dem.pop", ALL)], &[]),
    block("p4.lede", Lede, 4, 280, &[("geo.superficie", OWN), ("geo.densite", NEAR), ("geo.rang_pop", OWN), ("dem.pop", NEAR)], &["geo.densite", "dem.pop"]),
    block("p4.commentaire", Text, 4, 320, &[("geo.densite", ALL), ("dem.pop", OWN), ("geo.superficie", OWN)], &[]),
    block("p4.retenir", Keep, 4, 260, &[("geo.densite", OWN), ("geo.superficie", OWN), ("dem.pop", OWN)], &[]),
    block("p5.titre", Title, 5, 90, &[("dem.tcam", ALL), ("dem.pop", ALL)], &["dem.tcam", "dem.pop"]),
    block("p5.lede", Lede, 5, 280, &[("dem.tcam", NEAR), ("dem.pop", OWN), ("dem.evol_abs", OWN)], &["dem.tcam", "dem.pop"]),
    block("p5.commentaire", Text, 5, 320, &[("dem.solde_nat", ALL), ("dem.solde_mig", ALL), ("dem.tcam", ALL)], &["dem.solde_nat", "dem.tcam"]),
    block("p5.retenir", Keep, 5, 260, &[("dem.tcam", OWN), ("dem.solde_nat", OWN), ("dem.solde_mig", OWN)], &[]),
    block("p6.titre", Title, 6, 90, &[("dem.vieillissement", ALL), ("dem.part_80p", ALL)], &[]),
    block("p6.lede", Lede, 6, 280, &[("dem.vieillissement", NEAR), ("dem.part_80p", NEAR), ("dem.dependance", OWN)], &["dem.vieillissement"]),
    block("p6.commentaire", Text, 6, 320, &[("dem.part_80p", ALL), ("dem.dependance", ALL), ("dem.age[0014]", ALL), ("dem.age[75p]", ALL)], &[]),
    block("p6.retenir", Keep, 6, 260, &[("dem.vieillissement", OWN), ("dem.part_80p", OWN), ("dem.dependance", OWN)], &[]),
    block("p7.titre", Title, 7, 90, &[("dem.taille_men", ALL), ("dem.seul", ALL)], &[]),
    block("p7.lede", Lede, 7, 280, &[("dem.taille_men", NEAR), ("dem.seul", NEAR), ("dem.menages", OWN)], &["dem.taille_men", "dem.seul"]),
    block("p7.commentaire", Text, 7, 320, &[("dem.seul", ALL), ("dem.monop", ALL), ("dem.ind_cadres", OWN)], &[]),
    block("p7.retenir", Keep, 7, 260, &[("dem.taille_men", OWN), ("dem.seul", OWN), ("dem.monop", OWN)], &[]),
    block("p8.titre", Title, 8, 90, &[("fil.med", ALL), ("fil.tp60", ALL)], &["fil.med"]),
    block("p8.lede", Lede, 8, 280, &[("fil.med", NEAR), ("fil.tp60", NEAR), ("fil.d9d1", OWN)], &["fil.med"]),
    block("p8.commentaire", Text, 8, 320, &[("fil.tp60", ALL), ("fil.d9d1", ALL), ("fil.med", ALL)], &[]),
    block("p8.retenir", Keep, 8, 260, &[("fil.med", OWN), ("fil.tp60", OWN), ("fil.d9d1", OWN)], &[]),
    block("p9.titre", Title, 9, 90, &[("log.proprio", ALL), ("log.tx_rp", ALL), ("log.n", ALL)], &[]),
    block("p9.lede", Lede, 9, 280, &[("log.n", OWN), ("log.tx_rp", NEAR), ("log.tx_rs", NEAR)], &["log.tx_rp"]),
    block("p9.commentaire", Text, 9, 320, &[("log.proprio", ALL), ("log.loc_hlm", ALL), ("lov.tx2", ALL), ("rpl.tx", NEAR)], &["log.proprio"]),
    block("p9.retenir", Keep, 9, 260, &[("log.tx_rp", OWN), ("log.proprio", OWN), ("lov.tx2", OWN)], &[]),
    block("p10.titre", Title, 10, 90, &[("dvf.med[appt]", ALL), ("dvf.med[mais]", ALL), ("ani.loyer[appt]", ALL)], &[]),
    block("p10.lede", Lede, 10, 280, &[("dvf.med[mais]", NEAR), ("dvf.med[appt]", NEAR), ("ani.loyer[appt]", NEAR)], &["dvf.med[appt]", "dvf.med[mais]", "ani.loyer[appt]"]),
    block("p10.commentaire", Text, 10, 320, &[("ani.loyer[appt]", ALL), ("ani.loyer[maison]", ALL), ("sit.moy5", OWN), ("sit.tx", ALL)], &[]),
    block("p10.retenir", Keep, 10, 260, &[("dvf.med[appt]", OWN), ("dvf.med[mais]", OWN), ("ani.loyer[appt]", OWN), ("sit.moy5", OWN)], &[]),
    block("p11.titre", Title, 11, 90, &[("bpe.gamme[prox]", ALL), ("bpe.n", ALL)], &[]),
    block("p11.lede", Lede, 11, 280, &[("bpe.gamme[prox]", NEAR), ("bpe.gamme[inter]", NEAR), ("bpe.gamme[sup]", NEAR), ("bpe.n", OWN)], &[]),
    block("p11.commentaire", Text, 11, 320, &[("rpp.dens[mg]", ALL), ("rpp.acc10[mg]", OWN), ("bpe.gamme[inter]", ALL)], &[]),
    block("p11.retenir", Keep, 11, 260, &[("bpe.gamme[prox]", OWN), ("rpp.dens[mg]", OWN), ("bpe.n", OWN)], &[]),
    block("p12.titre", Title, 12, 90, &[("dem.tcam", ALL), ("fil.med", ALL), ("log.proprio", ALL), ("log.tx_vac", ALL)], &[]),
    block("p12.lede", Lede, 12, 280, &[("fil.med", &[Com, Sim]), ("log.proprio", &[Com, Sim]), ("dem.tcam", &[Com, Sim])], &[]),
    block("p12.retenir", Keep, 12, 260, &[("log.tx_vac", OWN), ("fil.med", OWN), ("dem.tcam", OWN)], &[]),
    block("p13.titre", Title, 13, 90, &[("dem.vieillissement", ALL), ("lov.tx2", ALL), ("log.tx_rs", ALL), ("log.tx_vac", ALL)], &[]),
    block("p13.lede", Lede, 13, 280, &[("dem.vieillissement", &[Com, Sim]), ("log.tx_vac", &[Com, Sim]), ("log.tx_rs", &[Com, Sim])], &[]),
    block("p13.retenir", Keep, 13, 260, &[("log.tx_rs", OWN), ("log.tx_vac", OWN), ("dem.vieillissement", OWN)], &[]),
];
