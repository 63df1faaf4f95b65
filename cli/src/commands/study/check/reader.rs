//! What a strict reader finds wrong with a report: in its words, on its pages, on paper.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    eligibility::{Eligibility, EligibilityStatus},
    fact::{FactSheet, FactStatus},
};
use narrative::{Judgement, Objection};
use serde::Serialize;
use serde_json::json;
use studies::{Narrative, Study};

use super::html::Stretch;
use super::paper::{Paper, Sheet, Word};

/// Something that no customer may see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Breach {
    /// What kind of thing: `pages`, `judge`, `nd`, `annex`, `hole`, `overflow`, `collision`, `glyph`, `file`,
    /// `facts`, `made`.
    pub kind: &'static str,
    /// The page on which it is, from 1.
    pub page: Option<usize>,
    pub what: String,
}

impl Breach {
    pub fn new(kind: &'static str, page: Option<usize>, what: impl Into<String>) -> Self {
        Self { kind, page, what: what.into() }
    }
}

/// Pages that are sold, once those announced as dropped are taken away.
pub fn sold(study: &dyn Study, verdict: &Eligibility) -> usize {
    study.sheet().contents.len() - verdict.dropped_pages.len()
}

/// A verdict must say what it means: a reduction which pages and why, a refusal why.
pub fn announced(verdict: &Eligibility) -> Vec<Breach> {
    let silent = verdict.dropped_pages.iter().any(|page| page.reason.trim().is_empty());
    let fault = match verdict.status {
        EligibilityStatus::Full if !verdict.dropped_pages.is_empty() => "full, with pages dropped",
        EligibilityStatus::Reduced if verdict.dropped_pages.is_empty() => "reduced, without a page dropped",
        EligibilityStatus::Unavailable if verdict.reason.as_deref().is_none_or(str::is_empty) => {
            "refused, without a reason"
        }
        _ if silent => "a page dropped without a reason",
        _ => return vec![],
    };
    vec![Breach::new("pages", None, fault)]
}

/// A figure has a value when it may be cited, and none when it may not.
pub fn facts(sheet: &FactSheet) -> Vec<Breach> {
    let wrong = sheet.facts.values().filter(|fact| {
        let shown = fact.status.is_citable();
        let blank = fact.text.trim().is_empty() || fact.text == "n.d.";
        (shown && blank)
            || (!shown && fact.value.is_some())
            || (fact.status == FactStatus::Secret && fact.peer.is_some())
    });
    wrong
        .map(|fact| Breach::new("facts", None, format!("{} is {} with « {} »", fact.id, fact.status.name(), fact.text)))
        .collect()
}

/// The judge reads every block and recommendation again, as if a stranger had written them.
pub fn words(study: &dyn Study, sheet: &FactSheet, narrative: &Narrative) -> Vec<Breach> {
    let blocks: Vec<_> = narrative
        .blocks
        .iter()
        .map(|(id, block)| json!({"id": id, "text": block.text, "claims": block.claims}))
        .collect();
    let recommendations: Vec<_> = narrative
        .recommendations
        .iter()
        .map(|given| {
            json!({
                "id": given.id, "title": given.title, "actor": given.actor, "lever": given.lever, "text": given.text,
                "evidence": given.evidence, "horizon": given.horizon, "claims": given.claims,
            })
        })
        .collect();
    let each = blocks.iter().flat_map(|block| study.check(sheet, &block.to_string()).errors);
    // Together, no block may repeat another. Blocks of which no figure is published are asked of nobody: V01 there.
    let answer = json!({"blocks": blocks, "recommendations": recommendations});
    let together = study.judge(sheet, Judgement::default(), &answer.to_string()).objections;
    let unasked = |objection: &Objection| objection.code == "V01" && narrative.blocks.contains_key(&objection.excerpt);
    let together = together.into_iter().filter(|objection| !unasked(objection));
    let told = each.chain(together).map(|error| format!("{} {}: « {} »", error.code, error.pointer, error.excerpt));
    told.collect::<BTreeSet<_>>().into_iter().map(|what| Breach::new("judge", None, what)).collect()
}

/// Where sentences stand.
const SENTENCES: [&str; 7] = ["h1", "chapeau", "texte", "retenir", "constats", "points", "recommandations"];
/// Pages that explain marks, list sources or all figures: no sentence there speaks of the commune.
const EXPLAINING: [&str; 4] = ["couverture", "lire", "sources", "annexe"];
/// Figures in tables, tiles, notes and sentences.
const FIGURES: [&str; 3] = ["chiffre", "fait", "valeur"];

