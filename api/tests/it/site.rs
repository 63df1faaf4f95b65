//! The front end as served: files that never change, one page for every address, a title for each.

use std::path::PathBuf;

use crate::world::{world, world_with_site};

/// A built front end, in a folder of its own.
fn built(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("lobster-api-site-{name}-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("assets")).unwrap();
    let index = "<!doctype html><title>LObsTer</title><meta name=\"description\" content=\"x\"><div id=\"root\"></div>";
    std::fs::write(folder.join("index.html"), index).unwrap();
    std::fs::write(folder.join("favicon.svg"), "<svg/>").unwrap();
    std::fs::write(folder.join("assets/index-abc.js"), "1").unwrap();
    std::fs::write(folder.parent().unwrap().join("lobster-secret.txt"), "secret").unwrap();
    folder
}

#[tokio::test]
async fn pages_carry_their_own_title_and_are_asked_for_again() {
    let folder = built("pages");
    let world = world_with_site(folder.clone()).await;
    for (path, title) in [
        ("/", "<title>LObsTer</title>"),
        ("/etudes", "<title>Les études — LObsTer</title>"),
        ("/etudes/LOG-01", "<title>LOG-01, Le logement — LObsTer</title>"),
        ("/communes/44109", "<title>Nantes (Loire-Atlantique) — LObsTer</title>"),
        ("/suivi/abc", "<title>Suivi de commande — LObsTer</title>"),
    ] {
        let page = world.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.text().contains(title), "{path}: {}", page.text());
        assert!(page.text().contains("id=\"root\""));
        assert_ne!(page.header("cache-control"), "", "{path}");
        assert!(page.header("content-security-policy").starts_with("default-src 'self';"));
    }
    assert_eq!(world.get("/").await.header("cache-control"), "no-cache");
    assert_eq!(world.get("/suivi/abc").await.header("cache-control"), "no-store");
    assert_eq!(world.get("/suivi/abc").await.header("x-robots-tag"), "noindex");
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn an_address_that_draws_nothing_is_not_found_and_still_drawn() {
    let folder = built("missing");
    let world = world_with_site(folder.clone()).await;
    for path in ["/nulle-part", "/communes/99999", "/etudes/LOG-99", "/assets", "/.env", "/index.php"] {
        let page = world.get(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(page.text().contains("id=\"root\""), "{path}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn built_files_are_kept_for_ever_and_nothing_else_can_be_read() {
    let folder = built("files");
    let world = world_with_site(folder.clone()).await;
    let script = world.get("/assets/index-abc.js").await;
    assert_eq!(script.status, 200);
    assert_eq!(script.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(script.header("x-content-type-options"), "nosniff");
    assert_eq!(world.get("/favicon.svg").await.header("content-type"), "image/svg+xml");
    assert_eq!(world.get("/assets/index-old.js").await.status, 404);
    for path in
        ["/../lobster-secret.txt", "/assets/../../lobster-secret.txt", "/assets/%2e%2e/%2e%2e/lobster-secret.txt"]
    {
        assert!(!world.get(path).await.text().contains("secret\n"), "{path}");
        assert_ne!(world.get(path).await.text(), "secret", "{path}");
    }
    std::fs::remove_dir_all(folder).unwrap();
}

#[tokio::test]
async fn without_a_build_the_first_page_says_what_to_do() {
    let world = world().await;
    let page = world.get("/").await;
    assert_eq!(page.status, 503);
    assert!(page.text().contains("npm run build"));
    assert_eq!(world.get("/api/nothing").await.problem(), (404, "route.unknown".to_owned()));
}
