//! V12: names of places. Those of the report in their computed forms, sigles of the glossary, and no other.

use super::Fault;
use super::digits::is_number_like;
use crate::place::Name;
use crate::placeholder::{GeoForm, Token};
use crate::text::{Kind, Text};

const EXPECTED: &str = "un nom du rapport par {{geo:…}}, ou un sigle du glossaire";

pub fn check(text: &Text<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut opens = true;
    for (at, piece) in text.pieces.iter().enumerate() {
        match (piece.kind, text.token(at)) {
            (Kind::Name(scope, form), _) => faults.extend(joined(text, at, scope, form)),
            (_, Some(Token::Geo { scope, form })) => faults.extend(joined(text, at, *scope, *form)),
            (Kind::Word, _) => faults.extend(capital(text, at, opens)),
            _ => {}
        }
        opens = match piece.kind {
            Kind::Mark('.' | '!' | '?' | '…' | '\n') => true,
            Kind::Mark(_) => opens,
            // « L’ADEME »: the article opens, the name does not.
            Kind::Word | Kind::Token(_) | Kind::Name(..) => false,
        };
    }
    faults.extend(lower_case_names(text));
    faults
}

/// The preposition before a name must be the one that its form calls for.
fn joined(text: &Text<'_>, at: usize, scope: domain::fact::ScopeKind, form: GeoForm) -> Option<Fault> {
    let before = at.checked_sub(1)?;
    let word = text.word(before);
    let prepositions = ["de", "d’", "du", "des", "à", "au", "aux"];
    let name = Name::of(text.sheet, scope);
    let fits = !prepositions.contains(&word) || (form == GeoForm::Plain && name.takes(word));
    let doubled = form != GeoForm::Plain && matches!(word, "l’" | "le" | "la" | "les" | "en" | "dans");
    (!fits || doubled).then(|| {
        let printed = match form {
            GeoForm::Plain => name.plain().to_owned(),
            GeoForm::De => name.de(),
            GeoForm::A => name.a(),
        };
        Fault::at(before, "V12", format!("{word} {printed}"), format!("« {} » ou « {} »", name.de(), name.a()))
    })
}

fn capital(text: &Text<'_>, at: usize, opens: bool) -> Option<Fault> {
    // An indicator's name has the capitals of its anchor, « locataires HLM », and no other.
    if is_number_like(&text.pieces.get(at)?.typed) {
        return None;
    }
    let own = |typed: &str| {
        let facts = text.sheet.facts.values();
        facts
            .flat_map(|fact| &fact.anchors)
            .any(|anchor| crate::cut::words(anchor).iter().any(|word| word.typed == typed))
    };
    let piece = text.pieces.get(at)?;
    let is_lower = !piece.typed.chars().any(char::is_uppercase);
    if is_lower || (piece.locked && (opens || own(&piece.typed))) {
        return None;
    }
    let word = piece.typed.trim_end_matches('’');
    let fault = || Some(Fault::at(at, "V12", &piece.typed, EXPECTED));
    let first_capital = word.chars().next().is_some_and(char::is_uppercase);
    let later_capital = word.chars().skip(1).any(char::is_uppercase);
    if !(first_capital || later_capital) || text.lexicons.glossary.contains(word) {
        return None;
    }
    // Capitals inside a word make a sigle or a shout.
    if later_capital || !opens {
        return fault();
    }
    // A French sentence does not begin with a bare noun and its verb: « Marseille compte … » names somebody.
    let pronoun = [
        "il", "elle", "ils", "elles", "cela", "ceci", "ici", "celui", "celle", "ceux", "celles", "ce", "on", "tout",
        "tous", "toutes", "chacun", "chacune", "qui", "rien", "aucun", "aucune", "mieux", "rares", "rare", "tel",
        "telle", "tels", "telles", "autre", "autres", "plus", "moins", "peu", "beaucoup", "seul", "seule", "seuls",
        "seules", "tant", "reste", "force",
    ];
    let is_verb = |at: usize| super::layout::is_finite_verb(text, at);
    let is_name = is_verb(at + 1) || (text.mark(at + 1) == Some(',') && is_unlike_an_opening(&piece.lower));
    let joined = text.pieces.get(at + 1).is_some_and(|next| next.joined);
    let bare = !pronoun.contains(&piece.lower.as_str()) && !piece.typed.ends_with('’') && !joined;
    if bare && is_name && !is_listed_verb(text, at) && !is_adverb(&piece.lower) { fault() } else { None }
}

