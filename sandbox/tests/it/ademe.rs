//! The double of the open data of energy certificates.

use pretty_assertions::assert_eq;
use reqwest::Response;
use serde_json::{Value, json};

use crate::bench::Bench;

async fn ask(bench: &Bench, route: &str, params: &[(&str, &str)]) -> Response {
    let url = bench.url(&format!("/ademe/data-fair/api/v1/datasets/dpe03existant/{route}"));
    bench.http.get(url).header("user-agent", "LObsTer/it").query(params).send().await.unwrap()
}

async fn answered(bench: &Bench, route: &str, params: &[(&str, &str)]) -> Value {
    let response = ask(bench, route, params).await;
    assert_eq!(response.status(), 200, "{params:?}");
    response.json().await.unwrap()
}

#[tokio::test]
async fn groups_add_up_to_the_total() {
    let bench = Bench::start().await;
    let params = [
        ("field", "etiquette_dpe"),
        ("qs", "code_insee_ban:35238"),
        ("metric", "avg"),
        ("metric_field", "conso_5_usages_par_m2_ep"),
    ];
    let answer = answered(&bench, "values_agg", &params).await;
    let total = answer["total"].as_u64().unwrap();
    assert!(total > 1_000);
    let groups = answer["aggs"].as_array().unwrap();
    assert_eq!(groups.iter().map(|group| group["total"].as_u64().unwrap()).sum::<u64>(), total);
    assert_eq!(answer["total_values"], 7);
    let figure = |label: &str| groups.iter().find(|group| group["value"] == label).unwrap()["metric"].as_f64().unwrap();
    assert!(figure("A") < figure("D") && figure("D") < figure("G"));
    assert_eq!(answered(&bench, "values_agg", &params).await, answer);
}

#[tokio::test]
async fn a_filter_narrows_the_total_by_exactly_its_group() {
    let bench = Bench::start().await;
    let all = answered(&bench, "values_agg", &[("field", "etiquette_dpe"), ("qs", "code_insee_ban:35238")]).await;
    let sum: u64 = all["aggs"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|group| ["F", "G"].contains(&group["value"].as_str().unwrap()))
        .map(|group| group["total"].as_u64().unwrap())
        .sum();
    let narrow =
        answered(&bench, "lines", &[("qs", "code_insee_ban:35238 AND etiquette_dpe:(F OR G)"), ("size", "1")]).await;
    assert_eq!(narrow["total"], sum);
    let suffixed =
        answered(&bench, "lines", &[("code_insee_ban_eq", "35238"), ("etiquette_dpe_in", "F,G"), ("size", "0")]).await;
    assert_eq!(suffixed["total"], sum);
}

#[tokio::test]
async fn nested_groups_and_metrics() {
    let bench = Bench::start().await;
    let nested =
        answered(&bench, "values_agg", &[("field", "type_batiment,etiquette_dpe"), ("qs", "code_insee_ban:44109")])
            .await;
    let house = nested["aggs"].as_array().unwrap().iter().find(|group| group["value"] == "maison").unwrap();
    let inner: u64 = house["aggs"].as_array().unwrap().iter().map(|group| group["total"].as_u64().unwrap()).sum();
    assert_eq!(house["total"], inner);
    let median = answered(
        &bench,
        "metric_agg",
        &[
            ("metric", "percentiles"),
            ("percents", "50"),
            ("field", "conso_5_usages_par_m2_ep"),
            ("qs", "code_insee_ban:44109"),
        ],
    )
    .await;
    assert!((100.0..350.0).contains(&median["metric"][0]["value"].as_f64().unwrap()), "{median}");
}

