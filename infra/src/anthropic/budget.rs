//! The tab of one question: no sum of attempts, with what its order’s earlier questions took, may cost more than the budget.
//!
//! The vendor bills every answer that it began, and tells of it only in the answer. So an attempt counts in full from the
//! moment it is made, until its answer proves that it cost less or nothing.

use std::sync::{Mutex, PoisonError};

use domain::ports::PortError;

use super::{ModelPrice, SERVICE, answer::Usage};

/// What a question has cost, and might have cost.
pub(super) struct Tab {
    price: ModelPrice,
    /// What is left for this question.
    budget_micro_usd: i64,
    /// Tokens of the question, never fewer than the vendor will count.
    input_tokens: u64,
    sums: Mutex<Sums>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Sums {
    /// Attempts whose outcome is unknown, at their dearest.
    pub at_risk_micro_usd: i64,
    /// Answers that came.
    pub spent_micro_usd: i64,
    pub input_tokens: u64,
    pub output_tokens: u64,
}

impl Tab {
    /// `gone_micro_usd`: what earlier questions of the order took of its budget.
    pub fn open(price: ModelPrice, budget_cents: u32, gone_micro_usd: i64, input_tokens: u64) -> Self {
        let budget_micro_usd = (i64::from(budget_cents) * 10_000).saturating_sub(gone_micro_usd);
        Self { price, budget_micro_usd, input_tokens, sums: Mutex::default() }
    }

    /// The dearest that one attempt can be: everything is written to the cache, and every token allowed is used.
    pub fn dearest(&self, max_tokens: u32) -> i64 {
        let usage = Usage {
            cache_creation_input_tokens: self.input_tokens,
            output_tokens: max_tokens.into(),
            ..Usage::default()
        };
        self.price.cost_micro_usd(&usage)
    }

    /// Whether one more attempt fits, even if it were to cost the most.
    pub fn affords(&self, max_tokens: u32) -> bool {
        self.check(max_tokens).is_ok()
    }

    /// # Errors
    /// `Refused` when one more attempt might cost more than what is left.
    pub fn check(&self, max_tokens: u32) -> Result<(), PortError> {
        let sums = self.sums();
        let (dearest, gone) = (self.dearest(max_tokens), sums.at_risk_micro_usd.saturating_add(sums.spent_micro_usd));
        if gone.saturating_add(dearest) <= self.budget_micro_usd {
            return Ok(());
        }
        metrics::counter!("lobster_model_budget_refusals_total").increment(1);
        Err(PortError::Refused {
            service: SERVICE,
            message: format!(
                "not asked: {} tokens in and {max_tokens} out may cost {dearest} millionths of a dollar, and {} are left \
                 to the order (LOBSTER_ANTHROPIC_BUDGET_PER_ORDER)",
                self.input_tokens,
                self.budget_micro_usd.saturating_sub(gone)
            ),
        })
    }

    /// An attempt is made.
    ///
    /// # Errors
    /// As for [`Tab::check`]; then it may not be made.
    pub fn ask(&self, max_tokens: u32) -> Result<(), PortError> {
        self.check(max_tokens)?;
        let dearest = self.dearest(max_tokens);
        self.change(|sums| sums.at_risk_micro_usd = sums.at_risk_micro_usd.saturating_add(dearest));
        Ok(())
    }

    /// Its answer came, with its bill; an error is free.
    pub fn settle(&self, max_tokens: u32, usage: &Usage) {
        let (dearest, cost) = (self.dearest(max_tokens), self.price.cost_micro_usd(usage));
        self.change(|sums| {
            sums.at_risk_micro_usd = sums.at_risk_micro_usd.saturating_sub(dearest);
            sums.spent_micro_usd = sums.spent_micro_usd.saturating_add(cost);
            sums.input_tokens = sums.input_tokens.saturating_add(usage.all_input());
            sums.output_tokens = sums.output_tokens.saturating_add(usage.output_tokens);
        });
        metrics::counter!("lobster_model_cost_micro_usd_total").increment(cost.unsigned_abs());
    }

    /// An error came, which is free.
    pub fn forget(&self, max_tokens: u32) {
        self.settle(max_tokens, &Usage::default());
    }

    pub fn sums(&self) -> Sums {
        self.sums.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut Sums)) {
        change(&mut self.sums.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// More tokens than the vendor will count: French and figures take three bytes and more for each.
pub(super) fn at_most_tokens(bytes: usize) -> u64 {
    (bytes as u64).div_ceil(2)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PRICE: ModelPrice = ModelPrice { input_cents: 300, output_cents: 1_500 };

    #[test]
    fn attempts_that_may_have_been_billed_use_up_the_budget() {
        // 10,000 tokens written to the cache cost 6 cents, 6,000 tokens out cost 9.
        let tab = Tab::open(PRICE, 50, 0, 10_000);
        assert_eq!(tab.dearest(6_000), 150_000);
        for _ in 0..3 {
            tab.ask(6_000).unwrap();
        }
        assert!(!tab.affords(6_000), "5 cents are left");
        tab.forget(6_000);
        assert!(tab.affords(6_000), "an error was free");
        tab.settle(6_000, &Usage { input_tokens: 10_000, output_tokens: 1_000, ..Usage::default() });
        assert_eq!((tab.sums().spent_micro_usd, tab.sums().at_risk_micro_usd), (45_000, 150_000));
        assert!(tab.affords(6_000) && !tab.affords(60_000));
    }

    proptest! {
        #[test]
        fn no_sequence_of_attempts_costs_more_than_the_budget(
            budget in 1_u32..200, gone in 0_i64..2_500_000, input in 0_u64..200_000, outcomes in prop::collection::vec((0_u8..3, 1_u32..64_000), 0..40)
        ) {
            let tab = Tab::open(PRICE, budget, gone, input);
            let mut billed = 0;
            for (outcome, max_tokens) in outcomes {
                if tab.ask(max_tokens).is_err() {
                    continue;
                }
                match outcome {
                    0 => tab.forget(max_tokens),
                    1 => {
                        let usage = Usage { cache_creation_input_tokens: input, output_tokens: max_tokens.into(), ..Usage::default() };
                        tab.settle(max_tokens, &usage);
                        billed += PRICE.cost_micro_usd(&usage);
                    }
                    _ => billed += tab.dearest(max_tokens),
                }
            }
            prop_assert!(billed == 0 || gone + billed <= i64::from(budget) * 10_000);
        }
    }
}
