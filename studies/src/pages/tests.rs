//! What holds for every template: escaping, the few places that print unescaped, French blanks.

use domain::fact::{FactSheet, FactStatus};
use pretty_assertions::assert_eq;
use tera::Context;

use super::engine::{load, templates};
use super::{Limits, sources};

#[test]
fn what_templates_print_is_escaped() {
    let engine = load(&[("essai.html", "<p title=\"{{ nom }}\">{{ nom }}</p>")]).unwrap();
    let mut context = Context::new();
    context.insert("nom", "<script>\"L'Haÿ\" & Cie</script>");
    let html = engine.render("essai.html", &context).unwrap();
    assert!(!html.contains("<script>") && html.contains("&lt;script&gt;"), "{html}");
    assert!(!html.contains("\"L'"), "quotes cannot close an attribute: {html}");
}

#[test]
fn every_template_that_prints_is_named_html() {
    for (name, text) in templates() {
        assert!(name.ends_with(".html") || !text.contains("{{"), "{name} prints without escaping");
    }
}

#[test]
fn only_our_own_drawings_are_printed_unescaped() {
    let found: Vec<String> = templates()
        .iter()
        .flat_map(|(name, text)| text.split("{{").skip(1).map(move |piece| (name, piece)))
        .filter_map(|(name, piece)| piece.split_once("}}").map(|(inside, _)| (name, inside.trim())))
        .filter(|(_, inside)| inside.ends_with("| safe"))
        .map(|(name, inside)| format!("{name}: {inside}"))
        .collect();
    let allowed = [
        "report/components.html: exhibit.drawing | safe",
        "report/reading.html: scope.mark | safe",
        "report/cover.html: body.cover_map | safe",
    ];
    assert_eq!(found, allowed, "each of these is an `Svg`, which only charts/svg.rs can make");
    assert!(templates().iter().all(|(_, text)| !text.contains("autoescape")), "escaping is never switched off");
}

#[test]
fn a_name_that_does_not_exist_is_an_error() {
    let engine = load(&[("essai.html", "{{ absent }}")]).unwrap();
    assert!(engine.render("essai.html", &Context::new()).is_err());
}

/// `text` without what stands between `open` and `close`.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut pieces = text.split(open);
    let head = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(head, |kept, piece| kept + piece.split_once(close).map_or("", |(_, rest)| rest))
}

#[test]
fn blanks_before_french_punctuation_do_not_break() {
    for (name, text) in templates().iter().filter(|(name, _)| name.ends_with(".html") && *name != "report/base.html") {
        let words = without(&without(&without(text, "{#", "#}"), "{{", "}}"), "{%", "%}");
        for line in without(&words, "<", ">").lines() {
            for bad in [" :", " ;", " ?", " !", " %", " €", " »", "« "] {
                assert!(!line.contains(bad), "{name}: a plain blank in « {bad} »: {line}");
            }
        }
    }
}

#[test]
fn no_template_computes_nor_tests_a_value() {
    for (name, text) in templates() {
        for bad in [".value", " * ", " + ", " / 1", "| round"] {
            let tags = text.split("{%").skip(1).chain(text.split("{{").skip(1));
            let tags = tags.map(|rest| rest.split(['%', '}']).next().unwrap_or_default());
            assert!(tags.clone().all(|tag| !tag.contains(bad)), "{name}: {bad}");
        }
    }
}

fn sample() -> FactSheet {
    serde_json::from_str(include_str!("../log_01/sample.json")).unwrap()
}

#[test]
fn nothing_is_missing_in_silence() {
    let mut sheet = sample();
    let mut few = sample();
    few.facts.retain(|id, _| id.starts_with("lov."));
    let limits = Limits::of(&few, 10);
    assert_eq!(limits.others, 0, "vacancy has few reasons");
    assert_eq!(limits.ok + limits.rows.iter().map(|row| row.count).sum::<usize>(), few.facts.len());
    assert_eq!(limits.ok, few.facts.values().filter(|fact| fact.status == FactStatus::Ok).count());
    for (n, fact) in sheet.facts.values_mut().enumerate().take(40) {
        (fact.status, fact.note) = (FactStatus::Missing, Some(format!("raison {n}")));
    }
    let crowded = Limits::of(&sheet, 10);
    assert!(crowded.rows.len() < 12 && crowded.others > 20, "a page holds so many, and says how many more there are");
}

#[test]
fn sources_are_those_of_printed_figures_with_the_licence_of_their_load() {
    let mut sheet = sample();
    let rows = sources::source_rows(&sheet).unwrap();
    assert!(rows.iter().all(|row| row.licence == "Licence Ouverte 2.0"));
    assert!(rows.iter().any(|row| row.title.starts_with("LOVAC")));
    assert!(rows.iter().all(|row| !row.vintage.contains(',')), "each dataset has its own vintage: {rows:?}");
    for fact in sheet.facts.values_mut().filter(|fact| fact.prov.dataset == "lovac") {
        fact.status = FactStatus::Secret;
    }
    assert!(!sources::source_rows(&sheet).unwrap().iter().any(|row| row.title.starts_with("LOVAC")));
    sheet.facts.get_mut("log.n@com").unwrap().prov.load = "9999".to_owned();
    assert!(sources::source_rows(&sheet).unwrap_err().to_string().contains("9999"));
    sheet.exhibits.remove("sources");
    assert!(sources::source_rows(&sheet).unwrap_err().to_string().contains("sources"));
}

#[test]
fn a_dataset_without_a_printed_name_is_refused() {
    let mut sheet = sample();
    let fact = sheet.facts.get_mut("lov.tx@com").unwrap();
    fact.prov.dataset = "inconnu".to_owned();
    assert!(sources::source_line(&[fact]).unwrap_err().to_string().contains("inconnu"));
}
