//! Strengths, weaknesses, opportunities and threats: candidates found by rule, each with the figure that it rests on.
//! Where too few communes are comparable the département stands in for them.

use domain::fact::{Fact, ScopeKind};
use indicators::fact_id;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

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
    let mut found: Vec<(Found<'_>, &str)> =
        candidates.iter().filter_map(|(id, stands, words)| Some((found(press, id, *stands)?, *words))).collect();
    found.sort_by_key(|(found, _)| std::cmp::Reverse(found.distance));
    let points = found.into_iter().take(4).map(|(found, words)| {
        let words = (words.to_owned(), found.words.to_owned());
        Ok(Point { label: words.0, figure: press.figure(&found.fact.id)?, words: words.1 })
    });
    let points = points.collect::<Result<_, PageError>>()?;
    Ok(Item::Points { title, mark, points, none: "Rien qui tranche parmi les territoires de comparaison." })
}

/// A candidate that holds: how far from the middle, and where it stands in words.
struct Found<'a> {
    fact: &'a Fact,
    distance: u32,
    words: &'static str,
}

fn found<'a>(press: &Press<'a>, id: &str, stands: Stands) -> Option<Found<'a>> {
    let fact = press.find(&fact_id(id, None, ScopeKind::Com)).filter(|fact| fact.status.is_citable())?;
    if let Some(peer) = &fact.peer {
        return holds(stands, peer.pct).then(|| Found {
            fact,
            distance: peer.pct.abs_diff(50),
            words: in_words(peer.pct),
        });
    }
    let (own, wider) = (fact.value?, press.find(&fact_id(id, None, ScopeKind::Dep))?.value?);
    // A tenth of the département’s figure apart: less would not be seen.
    let gap = (own - wider).abs().checked_div(wider.abs())?;
    let apart = gap >= Decimal::new(1, 1) && (own > wider) == (stands == High);
    let distance = (gap.min(Decimal::ONE) * Decimal::from(25)).round().to_u32()?;
    apart.then_some(Found {
        fact,
        distance,
        words: if own > wider { "au-dessus du département" } else { "au-dessous du département" },
    })
}

fn holds(stands: Stands, percentile: u32) -> bool {
    match stands {
        High => percentile >= 75,
        Low => percentile <= 25,
    }
}
