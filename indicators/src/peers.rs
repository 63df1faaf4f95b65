//! Comparable communes: the same size class and the same group of ABC zones, and where a commune stands among them.

use domain::fact::{Fact, Peer};
use rust_decimal::Decimal;

/// Limits of the size classes, in inhabitants.
pub const SIZE_LIMITS: [i64; 9] = [200, 500, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000];
/// Below this number the group is widened, then given up.
pub const MIN_PEERS: usize = 30;

/// A commune that may be compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub code: String,
    pub population: i64,
    /// ABC zone, where known.
    pub zone: Option<String>,
}

/// The position of a commune among its peers.
pub type Standing = Peer;

/// The class of a population, 0 for fewer than 200 inhabitants.
#[must_use]
pub fn size_class(population: i64) -> usize {
    SIZE_LIMITS.iter().filter(|limit| population >= **limit).count()
}

/// Abis and A are one group: both are the tensest.
fn zone_group(zone: Option<&str>) -> Option<&str> {
    zone.map(|zone| if zone == "Abis" { "A" } else { zone })
}

/// What makes communes comparable, from the closest kinship to the loosest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kinship {
    /// The same size class and the same group of zones.
    SizeAndZone,
    /// The same size class.
    Size,
    /// The same size class or the one beside it.
    NearSize,
}

/// The comparable communes and why they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Peers {
    /// The commune itself included; empty when fewer than thirty can be found.
    pub codes: Vec<String>,
    /// `None` without peers.
    pub kinship: Option<Kinship>,
}

/// First the same class and zone group, then the class alone, then the class with the next smaller one (the next
/// larger for the smallest communes).
#[must_use]
pub fn choose(candidates: &[Candidate], population: i64, zone: Option<&str>) -> Peers {
    let class = size_class(population);
    let adjacent = if class == 0 { 1 } else { class - 1 };
    let in_class = |candidate: &Candidate| size_class(candidate.population) == class;
    let is_kin = |kinship: Kinship, candidate: &Candidate| match kinship {
        Kinship::SizeAndZone => in_class(candidate) && zone_group(candidate.zone.as_deref()) == zone_group(zone),
        Kinship::Size => in_class(candidate),
        Kinship::NearSize => in_class(candidate) || size_class(candidate.population) == adjacent,
    };
    [Kinship::SizeAndZone, Kinship::Size, Kinship::NearSize]
        .into_iter()
        .map(|kinship| {
            let kin = candidates.iter().filter(|candidate| is_kin(kinship, candidate));
            Peers { codes: kin.map(|candidate| candidate.code.clone()).collect(), kinship: Some(kinship) }
        })
        .find(|peers| peers.codes.len() >= MIN_PEERS)
        .unwrap_or_default()
}

/// Quartiles of the peers and the percentile of `own` among them (ties count half); `None` below thirty values.
#[must_use]
pub fn standing(mut values: Vec<Decimal>, own: Option<Decimal>) -> Option<Standing> {
    if values.len() < MIN_PEERS {
        return None;
    }
    values.sort_unstable();
    let n = u32::try_from(values.len()).ok()?;
    let percentile = own.map_or(50, |own| {
        let below = values.partition_point(|value| *value < own);
        let not_above = values.partition_point(|value| *value <= own);
        (50 * (below + not_above) + values.len() / 2) / values.len()
    });
    Some(Peer {
        n,
        p25: quantile(&values, 25)?,
        p50: quantile(&values, 50)?,
        p75: quantile(&values, 75)?,
        pct: u32::try_from(percentile).ok()?,
    })
}

/// |robust z| of a fact of the commune: its distance to the peers' median in units of their interquartile range; `None`
/// without peers, or when they do not spread.
#[must_use]
pub fn apart(fact: &Fact) -> Option<Decimal> {
    let (value, peer) = (fact.value?, fact.peer.as_ref()?);
    (peer.p75 > peer.p25).then(|| ((value - peer.p50) / (peer.p75 - peer.p25)).abs())
}

/// The quantile of sorted values, interpolated between neighbours as PostgreSQL's `percentile_cont` does.
fn quantile(sorted: &[Decimal], percent: usize) -> Option<Decimal> {
    let last = sorted.len().checked_sub(1)?;
    let position = last * percent;
    let (index, rest) = (position / 100, position % 100);
    let low = *sorted.get(index)?;
    let high = *sorted.get((index + 1).min(last))?;
    Some(low + (high - low) * Decimal::new(i64::try_from(rest).ok()?, 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn village(number: usize, population: i64, zone: &str) -> Candidate {
        Candidate { code: format!("{number:05}"), population, zone: Some(zone.to_owned()) }
    }

    #[test]
    fn classes_start_at_their_limit() {
        assert_eq!([0, 199, 200, 499, 1_999, 2_000, 199_999, 200_000].map(size_class), [0, 0, 1, 1, 2, 3, 8, 9]);
    }

    #[test]
    fn peers_share_size_and_zone_while_thirty_are_left() {
        let mut all: Vec<_> = (0..40).map(|n| village(n, 600, if n < 30 { "C" } else { "B2" })).collect();
        let chosen = |all: &[Candidate], zone| {
            let peers = choose(all, 700, Some(zone));
            (peers.codes.len(), peers.kinship)
        };
        assert_eq!(chosen(&all, "C"), (30, Some(Kinship::SizeAndZone)));
        assert_eq!(chosen(&all, "B2"), (40, Some(Kinship::Size)), "ten in the zone: the zone is dropped");
        all.truncate(20);
        all.extend((100..115).map(|n| village(n, 300, "A")));
        assert_eq!(chosen(&all, "C"), (35, Some(Kinship::NearSize)), "twenty in the class: the class below joins");
        all.truncate(25);
        assert_eq!(chosen(&all, "C"), (0, None), "twenty-five in all: no comparison");
    }

    #[test]
    fn one_to_hundred_and_one_have_quartiles_26_51_76() {
        let values: Vec<_> = (1..=101).map(Decimal::from).collect();
        let place = standing(values, Some(Decimal::from(91))).unwrap();
        assert_eq!((place.p25, place.p50, place.p75), (26.into(), 51.into(), 76.into()));
        assert_eq!((place.n, place.pct), (101, 90));
    }

    #[test]
    fn equal_communes_all_stand_in_the_middle() {
        assert_eq!(standing(vec![Decimal::ONE; 40], Some(Decimal::ONE)).unwrap().pct, 50);
        assert_eq!(standing(vec![Decimal::ONE; 29], Some(Decimal::ONE)), None);
    }
}
