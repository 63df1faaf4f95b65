//! The writer over the sheets of every study.

use super::*;

const SPECS: &[BlockSpec] = &[
    BlockSpec {
        id: "p3.titre",
        kind: BlockKind::Title,
        page: 3,
        max_chars: 90,
        facts: &[("log.proprio", &[ScopeKind::Com])],
        mandatory: &["log.proprio"],
    },
    BlockSpec {
        id: "p3.lede",
        kind: BlockKind::Lede,
        page: 3,
        max_chars: 280,
        facts: &[("log.proprio", &[ScopeKind::Com, ScopeKind::Epci, ScopeKind::Dep]), ("log.tx_rs", &[ScopeKind::Com])],
        mandatory: &["log.proprio"],
    },
];

fn written(code: &str) -> Vec<String> {
    let mut raw = crate::themes::fixture::ordinary();
    raw.territory.commune.code = code.to_owned();
    let sheet = crate::themes::assemble(&crate::themes::fixture::EVERYTHING, &raw);
    let narrative = by_rules(SPECS, &sheet, |_| "le logement");
    SPECS.iter().map(|spec| narrative.blocks[spec.id].text.clone()).collect()
}

#[test]
fn the_mandatory_figure_is_said_beside_its_neighbours() {
    let lede = &written("44109")[1];
    for scope in ["com", "epci", "dep"] {
        assert!(lede.contains(&format!("{{{{fact:log.proprio@{scope}}}}}")), "{lede}");
    }
    assert!(lede.contains("log.tx_rs@com"), "{lede}");
}

#[test]
fn neighbours_do_not_read_alike_and_one_commune_always_reads_the_same() {
    let all: std::collections::BTreeSet<_> = (0..12).map(|n| written(&format!("4410{n}"))).collect();
    assert!(all.len() >= 3, "{all:?}");
    assert_eq!(written("44109"), written("44109"));
}
