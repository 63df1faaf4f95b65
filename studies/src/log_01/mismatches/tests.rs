//! Each rule: a town where it fires, one where it does not, and a secret that never fires it.

use std::sync::LazyLock;

use domain::fact::{FactStatus, Peer};
use narrative::judge_recommendation;
use pretty_assertions::assert_eq;

use super::*;
use crate::log_01::advice;
use crate::themes::{assemble, fixture};

static TOWN: LazyLock<FactSheet> = LazyLock::new(|| assemble(&crate::log_01::INFO, &fixture::ordinary()));

/// A figure of the commune: its value, among peers whose quartiles are 10, 20 and 30.
fn set(sheet: &mut FactSheet, id: &str, value: &str) {
    let fact = sheet.facts.get_mut(id).unwrap();
    fact.status = FactStatus::Ok;
    fact.value = value.parse().ok();
    fact.text = value.to_owned();
    fact.peer = Some(Peer { n: 40, p25: 10.into(), p50: 20.into(), p75: 30.into(), pct: 50 });
}

/// What a rule looks at, where it fires and where one figure keeps it from firing.
struct Case {
    rule: &'static str,
    fires: &'static [(&'static str, &'static str)],
    quiet: (&'static str, &'static str),
}

const CASES: &[Case] = &[
    Case { rule: "taille", fires: &[("log.ecart_taille@com", "36.6")], quiet: ("log.ecart_taille@com", "29.9") },
    Case {
        rule: "vacance_construction",
        fires: &[("lov.tx2@com", "31"), ("sit.tx@com", "21")],
        quiet: ("sit.tx@com", "20"),
    },
    Case {
        rule: "vacance_tension",
        fires: &[("lov.tx2@com", "21"), ("zon.abc@com", "B1")],
        quiet: ("zon.abc@com", "B2"),
    },
    Case {
        rule: "construction_population",
        fires: &[("bes.effet_demo@com", "0"), ("sit.tx@com", "21")],
        quiet: ("bes.effet_demo@com", "1"),
    },
    Case {
        rule: "proprietaires_ages",
        fires: &[("log.proprio@com", "31"), ("dem.vieillissement@com", "31")],
        quiet: ("dem.vieillissement@com", "30"),
    },
    Case {
        rule: "social_pauvrete",
        fires: &[("rpl.tx@com", "9"), ("fil.tp60@com", "31")],
        quiet: ("rpl.tx@com", "10"),
    },
    Case { rule: "achat", fires: &[("aff.m2[couple]@com", "49.9")], quiet: ("aff.m2[couple]@com", "50") },
    Case { rule: "loyer", fires: &[("aff.loyer[solo]@com", "33.1")], quiet: ("aff.loyer[solo]@com", "33") },
    Case { rule: "energie", fires: &[("dpe.fg@com", "31"), ("log.av1971@com", "31")], quiet: ("log.av1971@com", "12") },
    Case {
        rule: "secondaires",
        fires: &[("log.tx_rs@com", "31"), ("dvf.evol5[appt]@com", "12"), ("dvf.evol5[appt]@dep", "4")],
        quiet: ("dvf.evol5[appt]@com", "3"),
    },
];

fn rule(id: &str) -> &'static Rule {
    RULES.iter().find(|rule| rule.id == id).unwrap()
}

/// The town with a case on it; other changes of prices are away, so that one figure settles the case.
fn town(case: &Case) -> FactSheet {
    let mut sheet = TOWN.clone();
    sheet.facts.get_mut("dvf.evol5[mais]@com").unwrap().status = FactStatus::Missing;
    for (id, value) in case.fires {
        set(&mut sheet, id, value);
    }
    sheet
}

#[test]
fn each_rule_has_a_case_of_its_own() {
    let cases: Vec<&str> = CASES.iter().map(|case| case.rule).collect();
    assert_eq!(cases, RULES.map(|rule| rule.id));
}

