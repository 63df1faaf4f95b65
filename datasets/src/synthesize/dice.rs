//! Seeded chance: the same name gives the same numbers on every machine and with every version of every library.

/// A small generator (SplitMix64), seeded by a name.
pub struct Dice {
    state: u64,
}

impl Dice {
    /// Dice for one purpose, for instance `logement 44109`.
    pub fn named(name: &str) -> Self {
        // FNV-1a: stable, and good enough to start SplitMix64 from.
        let seed = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
        Self { state: seed }
    }

    /// A number in [0, 1).
    pub fn unit(&mut self) -> f64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let top = u32::try_from((z ^ (z >> 31)) >> 32).unwrap_or(0);
        f64::from(top) / (f64::from(u32::MAX) + 1.0)
    }

    /// True with the given probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A number in [low, high).
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number from `low` to `high`, both included.
    pub fn whole(&mut self, low: u32, high: u32) -> u32 {
        whole(f64::from(low) + (f64::from(high) - f64::from(low) + 1.0) * self.unit())
    }

    /// A normal draw.
    pub fn normal(&mut self, mean: f64, deviation: f64) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        mean + deviation * radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// A draw whose logarithm is normal.
    pub fn lognormal(&mut self, mean: f64, deviation: f64) -> f64 {
        self.normal(mean, deviation).exp()
    }

    /// An exponential draw.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// One of the choices, by weight.
    pub fn pick<T: Copy>(&mut self, choices: &[(T, f64)]) -> Option<T> {
        let mut rest = self.unit() * choices.iter().map(|(_, weight)| weight).sum::<f64>();
        choices
            .iter()
            .find(|(_, weight)| {
                rest -= weight;
                rest <= 0.0
            })
            .or(choices.last())
            .map(|(choice, _)| *choice)
    }

    /// One of the items, all alike.
    pub fn one_of<'a>(&mut self, items: &[&'a str]) -> &'a str {
        let last = u32::try_from(items.len().saturating_sub(1)).unwrap_or(0);
        items.get(self.whole(0, last) as usize).copied().unwrap_or_default()
    }
}

/// The whole part of a number that is known to be small and not negative.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the target's range first")]
pub fn whole(value: f64) -> u32 {
    value.clamp(0.0, f64::from(u32::MAX)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_name_always_gives_the_same_numbers() {
        let draw = |name| {
            (0..3)
                .map({
                    let mut dice = Dice::named(name);
                    move |_| dice.whole(0, 999)
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(draw("44109"), draw("44109"));
        assert_ne!(draw("44109"), draw("44110"));
    }

    #[test]
    fn draws_stay_where_they_are_told_to() {
        let mut dice = Dice::named("bounds");
        for _ in 0..2_000 {
            assert!((3..=5).contains(&dice.whole(3, 5)));
            assert!((0.2..0.4).contains(&dice.between(0.2, 0.4)));
        }
        let mean = (0..4_000).map(|_| dice.normal(10.0, 2.0)).sum::<f64>() / 4_000.0;
        assert!((mean - 10.0).abs() < 0.2, "{mean}");
    }
}
