//! A shop without a front: a database, a log that is sealed, read models that follow, and a till.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    command::{Actor, CommandContext},
    eligibility::{Eligibility, EligibilityStatus},
    log::{Event, Recorded},
    money::Price,
    order::{OrderCommand, OrderEvent, RecipientKind},
    ports::{Clock, Commands, Contact, Contacts as _, Log as _, Notice},
};
use infra::{
    brevo::{BrevoConfig, BrevoWebhooks},
    clock::SystemClock,
    contacts::PgContacts,
    event_store::{PgCommands, PgLog, Sealer, follow_head},
    http::Secret,
    links::DerivedLinks,
    notices::PgNotices,
    pools::{self, Role},
    stripe::{StripeConfig, StripeWebhooks},
};
use process_managers::{Attempt, JobFailure, Ports, Task, Work, fulfilment, payments, upkeep::ReadModels};
use projections::{DynProjector, runtime::Runtime};
use sqlx::PgPool;
use test_support::TestDb;
use tokio::sync::Notify;
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

use crate::{
    till::{PRICE, Till, payment},
    unreached::{Post, Shelf, Unreached},
};

pub const ORDER: Uuid = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0007);
pub const FIRST: Attempt = Attempt { number: 1, of: 3 };
pub const LAST: Attempt = Attempt { number: 3, of: 3 };

/// A clock that is ahead of the system's by what a test wants.
#[derive(Default)]
pub struct Ahead(Mutex<TimeDelta>);

impl Clock for Ahead {
    fn now(&self) -> DateTime<Utc> {
        SystemClock.now() + *self.0.lock().unwrap()
    }
}

impl Ahead {
    pub fn by(&self, ahead: TimeDelta) {
        *self.0.lock().unwrap() = ahead;
    }
}

pub struct World {
    pub db: TestDb,
    pub commands: Arc<dyn Commands>,
    pub till: Arc<Till>,
    pub post: Arc<Post>,
    pub shelf: Arc<Shelf>,
    pub clock: Arc<Ahead>,
    pub stop: CancellationToken,
    pub projector: PgPool,
    worker: PgPool,
    _stop: DropGuard,
}

impl World {
    pub async fn new() -> Self {
        Self::with(vec![]).await
    }

    /// A shop with more policies than the one about payments.
    pub async fn with(policies: Vec<Box<dyn DynProjector>>) -> Self {
        let db = test_support::database().await;
        infra::jobs::migrate(&db.url).await.unwrap();
        let worker = pools::connect(&db.url, Role::Worker, 6).await.unwrap();
        let projector = pools::connect(&db.url, Role::Projector, 10).await.unwrap();
        let (stop, appended) = (CancellationToken::new(), Arc::new(Notify::new()));
        tokio::spawn(Sealer::run(projector.clone(), Arc::clone(&appended), stop.clone()));
        let world = Self {
            commands: Arc::new(PgCommands::new(worker.clone(), appended)),
            till: Arc::default(),
            post: Arc::default(),
            shelf: Arc::default(),
            clock: Arc::default(),
            _stop: stop.clone().drop_guard(),
            stop,
            projector,
            worker,
            db,
        };
        let mut projectors = projections::all();
        projectors.push(Box::new(payments::Payments));
        projectors.extend(policies);
        world.follow(projectors);
        world
    }

    /// Lets projectors follow the log, as a process of their own.
    pub fn follow(&self, projectors: Vec<Box<dyn DynProjector>>) {
        let runtime = Runtime {
            log: Arc::new(PgLog::new(self.projector.clone())),
            pool: self.projector.clone(),
            head: follow_head(self.projector.clone(), self.stop.clone()),
            clock: Arc::new(SystemClock),
        };
        tokio::spawn(runtime.run(projectors, self.stop.clone()));
    }

    pub fn ports(&self) -> Ports {
        self.ports_with(Arc::clone(&self.commands))
    }

    pub fn ports_with(&self, commands: Arc<dyn Commands>) -> Ports {
        let stripe = StripeConfig {
            base_url: String::new(),
            secret_key: Secret::new("sk_test_x"),
            webhook_secrets: vec![],
            livemode: false,
        };
        let brevo = BrevoConfig {
            base_url: String::new(),
            api_key: Secret::new("x"),
            sender_email: String::new(),
            sender_name: String::new(),
            webhook_token: Secret::new("token"),
        };
        Ports {
            commands,
            payments: Arc::clone(&self.till) as _,
            payment_webhooks: Arc::new(StripeWebhooks::new(&stripe)),
            mail_webhooks: Arc::new(BrevoWebhooks::new(&brevo)),
            notices: Arc::new(PgNotices::new(self.worker.clone())),
            orders: Arc::new(ReadModels::new(self.worker.clone())),
            storage: Arc::clone(&self.shelf) as _,
            writer: Arc::new(Unreached),
            printer: Arc::new(Unreached),
            signer: None,
            mailer: Arc::clone(&self.post) as _,
            contacts: Arc::new(PgContacts::new(self.worker.clone())),
            links: Arc::new(DerivedLinks::new(self.worker.clone(), &Secret::new("s".repeat(32))).unwrap()),
            certificates: Arc::new(Unreached),
            clock: Arc::clone(&self.clock) as _,
            study: studies::find,
            data: self.worker.clone(),
            public_url: "http://shop.test".to_owned(),
            production: false,
        }
    }

