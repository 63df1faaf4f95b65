//! V05: no number in words, no multiple, no vague amount.

use super::Fault;
use crate::lexicon::Found;
use crate::text::{Kind, Text};
use crate::unveil::unaccented;

const EXPECTED: &str = "une valeur citée par {{fact:…}}, sans nombre en lettres ni quantité vague";

pub fn check(text: &Text<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    // « un peu inférieur » is an intensity; « un peu de vacance » is an amount.
    let intensities = text.lexicons.find("v07", &text.pieces);
    let is_intensity = |at: usize| {
        let within = |hit: &&Found<'_>| hit.entry.tag == "peu" && (hit.start..hit.end).contains(&at);
        intensities.iter().find(within).is_some_and(|hit| !matches!(text.word(hit.end), "de" | "d’" | "plus" | "moins"))
    };
    // « à peu près », « plus ou moins » are approximations, « pour cent » after a figure is its unit.
    let others = text.lexicons.find("v09", &text.pieces);
    let is_within = |hit: &Found<'_>| {
        let holds = |other: &&Found<'_>| other.end - other.start > hit.end - hit.start;
        others.iter().filter(holds).any(|other| other.start <= hit.start && hit.end <= other.end)
    };
    let is_time = |at: usize| text.word(at) == "chaque" && matches!(text.word(at + 1), "année" | "an" | "mois");
    for hit in text.lexicons.find("v05", &text.pieces).iter().filter(|hit| hit.entry.tag.is_empty()) {
        if is_intensity(hit.start) || is_within(hit) || is_time(hit.start) || is_unit(text, hit.start) {
            continue;
        }
        faults.push(Fault::at(hit.start, "V05", text.excerpt(hit.start, hit.end), EXPECTED));
    }
    for (at, piece) in text.pieces.iter().enumerate() {
        if piece.kind != Kind::Word {
            continue;
        }
        if piece.lower == "nombre" && is_many(text, at) {
            faults.push(Fault::at(at, "V05", text.excerpt(at, at + 2), EXPECTED));
        }
        if piece.locked {
            continue;
        }
        if is_number(text, piece.lower.trim_end_matches('’')) && !(at > 0 && is_unit(text, at - 1)) {
            faults.push(Fault::at(at, "V05", &piece.typed, EXPECTED));
        }
        if matches!(piece.lower.as_str(), "un" | "une") && is_one_in(text, at) {
            faults.push(Fault::at(at, "V05", "un … sur …", "une part citée par {{fact:…}}"));
        }
    }
    faults.extend(spelled_out(text));
    faults
}

/// « {{…}} pour cent »: a unit after a figure is the matter of V02.
fn is_unit(text: &Text<'_>, at: usize) -> bool {
    let after_figure = at.checked_sub(1).is_some_and(|before| text.is_figure(before));
    after_figure && text.word(at) == "pour" && matches!(text.word(at + 1), "cent" | "mille")
}

/// Whether a word is made of numbers alone, with or without an ending that keeps it one: « vingtdeux », « quarantième »,
/// « huitaine », « centuple ».
pub fn is_number(text: &Text<'_>, word: &str) -> bool {
    let plain = unaccented(word);
    if !text.lexicons.numbers.iter().any(|stem| plain.starts_with(stem.as_str())) {
        return false;
    }
    [word, plain.as_str()].into_iter().any(|word| {
        let endings = text.lexicons.number_endings.iter().filter_map(|end| word.strip_suffix(end.as_str()));
        std::iter::once(word).chain(endings).any(|stem| !stem.is_empty() && is_made_of(&text.lexicons.numbers, stem))
    })
}

fn is_made_of(stems: &std::collections::BTreeSet<String>, word: &str) -> bool {
    word.is_empty()
        || stems.iter().any(|stem| word.strip_prefix(stem.as_str()).is_some_and(|rest| is_made_of(stems, rest)))
}

/// « La commune compte nombre de logements », without an article: many.
fn is_many(text: &Text<'_>, at: usize) -> bool {
    let determined =
        ["le", "un", "du", "au", "ce", "son", "leur", "en", "même", "et", "ou", "par", "de", "selon", "ni"];
    let of = matches!(text.word(at + 1), "de" | "d’");
    let before = at.checked_sub(1).map_or("", |before| text.word(before));
    let opens = before.is_empty() && (at + 3..at + 6).any(|place| is_plural_verb(text.word(place)));
    of && (opens || !(before.is_empty() || determined.contains(&before)))
}

fn is_plural_verb(word: &str) -> bool {
    matches!(word, "sont" | "ont" | "vont" | "font" | "étaient" | "avaient")
        || (word.ends_with("ent") && !word.ends_with("ment") && word.chars().count() > 4)
}

/// « un logement sur {{fact:…}} »; with a number in words the number itself is refused.
fn is_one_in(text: &Text<'_>, at: usize) -> bool {
    let clause = text.clause_of(at);
    (at + 1..(at + 7).min(clause.end))
        .any(|place| text.word(place) == "sur" && (text.is_figure(place + 1) || is_number(text, text.word(place + 1))))
}

/// « d e u x », « d-e-u-x », « d.e.u.x »: letters one by one hide a word.
fn spelled_out(text: &Text<'_>) -> Vec<Fault> {
    let single = |at: usize| text.word(at).chars().count() == 1;
    let words: Vec<usize> = (0..text.pieces.len())
        .filter(|at| !matches!(text.pieces.get(*at).map(|piece| piece.kind), Some(Kind::Mark(_))))
        .collect();
    let hidden = words.windows(4).find(|places| places.iter().all(|at| single(*at)));
    let fault = |places: &[usize]| {
        let word: String = places.iter().map(|at| text.word(*at)).collect();
        Fault::at(places.first().copied().unwrap_or_default(), "V05", word, "des mots entiers")
    };
    hidden.map(fault).into_iter().collect()
}
