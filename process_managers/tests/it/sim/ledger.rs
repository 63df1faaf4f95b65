//! The log in memory: real aggregates, each command once, events in one order.

use std::{
    pin::pin,
    task::{Context, Poll, Waker},
};

use async_trait::async_trait;
use cqrs_es::{Aggregate, event_sink::EventSink};
use domain::{
    command::{CommandContext, CommandError, Outcome},
    log::{Event, Metadata, Recorded},
    order::{Order, OrderCommand, OrderEvent},
    ports::{Commands, Notice, Waiting},
    reconciliation::{Reconciliation, ReconciliationCommand, ReconciliationEvent},
    report::{Report, ReportCommand, ReportEvent},
};
use uuid::Uuid;

use super::state::{Shared, State};

const NOTHING: Outcome = Outcome { first_sequence: 0, last_sequence: 0, repeated: false };

/// An aggregate whose events the log can hold.
pub trait Kept: Aggregate<Services = ()> {
    fn wrap(event: Self::Event) -> Event;
    fn unwrap(event: &Event) -> Option<&Self::Event>;
}

impl Kept for Order {
    fn wrap(event: OrderEvent) -> Event {
        Event::Order(event)
    }

    fn unwrap(event: &Event) -> Option<&OrderEvent> {
        if let Event::Order(event) = event { Some(event) } else { None }
    }
}

impl Kept for Report {
    fn wrap(event: ReportEvent) -> Event {
        Event::Report(event)
    }

    fn unwrap(event: &Event) -> Option<&ReportEvent> {
        if let Event::Report(event) = event { Some(event) } else { None }
    }
}

impl Kept for Reconciliation {
    fn wrap(event: ReconciliationEvent) -> Event {
        Event::Reconciliation(event)
    }

    fn unwrap(event: &Event) -> Option<&ReconciliationEvent> {
        if let Event::Reconciliation(event) = event { Some(event) } else { None }
    }
}

/// Completes what has nothing to wait for.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done,
        Poll::Pending => panic!("an aggregate waits for nothing"),
    }
}

impl State {
    pub fn load<A: Kept>(&self, id: Uuid) -> A {
        let mut aggregate = A::default();
        for recorded in self.log.iter().filter(|recorded| recorded.aggregate_id == id) {
            aggregate.apply(A::unwrap(&recorded.event).expect("streams are of one kind").clone());
        }
        aggregate
    }

    pub fn execute<A: Kept>(
        &mut self,
        id: Uuid,
        command: A::Command,
        context: &CommandContext,
    ) -> Result<Outcome, CommandError>
    where
        CommandError: From<A::Error>,
    {
        let answered = self.answers.get(&context.command_id).map(|first| Outcome { repeated: true, ..*first });
        let sink = EventSink::default();
        let mut aggregate = self.load::<A>(id);
        match at_once(aggregate.handle(command, &(), &sink)) {
            Err(refusal) => return answered.ok_or_else(|| refusal.into()),
            Ok(()) => {
                if let Some(first) = answered {
                    return Ok(first);
                }
            }
        }
        let events = at_once(sink.collect());
        let before = self.log.iter().filter(|recorded| recorded.aggregate_id == id).count() as i64;
        let outcome =
            Outcome { first_sequence: before + 1, last_sequence: before + events.len() as i64, repeated: false };
        if events.is_empty() {
            return Ok(NOTHING);
        }
        for (n, event) in events.into_iter().enumerate() {
            let position = self.log.len() as i64 + 1;
            self.log.push(Recorded {
                position,
                event_id: Uuid::from_u128(position.unsigned_abs().into()),
                aggregate_id: id,
                sequence: before + 1 + n as i64,
                event: A::wrap(event),
                metadata: Metadata {
                    actor: context.actor.to_string(),
                    correlation_id: context.correlation_id.clone(),
                    causation_id: context.causation_id.clone(),
                    request_id: None,
                    command_id: context.command_id.clone(),
                },
                recorded_at: self.time(),
            });
        }
        self.answers.insert(context.command_id.clone(), outcome);
        Ok(outcome)
    }
}

fn down() -> CommandError {
    CommandError::Store("the simulated store is away".into())
}

#[async_trait]
impl Commands for Shared {
    async fn order(&self, id: Uuid, command: OrderCommand, context: CommandContext) -> Result<Outcome, CommandError> {
        let place = format!("append {}", command.name());
        self.effect(&place, down, |state| state.execute::<Order>(id, command, &context)).await
    }

    async fn report(&self, id: Uuid, command: ReportCommand, context: CommandContext) -> Result<Outcome, CommandError> {
        let place = format!("append {}", command.name());
        self.effect(&place, down, |state| state.execute::<Report>(id, command, &context)).await
    }

    async fn reconciliation(
        &self,
        id: Uuid,
        command: ReconciliationCommand,
        context: CommandContext,
    ) -> Result<Outcome, CommandError> {
        self.effect("append Record", down, |state| state.execute::<Reconciliation>(id, command, &context)).await
    }

    async fn order_on_notice(
        &self,
        notice: Notice,
        id: Uuid,
        command: OrderCommand,
        context: CommandContext,
    ) -> Result<Outcome, CommandError> {
        let place = format!("inbox {}", command.name());
        self.effect(&place, down, |state| {
            if state.inbox.contains(&notice.message_id) {
                return Ok(Outcome { repeated: true, ..NOTHING });
            }
            let done = state.execute::<Order>(id, command, &context)?;
            state.inbox.insert(notice.message_id.clone());
            Ok(done)
        })
        .await
    }

    async fn keep_notice(&self, notice: Notice, reason: &str) -> Result<bool, CommandError> {
        assert_eq!(reason, "waits");
        self.effect("inbox", down, |state| {
            let news = state.inbox.insert(notice.message_id.clone());
            if news {
                let since = state.time();
                state.waiting.push(Waiting { notice, since });
            }
            Ok(news)
        })
        .await
    }

    async fn load_order(&self, id: Uuid) -> Result<Order, CommandError> {
        self.look("load order", down, |state| Ok(state.load(id))).await
    }

    async fn load_report(&self, id: Uuid) -> Result<Report, CommandError> {
        self.look("load report", down, |state| Ok(state.load(id))).await
    }
}
