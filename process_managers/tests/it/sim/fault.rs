//! What can go wrong at an await of a port, and when it does.

use std::collections::BTreeMap;

use super::chance::Chance;

/// A worker that is silent for so long is taken for dead, and its job given to another.
pub const MISSED_AFTER: i64 = 20_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    FailBefore,
    /// Done, and told failed.
    FailAfter,
    CrashBefore,
    CrashAfter,
    /// Milliseconds.
    Delay(i64),
    /// So slow that the job is given to another worker, while this one still goes on.
    Stall,
}

impl Fault {
    /// Those that pairs are made of.
    pub const HARD: [Self; 5] = [Self::FailBefore, Self::FailAfter, Self::CrashBefore, Self::CrashAfter, Self::Stall];
}

/// Who decides about the next await.
pub enum Weather {
    /// Percent of awaits that go wrong.
    Seeded(u64),
    /// By the number of the side effect, counted from the start.
    Planned(BTreeMap<usize, Fault>),
    /// The first time that a port is awaited at this place.
    At(&'static str, Fault),
}

impl Weather {
    /// `effect` is the number of a side effect, none for a mere look; `struck` tells whether a fault was before.
    pub fn strikes(&self, chance: &mut Chance, place: &str, effect: Option<usize>, struck: bool) -> Option<Fault> {
        match self {
            Self::At(at, fault) => (*at == place && !struck).then_some(*fault),
            Self::Planned(plan) => plan.get(&effect?).copied(),
            Self::Seeded(percent) if chance.percent(*percent) => Some(match chance.below(10) {
                0..=2 => Fault::FailBefore,
                3..=4 => Fault::FailAfter,
                5 => Fault::CrashBefore,
                6 => Fault::CrashAfter,
                7..=8 => Fault::Delay(1 + i64::try_from(chance.below(9_000)).unwrap()),
                _ => Fault::Stall,
            }),
            Self::Seeded(_) => None,
        }
    }
}
