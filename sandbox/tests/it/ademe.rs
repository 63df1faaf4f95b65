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
    let response = ask(&bench, "lines", &[params[0], ("size", "2000"), params[2]]).await;
    let link = response.headers()["link"].to_str().unwrap().to_owned();
    let first: Value = response.json().await.unwrap();
    assert!(first["total"].is_u64());
    let next = first["next"].as_str().unwrap();
    assert_eq!(link, format!("<{next}>; rel=next"));
    let follow = |url: String| {
        let request = bench.http.get(url).header("user-agent", "LObsTer/it");
        async move { request.send().await.unwrap().json::<Value>().await.unwrap() }
    };
    let second = follow(next.to_owned()).await;
    assert!(second["total"].is_null());
    assert_ne!(first["results"][0], second["results"][0]);
    assert!(answered(&bench, "lines", &params).await["next"].is_null());
    // Followed to the end, the pages hold every line once.
    let (mut seen, mut page) = (0, first.clone());
    loop {
        seen += page["results"].as_array().unwrap().len();
        match page["next"].as_str() {
            Some(next) => page = follow(next.to_owned()).await,
            None => break,
        }
    }
    assert_eq!(first["total"], seen);
}

#[tokio::test]
async fn a_page_has_twelve_lines_by_default_and_ten_thousand_at_most() {
    let bench = Bench::start().await;
    let qs = ("qs", "code_insee_ban:35238");
    assert_eq!(answered(&bench, "lines", &[qs]).await["results"].as_array().unwrap().len(), 12);
    let second = answered(&bench, "lines", &[qs, ("page", "2"), ("size", "3")]).await;
    let both = answered(&bench, "lines", &[qs, ("size", "6")]).await;
    assert_eq!(second["results"].as_array().unwrap()[..], both["results"].as_array().unwrap()[3..]);
    for params in [[qs, ("size", "10001")], [qs, ("size", "douze")]] {
        assert_eq!(ask(&bench, "lines", &params).await.status(), 400, "{params:?}");
    }
    assert_eq!(ask(&bench, "lines", &[qs, ("size", "5000"), ("page", "3")]).await.status(), 400);
    assert_eq!(answered(&bench, "lines", &[qs, ("count", "false")]).await["total"], Value::Null);
}

#[tokio::test]
async fn lines_are_sorted_by_several_columns_and_hold_what_is_selected() {
    let bench = Bench::start().await;
    let params = [
        ("qs", "code_insee_ban:44109 AND type_batiment:maison"),
        ("sort", "-date_etablissement_dpe,conso_5_usages_par_m2_ep"),
        ("select", "date_etablissement_dpe,conso_5_usages_par_m2_ep"),
        ("size", "400"),
    ];
    let answer = answered(&bench, "lines", &params).await;
    let keys: Vec<(String, f64)> = answer["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            assert_eq!(line.as_object().unwrap().len(), 3, "two columns and _score: {line}");
            let date = line["date_etablissement_dpe"].as_str().unwrap().to_owned();
            (date, line["conso_5_usages_par_m2_ep"].as_f64().unwrap())
        })
        .collect();
    assert!(keys.windows(2).all(|pair| pair[0].0 > pair[1].0 || (pair[0].0 == pair[1].0 && pair[0].1 <= pair[1].1)));
    assert!(keys.windows(2).any(|pair| pair[0].0 == pair[1].0 && pair[0].1 < pair[1].1), "ties were broken");
    assert_eq!(ask(&bench, "lines", &[params[0], ("sort", "inconnue")]).await.status(), 400);
    // Missing values are left out, not null.
    let houses = answered(&bench, "lines", &[params[0], ("size", "50")]).await;
    assert!(houses["results"].as_array().unwrap().iter().all(|line| line.get("typologie_logement").is_none()));
}

