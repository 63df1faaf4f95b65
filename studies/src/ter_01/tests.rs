//! What holds for every sheet and every narrative of TER-01.

use pretty_assertions::assert_eq;

use super::{Ter01, analysis, pages};
use crate::study::Study as _;
use crate::themes::{assemble, fixture};
use narrative::{asked, judge_block};

#[test]
fn the_sample_is_what_the_collector_would_write() {
    fixture::keep_sample(&super::INFO, "ter_01");
}

#[test]
fn the_rules_write_every_block_and_the_judge_accepts_each() {
    for (number, sheet) in fixture::sheets(&super::INFO).into_iter().enumerate() {
        let narrative = Ter01.by_rules(&sheet);
        for block in asked(analysis::BLOCKS, &sheet) {
            let written = &narrative.blocks[block.spec.id];
            // Where nothing of the block is published there is no figure that it could cite.
            if block.has_figures() {
                let objections = judge_block(&sheet, &block, &written.text, &written.claims);
                assert_eq!(objections, [], "sheet {number}, {}: {}", block.spec.id, written.text);
            }
        }
    }
}

#[test]
fn a_full_sheet_leaves_no_block_without_a_figure_to_say() {
    let sheet = assemble(&super::INFO, &fixture::ordinary());
    let narrative = Ter01.by_rules(&sheet);
    let silent: Vec<_> = asked(analysis::BLOCKS, &sheet)
        .iter()
        .filter(|block| block.has_figures() && !narrative.blocks[block.spec.id].text.contains("{{fact:"))
        .map(|block| block.spec.id)
        .collect();
    assert_eq!(silent, [] as [&str; 0]);
}

#[test]
fn pages_are_those_that_are_sold_and_drop_with_what_they_need() {
    let contents: Vec<u32> = Ter01.sheet().contents.iter().map(|(page, _)| *page).collect();
    assert_eq!(contents, (1..=14).collect::<Vec<_>>());
    let full = assemble(&super::INFO, &fixture::ordinary());
    let bare = assemble(&super::INFO, &fixture::bare());
    let standing = |sheet| pages::LEAVES.iter().filter(|leaf| leaf.stands(sheet)).count();
    assert!(standing(&bare) < standing(&full), "a village without a sale loses pages");
}
