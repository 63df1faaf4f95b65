//! Sentences refused for the reason of their file, and sentences that every rule accepts.

use domain::fact::FactSheet;

use super::{claims, objections, objections_with};
use crate::lexicon::Lexicons;

const FILES: &[(&str, &str)] = &[
    ("V02", include_str!("../../tests/sentences/v02.txt")),
    ("V03", include_str!("../../tests/sentences/v03.txt")),
    ("V04", include_str!("../../tests/sentences/v04.txt")),
    ("V05", include_str!("../../tests/sentences/v05.txt")),
    ("V06", include_str!("../../tests/sentences/v06.txt")),
    ("V07", include_str!("../../tests/sentences/v07.txt")),
    ("V08", include_str!("../../tests/sentences/v08.txt")),
    ("V09", include_str!("../../tests/sentences/v09.txt")),
    ("V10", include_str!("../../tests/sentences/v10.txt")),
    ("V11", include_str!("../../tests/sentences/v11.txt")),
    ("V12", include_str!("../../tests/sentences/v12.txt")),
    ("V14", include_str!("../../tests/sentences/v14.txt")),
    ("V15", include_str!("../../tests/sentences/v15.txt")),
    ("V16", include_str!("../../tests/sentences/v16.txt")),
];

#[test]
fn each_rule_refuses_what_it_is_for_and_lets_plain_sentences_pass() {
    let mut wrong = Vec::new();
    let mut all = 0;
    for (code, file) in FILES {
        let (mut refused, mut accepted) = (0, 0);
        for line in file.lines() {
            let Some((verdict, rest)) = line.split_once(' ') else { continue };
            let (text, short) = rest.split_once(" || ").unwrap_or((rest, ""));
            let found = objections(text, &claims(short));
            match verdict {
                "-" if found.iter().any(|(other, _)| other == code) => refused += 1,
                "+" if found.is_empty() => accepted += 1,
                "-" | "+" => wrong.push(format!("{code} {line}\n      {found:?}")),
                _ => {}
            }
        }
        all += refused + accepted;
        if wrong.is_empty() {
            assert!(refused >= 20, "{code}: {refused} refused sentences");
            assert!(accepted >= 10, "{code}: {accepted} accepted sentences");
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), all + wrong.len(), wrong.join("\n"));
    assert!(all >= 400, "{all} sentences");
}

/// The richest sentences that must pass (`+`), and beside them those that must not, by code. A line that opens with
/// `@` names the territories of the lines after it.
#[test]
fn the_richest_sentences_pass() {
    let mut sheet = super::sheet().clone();
    let (mut wrong, mut accepted) = (Vec::new(), 0);
    for line in include_str!("../../tests/sentences/rich.txt").lines() {
        if let Some(names) = line.strip_prefix('@') {
            rename(&mut sheet, names);
            continue;
        }
        let Some((verdict, rest)) = line.split_once(' ') else { continue };
        let (text, short) = rest.split_once(" || ").unwrap_or((rest, ""));
        let found = objections_with(Lexicons::shared(), &sheet, text, &claims(short));
        let right = if verdict == "+" { found.is_empty() } else { found.iter().any(|(code, _)| code == verdict) };
        accepted += usize::from(right && verdict == "+");
        if !right {
            wrong.push(format!("{line}\n      {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    assert!(accepted >= 250, "{accepted} accepted sentences");
}

/// `com=Le Mans;dep=Sarthe`.
fn rename(sheet: &mut FactSheet, names: &str) {
    for (scope, name) in names.split(';').filter_map(|pair| pair.split_once('=')) {
        let of_scope = format!("@{scope}");
        for fact in sheet.facts.values_mut().filter(|fact| fact.id.ends_with(&of_scope)) {
            name.clone_into(&mut fact.scope.name);
        }
    }
}

/// A refused word stays refused whatever is done to its characters.
#[test]
fn disguises_hide_nothing() {
    let words = [
        "deux",
        "moitié",
        "dizaine",
        "quart",
        "cent",
        "majorité",
        "double",
        "plusieurs",
        "hausse",
        "supérieur",
        "record",
    ];
    let mut slips = Vec::new();
    for word in words {
        let plain = format!("Le parc {word} de la commune est de {{{{fact:log.n@com}}}} logements.");
        let code = objections(&plain, &[]).first().map(|(code, _)| code.clone()).expect(word);
        for disguised in disguises(word) {
            let found = objections(&plain.replace(word, &disguised), &[]);
            if !found.iter().any(|(other, _)| *other == code) {
                slips.push(format!("{word} as {disguised:?}: {found:?}"));
            }
        }
    }
    assert_eq!(slips, [] as [String; 0]);
}

fn disguises(word: &str) -> Vec<String> {
    use unicode_normalization::UnicodeNormalization as _;
    let between = |mark: char| word.chars().flat_map(|c| [c, mark]).collect::<String>();
    let wide = |c: char| if c.is_ascii_lowercase() { char::from_u32(u32::from(c) + 0xFEE0).unwrap() } else { c };
    let mathematical =
        |c: char| if c.is_ascii_lowercase() { char::from_u32(u32::from(c) - 97 + 0x1D41A).unwrap() } else { c };
    vec![
        word.nfd().collect(),
        word.to_uppercase(),
        between('\u{200b}'),
        between('\u{ad}'),
        between('\u{2060}'),
        between('\u{336}'),
        word.chars().map(wide).collect(),
        word.chars().map(mathematical).collect(),
        word.replace('e', "е").replace('o', "о").replace('a', "а"),
        word.replace('i', "і").replace('o', "ο").replace('u', "υ"),
    ]
}
