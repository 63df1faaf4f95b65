//! Communes and studies as the screens ask for them.

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use crate::world::world;

#[tokio::test]
async fn communes_are_found_by_the_beginning_of_their_name() {
    let world = world().await;
    let found = world.get("/api/communes?q=nant&limit=5").await.json();
    assert_eq!(
        found["communes"][0],
        json!({
            "code": "44109", "nom": "Nantes", "departement": {"code": "44", "nom": "Loire-Atlantique"},
            "codes_postaux": ["44000"], "population": 325_070, "kind": "commune",
        })
    );
    assert_eq!(world.get("/api/communes?q=zzz").await.json(), json!({"communes": []}));
}

#[tokio::test]
async fn a_search_too_short_too_long_or_odd_is_refused() {
    let world = world().await;
    let long = format!("/api/communes?q={}", "a".repeat(81));
    for path in ["/api/communes", "/api/communes?q=n", "/api/communes?q=%00%20n", &long] {
        let answer = world.get(path).await;
        assert_eq!(answer.problem(), (422, "request.invalid".to_owned()), "{path}");
        assert_eq!(answer.json()["errors"][0]["field"], "q");
    }
    for limit in ["0", "51", "-1", "ten", ""] {
        let answer = world.get(&format!("/api/communes?q=nant&limit={limit}")).await;
        assert_eq!(answer.json()["errors"][0]["field"], "limit", "limit {limit:?}");
    }
    for path in ["/api/communes?q=na&q=nt", "/api/communes?q=nant&page=2", "/api/communes?q=%ff%fe%fd"] {
        let status = world.get(path).await.status.as_u16();
        assert!([200, 400, 422].contains(&status), "{path} was answered with {status}");
    }
    assert_eq!(world.get("/api/communes?q=na&q=nt").await.problem().1, "request.malformed");
}

#[tokio::test]
async fn a_commune_shows_its_figures_its_map_and_its_studies() {
    let world = world().await;
    let page = world.get("/api/communes/44109").await.json();
    assert_eq!((page["nom"].as_str(), page["cog_annee"].as_i64()), (Some("Nantes"), Some(2026)));
    assert_eq!(page["loaded"], true);
    let fact = &page["facts"][0];
    assert_eq!((fact["text"].as_str(), fact["status"].as_str()), (Some("8,1\u{a0}%"), Some("ok")));
    assert_eq!(
        fact["comparison"],
        json!({"scope_label": "Communes comparables", "text": "médiane 7,5\u{a0}% (34\u{a0}communes)"})
    );
    assert_eq!(fact["source"]["titre"], "Logements vacants");
    assert_eq!(page["map"]["label"], "carte schématique");
    assert_eq!(page["map"]["features"]["type"], "FeatureCollection");
    assert_eq!(
        page["map"]["indicator"],
        json!({"id": "lov.tx2", "label": "Vacance longue", "unit": "pct", "vintage": "2024"})
    );
    let [own, neighbour] = [0, 1].map(|n| page["map"]["features"]["features"][n]["properties"].clone());
    assert_eq!(own, json!({"code": "44109", "nom": "Nantes", "valeur": 2.4, "texte": "2,4\u{a0}%", "statut": "ok"}));
    assert_eq!((&neighbour["valeur"], neighbour["statut"].as_str()), (&Value::Null, Some("missing")));
    assert_eq!(page["map"]["features"]["features"][0]["geometry"]["type"], "Polygon");
    assert_eq!(page["studies"][0]["eligibility"]["status"], "reduced");
    assert_eq!(page["studies"][0]["eligibility"]["dropped_pages"][0]["page"], 2);
    assert_eq!(page["specimen"], false);
}

#[tokio::test]
async fn a_commune_of_generated_data_is_a_specimen() {
    let world = world().await;
    world.window.synthetic.store(true, Ordering::SeqCst);
    assert_eq!(world.get("/api/communes/44109").await.json()["specimen"], true);
}

