//! What becomes of the n-th order: drawn from the seed, so that the same seed tells the same story.

use sha2::{Digest as _, Sha256};
use uuid::Uuid;

/// Where an order ends. None stays unpaid with an open page: the upkeep would ask the vendor about it for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    /// Opened, let go, opened again, let go.
    Expired,
    Cancelled,
    /// Paid another amount than the price.
    Held,
    /// Paid; the report could not be made.
    Failed,
    Delivered,
    /// Delivered, then the money went back.
    Refunded,
    /// Delivered, then contested at the bank and won.
    Disputed,
}

/// The chances of one order.
pub(super) struct Dice([u8; 32]);

impl Dice {
    pub fn of(seed: u64, n: u64) -> Self {
        Self(Sha256::digest(format!("{seed}:{n}")).into())
    }

    pub fn order(&self) -> Uuid {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.0[16..]);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// A number below `bound`, another one for each `which` below 8.
    pub fn roll(&self, which: usize, bound: usize) -> usize {
        let [high, low] = [self.0[2 * which], self.0[2 * which + 1]];
        usize::from(u16::from_be_bytes([high, low])) % bound
    }

    pub fn fate(&self) -> Fate {
        match self.roll(0, 100) {
            0..7 => Fate::Expired,
            7..10 => Fate::Cancelled,
            10..12 => Fate::Held,
            12..14 => Fate::Failed,
            14..17 => Fate::Refunded,
            17..18 => Fate::Disputed,
            _ => Fate::Delivered,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_seed_tells_one_story_and_every_fate_is_in_it() {
        let orders = |seed| (0..1_000).map(move |n| Dice::of(seed, n)).map(|dice| (dice.order(), dice.fate()));
        assert!(orders(1).eq(orders(1)), "the same seed tells another story");
        let mut fates = BTreeMap::new();
        for (order, fate) in orders(1) {
            assert!(orders(2).all(|(other, _)| other != order), "two seeds share an order");
            *fates.entry(fate).or_insert(0) += 1;
        }
        assert_eq!(fates.len(), 7, "{fates:?}");
        assert!(fates[&Fate::Delivered] > 750, "{fates:?}");
    }
}
