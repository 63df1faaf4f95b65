//! The words that need a claim, with the claim that they need.

use rust_decimal::Decimal;

use super::{Band, Op, Share, Side, truth};
use crate::Claim;
use crate::rules::{Fault, is_number};
use crate::text::{Kind, Text};

/// Words of a claim in a text.
#[derive(Debug, Clone, Copy)]
pub struct Mention {
    pub start: usize,
    pub end: usize,
    pub op: Op,
    pub second: Second,
}

/// Where the second term of a comparison is to be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Second {
    /// Right after the words: after a verb, « proche de », « plus … que ».
    Directly,
    /// After « à », as with an adjective.
    AfterJoin,
    /// The words bring none in: the figures come in their order.
    Nowhere,
}

/// Every word that needs a claim, in order. Superlatives without one are the matter of V09.
pub fn mentions(text: &Text<'_>) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut taken = vec![false; text.pieces.len()];
    // « communes comparables » is a territory, not a comparison.
    for hit in
        text.lexicons.find("v08", &text.pieces).iter().filter(|hit| hit.end - hit.start > 1 && hit.entry.tag == "sim")
    {
        taken.iter_mut().take(hit.end).skip(hit.start).for_each(|taken| *taken = true);
    }
    // Whole phrases first, so that « de plus en plus » is not read as « plus ».
    let lists = ["v05", "v06", "v07", "v09"];
    let listed: Vec<_> = lists.iter().flat_map(|name| text.lexicons.find(name, &text.pieces)).collect();
    for hit in listed.iter().filter(|hit| hit.end - hit.start > 1 || hit.entry.tag.is_empty()) {
        add(text, &mut found, &mut taken, hit.start, hit.end, &hit.entry.tag);
    }
    for at in 0..text.pieces.len() {
        if let Some(mention) = comparative(text, at, &taken) {
            taken.iter_mut().take(mention.end).skip(mention.start).for_each(|taken| *taken = true);
            found.push(mention);
        }
    }
    for hit in &listed {
        add(text, &mut found, &mut taken, hit.start, hit.end, &hit.entry.tag);
    }
    found.sort_by_key(|mention| mention.start);
    found
}

fn add(text: &Text<'_>, found: &mut Vec<Mention>, taken: &mut [bool], start: usize, end: usize, tag: &str) {
    let Some((op, second)) = op_of(tag) else { return };
    if taken.iter().take(end).skip(start).any(|taken| *taken) {
        return;
    }
    let (op, end) = match tag {
        // « parmi les plus élevés » is one word for us; « parmi les plus faibles » turns it round.
        "high+" | "low+" => {
            let (low, end) = described(text, end);
            let side = if (tag == "low+") == low { Side::High } else { Side::Low };
            (Op::Rank(side, Band::Extreme), end)
        }
        // « de plus en plus haut » is a direction.
        "high" | "low" if is_growing(text, start) => return,
        "high" | "low" if is_very(text, start) => match op {
            Op::Rank(side, _) => (Op::Rank(side, Band::Extreme), end),
            other => (other, end),
        },
        _ => (op, end),
    };
    taken.iter_mut().take(end).skip(start).for_each(|taken| *taken = true);
    found.push(Mention { start, end, op, second });
}

fn op_of(tag: &str) -> Option<(Op, Second)> {
    let op = match tag {
        "gt" | "gt!" => Op::Gt,
        "lt" | "lt!" => Op::Lt,
        "approx" => Op::Approx,
        "up" => Op::Up,
        "down" => Op::Down,
        "flat" => Op::Flat,
        "accel" => Op::Accel,
        "decel" => Op::Decel,
        "high" => Op::Rank(Side::High, Band::Marked),
        "low" => Op::Rank(Side::Low, Band::Marked),
        "high+" => Op::Rank(Side::High, Band::Extreme),
        "low+" => Op::Rank(Side::Low, Band::Extreme),
        "mid" => Op::Rank(Side::High, Band::Middle),
        "majority" => Op::Share(Share::Majority),
        "minority" => Op::Share(Share::Minority),
        _ => return None,
    };
    Some((op, if tag.ends_with('!') { Second::Directly } else { Second::AfterJoin }))
}

fn is_growing(text: &Text<'_>, at: usize) -> bool {
    let back = |steps: usize| at.checked_sub(steps).map_or("", |place| text.word(place));
    matches!(back(1), "plus" | "moins") && back(2) == "en"
}

fn is_very(text: &Text<'_>, at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| is_listed(text, "v09", "tres", before))
}

fn is_listed(text: &Text<'_>, list: &str, tag: &str, at: usize) -> bool {
    let entries = &text.lexicons.list(list).entries;
    entries.iter().any(|entry| entry.tag == tag && entry.phrase.end_at(&text.pieces, at, false) == Some(at + 1))
}

/// Whether the adjective after « plus » or « moins » points down, and where it ends.
fn described(text: &Text<'_>, at: usize) -> (bool, usize) {
    let low = is_listed(text, "v09", "low", at) || is_listed(text, "v09", "petit", at);
    let is_word = !text.word(at).is_empty();
    (low, if is_word { at + 1 } else { at })
}

