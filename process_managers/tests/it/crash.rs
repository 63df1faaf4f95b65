//! The process ends at a boundary, before or after it, on a real PostgreSQL with the real sealer, policies, queue and keeper of
//! heads; it is started again, and one order is delivered once, its second payment returned once, another given up.
//!
//! A process is a runtime of its own: where it is to end, an await never returns or, within a transaction, a task unwinds;
//! then the runtime is dropped with all its tasks and connections. The door, where requests come in, is on the trial's own
//! thread, and whoever asked there asks again. `make test` tries 24 places, `make crash` all (`LOBSTER_CRASH_ALL=1`).

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use domain::{
    identity,
    order::OrderCommand,
    ports::{Commands, SessionState},
};
use infra::{
    event_store::{PgCommands, PgLog},
    jobs,
    pools::{self, Role},
};
use sqlx::PgPool;
use test_support::TestDb;
use tokio::sync::Notify;

use crate::{
    boundaries::{self, Case, Condition},
    door::{Door, GIVEN_UP},
    points,
    process::Process,
    sim::{
        fault::{Fault, Weather},
        state::Shared,
    },
    till::PRICE,
    world::ORDER,
};

/// Orders on their way at once.
const AT_ONCE: usize = 4;
const PATIENCE: Duration = Duration::from_secs(90);

fn wants_all() -> bool {
    std::env::var_os("LOBSTER_CRASH_ALL").is_some()
}

#[test]
fn wherever_the_process_ends_the_order_is_delivered_once() {
    let chosen = if wants_all() { boundaries::all() } else { boundaries::sample() };
    let started = std::time::Instant::now();
    std::thread::scope(|scope| {
        for first in 0..AT_ONCE {
            let mine = chosen.iter().copied().skip(first).step_by(AT_ONCE);
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                mine.for_each(|case| runtime.block_on(survive(case)));
            });
        }
    });
    println!("crash points: {} cases in {:?}", chosen.len(), started.elapsed());
}

/// Two orders, the process they go through, and what the vendors keep.
struct Trial {
    case: Case,
    db: TestDb,
    world: Shared,
    process: Process,
    door: Door,
    projector: PgPool,
}

async fn survive(case: Case) {
    let db = test_support::database().await;
    jobs::migrate(&db.url).await.unwrap();
    let api = pools::connect(&db.url, Role::Worker, 4).await.unwrap();
    let projector = pools::connect(&db.url, Role::Projector, 2).await.unwrap();
    let world = Shared::new(1, Weather::At(case.place, case.fault));
    world.lock().pays_at_closing = 0;
    points::belong_to(&world);
    let inner: Arc<dyn Commands> = Arc::new(PgCommands::new(api.clone(), Arc::new(Notify::new())));
    let door = Door::new(inner, api, &world);
    let process = Process::start_whole(&db.url, &world);
    let mut trial = Trial { case, db, world, process, door, projector };
    trial.until_the_watchdog_listens().await;
    trial.ask(|door| async move { door.place(ORDER).await }).await;
    trial.ask(|door| async move { door.place(GIVEN_UP).await }).await;
    if matches!(case.condition, Condition::StorageDown) {
        trial.world.lock().shelf_fails = 2;
    }
    let cancel = || OrderCommand::Cancel { by: "customer".to_owned() };
    trial.ask(|door| async move { door.tell(GIVEN_UP, cancel()).await }).await;
    for session in ["cs_7", "cs_8"] {
        let times = if matches!(case.condition, Condition::DuplicateWebhook) { 2 } else { 1 };
        for _ in 0..times {
            trial.ask(|door| async move { door.webhook(ORDER, session).await }).await;
        }
    }
    trial.until_over().await;
    trial.check().await;
}

