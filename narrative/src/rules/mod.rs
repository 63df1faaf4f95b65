//! One file per family of rules; each looks at one block and says what is wrong with it.

mod causes;
mod cautions;
mod digits;
mod foreign;
mod hedges;
mod hedging;
mod layout;
mod outside;
mod placeholders;
mod places;
mod quantities;
mod recommendation;
pub mod scopes;
mod subject;

pub use layout::skeletons;
pub use quantities::is_number;
pub use recommendation::{Draft, check as check_recommendation};

use super::Claim;
use super::claims;
use super::text::Text;

/// Something wrong: the rule, the words, what would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where in the text, for the order of reading; what concerns the whole block comes first.
    pub at: usize,
    pub code: &'static str,
    pub excerpt: String,
    pub expected: String,
}

impl Fault {
    /// Of the block as a whole.
    pub fn new(code: &'static str, excerpt: impl Into<String>, expected: impl Into<String>) -> Self {
        Self::at(0, code, excerpt, expected)
    }

    /// Of the piece at a place.
    pub fn at(at: usize, code: &'static str, excerpt: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { at, code, excerpt: excerpt.into(), expected: expected.into() }
    }
}

/// Every fault of a block, in reading order, each once.
pub fn faults(text: &Text<'_>, claims: &[Claim]) -> Vec<Fault> {
    let rules: &[fn(&Text<'_>) -> Vec<Fault>] = &[
        layout::check,
        placeholders::check,
        digits::check,
        quantities::check,
        scopes::check,
        hedges::check,
        cautions::check,
        causes::check,
        foreign::check,
        places::check,
        subject::check,
        outside::check,
    ];
    let mut faults: Vec<Fault> = rules.iter().flat_map(|rule| rule(text)).collect();
    faults.extend(claims::check(text, &claims::mentions(text), claims));
    faults.sort_by_key(|fault| fault.at);
    let mut seen = std::collections::BTreeSet::new();
    faults.retain(|fault| seen.insert((fault.code, fault.excerpt.clone())));
    faults
}