#[tokio::test]
async fn groups_by_interval_missing_value_and_size() {
    let bench = Bench::start().await;
    let qs = ("qs", "code_insee_ban:44109");
    let years = answered(&bench, "values_agg", &[qs, ("field", "date_etablissement_dpe"), ("interval", "year")]).await;
    let groups = years["aggs"].as_array().unwrap();
    assert_eq!(groups[0]["value"], "2021-01-01");
    assert!(groups.windows(2).all(|pair| pair[0]["value"].as_str() < pair[1]["value"].as_str()));
    assert_eq!(groups.iter().map(|group| group["total"].as_u64().unwrap()).sum::<u64>(), years["total"]);
    let steps = answered(
        &bench,
        "values_agg",
        &[qs, ("field", "conso_5_usages_par_m2_ep"), ("interval", "100"), ("sort", "key")],
    )
    .await;
    assert_eq!((steps["aggs"][0]["value"].clone(), steps["aggs"][1]["value"].clone()), (json!(0), json!(100)));

    let labelled =
        answered(&bench, "values_agg", &[qs, ("field", "typologie_logement"), ("missing", "inconnue")]).await;
    let sum: u64 = labelled["aggs"].as_array().unwrap().iter().map(|group| group["total"].as_u64().unwrap()).sum();
    assert_eq!(labelled["total"], sum);
    let bare = answered(&bench, "values_agg", &[qs, ("field", "typologie_logement")]).await;
    let known: u64 = bare["aggs"].as_array().unwrap().iter().map(|group| group["total"].as_u64().unwrap()).sum();
    let without = answered(&bench, "lines", &[qs, ("typologie_logement_nexists", "true"), ("size", "0")]).await;
    assert_eq!(known + without["total"].as_u64().unwrap(), bare["total"]);

    let two = answered(&bench, "values_agg", &[qs, ("field", "etiquette_dpe"), ("agg_size", "2"), ("size", "1")]).await;
    let shown: u64 = two["aggs"].as_array().unwrap().iter().map(|group| group["total"].as_u64().unwrap()).sum();
    assert_eq!((two["aggs"].as_array().unwrap().len(), two["total_values"].clone()), (2, json!(7)));
    assert_eq!(shown + two["total_other"].as_u64().unwrap(), two["total"]);
    assert_eq!(two["aggs"][0]["results"][0]["etiquette_dpe"], two["aggs"][0]["value"]);
}

#[tokio::test]
async fn groups_are_sorted_as_asked_and_carry_extra_metrics() {
    let bench = Bench::start().await;
    let base = [("qs", "code_insee_ban:44109"), ("field", "etiquette_dpe")];
    let keys = |answer: &Value| {
        let groups = answer["aggs"].as_array().unwrap();
        groups.iter().map(|group| group["value"].as_str().unwrap().to_owned()).collect::<String>()
    };
    let sorted = |extra: Vec<(&'static str, &'static str)>| {
        let params: Vec<(&str, &str)> = base.into_iter().chain(extra).collect();
        let bench = &bench;
        async move { answered(bench, "values_agg", &params).await }
    };
    assert_eq!(keys(&sorted(vec![("sort", "key")]).await), "ABCDEFG");
    assert_eq!(keys(&sorted(vec![("sort", "-key")]).await), "GFEDCBA");
    let metric = [("metric", "avg"), ("metric_field", "conso_5_usages_par_m2_ep")];
    assert_eq!(keys(&sorted([metric[0], metric[1], ("sort", "-metric")].to_vec()).await), "GFEDCBA");
    let extras = sorted(vec![("extra_metrics", "surface_habitable_logement:avg,numero_dpe:cardinality")]).await;
    let group = &extras["aggs"][0];
    assert_eq!(group["numero_dpe_cardinality"], group["total"]);
    assert!(group["surface_habitable_logement_avg"].as_f64().unwrap() > 20.0);
    for wrong in
        [("sort", "numero_dpe"), ("sort", "-metric"), ("agg_size", "1001"), ("extra_metrics", "etiquette_dpe:avg")]
    {
        assert_eq!(ask(&bench, "values_agg", &[base[0], base[1], wrong]).await.status(), 400, "{wrong:?}");
    }
}

