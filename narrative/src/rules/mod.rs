//! One file per family of rules; each looks at one block and says what is wrong with it.

mod cautions;
mod digits;
mod lengths;
mod placeholders;
mod scopes;
mod words;

pub use lengths::skeleton;

use super::sentence::Text;

/// Something wrong: the rule, the words, what would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub code: &'static str,
    pub excerpt: String,
    pub expected: String,
}

impl Fault {
    pub fn new(code: &'static str, excerpt: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { code, excerpt: excerpt.into(), expected: expected.into() }
    }
}

/// Every rule of this edition, in the order of their codes.
pub const RULES: &[fn(&Text<'_>) -> Vec<Fault>] =
    &[lengths::check, placeholders::check, digits::check, scopes::check, words::check, cautions::check];
