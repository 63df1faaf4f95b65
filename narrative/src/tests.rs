//! The judge against sentences: those of `tests/sentences` (`-` refused for the reason of their file, `+` accepted by every
//! rule, claims after `||`), disguises of refused words, and every word of every list.

mod hostile;
mod lists;
mod places;
mod sentences;
mod whole;

use std::sync::LazyLock;

use domain::fact::FactSheet;

use crate::judge::judge_with;
use crate::lexicon::Lexicons;
use crate::{Asked, BlockKind, BlockSpec, Claim};

/// A sheet made up for these tests: six scopes, every status, changes in both directions.
pub fn sheet() -> &'static FactSheet {
    static SHEET: LazyLock<FactSheet> =
        LazyLock::new(|| crate::read_sheet(include_str!("../tests/sheet.json")).expect("the sheet of the tests"));
    &SHEET
}

static TEXT: BlockSpec =
    BlockSpec { id: "essai", kind: BlockKind::Text, page: 3, max_chars: 600, facts: &[], mandatory: &[] };
static TITLE: BlockSpec =
    BlockSpec { id: "essai.titre", kind: BlockKind::Title, page: 3, max_chars: 90, facts: &[], mandatory: &[] };

/// Codes and excerpts, with the product's lists.
pub fn objections(text: &str, claims: &[Claim]) -> Vec<(String, String)> {
    objections_with(Lexicons::shared(), sheet(), text, claims)
}

/// The same with other lists or another sheet; a text that starts with `T:` is a title.
pub fn objections_with(lexicons: &Lexicons, sheet: &FactSheet, text: &str, claims: &[Claim]) -> Vec<(String, String)> {
    let (spec, text) = text.strip_prefix("T:").map_or((&TEXT, text), |title| (&TITLE, title));
    let block =
        Asked { spec, facts: sheet.facts.values().collect(), mandatory: vec![], open: false, recommends: false };
    judge_with(lexicons, sheet, &block, text, claims).into_iter().map(|o| (o.code, o.excerpt)).collect()
}

/// `gt lov.tx@com lov.tx@epci ; rank lov.tx@com high marked`.
pub fn claims(short: &str) -> Vec<Claim> {
    let one = |claim: &str| {
        let mut words = claim.split_whitespace().map(str::to_owned);
        let (op, a) = (words.next().unwrap(), words.next().unwrap());
        let (second, third) = (words.next(), words.next());
        let (b, side, band) = match op.as_str() {
            "rank" => (None, second, third),
            "share" => (None, None, second),
            _ => (second, None, None),
        };
        Claim { op, a, b, side, band }
    };
    short.split(';').filter(|claim| !claim.trim().is_empty()).map(one).collect()
}
