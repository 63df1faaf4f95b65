//! `/r/{token}` when the link does not open: never a void, never more than its holder may know.

use domain::ports::LinkState;
use uuid::Uuid;

use crate::world::{World, world};

const BROWSER: [(&str, &str); 1] = [("accept", "text/html,application/xhtml+xml")];

async fn with_link(state: LinkState) -> World {
    let world = world().await;
    world.keyring.opened.lock().unwrap().insert("token".to_owned(), state);
    world
}

#[tokio::test]
async fn an_unknown_link_is_not_found() {
    let world = world().await;
    assert_eq!(world.get("/r/nothing").await.problem(), (404, "link.unknown".to_owned()));
    let page = world.get_with("/r/nothing", &BROWSER).await;
    assert_eq!(page.status, 404);
    assert!(page.text().contains("Lien inconnu"));
}

#[tokio::test]
async fn an_expired_link_leads_to_the_follow_up_page() {
    let order = Uuid::from_u128(5);
    let world = with_link(LinkState::Expired { order }).await;
    assert_eq!(world.get("/r/token").await.problem(), (410, "link.expired".to_owned()));
    let page = world.get_with("/r/token", &BROWSER).await;
    assert_eq!((page.status.as_u16(), page.header("x-robots-tag")), (410, "noindex"));
    assert!(page.text().contains(&format!("href=\"/suivi/{}.Follow1\"", order.simple())));
}

#[tokio::test]
async fn a_revoked_link_gives_no_other_away() {
    let order = Uuid::from_u128(6);
    let world = with_link(LinkState::Revoked { order }).await;
    assert_eq!(world.get("/r/token").await.problem(), (410, "link.revoked".to_owned()));
    let page = world.get_with("/r/token", &BROWSER).await;
    assert_eq!(page.status, 410);
    assert!(!page.text().contains("/suivi/"));
}

#[tokio::test]
async fn a_link_to_a_report_that_the_read_model_lacks_says_come_back() {
    let world = with_link(LinkState::Open { order: Uuid::from_u128(7) }).await;
    assert_eq!(world.get("/r/token").await.problem(), (503, "service.unavailable".to_owned()));
}

#[tokio::test]
async fn our_own_pages_allow_their_one_style_and_nothing_else() {
    let world = world().await;
    let page = world.get_with("/r/nothing", &BROWSER).await;
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe"));
}