/// « Rouen, »: no connective, no adjective, no participle.
fn is_unlike_an_opening(word: &str) -> bool {
    let ends = [
        "é", "ée", "és", "ées", "eur", "eure", "eurs", "eures", "ible", "ibles", "able", "ables", "aire", "aires",
        "oire", "oires", "ant", "ante", "ants", "antes", "al", "ale", "aux", "ales", "if", "ive", "ifs", "ives", "ité",
        "tion", "ment", "ments", "is", "ie", "it", "te", "ste", "este", "estes", "ible", "eux", "euse", "u", "ue",
        "us", "ues", "ic", "ique", "iques", "ère", "ers", "ier", "ière",
    ];
    let openings = [
        "ici",
        "enfin",
        "cependant",
        "toutefois",
        "pourtant",
        "néanmoins",
        "ensuite",
        "puis",
        "inversement",
        "or",
        "donc",
        "ainsi",
        "là",
        "bref",
        "aussi",
        "certes",
        "dedans",
        "dehors",
        "hors",
        "hlm",
        "faible",
        "faibles",
        "forte",
        "fort",
        "certes",
        "notons",
        "stable",
        "stables",
        "proche",
        "proches",
        "comparables",
        "vacance",
        "logement",
        "population",
        "voisin",
        "voisine",
        "parfois",
        "désormais",
        "globalement",
        "maisons",
        "ménages",
        "prix",
        "ventes",
        "loyers",
    ];
    word.chars().count() >= 4 && !openings.contains(&word) && !ends.iter().any(|end| word.ends_with(end))
}

fn is_listed_verb(text: &Text<'_>, at: usize) -> bool {
    let verbs = text.lexicons.list("v14").entries.iter().filter(|entry| entry.tag == "verbe");
    verbs.into_iter().any(|entry| entry.phrase.end_at(&text.pieces, at, true).is_some())
}

fn is_adverb(word: &str) -> bool {
    word.ends_with("ment") || ["y", "en", "où", "dont", "que", "là"].contains(&word)
}

/// « nantes »: the report's own towns, without their capitals.
fn lower_case_names(text: &Text<'_>) -> Vec<Fault> {
    use domain::fact::ScopeKind::{Com, Epci};
    let mut faults = Vec::new();
    let territories = text.lexicons.find("v08", &text.pieces);
    for name in [Com, Epci].into_iter().filter_map(|scope| Name::find(text.sheet, scope)) {
        let words: Vec<String> = crate::cut::words(name.core()).into_iter().map(|word| word.lower).collect();
        if words.iter().map(|word| word.chars().count()).sum::<usize>() < 5 {
            continue;
        }
        let stands = |at: &usize| words.iter().enumerate().all(|(offset, word)| text.word(at + offset) == word);
        // « Communes », « Rue »: a name that is a common word too is only known by the preposition of a place.
        let scoped = |at: usize| territories.iter().any(|hit| (hit.start..hit.end).contains(&at));
        let placed = |at: usize| at.checked_sub(1).is_some_and(|before| name.comes_after(text.word(before)));
        for at in (0..text.pieces.len()).filter(stands).filter(|at| placed(*at) && !scoped(*at)) {
            faults.push(Fault::at(at, "V12", text.excerpt(at, at + words.len()), format!("« {} »", name.plain())));
        }
    }
    faults
}
