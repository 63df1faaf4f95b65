//! V15: a figure stands beside the name of its own indicator, with its own base and time.

use std::collections::BTreeSet;

use domain::fact::Fact;

use super::Fault;
use crate::anchors::{Naming, indicator_of, is_unnamed};
use crate::text::Text;

pub fn check(text: &Text<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let bases = bases_of(text);
    for (at, fact) in text.cited() {
        if is_unnamed(fact) {
            continue;
        }
        faults.extend(other_base(text, at, fact, &bases));
        if !is_named(text, at, fact) {
            let anchors: Vec<String> = fact.anchors.iter().map(|anchor| format!("« {anchor} »")).collect();
            let expected = format!("{} juste avant la valeur", anchors.join(" ou "));
            faults.push(Fault::at(at, "V15", &fact.id, expected));
        }
        faults.extend(contradiction(text, at, fact));
    }
    faults
}

fn is_named(text: &Text<'_>, at: usize, fact: &Fact) -> bool {
    let sentence = text.sentence_of(at);
    let own = |naming: &Naming| naming.owners.iter().any(|owner| owner == indicator_of(&fact.id));
    let here = || {
        text.namings
            .iter()
            .filter(|naming| sentence.contains(&naming.start) && !is_base(text, naming) && !is_spent(text, naming))
    };
    let left = here().rfind(|naming| naming.end <= at);
    // No other indicator's name still waits for its figure.
    let left_owns = left.is_some_and(|left| {
        own(left) || text.namings.iter().any(|naming| own(naming) && is_completed_by(text, naming, left))
    });
    let free = left.is_none_or(|left| (left.end..at).any(|place| text.is_figure(place)));
    if left_owns
        || is_aside(text, at, fact)
        || (free && (is_counted_by_name(text, at, fact) || is_share_of(text, at, fact) || is_class(text, at, fact)))
    {
        return true;
    }
    let right = || here().find(|naming| naming.start > at);
    let before = || {
        let previous = text.pieces.get(at)?.sentence.checked_sub(1)?;
        let of_sentence =
            |naming: &&Naming| text.pieces.get(naming.start).is_some_and(|piece| piece.sentence == previous);
        text.namings.iter().rfind(of_sentence)
    };
    left.is_none() && right().or_else(before).is_some_and(own)
}

/// « {{…}} des ménages »: the base of the figure before it, not the name of another.
fn is_base(text: &Text<'_>, naming: &Naming) -> bool {
    let of = naming.start.checked_sub(1).filter(|at| matches!(text.word(*at), "de" | "des" | "d’"));
    let figure = of.and_then(|of| of.checked_sub(1)).and_then(|at| text.fact(at));
    let said = text.excerpt(naming.start, naming.end).to_lowercase();
    figure.is_some_and(|fact| fact.base.iter().any(|base| base.to_lowercase() == said))
}

/// « calculé sur {{…}} ventes d’appartements, est de {{…}} »: a name right after its own figure is spent with it.
fn is_spent(text: &Text<'_>, naming: &Naming) -> bool {
    let figure = naming.start.checked_sub(1).and_then(|at| text.fact(at));
    figure.is_some_and(|fact| fact.unit == "count" && naming.owners.iter().any(|owner| owner == indicator_of(&fact.id)))
}

/// « sur {{…}} ventes d’appartements »: a count in passing, with its own name after it.
fn is_aside(text: &Text<'_>, at: usize, fact: &Fact) -> bool {
    let passing = at.checked_sub(1).is_some_and(|before| {
        matches!(text.word(before), "sur" | "pour" | "dont" | "avec" | "parmi" | "et") || text.mark(before) == Some('(')
    });
    let own = |naming: &&Naming| naming.owners.iter().any(|owner| owner == indicator_of(&fact.id));
    let named = text.namings.iter().find(|naming| naming.start == at + 1);
    passing && fact.unit == "count" && named.as_ref().is_some_and(own)
}