#[tokio::test]
async fn pages_follow_each_other_and_only_the_first_has_a_total() {
    let bench = Bench::start().await;
    let params = [("qs", "code_insee_ban:35238"), ("size", "10000"), ("select", "numero_dpe")];
    let first = answered(&bench, "lines", &[params[0], ("size", "2000"), params[2]]).await;
    assert!(first["total"].is_u64());
    let next = first["next"].as_str().unwrap();
    let second: Value =
        bench.http.get(next).header("user-agent", "LObsTer/it").send().await.unwrap().json().await.unwrap();
    assert!(second["total"].is_null());
    assert_ne!(first["results"][0], second["results"][0]);
    assert!(answered(&bench, "lines", &params).await["next"].is_null());
}

#[tokio::test]
async fn the_traps_are_set() {
    let bench = Bench::start().await;
    let url = bench.url("/ademe/data-fair/api/v1/datasets/dpe03existant/lines?qs=code_insee_ban:35238");
    let anonymous = bench.http.get(&url).send().await.unwrap();
    assert_eq!(anonymous.status(), 403);
    assert!(anonymous.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    assert_eq!(ask(&bench, "lines", &[("qs", "code_postal_ban:35000")]).await.status(), 403);
    assert_eq!(ask(&bench, "lines", &[("code_insee_ban", "35238")]).await.status(), 501, "a plain column is ignored");
    for (whole, part) in [("75056", "75101"), ("69123", "69381"), ("13055", "13201")] {
        let total = |code: &str| {
            let qs = format!("code_insee_ban:{code}");
            let bench = &bench;
            async move { answered(bench, "lines", &[("qs", &qs), ("size", "0")]).await["total"].as_u64().unwrap() }
        };
        assert_eq!(total(whole).await, 0);
        assert!(total(part).await > 0);
    }
    let unknown = bench.url("/ademe/data-fair/api/v1/datasets/dpe-v2-logements-existants/lines");
    assert_eq!(bench.http.get(unknown).header("user-agent", "it").send().await.unwrap().status(), 404);
}

#[tokio::test]
async fn an_unsupported_query_is_refused_and_never_guessed() {
    let bench = Bench::start().await;
    for qs in ["35238", "code_insee_ban:352*", "code_insee_ban:35238 etiquette_dpe:F", "etiquette_dpe:F"] {
        assert_eq!(ask(&bench, "lines", &[("qs", qs)]).await.status(), 501, "{qs}");
    }
    assert_eq!(ask(&bench, "lines", &[("qs", "code_insee_ban:35238"), ("bbox", "0,0,1,1")]).await.status(), 501);
}

#[tokio::test]
async fn bad_days_look_like_the_vendors() {
    let bench = Bench::start().await;
    let params = [("qs", "code_insee_ban:35238"), ("size", "1")];
    let arm = |effect: Value| bench.fault(json!({ "service": "ademe", "effect": effect }));
    arm(json!({ "kind": "status", "status": 429 })).await;
    let limited = ask(&bench, "lines", &params).await;
    assert_eq!(limited.status(), 429);
    assert!(!limited.headers().contains_key("retry-after"));
    assert!(limited.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
    arm(json!({ "kind": "scenario", "name": "down" })).await;
    assert_eq!(ask(&bench, "lines", &params).await.status(), 502);
    arm(json!({ "kind": "scenario", "name": "truncated_json" })).await;
    assert!(serde_json::from_str::<Value>(&ask(&bench, "lines", &params).await.text().await.unwrap()).is_err());
}

#[tokio::test]
async fn loaded_lines_replace_the_generated_ones_of_their_commune() {
    let bench = Bench::start().await;
    let lines = json!([{ "code_insee_ban": "35238", "etiquette_dpe": "A", "conso_5_usages_par_m2_ep": 40 }]);
    bench.control("POST", "/ademe/load", json!({ "lines": lines })).await;
    let answer = answered(&bench, "lines", &[("qs", "code_insee_ban:35238")]).await;
    assert_eq!(
        (answer["total"].clone(), answer["results"][0]["conso_5_usages_par_m2_ep"].clone()),
        (json!(1), json!(40))
    );
}
