//! The simulated shop: a virtual clock and an agenda, policies that follow the log, messages that come twice, late or never.

use std::{collections::BTreeMap, sync::Arc};

use domain::{
    command::{Actor, CommandContext},
    order::{Order, OrderCommand},
    ports::{Commands as _, Notice},
};
use process_managers::{Ports, Work, fulfilment, payments, watchdog};
use sqlx::PgPool;
use uuid::Uuid;

use super::{
    fault::Weather,
    leaflet,
    queue::{About, Doing, Entry, Kind, Lane, Message, Run},
    state::Shared,
};

pub enum Next {
    Tell { order: Uuid, command: Box<OrderCommand>, name: String },
    Pay { order: Uuid, session: String },
    GiveBack { order: Uuid, session: String },
    Message(Message),
    Fetch { lane: Lane },
    Wake { run: u64 },
    Recover { run: u64 },
    Round(process_managers::upkeep::Job),
}

pub struct Shop {
    pub world: Shared,
    pub(super) ports: Arc<Ports>,
    agenda: BTreeMap<(i64, u64), Next>,
    pub(super) number: u64,
    pub(super) entries: BTreeMap<usize, Entry>,
    pub(super) runs: BTreeMap<u64, Run>,
    /// How far the policies have read.
    read: usize,
    pub(super) enqueued: usize,
    /// Jobs whose attempts are spent and which left no event.
    pub dead: Vec<Work>,
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
            orders: port(),
            storage: port(),
            writer: port(),
            printer: port(),
            signer: None,
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
        let mut shop = Self {
            world,
            ports: Arc::new(ports),
            agenda: BTreeMap::new(),
            number: 0,
            entries: BTreeMap::new(),
            runs: BTreeMap::new(),
            read: 0,
            enqueued: 0,
            dead: vec![],
        };
        shop.wind_up_the_clock();
        shop
    }

    pub(super) fn at(&mut self, time: i64, next: Next) {
        self.number += 1;
        self.agenda.insert((time, self.number), next);
    }

    pub(super) fn below(&self, bound: u64) -> i64 {
        i64::try_from(self.world.lock().chance.below(bound)).unwrap()
    }

    pub(super) fn percent(&self, percent: u64) -> bool {
        self.world.lock().chance.percent(percent)
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
            Next::GiveBack { order, session } => self.give_back(now, order, &session),
            Next::Message(message) => self.receive(now, message),
            Next::Fetch { lane } => self.fetch(now, lane),
            Next::Wake { run } => self.poll(now, run),
            Next::Recover { run } => self.recover(now, run),
            Next::Round(job) => self.round(now, job),
        }
    }

    /// The door for the vendor's messages: told to its order, or kept until the order of its payment is known.
    fn receive(&mut self, now: i64, message: Message) {
        let (world, Message { order, id, about, .. }) = (self.world.clone(), message.clone());
        let context = context(order, format!("stripe:{id}"), Actor::Stripe);
        let future = Box::pin(async move {
            let notice = |kind: &str, body: &str| {
                let (message_id, kind) = (id.clone(), kind.to_owned());
                Notice { source: "stripe", message_id, kind, body: body.as_bytes().to_vec() }
            };
            match about {
                About::Page(session) => {
                    let told = world.lock().pages[&session].command().expect("only paid pages are told");
                    let notice = notice("checkout.session.completed", &session);
                    world.order_on_notice(notice, order, told, context).await.map(|_| ())
                }
                About::Refund(refund) => {
                    let made = world.lock().refund_made(&refund);
                    let known = world.lock().order_of_payment(&made.payment).is_some();
                    let notice = notice("refund.created", &refund);
                    if known {
                        let told = OrderCommand::RecordRefund(made);
                        world.order_on_notice(notice, order, told, context).await.map(|_| ())
                    } else {
                        world.keep_notice(notice, "waits").await.map(|_| ())
                    }
                }
            }
        });
        self.begin(now, Run { order: Some(order), kind: Kind::Message(message), future: Doing::Message(future) });
    }

    /// The policies read what is new; their jobs come with their checkpoint.
    fn follow(&mut self, now: i64) {
        loop {
            let Some(recorded) = self.world.lock().log.get(self.read).cloned() else { return };
            self.read += 1;
            let called = [fulfilment::react(&recorded), payments::react(&recorded), watchdog::react(&recorded)];
            for task in called.into_iter().flatten() {
                // At least once is what a queue promises: now and then an event is read twice.
                let copies = if self.percent(3) { 2 } else { 1 };
                for _ in 0..copies {
                    self.enqueue(now, task.clone());
                }
            }
        }
    }
}

pub(super) fn context(order: Uuid, command_id: String, actor: Actor) -> CommandContext {
    CommandContext { command_id, actor, correlation_id: order.to_string(), causation_id: None, request_id: None }
}