/// No sentence says « n.d. », and every number outside drawings is one of the annex.
pub fn sentences(stretches: &[Stretch<'_>], paper: &Paper, sold: usize) -> Vec<Breach> {
    let annex = spaced(
        &paper
            .sheets
            .iter()
            .skip(sold)
            .flat_map(|sheet| &sheet.words)
            .map(|word| word.text.as_str())
            .collect::<Vec<_>>()
            .join(" "),
    );
    let mut found = vec![];
    for stretch in stretches.iter().filter(|stretch| !stretch.is_in(&EXPLAINING)) {
        let page = stretch.section.map(|section| section + 1);
        let in_sentence = stretch.is_in(&SENTENCES);
        if in_sentence && stretch.text.contains("n.d.") {
            found.push(Breach::new("nd", page, format!("« {} »", stretch.text.trim())));
        }
        let text = spaced(&stretch.text);
        if stretch.fills(&FIGURES) {
            if text != "n.d." && text.contains(|c: char| c.is_ascii_digit()) && !tells(&annex, &text) {
                found.push(Breach::new("annex", page, format!("« {text} » is not in the annex")));
            }
        } else if in_sentence {
            let strange = numbers(&without_laws(&text)).into_iter().filter(|number| !tells(&annex, number));
            found.extend(
                strange.map(|number| {
                    Breach::new("annex", page, format!("« {number} » in « {text} » is not in the annex"))
                }),
            );
        }
    }
    found
}

/// What stands where something else should: frames without a figure, sources of nothing, words cut short.
const HOLES: [&str; 3] = ["Données non publiées", "Source : ;", "Sources : ;"];

/// Nothing on the pages is a hole. Only the names of territories may be cut: some have ninety letters.
pub fn holes(stretches: &[Stretch<'_>], sheet: &FactSheet) -> Vec<Breach> {
    let names: BTreeSet<String> = sheet.facts.values().map(|fact| spaced(&fact.scope.name)).collect();
    let seen = stretches.iter().filter(|stretch| !stretch.is_in(&EXPLAINING));
    let hollow = seen.filter_map(|stretch| {
        let text = spaced(&stretch.text);
        let stem = text.strip_suffix('…').filter(|_| stretch.is_in(&["svg"]));
        let is_cut = stem.is_some_and(|stem| !names.iter().any(|name| name.contains(without_kind(stem))));
        let is_hole = is_cut || HOLES.iter().any(|hole| text.contains(hole));
        is_hole.then(|| Breach::new("hole", stretch.section.map(|section| section + 1), format!("« {text} »")))
    });
    hollow.collect()
}

/// A territory's name without the abbreviation of what it is.
fn without_kind(name: &str) -> &str {
    ["CC ", "CA ", "CU "].iter().find_map(|kind| name.strip_prefix(kind)).unwrap_or(name)
}

/// Blanks of all kinds as one plain blank: the tools that read a PDF know no other.
fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the annex has a text that is not a part of a longer number.
fn tells(annex: &str, text: &str) -> bool {
    annex.match_indices(text).any(|(at, _)| {
        let digit = |c: char| c.is_ascii_digit();
        let before = annex[..at].chars().next_back();
        let mut after = annex[at + text.len()..].chars();
        let next = after.next();
        let goes_on =
            next == Some(',') && after.next().is_some_and(digit) || next.is_some_and(digit) && text.ends_with(digit);
        let began = before.is_some_and(|c| digit(c) || c == ',') && text.starts_with(digit);
        !began && !goes_on
    })
}

/// The text without the numbers of articles of law: « R. 302-1-1 ».
fn without_laws(text: &str) -> String {
    let is_article = |word: &str| ["L.", "R.", "D."].contains(&word);
    let mut words = text.split(' ');
    let mut kept = vec![];
    while let Some(word) = words.next() {
        kept.push(word);
        if is_article(word.trim_start_matches('(')) {
            words.next();
        }
    }
    kept.join(" ")
}

/// Numbers as a reader sees them: « 12 », « 3,4 ».
fn numbers(text: &str) -> Vec<String> {
    let pieces = text.split(|c: char| !(c.is_ascii_digit() || c == ','));
    pieces.map(|piece| piece.trim_matches(',').to_owned()).filter(|piece| !piece.is_empty()).collect()
}

const MM: f64 = 72.0 / 25.4;
/// Margins of `templates/report/style.css`, with a point of play: sides, and the foot.
const SIDE: f64 = 14.0 * MM - 1.0;
const FOOT: f64 = 17.0 * MM;

/// As many pages as sold, then the annex, each with its number; nothing outside, nothing one on the other.
pub fn pages(paper: &Paper, sold: usize) -> Vec<Breach> {
    let mut found = vec![];
    if paper.sheets.len() <= sold {
        found.push(Breach::new(
            "pages",
            None,
            format!("{} pages printed, {sold} sold and an annex", paper.sheets.len()),
        ));
    }
    for (at, sheet) in paper.sheets.iter().enumerate() {
        let number = at + 1;
        if at > 0 {
            let folio = if number <= sold { format!("{number}/{sold}") } else { format!("A{}", number - sold) };
            let foot: String = sheet
                .words
                .iter()
                .filter(|word| word.top > sheet.height - FOOT)
                .map(|word| word.text.as_str())
                .collect();
            // One page too many shifts all those after it: told once.
            if !foot.ends_with(&folio) && !found.iter().any(|breach: &Breach| breach.kind == "pages") {
                found.push(Breach::new("pages", Some(number), format!("its foot is « {foot} », not « … {folio} »")));
            }
        }
        found.extend(outside(sheet, at > 0).map(|what| Breach::new("overflow", Some(number), what)));
        found.extend(collisions(&sheet.words).map(|what| Breach::new("collision", Some(number), what)));
    }
    found
}

/// Words beyond the edge of the sheet or, where there are margins, in one of them.
fn outside(sheet: &Sheet, margins: bool) -> impl Iterator<Item = String> {
    let (left, right) = if margins { (SIDE, sheet.width - SIDE) } else { (-0.5, sheet.width + 0.5) };
    let foot = sheet.height - FOOT;
    sheet.words.iter().filter_map(move |word| {
        let over = word.left < left || word.right > right || word.top < -0.5 || word.bottom > sheet.height + 0.5;
        let across = margins && word.top < foot - 1.0 && word.bottom > foot + 1.0;
        (over || across).then(|| format!("« {} » leaves the page", word.text))
    })
}

/// Words of which a quarter or more lies under another. Lines set tight touch, they do not cover.
fn collisions(words: &[Word]) -> impl Iterator<Item = String> {
    let mut sorted: Vec<&Word> = words.iter().collect();
    sorted.sort_by(|a, b| a.left.total_cmp(&b.left));
    let mut found = vec![];
    for (at, one) in sorted.iter().enumerate() {
        let near = sorted.iter().skip(at + 1).take_while(|other| other.left < one.right);
        found.extend(
            near.filter(|other| covered(one, other) > 0.25)
                .map(|other| format!("« {} » on « {} »", one.text, other.text)),
        );
    }
    found.into_iter()
}

/// Share of the smaller word that the two have in common.
fn covered(one: &Word, other: &Word) -> f64 {
    let area = |word: &Word| ((word.right - word.left) * (word.bottom - word.top)).max(0.1);
    let wide = (one.right.min(other.right) - one.left.max(other.left)).max(0.0);
    let high = (one.bottom.min(other.bottom) - one.top.max(other.top)).max(0.0);
    wide * high / area(one).min(area(other))
}

/// Every character of a page of the document is on that page of paper: none cut off, none pushed to the next page, none
/// without a glyph. The annex counts as one.
pub fn characters(stretches: &[Stretch<'_>], paper: &Paper, sold: usize) -> Vec<Breach> {
    let mut wanted: BTreeMap<usize, BTreeMap<char, usize>> = BTreeMap::new();
    for stretch in stretches {
        if let Some(section) = stretch.section {
            count(wanted.entry(section).or_default(), &stretch.text);
        }
    }
    let missing = wanted.into_iter().filter_map(|(section, wanted)| {
        let printed =
            paper.sheets.iter().enumerate().filter(|(at, _)| if section < sold { *at == section } else { *at >= sold });
        let mut there = BTreeMap::new();
        printed.flat_map(|(_, sheet)| &sheet.words).for_each(|word| count(&mut there, &word.text));
        let lost: String = wanted
            .into_iter()
            .filter(|(c, times)| there.get(c).copied().unwrap_or_default() < *times)
            .map(|(c, _)| c)
            .collect();
        (!lost.is_empty()).then(|| {
            Breach::new("glyph", Some(section + 1), format!("characters of the page are not on paper: « {lost} »"))
        })
    });
    missing.collect()
}

/// Counts letters without regard to case, which style sheets may change; blanks are no glyphs.
fn count(counts: &mut BTreeMap<char, usize>, text: &str) {
    let seen = |c: &char| !c.is_whitespace() && !matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}');
    for c in text.chars().filter(seen).flat_map(char::to_uppercase) {
        *counts.entry(c).or_default() += 1;
    }
}

/// Largest PDF, in bytes.
const LIMIT: usize = 2_000_000;

/// Our fonts only, embedded; tagged; light.
pub fn file(paper: &Paper) -> Vec<Breach> {
    let mut found = vec![];
    for (name, embedded) in &paper.fonts {
        if !name.contains("IBMPlexSans") || !embedded {
            found.push(Breach::new(
                "glyph",
                None,
                format!("font {name}: a character has no glyph in ours, or it is not embedded"),
            ));
        }
    }
    if !paper.info.lines().any(|line| line.starts_with("Tagged:") && line.ends_with("yes")) {
        found.push(Breach::new("file", None, "not tagged"));
    }
    if paper.bytes >= LIMIT {
        found.push(Breach::new("file", None, format!("{} bytes, more than {LIMIT}", paper.bytes)));
    }
    found
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
