//! The routes of auditors: closed without a token, open to whoever shows it.

use std::time::Duration;

use api::{Auditor, Extension, FoundFlaw, Head, OperatorToken, SignedHeads, Verdict};
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
        Ok(SignedHeads { public_key: "cd".repeat(32), heads: vec![head(12)] })
    }

    async fn verify_log(&self, from: Option<&str>, limit: Duration) -> Result<Option<Verdict>, PortError> {
        assert!(limit < Duration::from_secs(25), "an answer must begin in time");
        let part = |events, next: Option<&str>| Verdict {
            whole: next.is_none(),
            events,
            total: 12,
            signed_heads: 1,
            head: Some("ab".repeat(32)),
            next: next.map(str::to_owned),
            ..Verdict::default()
        };
        Ok(match from {
            None => Some(part(8, Some("8-abc"))),
            Some("8-abc") => Some(part(12, None)),
            Some(_) => None,
        })
    }

    async fn verify_order(&self, order: Uuid) -> Result<Verdict, PortError> {
        Ok(match order {
            TORN => Verdict { flaw: Some(flaw()), ..Verdict::default() },
            _ => Verdict { whole: true, ..Verdict::default() },
        })
    }

    async fn consistency(&self, one: i64, other: i64) -> Result<Option<Extension>, PortError> {
        let flaw = (other == 12).then(flaw);
        let proof = Extension { older: head(one), newer: head(other), extends: flaw.is_none(), seals: 3, flaw };
        Ok((one == 6).then_some(proof))
    }
}

fn head(position: i64) -> Head {
    Head {
        position,
        seal_no: 3,
        hash: "ab".repeat(32),
        signed_at: morning(),
        public_key: "cd".repeat(32),
        signature: "ef".repeat(64),
        message: "lobster signed head 1\n".to_owned(),
        genuine: true,
    }
}

fn flaw() -> FoundFlaw {
    FoundFlaw { position: Some(5), message: "position 5: the event was changed".to_owned() }
}

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const ROUTES: [&str; 4] = [
    "/api/audit/heads",
    "/api/audit/verify",
    "/api/audit/orders/00000000-0000-0000-0000-00000000000d/verify",
    "/api/audit/heads/6/consistency/9",
];

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
    let part = world.get_with(ROUTES[1], &shown).await.json();
    assert_eq!(
        (part["whole"].as_bool(), part["events"].as_i64(), part["total"].as_i64()),
        (Some(false), Some(8), Some(12))
    );
    let rest = format!("{}?from={}", ROUTES[1], part["next"].as_str().unwrap());
    let whole = world.get_with(&rest, &shown).await.json();
    assert_eq!((whole["whole"].as_bool(), whole["next"].is_null()), (Some(true), true));
    let astray = world.get_with("/api/audit/verify?from=8", &shown).await;
    assert_eq!(astray.problem(), (422, "request.invalid".to_owned()));
    let torn = world.get_with(ROUTES[2], &shown).await.json();
    assert_eq!((torn["whole"].as_bool(), torn["flaw"]["position"].as_i64()), (Some(false), Some(5)));
    for unknown in ["00000000-0000-0000-0000-00000000000e", "no-uuid"] {
        let answer = world.get_with(&format!("/api/audit/orders/{unknown}/verify"), &shown).await;
        assert_eq!(answer.problem().0, 404, "{unknown}");
    }
}

#[tokio::test]
async fn what_is_proved_between_two_heads_is_said_in_one_sentence() {
    let world = world_with(api::Settings { operator_token: OperatorToken::new(TOKEN), ..settings() }).await;
    let bearer = format!("Bearer {TOKEN}");
    let shown = [("authorization", bearer.as_str())];
    let proved = world.get_with(ROUTES[3], &shown).await.json();
    assert_eq!((proved["extends"].as_bool(), proved["seals"].as_i64()), (Some(true), Some(3)));
    assert!(
        proved["text"].as_str().unwrap().starts_with("La tête signée en position 9 prolonge celle de la position 6")
    );
    let refused = world.get_with("/api/audit/heads/6/consistency/12", &shown).await.json();
    assert_eq!((refused["extends"].as_bool(), refused["flaw"]["position"].as_i64()), (Some(false), Some(5)));
    assert!(refused["text"].as_str().unwrap().ends_with("un défaut a été trouvé, en position 5."));
    for (path, code) in [("7/consistency/9", "head.not_found"), ("a/consistency/9", "route.unknown")] {
        let answer = world.get_with(&format!("/api/audit/heads/{path}"), &shown).await;
        assert_eq!(answer.problem(), (404, code.to_owned()), "{path}");
    }
}
