//! What the simulated world holds: a log, a vendor's books, a shelf, an outbox. And where each await may go wrong.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::poll_fn,
    sync::{Arc, Mutex, MutexGuard},
    task::Poll,
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    command::Outcome,
    log::Recorded,
    order::RefundNotice,
    ports::{PortError, SessionNews, Waiting},
};
use uuid::Uuid;

use super::{
    chance::Chance,
    fault::{Fault, Weather},
};

/// A fault that struck.
#[derive(Debug, Clone)]
pub struct Strike {
    pub at: i64,
    pub order: Option<Uuid>,
    pub place: String,
    pub fault: Fault,
}

/// A mail that the vendor took.
pub struct Accepted {
    pub key: Uuid,
    pub to: String,
    pub at: i64,
    /// Events of the log when it was taken.
    pub known: usize,
}

pub struct State {
    /// Virtual milliseconds since the start.
    pub now: i64,
    pub chance: Chance,
    pub weather: Weather,
    /// Side effects that were begun.
    pub effects: usize,
    pub strikes: Vec<Strike>,
    pub log: Vec<Recorded>,
    pub answers: BTreeMap<String, Outcome>,
    pub inbox: BTreeSet<String>,
    pub shelf: BTreeMap<String, Vec<u8>>,
    pub mails: Vec<Accepted>,
    pub links: BTreeSet<(Uuid, u32)>,
    /// Answers of the model that were paid, by report.
    pub written: BTreeMap<String, u32>,
    pub pages: BTreeMap<String, SessionNews>,
    pub refunds: Vec<RefundNotice>,
    /// Orders of whose payments the vendor tells nobody.
    pub silent: BTreeSet<Uuid>,
    pub waiting: Vec<Waiting>,
    /// What became of the messages that waited.
    pub settled: Vec<String>,
    /// A place where nothing succeeds before that time.
    pub outage: Option<(&'static str, i64)>,
    /// Whose job is being worked at.
    pub order: Option<Uuid>,
    /// Percent of customers who pay at the moment in which their page is closed.
    pub pays_at_closing: u64,
    /// Answers 503 to so many more puts.
    pub shelf_fails: u32,
    /// The worker died at this await.
    pub died: bool,
    /// The worker sleeps until then.
    pub wakes: Option<i64>,
    /// The worker is so slow that it is taken for dead.
    pub stalled: bool,
}

#[derive(Clone)]
pub struct Shared(pub Arc<Mutex<State>>);

impl Shared {
    pub fn new(seed: u64, weather: Weather) -> Self {
        Self(Arc::new(Mutex::new(State {
            now: 0,
            chance: Chance::new(seed),
            weather,
            effects: 0,
            strikes: vec![],
            log: vec![],
            answers: BTreeMap::new(),
            inbox: BTreeSet::new(),
            shelf: BTreeMap::new(),
            mails: vec![],
            links: BTreeSet::new(),
            written: BTreeMap::new(),
            pages: BTreeMap::new(),
            refunds: vec![],
            silent: BTreeSet::new(),
            waiting: vec![],
            settled: vec![],
            outage: None,
            order: None,
            pays_at_closing: 30,
            shelf_fails: 0,
            died: false,
            wakes: None,
            stalled: false,
        })))
    }

    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap()
    }

    /// A look: may go wrong, changes nothing.
    pub async fn look<T, E>(
        &self,
        place: &str,
        away: impl Fn() -> E,
        act: impl FnOnce(&mut State) -> Result<T, E>,
    ) -> Result<T, E> {
        self.await_port(place, false, away, act).await
    }

    /// A side effect, which pairs of faults are made over.
    pub async fn effect<T, E>(
        &self,
        place: &str,
        away: impl Fn() -> E,
        act: impl FnOnce(&mut State) -> Result<T, E>,
    ) -> Result<T, E> {
        self.await_port(place, true, away, act).await
    }

    async fn await_port<T, E>(
        &self,
        place: &str,
        effect: bool,
        away: impl Fn() -> E,
        act: impl FnOnce(&mut State) -> Result<T, E>,
    ) -> Result<T, E> {
        match self.strike(place, effect) {
            None => act(&mut self.lock()),
            Some(Fault::FailBefore) => Err(away()),
            Some(Fault::FailAfter) => {
                // Only what was done can be told wrongly.
                act(&mut self.lock())?;
                Err(away())
            }
            Some(Fault::CrashBefore) => self.die().await,
            Some(Fault::CrashAfter) => {
                let _ = act(&mut self.lock());
                self.die().await
            }
            Some(Fault::Delay(milliseconds)) => {
                self.sleep(milliseconds).await;
                act(&mut self.lock())
            }
            Some(Fault::Stall) => {
                self.lock().stalled = true;
                self.sleep(super::fault::MISSED_AFTER * 2).await;
                act(&mut self.lock())
            }
        }
    }

    /// What is not ours to simulate, with a crash before or after it.
    pub async fn around<T>(&self, place: &str, act: impl Future<Output = T>) -> T {
        match self.strike(place, true) {
            Some(Fault::CrashBefore) => self.die().await,
            Some(Fault::CrashAfter) => {
                act.await;
                self.die().await
            }
            _ => act.await,
        }
    }

    /// For a place that is passed while a transaction is open: true, once, when the process ends there.
    pub fn ends_at(&self, place: &str, fault: Fault) -> bool {
        let mut state = self.lock();
        let ends = matches!(&state.weather, Weather::At(at, chosen) if *at == place && *chosen == fault);
        if !ends || !state.strikes.is_empty() {
            return false;
        }
        let (at, order) = (state.now, state.order);
        state.strikes.push(Strike { at, order, place: place.to_owned(), fault });
        state.died = true;
        true
    }

    fn strike(&self, place: &str, effect: bool) -> Option<Fault> {
        let mut state = self.lock();
        let number = effect.then_some(state.effects);
        state.effects += usize::from(effect);
        if state.outage.is_some_and(|(away, until)| away == place && state.now < until) {
            return Some(Fault::FailBefore);
        }
        let state = &mut *state;
        let fault = state.weather.strikes(&mut state.chance, place, number, !state.strikes.is_empty())?;
        state.strikes.push(Strike { at: state.now, order: state.order, place: place.to_owned(), fault });
        Some(fault)
    }

    /// Never comes back: whoever polls drops the worker.
    async fn die<T>(&self) -> T {
        self.lock().died = true;
        std::future::pending().await
    }

    async fn sleep(&self, milliseconds: i64) {
        let mut asleep = false;
        poll_fn(|_| {
            if std::mem::replace(&mut asleep, true) {
                return Poll::Ready(());
            }
            let mut state = self.lock();
            state.wakes = Some(state.now + milliseconds);
            Poll::Pending
        })
        .await;
    }
}

impl State {
    pub fn time(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000, 0).unwrap() + TimeDelta::milliseconds(self.now)
    }
}

pub fn away(service: &'static str) -> PortError {
    PortError::Transient { service, message: "the simulated world is against us".to_owned(), retry_after: None }
}
