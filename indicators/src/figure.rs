//! A figure on its way to becoming a fact: a value with its status, never a bare number.

use domain::fact::FactStatus;
use rust_decimal::Decimal;

/// What a formula yields for one territory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Present exactly when the status is citable and the indicator is a number.
    pub value: Option<Decimal>,
    /// A figure that is a word (a zone).
    pub word: Option<String>,
    pub status: FactStatus,
    /// Observations behind the figure.
    pub n: Option<i64>,
    /// Why it is withheld or to be read with care, in French.
    pub note: Option<String>,
    /// Printed to the nearest ten: a count from a sampled census.
    pub to_ten: bool,
    /// Still to be corrected upwards by the producer.
    pub provisional: bool,
}

impl Figure {
    /// A figure that may be printed as it is.
    #[must_use]
    pub fn ok(value: Decimal) -> Self {
        Self {
            value: Some(value),
            word: None,
            status: FactStatus::Ok,
            n: None,
            note: None,
            to_ten: false,
            provisional: false,
        }
    }

    /// A figure that is a word.
    #[must_use]
    pub fn word(text: impl Into<String>) -> Self {
        Self { word: Some(text.into()), value: None, ..Self::ok(Decimal::ZERO) }
    }

    /// No figure, and why.
    #[must_use]
    pub fn withheld(status: FactStatus, note: impl Into<String>) -> Self {
        Self { value: None, word: None, status, n: None, note: Some(note.into()), to_ten: false, provisional: false }
    }

    #[must_use]
    pub fn missing(note: impl Into<String>) -> Self {
        Self::withheld(FactStatus::Missing, note)
    }

    #[must_use]
    pub fn secret() -> Self {
        Self::withheld(FactStatus::Secret, "secret statistique")
    }

    /// The figure, or `missing` with the note when there is none.
    #[must_use]
    pub fn or_missing(value: Option<Decimal>, note: &str) -> Self {
        value.map_or_else(|| Self::missing(note), Self::ok)
    }

    /// `100·numerator/denominator`; a part of nothing does not exist, which is not zero.
    #[must_use]
    pub fn share(numerator: &Self, denominator: &Self) -> Self {
        Self::ratio(numerator, denominator, Decimal::ONE_HUNDRED)
    }

    /// `factor·numerator/denominator`, with the worse of the two statuses.
    #[must_use]
    pub fn ratio(numerator: &Self, denominator: &Self, factor: Decimal) -> Self {
        for input in [numerator, denominator] {
            if !input.status.is_citable() {
                return Self { n: None, ..input.clone() };
            }
        }
        let (Some(a), Some(b)) = (numerator.value, denominator.value) else {
            return Self::missing("figure sans valeur numérique");
        };
        if b.is_zero() {
            return Self::withheld(FactStatus::NotApplicable, "dénominateur nul");
        }
        let status = numerator.status.max(denominator.status);
        let note = numerator.note.clone().or_else(|| denominator.note.clone());
        Self { status, note, n: whole(b), ..Self::ok(factor * a / b) }
    }

    /// Marks the figure as usable with caution; a withheld figure stays withheld.
    #[must_use]
    pub fn with_caution(mut self, status: FactStatus, note: &str) -> Self {
        if self.status.is_citable() {
            self.status = self.status.max(status);
            self.note = Some(note.to_owned());
        }
        self
    }

    /// Adds a remark to a figure that is shown, after those it has; the reason of a withheld one stays alone.
    #[must_use]
    pub fn with_note(mut self, note: Option<String>) -> Self {
        if self.status.is_citable() {
            self.note = match (self.note, note) {
                (Some(first), Some(second)) => Some(format!("{first}\u{a0}; {second}")),
                (first, second) => first.or(second),
            };
        }
        self
    }

    #[must_use]
    pub fn with_n(mut self, n: Option<i64>) -> Self {
        self.n = n;
        self
    }

    /// Marked as provisional; a withheld figure is not.
    #[must_use]
    pub fn provisional(mut self, provisional: bool) -> Self {
        self.provisional = provisional && self.status.is_citable();
        self
    }

    /// Printed to the nearest ten when `sampled`.
    #[must_use]
    pub fn sampled(mut self, sampled: bool) -> Self {
        self.to_ten = sampled;
        self
    }
}

fn whole(value: Decimal) -> Option<i64> {
    i64::try_from(value.round()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_a_secret_is_a_secret_whichever_side_it_is_on() {
        let known = Figure::ok(Decimal::TEN);
        assert_eq!(Figure::share(&Figure::secret(), &known).status, FactStatus::Secret);
        assert_eq!(Figure::share(&known, &Figure::secret()).status, FactStatus::Secret);
        assert_eq!(Figure::share(&known, &Figure::secret()).value, None);
    }

    #[test]
    fn nothing_over_something_is_zero_and_something_over_nothing_is_nothing() {
        let (zero, ten) = (Figure::ok(Decimal::ZERO), Figure::ok(Decimal::TEN));
        assert_eq!(Figure::share(&zero, &ten).value, Some(Decimal::ZERO));
        assert_eq!(Figure::share(&ten, &zero).status, FactStatus::NotApplicable);
    }
}
