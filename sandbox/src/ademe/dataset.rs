//! The data sets: two that we double, others that exist.

use super::Refusal;

/// A data set that we double; both have the same columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dataset {
    /// Certificates of existing dwellings.
    Existing,
    /// Certificates of new dwellings.
    New,
}

/// Data sets with other columns.
const OTHERS: [&str; 3] = ["dpe01tertiaire", "dpe-france", "dpe-tertiaire"];

impl Dataset {
    /// The public id.
    pub fn id(self) -> &'static str {
        match self {
            Self::Existing => "dpe03existant",
            Self::New => "dpe02neuf",
        }
    }

    /// By public or internal id.
    pub fn named(id: &str) -> Option<Self> {
        match id {
            "dpe03existant" | "meg-83tjwtg8dyz4vv7h1dqe" => Some(Self::Existing),
            "dpe02neuf" => Some(Self::New),
            _ => None,
        }
    }

    /// Lines in the whole country: of existing dwellings as counted in August 2026, of new ones a guess.
    pub fn lines(self) -> u64 {
        match self {
            Self::Existing => 15_301_407,
            Self::New => 1_900_000,
        }
    }
}

/// The data set of a path.
pub fn find(id: &str) -> Result<Dataset, Refusal> {
    match Dataset::named(id) {
        Some(dataset) => Ok(dataset),
        None if OTHERS.contains(&id) => Err(Refusal::not_doubled(format!("the data set {id}"))),
        None => Err(Refusal::not_found(format!("Jeu de données {id} introuvable"))),
    }
}
