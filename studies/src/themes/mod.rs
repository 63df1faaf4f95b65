//! What studies collect, theme by theme: the queries of each, and its facts as a pure function of what they returned.
//! A study chooses among the facts; a formula, a query and a threshold exist once, whichever studies print them.
//!
//! Ids are `indicator@scope`, with a year in brackets for series: `lov.tx@com`, `lov.tx[2020]@com`,
//! `dvf.med[appt]@com` (last year, or three or five years together when sales are few: see `period`),
//! `dvf.med[appt-2024]@com`. Every indicator without a year exists at all six scopes named below, so that a page may
//! ask for it without looking first; what has no figure there is `missing` or `not_applicable` with its note.
//!
//! | indicators | scopes | years |
//! |---|---|---|
//! | `dem.pop` `dem.menages` | com epci dep reg fr | `dem.pop` com epci dep since 1968 |
//! | `log.n` `log.rp` `log.rs` `log.vac` `log.loc_prive_n` | com epci dep reg fr | but the last: censuses, com epci dep |
//! | `log.tx_rp` `log.tx_rs` `log.tx_vac` | com epci dep reg fr sim | censuses, com epci dep |
//! | `log.tcam` `log.maison` `log.appart` `log.proprio` `log.loc_prive` `log.loc_hlm` `log.gratuit` `log.pieces[1\|2\|3\|4\|5p]` `log.t1t2` `log.t5p` `log.achev[av1919\|1919-45\|1946-70\|1971-90\|1991-2005\|2006p]` `log.av1946` `log.av1971` `log.emm2` `log.emm10p` `log.suroccup` `log.p12` `log.ecart_taille` | com epci dep reg fr sim | |
//! | `rpl.n` `rpl.neufs` | com epci dep reg fr | |
//! | `rpl.tx` `rpl.vac` `rpl.vac3` `rpl.mob` `rpl.loyer` `rpl.age` `rpl.fin[PLAI\|PLUS\|PLS\|autres]` `rpl.t1t2` `rpl.dpe_efg` | com epci dep reg fr sim | |
//! | `sit.aut` `sit.com` | | whole years, com epci dep |
//! | `sit.moy5` `sit.moy10` `sit.demol` | com epci dep reg fr | |
//! | `sit.tx` `sit.par1000` `sit.part_coll` `sit.transfo` `sit.delai` | com epci dep reg fr sim | |
//! | `bes.construits` `bes.renouv` `bes.vacance` `bes.desserr` `bes.pm` `bes.pm_an` `bes.effet_demo` `bes.pm_par1000` | com epci dep reg fr | |
//! | `dvf.prix_med` `dvf.surf_med` `[appt\|mais]`, `dvf.volume` `dvf.terrain` `dvf.terrain_n` | com epci dep reg fr | |
//! | `dvf.rotation` `dvf.part_vefa` | com epci dep reg fr sim | |
//! | `aff.taux` `aff.duree` `aff.apport` `aff.frais` `aff.effort` (com), `aff.loyer` `aff.m2` `[solo\|couple\|famille]`, `aff.mois_m2`, `ren.brut[appt\|mais]` | com epci dep reg fr | |
//! | `lov.evol2` `sru.concernee` `cad.nb` `cad.surf_mediane` `cad.part_grandes` | com | |
//! | `dem.pop_y5` `dem.pop_y10` `dem.evol_abs` | com epci dep reg fr | |
//! | `dem.tcam` `dem.tcam_prec` `dem.accel` `dem.solde_nat` `dem.solde_mig` `dem.age[0014\|1529\|3044\|4559\|6074\|75p]` | com epci dep reg fr sim | |
//! | `dem.vieillissement` `dem.part_80p` `dem.dependance` `dem.taille_men` `dem.d_taille` `dem.seul` `dem.monop` `dem.couple_enf` `dem.fam3` `dem.csp[1…8]` `dem.ind_cadres` | com epci dep reg fr sim | |
//! | `fil.med` `fil.d1` `fil.d9` `fil.d9d1` `fil.tp60` `fil.tp60_loc` `fil.impo` `fil.pps` `fil.ppen` | com epci dep reg fr sim | |
//! | `pro.pop` `pro.haut` `pro.bas` `pro.evol` `pro.part65` `pro.fourchette` | dep reg | base and ends of decades to 2050 |
//! | `caf.alloc` `caf.pers` (com), `caf.couv` `caf.rsa` `caf.ppa` `caf.aah` `caf.al` `caf.monop`, `adp.apa` `adp.apa_dom` `adp.pch` (dep), where loaded | com epci dep reg fr sim | |
//! | `lov.parc` `lov.vac` `lov.vac2` `lov.tx` `lov.tx2` `lov.part2` | com epci dep reg fr, rates also sim | all, com epci dep |
//! | `ani.loyer[appt\|t1t2\|t3p\|maison]` | com epci dep reg fr sim | |
//! | `ani.loyer_bas\|_haut\|_r2\|_nobs` `[appt\|t1t2\|t3p\|maison]` | com | |
//! | `dvf.n` `dvf.med` `dvf.q1` `dvf.q3` `[appt\|mais]` | com epci dep reg fr, med also sim | all, com |
//! | `dvf.evol1` `dvf.evol5` `[appt\|mais]` | com epci dep reg fr | |
//! | `zon.abc` `zon.abc_prec` `dpe.n` `dpe.fg` `dpe.cl[A…G]` `dpe.repr` | com | |
//! | `geo.superficie` `geo.densite` | com epci dep reg fr, density also sim | |
//! | `geo.nb_communes` (epci dep reg fr) `geo.rang_pop` (epci dep) `geo.strate` `geo.voisines` `geo.comparables` (com) | | |
//! | `bpe.n` `bpe.dom[A…G]` | com epci dep reg fr, densities also sim | |
//! | `bpe.gamme[prox\|inter\|sup]` (com epci sim) `bpe.manque` `bpe.dist[service]` (com) | | |
//! | `rpp.n` `rpp.dens` `[mg\|dent\|inf\|kine\|sf\|ortho\|pharma]`, `rpp.acc10[mg]` (com) | com epci dep reg fr, densities also sim | |
//! | `fin.n` `fin.dist` (com) `[hopital\|maison\|ehpad\|autonomie\|pharmacie\|labo]` | com epci dep reg fr | |
//!
//! Exhibits hold geometry and lists of ids, never a number of their own except the classes of the map:
//! `carte_vacance {kind, annee, indicator, label, vintage, source, communes: [{code, nom, statut, valeur, texte,
//! highlight, rings: [[[x, y]…]…]}]}` (metres; rings of all polygons of the commune, outer and inner, for the even-odd
//! rule; `valeur` is a decimal string or null; `statut` a fact status), `serie_vacance {indicator, label, annees,
//! facts: {com, epci, dep: [ids]}}`, `serie_parc {annees, rp, rs, vac: {com, epci, dep: [ids]}}` (shares of the censuses, the oldest first), `serie_permis
//! {annees, aut, com: {com, epci, dep: [ids]}}`, `serie_prix {appt, mais: [{annee, n, q1, med, q3}] of ids}`,
//! `loyers [{loyer, bas, haut, r2, nobs}] of ids`, `chiffres_cles [ids]`, `comparaison [indicator…]` (rates that have
//! at least the commune and one other scope), `sources [{id, dataset, producteur, titre, millesime, licence,
//! synthetique}]`, `noms {commune, epci, departement, region}`, `limites [{dataset, label, scopes, note}]`,
//! `carte {kind, annee, source, communes: [{code, nom, highlight, rings}], valeurs: {indicator: {label, unit, vintage,
//! communes: {code: {statut, valeur, texte}}}}}` (neighbours share the points of their border), `situation {kind, annee,
//! source, departement, epci, commune}` of rings on one plane, `voisines [{code, nom, meme_epci}]`, `comparables {n,
//! regle, texte}`, `panier [{service, label, gamme, present}]`, `manque [{service, label, gamme, code, nom, distance}]`
//! (the nearest commune that has it, and the fact of its distance if there is one), `position [ids]` (twenty at most, each
//! with a percentile).

