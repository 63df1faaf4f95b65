//! The simulated shop: a virtual clock, workers that die and are missed, webhooks that come twice and late.

use std::{
    collections::BTreeMap,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use chrono::TimeDelta;
use domain::{
    command::{Actor, CommandContext, CommandError},
    eligibility::{Eligibility, EligibilityStatus},
    money::Price,
    order::{Order, OrderCommand, RecipientKind, RefundReason},
    ports::{Commands as _, Notice, SessionNews, SessionState},
};
use process_managers::{Attempt, JobFailure, Ports, Task, Work, fulfilment, payments};
use sqlx::PgPool;
use uuid::Uuid;

use super::{
    fault::{MISSED_AFTER, Weather},
    leaflet,
    state::Shared,
};
use crate::till::{PRICE, payment};

const SECOND: i64 = 1_000;
/// Stripe gives up after three days.
const WEBHOOK_PATIENCE: i64 = 3 * 24 * 3_600 * SECOND;

type Running<T> = Pin<Box<dyn Future<Output = T> + Send>>;

enum Next {
    Tell { order: Uuid, command: Box<OrderCommand>, name: String },
    Pay { order: Uuid, session: String },
    Webhook { order: Uuid, session: String, message: String, tries: u32 },
    Fetch { order: Uuid },
    Wake { run: u64 },
    Recover { run: u64 },
}

struct Entry {
    task: Task,
    /// Failed attempts; a crash is not counted, as in the queue.
    failed: u32,
    due: i64,
    owner: Option<u64>,
}

enum Kind {
    Job { entry: usize, attempt: u32 },
    Webhook { order: Uuid, session: String, message: String, tries: u32 },
}

enum Doing {
    Job(Running<Result<(), JobFailure>>),
    Webhook(Running<Result<(), CommandError>>),
}

struct Run {
    order: Uuid,
    kind: Kind,
    future: Doing,
}

pub struct Shop {
    pub world: Shared,
    ports: Arc<Ports>,
    agenda: BTreeMap<(i64, u64), Next>,
    number: u64,
    entries: BTreeMap<usize, Entry>,
    runs: BTreeMap<u64, Run>,
    /// How far the policies have read.
    read: usize,
    enqueued: usize,
    /// Jobs whose attempts are spent and which left no event.
    pub dead: Vec<Task>,
}

impl Shop {
    pub fn new(seed: u64, weather: Weather, data: PgPool) -> Self {
        let world = Shared::new(seed, weather);
        let port = || Arc::new(world.clone());
        let ports = Ports {
            commands: port(),
            payments: port(),
            payment_webhooks: port(),
            mail_webhooks: port(),
            notices: port(),
            storage: port(),
            writer: port(),
            printer: port(),
            mailer: port(),
            contacts: port(),
            links: port(),
            certificates: port(),
            clock: port(),
            study: leaflet::find,
            data,
            public_url: "http://shop.test".to_owned(),
            production: false,
        };
        Self {
            world,
            ports: Arc::new(ports),
            agenda: BTreeMap::new(),
            number: 0,
            entries: BTreeMap::new(),
            runs: BTreeMap::new(),
            read: 0,
            enqueued: 0,
            dead: vec![],
        }
    }

    fn at(&mut self, time: i64, next: Next) {
        self.number += 1;
        self.agenda.insert((time, self.number), next);
    }

    fn below(&self, bound: u64) -> i64 {
        i64::try_from(self.world.lock().chance.below(bound)).unwrap()
    }

    fn percent(&self, percent: u64) -> bool {
        self.world.lock().chance.percent(percent)
    }

    /// A customer whose habits are the seed's.
    pub fn customer(&mut self, number: u64) {
        let habits = Habits {
            cancels: self.percent(8),
            pays: self.percent(92),
            pays_twice: self.percent(20),
            regrets: self.percent(12),
        };
        let start = self.below(20_000);
        self.customer_with(number, start, habits);
    }

    pub fn customer_with(&mut self, number: u64, start: i64, habits: Habits) {
        let order = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_1000 + u128::from(number));
        let session = format!("cs_{number}");
        self.at(start, Next::Tell { order, command: Box::new(place(number)), name: "place".to_owned() });
        self.open(order, start + 1, &session, 1);
        if habits.cancels {
            let command = Box::new(OrderCommand::Cancel { by: "customer".to_owned() });
            let when = start + 2 + self.below(40_000);
            self.at(when, Next::Tell { order, command, name: "cancel".to_owned() });
        }
        if habits.pays {
            let when = start + 10 + self.below(30_000);
            self.at(when, Next::Pay { order, session });
        }
        if habits.pays_twice {
            let again = format!("cs_{number}b");
            self.world.lock().pages.insert(again.clone(), open_page(order, &again));
            let when = start + 10 + self.below(90_000);
            self.at(when, Next::Pay { order, session: again });
        }
        if habits.regrets {
            let command = OrderCommand::RequestRefund {
                refund: Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_9000 + u128::from(number)),
                payment: None,
                amount_cents: None,
                reason: RefundReason::RequestedByCustomer,
            };
            let when = start + 20_000 + self.below(120_000);
            self.at(when, Next::Tell { order, command: Box::new(command), name: "regret".to_owned() });
        }
    }

    fn open(&mut self, order: Uuid, when: i64, session: &str, attempt: u32) {
        self.world.lock().pages.insert(session.to_owned(), open_page(order, session));
        let expires_at = self.world.lock().time() + TimeDelta::days(1);
        let (session, url) = (session.to_owned(), format!("https://pay.test/{session}"));
        let command = OrderCommand::OpenCheckout { session, url, attempt, expires_at };
        self.at(when, Next::Tell { order, command: Box::new(command), name: format!("open {attempt}") });
    }

    /// Runs until nothing is left to do.
    pub fn run(&mut self) {
        while let Some(((time, _), next)) = self.agenda.pop_first() {
            self.world.lock().now = time;
            self.step(time, next);
            self.follow(time);
        }
    }

    fn step(&mut self, now: i64, next: Next) {
        match next {
            Next::Tell { order, command, name } => {
                // The API's own calls are not what is tried here; what an order refuses, it refuses.
                let context = context(order, format!("{order}:{name}"), Actor::Customer);
                let _ = self.world.lock().execute::<Order>(order, *command, &context);
            }
            Next::Pay { order, session } => self.pay(now, order, &session),
            Next::Webhook { order, session, message, tries } => {
                let (world, named) = (self.world.clone(), message.clone());
                let told = world.lock().pages[&session].command().expect("only paid pages are told");
                let future = Box::pin(async move {
                    let kind = "checkout.session.completed".to_owned();
                    let notice = Notice { source: "stripe", message_id: named.clone(), kind, body: vec![] };
                    let context = context(order, format!("stripe:{named}"), Actor::Stripe);
                    world.order_on_notice(notice, order, told, context).await.map(|_| ())
                });
                let kind = Kind::Webhook { order, session, message, tries };
                self.begin(now, Run { order, kind, future: Doing::Webhook(future) });
            }
            Next::Fetch { order } => self.fetch(now, order),
            Next::Wake { run } => self.poll(now, run),
            Next::Recover { run } => self.recover(now, run),
        }
    }

    fn pay(&mut self, now: i64, order: Uuid, session: &str) {
        {
            let mut world = self.world.lock();
            let page = world.pages.get_mut(session).unwrap();
            if page.state != SessionState::Open {
                return;
            }
            page.state = SessionState::Paid(payment(session, PRICE));
        }
        // Twice under two ids (completed, then succeeded), and each id up to three times, in any order.
        for message in [format!("evt_{session}_1"), format!("evt_{session}_2")] {
            for _ in 0..=self.below(3) {
                let (session, message) = (session.to_owned(), message.clone());
                let when = now + self.below(60_000);
                self.at(when, Next::Webhook { order, session, message, tries: 0 });
            }
        }
    }

    /// The policies read what is new; their jobs come with their checkpoint.
    fn follow(&mut self, now: i64) {
        loop {
            let Some(recorded) = self.world.lock().log.get(self.read).cloned() else { return };
            self.read += 1;
            for task in [fulfilment::react(&recorded), payments::react(&recorded)].into_iter().flatten() {
                // At least once is what a queue promises: now and then an event is read twice.
                let copies = if self.percent(3) { 2 } else { 1 };
                for _ in 0..copies {
                    let order = task.order;
                    self.entries.insert(self.enqueued, Entry { task: task.clone(), failed: 0, due: now, owner: None });
                    self.enqueued += 1;
                    self.at(now, Next::Fetch { order });
                }
            }
        }
    }

    /// One queue per order: its jobs run one after the other.
    fn fetch(&mut self, now: i64, order: Uuid) {
        if self.entries.values().any(|entry| entry.task.order == order && entry.owner.is_some()) {
            return;
        }
        let due = self.entries.iter().filter(|(_, entry)| entry.task.order == order && entry.due <= now);
        let Some((&number, entry)) = due.min_by_key(|(number, entry)| (entry.due, **number)) else { return };
        let (ports, task, attempt) = (Arc::clone(&self.ports), entry.task.clone(), entry.failed + 1);
        let of = task.attempts();
        let future = Box::pin(async move {
            process_managers::run(&ports, &Work::Event(task), Attempt { number: attempt, of }).await
        });
        let run = Run { order, kind: Kind::Job { entry: number, attempt }, future: Doing::Job(future) };
        self.number += 1;
        let id = self.number;
        self.entries.get_mut(&number).unwrap().owner = Some(id);
        self.runs.insert(id, run);
        self.poll(now, id);
    }

    fn begin(&mut self, now: i64, run: Run) {
        self.number += 1;
        let id = self.number;
        self.runs.insert(id, run);
        self.poll(now, id);
    }

    fn poll(&mut self, now: i64, id: u64) {
        let Some(mut run) = self.runs.remove(&id) else { return };
        self.world.lock().order = Some(run.order);
        let waker = &mut Context::from_waker(Waker::noop());
        let done = match &mut run.future {
            Doing::Job(future) => future.as_mut().poll(waker).map(|done| done.map_err(|error| error.to_string())),
            Doing::Webhook(future) => future.as_mut().poll(waker).map(|done| done.map_err(|error| error.to_string())),
        };
        let (died, wakes, stalled) = {
            let mut world = self.world.lock();
            (std::mem::take(&mut world.died), world.wakes.take(), std::mem::take(&mut world.stalled))
        };
        match done {
            Poll::Ready(outcome) => self.end(now, id, run, outcome),
            Poll::Pending if died => match run.kind {
                Kind::Job { .. } => {
                    let missed = now + MISSED_AFTER + self.below(5_000);
                    self.at(missed, Next::Recover { run: id });
                }
                // A connection that is cut off is a delivery that failed.
                Kind::Webhook { .. } => self.end(now, id, run, Err("cut off".to_owned())),
            },
            Poll::Pending => {
                self.at(wakes.expect("a worker waits for the clock only"), Next::Wake { run: id });
                if stalled && matches!(run.kind, Kind::Job { .. }) {
                    self.at(now + MISSED_AFTER, Next::Recover { run: id });
                }
                self.runs.insert(id, run);
            }
        }
    }

    /// The job of a worker that was missed goes to another, after a second and with the same number.
    fn recover(&mut self, now: i64, run: u64) {
        let Some(entry) = self.entries.values_mut().find(|entry| entry.owner == Some(run)) else { return };
        entry.owner = None;
        entry.due = now + SECOND;
        let order = entry.task.order;
        self.at(now + SECOND, Next::Fetch { order });
    }

    fn end(&mut self, now: i64, id: u64, run: Run, outcome: Result<(), String>) {
        let order = run.order;
        match (run.kind, outcome) {
            // Whoever completes deletes the job, even a worker that was missed in the meantime.
            (Kind::Job { entry, .. }, Ok(())) => {
                self.entries.remove(&entry);
            }
            (Kind::Job { entry, attempt }, Err(_)) => {
                let Some(known) = self.entries.get_mut(&entry).filter(|known| known.owner == Some(id)) else { return };
                known.owner = None;
                known.failed = attempt;
                known.due = now + pause(attempt);
                let (due, spent) = (known.due, attempt >= known.task.attempts());
                if spent {
                    self.dead.extend(self.entries.remove(&entry).map(|entry| entry.task));
                } else {
                    self.at(due, Next::Fetch { order });
                }
            }
            (Kind::Webhook { .. }, Ok(())) => {}
            (Kind::Webhook { order, session, message, tries }, Err(_)) => {
                let again = now + 5 * SECOND * i64::from(2_i32.pow(tries.min(12)));
                assert!(again < WEBHOOK_PATIENCE, "a webhook failed for three days");
                self.at(again, Next::Webhook { order, session, message, tries: tries + 1 });
            }
        }
        self.at(now, Next::Fetch { order });
    }

    /// Jobs that nobody works at and nobody will.
    pub fn left(&self) -> usize {
        self.entries.len()
    }
}

