//! `/r/{token}` when the link does not open: never a void, never more than its holder may know.

use domain::ports::LinkState;
use serde_json::json;
use uuid::Uuid;

use crate::{
    follow_order::{collect, deliver, pay},
    shop::price,
    world::{World, world},
};

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
async fn a_disputed_report_is_closed_until_the_dispute_is_lifted() {
    let world = world().await;
    let (order, token) = world.placed().await;
    pay(&world, order).await;
    collect(&world, order).await;
    deliver(&world, order).await;
    let url = world.shown(order, &token).await["download"]["url"].as_str().unwrap().to_owned();
    assert_eq!(world.get(&url).await.status, 302);
    let dispute = json!({"id": "evt_d1", "type": "dispute", "payment": "pi_1", "cents": price().ttc_cents});
    assert_eq!(world.stripe_tells(&dispute).await.status, 200);
    assert_eq!(world.get(&url).await.problem(), (403, "link.suspended".to_owned()));
    let page = world.get_with(&url, &BROWSER).await;
    assert_eq!(page.status, 403);
    assert!(page.text().contains("contesté auprès de la banque"), "{}", page.text());
    let view = world.shown(order, &token).await;
    assert_eq!((view["status"].as_str(), view["dispute"].as_str()), (Some("delivered"), Some("open")));
    assert_eq!((&view["download"], &view["can_renew_link"]), (&json!(null), &json!(false)));
    let won = json!({"id": "evt_d2", "type": "dispute", "payment": "pi_1", "outcome": "won"});
    assert_eq!(world.stripe_tells(&won).await.status, 200);
    assert_eq!(world.get(&url).await.status, 302);
}

#[tokio::test]
async fn a_refunded_report_is_closed_and_a_part_of_the_price_back_closes_nothing() {
    let world = world().await;
    let (order, token) = world.placed().await;
    pay(&world, order).await;
    collect(&world, order).await;
    deliver(&world, order).await;
    let url = world.shown(order, &token).await["download"]["url"].as_str().unwrap().to_owned();
    let refund = |id: &str, refund: &str, cents| json!({"id": id, "type": "refund", "refund": refund, "payment": "pi_1", "cents": cents});
    world.stripe_tells(&refund("evt_r1", "re_1", 1_000)).await;
    assert_eq!(world.get(&url).await.status, 302);
    world.stripe_tells(&refund("evt_r2", "re_2", price().ttc_cents - 1_000)).await;
    assert_eq!(world.get(&url).await.problem(), (410, "link.refunded".to_owned()));
    assert!(world.get_with(&url, &BROWSER).await.text().contains("Commande remboursée"));
    let view = world.shown(order, &token).await;
    assert_eq!((view["status"].as_str(), view["refunded_cents"].as_i64()), (Some("refunded"), Some(price().ttc_cents)));
    assert_eq!(view["download"], json!(null));
    assert!(view["steps"][0]["detail"].as_str().unwrap().contains("remboursés"), "{view}");
}

#[tokio::test]
async fn our_own_pages_allow_their_one_style_and_nothing_else() {
    let world = world().await;
    let page = world.get_with("/r/nothing", &BROWSER).await;
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
    assert!(!policy.contains("unsafe"));
}