mod benefits;
mod budget;
mod building;
mod collect;
mod dwellings;
mod energy;
mod exhibits;
#[cfg(test)]
pub mod fixture;
mod incomes;
mod maps;
mod market;
mod parcels;
mod people;
mod prospects;
mod raw;
mod scoped;
mod sizes;
mod social;
mod sql;
mod sru;
mod territory;
mod transactions;
mod vacancy;

use domain::fact::{FactSheet, ScopeKind};
use indicators::SheetBuilder;

use crate::study::StudyInfo;

pub use collect::{Reach, read};
#[cfg(test)]
pub use maps::three_squares;
pub use raw::{Energy, Raw};

/// Datasets that the themes read, in the order in which they are cited.
pub const DATASETS: &[&str] = &[
    "communes",
    "population",
    "rp_demographics",
    "rp_housing",
    "lovac",
    "rpls",
    "sitadel",
    "zonage_abc",
    "anil_loyers",
    "dvf",
    "filosofi",
    "projections",
    "caf_communal",
    "aides_dept",
    "population_departements",
    "contours",
    "parcelles",
    "bpe_equipements",
    "rpps",
    "finess",
];

/// The fact sheet of a study, from what was read.
#[must_use]
pub fn assemble(study: &StudyInfo, raw: &Raw) -> FactSheet {
    let mut sheet = SheetBuilder::new(&raw.territory);
    people::add(&mut sheet, raw);
    incomes::add(&mut sheet, raw);
    prospects::add(&mut sheet, raw);
    benefits::add(&mut sheet, raw);
    dwellings::add(&mut sheet, raw);
    sizes::add(&mut sheet, raw);
    social::add(&mut sheet, raw);
    building::add(&mut sheet, raw);
    sru::add(&mut sheet, raw);
    vacancy::add(&mut sheet, raw);
    market::add(&mut sheet, raw);
    transactions::add(&mut sheet, raw);
    parcels::add(&mut sheet, raw);
    budget::add(&mut sheet, raw);
    energy::add(&mut sheet, raw);
    territory::add(&mut sheet, raw);
    sheet.retain(|indicator| is_among(study.figures, indicator));
    let mut exhibits = exhibits::all(&sheet, raw);
    exhibits.extend(people::exhibits(&sheet, raw));
    exhibits.extend(territory::exhibits(&sheet, raw));
    exhibits.extend(maps::exhibits(raw));
    exhibits.insert("projections".to_owned(), prospects::exhibit(raw));
    FactSheet {
        study: study.code.to_owned(),
        commune: raw.territory.commune.code.clone(),
        lead: if study.is_too_small(&raw.territory) { ScopeKind::Epci } else { ScopeKind::Com },
        reference_version: raw.reference_version,
        facts: sheet.finish(),
        exhibits,
    }
}

/// Whether a list names an indicator, by itself or by how it begins.
fn is_among(figures: &[&str], indicator: &str) -> bool {
    figures.iter().any(|named| match named.ends_with(['.', '_']) {
        true => indicator.starts_with(named),
        false => indicator == *named,
    })
}
