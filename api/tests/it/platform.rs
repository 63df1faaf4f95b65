//! What holds for every route: headers, health, methods, and what only operators may see.

use api::Settings;

use crate::world::{settings, world, world_with};

#[tokio::test]
async fn every_answer_is_protected_and_numbered() {
    let world = world().await;
    for path in ["/livez", "/api/studies", "/api/nothing", "/", "/r/x"] {
        let answer = world.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "strict-origin", "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
        assert!(!answer.header("content-security-policy").contains("unsafe"), "{path}");
        assert_eq!(answer.header("x-request-id").len(), 36, "{path}");
        assert_eq!(answer.header("strict-transport-security"), "", "{path}: not over plain HTTP");
    }
    let forged = world.get_with("/livez", &[("x-request-id", "forged")]).await;
    assert_ne!(forged.header("x-request-id"), "forged");
}

#[tokio::test]
async fn production_speaks_over_tls_only() {
    let world = world_with(Settings { production: true, ..settings() }).await;
    assert_eq!(world.get("/livez").await.header("strict-transport-security"), "max-age=31536000; includeSubDomains");
}

#[tokio::test]
async fn operators_pages_answer_on_loopback_only_in_production() {
    let production = world_with(Settings { production: true, ..settings() }).await;
    for path in ["/api/docs/", "/metrics"] {
        assert_eq!(
            production.get_from("203.0.113.9", path).await.problem(),
            (404, "route.unknown".to_owned()),
            "{path}"
        );
        assert_eq!(production.get(path).await.problem(), (404, "route.unknown".to_owned()), "{path}, from nowhere");
    }
    assert_eq!(production.get_from("127.0.0.1", "/api/docs/").await.status, 200);
    assert_eq!(world().await.get_from("203.0.113.9", "/api/docs/").await.status, 200);
}

#[tokio::test]
async fn the_description_is_served_to_everybody() {
    let answer = world().await.get("/api/openapi.json").await;
    assert_eq!(answer.text(), api::openapi_json());
    assert_eq!(answer.header("content-type"), "application/json");
}

#[tokio::test]
async fn health_tells_what_does_not_work_and_details_stay_inside() {
    let world = world_with(Settings { production: true, ..settings() }).await;
    assert_eq!(world.get("/livez").await.status, 200);
    assert_eq!(world.get("/readyz").await.status, 200);
    world.gauge.broken.store(true, std::sync::atomic::Ordering::SeqCst);
    let outside = world.get_from("203.0.113.9", "/readyz").await;
    assert_eq!((outside.status.as_u16(), outside.json()["parts"][0]["name"].as_str()), (503, Some("database")));
    assert!(!outside.text().contains("10.0.0.7"));
    assert!(world.get_from("127.0.0.1", "/readyz").await.text().contains("10.0.0.7"));
}

#[tokio::test]
async fn a_wrong_method_is_a_problem_that_says_which_is_right() {
    let world = world().await;
    let answer = world.post("/api/studies", &[], "{}").await;
    assert_eq!(answer.problem(), (405, "request.method".to_owned()));
    assert!(answer.header("allow").contains("GET"));
}
