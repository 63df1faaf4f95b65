//! V16: what our data do not know.

use super::Fault;
use crate::text::Text;

pub fn check(text: &Text<'_>) -> Vec<Fault> {
    let found = text.lexicons.find("v16", &text.pieces);
    let fault = |hit: &crate::lexicon::Found<'_>| {
        Fault::at(hit.start, "V16", text.excerpt(hit.start, hit.end), "un texte limité à ce que disent les données")
    };
    // A recommendation names the means: works, a tax.
    let allowed =
        |hit: &&crate::lexicon::Found<'_>| hit.entry.tag == "sauf" && (text.asked.recommends || is_known(text, hit));
    found.iter().filter(|hit| !allowed(hit)).map(fault).collect()
}

/// Whether the sheet has figures on this: a study of services may speak of schools, a study of housing may not.
fn is_known(text: &Text<'_>, hit: &crate::lexicon::Found<'_>) -> bool {
    let word = text.word(hit.start);
    let stem = word.strip_suffix('s').unwrap_or(word);
    let facts = text.asked.facts.iter().copied();
    facts
        .into_iter()
        .any(|fact| std::iter::once(&fact.label).chain(&fact.anchors).any(|name| name.to_lowercase().contains(stem)))
}