impl Trial {
    /// It begins at the head: what was paid before is none of its business.
    async fn until_the_watchdog_listens(&self) {
        let enrolled = "SELECT count(*) FROM es.checkpoint WHERE projector = 'watchdog'";
        let end = tokio::time::Instant::now() + PATIENCE;
        while sqlx::query_scalar::<_, i64>(enrolled).fetch_one(&self.db.pool).await.unwrap() == 0 {
            assert!(tokio::time::Instant::now() < end, "{:?}: the watchdog does not listen", self.case);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Knocks until there is an answer: a request that the end of the process cut off is made again, in the same words.
    async fn ask<F>(&mut self, request: impl Fn(Door) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        loop {
            let mut asked = tokio::spawn(request(self.door.clone()));
            loop {
                tokio::select! {
                    answered = &mut asked => match answered {
                        Ok(()) => return,
                        Err(cut) => {
                            assert!(self.restart_when_dead().await, "{:?}: {cut}", self.case);
                            break;
                        }
                    },
                    () = tokio::time::sleep(Duration::from_millis(10)) => {}
                }
                if self.restart_when_dead().await {
                    asked.abort();
                    break;
                }
            }
        }
    }

    /// Starts the process again when it died. What takes a quarter of a minute, missing a dead worker, is passed over by
    /// moving its last sign of life back.
    async fn restart_when_dead(&mut self) -> bool {
        if !std::mem::take(&mut self.world.lock().died) {
            return false;
        }
        self.process.kill();
        projections::runtime::free_leases(&self.projector).await.unwrap();
        sqlx::query(
            "UPDATE graphile_worker._private_workers SET last_heartbeat_at = last_heartbeat_at - interval '1 minute'",
        )
        .execute(&self.db.pool)
        .await
        .unwrap();
        self.process = Process::start_whole(&self.db.url, &self.world);
        true
    }

    async fn until_over(&mut self) {
        let end = tokio::time::Instant::now() + PATIENCE;
        loop {
            self.restart_when_dead().await;
            let told = self.told().await;
            let left = self.left().await;
            let ends = ["DeliveryEmailSent", "OrderRefunded", "OrderCancelled"];
            if left == (0, 1, 1, 0) && ends.iter().all(|end| told.contains_key(*end)) && self.is_closed() {
                return;
            }
            assert!(tokio::time::Instant::now() < end, "{:?}: not over, {left:?} left, told: {told:?}", self.case);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Jobs that are due or will be tried again, looks that wait for their hour, signed heads that are copied, events that a
    /// projector has not applied.
    async fn left(&self) -> (i64, i64, i64, i64) {
        sqlx::query_as(
            "SELECT (SELECT count(*) FROM graphile_worker._private_jobs WHERE payload ->> 'on' <> 'event'
                       OR payload -> 'job' ->> 'policy' <> 'watchdog'),
                    (SELECT count(*) FROM graphile_worker._private_jobs
                     WHERE payload -> 'job' ->> 'policy' = 'watchdog' AND run_at > now() + interval '50 minutes'),
                    (SELECT count(*) FROM es.signed_head WHERE copied_at IS NOT NULL),
                    (SELECT count(*) FROM es.events) - coalesce((SELECT min(position) FROM es.checkpoint), 0)",
        )
        .fetch_one(&self.db.pool)
        .await
        .unwrap()
    }

    fn is_closed(&self) -> bool {
        self.world.lock().pages.values().any(|page| page.state == SessionState::Expired)
    }

    /// Events by name.
    async fn told(&self) -> BTreeMap<String, i64> {
        let rows: Vec<(String, i64)> = sqlx::query_as("SELECT event_type, count(*) FROM es.events GROUP BY 1")
            .fetch_all(&self.db.pool)
            .await
            .unwrap();
        rows.into_iter().collect()
    }

    async fn check(&mut self) {
        self.process.kill();
        let case = self.case;
        let told = self.told().await;
        for once in [
            "OrderPaid",
            "PaymentHeld",
            "ReportRequested",
            "FactsCollected",
            "NarrativeAccepted",
            "ReportStored",
            "OrderDelivered",
            "DownloadLinkIssued",
            "DeliveryEmailSent",
            "RefundRequested",
            "OrderRefunded",
            "OrderCancelled",
        ] {
            assert_eq!(told.get(once), Some(&1), "{case:?}: {once} in {told:?}");
        }
        assert_eq!((told["OrderPlaced"], told["CheckoutOpened"]), (2, 2), "{case:?}: {told:?}");
        self.read_models_are_the_fold_of_the_log().await;
        let world = self.world.lock();
        assert_eq!(world.strikes.len(), 1, "{case:?}: the process was to end there, once");
        assert_eq!(world.mails.len(), 1, "{case:?}: mails");
        let returned: Vec<(&str, i64)> =
            world.refunds.iter().map(|made| (made.payment.as_str(), made.amount_cents)).collect();
        assert_eq!(returned, [("pi_8", PRICE)], "{case:?}: the second payment goes back, once");
        let kept = |folder: &str| world.shelf.keys().filter(|key| key.starts_with(folder)).count();
        assert_eq!((kept("reports/"), kept("heads/")), (1, 1), "{case:?}: reports and heads on the shelf");
        // Only a process that ends between the answer and its keeping has to ask again.
        let unkept =
            matches!((case.place, case.fault), ("model", Fault::CrashAfter) | ("put answers", Fault::CrashBefore));
        // A shelf that is down makes the second of its two failures the answer's, at the earliest.
        let unkept = unkept || matches!(case.condition, Condition::StorageDown);
        let asked = world.written[&identity::report_id(ORDER, 1).to_string()];
        let mended = u32::try_from(told.get("NarrativeRejected").copied().unwrap_or(0)).unwrap();
        assert!(asked <= 1 + mended + u32::from(unkept), "{case:?}: the model was paid {asked} times");
    }

    async fn read_models_are_the_fold_of_the_log(&self) {
        let log = PgLog::new(self.db.pool.clone());
        for projector in projections::all() {
            let compared =
                projections::runtime::compare(&self.db.pool, &log, projector.as_ref(), |_| {}).await.unwrap();
            assert_eq!(compared.is_same(), Some(true), "{:?}: {}: {compared:?}", self.case, projector.name());
        }
    }
}
