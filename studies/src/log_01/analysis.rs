//! The blocks of LOG-01 that are written in words: what each may cite and how long it may be.

use domain::fact::ScopeKind::{self, Dep};
use narrative::{BlockKind, BlockSpec};

use crate::blocks::{ALL, NEAR, OWN, block};

const WIDER: &[ScopeKind] = &[Dep];

/// Figures that count as key figures of the diagnosis.
pub const KEYS: &[&str] = &[
    "dem.pop",
    "dem.tcam",
    "dem.taille_men",
    "fil.med",
    "log.n",
    "log.tx_rp",
    "log.tx_vac",
    "log.proprio",
    "log.maison",
    "lov.tx",
    "rpl.n",
    "sit.moy5",
    "zon.abc",
    "ani.loyer[appt]",
    "dvf.med[appt]",
    "dvf.med[mais]",
];

/// The sentences of the synthesis, each about a subject of its own.
pub const FINDINGS: [&str; 5] = ["p3.synthese1", "p3.synthese2", "p3.synthese3", "p3.synthese4", "p3.synthese5"];

use BlockKind::{Keep, Lede, Text, Title};

/// In reading order. A table, laid out as one.
#[rustfmt::skip]
pub const BLOCKS: &[BlockSpec] = &[
    block("p3.titre", Title, 3, 90, &[("log.n", ALL), ("dem.pop", ALL), ("log.tx_vac", ALL)], &["log.n", "dem.pop"]),
    block("p3.lede", Lede, 3, 280, &[("log.n", OWN), ("dem.pop", OWN), ("log.tx_rp", NEAR), ("dem.menages", OWN)], &["log.n", "dem.pop"]),
    block("p3.synthese1", Text, 3, 200, &[("dem.tcam", ALL), ("dem.taille_men", ALL), ("dem.seul", ALL)], &["dem.tcam", "dem.taille_men"]),
    block("p3.synthese2", Text, 3, 200, &[("log.proprio", ALL), ("log.loc_hlm", ALL), ("log.loc_prive", ALL), ("log.tx_rs", ALL)], &["log.proprio"]),
    block("p3.synthese3", Text, 3, 200, &[("lov.tx2", ALL), ("log.tx_vac", ALL), ("lov.tx", ALL)], &["lov.tx2", "log.tx_vac"]),
    block("p3.synthese4", Text, 3, 200, &[("dvf.med[appt]", NEAR), ("dvf.med[mais]", NEAR), ("ani.loyer[appt]", NEAR), ("fil.med", ALL)], &["dvf.med[appt]", "dvf.med[mais]", "ani.loyer[appt]", "fil.med"]),
    block("p3.synthese5", Text, 3, 200, &[("sit.tx", ALL), ("rpl.tx", ALL), ("sit.moy5", OWN)], &["sit.tx", "rpl.tx"]),
    block("p3.retenir", Keep, 3, 260, &[("log.n", OWN), ("log.tx_rp", OWN), ("log.proprio", OWN), ("log.tx_vac", OWN)], &[]),

    block("p4.titre", Title, 4, 90, &[("dem.tcam", ALL), ("dem.pop", ALL)], &["dem.tcam", "dem.pop"]),
    block("p4.lede", Lede, 4, 280, &[("dem.tcam", NEAR), ("dem.pop", OWN), ("dem.evol_abs", OWN)], &["dem.tcam", "dem.pop"]),
    block("p4.commentaire", Text, 4, 320, &[("dem.solde_mig", ALL), ("dem.solde_nat", ALL), ("dem.d_taille", ALL), ("dem.tcam_prec", ALL)], &["dem.solde_mig", "dem.solde_nat"]),
    block("p4.retenir", Keep, 4, 260, &[("dem.tcam", OWN), ("dem.solde_nat", OWN), ("dem.solde_mig", OWN)], &[]),

    block("p5.titre", Title, 5, 90, &[("dem.taille_men", ALL), ("dem.seul", ALL), ("dem.menages", ALL)], &["dem.taille_men"]),
    block("p5.lede", Lede, 5, 280, &[("dem.taille_men", NEAR), ("dem.seul", NEAR), ("dem.menages", OWN)], &["dem.taille_men", "dem.seul"]),
    block("p5.commentaire", Text, 5, 320, &[("dem.seul", ALL), ("log.p12", ALL), ("dem.couple_enf", ALL), ("dem.part_80p", ALL)], &["dem.seul"]),
    block("p5.retenir", Keep, 5, 260, &[("dem.taille_men", OWN), ("dem.seul", OWN), ("dem.age[75p]", OWN)], &[]),

    block("p6.titre", Title, 6, 90, &[("fil.med", ALL), ("fil.tp60", ALL)], &["fil.med"]),
    block("p6.lede", Lede, 6, 280, &[("fil.med", NEAR), ("fil.tp60", NEAR), ("fil.d9d1", OWN)], &["fil.med"]),
    block("p6.commentaire", Text, 6, 320, &[("fil.tp60", ALL), ("fil.tp60_loc", ALL), ("fil.d9d1", ALL), ("fil.impo", ALL)], &["fil.tp60"]),
    block("p6.retenir", Keep, 6, 260, &[("fil.med", OWN), ("fil.tp60", OWN), ("fil.d9d1", OWN)], &[]),

    block("p7.titre", Title, 7, 90, &[("log.tx_rp", ALL), ("log.n", ALL)], &["log.tx_rp", "log.n"]),
    block("p7.lede", Lede, 7, 280, &[("log.tx_rp", NEAR), ("log.n", OWN), ("log.tcam", NEAR)], &["log.tx_rp", "log.n"]),
    block("p7.commentaire", Text, 7, 320, &[("log.tx_rs", ALL), ("log.tx_vac", ALL), ("log.tcam", ALL)], &["log.tx_rs"]),
    block("p7.retenir", Keep, 7, 260, &[("log.n", OWN), ("log.tx_rp", OWN), ("log.tx_rs", OWN)], &[]),

    block("p8.titre", Title, 8, 90, &[("log.maison", ALL), ("log.appart", ALL), ("log.t5p", ALL)], &["log.maison"]),
    block("p8.lede", Lede, 8, 280, &[("log.maison", NEAR), ("log.t1t2", NEAR), ("log.t5p", NEAR)], &["log.maison"]),
    block("p8.commentaire", Text, 8, 320, &[("log.av1946", ALL), ("log.t5p", ALL), ("log.av1971", ALL)], &["log.av1946", "log.t5p"]),
    block("p8.retenir", Keep, 8, 260, &[("log.maison", OWN), ("log.t5p", OWN), ("log.av1946", OWN)], &[]),

    block("p9.titre", Title, 9, 90, &[("log.t1t2", ALL), ("log.suroccup", ALL), ("log.p12", ALL)], &["log.t1t2"]),
    block("p9.lede", Lede, 9, 280, &[("log.t1t2", NEAR), ("log.p12", NEAR), ("log.ecart_taille", NEAR)], &["log.t1t2"]),
    block("p9.commentaire", Text, 9, 320, &[("log.suroccup", ALL), ("log.ecart_taille", ALL), ("log.t5p", ALL)], &["log.suroccup", "log.ecart_taille"]),
    block("p9.retenir", Keep, 9, 260, &[("log.p12", OWN), ("log.t1t2", OWN), ("log.suroccup", OWN)], &[]),

    block("p10.titre", Title, 10, 90, &[("log.proprio", ALL), ("log.loc_hlm", ALL), ("log.loc_prive", ALL)], &["log.proprio"]),
    block("p10.lede", Lede, 10, 280, &[("log.proprio", NEAR), ("log.loc_prive", NEAR), ("log.loc_hlm", NEAR)], &["log.proprio"]),
    block("p10.commentaire", Text, 10, 320, &[("log.loc_prive", ALL), ("log.loc_hlm", ALL), ("log.emm2", ALL), ("log.emm10p", ALL)], &["log.loc_prive", "log.emm2"]),
    block("p10.retenir", Keep, 10, 260, &[("log.proprio", OWN), ("log.loc_prive", OWN), ("log.loc_hlm", OWN)], &[]),

    block("p11.titre", Title, 11, 90, &[("lov.tx", ALL), ("lov.tx2", ALL), ("log.tx_vac", ALL)], &["lov.tx", "log.tx_vac"]),
    block("p11.lede", Lede, 11, 280, &[("lov.tx", NEAR), ("log.tx_vac", NEAR), ("lov.vac", OWN)], &["lov.tx", "log.tx_vac"]),
    block("p11.commentaire", Text, 11, 320, &[("lov.tx2", ALL), ("lov.part2", ALL), ("log.tx_vac", ALL)], &["lov.tx2", "log.tx_vac"]),
    block("p11.retenir", Keep, 11, 260, &[("lov.tx", OWN), ("lov.tx2", OWN), ("lov.vac2", OWN), ("log.tx_vac", OWN)], &[]),

    block("p12.titre", Title, 12, 100, &[("rpl.n", ALL), ("rpl.tx", ALL)], &["rpl.n", "rpl.tx"]),
    block("p12.lede", Lede, 12, 280, &[("rpl.tx", NEAR), ("rpl.n", OWN), ("rpl.loyer", NEAR)], &["rpl.tx", "rpl.n"]),
    block("p12.commentaire", Text, 12, 320, &[("rpl.vac", ALL), ("rpl.mob", ALL), ("rpl.loyer", ALL), ("rpl.fin[PLAI]", ALL)], &["rpl.vac", "rpl.mob"]),
    block("p12.retenir", Keep, 12, 260, &[("rpl.n", OWN), ("rpl.tx", OWN), ("rpl.vac", OWN)], &[]),

    block("p13.titre", Title, 13, 90, &[("dpe.fg", ALL), ("log.av1971", ALL)], &["dpe.fg", "log.av1971"]),
    block("p13.lede", Lede, 13, 280, &[("dpe.fg", OWN), ("dpe.n", OWN), ("log.av1971", NEAR)], &["dpe.fg", "log.av1971"]),
    block("p13.commentaire", Text, 13, 320, &[("log.av1971", ALL), ("dpe.conso", OWN), ("dpe.ges", OWN), ("log.av1946", ALL)], &["log.av1971"]),
    block("p13.retenir", Keep, 13, 260, &[("dpe.fg", OWN), ("log.av1971", OWN), ("dpe.n", OWN)], &[]),

    block("p14.titre", Title, 14, 90, &[("sit.moy5", ALL), ("sit.tx", ALL)], &["sit.moy5"]),
    block("p14.lede", Lede, 14, 280, &[("sit.tx", NEAR), ("sit.moy5", OWN), ("sit.moy10", OWN)], &["sit.tx", "sit.moy5"]),
    block("p14.commentaire", Text, 14, 320, &[("sit.part_coll", ALL), ("sit.delai", ALL), ("sit.transfo", ALL), ("sit.par1000", ALL)], &["sit.part_coll", "sit.par1000"]),
    block("p14.retenir", Keep, 14, 260, &[("sit.moy5", OWN), ("sit.tx", OWN), ("sit.part_coll", OWN)], &[]),

    block("p15.titre", Title, 15, 90, &[("bes.pm", ALL), ("bes.effet_demo", ALL), ("bes.pm_an", ALL)], &["bes.pm"]),
    block("p15.lede", Lede, 15, 280, &[("bes.pm", OWN), ("bes.effet_demo", OWN), ("bes.pm_an", OWN)], &["bes.pm"]),
    block("p15.commentaire", Text, 15, 320, &[("bes.desserr", OWN), ("bes.renouv", OWN), ("bes.vacance", OWN), ("bes.pm_par1000", NEAR)], &["bes.desserr"]),
    block("p15.retenir", Keep, 15, 260, &[("bes.pm", OWN), ("bes.desserr", OWN), ("bes.effet_demo", OWN)], &[]),

    block("p16.titre", Title, 16, 90, &[("dvf.med[appt]", ALL), ("dvf.med[mais]", ALL)], &["dvf.med[appt]", "dvf.med[mais]"]),
    block("p16.lede", Lede, 16, 280, &[("dvf.med[appt]", NEAR), ("dvf.med[mais]", NEAR)], &["dvf.med[appt]", "dvf.med[mais]"]),
    block("p16.commentaire", Text, 16, 320, &[("dvf.rotation", ALL), ("dvf.evol5[appt]", NEAR), ("dvf.evol5[mais]", NEAR), ("dvf.n[appt]", OWN), ("dvf.n[mais]", OWN)], &["dvf.rotation", "dvf.n[appt]", "dvf.n[mais]"]),
    block("p16.retenir", Keep, 16, 260, &[("dvf.med[appt]", OWN), ("dvf.med[mais]", OWN), ("dvf.rotation", OWN)], &[]),

    block("p17.titre", Title, 17, 90, &[("ani.loyer[appt]", ALL), ("ani.loyer[maison]", ALL), ("zon.abc", ALL)], &["ani.loyer[appt]", "ani.loyer[maison]"]),
    block("p17.lede", Lede, 17, 280, &[("ani.loyer[appt]", NEAR), ("ani.loyer[maison]", NEAR), ("zon.abc", OWN)], &["ani.loyer[appt]", "ani.loyer[maison]"]),
    block("p17.commentaire", Text, 17, 320, &[("ani.loyer[t1t2]", ALL), ("ani.loyer[t3p]", ALL), ("ani.loyer[maison]", ALL)], &["ani.loyer[t1t2]", "ani.loyer[maison]"]),
    block("p17.retenir", Keep, 17, 260, &[("ani.loyer[appt]", OWN), ("ani.loyer[maison]", OWN), ("zon.abc", OWN)], &[]),

    block("p18.titre", Title, 18, 90, &[("aff.loyer[couple]", ALL), ("aff.m2[couple]", ALL), ("aff.mois_m2", ALL), ("fil.med", ALL)], &["aff.loyer[couple]", "aff.m2[couple]"]),
    block("p18.lede", Lede, 18, 280, &[("aff.loyer[solo]", NEAR), ("aff.m2[couple]", NEAR), ("aff.loyer[couple]", NEAR)], &["aff.loyer[solo]", "aff.m2[couple]"]),
    block("p18.commentaire", Text, 18, 320, &[("aff.m2[couple]", NEAR), ("aff.m2[famille]", NEAR), ("aff.mois_m2", NEAR), ("aff.loyer[famille]", NEAR)], &["aff.m2[couple]", "aff.loyer[famille]"]),
    block("p18.retenir", Keep, 18, 260, &[("aff.loyer[solo]", OWN), ("aff.loyer[famille]", OWN), ("aff.m2[couple]", OWN)], &[]),

    block("p19.titre", Title, 19, 90, &[("dvf.terrain", ALL), ("cad.surf_mediane", ALL), ("dvf.terrain_n", ALL)], &["dvf.terrain", "cad.surf_mediane"]),
    block("p19.lede", Lede, 19, 280, &[("dvf.terrain", NEAR), ("dvf.terrain_n", OWN), ("cad.surf_mediane", OWN)], &["dvf.terrain", "cad.surf_mediane"]),
    block("p19.commentaire", Text, 19, 320, &[("cad.part_grandes", OWN), ("cad.surf_mediane", OWN), ("dvf.terrain_n", NEAR), ("cad.nb", OWN)], &[]),
    block("p19.retenir", Keep, 19, 260, &[("dvf.terrain", OWN), ("dvf.terrain_n", OWN), ("cad.part_grandes", OWN)], &[]),

    block("p20.titre", Title, 20, 90, &[("bes.pm_par1000", ALL), ("dem.tcam", ALL), ("bes.pm_an", ALL)], &[]),
    block("p20.lede", Lede, 20, 280, &[("bes.pm_an", OWN), ("bes.pm_par1000", NEAR), ("pro.evol", WIDER), ("dem.tcam", NEAR)], &["bes.pm_par1000"]),
    block("p20.commentaire", Text, 20, 320, &[("dem.vieillissement", ALL), ("dem.taille_men", ALL), ("pro.part65", WIDER)], &[]),
    block("p20.retenir", Keep, 20, 260, &[("bes.pm_an", OWN), ("dem.vieillissement", OWN), ("dem.tcam", OWN)], &[]),
];