    pub fn context(order: Uuid, command_id: &str) -> CommandContext {
        CommandContext {
            command_id: command_id.to_owned(),
            actor: Actor::Customer,
            correlation_id: order.to_string(),
            causation_id: None,
            request_id: None,
        }
    }

    pub async fn tell(&self, order: Uuid, command: OrderCommand) {
        static TOLD: AtomicU64 = AtomicU64::new(0);
        let context = Self::context(order, &format!("test:{}", TOLD.fetch_add(1, Ordering::SeqCst)));
        self.commands.order(order, command, context).await.unwrap();
    }

    /// An order whose page is open.
    pub async fn place(&self, order: Uuid, session: &str) {
        let contact = Contact { customer: Uuid::from_u128(1), email: "mairie@example.fr".to_owned() };
        PgContacts::new(self.worker.clone()).keep(order, &contact, &[]).await.unwrap();
        let eligibility = Eligibility {
            study: "LOG-01".to_owned(),
            status: EligibilityStatus::Full,
            dropped_pages: vec![],
            reason: None,
        };
        let place = OrderCommand::Place {
            customer: contact.customer,
            commune: "44109".to_owned(),
            study: "LOG-01".to_owned(),
            eligibility,
            price: Price::before_tax(29_000, 2_000, "EUR"),
            recipient: RecipientKind::Collectivite,
            consents: vec![],
        };
        self.tell(order, place).await;
        let open = OrderCommand::OpenCheckout {
            session: session.to_owned(),
            url: "https://pay.test/1".to_owned(),
            attempt: 1,
            expires_at: SystemClock.now() + TimeDelta::days(1),
        };
        self.tell(order, open).await;
    }

    pub async fn pay(&self, order: Uuid, session: &str) {
        self.tell(order, OrderCommand::ConfirmPayment(payment(session, PRICE))).await;
    }

    pub async fn keep(&self, source: &'static str, id: &str, body: &serde_json::Value) {
        let (message_id, kind) = (id.to_owned(), "test".to_owned());
        let notice = Notice { source, message_id, kind, body: body.to_string().into_bytes() };
        assert!(self.commands.keep_notice(notice, "waits").await.unwrap());
    }

    /// The outcomes of the inbox, by message.
    pub async fn outcomes(&self) -> Vec<(String, String)> {
        sqlx::query_as("SELECT message_id, outcome FROM app.inbox ORDER BY message_id")
            .fetch_all(&self.db.pool)
            .await
            .unwrap()
    }

    async fn log(&self) -> Vec<Recorded> {
        let appended: i64 =
            sqlx::query_scalar("SELECT count(*) FROM es.events").fetch_one(&self.db.pool).await.unwrap();
        // Everything that was appended is sealed, or will be.
        let sealed = async {
            loop {
                let log = PgLog::new(self.projector.clone()).read_after(0, 1_000).await.unwrap();
                if i64::try_from(log.len()).unwrap() >= appended {
                    return log;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), sealed).await.expect("the log is sealed")
    }

    /// Waits until the read models know everything that was appended.
    pub async fn settle(&self) {
        let head = i64::try_from(self.log().await.len()).unwrap();
        let all: Vec<&str> = projections::all().iter().map(|projector| projector.name()).collect();
        let settled = projections::runtime::settle(&self.db.pool, &all, head);
        tokio::time::timeout(Duration::from_secs(20), settled).await.expect("read models follow").unwrap();
    }

    /// The events of an order, by name.
    pub async fn story(&self, order: Uuid) -> Vec<&'static str> {
        self.events(order).await.iter().map(OrderEvent::name).collect()
    }

    pub async fn events(&self, order: Uuid) -> Vec<OrderEvent> {
        let log = self.log().await.into_iter();
        log.filter_map(|recorded| match recorded.event {
            Event::Order(event) if recorded.aggregate_id == order => Some(event),
            _ => None,
        })
        .collect()
    }

    /// Events of reconciliations.
    pub async fn runs(&self) -> Vec<domain::reconciliation::ReconciliationEvent> {
        let log = self.log().await.into_iter();
        log.filter_map(|recorded| match recorded.event {
            Event::Reconciliation(event) => Some(event),
            _ => None,
        })
        .collect()
    }

    /// The task that the policies make of the last event of an order.
    pub async fn task(&self, order: Uuid) -> Task {
        let log = self.log().await;
        let last = log.iter().rfind(|recorded| recorded.aggregate_id == order).unwrap();
        payments::react(last).or_else(|| fulfilment::react(last)).unwrap()
    }
}

pub async fn run(ports: &Ports, task: &Task, attempt: Attempt) -> Result<(), JobFailure> {
    process_managers::run(ports, &Work::Event(task.clone()), attempt).await
}