/// « plus élevé que », « moins faible », « plus de logements que », « aussi cher que ».
fn comparative(text: &Text<'_>, at: usize, taken: &[bool]) -> Option<Mention> {
    let piece = text.pieces.get(at).filter(|piece| piece.kind == Kind::Word && !piece.locked)?;
    let word = piece.lower.as_str();
    if taken.get(at) == Some(&true) || !matches!(word, "plus" | "moins" | "aussi" | "autant") {
        return None;
    }
    let before = at.checked_sub(1).map_or("", |before| text.word(before));
    let clause = text.clause_of(at);
    let sentence = text.sentence_of(at);
    let that = (at + 1..(at + 16).min(sentence.end)).find(|place| matches!(text.word(*place), "que" | "qu’"));
    if matches!(word, "aussi" | "autant") {
        // « ainsi que » and « aussi » for « also » compare nothing.
        let graded = ["high", "low", "petit"].iter().any(|tag| is_listed(text, "v09", tag, at + 1));
        that.filter(|place| clause.contains(place) || graded || word == "autant")?;
        let end = that.unwrap_or(at) + 1;
        return Some(Mention { start: at, end, op: Op::Approx, second: Second::Directly });
    }
    let denies = (clause.start..at).any(|place| matches!(text.word(place), "ne" | "n’" | "non"));
    let of_figure = text.is_figure(at + 1) || (matches!(text.word(at + 1), "de" | "d’") && text.is_figure(at + 2));
    let amount = matches!(text.word(at + 1), "de" | "d’") && is_amount(text, at + 2);
    let fixed =
        matches!(before, "au" | "de" | "en" | "ni" | "le" | "la" | "les" | "des" | "du" | "ou" | "et" | "tout" | "d’");
    // « de plus que » compares, « de plus » does not.
    let fixed = fixed && that != Some(at + 1);
    if of_figure || (amount && that.is_none()) || fixed || (word == "plus" && denies && that.is_none()) {
        return None;
    }
    let (low, end) = described(text, at + 1);
    let op = if (word == "moins") == low { Op::Gt } else { Op::Lt };
    // The second term comes after « que »; what lies between belongs to the first.
    let end = that.map_or(end, |that| that + 1).max(end);
    let second = if that.is_some() { Second::Directly } else { Second::Nowhere };
    Some(Mention { start: at, end, op, second })
}

/// « plus d’un tiers », « moins d’une centaine », « plus de la moitié »: an amount, which is refused as such.
fn is_amount(text: &Text<'_>, at: usize) -> bool {
    let at = if matches!(text.word(at), "la" | "un" | "une" | "le" | "les") { at + 1 } else { at };
    is_number(text, text.word(at)) || is_listed(text, "v05", "", at)
}

/// Intensities: « nettement » needs a gap of ten percent, « légèrement » five at most, « très » an extreme rank.
pub fn intensities(text: &Text<'_>, mentions: &[Mention], claims: &[(&Claim, Op)]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for hit in text.lexicons.find("v07", &text.pieces) {
        let (least, most) = match hit.entry.tag.as_str() {
            "net" => (Decimal::TEN, Decimal::MAX),
            "peu" => (Decimal::ZERO, Decimal::from(5)),
            _ => continue,
        };
        let gaps = gaps(text, mentions, claims, hit.start);
        if gaps.is_empty() || gaps.iter().any(|gap| *gap < least || *gap > most) {
            let expected = "l’adverbe près d’une comparaison ou d’une évolution : au moins 10 % pour « nettement », au plus 5 % pour « légèrement »";
            faults.push(Fault::at(hit.start, "V07", text.excerpt(hit.start, hit.end), expected));
        }
    }
    // « bien supérieur », « très proche »: how much is not said by such words.
    let compares = mentions.iter().filter(|mention| matches!(mention.op, Op::Gt | Op::Lt | Op::Approx));
    for mention in compares {
        let Some(before) = mention.start.checked_sub(1) else { continue };
        if matches!(text.word(before), "bien" | "très" | "fort" | "beaucoup" | "loin" | "tout") {
            let expected = "« nettement » ou « légèrement », si l’écart le permet, ou la comparaison seule";
            faults.push(Fault::at(before, "V07", text.excerpt(before, mention.end), expected));
        }
    }
    for hit in text.lexicons.find("v09", &text.pieces).iter().filter(|hit| hit.entry.tag == "tres") {
        let sentence = text.sentence_of(hit.start);
        let extreme = |mention: &&Mention| {
            sentence.contains(&mention.start)
                && matches!(mention.op, Op::Rank(_, Band::Extreme))
                && claims.iter().any(|(_, op)| mention.op.agrees(*op))
        };
        if !mentions.iter().any(|mention| extreme(&mention)) {
            let expected = "une affirmation rank de bande extreme";
            faults.push(Fault::at(hit.start, "V09", text.excerpt(hit.start, hit.end), expected));
        }
    }
    faults
}

/// The gaps, in percent, of the claims whose words stand nearest to an adverb, in its clause.
fn gaps(text: &Text<'_>, mentions: &[Mention], claims: &[(&Claim, Op)], at: usize) -> Vec<Decimal> {
    let clause = text.clause_of(at);
    let near = mentions.iter().filter(|mention| clause.contains(&mention.start));
    let Some(mention) = near.min_by_key(|mention| mention.start.abs_diff(at)) else { return Vec::new() };
    let sentence = text.sentence_of(at);
    let fact = |id: &str| text.cited().find(|(_, fact)| fact.id == id);
    let of = |(claim, op): &(&Claim, Op)| {
        let (place, a) = fact(&claim.a)?;
        if !mention.op.agrees(*op) || !(sentence.contains(&place) || claims.len() == 1) {
            return None;
        }
        match op {
            Op::Gt | Op::Lt | Op::Approx => truth::relative_gap(a, fact(claim.b.as_deref()?)?.1),
            Op::Up | Op::Down => a.value.filter(|_| a.unit.starts_with("pct")).map(|value| value.abs()),
            _ => None,
        }
    };
    claims.iter().filter_map(of).collect()
}
