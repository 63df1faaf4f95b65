//! True claims, found by code and offered to the writer: it chooses among them and computes none.

use std::collections::BTreeMap;

use domain::fact::{Fact, FactSheet, ScopeKind};

use super::Claim;
use super::anchors::indicator_of;
use super::blocks::{Asked, BlockKind, BlockSpec};
use super::claims::is_true;
use super::lexicon::Lexicons;
use super::text::Text;

static OPEN: BlockSpec =
    BlockSpec { id: "offre", kind: BlockKind::Text, page: 0, max_chars: usize::MAX, facts: &[], mandatory: &[] };

/// Operators that look at one fact; of each group the first that is true is offered, but for ranks: a rank that holds in
/// the extreme holds in the marked band as well.
const DIRECTIONS: &[&str] = &["accel", "decel", "up", "down", "flat"];
const RANKS: &[(&str, &str)] =
    &[("high", "extreme"), ("high", "marked"), ("low", "extreme"), ("low", "marked"), ("high", "middle")];

/// The claims that hold with a figure of the territory that the report leads with as their subject, by fact.
#[must_use]
pub fn offers(sheet: &FactSheet, facts: &[&Fact]) -> BTreeMap<String, Vec<Claim>> {
    let published: Vec<&Fact> = facts.iter().copied().filter(|fact| fact.status.is_citable()).collect();
    let own = published.iter().copied().filter(|fact| fact.scope.kind == sheet.lead);
    let offered = own.map(|fact| (fact.id.clone(), about(sheet, fact, &published)));
    offered.filter(|(_, claims)| !claims.is_empty()).collect()
}

fn about(sheet: &FactSheet, fact: &Fact, published: &[&Fact]) -> Vec<Claim> {
    // The rates of two periods are the only two indicators that may be compared.
    let family = |id: &str| indicator_of(id).trim_end_matches("_prec").to_owned();
    let beside: Vec<&Fact> = published
        .iter()
        .copied()
        .filter(|other| other.id != fact.id && family(&other.id) == family(&fact.id))
        .collect();
    let asked = Asked { spec: &OPEN, facts: published.to_vec(), mandatory: vec![], open: true, recommends: false };
    let cited = beside
        .iter()
        .fold(format!("{{{{fact:{}}}}}", fact.id), |text, other| format!("{text} et {{{{fact:{}}}}}", other.id));
    let text = Text::new(Lexicons::shared(), sheet, &asked, &cited);
    let claim = |op: &str, b: Option<&str>, side: Option<&str>, band: Option<&str>| {
        let [b, side, band] = [b, side, band].map(|word| word.map(str::to_owned));
        Some(Claim { op: op.to_owned(), a: fact.id.clone(), b, side, band }).filter(|claim| is_true(&text, claim))
    };
    // A part is always less than its whole: that says nothing.
    let is_total = matches!(fact.unit.as_str(), "count" | "km2" | "meur");
    let mut claims: Vec<Claim> = beside
        .iter()
        .filter(|other| !is_total || other.scope.kind == ScopeKind::Sim)
        .filter_map(|other| ["gt", "lt", "approx"].iter().find_map(|op| claim(op, Some(&other.id), None, None)))
        .collect();
    claims.extend(DIRECTIONS.iter().find_map(|op| claim(op, None, None, None)));
    claims.extend(RANKS.iter().filter_map(|(side, band)| claim("rank", None, Some(side), Some(band))));
    claims.extend(["majority", "minority"].iter().find_map(|band| claim("share", None, None, Some(band))));
    claims
}

/// A claim in a few words, its subject left out: `gt lov.tx@epci`, `rank high marked`, `up`.
#[must_use]
pub fn short(claim: &Claim) -> String {
    let words = [claim.b.as_deref(), claim.side.as_deref(), claim.band.as_deref()];
    words.into_iter().flatten().fold(claim.op.clone(), |text, word| format!("{text} {word}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::sheet;

    fn offered(id: &str) -> Vec<String> {
        let facts: Vec<&Fact> = sheet().facts.values().collect();
        offers(sheet(), &facts).remove(id).unwrap_or_default().iter().map(short).collect()
    }

    #[test]
    fn what_is_offered_is_true_and_the_rest_is_not_offered() {
        let vacancy = offered("lov.tx@com");
        assert!(vacancy.contains(&"gt lov.tx@epci".to_owned()) && vacancy.contains(&"rank high marked".to_owned()));
        assert!(!vacancy.iter().any(|claim| claim.starts_with("lt") || claim.contains("extreme")), "{vacancy:?}");
        assert_eq!(offered("dem.accel@com"), ["gt dem.accel@epci", "accel"]);
        let growth = offered("dem.tcam@com");
        assert!(growth.contains(&"down".to_owned()) && growth.contains(&"gt dem.tcam_prec@com".to_owned()));
        assert!(offered("log.appart@com").contains(&"share majority".to_owned()));
    }

    #[test]
    fn a_total_is_compared_with_comparable_communes_alone() {
        assert_eq!(offered("dem.pop@com"), ["gt dem.pop@sim"]);
        assert_eq!(offered("log.vac@com"), [] as [String; 0]);
    }

    #[test]
    fn nothing_is_offered_of_a_secret_nor_of_another_territory() {
        assert_eq!(offered("lov.part2@com"), [] as [String; 0]);
        assert_eq!(offered("lov.tx@epci"), [] as [String; 0]);
    }
}