/// What a customer does.
#[derive(Debug, Clone, Copy, Default)]
pub struct Habits {
    pub cancels: bool,
    pub pays: bool,
    pub pays_twice: bool,
    pub regrets: bool,
}

/// The queue's pause after a failed attempt: e^attempt seconds, at most e^10.
fn pause(attempt: u32) -> i64 {
    let seconds = f64::from(attempt.min(10)).exp();
    #[allow(clippy::cast_possible_truncation, reason = "six hours at most")]
    let milliseconds = (seconds * 1_000.0) as i64;
    milliseconds
}

fn context(order: Uuid, command_id: String, actor: Actor) -> CommandContext {
    CommandContext { command_id, actor, correlation_id: order.to_string(), causation_id: None, request_id: None }
}

fn open_page(order: Uuid, session: &str) -> SessionNews {
    let (session, state) = (session.to_owned(), SessionState::Open);
    SessionNews { session, order: Some(order), state, refunded_cents: None }
}

fn place(number: u64) -> OrderCommand {
    let eligibility = Eligibility {
        study: leaflet::CODE.to_owned(),
        status: EligibilityStatus::Full,
        dropped_pages: vec![],
        reason: None,
    };
    OrderCommand::Place {
        customer: Uuid::from_u128(1),
        commune: format!("{:05}", 44_000 + number),
        study: leaflet::CODE.to_owned(),
        eligibility,
        price: Price::before_tax(29_000, 2_000, "EUR"),
        recipient: RecipientKind::Collectivite,
        consents: vec![],
    }
}
