//! The simulated queue: lanes, workers that die and are missed, pauses after a failure.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Waker},
};

use domain::command::CommandError;
use process_managers::{Attempt, JobFailure, Task, Work};
use uuid::Uuid;

use super::{
    fault::MISSED_AFTER,
    shop::{Next, Shop},
};

const SECOND: i64 = 1_000;
/// Stripe gives up after three days.
const WEBHOOK_PATIENCE: i64 = 3 * 24 * 3_600 * SECOND;

pub type Running<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// What runs one after the other: the steps of an order, or a job that takes no turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lane {
    Order(Uuid),
    Alone(usize),
}

pub struct Entry {
    work: Work,
    lane: Lane,
    /// Failed attempts; a crash is not counted, as in the queue.
    failed: u32,
    due: i64,
    owner: Option<u64>,
}

/// A message of the payment vendor's, and how often it was sent in vain.
#[derive(Clone)]
pub struct Message {
    pub order: Uuid,
    /// The vendor's id of it.
    pub id: String,
    pub about: About,
    pub tries: u32,
}

#[derive(Clone)]
pub enum About {
    /// This page was paid.
    Page(String),
    /// This refund was made.
    Refund(String),
}

pub enum Kind {
    Job { entry: usize, attempt: u32 },
    Message(Message),
}

pub enum Doing {
    Job(Running<Result<(), JobFailure>>),
    Message(Running<Result<(), CommandError>>),
}

pub struct Run {
    pub order: Option<Uuid>,
    pub kind: Kind,
    pub future: Doing,
}

impl Shop {
    /// With the checkpoint of its event.
    pub fn enqueue(&mut self, now: i64, task: Task) {
        let lane = if task.job.takes_turns() { Lane::Order(task.order) } else { Lane::Alone(self.enqueued) };
        let due = now + i64::try_from(task.job.delay().as_millis()).unwrap();
        self.add(due, Work::Event(task), lane);
    }

    /// A call of the clock.
    pub fn call(&mut self, now: i64, work: Work) {
        self.add(now, work, Lane::Alone(self.enqueued));
    }

    fn add(&mut self, due: i64, work: Work, lane: Lane) {
        self.entries.insert(self.enqueued, Entry { work, lane, failed: 0, due, owner: None });
        self.enqueued += 1;
        self.at(due, Next::Fetch { lane });
    }

    pub fn fetch(&mut self, now: i64, lane: Lane) {
        if self.entries.values().any(|entry| entry.lane == lane && entry.owner.is_some()) {
            return;
        }
        let due = self.entries.iter().filter(|(_, entry)| entry.lane == lane && entry.due <= now);
        let Some((&number, entry)) = due.min_by_key(|(number, entry)| (entry.due, **number)) else { return };
        let (ports, work, attempt) = (Arc::clone(&self.ports), entry.work.clone(), entry.failed + 1);
        let (of, order) = (attempts(&work), order_of(&work));
        let future =
            Box::pin(async move { process_managers::run(&ports, &work, Attempt { number: attempt, of }).await });
        let run = Run { order, kind: Kind::Job { entry: number, attempt }, future: Doing::Job(future) };
        self.number += 1;
        let id = self.number;
        self.entries.get_mut(&number).unwrap().owner = Some(id);
        self.runs.insert(id, run);
        self.poll(now, id);
    }

    pub fn begin(&mut self, now: i64, run: Run) {
        self.number += 1;
        let id = self.number;
        self.runs.insert(id, run);
        self.poll(now, id);
    }

    pub fn poll(&mut self, now: i64, id: u64) {
        let Some(mut run) = self.runs.remove(&id) else { return };
        self.world.lock().order = run.order;
        let waker = &mut Context::from_waker(Waker::noop());
        let done = match &mut run.future {
            Doing::Job(future) => future.as_mut().poll(waker).map(|done| done.map_err(|error| error.to_string())),
            Doing::Message(future) => future.as_mut().poll(waker).map(|done| done.map_err(|error| error.to_string())),
        };
        let (died, wakes, stalled) = {
            let mut world = self.world.lock();
            (std::mem::take(&mut world.died), world.wakes.take(), std::mem::take(&mut world.stalled))
        };
        match done {
            Poll::Ready(outcome) => self.end(now, id, run, outcome.is_ok()),
            Poll::Pending if died => match run.kind {
                Kind::Job { .. } => {
                    let missed = now + MISSED_AFTER + self.below(5_000);
                    self.at(missed, Next::Recover { run: id });
                }
                // A connection that is cut off is a delivery that failed.
                Kind::Message(_) => self.end(now, id, run, false),
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
    pub fn recover(&mut self, now: i64, run: u64) {
        let Some(entry) = self.entries.values_mut().find(|entry| entry.owner == Some(run)) else { return };
        entry.owner = None;
        entry.due = now + SECOND;
        let lane = entry.lane;
        self.at(now + SECOND, Next::Fetch { lane });
    }

    fn end(&mut self, now: i64, id: u64, run: Run, succeeded: bool) {
        let (entry, attempt) = match run.kind {
            Kind::Job { entry, attempt } => (entry, attempt),
            Kind::Message(message) => return self.answer(now, message, !succeeded),
        };
        let Some(lane) = self.entries.get(&entry).map(|known| known.lane) else { return };
        if succeeded {
            // Whoever completes deletes the job, even a worker that was missed in the meantime.
            let done = self.entries.remove(&entry).unwrap();
            self.ended(now, &done.work);
        } else {
            let known = self.entries.get_mut(&entry).unwrap();
            if known.owner != Some(id) {
                return;
            }
            known.owner = None;
            known.failed = attempt;
            known.due = now + pause(attempt);
            let (due, spent) = (known.due, attempt >= attempts(&known.work));
            if spent {
                self.dead.extend(self.entries.remove(&entry).map(|entry| entry.work));
            } else {
                self.at(due, Next::Fetch { lane });
            }
        }
        self.at(now, Next::Fetch { lane });
    }

    /// The vendor repeats a message until it is answered.
    fn answer(&mut self, now: i64, message: Message, failed: bool) {
        if failed {
            let again = now + 5 * SECOND * i64::from(2_i32.pow(message.tries.min(12)));
            assert!(again < WEBHOOK_PATIENCE, "a webhook failed for three days");
            let message = Message { tries: message.tries + 1, ..message };
            self.at(again, Next::Message(message));
        }
    }

    /// Jobs that nobody works at and nobody will.
    pub fn left(&self) -> usize {
        self.entries.len()
    }
}

fn order_of(work: &Work) -> Option<Uuid> {
    match work {
        Work::Event(task) => Some(task.order),
        Work::Clock(_) => None,
    }
}

/// The clock calls for a round that failed again and again: here it is the same call that goes on.
fn attempts(work: &Work) -> u32 {
    match work {
        Work::Event(task) => task.attempts(),
        Work::Clock(_) => u32::MAX,
    }
}

/// The queue's pause after a failed attempt: e^attempt seconds, at most e^10.
fn pause(attempt: u32) -> i64 {
    let seconds = f64::from(attempt.min(10)).exp();
    #[allow(clippy::cast_possible_truncation, reason = "six hours at most")]
    let milliseconds = (seconds * 1_000.0) as i64;
    milliseconds
}
