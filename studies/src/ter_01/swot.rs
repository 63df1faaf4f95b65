//! Strengths, weaknesses, opportunities and threats: candidates found by rule, each with the figure that it rests on.

use domain::fact::{Fact, Peer, ScopeKind};
use indicators::fact_id;

use crate::exhibits::in_words;
use crate::pages::{Item, PageError, Point, Press};

/// Where the commune must stand among its peers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// In the upper quarter.
    High,
    /// In the lower quarter.
    Low,
}

/// A candidate: an indicator, where it must stand, and how the finding is named.
type Candidate = (&'static str, Stands, &'static str);

use Stands::{High, Low};

const STRENGTHS: &[Candidate] = &[
    ("fil.med", High, "Des niveaux de vie hauts"),
    ("fil.tp60", Low, "Une pauvreté monétaire basse"),
    ("lov.tx2", Low, "Une vacance de longue durée basse"),
    ("bpe.gamme[prox]", High, "Une gamme de proximité fournie"),
    ("rpp.dens[mg]", High, "Une présence de médecins généralistes haute"),
    ("log.suroccup", Low, "Une suroccupation basse"),
    ("rpl.tx", High, "Un parc social fourni"),
];

const WEAKNESSES: &[Candidate] = &[
    ("fil.tp60", High, "Une pauvreté monétaire haute"),
    ("fil.med", Low, "Des niveaux de vie bas"),
    ("lov.tx2", High, "Une vacance de longue durée haute"),
    ("bpe.gamme[prox]", Low, "Une gamme de proximité réduite"),
    ("rpp.dens[mg]", Low, "Une présence de médecins généralistes basse"),
    ("dpe.fg", High, "Des certificats énergétiques souvent classés F ou G"),
    ("log.suroccup", High, "Une suroccupation haute"),
];

const OPPORTUNITIES: &[Candidate] = &[
    ("dem.tcam", High, "Une variation de population parmi les plus hautes"),
    ("dem.solde_mig", High, "Un solde des arrivées et des départs haut"),
    ("sit.tx", High, "Une construction soutenue"),
    ("dem.age[0014]", High, "Une part d’enfants haute"),
    ("log.tx_vac", High, "Un parc vacant à remobiliser"),
];

const THREATS: &[Candidate] = &[
    ("dem.tcam", Low, "Une variation de population parmi les plus basses"),
    ("dem.solde_nat", Low, "Un solde naturel bas"),
    ("dem.vieillissement", High, "Un indice de vieillissement haut"),
    ("log.tx_rs", High, "Une part de résidences secondaires haute"),
    ("dvf.evol5[mais]", High, "Des prix des maisons en forte variation"),
    ("log.av1971", High, "Un parc ancien, antérieur aux règles thermiques"),
];

/// The four lists, in the order of a page: strengths and weaknesses, opportunities and threats.
///
/// # Errors
/// When the sheet loses a figure between two looks.
pub fn quarters(press: &mut Press<'_>) -> Result<[Item; 4], PageError> {
    Ok([
        points(press, "Forces", "force", STRENGTHS)?,
        points(press, "Fragilités", "faiblesse", WEAKNESSES)?,
        points(press, "Opportunités", "opportunite", OPPORTUNITIES)?,
        points(press, "Points de vigilance", "menace", THREATS)?,
    ])
}

/// At most four, the farthest from the middle first.
fn points(
    press: &mut Press<'_>,
    title: &'static str,
    mark: &'static str,
    candidates: &[Candidate],
) -> Result<Item, PageError> {
    let mut found: Vec<(&Fact, &Peer, &str)> = candidates
        .iter()
        .filter_map(|(id, stands, words)| {
            let fact = press.find(&fact_id(id, None, ScopeKind::Com))?;
            let peer = fact.peer.as_ref().filter(|peer| fact.status.is_citable() && holds(*stands, peer.pct))?;
            Some((fact, peer, *words))
        })
        .collect();
    found.sort_by_key(|(_, peer, _)| std::cmp::Reverse(peer.pct.abs_diff(50)));
    let points = found.into_iter().take(4).map(|(fact, peer, words)| {
        let (label, words) = (words.to_owned(), in_words(peer.pct).to_owned());
        Ok(Point { label, figure: press.figure(&fact.id)?, words })
    });
    let points = points.collect::<Result<_, PageError>>()?;
    Ok(Item::Points { title, mark, points, none: "Rien qui tranche parmi les communes comparables." })
}

fn holds(stands: Stands, percentile: u32) -> bool {
    match stands {
        High => percentile >= 75,
        Low => percentile <= 25,
    }
}
