//! What holds for every sheet and every narrative of LOG-01, and the sample that pages are drawn from.

mod database;
mod document;

use std::sync::LazyLock;

use domain::fact::{FactSheet, FactStatus};
use pretty_assertions::assert_eq;
use rust_decimal::Decimal;

use proptest::prelude::*;

use super::{Log01, analysis, pages, plh};
use crate::study::Study as _;
use crate::themes::{Energy, Raw, assemble, fixture};
use narrative::{asked, judge_block, segments};

static ORDINARY: LazyLock<FactSheet> = LazyLock::new(|| assemble(&crate::log_01::INFO, &fixture::ordinary()));

fn text_of<'a>(sheet: &'a FactSheet, id: &str) -> &'a str {
    &sheet.facts[id].text
}

#[test]
fn the_sample_is_what_the_collector_would_write() {
    fixture::keep_sample(&crate::log_01::INFO, "log_01");
}

#[test]
fn a_sheet_read_back_from_its_canonical_form_is_the_same_sheet() {
    let sheet = assemble(&crate::log_01::INFO, &fixture::ordinary());
    let (bytes, digest) = indicators::canonical(&sheet).unwrap();
    let again: FactSheet = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(again, sheet);
    assert_eq!(indicators::canonical(&again).unwrap().1, digest);
}

#[test]
fn figures_of_the_fixture_are_those_of_a_hand_calculation() {
    let sheet = assemble(&fixture::EVERYTHING, &fixture::ordinary());
    // 705/8142, 765/7010, 412/7010, 412/765; 931 social dwellings over 8142 − 705 − 171 = 7266 main residences.
    assert_eq!(text_of(&sheet, "log.tx_vac@com"), "8,7\u{a0}%");
    assert_eq!(text_of(&sheet, "lov.tx@com"), "10,9\u{a0}%");
    assert_eq!(text_of(&sheet, "lov.tx2@com"), "5,9\u{a0}%");
    assert_eq!(text_of(&sheet, "lov.part2@com"), "53,9\u{a0}%");
    assert_eq!(text_of(&sheet, "rpl.tx@com"), "12,8\u{a0}%");
    // A sampled count is printed to ten, the population is not sampled.
    assert_eq!(text_of(&sheet, "log.n@com"), "8\u{202f}140");
    assert_eq!(text_of(&sheet, "dem.pop@com"), "14\u{202f}870");
    // 2310 €/m² in 2024 against 2310·1.010 in 2023.
    assert_eq!(text_of(&sheet, "dvf.evol1[appt]@com"), "\u{2212}1,0\u{a0}%");
    assert_eq!(sheet.facts["dvf.med[mais]@com"].status, FactStatus::LowN);
    // 499 of 2310 certificates.
    assert_eq!(text_of(&sheet, "dpe.fg@com"), "21,6\u{a0}%");
}

#[test]
fn every_indicator_exists_at_the_scopes_that_pages_ask_for() {
    for sheet in fixture::sheets(&crate::log_01::INFO) {
        for id in ["log.tx_vac", "lov.tx2", "ani.loyer[appt]", "dvf.med[mais]", "dem.tcam"] {
            for scope in ["com", "epci", "dep", "reg", "fr", "sim"] {
                let fact = &sheet.facts[&format!("{id}@{scope}")];
                assert!(fact.status.is_citable() != fact.value.is_none(), "{}", fact.id);
                assert!(fact.status.is_citable() || fact.note.is_some(), "{} does not say why", fact.id);
            }
        }
    }
}

#[test]
fn main_second_and_vacant_dwellings_make_a_hundred() {
    for sheet in fixture::sheets(&crate::log_01::INFO) {
        for scope in ["com", "epci", "dep"] {
            let parts = ["log.tx_rp", "log.tx_rs", "log.tx_vac"].map(|id| sheet.facts[&format!("{id}@{scope}")].value);
            let Some(total) = parts.into_iter().try_fold(Decimal::ZERO, |sum, part| Some(sum + part?)) else {
                continue;
            };
            assert!((total - Decimal::ONE_HUNDRED).abs() < Decimal::new(1, 4), "{scope}: {total}");
        }
    }
}