#[tokio::test]
async fn the_open_data_are_read_once_for_many_who_look() {
    let world = world().await;
    let look = || world.get("/api/communes/44109");
    let answers = tokio::join!(look(), look(), look());
    assert!(answers.0.body == answers.1.body && answers.1.body == answers.2.body);
    assert_eq!(world.window.read.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_unknown_commune_or_study_is_not_found() {
    let world = world().await;
    for code in ["99999", "nantes", "4410", "%00", "44109%0d%0aX:1", "..%2f..%2fetc"] {
        for path in [format!("/api/communes/{code}"), format!("/api/communes/{code}/eligibility")] {
            assert_eq!(world.get(&path).await.problem(), (404, "commune.unknown".to_owned()), "{path}");
        }
    }
    assert_eq!(world.get("/api/studies/LOG-99").await.problem(), (404, "study.unknown".to_owned()));
}

#[tokio::test]
async fn eligibility_says_why_a_study_cannot_be_made() {
    let world = world().await;
    let found = world.get("/api/communes/01001/eligibility").await.json();
    assert_eq!(found["commune"], "01001");
    assert_eq!(found["studies"][0]["status"], "unavailable");
    assert_eq!(found["studies"][0]["reason"], "données non chargées");
}

#[tokio::test]
async fn studies_show_their_price_contents_and_sources() {
    let world = world().await;
    let list = world.get("/api/studies").await.json();
    let card = &list["studies"][0];
    assert_eq!((card["code"].as_str(), card["pages"].as_i64()), (Some("LOG-01"), Some(2)));
    assert_eq!(card["price"]["vat_rate"], "20.0");
    assert_eq!((&card["delivered"], &card["median_seconds"]), (&json!(0), &Value::Null));
    let study = world.get("/api/studies/LOG-01").await.json();
    assert_eq!(study["title"], card["title"]);
    assert_eq!(study["contents"][1], json!({"page": 2, "title": "Synthèse"}));
    assert_eq!(study["sources"][0]["licence"], "Licence ouverte 2.0");
    assert_eq!(study["limits"], json!(["Pas de prévision."]));
}

#[tokio::test]
async fn a_study_shows_drawings_that_browsers_keep_for_ever() {
    let world = world().await;
    let study = world.get("/api/studies/LOG-01").await.json();
    let specimen = &study["specimens"][0];
    assert_eq!(world.get("/api/studies").await.json()["studies"][0]["specimen"], *specimen);
    assert_eq!((specimen["title"].as_str(), specimen["height"].as_f64()), (Some("Vacance"), Some(230.5)));
    let url = specimen["url"].as_str().unwrap();
    let drawing = world.get(url).await;
    assert_eq!((drawing.status.as_u16(), drawing.text().as_str()), (200, "<svg/>"));
    assert_eq!(drawing.header("content-type"), "image/svg+xml");
    assert_eq!(drawing.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(drawing.header("x-content-type-options"), "nosniff");
    for gone in [url.replace("vacance-", "vacance-0"), url.replace("LOG-01", "LOG-99"), url.replace(".svg", "")] {
        let answer = world.get(&gone).await;
        assert_eq!(answer.problem(), (404, "specimen.unknown".to_owned()), "{gone}");
        assert_eq!(answer.header("cache-control"), "no-store", "{gone}");
    }
}

#[tokio::test]
async fn what_is_loaded_is_told_with_its_age() {
    let world = world().await;
    let answer = world.get("/api/datasets").await.json();
    let lovac = &answer["datasets"][0];
    assert_eq!((lovac["dataset"].as_str(), lovac["millesime"].as_str()), (Some("lovac"), Some("2024")));
    assert_eq!((lovac["rows"].as_i64(), lovac["specimen"].as_bool()), (Some(34_900), Some(true)));
    assert!(lovac["age"].as_str().unwrap().starts_with("chargé il y a "), "{lovac}");
}
