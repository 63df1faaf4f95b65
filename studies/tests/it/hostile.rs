//! Names and labels that try to be markup, scripts or links are printed as the text that they are.

use domain::fact::FactSheet;
use domain::report::Author;
use serde_json::Value;
use studies::{STUDIES, Study, pages::Edition};

/// What could act, load or lead somewhere.
const ACTIVE: &[&str] = &[
    "<script",
    "<img",
    "<iframe",
    "<object",
    "<embed",
    "<form",
    "<link",
    "<meta",
    "<svg",
    "<image",
    "<use",
    "<a ",
    "<style",
    "href=\"http",
    "href=\"javascript",
    "src=\"",
    "url(http",
];

fn attacks() -> Vec<String> {
    let lines = include_str!("../../../narrative/tests/hostile.jsonl").lines();
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn sample(code: &str) -> FactSheet {
    let json = match code {
        "LOG-01" => include_str!("../../src/log_01/sample.json"),
        "TER-01" => include_str!("../../src/ter_01/sample.json"),
        _ => panic!("give the sample of {code} a line here"),
    };
    serde_json::from_str(json).unwrap()
}

/// Every name that a file could bring.
fn rename(value: &mut Value, name: &str) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                if matches!(key.as_str(), "nom" | "name" | "libelle" | "label" | "epci_nom") && field.is_string() {
                    *field = Value::String(name.to_owned());
                } else {
                    rename(field, name);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, name)),
        _ => {}
    }
}

fn hostile(sheet: &FactSheet, attack: &str) -> FactSheet {
    let mut sheet = sheet.clone();
    for fact in sheet.facts.values_mut() {
        attack.clone_into(&mut fact.label);
        attack.clone_into(&mut fact.scope.name);
        attack.clone_into(&mut fact.prov.producteur);
        fact.note = fact.note.as_ref().map(|_| attack.to_owned());
    }
    sheet.exhibits.values_mut().for_each(|exhibit| rename(exhibit, attack));
    sheet
}

fn page(study: &dyn Study, sheet: &FactSheet, narrative: &studies::Narrative) -> String {
    let count = |author| narrative.by_block().values().filter(|by| **by == author).count();
    let edition = Edition {
        report_number: "2026-000000".to_owned(),
        ordered_on: "2026-11-22".parse().unwrap(),
        template_version: study.template_version(),
        specimen: sheet.is_specimen(),
        blocks_model: u32::try_from(count(Author::Model)).unwrap(),
        blocks_rules: u32::try_from(count(Author::Rules)).unwrap(),
    };
    study.render(sheet, narrative, &edition).unwrap()
}

fn active(page: &str) -> Vec<usize> {
    ACTIVE.iter().map(|tag| page.matches(tag).count()).collect()
}

#[test]
fn fifty_hostile_names_are_printed_as_text() {
    for study in STUDIES {
        let sheet = sample(study.sheet().code);
        let narrative = study.by_rules(&sheet);
        // A harmless name in the same places: what is drawn twice or left out for equal names is the same.
        let usual = active(&page(*study, &hostile(&sheet, "Villeneuve"), &narrative));
        for attack in attacks() {
            let page = page(*study, &hostile(&sheet, &attack), &narrative);
            assert_eq!(active(&page), usual, "{}: {attack:?}", study.sheet().code);
            assert!(!page.contains("onload=x>") && !page.contains("alert(1)<"), "{}: {attack:?}", study.sheet().code);
            if attack.contains('<') && attack.chars().all(|c| !c.is_control()) {
                assert!(page.contains("&lt;"), "{}: {attack:?} is to be seen", study.sheet().code);
            }
        }
    }
}
