//! Maps: an address that may change, a document that never does.

use crate::{
    shop::{MAP_DIGEST, MAP_DOCUMENT},
    world::world,
};

#[tokio::test]
async fn the_address_of_a_map_leads_to_its_document() {
    let world = world().await;
    let answer = world.get("/api/maps/departements/44").await;
    assert_eq!(answer.header("cache-control"), "no-cache", "the address may change");
    let address = answer.json();
    assert_eq!((address["kind"].as_str(), address["source"].as_str()), (Some("contours"), Some("IGN")));
    let url = address["url"].as_str().unwrap();
    assert_eq!(url, format!("/api/maps/departements/44/2025-{MAP_DIGEST}.topojson"));

    let plain = world.get_with(url, &[("accept-encoding", "identity")]).await;
    assert_eq!((plain.header("content-type"), plain.header("content-encoding")), ("application/json", ""));
    assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(plain.text(), MAP_DOCUMENT);

    let packed = world.get_with(url, &[("accept-encoding", "gzip, br")]).await;
    assert_eq!((packed.header("content-encoding"), packed.header("vary")), ("br", "accept-encoding"));
    assert_eq!(packed.header("cache-control"), "public, max-age=31536000, immutable");
    assert_ne!(packed.text(), MAP_DOCUMENT, "sent as it is kept");
}

#[tokio::test]
async fn a_map_that_does_not_exist_is_not_found() {
    let world = world().await;
    let other = "0".repeat(64);
    for path in [
        "/api/maps/departements/99".to_owned(),
        "/api/maps/departements/%27%20OR%201".to_owned(),
        "/api/maps/epci/44".to_owned(),
        format!("/api/maps/departements/44/2025-{other}.topojson"),
        format!("/api/maps/epci/44/2025-{MAP_DIGEST}.topojson"),
        format!("/api/maps/departements/44/{MAP_DIGEST}"),
    ] {
        assert_eq!(world.get(&path).await.problem(), (404, "map.unknown".to_owned()), "{path}");
    }
    let path = format!("/api/maps/communes/44/2025-{MAP_DIGEST}.topojson");
    assert_eq!(world.get(&path).await.status, 404, "no other level has maps");
}
