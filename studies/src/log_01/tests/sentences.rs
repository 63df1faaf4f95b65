//! Sentences that the judge refuses (`-`, for the reason of their file) and accepts (`+`, for every reason).

use std::sync::LazyLock;

use domain::fact::FactSheet;

use crate::log_01::Log01;
use crate::study::Study as _;
use crate::themes::{assemble, fixture};
use indicators::{Unit, dictionary};
use narrative::{Asked, BlockKind, BlockSpec, Claim, asked, judge, judge_block};

const FILES: &[(&str, &str)] = &[
    ("V02", include_str!("sentences/v02.txt")),
    ("V03", include_str!("sentences/v03.txt")),
    ("V04", include_str!("sentences/v04.txt")),
    ("V05", include_str!("sentences/v05.txt")),
    ("V06", include_str!("sentences/v06.txt")),
    ("V07", include_str!("sentences/v07.txt")),
    ("V08", include_str!("sentences/v08.txt")),
    ("V09", include_str!("sentences/v09.txt")),
    ("V10", include_str!("sentences/v10.txt")),
    ("V11", include_str!("sentences/v11.txt")),
    ("V12", include_str!("sentences/v12.txt")),
    ("V16", include_str!("sentences/v16.txt")),
];

/// A block that may cite everything and must cite nothing.
static OPEN: BlockSpec =
    BlockSpec { id: "essai", kind: BlockKind::Text, page: 3, max_chars: 400, facts: &[], mandatory: &[] };

fn objections(text: &str) -> Vec<(String, String)> {
    static SHEET: LazyLock<FactSheet> = LazyLock::new(|| assemble("LOG-01", &fixture::secret()));
    let block = Asked { spec: &OPEN, facts: SHEET.facts.values().collect(), mandatory: vec![] };
    judge_block(&SHEET, &block, text, &[]).into_iter().map(|o| (o.code, o.excerpt)).collect()
}

