//! V16: what our data do not know.

use super::Fault;
use crate::text::Text;

pub fn check(text: &Text<'_>) -> Vec<Fault> {
    let found = text.lexicons.find("v16", &text.pieces);
    let fault = |hit: &crate::lexicon::Found<'_>| {
        Fault::at(hit.start, "V16", text.excerpt(hit.start, hit.end), "un texte limité à ce que disent les données")
    };
    found.iter().map(fault).collect()
}
