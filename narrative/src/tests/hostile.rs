//! Whatever comes in, the judge ends, says the same twice, and does not depend on how letters are composed.

use domain::fact::FactSheet;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

use super::{objections, sheet};
use crate::{Assignment, BlockKind, BlockSpec, Judgement, Prompt, check_line, read_sheet};

const PIECES: &[&str] = &[
    "{{fact:lov.tx@com}}",
    "{{fact:dem.tcam@com|abs}}",
    "{{geo:com|de}}",
    "{{label:lov.tx@com}}",
    "{{",
    "}}",
    "{%",
    "Le Havre",
    "taux de vacance du parc privé",
    "supérieur",
    "plus",
    "que",
    "parmi les plus",
    "deux",
    "commune",
    "é",
    "e\u{301}",
    "\u{200b}",
    "\u{202e}",
    "\u{e000}",
    "\u{f800}",
    "'",
    "’",
    "-",
    ".",
    "…",
    "?",
    "\n",
    "𝟑",
    "n’",
    "pas",
    "hausse",
    "de",
    "à",
    "",
    "Z",
];

proptest! {
    #[test]
    fn any_text_has_one_verdict(text in prop_oneof![any::<String>(), prop::collection::vec(prop::sample::select(PIECES), 0..24).prop_map(|pieces| pieces.join(" "))]) {
        let once = objections(&text, &[]);
        prop_assert_eq!(&once, &objections(&text, &[]));
    }

    #[test]
    fn composition_does_not_matter(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..16)) {
        let text = pieces.join(" ");
        let codes = |text: String| objections(&text, &[]).into_iter().map(|(code, _)| code).collect::<Vec<_>>();
        prop_assert_eq!(codes(text.nfc().collect()), codes(text.nfd().collect()));
    }
}

#[test]
fn any_line_has_an_answer_in_one_form() {
    for line in
        ["", "{", "[]", "null", "{\"id\":1}", "{\"id\":\"a\"}", "{\"id\":\"a\",\"text\":\"b\",\"claims\":[],\"c\":1}"]
    {
        let checked = check_line(&[], sheet(), line);
        assert_eq!(checked.codes, ["V01"], "{line}");
    }
    let checked =
        check_line(&[], sheet(), "{\"id\":\"p1.lede\",\"text\":\"Le parc compte 12 logements.\",\"claims\":[]}");
    assert_eq!((checked.id.as_str(), checked.codes.as_slice()), ("p1.lede", &["V04".to_owned()][..]));
    assert_eq!(checked.errors[0].pointer, "p1.lede/text");
}

#[test]
fn a_recommendation_needs_its_shape() {
    let fine = serde_json::json!({
        "id": "p22.reco1", "title": "Remettre en location des logements vacants", "actor": "epci", "lever": "vacance", "horizon": "moyen_terme",
        "text": "L’intercommunalité devra suivre le taux de vacance du parc privé, de {{fact:lov.tx@epci}}.",
        "evidence": ["lov.tx@com", "lov.tx@epci"], "claims": [],
    });
    let codes = |line: &serde_json::Value| check_line(&[], sheet(), &line.to_string()).codes;
    assert_eq!(codes(&fine), [] as [&str; 0]);
    for (field, value) in [
        ("actor", "le maire".into()),
        ("actor", serde_json::Value::Null),
        ("lever", "magie".into()),
        ("horizon", "demain".into()),
        ("evidence", serde_json::json!(["lov.tx@com"])),
        ("evidence", serde_json::json!(["lov.tx@com", "lov.tx@com"])),
        ("evidence", serde_json::json!(["lov.tx@com", "lov.inconnu@com"])),
        ("evidence", serde_json::json!(["lov.tx@com", "lov.vac2@com"])),
        ("evidence", serde_json::json!(["lov.tx@com", "dvf.med[mais]@com"])),
        ("title", "".into()),
    ] {
        let mut line = fine.clone();
        line[field] = value;
        assert_eq!(codes(&line), ["V13"], "{line}");
    }
}

