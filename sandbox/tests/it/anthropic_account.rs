//! What the double of the model remembers: cache, bill, fixed answers; and what it says of its models.

use pretty_assertions::assert_eq;
use serde_json::{Value, json};

use crate::anthropic::{answered, ask, forced, request, text};
use crate::bench::Bench;

async fn get(bench: &Bench, path: &str) -> (u16, Value) {
    let get = bench.http.get(bench.url(&format!("/anthropic/v1/{path}"))).header("x-api-key", "sk-ant-it");
    let response = get.header("anthropic-version", "2026-10-21").send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn count(bench: &Bench, body: &Value) -> (u16, Value) {
    let post = bench.http.post(bench.url("/anthropic/v1/messages/count_tokens")).json(body);
    let post = post.header("x-api-key", "sk-ant-it").header("anthropic-version", "2026-10-21");
    let response = post.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

fn marked(ttl: &str) -> Value {
    let mut body = request();
    let control = json!({ "type": "ephemeral", "ttl": ttl });
    body["system"] = json!([{ "type": "text", "text": "Règle. ".repeat(800), "cache_control": control }]);
    body
}

#[tokio::test]
async fn a_marked_prefix_is_cached_until_the_clock_says_otherwise() {
    let bench = Bench::start().await;
    for (ttl, field, life) in [("5m", "ephemeral_5m_input_tokens", 300), ("1h", "ephemeral_1h_input_tokens", 3_600)] {
        bench.control("POST", "/reset", json!({})).await;
        let body = marked(ttl);
        let usage = async || answered(&bench, &body).await["usage"].clone();
        let first = usage().await;
        assert_eq!(first["cache_creation_input_tokens"], json!(1_400));
        assert_eq!(
            (first["cache_creation"][field].clone(), first["cache_read_input_tokens"].clone()),
            (json!(1_400), json!(0))
        );
        let second = usage().await;
        assert_eq!(
            (second["cache_read_input_tokens"].clone(), second["cache_creation_input_tokens"].clone()),
            (json!(1_400), json!(0))
        );
        assert_eq!(second["input_tokens"], first["input_tokens"]);
        bench.control("POST", "/clock", json!({ "advance_s": life + 1 })).await;
        assert_eq!(usage().await["cache_read_input_tokens"], json!(0), "{ttl}");
    }
}

#[tokio::test]
async fn tokens_are_counted_as_they_are_billed() {
    let bench = Bench::start().await;
    let body = marked("1h");
    let usage = answered(&bench, &body).await["usage"].clone();
    let all = ["input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens"];
    let billed: u64 = all.iter().map(|field| usage[field].as_u64().unwrap()).sum();
    let mut asked = body.clone();
    asked.as_object_mut().unwrap().remove("max_tokens");
    assert_eq!(count(&bench, &asked).await, (200, json!({ "input_tokens": billed })));
    asked["messages"] = json!([{ "role": "user", "content": "x".repeat(40) }]);
    asked["system"] = json!("y".repeat(20));
    assert_eq!(count(&bench, &asked).await.1, json!({ "input_tokens": 15 }), "four characters to a token");
    let (status, error) = count(&bench, &body).await;
    assert_eq!((status, error["error"]["message"].clone()), (400, json!("max_tokens: Extra inputs are not permitted")));
}

#[tokio::test]
async fn models_tell_what_they_are_and_how_long_they_live() {
    let bench = Bench::start().await;
    let (_, model) = get(&bench, "models/claude-sonnet-4-6").await;
    assert_eq!((model["lifecycle"].clone(), model["retires_at"].clone()), (json!("active"), Value::Null));
    assert_eq!((model["max_input_tokens"].clone(), model["max_tokens"].clone()), (json!(1_000_000), json!(128_000)));
    assert_eq!(model["capabilities"]["structured_outputs"]["supported"], true);
    let (_, old) = get(&bench, "models/claude-sonnet-4-5").await;
    assert_eq!((old["lifecycle"].clone(), old["max_tokens"].clone()), (json!("deprecated"), json!(64_000)));
    assert_eq!(get(&bench, "models/claude-3-7-sonnet-20250219").await.1["lifecycle"], "retired");
    let (status, error) = get(&bench, "models/claude-sonnet-4.6").await;
    assert_eq!((status, error["error"]["type"].clone()), (404, json!("not_found_error")));
    bench.control("POST", "/clock", json!({ "now": "2026-12-01T00:00:00Z" })).await;
    assert_eq!(get(&bench, "models/claude-sonnet-4-5").await.1["lifecycle"], "retired");
}

#[tokio::test]
async fn models_are_listed_by_pages() {
    let bench = Bench::start().await;
    let ids = |page: &Value| -> Vec<String> {
        page["data"].as_array().unwrap().iter().map(|model| model["id"].as_str().unwrap().to_owned()).collect()
    };
    let (_, all) = get(&bench, "models").await;
    let expected = ["claude-sonnet-5-5", "claude-sonnet-5", "claude-sonnet-4-6", "claude-sonnet-4-5"];
    assert_eq!((ids(&all), all["has_more"].clone()), (expected.map(str::to_owned).to_vec(), json!(false)));
    let (_, first) = get(&bench, "models?limit=3").await;
    assert_eq!(
        (ids(&first).len(), first["has_more"].clone(), first["last_id"].clone()),
        (3, json!(true), json!(expected[2]))
    );
    assert_eq!(ids(&get(&bench, "models?after_id=claude-sonnet-4-6").await.1), [expected[3]]);
    let (_, before) = get(&bench, "models?limit=1&before_id=claude-sonnet-4-6").await;
    assert_eq!((ids(&before), before["has_more"].clone()), (vec![expected[1].to_owned()], json!(true)));
    assert_eq!(ids(&get(&bench, "models?lifecycle=retired").await.1), ["claude-3-7-sonnet-20250219"]);
    for wrong in ["limit=0", "limit=x", "after_id=none", "lifecycle=young"] {
        assert_eq!(get(&bench, &format!("models?{wrong}")).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_fixed_answer_is_given_to_the_prompts_that_match() {
    let bench = Bench::start().await;
    let usual = text(&answered(&bench, &request()).await).to_owned();
    let fix = async |matching: Value, answer: Value| {
        bench.control("PUT", "/anthropic/answers", json!({ "match": matching, "answer": answer })).await
    };
    fix(json!({ "contains": "log.tx_vac@com" }), json!({ "blocks": [] })).await;
    fix(json!({ "metadata": "order-7" }), json!("pas du JSON")).await;
    assert_eq!(text(&answered(&bench, &request()).await), r#"{"blocks":[]}"#);
    let mut of_order = request();
    of_order["metadata"] = json!({ "user_id": "order-7" });
    assert_eq!(text(&answered(&bench, &of_order).await), "pas du JSON");
    let listed = fix(json!({ "contains": "log.tx_vac@com" }), json!({ "blocks": [1] })).await;
    assert_eq!(listed["answers"].as_array().unwrap().len(), 2, "an answer replaces the one for the same prompts");
    assert_eq!(answered(&bench, &forced()).await["content"][0]["input"], json!({ "blocks": [1] }));
    assert_eq!(bench.get("/_sandbox/anthropic/answers").await, listed);
    bench.control("DELETE", "/anthropic/answers", json!({})).await;
    assert_eq!(text(&answered(&bench, &request()).await), usual);
    let nobody = json!({ "match": {}, "answer": "x" });
    let refused = bench.http.put(bench.url("/_sandbox/anthropic/answers")).json(&nobody).send().await.unwrap();
    assert_eq!(refused.status(), 400);
}

#[tokio::test]
async fn work_done_and_denied_is_billed() {
    let bench = Bench::start().await;
    let bill = async || bench.get("/_sandbox/anthropic/bill").await["messages"].as_array().unwrap().clone();
    let effects = [
        json!({ "kind": "status", "status": 503 }),
        json!({ "kind": "commit_then_fail", "status": 503 }),
        json!({ "kind": "commit_then_fail", "reset": true }),
    ];
    for (effect, billed) in effects.into_iter().zip([0, 1, 2]) {
        bench.fault(json!({ "service": "anthropic", "operation": "messages.create", "effect": effect })).await;
        let post =
            bench.http.post(bench.url("/anthropic/v1/messages")).json(&request()).header("x-api-key", "sk-ant-it");
        let answer = post.header("anthropic-version", "2026-10-21").send().await;
        assert!(answer.is_err() || answer.unwrap().status() == 503);
        assert_eq!(bill().await.len(), billed);
    }
    let mut body = request();
    body["metadata"] = json!({ "user_id": "order-9" });
    body["stream"] = json!(true);
    ask(&bench, &body).await.text().await.unwrap();
    let last = bill().await[2].clone();
    assert_eq!((last["user_id"].clone(), last["stop_reason"].clone()), (json!("order-9"), json!("end_turn")));
    assert!(last["usage"]["output_tokens"].as_u64().unwrap() > 10);
}
