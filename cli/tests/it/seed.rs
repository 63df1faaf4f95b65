//! Orders in numbers: real history that nothing acts on.

use std::process::{Command, Output};

use test_support::TestDb;

fn seed(db: &TestDb, count: u32, environment: &str) -> Output {
    let home = std::env::temp_dir().join(format!("lobster-seed-{}", std::process::id()));
    Command::new(env!("CARGO_BIN_EXE_lobster"))
        .args(["seed", "orders", "--seed", "7", "--count", &count.to_string(), "--concurrency", "8"])
        .env("LOBSTER_DATABASE_URL", &db.url)
        .env("LOBSTER_HOME", home)
        .env("LOBSTER_ENV", environment)
        .output()
        .expect("the binary starts")
}

async fn count(db: &TestDb, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&db.pool).await.unwrap()
}

const EVENTS: &str = "SELECT count(*) FROM es.events";
const JOBS: &str = "SELECT count(*) FROM graphile_worker._private_jobs";

#[tokio::test(flavor = "multi_thread")]
async fn invented_orders_are_whole_and_nothing_acts_on_them() {
    let db = test_support::database().await;
    let made = seed(&db, 400, "sandbox");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let placed = "SELECT count(*) FROM es.events WHERE event_type = 'OrderPlaced'";
    assert_eq!(count(&db, placed).await, 400);
    for kind in ["OrderDelivered", "CheckoutExpired", "OrderCancelled", "OrderFailed", "OrderRefunded", "DisputeClosed"]
    {
        let there: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM es.events WHERE event_type = $1)")
            .bind(kind)
            .fetch_one(&db.pool)
            .await
            .unwrap();
        assert!(there, "none of 400 orders has {kind}");
    }
    let events = count(&db, EVENTS).await;
    let verified = infra::event_store::verify(&db.pool).await.unwrap();
    assert_eq!((verified.events, verified.unsealed), (events, 0));
    assert_eq!(count(&db, JOBS).await, 0);
    let behind = "SELECT count(*) FROM es.checkpoint WHERE projector IN ('fulfilment', 'payments', 'watchdog')
                  AND (position < (SELECT max(last_pos) FROM es.seal) OR lease_until IS NOT NULL)";
    assert_eq!(count(&db, behind).await, 0, "a policy would look at invented orders");

    let more = seed(&db, 410, "sandbox");
    assert!(more.status.success(), "{}", String::from_utf8_lossy(&more.stderr));
    assert_eq!(count(&db, placed).await, 410, "the same orders again, and ten more");
    let after = count(&db, EVENTS).await;
    assert!(seed(&db, 20, "sandbox").status.success());
    assert_eq!((count(&db, EVENTS).await, count(&db, JOBS).await), (after, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_invented_beside_real_work() {
    let db = test_support::database().await;
    let refused = |output: Output, why: &str| {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(!output.status.success() && said.contains(why), "{said}");
    };
    refused(seed(&db, 5, "production"), "production");
    let lease = "SELECT count(*) FROM es.take_lease('payments', 1, 0, 'somebody')";
    assert_eq!(count(&db, lease).await, 1);
    refused(seed(&db, 5, "sandbox"), "somebody else runs the policy payments");
    assert_eq!(count(&db, EVENTS).await, 0);
    // The lease that could be had was given back.
    assert_eq!(count(&db, "SELECT count(*) FROM es.take_lease('fulfilment', 1, 0, 'somebody')").await, 1);

    sqlx::query("UPDATE es.checkpoint SET lease_until = NULL").execute(&db.pool).await.unwrap();
    sqlx::query(
        "INSERT INTO es.events (aggregate_type, aggregate_id, sequence, event_type, event_version, payload, metadata)
         VALUES ('order', 'x', 1, 'OrderPaid', '1.0', '{}', '{\"actor\": \"stripe\"}')",
    )
    .execute(&db.pool)
    .await
    .unwrap();
    refused(seed(&db, 5, "sandbox"), "events of real orders left");
    assert_eq!(count(&db, EVENTS).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replay_to_the_head_gives_the_living_read_models() {
    let db = test_support::database().await;
    assert!(seed(&db, 60, "sandbox").status.success());
    let (stop, projector) = (tokio_util::sync::CancellationToken::new(), db.pool.clone());
    let head = infra::event_store::sealed_head(&projector).await.unwrap();
    let runtime = projections::runtime::Runtime {
        pool: projector.clone(),
        log: std::sync::Arc::new(infra::event_store::PgLog::new(projector.clone())),
        head: infra::event_store::follow_head(projector.clone(), stop.clone()),
        clock: std::sync::Arc::new(infra::clock::SystemClock),
    };
    let names: Vec<&str> = projections::all().iter().map(|projector| projector.name()).collect();
    let running = tokio::spawn(runtime.run(projections::all(), stop.clone()));
    projections::runtime::settle(&projector, &names, head).await.unwrap();
    stop.cancel();
    running.await.unwrap();

    let replay = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_lobster"))
            .args(["es", "replay"])
            .args(arguments)
            .env("LOBSTER_DATABASE_URL", &db.url)
            .output()
            .expect("the binary starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let said = replay(&[]);
    assert!(said.contains("order_timeline") && !said.contains("differs"), "{said}");
    let other = "SELECT (SELECT count(*) FROM (TABLE scratch.order_summary EXCEPT TABLE read.order_summary) a)
                      + (SELECT count(*) FROM (TABLE read.order_summary EXCEPT TABLE scratch.order_summary) b)
                      + (SELECT count(*) FROM (TABLE scratch.order_timeline EXCEPT TABLE read.order_timeline) c)
                      + (SELECT count(*) FROM (TABLE read.order_timeline EXCEPT TABLE scratch.order_timeline) d)";
    assert_eq!(count(&db, other).await, 0);
    assert_eq!(count(&db, "SELECT count(*) FROM scratch.order_summary").await, 60);

    sqlx::query("UPDATE read.order_summary SET commune = '01001' WHERE order_id = (SELECT min(order_id::text)::uuid FROM read.order_summary)")
        .execute(&db.pool)
        .await
        .unwrap();
    let said = replay(&["--drop"]);
    let summary = said.lines().find(|line| line.starts_with("order_summary")).unwrap();
    assert!(summary.ends_with("differs") && said.matches("differs").count() == 1, "{said}");
    assert_eq!(count(&db, "SELECT count(*) FROM pg_namespace WHERE nspname = 'scratch'").await, 0);
    let early = replay(&["--to", "40", "--schema", "early"]);
    assert!(early.contains("40 events of") && early.contains("differs"), "{early}");
    assert_eq!(count(&db, "SELECT count(*) FROM early.order_timeline").await, 40);
    assert_eq!(count(&db, JOBS).await, 0, "a replay enqueued jobs");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tree_of_a_payment_holds_everything_that_followed() {
    let db = test_support::database().await;
    assert!(seed(&db, 20, "sandbox").status.success());
    let (event, order): (uuid::Uuid, String) = sqlx::query_as(
        "SELECT p.event_id, p.correlation_id FROM es.events p JOIN es.events d USING (correlation_id)
         WHERE p.event_type = 'OrderPaid' AND d.event_type = 'DeliveryEmailSent' LIMIT 1",
    )
    .fetch_one(&db.pool)
    .await
    .unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_lobster"))
        .args(["es", "causation", &event.to_string()])
        .env("LOBSTER_DATABASE_URL", &db.url)
        .output()
        .expect("the binary starts");
    let said = String::from_utf8(output.stdout).unwrap();
    let followed: Vec<uuid::Uuid> = sqlx::query_scalar(
        "SELECT event_id FROM es.events WHERE correlation_id = $1 AND metadata ->> 'actor' IN ('stripe', 'system:fulfilment')
         AND event_type NOT LIKE 'Dispute%'",
    )
    .bind(&order)
    .fetch_all(&db.pool)
    .await
    .unwrap();
    assert!(followed.len() >= 9, "{said}");
    for id in &followed {
        assert_eq!(said.matches(&id.to_string()).count(), 1, "{id} in\n{said}");
    }
    assert!(said.lines().nth(1).is_some_and(|line| line.starts_with('▶')), "the payment came from outside\n{said}");
}
