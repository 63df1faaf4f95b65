//! V07 and V09: words of comparison and of level that no claim can prove, and approximations of an exact figure.

use super::Fault;
use crate::text::Text;

const EXACT: &str = "la valeur seule, qui est exacte";

pub fn check(text: &Text<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let lists = [
        ("v06", "V06", "une valeur avec son signe, ou un mot de hausse ou de baisse avec son affirmation"),
        ("v07", "V07", "une comparaison offerte (supérieur à, inférieur à, proche de) avec son affirmation"),
        ("v09", "V09", "une valeur citée, ou « parmi les plus » avec une affirmation rank"),
    ];
    for (list, code, expected) in lists {
        for hit in text.lexicons.find(list, &text.pieces).iter().filter(|hit| hit.entry.tag == "non") {
            faults.push(Fault::at(hit.start, code, text.excerpt(hit.start, hit.end), expected));
        }
    }
    for entry in &text.lexicons.list("v09_chiffre").entries {
        for figure in (0..text.pieces.len()).filter(|at| text.is_figure(*at)) {
            let stands = |at: usize, end: usize| entry.phrase.end_at(&text.pieces, at, false) == Some(end);
            let before = entry.tag == "avant"
                && (figure.saturating_sub(6)..figure).any(|at| {
                    stands(at, figure)
                        || (stands(at, figure - 1)
                            && matches!(text.word(figure - 1), "de" | "d’" | "à" | "les" | "des"))
                });
            let after = entry.tag == "apres" && entry.phrase.end_at(&text.pieces, figure + 1, false).is_some();
            if before || after {
                faults.push(Fault::at(figure, "V09", &entry.source, EXACT));
            }
        }
    }
    for figure in (0..text.pieces.len()).filter(|at| text.is_figure(*at)) {
        if rounds(text, figure) {
            faults.push(Fault::at(figure, "V09", text.excerpt(figure - 1, figure + 1), EXACT));
        }
        if let Some(at) = only(text, figure) {
            faults.push(Fault::at(figure, "V09", text.excerpt(at, figure), EXACT));
        }
    }
    faults
}

/// « dépasse les {{…}} »: a share or a price with an article is a threshold, not a figure. Counts may have one.
fn rounds(text: &Text<'_>, figure: usize) -> bool {
    let article = figure.checked_sub(1).is_some_and(|before| matches!(text.word(before), "les" | "des"));
    article && text.fact(figure).is_some_and(|fact| fact.value.is_some() && fact.unit != "count")
}

/// « n’est que de {{…}} », « ne compte que {{…}} »: where the « que » stands.
fn only(text: &Text<'_>, figure: usize) -> Option<usize> {
    let clause = text.clause_of(figure);
    let that = (clause.start..figure).rfind(|at| !matches!(text.word(*at), "de" | "d’" | "à" | "les" | "des"))?;
    let denied = (clause.start..that).any(|at| matches!(text.word(at), "ne" | "n’"));
    (matches!(text.word(that), "que" | "qu’") && denied).then_some(that)
}
