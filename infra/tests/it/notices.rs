//! Messages that wait, on a real PostgreSQL.

use domain::ports::{Commands as _, Notice, Notices as _};
use infra::{
    notices::PgNotices,
    pools::{self, Role},
};

use crate::event_store_world::{World, notice};

fn ids(waiting: &[domain::ports::Waiting]) -> Vec<&str> {
    waiting.iter().map(|waiting| waiting.notice.message_id.as_str()).collect()
}

#[tokio::test]
async fn waiting_messages_come_oldest_first_page_by_page_and_once_settled_no_more() {
    let world = World::new().await;
    let notices = PgNotices::new(pools::connect(&world.db.url, Role::Worker, 2).await.unwrap());
    for n in 1..=5 {
        world.commands.keep_notice(notice(&format!("evt_{n}")), "waits").await.unwrap();
    }
    world.commands.keep_notice(notice("evt_9"), "open").await.unwrap();
    // Two that came in the same instant keep an order too.
    world
        .tamper("UPDATE app.inbox SET received_at = '2026-11-22 10:00:00+00' WHERE message_id IN ('evt_3', 'evt_4')")
        .await;
    let first = notices.waiting(None, 2).await.unwrap();
    assert_eq!(ids(&first), ["evt_3", "evt_4"]);
    let second = notices.waiting(first.last(), 2).await.unwrap();
    assert_eq!(ids(&second), ["evt_1", "evt_2"]);
    let third = notices.waiting(second.last(), 2).await.unwrap();
    assert_eq!(ids(&third), ["evt_5"]);
    assert!(notices.waiting(third.last(), 2).await.unwrap().is_empty());
    assert_eq!(first[0].notice, Notice { source: "stripe", ..notice("evt_3") });

    notices.settle("stripe", "evt_1", "handled").await.unwrap();
    notices.settle("stripe", "evt_1", "given_up").await.unwrap();
    notices.settle("stripe", "evt_9", "handled").await.unwrap();
    assert_eq!(ids(&notices.waiting(None, 9).await.unwrap()), ["evt_3", "evt_4", "evt_2", "evt_5"]);
    let outcomes: Vec<(String, String)> =
        sqlx::query_as("SELECT message_id, outcome FROM app.inbox WHERE outcome <> 'waits' ORDER BY message_id")
            .fetch_all(&world.db.pool)
            .await
            .unwrap();
    let told: Vec<_> = outcomes.iter().map(|(id, outcome)| (id.as_str(), outcome.as_str())).collect();
    assert_eq!(told, [("evt_1", "handled"), ("evt_9", "open")]);
}

#[tokio::test]
async fn a_worker_may_settle_a_message_and_change_nothing_else_of_it() {
    let world = World::new().await;
    let worker = pools::connect(&world.db.url, Role::Worker, 1).await.unwrap();
    for sql in ["UPDATE app.inbox SET body = ''", "UPDATE app.inbox SET message_id = 'x'", "DELETE FROM app.inbox"] {
        assert!(sqlx::query(sql).execute(&worker).await.is_err(), "{sql}");
    }
}
