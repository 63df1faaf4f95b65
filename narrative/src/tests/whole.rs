//! Rounds of answers, and a narrative made of accepted blocks and of the rules' own.

use domain::report::Author;
use serde_json::{Value, json};

use super::sheet;
use crate::{Assignment, Block, BlockKind, BlockSpec, Judgement, Mismatch, Narrative, Prompt};
use domain::fact::ScopeKind::{Com, Epci};

static SPECS: &[BlockSpec] = &[
    BlockSpec {
        id: "p3.titre",
        kind: BlockKind::Title,
        page: 3,
        max_chars: 90,
        facts: &[("log.n", &[Com])],
        mandatory: &["log.n"],
    },
    BlockSpec {
        id: "p3.lede",
        kind: BlockKind::Lede,
        page: 3,
        max_chars: 280,
        facts: &[("lov.tx", &[Com, Epci])],
        mandatory: &[],
    },
];
static PROMPT: Prompt = Prompt { system: "Consignes.", specs: SPECS, max_tokens: 9_000 };

fn mismatches() -> Vec<Mismatch> {
    let evidence = ["lov.tx@com", "lov.tx2@com", "zon.abc@com"].map(str::to_owned).into();
    let secret = ["lov.vac2@com", "lov.part2@com"].map(str::to_owned).into();
    vec![
        Mismatch { id: "vacance", finding: "des logements vacants là où la demande est forte", evidence },
        Mismatch { id: "secret", finding: "ce que personne ne publie", evidence: secret },
    ]
}

fn assignment() -> Assignment<'static> {
    Assignment::new(&PROMPT, sheet(), mismatches())
}

const TITLE: &str = "La commune compte {{fact:log.n@com}} logements";
const LEDE: &str = "Le taux de vacance du parc privé de la commune, de {{fact:lov.tx@com}}, est supérieur à celui de \
                    l’intercommunalité, de {{fact:lov.tx@epci}}.";

fn lede() -> Value {
    let claims = json!([{"op": "gt", "a": "lov.tx@com", "b": "lov.tx@epci"}]);
    json!({"id": "p3.lede", "text": LEDE, "claims": claims})
}

fn title(text: &str) -> Value {
    json!({"id": "p3.titre", "text": text, "claims": []})
}

fn advice(evidence: &[&str]) -> Value {
    json!({"id": "vacance", "title": "Remettre sur le marché les logements vacants", "actor": "commune",
           "lever": "vacance", "horizon": "moyen_terme", "evidence": evidence, "claims": [],
           "text": "La commune peut recenser le parc vacant : le taux de vacance de longue durée y est de {{fact:lov.tx2@com}}."})
}

fn answer(blocks: &[Value], recommendations: &[Value]) -> String {
    json!({"blocks": blocks, "recommendations": recommendations}).to_string()
}

fn refused(judgement: &Judgement) -> Vec<&str> {
    judgement.refused.keys().map(String::as_str).collect()
}

/// The ids that a question's schema allows in a list; none where it has no such list.
fn asked(judgement: &Judgement, list: &str) -> Vec<String> {
    let schema = assignment().question(judgement, "r").schema;
    let ids = schema.pointer(&format!("/properties/{list}/items/properties/id/enum"));
    ids.and_then(Value::as_array).into_iter().flatten().map(|id| id.as_str().unwrap().to_owned()).collect()
}

#[test]
fn everything_is_asked_first_but_what_nothing_can_be_rested_on() {
    let first = Judgement::default();
    assert_eq!(asked(&first, "blocks"), ["p3.titre", "p3.lede"]);
    assert_eq!(asked(&first, "recommendations"), ["vacance"]);
    let bare = Assignment::new(&PROMPT, sheet(), vec![]).question(&first, "r").schema;
    assert_eq!(bare["required"], json!(["blocks"]));
}

#[test]
fn a_repair_asks_for_what_was_refused_alone_and_says_why() {
    let recommendation = advice(&["lov.tx@com", "lov.tx2@com"]);
    let first = assignment()
        .judge(Judgement::default(), &answer(&[title("Un parc de 94 250 logements"), lede()], &[recommendation]));
    assert_eq!(refused(&first), ["p3.titre"], "{:?}", first.objections);
    assert_eq!(first.recommendations[0].author, Author::Model);
    assert_eq!((asked(&first, "blocks"), asked(&first, "recommendations")), (vec!["p3.titre".to_owned()], vec![]));
    let question = assignment().question(&first, "r");
    assert!(
        question.user.contains("Un parc de 94 250 logements") && question.user.contains("V04"),
        "{}",
        question.user
    );
    assert!(!question.user.contains("lov.tx@com"), "the facts of other blocks stay out: {}", question.user);
    assert_eq!(question.max_tokens, 3_000, "a third of what was asked at first");
    assert_eq!(question.system, assignment().question(&Judgement::default(), "r").system);

    let second = assignment().judge(first, &answer(&[title(TITLE)], &[]));
    assert_eq!((second.accepted.len(), refused(&second), second.errors()), (2, vec![], vec![]));
}