/// « le niveau de vie médian des ménages »: the second name completes the first, both may be the subject.
fn is_completed_by(text: &Text<'_>, naming: &Naming, next: &Naming) -> bool {
    let between = || naming.end..next.start;
    let of = |at: usize| matches!(text.word(at), "de" | "des" | "du" | "d’");
    naming.end < next.start
        && of(naming.end)
        && between().skip(1).all(|at| matches!(text.word(at), "la" | "les" | "l’"))
}

/// « {{…}} habitants », « {{…}} logements »: a count is named by the very noun that follows it, when that noun is its label
/// or the base of no other count of the sheet, and no other indicator's name still waits for its figure.
fn is_counted_by_name(text: &Text<'_>, at: usize, fact: &Fact) -> bool {
    let counts = |other: &Fact| other.unit == "count";
    if !counts(fact) {
        return false;
    }
    let own = indicator_of(&fact.id);
    let counted = fact.anchors.iter().filter_map(|anchor| {
        let anchor = anchor.to_lowercase();
        ["nombre de ", "nombre d’"].iter().find_map(|of| anchor.strip_prefix(of)).map(str::to_owned)
    });
    if counted.chain([fact.label.to_lowercase()]).any(|name| follows(text, at + 1, &name).is_some()) {
        return true;
    }
    let others = || text.sheet.facts.values().filter(|other| indicator_of(&other.id) != own && counts(other));
    let label = fact.label.to_lowercase();
    let nouns = fact.base.iter().map(String::as_str).filter(|noun| {
        let is_shared =
            || others().any(|other| !is_year_of(&other.id, own) && other.base.iter().any(|base| base == noun));
        // « Logements vacants » are logements of a kind: the bare noun does not name them.
        label == *noun || !(label.contains(noun) || is_shared())
    });
    nouns.into_iter().any(|noun| follows(text, at + 1, noun).is_some_and(|end| !is_qualified(text, end)))
}

/// « {{…}} de résidences principales »: a share is named by what it is the share of.
fn is_share_of(text: &Text<'_>, at: usize, fact: &Fact) -> bool {
    let of = |anchor: &String| {
        let rest = ["part des ", "part de ", "part d’"].iter().find_map(|part| anchor.strip_prefix(part));
        let linked = matches!(text.word(at + 1), "de" | "des" | "d’");
        rest.is_some_and(|rest| linked && follows(text, at + 2, rest).is_some_and(|end| !is_qualified(text, end)))
    };
    fact.anchors.iter().any(of)
}

/// « zone {{…}} »: a class is named by the first word of its name.
fn is_class(text: &Text<'_>, at: usize, fact: &Fact) -> bool {
    let before = at.checked_sub(1).map_or("", |before| text.word(before));
    let head = |anchor: &String| anchor.split(' ').next().is_some_and(|head| head == before);
    fact.value.is_none() && fact.unit == "text" && fact.anchors.iter().any(head)
}

/// `dem.pop_y5` is `dem.pop` of another year, not another count.
fn is_year_of(id: &str, indicator: &str) -> bool {
    indicator_of(id).strip_prefix(indicator).is_some_and(|rest| rest.starts_with('_'))
}

/// « logements vacants » is not « logements ».
fn is_qualified(text: &Text<'_>, at: usize) -> bool {
    let word = text.word(at);
    let adjective = ["ants", "antes", "aux", "ales", "és", "ées", "ifs", "ives"].iter().any(|end| word.ends_with(end));
    adjective || matches!(word, "sociaux" | "neufs" | "neuves" | "vides" | "publics" | "seuls" | "libres" | "hlm")
}

/// Where a phrase that starts at a place ends.
fn follows(text: &Text<'_>, at: usize, phrase: &str) -> Option<usize> {
    let words = crate::cut::words(phrase);
    let fits = words.iter().enumerate().all(|(offset, word)| text.word(at + offset) == word.lower);
    (fits && !words.is_empty()).then_some(at + words.len())
}