#[tokio::test]
async fn figures_values_and_the_schema() {
    let bench = Bench::start().await;
    let qs = ("qs", "code_insee_ban:44109");
    let conso = "conso_5_usages_par_m2_ep";
    let stats = answered(&bench, "metric_agg", &[qs, ("metric", "stats"), ("field", conso)]).await;
    assert_eq!(stats["metric"]["count"], stats["total"]);
    let mean = stats["metric"]["sum"].as_f64().unwrap() / stats["metric"]["count"].as_f64().unwrap();
    assert!((mean - stats["metric"]["avg"].as_f64().unwrap()).abs() < 0.001);
    let alone = answered(&bench, "metric_agg", &[qs, ("metric", "avg"), ("field", conso)]).await;
    assert_eq!(alone["metric"], stats["metric"]["avg"]);
    let simple = answered(
        &bench,
        "simple_metrics_agg",
        &[qs, ("fields", "conso_5_usages_par_m2_ep,etiquette_dpe"), ("metrics", "cardinality")],
    )
    .await;
    assert_eq!(simple["metrics"]["etiquette_dpe"]["cardinality"], 7);
    assert_eq!(answered(&bench, "values/etiquette_dpe", &[qs]).await, json!(["A", "B", "C", "D", "E", "F", "G"]));
    assert_eq!(
        answered(&bench, "values/etiquette_dpe", &[qs, ("sort", "desc"), ("size", "2")]).await,
        json!(["G", "F"])
    );
    let schema = answered(&bench, "schema", &[]).await;
    let column = |key: &str| schema.as_array().unwrap().iter().find(|column| column["key"] == key).cloned().unwrap();
    assert_eq!(column(conso)["type"], "number");
    assert_eq!(column("date_etablissement_dpe")["format"], "date");
}

