//! Each finding is found where there is something to find, and only there.

use domain::eligibility::DroppedPage;
use pretty_assertions::assert_eq;

use super::super::html::stretches;
use super::*;

fn word(text: &str, left: f64, top: f64) -> Word {
    let width = 5.0 * f64::from(u32::try_from(text.chars().count()).unwrap());
    Word { text: text.to_owned(), left, top, right: left + width, bottom: top + 8.0 }
}

/// Page 1, page 2 with one sentence, and an annex.
fn paper(sentence: &str, annex: &str) -> Paper {
    let line = |text: &str| {
        text.split(' ')
            .enumerate()
            .map(|(at, part)| word(part, 60.0 + 60.0 * f64::from(u32::try_from(at).unwrap()), 100.0))
            .collect()
    };
    let sheet = |words: Vec<Word>, foot: &str| {
        let mut words = words;
        words.push(word(foot, 700.0, 570.0));
        Sheet { width: 842.0, height: 595.0, words }
    };
    Paper {
        sheets: vec![sheet(line("A"), ""), sheet(line(sentence), "2/2"), sheet(line(annex), "A1")],
        info: "Title: x\nTagged:          yes\n".to_owned(),
        fonts: vec![("AAAAAA+IBMPlexSans".to_owned(), true)],
        bytes: 1,
    }
}

fn html(sentence: &str) -> String {
    format!(
        "<body><section class=\"page couverture\">A</section><section class=\"page p\"><h1>{sentence}</h1></section><section class=\"annexe\">X</section></body>"
    )
}

fn kinds(found: &[Breach]) -> Vec<&'static str> {
    found.iter().map(|breach| breach.kind).collect()
}

#[test]
fn a_number_of_a_sentence_is_in_the_annex() {
    let page = "Le taux est de <span class=\"fait com\">2,3\u{a0}%</span>";
    let read = |annex: &str| kinds(&sentences(&stretches(&html(page)), &paper("", annex), 2));
    assert_eq!(read("lov.tx@com 2,3 % publié"), [] as [&str; 0]);
    assert_eq!(read("lov.tx@com 12,3 % publié"), ["annex"], "a part of a longer number is another number");
    let free = |text: &str| kinds(&sentences(&stretches(&html(text)), &paper("", "75 ans et plus"), 2));
    assert_eq!(free("Les 75 ans et plus"), [] as [&str; 0]);
    assert_eq!(free("Les 80 ans et plus"), ["annex"]);
    assert_eq!(free("Le taux est de 75,2"), ["annex"]);
}

#[test]
fn no_sentence_says_that_a_figure_is_not_there() {
    let page = html("Le taux est de <span class=\"fait com\">n.d.</span>");
    assert_eq!(kinds(&sentences(&stretches(&page), &paper("", ""), 2)), ["nd"]);
    let table =
        "<section class=\"page p\"><table><td><span class=\"chiffre missing\">n.d.</span></td></table></section>";
    assert_eq!(sentences(&stretches(table), &paper("", ""), 2), []);
}

#[test]
fn a_frame_without_a_figure_and_a_word_cut_short_are_holes() {
    let sheet: FactSheet = serde_json::from_str(
        r#"{"study": "LOG-01", "commune": "44109", "reference_version": 1, "exhibits": {}, "facts": {}}"#,
    )
    .unwrap();
    let page = |inside: &str| format!("<section class=\"page p\">{inside}</section>");
    let found = |inside: &str| kinds(&holes(&stretches(&page(inside)), &sheet));
    assert_eq!(found("<p class=\"source\">Source\u{a0}: \u{a0}; calculs</p>"), ["hole"]);
    assert_eq!(found("<svg><text>Données non publiées</text></svg>"), ["hole"]);
    assert_eq!(found("<svg><text>65 ans et plus pour 100 pers…</text></svg>"), ["hole"]);
    assert_eq!(
        found("<p class=\"source\">Source\u{a0}: Insee\u{a0}; calculs</p><svg><text>Fin</text></svg>"),
        [] as [&str; 0]
    );
}

#[test]
fn pages_are_numbered_and_hold_what_they_have() {
    assert_eq!(pages(&paper("Un titre", "X"), 2), []);
    assert_eq!(kinds(&pages(&paper("Un titre", "X"), 3)), ["pages"], "one page less than sold");
    let mut broken = paper("Un titre", "X");
    broken.sheets[1].words.push(word("dehors", 830.0, 100.0));
    broken.sheets[1].words.push(word("titre", 123.0, 102.0));
    assert_eq!(kinds(&pages(&broken, 2)), ["overflow", "collision"]);
    broken.sheets[1].words = vec![word("pied", 60.0, 543.0), word("2/2", 700.0, 570.0)];
    assert_eq!(kinds(&pages(&broken, 2)), ["overflow"], "across the line of the foot");
}

#[test]
fn every_character_is_printed_on_its_page() {
    let page = html("Un titre → ici");
    assert_eq!(characters(&stretches(&page), &paper("UN TITRE → ICI", "X"), 2), []);
    assert_eq!(kinds(&characters(&stretches(&page), &paper("Un titre ici", "X"), 2)), ["glyph"]);
    assert_eq!(
        kinds(&characters(&stretches(&page), &paper("Un titre →", "X ici"), 2)),
        ["glyph"],
        "it is on the next page"
    );
}

#[test]
fn a_file_is_tagged_light_and_in_our_letters() {
    assert_eq!(file(&paper("", "")), []);
    let mut foreign = paper("", "");
    foreign.fonts.push(("DejaVuSans".to_owned(), true));
    foreign.info = String::new();
    foreign.bytes = LIMIT;
    assert_eq!(kinds(&file(&foreign)), ["glyph", "file", "file"]);
}

#[test]
fn what_is_announced_is_told_with_its_reason() {
    let verdict = |status, dropped: &[&str], reason: Option<&str>| Eligibility {
        study: "LOG-01".to_owned(),
        status,
        dropped_pages: dropped
            .iter()
            .map(|why| DroppedPage { page: 4, title: "Prix".to_owned(), reason: (*why).to_owned() })
            .collect(),
        reason: reason.map(str::to_owned),
    };
    let fine = [
        verdict(EligibilityStatus::Full, &[], None),
        verdict(EligibilityStatus::Reduced, &["livre foncier"], None),
        verdict(EligibilityStatus::Unavailable, &[], Some("commune sans habitant")),
    ];
    assert!(fine.iter().all(|verdict| announced(verdict).is_empty()));
    let wrong = [
        verdict(EligibilityStatus::Full, &["livre foncier"], None),
        verdict(EligibilityStatus::Reduced, &[], None),
        verdict(EligibilityStatus::Reduced, &[""], None),
        verdict(EligibilityStatus::Unavailable, &[], None),
    ];
    assert!(wrong.iter().all(|verdict| kinds(&announced(verdict)) == ["pages"]));
}
