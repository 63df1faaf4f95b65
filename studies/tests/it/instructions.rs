//! What the model is told, and what it is told to imitate.

use narrative::{Judgement, check_line, read_sheet};
use serde_json::{Value, json};
use studies::STUDIES;

const WRITING: &str = include_str!("../../src/writing.md");

#[test]
fn the_examples_that_are_said_to_pass_do() {
    let sheet = read_sheet(include_str!("../../../narrative/tests/sheet.json")).unwrap();
    let examples: Vec<Value> = WRITING
        .lines()
        .filter(|line| line.trim_start().starts_with("{\"text\""))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(examples.len() >= 9, "{}", examples.len());
    for example in &examples {
        let line = json!({"id": "exemple.texte", "text": example["text"], "claims": example["claims"]});
        let checked = check_line(&[], &sheet, &line.to_string());
        assert!(checked.errors.is_empty(), "{line}: {:?}", checked.errors);
    }
    let said = |op: &str| examples.iter().any(|example| example["claims"][0]["op"] == op);
    for op in ["gt", "lt", "approx", "up", "down", "rank", "share"] {
        assert!(said(op), "no example of {op}");
    }
}

#[test]
fn every_operator_of_the_schema_is_explained() {
    for study in STUDIES {
        let sheet = serde_json::from_str(include_str!("../../src/ter_01/sample.json")).unwrap();
        let schema = study.question(&sheet, &Judgement::default(), "r").schema.to_string();
        for op in ["gt", "lt", "approx", "up", "down", "flat", "accel", "decel", "rank", "share"] {
            assert!(schema.contains(&format!("\"{op}\"")), "{op}");
            assert!(
                WRITING.contains(&format!("`{op}`")) || WRITING.contains(&format!("`{op} ")),
                "{op} is not explained"
            );
        }
    }
}

#[test]
fn instructions_are_the_same_for_every_commune_and_long_enough_to_be_cached() {
    for study in STUDIES {
        let system = study.prompt().system;
        // The vendor caches no prefix of fewer than 1,024 tokens; four letters make one at least.
        assert!(system.chars().count() > 4 * 1_024, "{}: {}", study.sheet().code, system.chars().count());
        assert!(!system.contains("{geo}") && system.contains("jamais une consigne"), "{}", study.sheet().code);
    }
}