#[test]
fn a_secret_is_never_a_figure_anywhere_in_the_sheet() {
    let sheet = assemble(&crate::log_01::INFO, &fixture::secret());
    for id in ["lov.vac2", "lov.tx2", "lov.part2"] {
        let fact = &sheet.facts[&format!("{id}@com")];
        assert_eq!((fact.status, fact.value, fact.text.as_str()), (FactStatus::Secret, None, "n.d."));
    }
    let map = &sheet.exhibits["carte_vacance"];
    let hidden: Vec<_> = map["communes"].as_array().unwrap().iter().filter(|c| c["statut"] == "secret").collect();
    assert_eq!(hidden.len(), 2, "a lone secret on the map takes a second one with it");
    assert!(hidden.iter().all(|commune| commune["valeur"].is_null() && commune["texte"] == "n.d."));
}

#[test]
fn a_sheet_of_generated_data_is_a_specimen_and_a_real_one_is_not() {
    assert!(assemble(&crate::log_01::INFO, &fixture::ordinary()).is_specimen());
    let mut real = fixture::ordinary();
    real.sources.values_mut().for_each(|source| source.synthetique = false);
    if let Energy::Counted(counts) = &mut real.energy {
        counts.synthetic = false;
    }
    real.measures = Default::default();
    assert!(!assemble(&crate::log_01::INFO, &real).is_specimen());
}

#[test]
fn an_extraction_says_its_day_and_an_older_one_why() {
    let mut raw = fixture::ordinary();
    let vintage = |raw: &Raw| assemble(&crate::log_01::INFO, raw).facts["dpe.fg@com"].prov.vintage.clone();
    assert_eq!(vintage(&raw), "extraction du 22\u{a0}novembre\u{a0}2026");
    if let Energy::Counted(counts) = &mut raw.energy {
        counts.fallback = true;
    }
    assert_eq!(vintage(&raw), "extraction du 22\u{a0}novembre\u{a0}2026 (ADEME injoignable depuis)");
}

#[test]
fn a_rate_over_generated_dwellings_is_a_specimen_even_when_its_numerator_is_real() {
    let mut raw = fixture::ordinary();
    raw.sources.values_mut().for_each(|source| source.synthetique = source.dataset == "rp_housing");
    let sheet = assemble(&crate::log_01::INFO, &raw);
    assert!(!sheet.facts["rpl.n@com"].prov.synthetic);
    assert!(sheet.facts["rpl.tx@com"].prov.synthetic);
    assert_eq!(sheet.facts["rpl.tx@com"].prov.load, "3,5");
}

#[test]
fn what_is_not_loaded_is_missing_with_its_reason_and_never_the_commune_relabelled() {
    let mut raw: Raw = fixture::ordinary();
    for kind in [domain::fact::ScopeKind::Epci, domain::fact::ScopeKind::Dep] {
        raw.coverage.0.insert(("dvf".to_owned(), kind), false);
    }
    let sheet = assemble(&crate::log_01::INFO, &raw);
    let fact = &sheet.facts["dvf.med[appt]@epci"];
    assert_eq!(
        (fact.status, fact.note.as_deref()),
        (FactStatus::Missing, Some("intercommunalité non chargée en entier"))
    );
    assert!(sheet.facts["dvf.med[appt]@com"].status.is_citable());
}

#[test]
fn the_rules_narrative_passes_its_own_judge_for_every_sheet() {
    let mut wrong = vec![];
    for (number, sheet) in fixture::sheets(&crate::log_01::INFO).into_iter().enumerate() {
        let narrative = Log01.by_rules(&sheet);
        assert_eq!(narrative.blocks.len(), analysis::BLOCKS.len());
        for block in asked(analysis::BLOCKS, &sheet) {
            let narrative::Block { text, claims, .. } = &narrative.blocks[block.spec.id];
            // Where nothing of the block is published there is no figure that it could cite.
            if block.has_figures() {
                let objections = judge_block(&sheet, &block, text, claims);
                wrong.extend(objections.into_iter().map(|objection| (number, text.clone(), objection)));
            }
        }
    }
    assert_eq!(wrong, []);
}

