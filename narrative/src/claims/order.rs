//! Which claim each word stands for: sentence by sentence, none left over on either side.

use super::{Mention, Op, comparison, describe};
use crate::Claim;
use crate::anchors::indicator_of;
use crate::placeholder::Token;
use crate::rules::Fault;
use crate::text::Text;

pub fn check(text: &Text<'_>, mentions: &[Mention], claims: &[(&Claim, Op)]) -> Vec<Fault> {
    let fits: Vec<Vec<bool>> = mentions
        .iter()
        .map(|mention| claims.iter().map(|(claim, op)| is_word_of(text, mentions, mention, claim, *op)).collect())
        .collect();
    let mut faults = Vec::new();
    for (mention, fits) in mentions.iter().zip(&fits) {
        if !fits.contains(&true) {
            let expected =
                format!("l’affirmation {} vraie, avec ses opérandes, ou une juxtaposition neutre", mention.op.wanted());
            faults.push(Fault::at(
                mention.start,
                mention.op.code(),
                text.excerpt(mention.start, mention.end),
                expected,
            ));
        }
    }
    for (mention, _) in mentions.iter().zip(&fits).filter(|(_, fits)| fits.contains(&true)) {
        let changes = matches!(mention.op, Op::Up | Op::Down | Op::Flat | Op::Accel | Op::Decel);
        let carried = if changes { carried(text, mentions, mention) } else { Vec::new() };
        let claimed = |id: &str| claims.iter().any(|(claim, op)| mention.op.agrees(*op) && claim.a == id);
        let unproved = carried.first().copied().filter(|id| !claimed(id));
        if let Some(id) = unproved.or_else(|| astray(text, mentions, mention).filter(|_| changes)) {
            let expected = format!("l’affirmation {} vraie pour cette valeur", mention.op.wanted());
            faults.push(Fault::at(mention.start, mention.op.code(), id, expected));
        }
    }
    let compares = |mention: &&Mention| matches!(mention.op, Op::Gt | Op::Lt | Op::Approx);
    for mention in mentions.iter().filter(compares) {
        let claimed = |id: &&str| claims.iter().any(|(claim, op)| *op == mention.op && claim.b.as_deref() == Some(*id));
        for id in comparison::further_terms(text, mention).into_iter().filter(|id| !claimed(id)) {
            let expected = format!("l’affirmation {} pour cette valeur aussi", mention.op.wanted());
            faults.push(Fault::at(mention.start, mention.op.code(), id, expected));
        }
    }
    for (index, (claim, op)) in claims.iter().enumerate() {
        if !fits.iter().any(|fits| fits.get(index) == Some(&true)) {
            faults.push(Fault::new(
                op.code(),
                describe(claim),
                "les mots de cette affirmation dans le texte, dans ce sens",
            ));
        }
    }
    if faults.is_empty() && !assign(text, mentions, &fits, claims.len()) {
        let code = claims.first().map_or("V07", |(_, op)| op.code());
        let listed: Vec<_> = claims.iter().map(|(claim, _)| describe(claim)).collect();
        faults.push(Fault::new(code, listed.join(" ; "), "une affirmation par mot, dans l’ordre des phrases"));
    }
    faults
}

/// Whether the claims, in order, can be given to the sentences so that each word has its claim and each claim its words.
fn assign(text: &Text<'_>, mentions: &[Mention], fits: &[Vec<bool>], claims: usize) -> bool {
    let mut by_sentence: Vec<Vec<usize>> = vec![Vec::new(); text.sentences()];
    for (index, mention) in mentions.iter().enumerate() {
        let sentence = text.pieces.get(mention.start).map_or(0, |piece| piece.sentence);
        if let Some(words) = by_sentence.get_mut(sentence) {
            words.push(index);
        }
    }
    by_sentence.retain(|words| !words.is_empty());
    // Places in the list of claims at which the next sentence may begin.
    let mut starts = vec![false; claims + 1];
    if let Some(first) = starts.first_mut() {
        *first = true;
    }
    for words in &by_sentence {
        let mut next = vec![false; claims + 1];
        for from in (0..=claims).filter(|from| starts.get(*from) == Some(&true)) {
            for to in from + 1..=claims {
                if covers(words, fits, from..to)
                    && let Some(slot) = next.get_mut(to)
                {
                    *slot = true;
                }
            }
        }
        starts = next;
    }
    starts.get(claims) == Some(&true)
}

fn covers(words: &[usize], fits: &[Vec<bool>], mut claims: std::ops::Range<usize>) -> bool {
    let fit = |word: &usize, claim: usize| fits.get(*word).and_then(|fits| fits.get(claim)) == Some(&true);
    words.iter().all(|word| claims.clone().any(|claim| fit(word, claim)))
        && claims.all(|claim| words.iter().any(|word| fit(word, claim)))
}

fn is_word_of(text: &Text<'_>, mentions: &[Mention], mention: &Mention, claim: &Claim, op: Op) -> bool {
    if !mention.op.agrees(op) {
        return false;
    }
    match op {
        Op::Gt | Op::Lt | Op::Approx => comparison::is_subject_first(text, mention, claim),
        Op::Rank(..) | Op::Share(_) => {
            let all = |_: &str, _: bool| true;
            let near = facts_of(text, text.clause_of(mention.start), all);
            let near = if near.is_empty() { facts_of(text, text.sentence_of(mention.start), all) } else { near };
            near.is_empty() || near.iter().any(|id| *id == claim.a)
        }
        _ => {
            let carried = carried(text, mentions, mention);
            carried.is_empty() || carried.contains(&claim.a.as_str())
        }
    }
}

fn facts_of<'t>(text: &Text<'t>, places: std::ops::Range<usize>, keep: impl Fn(&str, bool) -> bool) -> Vec<&'t str> {
    let facts = places.filter_map(|at| text.fact(at));
    facts.filter(|fact| keep(&fact.id, fact.signed)).map(|fact| fact.id.as_str()).collect()
}

/// The changes that a direction word speaks of: the first to its right before the next such word and those of the same
/// indicator after it, else the nearest to its left, else any: it may stand in another sentence.
fn carried<'t>(text: &Text<'t>, mentions: &[Mention], mention: &Mention) -> Vec<&'t str> {
    let sentence = text.sentence_of(mention.start);
    let next = mentions.iter().map(|other| other.start).filter(|at| *at >= mention.end).min();
    let until = next.unwrap_or(sentence.end).min(sentence.end);
    let signed = |_: &str, signed: bool| signed;
    let mut right = facts_of(text, mention.end..until, signed);
    if let Some(first) = right.first().copied() {
        right.retain(|id| indicator_of(id) == indicator_of(first));
        return right;
    }
    let left = facts_of(text, sentence.start..mention.start, signed);
    let far = || facts_of(text, mention.end..sentence.end, signed).first().copied();
    left.last().copied().or_else(far).into_iter().collect()
}

/// Changes printed without their sign go the way of their word, claimed or not.
fn astray<'t>(text: &Text<'t>, mentions: &[Mention], mention: &Mention) -> Option<&'t str> {
    let carried = carried(text, mentions, mention);
    let bare = text.tokens.iter().filter_map(|token| match token {
        Token::Fact { id, abs: true } => Some(*id),
        _ => None,
    });
    let bare: Vec<&str> = bare.collect();
    carried.into_iter().skip(1).filter(|id| bare.contains(id)).find(|id| {
        let value = text.sheet.facts.get(*id).and_then(|fact| fact.value).unwrap_or_default();
        match mention.op {
            Op::Up => value.is_sign_negative(),
            Op::Down => value.is_sign_positive(),
            _ => false,
        }
    })
}
