//! Personal data and tokens in PostgreSQL, as the API's role sees them.

use chrono::{DateTime, Utc};
use domain::ports::{Consent, Contact, Contacts, LinkKind, LinkState, Links};
use infra::{
    contacts::PgContacts,
    http::Secret,
    links::DerivedLinks,
    pools::{self, Role},
};
use test_support::TestDb;
use uuid::Uuid;

const ORDER: Uuid = Uuid::from_u128(11);

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000 + seconds, 0).unwrap()
}

async fn links(db: &TestDb, secret: &str) -> DerivedLinks {
    let pool = pools::connect(&db.url, Role::Api, 2).await.unwrap();
    DerivedLinks::new(pool, &Secret::new(secret)).unwrap()
}

#[tokio::test]
async fn a_contact_is_kept_once_with_its_consents() {
    let db = test_support::database().await;
    let contacts = PgContacts::new(pools::connect(&db.url, Role::Api, 2).await.unwrap());
    let contact = Contact { customer: Uuid::from_u128(1), email: "mairie@example.fr".into() };
    let consent = |id| Consent {
        id: Uuid::from_u128(id),
        kind: "immediate_delivery".into(),
        text_version: "2026-01".into(),
        given_at: at(0),
        ip_sha256: Some("ab".repeat(32)),
    };
    for _ in 0..2 {
        contacts.keep(ORDER, &contact, &[consent(1), consent(2)]).await.unwrap();
    }
    assert!(contacts.of_order(ORDER).await.unwrap() == Some(contact));
    let kept: i64 = sqlx::query_scalar("SELECT count(*) FROM app.consents").fetch_one(&db.pool).await.unwrap();
    assert_eq!(kept, 2);
    sqlx::query("DELETE FROM app.contacts").execute(&db.pool).await.unwrap();
    assert!(contacts.of_order(ORDER).await.unwrap().is_none(), "erased is gone");
}

#[tokio::test]
async fn the_same_link_is_derived_again_and_never_stored_in_the_clear() {
    let db = test_support::database().await;
    let links = links(&db, &"k".repeat(32)).await;
    let link = links.open(ORDER, LinkKind::Download, 1, Some(at(60))).await.unwrap();
    assert_eq!(link.token, links.derive(ORDER, LinkKind::Download, 1));
    let (order, signature) = link.token.split_once('.').unwrap();
    assert_eq!((order, signature.len()), (ORDER.simple().to_string().as_str(), 43));
    let again = links.open(ORDER, LinkKind::Download, 1, Some(at(600))).await.unwrap();
    assert_eq!((again.token, again.expires_at), (link.token.clone(), Some(at(60))), "the first end stays");
    let row: String =
        sqlx::query_scalar("SELECT row_to_json(l)::text FROM app.links l").fetch_one(&db.pool).await.unwrap();
    assert!(!row.contains(signature), "{row}");
}

#[tokio::test]
async fn a_token_opens_what_it_was_made_for_until_its_end() {
    let db = test_support::database().await;
    let links = links(&db, &"k".repeat(32)).await;
    let token = links.open(ORDER, LinkKind::Download, 1, Some(at(60))).await.unwrap().token;
    let seen = |kind, token: String, now| {
        let links = &links;
        async move { links.resolve(kind, &token, now).await.unwrap() }
    };
    assert_eq!(seen(LinkKind::Download, token.clone(), at(59)).await, LinkState::Open { order: ORDER });
    assert_eq!(seen(LinkKind::Download, token.clone(), at(60)).await, LinkState::Expired { order: ORDER });
    assert_eq!(seen(LinkKind::Follow, token.clone(), at(0)).await, LinkState::Unknown);
    assert_eq!(seen(LinkKind::Download, format!("{token}x"), at(0)).await, LinkState::Unknown);
    sqlx::query("UPDATE app.links SET revoked_at = now()").execute(&db.pool).await.unwrap();
    assert_eq!(seen(LinkKind::Download, token, at(0)).await, LinkState::Revoked { order: ORDER });
}

#[tokio::test]
async fn another_secret_number_or_kind_makes_another_token() {
    let db = test_support::database().await;
    let (ours, others) = (links(&db, &"k".repeat(32)).await, links(&db, &"o".repeat(32)).await);
    let token = ours.derive(ORDER, LinkKind::Download, 1);
    assert_ne!(token, others.derive(ORDER, LinkKind::Download, 1));
    assert_ne!(token, ours.derive(ORDER, LinkKind::Download, 2));
    assert_ne!(token, ours.derive(ORDER, LinkKind::Follow, 1));
    assert!(DerivedLinks::new(db.pool.clone(), &Secret::new("short")).is_err());
}