#[test]
fn each_rule_refuses_what_it_is_for_and_lets_plain_sentences_pass() {
    let mut wrong = Vec::new();
    for (code, file) in FILES {
        let (mut refused, mut accepted) = (0, 0);
        for line in file.lines() {
            let Some((verdict, text)) = line.split_once(' ') else { continue };
            let found = objections(text);
            match verdict {
                "-" if found.iter().any(|(other, _)| other == code) => refused += 1,
                "+" if found.is_empty() => accepted += 1,
                "-" | "+" => wrong.push(format!("{code} {line}\n      {found:?}")),
                _ => {}
            }
        }
        if wrong.is_empty() {
            assert!(refused >= 20, "{code}: {refused} refused sentences");
            assert!(accepted >= 10, "{code}: {accepted} accepted sentences");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_word_of_the_lists_is_refused_in_a_sentence() {
    let lists = narrative::refused_words();
    let words = lists.iter().flat_map(|list| list.entries().map(move |word| (list.code, word)));
    let slips: Vec<_> = words
        .filter(|(code, word)| {
            !objections(&format!("Le parc {word} est publié")).iter().any(|(found, _)| found == code)
        })
        .collect();
    assert_eq!(slips, []);
}

#[test]
fn a_plain_sentence_exists_for_every_rate() {
    for line in dictionary().filter(|line| line.unit == Unit::Pct && line.id.starts_with("log")) {
        let anchor = line.anchors[0];
        let id = line.id;
        let text = format!(
            "Dans la commune, la valeur de l’indicateur « {anchor} » est de {{{{fact:{id}@com}}}}, contre {{{{fact:{id}@epci}}}} dans l’intercommunalité et {{{{fact:{id}@sim}}}} dans les communes comparables."
        );
        assert_eq!(objections(&text), [], "{text}");
    }
}

#[test]
fn a_block_keeps_within_its_budget_once_rendered() {
    let sheet = assemble("LOG-01", &fixture::ordinary());
    let all = asked(crate::log_01::analysis::BLOCKS, &sheet);
    let title = all.iter().find(|block| block.spec.id == "p4.titre").unwrap();
    let judged = |text: &str| judge_block(&sheet, title, text, &[]).into_iter().map(|o| o.code).collect::<Vec<_>>();
    let fine = "La vacance du parc privé est de {{fact:lov.tx@com}} dans la commune";
    assert_eq!(judged(fine), [] as [&str; 0]);
    assert_eq!(
        judged(&format!("{fine}, selon les fichiers fiscaux que publie chaque printemps la direction")),
        ["V01"]
    );
    assert_eq!(judged(&format!("{fine}.")), ["V14"]);
    assert_eq!(judged("La vacance : {{fact:lov.tx@com}}"), [] as [&str; 0]);
    assert_eq!(judged("Vacance : {{fact:lov.tx@com}}"), ["V14"]);
    assert_eq!(judged(""), ["V01", "V14", "V10"]);
    assert_eq!(judged("La vacance est publiée pour le parc privé"), ["V10"], "the mandatory figure is not cited");
}

#[test]
fn an_answer_is_the_schema_or_nothing() {
    let sheet = assemble("LOG-01", &fixture::ordinary());
    let codes = |answer: &str| {
        let verdict = judge(crate::log_01::analysis::BLOCKS, &sheet, answer);
        (verdict.accepted.len(), verdict.codes())
    };
    for answer in [
        "",
        "{}",
        "[]",
        "null",
        "{\"blocks\": []",
        "{\"blocks\": [], \"extra\": 1}",
        "{\"blocks\": [{\"id\": \"p3.titre\"}]}",
    ] {
        assert_eq!(codes(answer), (0, vec!["V01".to_owned()]), "{answer}");
    }
    let block = |id: &str, text: &str| serde_json::json!({"id": id, "text": text, "claims": []});
    let title = "La vacance du parc privé est de {{fact:lov.tx@com}} dans la commune";
    let one = serde_json::json!({"blocks": [block("p4.titre", title)]}).to_string();
    assert_eq!(codes(&one), (1, vec!["V01".to_owned()]), "fifteen blocks are missing");
    let twice = serde_json::json!({"blocks": [block("p4.titre", title), block("p4.titre", title)]}).to_string();
    assert_eq!(codes(&twice).0, 0);
    let foreign = serde_json::json!({"blocks": [block("p4.titre", title), block("p9.titre", title)]}).to_string();
    assert_eq!(codes(&foreign).0, 1);
}

#[test]
fn a_sentence_is_not_printed_twice_in_a_report() {
    let sheet = assemble("LOG-01", &fixture::ordinary());
    let text = "Dans la commune, le taux de vacance du parc privé est de {{fact:lov.tx@com}}.";
    let block = |id: &str| serde_json::json!({"id": id, "text": text, "claims": []});
    let answer = serde_json::json!({"blocks": [block("p3.synthese3"), block("p4.lede")]}).to_string();
    let verdict = judge(crate::log_01::analysis::BLOCKS, &sheet, &answer);
    assert!(verdict.accepted.contains_key("p3.synthese3"));
    assert!(!verdict.accepted.contains_key("p4.lede"));
    assert!(verdict.codes().contains(&"V14".to_owned()));
}

#[test]
fn a_claim_is_refused_while_its_words_are() {
    let sheet = assemble("LOG-01", &fixture::ordinary());
    let all = asked(crate::log_01::analysis::BLOCKS, &sheet);
    let block = all.iter().find(|block| block.spec.id == "p3.synthese3").unwrap();
    let claim = |op: &str| Claim {
        op: op.to_owned(),
        a: "lov.tx@com".to_owned(),
        b: Some("lov.tx@epci".to_owned()),
        side: None,
        band: None,
    };
    let text = "Dans la commune, le taux de vacance du parc privé est de {{fact:lov.tx@com}}, contre {{fact:lov.tx@epci}} dans l’intercommunalité.";
    for (op, code) in [("gt", "V07"), ("up", "V06"), ("rank", "V09"), ("share", "V05"), ("other", "V01")] {
        let codes: Vec<_> = judge_block(&sheet, block, text, &[claim(op)]).into_iter().map(|o| o.code).collect();
        assert_eq!(codes, [code]);
    }
}

#[test]
fn a_file_of_blocks_is_judged_line_by_line() {
    let sheet = assemble("LOG-01", &fixture::ordinary());
    let codes = |line: &str| Log01.check(&sheet, line).codes;
    let line = |id: &str, text: &str| serde_json::json!({"id": id, "text": text, "claims": []}).to_string();
    assert_eq!(codes("not json"), ["V01"]);
    assert_eq!(codes(&line("s1", "Le parc de la commune est de {{fact:log.n@com}} logements.")), [] as [&str; 0]);
    assert_eq!(codes(&line("s2", "Le parc a doublé et compte 12 logements.")), ["V04", "V05"]);
    assert_eq!(codes(&line("p4.titre", "La vacance est publiée pour le parc privé")), ["V10"]);
}
