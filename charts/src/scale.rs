//! From data to drawing: linear scales and round ticks.

/// A linear map from data to pixels.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    data: (f64, f64),
    pixels: (f64, f64),
}

impl Scale {
    /// A degenerate domain is widened, so that a lone value stands in the middle.
    pub fn new(data: (f64, f64), pixels: (f64, f64)) -> Self {
        let (low, high) = data;
        let data = if high - low > f64::EPSILON { data } else { (low - 1.0, high + 1.0) };
        Self { data, pixels }
    }

    pub fn at(&self, value: f64) -> f64 {
        let share = (value - self.data.0) / (self.data.1 - self.data.0);
        self.pixels.0 + share * (self.pixels.1 - self.pixels.0)
    }
}

/// Round ticks: the step is 1, 2, 2.5 or 5 times a power of ten.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticks {
    pub values: Vec<f64>,
    /// Digits after the comma that tell the ticks apart.
    pub decimals: usize,
}

impl Ticks {
    /// About `wanted` ticks whose first and last enclose `low..=high`.
    pub fn around(low: f64, high: f64, wanted: u32) -> Self {
        // Below a millionth of the values themselves, steps would drown in the precision of numbers.
        let finest = nice_step(low.abs().max(high.abs()) * 1e-6);
        let step = nice_step((high - low) / f64::from(wanted.max(1))).max(finest);
        let decimals = decimals_of(step);
        let (first, last) = ((low / step + 1e-9).floor(), (high / step - 1e-9).ceil());
        let mut values = vec![];
        let mut k = first;
        while k <= last.max(first + 1.0) {
            values.push(k * step);
            k += 1.0;
        }
        Self { values, decimals }
    }

    pub fn span(&self) -> (f64, f64) {
        let first = self.values.first().copied().unwrap_or(0.0);
        (first, self.values.last().copied().unwrap_or(first + 1.0))
    }
}

/// A number of marks, to reckon with.
#[expect(clippy::cast_precision_loss, reason = "marks of one drawing are few")]
pub fn count(marks: usize) -> f64 {
    marks as f64
}

/// The room of each of `marks` neighbours.
pub fn pitch(room: f64, marks: usize) -> f64 {
    room / count(marks.max(1))
}

/// The least and the greatest of `values`; `None` when there are none.
pub fn extent(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |span, v| Some(span.map_or((v, v), |(low, high): (f64, f64)| (low.min(v), high.max(v)))))
}

/// The smallest round step that is not under `raw`.
pub fn nice_step(raw: f64) -> f64 {
    if !raw.is_finite() || raw <= 0.0 {
        return 1.0;
    }
    let power = 10f64.powf(raw.log10().floor());
    let lead = raw / power;
    let nice = [1.0, 2.0, 2.5, 5.0].into_iter().find(|n| lead <= n + 1e-9).unwrap_or(10.0);
    nice * power
}

/// Digits after the comma that a multiple of `step` may need, three at most.
pub fn decimals_of(step: f64) -> usize {
    (0..3usize)
        .find(|&d| {
            let shifted = step * [1.0, 10.0, 100.0][d];
            (shifted - shifted.round()).abs() < 1e-6
        })
        .unwrap_or(3)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn steps_are_round() {
        for (raw, nice) in [(0.7, 1.0), (1.1, 2.0), (2.2, 2.5), (30.0, 50.0), (6.0, 10.0), (0.0, 1.0)] {
            assert!((nice_step(raw) - nice).abs() < 1e-9, "{raw}");
        }
        assert_eq!((decimals_of(0.25), decimals_of(2.5), decimals_of(500.0)), (2, 1, 0));
    }

    #[test]
    fn values_that_differ_by_less_than_numbers_can_tell_still_have_few_ticks() {
        assert!(Ticks::around(1e9, 1e9 + 1e-6, 4).values.len() < 10);
        assert!(Ticks::around(1e9, 1e9, 4).values.len() < 10);
    }

    proptest! {
        #[test]
        fn ticks_enclose_their_data(low in -1e5..1e5f64, width in 1e-2..1e5f64, wanted in 2u32..8) {
            let ticks = Ticks::around(low, low + width, wanted);
            let (first, last) = ticks.span();
            prop_assert!(first <= low + 1e-6 && last >= low + width - 1e-6);
            prop_assert!(ticks.values.len() <= 2 * usize::try_from(wanted)? + 3);
        }

        #[test]
        fn a_scale_keeps_order(a in -1e6..1e6f64, b in -1e6..1e6f64) {
            let scale = Scale::new((-1e6, 1e6), (0.0, 500.0));
            prop_assert_eq!(a < b, scale.at(a) < scale.at(b));
        }
    }
}
