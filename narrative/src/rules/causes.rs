//! V11: causes without a hedge, promises, duties, advice, laws, persons, words that judge people.

use super::{Fault, hedging};
use crate::blocks::BlockKind;
use crate::placeholder::Token;
use crate::text::{Kind, Text};

const HEDGED: &str =
    "une cause avec « peut », « pourrait », « semble », « suggère » ou « est cohérent avec » dans la proposition";
const FACTS_ONLY: &str = "un constat, sans cause, conseil, promesse ni jugement";

pub fn check(text: &Text<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let recommends = text.asked.recommends;
    let found = text.lexicons.find("v11", &text.pieces);
    let hedges: Vec<usize> = found.iter().filter(|hit| hit.entry.tag == "nuance").map(|hit| hit.start).collect();
    for hit in &found {
        let expected = match hit.entry.tag.as_str() {
            "nuance" => continue,
            "cause" | "lien" | "conj" if text.kind() == BlockKind::Title => "un titre sans cause",
            kind @ ("cause" | "lien" | "conj") => {
                let hedge = hedges.iter().find(|at| hedging::covers(text, **at, hit.start..hit.end, kind));
                if hedge.is_some_and(|at| !text.is_denied(*at, at + 1)) {
                    continue;
                }
                HEDGED
            }
            "devoir" if recommends => continue,
            "loi" if names_law(text, hit.end) => continue,
            "loi" => "une loi citée par {{law:…}}",
            _ => FACTS_ONLY,
        };
        faults.push(Fault::at(hit.start, "V11", text.excerpt(hit.start, hit.end), expected));
    }
    for at in (0..text.pieces.len()).filter(|at| makes_happen(text, *at)) {
        let hedge = hedges.iter().find(|hedge| hedging::covers(text, **hedge, at..at + 1, "cause"));
        if text.kind() == BlockKind::Title || hedge.is_none_or(|hedge| text.is_denied(*hedge, hedge + 1)) {
            faults.push(Fault::at(at, "V11", text.excerpt(at, at + 2), HEDGED));
        }
    }
    if !recommends {
        faults.extend(futures(text));
        for at in (0..text.pieces.len()).filter(|at| is_to_be_done(text, *at)) {
            faults.push(Fault::at(at, "V11", text.excerpt(at, at + 3), FACTS_ONLY));
        }
    }
    faults
}

/// « font grimper »: a cause, unless it is data that makes a figure appear.
fn makes_happen(text: &Text<'_>, at: usize) -> bool {
    let makes = matches!(text.word(at), "fait" | "font" | "faisait" | "faisaient" | "faisant" | "faire");
    let shows = ["apparaître", "ressortir", "état", "voir"];
    let verb = if matches!(text.word(at + 1), "se" | "s’" | "le" | "la" | "les") { at + 2 } else { at + 1 };
    makes && is_infinitive(text.word(verb)) && !shows.contains(&text.word(verb))
}

/// « est à surveiller », « il s’agit de louer »: a duty; « est à lire avec prudence » is a caution.
fn is_to_be_done(text: &Text<'_>, at: usize) -> bool {
    let is = matches!(text.word(at), "est" | "sont" | "reste" | "restent" | "demeure" | "demeurent");
    let read = ["lire", "rapprocher", "rapporter", "mettre", "comparer", "prendre", "regarder"];
    let acts = text.word(at) == "agit" && matches!(text.word(at + 1), "de" | "d’") && is_infinitive(text.word(at + 2));
    acts || (is && text.word(at + 1) == "à" && is_infinitive(text.word(at + 2)) && !read.contains(&text.word(at + 2)))
}

fn names_law(text: &Text<'_>, from: usize) -> bool {
    (from..from + 3).any(|at| matches!(text.token(at), Some(Token::Law(_))))
}

/// Verbs in the future or the conditional, and « va » with an infinitive: nobody knows what will be.
fn futures(text: &Text<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, piece) in text.pieces.iter().enumerate().filter(|(_, piece)| piece.kind == Kind::Word && !piece.locked) {
        let word = piece.lower.as_str();
        let goes = matches!(word, "va" | "vont" | "ira" | "iront")
            && (at + 1..at + 4).any(|next| is_infinitive(text.word(next)));
        if goes || is_future(word) || is_conditional(word) {
            faults.push(Fault::at(at, "V11", &piece.typed, "un constat au présent, sans promesse ni prévision"));
        }
    }
    faults
}

fn is_future(word: &str) -> bool {
    let nouns = [
        "opéra", "caméra", "intra", "extra", "infra", "ultra", "supra", "contra", "choléra", "tiara", "front",
        "affront", "etcetera",
    ];
    let ends = [
        "era", "ira", "dra", "vra", "ura", "ttra", "eront", "iront", "dront", "vront", "uront", "ttront", "rra",
        "rront",
    ];
    word.chars().count() > 3 && ends.iter().any(|end| word.ends_with(end)) && !nouns.contains(&word)
}

/// The hedges of the rule are conditionals too.
fn is_conditional(word: &str) -> bool {
    let allowed = ["attrait", "attraits", "pourrait", "pourraient", "semblerait", "sembleraient"];
    let ends = [
        "erait", "irait", "drait", "vrait", "urait", "ttrait", "eraient", "iraient", "draient", "vraient", "uraient",
        "ttraient",
    ];
    ends.iter().any(|end| word.ends_with(end)) && !allowed.contains(&word)
}

fn is_infinitive(word: &str) -> bool {
    let nouns = [
        "dernier",
        "premier",
        "janvier",
        "février",
        "foncier",
        "immobilier",
        "particulier",
        "loyer",
        "foyer",
        "quartier",
        "leur",
        "ordre",
        "cadre",
        "lettre",
        "moindre",
        "palier",
        "avenir",
        "chantier",
        "métier",
        "courrier",
        "papier",
    ];
    let ends =
        ["er", "ir", "oir", "dre", "ttre", "ître", "uire", "crire", "dire", "lire", "faire", "ivre", "clure", "croire"];
    word.chars().count() > 3 && ends.iter().any(|end| word.ends_with(end)) && !nouns.contains(&word)
}
