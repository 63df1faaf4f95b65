//! The writer over the sheets of every study.

use domain::fact::ScopeKind;

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

/// The blocks of TER-01 about an ordinary commune of which something is changed first.
fn portrait(change: impl Fn(&mut FactSheet)) -> Narrative {
    let mut sheet = crate::themes::assemble(&crate::themes::fixture::EVERYTHING, &crate::themes::fixture::ordinary());
    change(&mut sheet);
    by_rules(crate::ter_01::BLOCKS, &sheet, |_| "la page")
}

fn ops(block: &Block) -> Vec<&str> {
    block.claims.iter().map(|claim| claim.op.as_str()).collect()
}

#[test]
fn a_figure_at_the_end_of_the_scale_is_said_to_be_there() {
    let at = |pct| {
        portrait(|sheet| {
            let fact = sheet.facts.get_mut("fil.med@com").unwrap();
            fact.peer.as_mut().unwrap().pct = pct;
        })
    };
    for (pct, words) in [
        (95, "parmi les plus élevés"),
        (80, "niveau de vie médian est"),
        (20, "niveau de vie médian est"),
        (4, "parmi les plus faibles"),
    ] {
        let title = &at(pct).blocks["p8.titre"];
        assert!(title.text.contains(words) && ops(title) == ["rank"], "{pct}: {title:?}");
    }
    assert!(at(30).blocks["p8.titre"].text.contains("intercommunalité"), "between two bands neighbours say more");
}

#[test]
fn a_change_goes_up_or_down_without_its_sign() {
    let with = |value: &str, text: &str| {
        portrait(|sheet| {
            let fact = sheet.facts.get_mut("dem.tcam@com").unwrap();
            fact.value = Some(value.parse().unwrap());
            fact.text = text.to_owned();
        })
    };
    let down = &with("-0.8", "−0,8 %").blocks["p5.titre"];
    assert!(down.text.ends_with("est une baisse de {{fact:dem.tcam@com|abs}}") && ops(down) == ["down"], "{down:?}");
    let still = &with("0.01", "0,0 %").blocks["p5.titre"];
    assert!(still.claims.is_empty(), "what prints as nil goes nowhere: {still:?}");
}

#[test]
fn each_neighbour_has_its_own_comparison() {
    let with = |department: &str| {
        let narrative = portrait(|sheet| {
            let fact = sheet.facts.get_mut("fil.med@dep").unwrap();
            fact.value = Some(department.parse().unwrap());
            fact.text = format!("{department} €");
        });
        narrative.blocks["p8.lede"].clone()
    };
    assert_eq!(ops(&with("30000")), ["gt", "lt"]);
    let twice = with("15000");
    assert_eq!(ops(&twice), ["gt", "gt"]);
    assert!(twice.text.contains("supérieur à celui de l’intercommunalité"), "{}", twice.text);
    assert!(twice.text.contains("et à celui du département"), "{}", twice.text);
}
