//! The process ends at a boundary, before or after it, on a real PostgreSQL with the real sealer, policies and queue; it is
//! started again, and the order is delivered once, its second payment returned once.
//!
//! A process is a runtime of its own: when an await is the chosen one it never returns, and the runtime is dropped with all
//! its tasks and connections. `make test` ends it at 24 places, `make crash` at all of them (`LOBSTER_CRASH_ALL=1`).

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use domain::{
    command::{Actor, CommandContext},
    eligibility::{Eligibility, EligibilityStatus},
    identity,
    money::Price,
    order::{OrderCommand, RecipientKind},
    ports::{Commands, Notice},
};
use infra::{
    event_store::PgCommands,
    jobs,
    pools::{self, Role},
};
use sqlx::PgPool;
use test_support::TestDb;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::{
    mortal::MortalCommands,
    process::Process,
    sim::{
        fault::{Fault, Weather},
        leaflet,
        state::Shared,
    },
    till::{PRICE, payment},
    world::ORDER,
};

/// Every boundary between us and what outlives us, on the way of an order that is paid twice.
const BOUNDARIES: [&str; 30] = [
    "inbox ConfirmPayment",
    "enqueue fulfilment",
    "enqueue payments",
    "job",
    "load order",
    "load report",
    "append Request",
    "certificates",
    "put artefacts",
    "append RecordFacts",
    "get",
    "model",
    "put answers",
    "append RecordAnswer",
    "append AcceptNarrative",
    "print",
    "append RecordRendering",
    "put reports",
    "append RecordStorage",
    "append Deliver",
    "link",
    "append IssueDownloadLink",
    "contact",
    "head",
    "mail",
    "append RecordEmailSent",
    "append RequestRefund",
    "refunds",
    "refund",
    "append RecordRefund",
];
const SAMPLE: usize = 24;
/// Orders on their way at once.
const AT_ONCE: usize = 4;
const PATIENCE: Duration = Duration::from_secs(90);

#[derive(Debug, Clone, Copy)]
enum Condition {
    Clean,
    DuplicateWebhook,
    StorageDown,
}

#[derive(Debug, Clone, Copy)]
struct Case {
    place: &'static str,
    fault: Fault,
    condition: Condition,
}

fn cases() -> Vec<Case> {
    let mut all = Vec::new();
    for condition in [Condition::Clean, Condition::DuplicateWebhook, Condition::StorageDown] {
        for place in BOUNDARIES {
            all.extend([Fault::CrashBefore, Fault::CrashAfter].map(|fault| Case { place, fault, condition }));
        }
    }
    all
}

fn wants_all() -> bool {
    std::env::var_os("LOBSTER_CRASH_ALL").is_some()
}