#[test]
fn an_answer_to_a_repair_may_not_touch_what_was_accepted() {
    let first = assignment().judge(Judgement::default(), &answer(&[title("Un parc de 94 250 logements"), lede()], &[]));
    let again = json!({"id": "p3.lede", "text": "Le taux de vacance est de {{fact:lov.tx@com}}.", "claims": []});
    let second = assignment().judge(first, &answer(&[title(TITLE), again], &[]));
    assert_eq!(second.accepted["p3.lede"].text, LEDE);
    assert_eq!(second.errors(), ["V01 p3.lede/text"]);
    assert_eq!(refused(&second), [] as [&str; 0], "nothing is left to ask for");
}

#[test]
fn an_answer_that_cannot_be_read_leaves_everything_open_and_loses_nothing() {
    let malformed = assignment().judge(Judgement::default(), "{\"blocks\": [");
    assert_eq!(refused(&malformed), ["p3.lede", "p3.titre", "recommandation.vacance"]);
    let first = assignment().judge(Judgement::default(), &answer(&[title("Un parc de 94 250 logements"), lede()], &[]));
    let second = assignment().judge(first, "no");
    assert_eq!((second.accepted.len(), refused(&second)), (1, vec!["p3.titre"]));
    assert_eq!(second.refused["p3.titre"], "Un parc de 94 250 logements");
    assert!(assignment().question(&second, "r").user.contains("le JSON du schéma demandé"));
}

#[test]
fn of_two_versions_of_a_block_neither_counts() {
    let judged = assignment().judge(Judgement::default(), &answer(&[title(TITLE), title(TITLE), lede()], &[]));
    assert_eq!(refused(&judged), ["p3.titre"]);
    assert!(!judged.accepted.contains_key("p3.titre"));
}

#[test]
fn a_recommendation_rests_on_the_figures_of_its_mismatch() {
    let judged = |evidence: &[&str]| {
        assignment().judge(Judgement::default(), &answer(&[title(TITLE), lede()], &[advice(evidence)]))
    };
    assert_eq!(judged(&["lov.tx@com", "lov.tx2@com"]).errors(), [] as [&str; 0]);
    for evidence in [&["lov.tx@com"][..], &["lov.tx@com", "fil.tp60@com"], &["lov.tx@com", "lov.vac2@com"]] {
        let refused = judged(evidence);
        assert_eq!(refused.errors(), ["V13 recommandation.vacance/evidence"], "{evidence:?}");
        assert_eq!(asked(&refused, "recommendations"), ["vacance"]);
        assert_eq!(asked(&refused, "blocks"), [] as [&str; 0], "no list of nothing");
    }
    let mut other = advice(&["lov.tx@com", "lov.tx2@com"]);
    other["text"] = json!("La commune peut agir : le taux de pauvreté y est de {{fact:fil.tp60@com}}.");
    let refused = assignment().judge(Judgement::default(), &answer(&[title(TITLE), lede()], &[other]));
    assert_eq!(refused.errors(), ["V02 recommandation.vacance/text"]);
}

fn block(text: &str, author: Author) -> Block {
    Block { text: text.to_owned(), claims: vec![], author }
}

#[test]
fn rules_fill_what_the_model_left_or_lost() {
    let rules = |id: &str| (id.to_owned(), block("règle", Author::Rules));
    let by_rules = Narrative { blocks: [rules("p3.titre"), rules("p3.lede")].into(), ..Narrative::default() };
    let accepted = [("p3.lede".to_owned(), block("modèle", Author::Model))].into();
    let whole = assignment().complete(Judgement { accepted, ..Judgement::default() }, by_rules);
    let authors: Vec<_> = whole.by_block().into_iter().collect();
    assert_eq!(authors, [("p3.lede".to_owned(), Author::Model), ("p3.titre".to_owned(), Author::Rules)]);
}

#[test]
fn no_sentence_is_told_by_the_model_and_by_the_rules() {
    let same = "La commune compte {{fact:log.n@com}} logements.";
    let rules = |id: &str, text: &str| (id.to_owned(), block(text, Author::Rules));
    let by_rules =
        Narrative { blocks: [rules("p3.titre", same), rules("p3.lede", LEDE)].into(), ..Narrative::default() };
    let accepted = [("p3.lede".to_owned(), block(same, Author::Model))].into();
    let whole = assignment().complete(Judgement { accepted, ..Judgement::default() }, by_rules);
    assert_eq!(whole.blocks["p3.lede"], block(LEDE, Author::Rules));
}

#[test]
fn a_narrative_stored_before_there_were_recommendations_is_read_and_written_as_it_was() {
    let stored = json!({"blocks": {"p3.lede": {"text": "t", "claims": [], "author": "rules"}}});
    let read: Narrative = serde_json::from_value(stored.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), stored);
}
