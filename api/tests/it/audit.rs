//! The routes of auditors: closed without a token, open to whoever shows it.

use api::{Auditor, FoundFlaw, Head, OperatorToken, SignedHeads, Verdict};
use async_trait::async_trait;
use domain::ports::PortError;
use pretty_assertions::assert_eq;
use uuid::Uuid;

use crate::{
    fakes::morning,
    world::{settings, world, world_with},
};

/// One signed head; a log that is whole, but for one order.
pub struct Eye;

const TORN: Uuid = Uuid::from_u128(13);

#[async_trait]
impl Auditor for Eye {
    async fn heads(&self) -> Result<SignedHeads, PortError> {
        let head = Head {
            position: 12,
            seal_no: 3,
            hash: "ab".repeat(32),
            signed_at: morning(),
            public_key: "cd".repeat(32),
            signature: "ef".repeat(64),
            message: "lobster signed head 1\n".to_owned(),
            genuine: true,
        };
        Ok(SignedHeads { public_key: "cd".repeat(32), heads: vec![head] })
    }

    async fn verify(&self, order: Option<Uuid>) -> Result<Verdict, PortError> {
        let flaw = FoundFlaw { position: Some(5), message: "position 5: the event was changed".to_owned() };
        Ok(match order {
            None => {
                Verdict { whole: true, events: 12, signed_heads: 1, head: Some("ab".repeat(32)), ..Verdict::default() }
            }
            Some(TORN) => Verdict { flaw: Some(flaw), ..Verdict::default() },
            Some(_) => Verdict { whole: true, ..Verdict::default() },
        })
    }
}

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const ROUTES: [&str; 3] =
    ["/api/audit/heads", "/api/audit/verify", "/api/audit/orders/00000000-0000-0000-0000-00000000000d/verify"];

#[tokio::test]
async fn without_a_configured_token_the_routes_do_not_exist() {
    let world = world().await;
    for route in ROUTES {
        let answer = world.get_with(route, &[("authorization", &format!("Bearer {TOKEN}"))]).await;
        assert_eq!(answer.problem(), (404, "route.unknown".to_owned()), "{route}");
    }
}

#[tokio::test]
async fn only_the_token_opens_them() {
    let world = world_with(api::Settings { operator_token: OperatorToken::new(TOKEN), ..settings() }).await;
    for route in ROUTES {
        let other = format!("Bearer {}", TOKEN.replace('f', "0"));
        let short = format!("Bearer {}", &TOKEN[1..]);
        for shown in ["", "Bearer", "Bearer ", TOKEN, other.as_str(), short.as_str(), "Basic abc"] {
            let answer = world.get_with(route, &[("authorization", shown)]).await;
            assert_eq!(answer.problem(), (401, "operator.unauthorized".to_owned()), "{route} {shown}");
        }
        assert_eq!(world.get(route).await.status, 401, "{route}");
        assert_eq!(
            world.get_with(route, &[("authorization", &format!("Bearer {TOKEN}"))]).await.status,
            200,
            "{route}"
        );
    }
}

#[tokio::test]
async fn heads_verdicts_and_flaws_are_told() {
    let world = world_with(api::Settings { operator_token: OperatorToken::new(TOKEN), ..settings() }).await;
    let bearer = format!("Bearer {TOKEN}");
    let shown = [("authorization", bearer.as_str())];
    let heads = world.get_with(ROUTES[0], &shown).await.json();
    assert_eq!(
        (heads["heads"][0]["position"].as_i64(), heads["public_key"].as_str()),
        (Some(12), Some(&*"cd".repeat(32)))
    );
    let whole = world.get_with(ROUTES[1], &shown).await.json();
    assert_eq!((whole["whole"].as_bool(), whole["events"].as_i64()), (Some(true), Some(12)));
    let torn = world.get_with(ROUTES[2], &shown).await.json();
    assert_eq!((torn["whole"].as_bool(), torn["flaw"]["position"].as_i64()), (Some(false), Some(5)));
    for unknown in ["00000000-0000-0000-0000-00000000000e", "no-uuid"] {
        let answer = world.get_with(&format!("/api/audit/orders/{unknown}/verify"), &shown).await;
        assert_eq!(answer.problem().0, 404, "{unknown}");
    }
}
