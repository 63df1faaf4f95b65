//! Where the commune stands among those that are comparable: five bands of its percentile, of which four have words.

use narrative::Claim;

use super::subject::{Subject, cited};

/// What can be said of a rank.
pub struct Level {
    /// « compte parmi les plus élevées », « est faible », « est dans la moyenne des communes comparables ».
    pub predicate: String,
    /// « , pour une médiane de {…} dans les communes comparables »
    pub median: String,
    pub claim: Claim,
}

impl Level {
    /// Whether nothing sets the commune apart.
    pub fn is_middle(&self) -> bool {
        self.claim.band.as_deref() == Some("middle")
    }
}

/// The ways to say a level; none without peers, or between two bands.
pub fn level(subject: &Subject<'_>) -> Vec<Level> {
    let Some((peer, median)) = subject.own.peer.as_ref().zip(subject.peers) else { return vec![] };
    if subject.own.signed {
        return vec![];
    }
    let e = if subject.name.is_feminine() { "e" } else { "" };
    let (side, band, predicates) = match peer.pct {
        0..=10 => ("low", "extreme", vec!["compte parmi les plus faibles".to_owned()]),
        11..=25 => ("low", "marked", vec!["est faible".to_owned(), format!("est limité{e}")]),
        40..=60 => ("", "middle", vec!["est dans la moyenne".to_owned(), "se situe dans la moyenne".to_owned()]),
        75..=89 => ("high", "marked", vec![format!("est élevé{e}"), format!("est important{e}")]),
        90.. => ("high", "extreme", vec![format!("compte parmi les plus élevé{e}s")]),
        _ => return vec![],
    };
    let median = if band == "middle" {
        format!(" des communes comparables, dont la médiane est de {}", cited(median))
    } else {
        format!(", pour une médiane de {} dans les communes comparables", cited(median))
    };
    let claim = Claim {
        op: "rank".to_owned(),
        a: subject.own.id.clone(),
        b: None,
        side: (!side.is_empty()).then(|| side.to_owned()),
        band: Some(band.to_owned()),
    };
    predicates.into_iter().map(|predicate| Level { predicate, median: median.clone(), claim: claim.clone() }).collect()
}
