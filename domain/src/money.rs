//! Money: `i64` cents and a currency, never a float.

use serde::{Deserialize, Serialize};

/// What a customer pays for one study, with the tax spelled out. Amounts are cents of `currency`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    pub ht_cents: i64,
    pub vat_cents: i64,
    pub ttc_cents: i64,
    /// VAT rate in basis points: 2000 is 20 %.
    pub vat_rate_bp: i32,
    /// ISO 4217, upper case.
    pub currency: String,
}

impl Price {
    /// The price of `ht_cents` before tax, tax rounded half up to the cent.
    #[must_use]
    pub fn before_tax(ht_cents: i64, vat_rate_bp: i32, currency: &str) -> Self {
        let vat_cents = (ht_cents * i64::from(vat_rate_bp) + 5_000).div_euclid(10_000);
        Self { ht_cents, vat_cents, ttc_cents: ht_cents + vat_cents, vat_rate_bp, currency: currency.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_housing_study_of_290_euros_costs_348_with_tax() {
        let price = Price::before_tax(29_000, 2_000, "EUR");
        assert_eq!((price.vat_cents, price.ttc_cents), (5_800, 34_800));
    }

    proptest! {
        #[test]
        fn tax_is_within_half_a_cent_of_the_exact_share(ht in 0_i64..10_000_000, rate in 0_i32..3_000) {
            let price = Price::before_tax(ht, rate, "EUR");
            let exact_times_10_000 = ht * i64::from(rate);
            prop_assert!((price.vat_cents * 10_000 - exact_times_10_000).abs() <= 5_000);
            prop_assert_eq!(price.ht_cents + price.vat_cents, price.ttc_cents);
        }
    }
}
