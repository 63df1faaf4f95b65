//! The whole document of LOG-01, for ordinary, nil, withheld and hostile sheets.

use std::collections::BTreeSet;

use domain::fact::{FactSheet, FactStatus};
use pretty_assertions::assert_eq;
use rust_decimal::Decimal;

use crate::log_01::Log01;
use crate::log_01::pages::render;
use crate::pages::Edition;
use crate::study::Study as _;
use crate::themes::fixture;

fn sample() -> FactSheet {
    serde_json::from_str(include_str!("../sample.json")).unwrap()
}

fn edition(specimen: bool) -> Edition {
    Edition {
        report_number: "2026-000042".to_owned(),
        ordered_on: "2026-11-22".parse().unwrap(),
        template_version: "essai".to_owned(),
        specimen,
        blocks_model: 3,
        blocks_rules: 13,
    }
}

fn html(sheet: &FactSheet) -> String {
    render(sheet, &Log01.by_rules(sheet), &edition(true)).unwrap()
}

fn withhold(sheet: &mut FactSheet, prefix: &str, status: FactStatus, note: &str) {
    for fact in sheet.facts.values_mut().filter(|fact| fact.id.starts_with(prefix) && fact.id.ends_with("@com")) {
        fact.status = status;
        fact.value = None;
        fact.text = "n.d.".to_owned();
        fact.note = Some(note.to_owned());
        fact.peer = None;
    }
}

/// The cell of a figure by its anchor: from the id to the end of the element.
fn anchored<'a>(html: &'a str, id: &str) -> &'a str {
    let (_, rest) = html.split_once(&format!("id=\"f-{id}\">")).unwrap();
    rest.split('<').next().unwrap()
}

#[test]
fn the_same_sheet_and_words_give_the_same_bytes() {
    assert_eq!(html(&sample()), html(&sample()));
}

#[test]
fn nothing_of_the_machinery_shows() {
    let html = html(&sample());
    for trace in ["None", "{{", "{%", "NaN", "undefined", "Some(", ">null<"] {
        assert!(!html.contains(trace), "{trace}");
    }
}

#[test]
fn each_figure_is_anchored_once_and_the_annex_points_only_where_something_is() {
    let sheet = sample();
    let html = html(&sheet);
    let ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let distinct: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), distinct.len(), "an id stands twice");
    let targets: BTreeSet<&str> = html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(targets.is_subset(&distinct), "{:?}", targets.difference(&distinct).collect::<Vec<_>>());
    assert!(targets.len() > 120, "the pages show {} figures", targets.len());
    let (_, annex) = html.split_once("<table class=\"annexe\">").unwrap();
    for (id, fact) in &sheet.facts {
        let (name, scope) = id.split_once('@').unwrap();
        let (_, row) = annex.split_once(&format!(">{name}<")).unwrap_or_else(|| panic!("{name} is not in the annex"));
        let row = row.split("</tr>").next().unwrap();
        assert!(row.contains(&format!("@{scope} {}", crate::pages::shown(fact))), "{id} is not in the annex");
    }
}

#[test]
fn no_frame_stays_empty_whatever_lacks() {
    let mut sheets = fixture::sheets(&crate::log_01::INFO);
    // Without any file loaded there is no report.
    sheets.retain(|sheet| sheet.exhibits["sources"].as_array().is_some_and(|sources| !sources.is_empty()));
    // Prices of several years together, and of none alone.
    let mut pooled = sample();
    for fact in pooled.facts.values_mut().filter(|fact| fact.id.starts_with("dvf.") && fact.id.contains("-20")) {
        (fact.status, fact.value) = (FactStatus::Missing, None);
    }
    sheets.push(pooled);
    for (number, sheet) in sheets.iter().enumerate() {
        let html = html(sheet);
        for empty in ["Données non publiées", "Contours non disponibles", "Source\u{a0}: \u{a0}", "Source\u{a0}: ;"] {
            assert!(!html.contains(empty), "sheet {number}: « {empty} »");
        }
    }
}

#[test]
fn nil_is_printed_as_nil() {
    let mut sheet = sample();
    let fact = sheet.facts.get_mut("lov.tx2@com").unwrap();
    (fact.value, fact.text) = (Some(Decimal::ZERO), "0,0\u{a0}%".to_owned());
    assert_eq!(anchored(&html(&sheet), "lov.tx2@com"), if tile(&sheet, "lov.tx2@com") { "0,0" } else { "0,0\u{a0}%" });
}

/// Tiles set the unit apart in small type.
fn tile(sheet: &FactSheet, id: &str) -> bool {
    sheet.exhibits["chiffres_cles"].as_array().unwrap().iter().any(|listed| listed == id)
}

#[test]
fn a_secret_is_n_d_with_its_note_and_never_its_value() {
    let mut sheet = sample();
    withhold(&mut sheet, "lov.", FactStatus::Secret, "moins de onze logements");
    let html = html(&sheet);
    assert_eq!(anchored(&html, "lov.tx2@com"), "n.d.");
    assert!(html.contains("oins de onze logements"));
}

#[test]
fn a_value_left_under_a_secret_status_is_not_drawn_either() {
    let mut sheet = sample();
    for fact in sheet.facts.values_mut().filter(|fact| fact.id.starts_with("lov.tx") && fact.id.contains("@com")) {
        fact.status = FactStatus::Secret;
        fact.value = Some(Decimal::new(777_777, 3));
        fact.text = "777,8\u{a0}%".to_owned();
    }
    assert!(!html(&sheet).contains("777,8"));
}

#[test]
fn a_specimen_says_so_and_another_report_does_not() {
    let sheet = sample();
    let words = Log01.by_rules(&sheet);
    let said =
        |specimen| render(&sheet, &words, &edition(specimen)).unwrap().contains("Spécimen — données de démonstration");
    assert!(said(true) && !said(false));
}

#[test]
fn hostile_names_stay_text_in_html_in_css_and_in_drawings() {
    let mut sheet = sample();
    // Without braces: those the judge of sentences refuses.
    let hostile = "\"</style></title><script>alert(1)</script>'";
    for fact in sheet.facts.values_mut() {
        fact.scope.name = hostile.to_owned();
        fact.label = hostile.to_owned();
        fact.note = Some(hostile.to_owned());
    }
    let html = html(&sheet);
    assert!(!html.contains("<script"), "a name became markup");
    assert_eq!(html.matches("</style>").count(), 1);
}

#[test]
fn a_missing_figure_or_block_is_refused_by_name() {
    let mut sheet = sample();
    let mut words = Log01.by_rules(&sheet);
    words.blocks.remove("p4.titre");
    let refused = render(&sheet, &words, &edition(true)).unwrap_err().to_string();
    assert!(refused.contains("p4.titre"), "{refused}");
    let words = Log01.by_rules(&sheet);
    sheet.facts.remove("zon.abc@com");
    let refused = render(&sheet, &words, &edition(true)).unwrap_err().to_string();
    assert!(refused.contains("zon.abc@com"), "{refused}");
}