#[test]
fn a_sheet_is_read_in_each_of_its_shapes() {
    let fact = r#"{"id":"fil.tp60@com","text":"21,0 %","value":"21.0","unit":"pct","status":"ok"}"#;
    for json in
        [format!("[{fact}]"), format!("{{\"facts\":[{fact}]}}"), format!("{{\"facts\":{{\"fil.tp60@com\":{fact}}}}}")]
    {
        let sheet = read_sheet(&json).unwrap();
        let read = &sheet.facts["fil.tp60@com"];
        assert_eq!((read.decimals, read.anchors.first().map(String::as_str)), (1, Some("taux de pauvreté")), "{json}");
    }
    let whole = serde_json::to_string(super::sheet()).unwrap();
    assert_eq!(read_sheet(&whole).unwrap().facts.len(), super::sheet().facts.len());
    for wrong in ["", "{}", "3", "[{}]", "[{\"id\":\"lov.tx\"}]", "[{\"id\":\"lov.tx@com\",\"status\":\"bon\"}]"] {
        assert!(read_sheet(wrong).is_err(), "{wrong}");
    }
    let unknown = read_sheet(r#"[{"id":"xyz.abc@com","text":"3","value":"3","unit":"count"}]"#).unwrap();
    assert_eq!(crate::unnamed(&unknown), ["xyz.abc"]);
}

static ASKED: BlockSpec = BlockSpec {
    id: "p1.texte",
    kind: BlockKind::Text,
    page: 1,
    max_chars: 300,
    facts: &[("lov.tx", &[domain::fact::ScopeKind::Com, domain::fact::ScopeKind::Epci])],
    mandatory: &[],
};
static SPECS: &[BlockSpec] = &[BlockSpec { ..ASKED }];

/// Fifty names and labels that try to be instructions, markup or links.
#[test]
fn a_hostile_name_changes_neither_schema_nor_instructions() {
    static PROMPT: Prompt = Prompt { system: "Rédigez.", specs: SPECS, max_tokens: 100 };
    let question = |sheet: &FactSheet| Assignment::new(&PROMPT, sheet, vec![]).question(&Judgement::default(), "x");
    let plain = question(sheet());
    let attacks: Vec<String> =
        include_str!("../../tests/hostile.jsonl").lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    assert_eq!(attacks.len(), 50);
    for attack in attacks {
        let mut hostile: FactSheet = sheet().clone();
        for fact in hostile.facts.values_mut() {
            fact.label = format!("{attack} {}", "x".repeat(300));
            fact.scope.name.clone_from(&attack);
        }
        let asked = question(&hostile);
        assert_eq!((&asked.schema, &asked.system), (&plain.schema, &plain.system), "{attack}");
        let (_, rest) = asked.user.split_once("<donnees>\n").unwrap();
        let (data, after) = rest.split_once("\n</donnees>").unwrap();
        assert!(
            after.is_empty() && !data.contains(['<', '>', '\n', '\u{202e}', '\u{200b}', '\u{0}']),
            "{attack}: {data}"
        );
        let data: serde_json::Value = serde_json::from_str(data).expect(&attack);
        let label = data["facts"][0]["label"].as_str().unwrap();
        assert!(label.chars().count() <= 160 && !label.contains(['{', '}']), "{attack}");
        // Nor does it stop the judge, or open a placeholder in the text that is printed.
        let text = "Le taux de vacance du parc privé {{geo:com|de}} est de {{fact:lov.tx@com}}.";
        let _ = super::objections_with(crate::lexicon::Lexicons::shared(), &hostile, text, &[]);
        let printed = crate::rendered(&hostile, "{{geo:com}}");
        assert!(!printed.contains(['{', '}', '<', '>']), "{attack}: {printed}");
    }
}
