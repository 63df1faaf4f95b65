//! Recommendations that need no model: of each finding its two surest figures, and what somebody may do.

use domain::fact::{Fact, FactSheet, FactStatus};
use domain::report::Author;
use narrative::{MOST_RECOMMENDATIONS, Recommendation, judge_recommendation};

use super::mismatches::{Rule, found, mismatch};
use crate::writer::Named;

/// At most five, the strongest finding first; a finding whose figures are not sure enough has none.
#[must_use]
pub fn by_rules(sheet: &FactSheet) -> Vec<Recommendation> {
    let accepted = |rule: &&Rule| {
        let given = written(rule, sheet);
        judge_recommendation(sheet, &mismatch(rule, sheet), &given).is_empty().then_some(given)
    };
    found(sheet).iter().filter_map(accepted).take(MOST_RECOMMENDATIONS).collect()
}

/// What is recommended about a finding; it rests on figures that need no caution.
pub fn written(rule: &Rule, sheet: &FactSheet) -> Recommendation {
    let ids = mismatch(rule, sheet).evidence;
    let sure = ids.iter().filter_map(|id| sheet.facts.get(id)).filter(|fact| fact.status == FactStatus::Ok);
    let sure: Vec<&Fact> = sure.collect();
    let figures: Vec<String> = sure.iter().filter_map(|fact| told(fact)).take(2).collect();
    let action = &rule.action;
    Recommendation {
        id: rule.id.to_owned(),
        title: action.title.to_owned(),
        actor: action.actor.to_owned(),
        lever: action.lever.to_owned(),
        horizon: action.horizon.to_owned(),
        text: format!("Dans la commune, {}. {}", figures.join(" et "), action.text),
        evidence: sure.iter().map(|fact| fact.id.clone()).collect(),
        claims: vec![],
        author: Author::Rules,
    }
}

/// « le taux de pauvreté est de … ».
fn told(fact: &Fact) -> Option<String> {
    let name = fact.anchors.iter().find_map(|anchor| Named::of(anchor)).filter(|_| fact.value.is_some())?;
    Some(format!("{} est de {{{{fact:{}}}}}", name.lower(), fact.id))
}