#[test]
fn wherever_the_process_ends_the_order_is_delivered_once() {
    let all = cases();
    let chosen: Vec<Case> = if wants_all() { all } else { (0..SAMPLE).map(|n| all[n * all.len() / SAMPLE]).collect() };
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

/// An order, the process it goes through, and what the vendors keep.
struct Trial {
    case: Case,
    db: TestDb,
    world: Shared,
    process: Process,
    commands: Arc<dyn Commands>,
    projector: PgPool,
}

async fn survive(case: Case) {
    let db = test_support::database().await;
    jobs::migrate(&db.url).await.unwrap();
    let api = pools::connect(&db.url, Role::Worker, 4).await.unwrap();
    let projector = pools::connect(&db.url, Role::Projector, 2).await.unwrap();
    let world = Shared::new(1, Weather::At(case.place, case.fault));
    let inner: Arc<dyn Commands> = Arc::new(PgCommands::new(api, Arc::new(Notify::new())));
    let process = Process::start(&db.url, &world);
    let mut trial = Trial { case, db, world, process, commands: inner, projector };
    trial.place().await;
    if matches!(case.condition, Condition::StorageDown) {
        trial.world.lock().shelf_fails = 2;
    }
    for session in ["cs_1", "cs_2"] {
        trial.webhook(session).await;
        if matches!(case.condition, Condition::DuplicateWebhook) {
            trial.webhook(session).await;
        }
    }
    trial.until_over().await;
    trial.check().await;
}

impl Trial {
    async fn place(&self) {
        let eligibility = Eligibility {
            study: leaflet::CODE.to_owned(),
            status: EligibilityStatus::Full,
            dropped_pages: vec![],
            reason: None,
        };
        let command = OrderCommand::Place {
            customer: Uuid::from_u128(1),
            commune: "44109".to_owned(),
            study: leaflet::CODE.to_owned(),
            eligibility,
            price: Price::before_tax(29_000, 2_000, "EUR"),
            recipient: RecipientKind::Collectivite,
            consents: vec![],
        };
        self.commands.order(ORDER, command, context("place", Actor::Customer)).await.unwrap();
    }

    /// Stripe tells of a payment until it is answered.
    async fn webhook(&mut self, session: &str) {
        loop {
            let mortal = MortalCommands { inner: Arc::clone(&self.commands), world: self.world.clone() };
            let message_id = format!("evt_{session}");
            let context = context(&message_id, Actor::Stripe);
            let notice = Notice { source: "stripe", message_id, kind: "test".to_owned(), body: vec![] };
            let command = OrderCommand::ConfirmPayment(payment(session, PRICE));
            let mut asked =
                tokio::spawn(async move { mortal.order_on_notice(notice, ORDER, command, context).await.map(|_| ()) });
            loop {
                tokio::select! {
                    answered = &mut asked => return answered.unwrap().unwrap(),
                    () = tokio::time::sleep(Duration::from_millis(10)) => {}
                }
                if self.restart_when_dead().await && self.case.place.starts_with("inbox") {
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
        self.process = Process::start(&self.db.url, &self.world);
        true
    }

    async fn until_over(&mut self) {
        let end = tokio::time::Instant::now() + PATIENCE;
        loop {
            self.restart_when_dead().await;
            let told = self.told().await;
            let jobs: i64 = sqlx::query_scalar("SELECT count(*) FROM graphile_worker._private_jobs")
                .fetch_one(&self.db.pool)
                .await
                .unwrap();
            if jobs == 0 && told.contains_key("DeliveryEmailSent") && told.contains_key("OrderRefunded") {
                return;
            }
            assert!(tokio::time::Instant::now() < end, "{:?}: not over, {jobs} jobs left, told: {told:?}", self.case);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
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
        ] {
            assert_eq!(told.get(once), Some(&1), "{case:?}: {once} in {told:?}");
        }
        let world = self.world.lock();
        assert_eq!(world.strikes.len(), 1, "{case:?}: the process was to end there, once");
        assert_eq!(world.mails.len(), 1, "{case:?}: mails");
        let returned: Vec<(&str, i64)> =
            world.refunds.iter().map(|made| (made.payment.as_str(), made.amount_cents)).collect();
        assert_eq!(returned, [("pi_2", PRICE)], "{case:?}: the second payment goes back, once");
        let reports = world.shelf.keys().filter(|key| key.starts_with("reports/")).count();
        assert_eq!(reports, 1, "{case:?}: reports on the shelf");
        // Only a process that ends between the answer and its keeping has to ask again.
        let unkept =
            matches!((case.place, case.fault), ("model", Fault::CrashAfter) | ("put answers", Fault::CrashBefore));
        // A shelf that is down makes the second of its two failures the answer's, at the earliest.
        let unkept = unkept || matches!(case.condition, Condition::StorageDown);
        let asked = world.written[&identity::report_id(ORDER, 1).to_string()];
        assert!(asked <= 1 + u32::from(unkept), "{case:?}: the model was paid {asked} times");
    }
}

fn context(command_id: &str, actor: Actor) -> CommandContext {
    CommandContext {
        command_id: command_id.to_owned(),
        actor,
        correlation_id: ORDER.to_string(),
        causation_id: None,
        request_id: None,
    }
}