#[tokio::test]
async fn the_traps_are_set() {
    let bench = Bench::start().await;
    let url = bench.url("/ademe/data-fair/api/v1/datasets/dpe03existant/lines?qs=code_insee_ban:35238");
    let anonymous = bench.http.get(&url).send().await.unwrap();
    assert_eq!(anonymous.status(), 403);
    assert!(anonymous.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    let filtered = ask(&bench, "lines", &[("qs", "code_postal_ban:35000")]).await;
    assert_eq!(filtered.status(), 403);
    assert!(filtered.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
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
    let answer = bench.http.get(unknown).header("user-agent", "it").send().await.unwrap();
    assert_eq!(answer.status(), 404);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
    let bad = ask(&bench, "values_agg", &[("qs", "code_insee_ban:35238")]).await;
    assert_eq!(bad.status(), 400);
    assert!(bad.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
}

#[tokio::test]
async fn a_plain_column_is_ignored_with_a_hint_and_the_whole_country_comes_back() {
    let bench = Bench::start().await;
    let answer = answered(&bench, "values_agg", &[("field", "etiquette_dpe"), ("code_insee_ban", "35238")]).await;
    assert_eq!(answer["total"], 15_301_407);
    let sum: u64 = answer["aggs"].as_array().unwrap().iter().map(|group| group["total"].as_u64().unwrap()).sum();
    assert_eq!(sum, 15_301_407);
    assert!(answer["hint"].as_str().unwrap().contains("code_insee_ban_eq"), "{answer}");
    let right = answered(&bench, "values_agg", &[("field", "etiquette_dpe"), ("code_insee_ban_eq", "35238")]).await;
    assert!(right["total"].as_u64().unwrap() < 10_000 && right["hint"].is_null());
}

#[tokio::test]
async fn the_internal_id_and_any_commune_answer() {
    let bench = Bench::start().await;
    let total = async |dataset: &str, code: &str| {
        let url =
            bench.url(&format!("/ademe/data-fair/api/v1/datasets/{dataset}/lines?size=0&code_insee_ban_eq={code}"));
        let answer = bench.http.get(url).header("user-agent", "it").send().await.unwrap();
        answer.json::<Value>().await.unwrap()["total"].as_u64().unwrap()
    };
    assert_eq!(total("dpe03existant", "35238").await, total("meg-83tjwtg8dyz4vv7h1dqe", "35238").await);
    for code in ["01004", "2A004", "2B033", "97411", "97611", "95680"] {
        assert!(total("dpe03existant", code).await >= 20, "{code}");
    }
    assert_eq!(total("dpe03existant", "99999").await, 0);
    assert!(total("dpe02neuf", "35238").await > 0);
    let paris = answered(&bench, "lines", &[("qs", "code_departement_ban:75"), ("size", "0")]).await;
    assert!(paris["total"].as_u64().unwrap() > 30_000);
}

#[tokio::test]
async fn an_unsupported_query_is_refused_and_never_guessed() {
    let bench = Bench::start().await;
    for qs in ["35238", "code_insee_ban:352*", "code_insee_ban:35238 etiquette_dpe:F", "etiquette_dpe:F"] {
        let refused = ask(&bench, "lines", &[("qs", qs)]).await;
        assert_eq!(refused.status(), 501, "{qs}");
        assert!(refused.text().await.unwrap().contains("does not double"));
    }
    for (name, value) in [("bbox", "0,0,1,1"), ("geo_distance", "0:0:9"), ("q", "x"), ("format", "csv")] {
        let refused = ask(&bench, "lines", &[("qs", "code_insee_ban:35238"), (name, value)]).await;
        assert_eq!(refused.status(), 501, "{name}");
    }
    assert_eq!(ask(&bench, "geo_agg", &[("qs", "code_insee_ban:35238")]).await.status(), 501);
    let tertiary = bench.url("/ademe/data-fair/api/v1/datasets/dpe01tertiaire/lines");
    assert_eq!(bench.http.get(tertiary).header("user-agent", "it").send().await.unwrap().status(), 501);
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
    let down = ask(&bench, "lines", &params).await;
    assert_eq!(down.status(), 502);
    assert!(down.text().await.unwrap().contains("<html>"));
    arm(json!({ "kind": "scenario", "name": "truncated_json" })).await;
    let truncated = ask(&bench, "lines", &params).await;
    assert_eq!(truncated.status(), 200);
    assert!(serde_json::from_str::<Value>(&truncated.text().await.unwrap()).is_err());
}

#[tokio::test]
async fn a_column_may_be_missing_everywhere_at_once() {
    let bench = Bench::start().await;
    bench
        .fault(json!({ "service": "ademe", "times": 3, "effect": { "kind": "scenario", "name": "column_missing" } }))
        .await;
    let schema = answered(&bench, "schema", &[]).await;
    assert!(schema.as_array().unwrap().iter().all(|column| column["key"] != "etiquette_dpe"));
    let lines = answered(&bench, "lines", &[("qs", "code_insee_ban:35238")]).await;
    assert!(lines["results"][0].get("etiquette_dpe").is_none() && lines["results"][0].get("numero_dpe").is_some());
    let groups = ask(&bench, "values_agg", &[("qs", "code_insee_ban:35238"), ("field", "etiquette_dpe")]).await;
    assert_eq!(groups.status(), 400);
    assert!(answered(&bench, "schema", &[]).await.to_string().contains("etiquette_dpe"));
}

#[tokio::test]
async fn reindexing_lasts_a_while_by_the_clock_of_the_sandbox() {
    let bench = Bench::start().await;
    let params = [("qs", "code_insee_ban:35238"), ("size", "1")];
    bench.fault(json!({ "service": "ademe", "effect": { "kind": "scenario", "name": "reindexing" } })).await;
    for _ in 0..3 {
        assert_eq!(ask(&bench, "lines", &params).await.status(), 503);
    }
    bench.control("POST", "/clock", json!({ "advance_s": 61 })).await;
    assert_eq!(ask(&bench, "lines", &params).await.status(), 200);
}

#[tokio::test]
async fn slow_is_near_the_time_limit_of_callers() {
    let bench = Bench::start().await;
    bench.fault(json!({ "service": "ademe", "effect": { "kind": "scenario", "name": "slow" } })).await;
    let params = [("qs", "code_insee_ban:35238"), ("size", "1")];
    let patience = std::time::Duration::from_secs(2);
    assert!(tokio::time::timeout(patience, ask(&bench, "lines", &params)).await.is_err());
    assert_eq!(ask(&bench, "lines", &params).await.status(), 200);
}

#[tokio::test]
async fn loaded_lines_replace_those_of_their_commune_only() {
    let bench = Bench::start().await;
    let other = answered(&bench, "lines", &[("qs", "code_insee_ban:44109"), ("size", "0")]).await;
    let lines = json!([{ "code_insee_ban": "35238", "etiquette_dpe": "A", "conso_5_usages_par_m2_ep": 40 }]);
    let loaded = bench.control("POST", "/ademe/load", json!({ "lines": lines, "communes": ["35001"] })).await;
    assert_eq!(loaded, json!({ "dataset": "dpe03existant", "loaded": 1, "communes": ["35001", "35238"] }));
    let answer = answered(&bench, "lines", &[("qs", "code_insee_ban:35238")]).await;
    assert_eq!(
        (answer["total"].clone(), answer["results"][0]["conso_5_usages_par_m2_ep"].clone()),
        (json!(1), json!(40))
    );
    assert_eq!(answered(&bench, "lines", &[("qs", "code_insee_ban:35001")]).await["total"], 0, "emptied on purpose");
    assert_eq!(answered(&bench, "lines", &[("qs", "code_insee_ban:44109"), ("size", "0")]).await, other);
    bench.control("POST", "/ademe/load", json!({ "lines": lines })).await;
    assert_eq!(answered(&bench, "lines", &[("qs", "code_insee_ban:35238")]).await["total"], 1, "loaded twice is once");
    bench.control("POST", "/reset", json!({})).await;
    assert!(answered(&bench, "lines", &[("qs", "code_insee_ban:35238")]).await["total"].as_u64().unwrap() > 1_000);
}

async fn load_csv(bench: &Bench, csv: &'static str) -> Response {
    let url = bench.url("/_sandbox/ademe/load?dataset=dpe02neuf");
    bench.http.post(url).header("content-type", "text/csv; charset=utf-8").body(csv).send().await.unwrap()
}

#[tokio::test]
async fn lines_are_loaded_from_csv_and_mistakes_are_named() {
    let bench = Bench::start().await;
    let csv = "\u{feff}code_insee_ban;etiquette_dpe;surface_habitable_logement;adresse_ban;_i\n\
               2A004;B;61.5;\"1; place d’Armes\";7\n2A004;C;;;8\n";
    assert_eq!(load_csv(&bench, csv).await.status(), 200);
    let url = bench.url("/ademe/data-fair/api/v1/datasets/dpe02neuf/lines?qs=code_insee_ban:2A004");
    let answer: Value = bench.http.get(url).header("user-agent", "it").send().await.unwrap().json().await.unwrap();
    assert_eq!(answer["total"], 2);
    assert_eq!(answer["results"][0]["adresse_ban"], "1; place d’Armes");
    assert_eq!(answer["results"][0]["surface_habitable_logement"], 61.5);
    assert!(answer["results"][1].get("surface_habitable_logement").is_none());
    for (csv, field) in [
        ("code_insee_ban,inconnue\n35238,1\n", "lines[1].inconnue"),
        ("code_insee_ban,annee_construction\n35238,vieux\n", "lines[1].annee_construction"),
        ("etiquette_dpe\nA\n", "lines[1].code_insee_ban"),
        ("code_insee_ban\n75056\n", "code_insee_ban"),
    ] {
        let refused = load_csv(&bench, csv).await;
        assert_eq!(refused.status(), 400, "{csv}");
        let refused: Value = refused.json().await.unwrap();
        assert_eq!(refused["field"], field);
        assert!(refused["remedy"].is_string());
    }
}