#[test]
fn a_rule_fires_beyond_its_threshold_and_not_at_it() {
    for case in CASES {
        let mut sheet = town(case);
        assert_eq!(fires(rule(case.rule), &sheet), Some(true), "{}", case.rule);
        set(&mut sheet, case.quiet.0, case.quiet.1);
        assert_eq!(fires(rule(case.rule), &sheet), Some(false), "{} at {}", case.rule, case.quiet.1);
    }
}

#[test]
fn fifteen_points_are_far_apart_and_fourteen_are_not() {
    let mut sheet = TOWN.clone();
    set(&mut sheet, "log.ecart_taille@com", "15");
    let peer = &mut sheet.facts.get_mut("log.ecart_taille@com").unwrap().peer;
    *peer = peer.clone().map(|peer| Peer { p75: 14.into(), ..peer });
    assert_eq!(fires(rule("taille"), &sheet), Some(true));
    sheet.facts.get_mut("log.ecart_taille@com").unwrap().value = "14.9".parse().ok();
    assert_eq!(fires(rule("taille"), &sheet), Some(false));
}

#[test]
fn what_is_not_published_never_fires_a_rule() {
    for case in CASES {
        for (id, _) in case.fires {
            for status in [FactStatus::Secret, FactStatus::Missing, FactStatus::NotApplicable] {
                let mut sheet = town(case);
                // Even with a value left behind.
                sheet.facts.get_mut(*id).unwrap().status = status;
                assert_ne!(fires(rule(case.rule), &sheet), Some(true), "{}: {id}", case.rule);
            }
        }
    }
}

#[test]
fn without_comparable_communes_a_rule_that_needs_them_cannot_be_told() {
    let mut sheet = town(&CASES[1]);
    for fact in sheet.facts.values_mut() {
        fact.peer = None;
    }
    assert_eq!(fires(rule("vacance_construction"), &sheet), None);
    set(&mut sheet, "aff.m2[couple]@com", "49");
    assert_eq!(fires(rule("achat"), &sheet), Some(true));
}

#[test]
fn a_finding_carries_two_published_figures_and_its_recommendation_passes_the_judge() {
    let mut wrong = vec![];
    for case in CASES {
        let mut sheet = town(case);
        // Surely enough for a recommendation to rest on.
        for (id, _) in rule(case.rule).evidence {
            let fact = sheet.facts.get_mut(&format!("{id}@com")).unwrap();
            if fact.status.is_citable() {
                fact.status = FactStatus::Ok;
            }
        }
        let mismatch = mismatch(rule(case.rule), &sheet);
        assert!(mismatch.evidence.len() >= 2, "{}: {:?}", case.rule, mismatch.evidence);
        let given = advice::written(rule(case.rule), &sheet);
        wrong.extend(judge_recommendation(&sheet, &mismatch, &given));
        assert!(given.text.matches("{{fact:").count() == 2, "{}", given.text);
        assert!(advice::by_rules(&sheet).iter().any(|other| other.id == case.rule) || !wrong.is_empty());
    }
    assert_eq!(wrong, []);
}

#[test]
fn figures_that_are_not_sure_give_a_finding_and_no_recommendation() {
    let mut sheet = town(&CASES[6]);
    for id in ["dvf.med[appt]@com", "fil.med@com"] {
        sheet.facts.get_mut(id).unwrap().status = FactStatus::LowN;
    }
    assert!(found(&sheet).iter().any(|rule| rule.id == "achat"));
    assert!(!advice::by_rules(&sheet).iter().any(|given| given.id == "achat"));
}

#[test]
fn five_recommendations_at_most_and_the_farthest_apart_first() {
    let mut sheet = TOWN.clone();
    for case in CASES {
        for (id, value) in case.fires {
            set(&mut sheet, id, value);
        }
    }
    set(&mut sheet, "lov.tx2@com", "31");
    set(&mut sheet, "log.proprio@com", "99");
    assert_eq!(found(&sheet).len(), 10);
    assert_eq!(found(&sheet)[0].id, "proprietaires_ages");
    assert!(advice::by_rules(&sheet).len() <= 5);
}
