//! Who is to be housed: the synthesis, growth, households, incomes.

use indicators::apart;
use rust_decimal::Decimal;

use super::super::analysis::{BLOCKS, FINDINGS};
use super::{HALF, Rows, compared, drawn, halves, listed};
use crate::exhibits;
use crate::pages::{Column, Item, Line, Press, Row, Sheaf, pieces, read, tile};

/// The sentences of the synthesis, those about what sets the commune most apart from comparable communes first.
fn ordered(press: &Press<'_>) -> Vec<&'static str> {
    let gap = |block: &str| -> Decimal {
        let facts = BLOCKS.iter().filter(|spec| spec.id == block).flat_map(|spec| spec.facts);
        let own = facts.filter_map(|(id, _)| press.find(&format!("{id}@com")));
        own.filter(|fact| fact.status.is_citable()).filter_map(apart).max().unwrap_or_default()
    };
    let mut blocks = FINDINGS.to_vec();
    // Stable: without peers the order of the subjects stands.
    blocks.sort_by_key(|block| std::cmp::Reverse(gap(block)));
    blocks
}

pub fn synthesis(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let ids: Vec<String> = read(sheaf.press, "chiffres_cles")?;
    let tiles = ids.iter().map(|id| tile(sheaf.press, id)).collect::<Result<Vec<_>, _>>()?;
    let blocks = ordered(sheaf.press);
    let findings = blocks.into_iter().map(|id| pieces(sheaf.press, sheaf.narrative, id)).collect::<Result<_, _>>()?;
    let ids = ["dem.tcam", "fil.med", "log.proprio", "lov.tx2", "rpl.tx", "sit.tx"];
    let plot = compared(sheaf, "synthese", "La commune parmi ses territoires de comparaison", &ids, 172.0)?;
    Ok(vec![
        Row::new(vec![Column::new(1.0, vec![Item::Tiles { tiles }])]),
        Row::new(vec![Column::new(1.0, vec![Item::Findings { findings }]), Column::new(1.0, vec![plot])]),
    ])
}

const GROWTH: &[Line] = &[
    ("dem.pop", "Population municipale", None),
    ("dem.evol_abs", "Variation entre deux recensements", None),
    ("dem.tcam", "Variation annuelle moyenne", None),
    ("dem.tcam_prec", "Période précédente", None),
    ("dem.menages", "Ménages", None),
];

pub fn drivers(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let parts = [("dem.solde_nat", "Solde naturel"), ("dem.solde_mig", "Entrées et sorties (apparent)")];
    let bars = drawn(sheaf, "Les deux moteurs de la population", &["dem.solde_nat", "dem.solde_mig"], |sheaf| {
        let words = ("Les deux moteurs de la population", "Variation annuelle moyenne due à chaque solde, en\u{a0}%");
        exhibits::grouped(sheaf.press, &mut sheaf.numbers, "soldes", words, &parts, (HALF, 276.0)).map(Some)
    })?;
    let text = sheaf.text("commentaire")?;
    let ids = ["dem.tcam", "dem.tcam_prec", "dem.solde_mig", "dem.d_taille"];
    let plot = compared(sheaf, "rythme", "Rythme de la population et taille des ménages", &ids, 146.0)?;
    let table = listed(sheaf, "Population et ménages", "Effectifs et taux annuels", GROWTH)?;
    halves(vec![bars, text], vec![plot, table])
}

const HOUSEHOLDS: &[Line] = &[
    ("dem.menages", "Ménages", None),
    ("dem.taille_men", "Personnes par ménage", None),
    ("dem.seul", "Ménages d’une personne", None),
    ("dem.couple_enf", "Couples avec enfant", None),
    ("log.p12", "Petits ménages (estimés)", None),
];

pub fn households(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let pyramid = drawn(sheaf, "Habitants par sexe et par âge", &["dem.age[0014]", "dem.age[75p]"], |sheaf| {
        exhibits::ages(sheaf.press, &mut sheaf.numbers, (HALF, 284.0)).map(Some)
    })?;
    let text = sheaf.text("commentaire")?;
    let ids = ["dem.taille_men", "dem.seul", "log.p12", "dem.part_80p"];
    let plot = compared(sheaf, "menages", "Taille des ménages, personnes seules, grand âge", &ids, 146.0)?;
    let table = listed(sheaf, "Les ménages", "Nombre, taille moyenne et parts", HOUSEHOLDS)?;
    halves(vec![pyramid, text], vec![plot, table])
}

const INCOMES: &[Line] = &[
    ("fil.med", "Niveau de vie médian, par an", None),
    ("fil.d1", "Premier décile", None),
    ("fil.d9", "Neuvième décile", None),
    ("fil.tp60", "Taux de pauvreté", None),
    ("fil.tp60_loc", "Taux de pauvreté des locataires", None),
    ("fil.impo", "Ménages imposés", None),
];

pub fn incomes(sheaf: &mut Sheaf<'_, '_>) -> Rows {
    let range = drawn(sheaf, "Niveaux de vie", &["fil.med"], |sheaf| {
        let words = ("Niveaux de vie, du premier au neuvième décile", "En euros par an et par unité de consommation");
        let names = ["Premier décile", "Médiane", "Neuvième décile"];
        let lines = (["fil.d1", "fil.med", "fil.d9"], names);
        exhibits::ranges(sheaf.press, &mut sheaf.numbers, "niveaux-de-vie", words, lines, (HALF, 272.0)).map(Some)
    })?;
    let text = sheaf.text("commentaire")?;
    let ids = ["fil.med", "fil.tp60", "fil.tp60_loc", "fil.d9d1"];
    let plot = compared(sheaf, "revenus", "Niveau de vie, pauvreté, écarts", &ids, 138.0)?;
    let table = listed(sheaf, "Revenus et pauvreté", "Par unité de consommation", INCOMES)?;
    halves(vec![range, text], vec![plot, table])
}
