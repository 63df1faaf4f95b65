//! What an answer costs.

use super::answer::Usage;

/// List price in dollar cents per million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelPrice {
    pub input_cents: u32,
    pub output_cents: u32,
}

/// Prices of the vendor's page, November 2026.
const LIST: [(&str, ModelPrice); 3] = [
    ("claude-sonnet-4-6", ModelPrice { input_cents: 300, output_cents: 1_500 }),
    ("claude-sonnet-5", ModelPrice { input_cents: 200, output_cents: 1_000 }),
    ("claude-sonnet-4-5", ModelPrice { input_cents: 300, output_cents: 1_500 }),
];

impl ModelPrice {
    /// The list price of a model, when it is known.
    #[must_use]
    pub fn of(model: &str) -> Option<Self> {
        LIST.iter().find(|(name, _)| *name == model).map(|(_, price)| *price)
    }

    /// Millionths of a dollar, rounded up. Writing the hour's cache costs twice the input price, reading it a tenth.
    pub(super) fn cost_micro_usd(self, usage: &Usage) -> i64 {
        // Wide enough for any count that a mistaken vendor could send.
        let [input, written, read, output] =
            [usage.input_tokens, usage.cache_creation_input_tokens, usage.cache_read_input_tokens, usage.output_tokens]
                .map(u128::from);
        let tenths = (input * 10 + written * 20 + read) * u128::from(self.input_cents)
            + output * 10 * u128::from(self.output_cents);
        // A cent per million tokens is a hundredth of a millionth of a dollar per token.
        i64::try_from(tenths.div_ceil(1_000)).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_tokens_in_and_out_cost_the_list_price() {
        let price = ModelPrice::of("claude-sonnet-4-6").unwrap();
        let usage = |input_tokens, output_tokens, written, read| Usage {
            input_tokens,
            output_tokens,
            cache_creation_input_tokens: written,
            cache_read_input_tokens: read,
        };
        assert_eq!(price.cost_micro_usd(&usage(1_000_000, 0, 0, 0)), 3_000_000);
        assert_eq!(price.cost_micro_usd(&usage(0, 1_000_000, 0, 0)), 15_000_000);
        assert_eq!(price.cost_micro_usd(&usage(0, 0, 1_000_000, 0)), 6_000_000);
        assert_eq!(price.cost_micro_usd(&usage(0, 0, 0, 1_000_000)), 300_000);
        assert_eq!(price.cost_micro_usd(&usage(0, 0, 0, 1)), 1);
    }

    #[test]
    fn counts_beyond_reason_cost_beyond_reason() {
        let usage = Usage { input_tokens: u64::MAX, output_tokens: u64::MAX, ..Usage::default() };
        assert_eq!(ModelPrice::of("claude-sonnet-5").unwrap().cost_micro_usd(&usage), i64::MAX);
    }

    #[test]
    fn an_unknown_model_has_no_price() {
        assert_eq!(ModelPrice::of("claude-sonnet-4.6"), None);
    }
}
