//! Whatever the model says, or does not, the order is delivered with words that pass the judge, and the events tell how.

mod desk;

use std::sync::Arc;

use domain::ports::Commands;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use studies::Study as _;

use self::desk::{Desk, HOSTILE, PLAIN};
use crate::{dying::Dying, world::ORDER};

/// Of the order, when nothing is said of money: enough for every round.
const CENTS: u32 = 400;

fn scenario(name: &str) -> Value {
    json!({"kind": "scenario", "name": name})
}

async fn desk() -> Desk {
    Desk::open(&PLAIN, CENTS).await
}

/// The texts of the data block of a question.
fn data(question: &Value) -> Value {
    let user = question["messages"][0]["content"].as_str().unwrap();
    let (_, rest) = user.split_once("<donnees>\n").unwrap();
    serde_json::from_str(rest.split_once("\n</donnees>").unwrap().0).unwrap()
}

fn ids(question: &Value) -> Vec<String> {
    let ids = |list: &str| {
        data(question)[list]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    [ids("blocks"), ids("mismatches")].concat()
}

#[tokio::test]
async fn on_a_good_day_the_model_writes_nearly_all_and_claims_what_is_true() {
    let desk = desk().await;
    let written = desk.write().await;
    let (by_rules, all) = written.by_rules();
    assert!(by_rules * 10 <= all, "{by_rules} of {all} blocks by the rules: {:?}", written.errors());
    let claims: usize = written.narrative.blocks.values().map(|block| block.claims.len()).sum();
    assert!(claims >= 10, "{claims} claims");
    assert_eq!(written.narrative.recommendations.len(), 1, "{:?}", written.errors());
    let questions = desk.questions().await;
    assert!(questions.windows(2).all(|pair| pair[0]["system"] == pair[1]["system"]), "one cached prefix");
    assert!(ids(&questions[0]).len() > ids(questions.last().unwrap()).len() || questions.len() == 1);
}

/// What is wrong with one block is mended by the model, or at last written by the rules; the others stay as they are.
async fn wrong_in_one_block(name: &str, code: &str) {
    let desk = desk().await;
    desk.arm(&scenario(name), None).await;
    let written = desk.write().await;
    assert_eq!(
        written.story(),
        ["received end_turn", "rejected", "received end_turn", "rejected", "received end_turn", "rejected", "accepted"],
        "{name}"
    );
    let errors = written.errors();
    assert!(errors.iter().all(|errors| errors.iter().any(|error| error.starts_with(code))), "{name}: {errors:?}");
    let questions = desk.questions().await;
    assert_eq!(questions.len(), 3, "{name}");
    assert!(ids(&questions[2]).len() <= ids(&questions[1]).len() && ids(&questions[1]).len() <= 5, "{name}");
    let (by_rules, _) = written.by_rules();
    assert!((1..=5).contains(&by_rules), "{name}: {by_rules}");
    assert_eq!(written.narrative.recommendations.len(), 1, "{name}: {errors:?}");
}

#[tokio::test]
async fn figures_that_nobody_gave_are_not_printed() {
    wrong_in_one_block("wrong_figures", "V04").await;
}

#[tokio::test]
async fn figures_that_were_typed_are_not_printed() {
    wrong_in_one_block("free_digits", "V04").await;
}

#[tokio::test]
async fn false_comparisons_are_not_printed() {
    wrong_in_one_block("false_comparison", "V07").await;
}

#[tokio::test]
async fn markup_and_template_syntax_are_not_printed() {
    wrong_in_one_block("html_injection", "V12").await;
}

#[tokio::test]
async fn a_text_without_end_is_not_printed() {
    wrong_in_one_block("too_long", "V01").await;
}

#[tokio::test]
async fn a_bad_first_answer_is_mended_by_the_second() {
    for name in ["wrong_figures", "false_comparison", "malformed_json", "fenced_json"] {
        let desk = desk().await;
        desk.arm(&scenario(name), Some(1)).await;
        let written = desk.write().await;
        let story = written.story();
        assert_eq!(story[..3], ["received end_turn", "rejected", "received end_turn"], "{name}");
        let (by_rules, all) = written.by_rules();
        assert!(by_rules * 10 <= all, "{name}: {by_rules} of {all} by the rules");
        let refused = data(&desk.questions().await[1]);
        let told = refused["errors"].as_array().is_some() || refused["blocks"][0]["errors"].as_array().is_some();
        assert!(told, "{name}: the model is told what was wrong: {refused}");
    }
}

#[tokio::test]
async fn an_answer_that_is_never_json_ends_in_the_rules() {
    let desk = desk().await;
    desk.arm(&scenario("malformed_json"), None).await;
    let written = desk.write().await;
    assert_eq!(written.errors(), vec![vec!["V01 /".to_owned()]; 3]);
    let (by_rules, all) = written.by_rules();
    assert_eq!(by_rules, all);
}

#[tokio::test]
async fn a_refusal_or_half_an_answer_is_not_asked_for_again() {
    for (name, reason, asked) in [
        ("refusal", "refusal", 1),
        ("max_tokens", "max_tokens", 2),
        ("context_exceeded", "model_context_window_exceeded", 1),
    ] {
        let desk = desk().await;
        desk.arm(&scenario(name), None).await;
        let written = desk.write().await;
        assert_eq!(
            written.story(),
            [format!("received {reason}"), "rejected".to_owned(), "accepted".to_owned()],
            "{name}"
        );
        let (by_rules, all) = written.by_rules();
        assert_eq!(
            (by_rules, desk.questions().await.len()),
            (all, asked),
            "{name}: a truncated one has a second chance at once"
        );
    }
}

#[tokio::test]
async fn a_model_that_is_overloaded_or_hangs_is_a_failed_step_and_the_rules_write() {
    for effect in [
        json!({"kind": "status", "status": 529}),
        json!({"kind": "hang", "ms": 120_000}),
        scenario("stream_stall"),
        scenario("stream_cut"),
    ] {
        let desk = desk().await;
        desk.arm(&effect, None).await;
        let written = desk.write().await;
        assert_eq!(written.story(), ["write failed, transient, 1", "accepted"], "{effect}");
        let (by_rules, all) = written.by_rules();
        assert_eq!(by_rules, all, "{effect}");
    }
}

#[tokio::test]
async fn a_repair_that_never_comes_leaves_what_was_accepted_to_the_model() {
    let desk = desk().await;
    desk.arm(&scenario("wrong_figures"), Some(1)).await;
    desk.arm(&json!({"kind": "status", "status": 529}), None).await;
    let written = desk.write().await;
    assert_eq!(written.story(), ["received end_turn", "rejected", "write failed, transient, 2", "accepted"]);
    let (by_rules, all) = written.by_rules();
    assert!(by_rules >= 1 && by_rules * 4 <= all, "{by_rules} of {all} by the rules");
}

#[tokio::test]
async fn a_repair_that_the_order_cannot_pay_is_not_asked_for() {
    let rich = desk().await;
    rich.arm(&scenario("malformed_json"), None).await;
    let first = rich.write().await.cost_micro_usd() / 3;
    // All that may be written, at 15 dollars the million, and what the first took: the first fits, and leaves too little for
    // reading another.
    let longest = i64::from(PLAIN.prompt().max_tokens) * 15;
    let poor = Desk::open(&PLAIN, u32::try_from((longest + first) / 10_000 + 1).unwrap()).await;
    poor.arm(&scenario("malformed_json"), None).await;
    let written = poor.write().await;
    assert_eq!(written.story(), ["received end_turn", "rejected", "write failed, refused, 1", "accepted"]);
    assert_eq!(poor.questions().await.len(), 1);
}

#[tokio::test]
async fn a_worker_that_dies_between_two_rounds_pays_for_none_of_them_twice() {
    for at in ["RecordAnswer", "RejectAnswer", "AcceptNarrative"] {
        let desk = desk().await;
        desk.arm(&scenario("wrong_figures"), None).await;
        let dying = Dying::at(at, Arc::clone(&desk.world.commands));
        let written = desk.write_with(Arc::clone(&dying) as Arc<dyn Commands>).await;
        assert!(dying.has_died(), "{at}");
        let told: Vec<String> = written.story().into_iter().filter(|told| !told.contains("failed")).collect();
        let rounds = ["received end_turn", "rejected"].repeat(3);
        assert_eq!(told, [rounds, vec!["accepted"]].concat(), "{at}");
        assert_eq!(desk.questions().await.len(), 3, "{at}");
    }
}

#[tokio::test]
async fn names_and_labels_that_would_be_instructions_are_delivered_as_words() {
    let (plain, hostile) = (desk().await, Desk::open(&HOSTILE, CENTS).await);
    plain.write().await;
    let written = hostile.write().await;
    let (usual, asked) = (&plain.questions().await[0], &hostile.questions().await[0]);
    assert_eq!((&asked["system"], &asked["output_config"]), (&usual["system"], &usual["output_config"]));
    let order = |question: &Value| {
        let user = question["messages"][0]["content"].as_str().unwrap().to_owned();
        let (before, rest) = user.split_once("<donnees>").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        (before, rest.split_once("</donnees>").unwrap().1.to_owned())
    };
    assert_eq!(order(asked), order(usual));
    assert!(!written.page.contains("<img src=x>") && !written.page.contains("href=\"javascript"));
    assert!(hostile.world.story(ORDER).await.contains(&"OrderDelivered"));
}