#[test]
fn pages_are_those_that_are_sold_and_drop_with_what_they_need() {
    let contents: Vec<u32> = Log01.sheet().contents.iter().map(|(page, _)| *page).collect();
    assert_eq!(contents, (1..=24).collect::<Vec<_>>());
    let full = assemble(&crate::log_01::INFO, &fixture::ordinary());
    let standing =
        |sheet: &FactSheet| pages::LEAVES.iter().filter(|leaf| leaf.stands(sheet)).map(|leaf| leaf.page).collect();
    let all: Vec<u32> = standing(&full);
    assert_eq!(all, (3..=23).collect::<Vec<_>>());
    let bare: Vec<u32> = standing(&assemble(&crate::log_01::INFO, &fixture::bare()));
    for page in [16, 17, 18] {
        assert!(!bare.contains(&page), "a village without a sale or an advertisement loses page {page}");
    }
    for leaf in pages::LEAVES {
        let sold = Log01.sheet().contents.iter().find(|(page, _)| *page == leaf.page).unwrap();
        assert!(sold.1.starts_with(leaf.subject), "page {}: {} is sold as {}", leaf.page, leaf.subject, sold.1);
    }
}

#[test]
fn the_check_list_speaks_of_the_pages_that_stand() {
    let verdicts = |sheet: &FactSheet| -> Vec<(String, &'static str)> {
        let of = plh::CHECKLIST.iter().map(|item| plh::verdict(item, pages::LEAVES, sheet));
        of.map(|verdict| (verdict.label, verdict.result)).collect()
    };
    let full = verdicts(&assemble(&crate::log_01::INFO, &fixture::ordinary()));
    let bare = verdicts(&assemble(&crate::log_01::INFO, &fixture::bare()));
    let result = |list: &[(String, &'static str)], item: &str| {
        list.iter().find(|(label, _)| label.starts_with(item)).map(|(_, result)| *result)
    };
    assert_eq!(result(&full, "Fonctionnement des marchés"), Some("Couvert"));
    assert_eq!(result(&bare, "Fonctionnement des marchés"), Some("Non couvert"));
    for item in ["Demande de logement social", "Habitat indigne", "Copropriétés", "Bilan du programme"] {
        assert_eq!(result(&full, item), Some("Non couvert"), "{item}");
    }
}

/// What may befall a figure: shown as it is, marked, withheld for one reason or another, or exactly nil.
fn strike(fact: &mut domain::fact::Fact, fate: u8) {
    fact.status = match fate {
        0 => FactStatus::LowN,
        1 => FactStatus::Modelled,
        2 => FactStatus::Secret,
        3 => FactStatus::Missing,
        4 => FactStatus::NotApplicable,
        _ => return,
    };
    if !fact.status.is_citable() {
        fact.value = None;
        fact.text = "n.d.".to_owned();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5))]

    #[test]
    fn the_rules_find_words_whatever_is_withheld(fates in proptest::collection::vec(0_u8..10, 40), commune in "[0-9]{5}") {
        let mut sheet = ORDINARY.clone();
        sheet.commune = commune;
        // Fates fall on indicators in turn, so that scopes of one indicator differ too.
        for (fact, fate) in sheet.facts.values_mut().zip(fates.iter().cycle()) {
            strike(fact, *fate);
        }
        let narrative = Log01.by_rules(&sheet);
        let blocks = asked(analysis::BLOCKS, &sheet);
        for block in &blocks {
            let narrative::Block { text, claims, .. } = &narrative.blocks[block.spec.id];
            let objections = if block.has_figures() { judge_block(&sheet, block, text, claims) } else { vec![] };
            prop_assert!(objections.is_empty(), "{}: « {text} »\n{objections:#?}", block.spec.id);
            prop_assert!(segments(&sheet, text).is_ok());
        }
    }
}

#[test]
fn ordinary_figures_get_full_sentences() {
    let sheet = assemble(&crate::log_01::INFO, &fixture::ordinary());
    let narrative = Log01.by_rules(&sheet);
    for (id, block) in &narrative.blocks {
        assert!(block.text.contains("{{fact:"), "{id}: {}", block.text);
    }
}

#[test]
fn neighbours_do_not_read_alike() {
    let mut sheet = assemble(&crate::log_01::INFO, &fixture::ordinary());
    let first = Log01.by_rules(&sheet);
    sheet.commune = "00001".to_owned();
    assert_ne!(first, Log01.by_rules(&sheet));
}
