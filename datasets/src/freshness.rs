//! How old a source is against the rhythm at which its producer publishes, in words an operator understands at once.

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};

use crate::dataset::last_year;

/// Days that a producer may be late before a source counts as old.
const GRACE: i64 = 90;
/// Years between what a file describes and its publication, at most: censuses take three, surveys of income four.
const LAG: i32 = 4;
/// More years than that, and a newer edition is certainly there.
const LONG_LAG: i32 = 6;

/// Whether a newer edition should exist by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Freshness {
    /// Loaded within one rhythm of its producer.
    Current,
    /// A newer edition is probably there.
    Due,
    /// A newer edition is certainly there, unless the producer stopped.
    Old,
    /// Nobody publishes it at regular times.
    Irregular,
}

impl Freshness {
    /// One or two words, in French.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Current => "à jour",
            Self::Due => "à renouveler",
            Self::Old => "périmé",
            Self::Irregular => "sans échéance",
        }
    }
}

/// Judges a source of that vintage loaded at `loaded`, whose dataset's rhythm is told in French (`Dataset::rhythm`).
#[must_use]
pub fn freshness(rhythm: &str, millesime: &str, loaded: DateTime<Utc>, now: DateTime<Utc>) -> Freshness {
    let Some(days) = days(rhythm) else { return Freshness::Irregular };
    let by_age = |from: DateTime<Utc>| {
        // What appears daily or monthly is not late by a season, only by as long again.
        let (age, grace) = (now - from, GRACE.min(days));
        if age <= TimeDelta::days(days) {
            Freshness::Current
        } else if age <= TimeDelta::days(days + grace) {
            Freshness::Due
        } else {
            Freshness::Old
        }
    };
    // An edition that tells its day is judged by it; another by its year, and by the day it was loaded.
    if let Some(day) = NaiveDate::parse_from_str(millesime, "%Y-%m-%d").ok().and_then(|day| day.and_hms_opt(0, 0, 0)) {
        return by_age(day.and_utc());
    }
    let lag = last_year(millesime).and_then(|year| year.parse().ok()).map_or(0, |year: i32| now.year() - year);
    let by_year = match lag {
        lag if lag > LONG_LAG => Freshness::Old,
        lag if lag > LAG => Freshness::Due,
        _ => Freshness::Current,
    };
    by_year.max(by_age(loaded))
}

/// « il y a trois mois » rather than a date to subtract.
#[must_use]
pub fn age_in_words(loaded: DateTime<Utc>, now: DateTime<Utc>) -> String {
    match (now - loaded).num_days() {
        ..=0 => "aujourd’hui".to_owned(),
        1 => "hier".to_owned(),
        days @ 2..=59 => format!("il y a {days} jours"),
        days @ 60..=729 => format!("il y a {} mois", days / 30),
        days => format!("il y a {} ans", days / 365),
    }
}

/// The days between two editions.
fn days(rhythm: &str) -> Option<i64> {
    let first = rhythm.split([',', ' ']).next().unwrap_or_default();
    match first {
        "quotidien" => Some(7),
        "mensuel" => Some(31),
        "trimestriel" => Some(92),
        "semestriel" => Some(184),
        "annuel" => Some(366),
        "tous" => Some(5 * 366),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DATASETS;

    #[test]
    fn age_is_judged_by_the_rhythm_of_the_producer() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap_or_default();
        let judged = |rhythm, days| freshness(rhythm, "2026", now - TimeDelta::days(days), now);
        assert_eq!(judged("annuel, juin", 200), Freshness::Current);
        assert_eq!(judged("annuel, juin", 400), Freshness::Due);
        assert_eq!(judged("annuel, juin", 500), Freshness::Old);
        assert_eq!(judged("quotidien", 10), Freshness::Due);
        assert_eq!(judged("quotidien", 20), Freshness::Old);
        assert_eq!(judged("à chaque arrêté", 5_000), Freshness::Irregular);
        let today = |rhythm, millesime| freshness(rhythm, millesime, now, now);
        assert_eq!(now.year(), 2027);
        assert_eq!(
            today("annuel, juin", "2023"),
            Freshness::Current,
            "a census of three years ago is the newest there is"
        );
        assert_eq!(today("annuel, juin", "2021"), Freshness::Due);
        assert_eq!(
            today("semestriel, avril et octobre", "2014-2017"),
            Freshness::Old,
            "loaded today, and old all the same"
        );
        assert_eq!(today("quotidien", "2027-01-14"), Freshness::Current);
        assert_eq!(today("quotidien", "2026-10-15"), Freshness::Old);
        assert_eq!(age_in_words(now - TimeDelta::days(100), now), "il y a 3 mois");
        assert_eq!(age_in_words(now, now), "aujourd’hui");
    }

    #[test]
    fn every_dataset_has_a_rhythm_that_is_understood() {
        for dataset in DATASETS {
            let told = days(dataset.rhythm).is_some() || dataset.rhythm.starts_with("à chaque");
            assert!(told, "{}: « {} »", dataset.name, dataset.rhythm);
        }
    }
}
