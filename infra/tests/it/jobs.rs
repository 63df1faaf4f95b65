//! The job queue on a real PostgreSQL: enqueued with the checkpoint, done by whoever lives.

use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt as _;
use infra::jobs::{self, Every, Handler, JobFailure, JobRun, Schedule};
use infra::pools::{self, Role};
use projections::jobs::{NewJob, enqueue};
use serde_json::json;
use sqlx::PgPool;
use test_support::TestDb;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::CancellationToken;

async fn queue() -> (TestDb, PgPool) {
    let db = test_support::database().await;
    jobs::migrate(&db.url).await.unwrap();
    let projector = pools::connect(&db.url, Role::Projector, 2).await.unwrap();
    (db, projector)
}

async fn add(pool: &PgPool, job: NewJob) {
    let mut tx = infra::pools::begin(pool).await.unwrap();
    enqueue(&mut tx, &job).await.unwrap();
    tx.commit().await.unwrap();
}

async fn waiting(db: &TestDb) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM graphile_worker._private_jobs").fetch_one(&db.pool).await.unwrap()
}

/// Reports each run, then does as it is told.
fn handler(runs: mpsc::UnboundedSender<JobRun>, act: fn(&JobRun) -> Result<(), JobFailure>) -> Handler {
    Arc::new(move |run| {
        let done = act(&run);
        let _ = runs.send(run);
        async move { done }.boxed()
    })
}

#[tokio::test]
async fn a_job_is_enqueued_with_its_transaction_or_not_at_all() {
    let (db, projector) = queue().await;
    let mut tx = infra::pools::begin(&projector).await.unwrap();
    enqueue(&mut tx, &NewJob::new(json!({"n": 1}))).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(waiting(&db).await, 0);
    let keyed = |n: i32| NewJob { job_key: Some("report:1".to_owned()), ..NewJob::new(json!({"n": n})) };
    add(&projector, keyed(1)).await;
    add(&projector, keyed(2)).await;
    assert_eq!(waiting(&db).await, 1);
}

