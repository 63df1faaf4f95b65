//! The event store in memory: real aggregates decide, real projections write the read models.

use std::collections::{BTreeMap, HashMap};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use cqrs_es::{Aggregate, event_sink::EventSink};
use domain::{
    command::{CommandContext, CommandError, Outcome},
    log::{Event, Metadata, Recorded},
    order::{Order, OrderCommand},
    ports::{Commands, Notice},
    reconciliation::ReconciliationCommand,
    report::{Report, ReportCommand},
};
use projections::runtime::apply_to;
use sqlx::PgPool;
use tokio::sync::{Mutex, watch};
use uuid::Uuid;

pub struct Ledger {
    state: Mutex<State>,
    pub pool: PgPool,
    positions: watch::Sender<i64>,
    at: DateTime<Utc>,
}

#[derive(Default)]
struct State {
    orders: HashMap<Uuid, Order>,
    reports: HashMap<Uuid, Report>,
    sequences: HashMap<Uuid, i64>,
    answered: HashMap<String, Outcome>,
    inbox: BTreeMap<String, String>,
    events: Vec<&'static str>,
    log: Vec<Recorded>,
    position: i64,
    down: bool,
}

impl Ledger {
    pub fn new(pool: PgPool, positions: watch::Sender<i64>, at: DateTime<Utc>) -> Self {
        Self { state: Mutex::default(), pool, positions, at }
    }

    /// Names of all events so far, in order.
    pub async fn events(&self) -> Vec<&'static str> {
        self.state.lock().await.events.clone()
    }

    /// All events so far, in order.
    pub async fn log(&self) -> Vec<Recorded> {
        self.state.lock().await.log.clone()
    }

    /// Messages of vendors by id, with what became of them.
    pub async fn inbox(&self) -> BTreeMap<String, String> {
        self.state.lock().await.inbox.clone()
    }

    /// From now on the store does not answer.
    pub async fn go_down(&self) {
        self.state.lock().await.down = true;
    }

    async fn record(&self, state: &mut State, id: Uuid, events: Vec<Event>, context: &CommandContext) -> Outcome {
        let mut outcome = Outcome { first_sequence: 0, last_sequence: 0, repeated: false };
        let mut batch = Vec::new();
        for event in events {
            let sequence = state.sequences.entry(id).and_modify(|last| *last += 1).or_insert(1);
            state.position += 1;
            state.events.push(event.name());
            if outcome.first_sequence == 0 {
                outcome.first_sequence = *sequence;
            }
            outcome.last_sequence = *sequence;
            batch.push(Recorded {
                position: state.position,
                event_id: Uuid::from_u128(u128::try_from(state.position).unwrap()),
                aggregate_id: id,
                sequence: *sequence,
                event,
                metadata: Metadata {
                    actor: context.actor.to_string(),
                    correlation_id: context.correlation_id.clone(),
                    causation_id: context.causation_id.clone(),
                    request_id: context.request_id.clone(),
                    command_id: context.command_id.clone(),
                },
                recorded_at: self.at + chrono::Duration::seconds(state.position),
            });
        }
        if !batch.is_empty() {
            state.log.extend(batch.iter().cloned());
            #[expect(clippy::disallowed_methods, reason = "a test waits for its end; nothing cuts it off")]
            let mut tx = self.pool.begin().await.unwrap();
            for projector in projections::all() {
                apply_to(&mut tx, "read", projector.as_ref(), &batch).await.unwrap();
            }
            tx.commit().await.unwrap();
            state.answered.insert(context.command_id.clone(), outcome);
            self.positions.send_replace(state.position);
        }
        outcome
    }
}

async fn decide<A: Aggregate<Services = ()>>(
    aggregate: &mut A,
    command: A::Command,
) -> Result<Vec<A::Event>, A::Error> {
    let sink = EventSink::default();
    aggregate.handle(command, &(), &sink).await?;
    Ok(sink.collect().await)
}

fn unreachable_store() -> CommandError {
    CommandError::Store("the connection was refused".into())
}

#[async_trait]
impl Commands for Ledger {
    async fn order(&self, id: Uuid, command: OrderCommand, context: CommandContext) -> Result<Outcome, CommandError> {
        let mut state = self.state.lock().await;
        if state.down {
            return Err(unreachable_store());
        }
        if let Some(first) = state.answered.get(&context.command_id) {
            return Ok(Outcome { repeated: true, ..*first });
        }
        let mut order = state.orders.get(&id).cloned().unwrap_or_default();
        let events = decide(&mut order, command).await?;
        state.orders.insert(id, order);
        Ok(self.record(&mut state, id, events.into_iter().map(Event::Order).collect(), &context).await)
    }

    async fn report(&self, id: Uuid, command: ReportCommand, context: CommandContext) -> Result<Outcome, CommandError> {
        let mut state = self.state.lock().await;
        let mut report = state.reports.get(&id).cloned().unwrap_or_default();
        let events = decide(&mut report, command).await?;
        state.reports.insert(id, report);
        Ok(self.record(&mut state, id, events.into_iter().map(Event::Report).collect(), &context).await)
    }

    async fn reconciliation(
        &self,
        _: Uuid,
        _: ReconciliationCommand,
        _: CommandContext,
    ) -> Result<Outcome, CommandError> {
        Err(unreachable_store())
    }

    async fn order_on_notice(
        &self,
        notice: Notice,
        id: Uuid,
        command: OrderCommand,
        context: CommandContext,
    ) -> Result<Outcome, CommandError> {
        if self.state.lock().await.inbox.contains_key(&notice.message_id) {
            return Ok(Outcome { first_sequence: 0, last_sequence: 0, repeated: true });
        }
        let outcome = self.order(id, command, context).await?;
        self.state.lock().await.inbox.insert(notice.message_id, "handled".to_owned());
        Ok(outcome)
    }

    async fn keep_notice(&self, notice: Notice, reason: &str) -> Result<bool, CommandError> {
        let mut state = self.state.lock().await;
        if state.down {
            return Err(unreachable_store());
        }
        let known = state.inbox.contains_key(&notice.message_id);
        state.inbox.entry(notice.message_id).or_insert_with(|| reason.to_owned());
        Ok(!known)
    }

    async fn load_order(&self, id: Uuid) -> Result<Order, CommandError> {
        let state = self.state.lock().await;
        if state.down { Err(unreachable_store()) } else { Ok(state.orders.get(&id).cloned().unwrap_or_default()) }
    }

    async fn load_report(&self, id: Uuid) -> Result<Report, CommandError> {
        Ok(self.state.lock().await.reports.get(&id).cloned().unwrap_or_default())
    }
}