/// A noun of another denominator right after the figure, or a word of another time in its clause.
fn contradiction(text: &Text<'_>, at: usize, fact: &Fact) -> Vec<Fault> {
    let mut faults = Vec::new();
    let clause = text.clause_of(at);
    let until = (at + 1..clause.end).find(|place| text.token(*place).is_some()).unwrap_or(clause.end);
    let from = (clause.start..at).rfind(|place| text.token(*place).is_some()).map_or(clause.start, |last| last + 1);
    let own = |words: &[String], form: &str| words.iter().any(|word| word.to_lowercase() == form);
    for entry in &text.lexicons.list("v15").entries {
        let canonical = entry.tag.split_once('=').map_or(entry.source.as_str(), |(_, canonical)| canonical);
        if entry.tag.starts_with("base") {
            let starts = [at + 1, at + 2, at + 3];
            let link = |start: usize| {
                (at + 1..start).all(|place| {
                    matches!(text.word(place), "de" | "des" | "d’" | "du" | "les" | "la" | "l’" | "pour" | "par")
                })
            };
            let end = starts
                .into_iter()
                .filter(|start| link(*start))
                .find_map(|start| entry.phrase.end_at(&text.pieces, start, true));
            let Some(end) = end.filter(|end| *end <= until) else { continue };
            let said = text.excerpt(at + 1, end);
            let in_name =
                std::iter::once(&fact.label).chain(&fact.anchors).any(|name| name.to_lowercase().contains(canonical));
            if !own(&fact.base, canonical) && !in_name {
                faults.push(Fault::at(at, "V15", said, bases_said(fact)));
            }
        } else {
            let near = (from..until)
                .any(|place| entry.phrase.end_at(&text.pieces, place, false).is_some_and(|end| end <= until));
            let kin = |word: &String| word.to_lowercase() == canonical || same_time(word, canonical);
            let in_name = std::iter::once(&fact.label).chain(&fact.anchors).any(|name| same_time(name, canonical));
            if near && !fact.time.iter().any(kin) && !in_name {
                faults.push(Fault::at(at, "V15", &entry.source, times(fact)));
            }
        }
    }
    faults
}

/// Denominators of the sheet that the list of the rule does not have.
fn bases_of<'t>(text: &Text<'t>) -> BTreeSet<&'t str> {
    let listed = text.lexicons.list("v15").entries.iter();
    let listed: BTreeSet<&str> = listed.filter_map(|entry| Some(entry.tag.split_once('=')?.1)).collect();
    let bases = text.sheet.facts.values().flat_map(|fact| &fact.base).map(String::as_str);
    bases.filter(|base| !listed.contains(base)).collect()
}

/// « {{…}} des logements sociaux » where the figure is one of all dwellings.
fn other_base(text: &Text<'_>, at: usize, fact: &Fact, bases: &BTreeSet<&str>) -> Option<Fault> {
    let linked = |from: usize| {
        (at + 1..from).all(|place| matches!(text.word(place), "de" | "des" | "d’" | "du" | "les" | "la" | "l’"))
    };
    let said =
        bases.iter().find(|base| (at + 1..at + 4).any(|from| linked(from) && follows(text, from, base).is_some()))?;
    let own = |name: &String| name.to_lowercase().contains(&said.to_lowercase());
    let is_own = fact.base.iter().chain(&fact.anchors).chain(std::iter::once(&fact.label)).any(own);
    (!is_own).then(|| Fault::at(at, "V15", *said, bases_said(fact)))
}

/// Whether a phrase of time speaks of the same span: « chaque année » and « par an ».
fn same_time(phrase: &str, canonical: &str) -> bool {
    let phrase = phrase.to_lowercase();
    let year = ["par an", "année", "annuel"];
    let month = ["par mois", "chaque mois", "mensuel"];
    let kin = if canonical == "par an" { year } else { month };
    kin.iter().any(|word| phrase.contains(word))
}

fn bases_said(fact: &Fact) -> String {
    if fact.base.is_empty() {
        "aucun dénominateur après cette valeur".to_owned()
    } else {
        format!("la base de la valeur : {}", fact.base.join(", "))
    }
}

fn times(fact: &Fact) -> String {
    if fact.time.is_empty() {
        "aucune durée près de cette valeur".to_owned()
    } else {
        format!("la durée de la valeur : {}", fact.time.join(", "))
    }
}