#[tokio::test]
async fn migrating_twice_changes_nothing() {
    let (db, _) = queue().await;
    jobs::migrate(&db.url).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_are_worked_off_and_the_worker_stops_when_told() {
    let (db, projector) = queue().await;
    let (sender, mut runs) = mpsc::unbounded_channel();
    let stop = CancellationToken::new();
    let url = db.url.clone();
    let worker = tokio::spawn({
        let stop = stop.clone();
        async move { jobs::run_worker(&url, handler(sender, |_| Ok(())), &[], 2, stop).await }
    });
    for n in 1..=3 {
        let queue_name = Some("order:1".to_owned());
        add(&projector, NewJob { queue_name, max_attempts: 7, ..NewJob::new(json!({"n": n})) }).await;
    }
    for n in 1..=3 {
        let run = runs.recv().await.unwrap();
        // One named queue: in the order in which they were asked for.
        assert_eq!((run.payload, run.attempt, run.max_attempts), (json!({"n": n}), 1, 7));
    }
    stop.cancel();
    worker.await.unwrap().unwrap();
    assert_eq!(waiting(&db).await, 0);
    let registered: i64 =
        sqlx::query_scalar("SELECT count(*) FROM graphile_worker._private_workers").fetch_one(&db.pool).await.unwrap();
    assert_eq!(registered, 0, "a worker that stopped is not to be missed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_attempt_is_repeated_and_its_reason_kept() {
    let (db, projector) = queue().await;
    let (sender, mut runs) = mpsc::unbounded_channel();
    let fails_once: fn(&JobRun) -> Result<(), JobFailure> = |run| match run.attempt {
        1 => Err(JobFailure { reason: "the printer is away".to_owned() }),
        _ => Ok(()),
    };
    add(&projector, NewJob::new(json!({}))).await;
    let stop = CancellationToken::new();
    let _stop = stop.clone().drop_guard();
    let url = db.url.clone();
    tokio::spawn(async move { jobs::run_worker(&url, handler(sender, fails_once), &[], 1, stop).await });
    assert_eq!(runs.recv().await.unwrap().attempt, 1);
    let kept = loop {
        let kept: Option<Option<String>> = sqlx::query_scalar("SELECT last_error FROM graphile_worker._private_jobs")
            .fetch_optional(&db.pool)
            .await
            .unwrap();
        if let Some(Some(kept)) = kept {
            break kept;
        }
        tokio::task::yield_now().await;
    };
    assert!(kept.contains("the printer is away"), "{kept}");
    assert_eq!(runs.recv().await.unwrap().attempt, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_job_of_a_worker_that_died_goes_to_another() {
    let (db, projector) = queue().await;
    let (sender, mut runs) = mpsc::unbounded_channel();
    add(&projector, NewJob { queue_name: Some("order:1".to_owned()), ..NewJob::new(json!({"n": 1})) }).await;
    let url = db.url.clone();
    let hangs: Handler = {
        let sender = sender.clone();
        Arc::new(move |run| {
            let _ = sender.send(run);
            futures::future::pending().boxed()
        })
    };
    // A runtime of its own, so that dropping it ends heartbeats, job and all, as a kill would.
    let first = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    first.spawn(async move { jobs::run_worker(&url, hangs, &[], 1, CancellationToken::new()).await });
    assert_eq!(runs.recv().await.unwrap().attempt, 1);
    first.shutdown_background();
    // Twenty seconds of silence pass.
    let mut silent = 0;
    while silent == 0 {
        silent = sqlx::query(
            "UPDATE graphile_worker._private_workers SET last_heartbeat_at = last_heartbeat_at - interval '21 seconds'",
        )
        .execute(&db.pool)
        .await
        .unwrap()
        .rows_affected();
    }
    let stop = CancellationToken::new();
    let _stop = stop.clone().drop_guard();
    let url = db.url.clone();
    let second = tokio::spawn(async move { jobs::run_worker(&url, handler(sender, |_| Ok(())), &[], 1, stop).await });
    let run = tokio::time::timeout(Duration::from_secs(30), runs.recv()).await.expect("the job was recovered").unwrap();
    assert_eq!(run.payload, json!({"n": 1}));
    assert!(!second.is_finished());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_clock_called_for_is_asked_for_once_however_many_workers_run() {
    let (db, _) = queue().await;
    // Known since before yesterday, never run: the call of the last day is made up for at the start.
    sqlx::query(
        "INSERT INTO graphile_worker._private_known_crontabs (identifier, known_since)
         VALUES ('daily', now() - interval '3 days')",
    )
    .execute(&db.pool)
    .await
    .unwrap();
    let (sender, mut runs) = mpsc::unbounded_channel();
    let stop = CancellationToken::new();
    let workers: Vec<_> = (0..3)
        .map(|_| {
            let (url, stop, handler) = (db.url.clone(), stop.clone(), handler(sender.clone(), |_| Ok(())));
            let payload = json!({"on": "clock", "do": "reconcile"});
            let every = Every::Day { hour: 3, minute: 17 };
            let daily = Schedule { name: "daily", every, payload, max_attempts: 3 };
            tokio::spawn(async move { jobs::run_worker(&url, handler, &[daily], 1, stop).await })
        })
        .collect();
    let run =
        tokio::time::timeout(Duration::from_secs(30), runs.recv()).await.expect("the call was made up for").unwrap();
    assert_eq!((&run.payload["do"], run.max_attempts), (&json!("reconcile"), 3));
    let at: chrono::DateTime<chrono::Utc> = serde_json::from_value(run.payload["at"].clone()).unwrap();
    assert_eq!(at.format("%H:%M:%S").to_string(), "03:17:00");
    stop.cancel();
    for worker in workers {
        worker.await.unwrap().unwrap();
    }
    drop(sender);
    assert_eq!(runs.recv().await, None, "no other worker asked for it too");
    assert_eq!(waiting(&db).await, 0);
}

#[tokio::test]
async fn operators_see_the_queue_and_let_a_dead_job_run_again() {
    let (db, pool) = queue().await;
    let payload = json!({"on": "event", "job": {"policy": "fulfilment", "do": "print_report"}});
    let later =
        NewJob { run_after: Duration::from_secs(600), ..NewJob::new(json!({"on": "clock", "do": "reconcile"})) };
    add(&pool, NewJob { queue_name: Some("order:1".to_owned()), max_attempts: 3, ..NewJob::new(payload) }).await;
    add(&pool, later).await;
    let worker = pools::connect(&db.url, Role::Worker, 2).await.unwrap();
    let told = async |worker: &PgPool| -> Vec<(String, String)> {
        jobs::queued(worker).await.unwrap().iter().map(|job| (job.what(), job.state.clone())).collect()
    };
    let with = |state: &str| {
        [("fulfilment print_report", state), ("reconcile", "later")]
            .map(|(what, state)| (what.to_owned(), state.to_owned()))
    };
    assert_eq!(told(&worker).await, with("due"));
    let dead = "UPDATE graphile_worker._private_jobs SET attempts = 3, last_error = 'no paper' WHERE max_attempts = 3";
    sqlx::query(dead).execute(&db.pool).await.unwrap();
    assert_eq!(told(&worker).await, with("dead"));
    let job = jobs::queued(&worker).await.unwrap().remove(0);
    assert!(job.is_dead());
    assert_eq!((job.queue.as_deref(), job.last_error.as_deref()), (Some("order:1"), Some("no paper")));
    assert!(jobs::retry(&worker, job.job_id).await.unwrap());
    assert_eq!(jobs::queued(&worker).await.unwrap().iter().filter(|job| job.state == "due").count(), 1);
    assert!(!jobs::retry(&worker, -1).await.unwrap(), "there is no such job");
    // One that runs is left alone.
    let running = "UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'w' WHERE max_attempts = 3";
    sqlx::query(running).execute(&db.pool).await.unwrap();
    assert!(!jobs::retry(&worker, job.job_id).await.unwrap());
    assert_eq!(jobs::queued(&worker).await.unwrap()[0].state, "running");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_that_lost_its_database_begins_again_under_another_name() {
    let (db, projector) = queue().await;
    let (sender, mut runs) = mpsc::unbounded_channel();
    let (working, mut seen) = watch::channel(false);
    let stop = CancellationToken::new();
    let (url, stopped) = (db.url.clone(), stop.clone());
    let keeping =
        tokio::spawn(
            async move { jobs::keep_working(&url, handler(sender, |_| Ok(())), &[], 1, &working, stopped).await },
        );
    add(&projector, NewJob::new(json!({"n": 1}))).await;
    assert_eq!(runs.recv().await.unwrap().payload, json!({"n": 1}));
    assert!(*seen.borrow_and_update());
    let names = "SELECT id FROM graphile_worker._private_workers";
    let before: Vec<String> = sqlx::query_scalar(names).fetch_all(&db.pool).await.unwrap();
    let cut: chrono::DateTime<chrono::Utc> =
        sqlx::query_scalar("SELECT clock_timestamp()").fetch_one(&db.pool).await.unwrap();
    // What a server that stops does to everybody.
    sqlx::query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
        .execute(&db.pool)
        .await
        .unwrap();
    // It says that it takes no jobs, and then that it does again.
    for takes in [false, true] {
        tokio::time::timeout(Duration::from_secs(30), seen.wait_for(|working| *working == takes))
            .await
            .unwrap()
            .unwrap();
    }
    add(&projector, NewJob::new(json!({"n": 2}))).await;
    let run = tokio::time::timeout(Duration::from_secs(30), runs.recv()).await.expect("the queue works").unwrap();
    assert_eq!(run.payload, json!({"n": 2}));
    // Under its old name, what it was given while the answer got lost would never be missed. A name whose farewell was
    // cut off too may still stand there: it gives no sign of life.
    let living = "SELECT id FROM graphile_worker._private_workers WHERE last_heartbeat_at > $1";
    let after: Vec<String> = sqlx::query_scalar(living).bind(cut).fetch_all(&db.pool).await.unwrap();
    assert!(!after.is_empty() && before.iter().all(|name| !after.contains(name)), "{before:?} {after:?}");
    stop.cancel();
    keeping.await.unwrap().unwrap();
}

#[tokio::test]
async fn an_address_that_cannot_be_is_told_at_once() {
    let working = watch::channel(false).0;
    let (sender, _) = mpsc::unbounded_channel();
    let kept = jobs::keep_working("nonsense", handler(sender, |_| Ok(())), &[], 1, &working, CancellationToken::new());
    assert!(kept.await.is_err());
}
