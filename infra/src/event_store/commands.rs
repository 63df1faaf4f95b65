//! Commands in, outcomes out: load, decide, append; again on fresh state when another writer was faster.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use cqrs_es::event_sink::EventSink;
use cqrs_es::persist::{EventStoreAggregateContext, PersistedEventStore};
use cqrs_es::{Aggregate, AggregateError, EventStore as _};
use domain::command::{CommandContext, CommandError, Outcome};
use domain::order::{Order, OrderCommand};
use domain::ports::{Commands, Notice};
use domain::reconciliation::{Reconciliation, ReconciliationCommand};
use domain::report::{Report, ReportCommand};
use postgres_es::PostgresEventRepository;
use rand::TryRng as _;
use rand::rngs::SysRng;
use sqlx::PgPool;
use tokio::sync::Notify;
use uuid::Uuid;

use super::inbox;
use super::load::load;
use super::repository::{CommandRepository, HandledBefore};

/// Tries of a command against other writers of the same stream.
const TRIES: u32 = 5;
const NOTHING: Outcome = Outcome { first_sequence: 0, last_sequence: 0, repeated: false };

/// Executes commands on the event store; the connections are those of the API's or a worker's role.
#[derive(Clone)]
pub struct PgCommands {
    pool: PgPool,
    reads: Arc<PostgresEventRepository>,
    appended: Arc<Notify>,
}

/// A command with all that travels with it.
struct Task<A: Aggregate> {
    id: Uuid,
    command: A::Command,
    context: CommandContext,
    notice: Option<Notice>,
    /// The command makes the stream, which is therefore taken for empty at the first try.
    creates: bool,
}

impl PgCommands {
    /// `appended` is poked after every append, for a sealer in the same process.
    #[must_use]
    pub fn new(pool: PgPool, appended: Arc<Notify>) -> Self {
        let reads = PostgresEventRepository::new(pool.clone()).with_tables("es.events", "es.snapshots");
        Self { pool, reads: Arc::new(reads), appended }
    }

    fn store<A: Aggregate>(
        &self,
        command_id: &str,
        notice: Option<(Notice, Uuid)>,
    ) -> PersistedEventStore<CommandRepository, A> {
        let (pool, reads) = (self.pool.clone(), Arc::clone(&self.reads));
        PersistedEventStore::new_event_store(CommandRepository {
            pool,
            reads,
            command_id: command_id.to_owned(),
            notice,
        })
    }

    async fn execute<A>(&self, task: Task<A>) -> Result<Outcome, CommandError>
    where
        A: Aggregate<Services = ()>,
        A::Command: Clone + Send + Sync,
        CommandError: From<A::Error>,
    {
        let Task { id, command, context, notice, creates } = task;
        let stream = id.to_string();
        let store = self.store::<A>(&context.command_id, notice.clone().map(|notice| (notice, id)));
        let mut taken_for_empty = creates;
        let mut conflicts = 0;
        loop {
            let mut state = if taken_for_empty { empty(&stream) } else { self.load::<A>(&stream).await? };
            let sink = EventSink::default();
            match state.aggregate.handle(command.clone(), &(), &sink).await {
                Err(_) if taken_for_empty => {
                    taken_for_empty = false;
                    continue;
                }
                // An answer given once stays, even when the aggregate would decide otherwise by now.
                Err(refusal) => return self.answered::<A>(&stream, &context).await?.ok_or_else(|| refusal.into()),
                Ok(()) => {}
            }
            let events = sink.collect().await;
            if events.is_empty() {
                let news = match &notice {
                    Some(notice) => {
                        inbox::keep(&self.pool, notice, Some(id), inbox::HANDLED).await.map_err(store_failure)?
                    }
                    None => true,
                };
                let first = self.answered::<A>(&stream, &context).await?;
                return Ok(first.unwrap_or(Outcome { repeated: !news, ..NOTHING }));
            }
            match store.commit(events, state, metadata(&context)).await {
                Ok(committed) => {
                    self.appended.notify_one();
                    let sequence = |at: usize| i64::try_from(at).map_err(store_failure);
                    return Ok(Outcome {
                        first_sequence: sequence(committed.first().map_or(0, |event| event.sequence))?,
                        last_sequence: sequence(committed.last().map_or(0, |event| event.sequence))?,
                        repeated: false,
                    });
                }
                Err(AggregateError::AggregateConflict) if taken_for_empty => taken_for_empty = false,
                Err(AggregateError::AggregateConflict) => {
                    conflicts += 1;
                    metrics::counter!("lobster_command_conflicts_total", "aggregate" => A::TYPE).increment(1);
                    if conflicts >= TRIES {
                        return Err(CommandError::Conflict { aggregate: A::TYPE, id: stream });
                    }
                    tokio::time::sleep(jitter(conflicts)).await;
                }
                Err(AggregateError::UnexpectedError(cause)) if cause.is::<HandledBefore>() => {
                    let first = self.answered::<A>(&stream, &context).await?;
                    return Ok(first.unwrap_or(Outcome { repeated: true, ..NOTHING }));
                }
                Err(error) => return Err(failure::<A>(error)),
            }
        }
    }

    /// The answer that the same command was given before.
    async fn answered<A: Aggregate>(
        &self,
        id: &str,
        context: &CommandContext,
    ) -> Result<Option<Outcome>, CommandError> {
        let found: Option<(String, String, i64, i64)> = sqlx::query_as(
            "SELECT aggregate_type, aggregate_id, first_sequence, last_sequence FROM es.command_log WHERE command_id = $1",
        )
        .bind(&context.command_id)
        .fetch_optional(&self.pool)
        .await
        .map_err(store_failure)?;
        match found {
            None => Ok(None),
            Some((kind, stream, first_sequence, last_sequence)) if kind == A::TYPE && stream == id => {
                Ok(Some(Outcome { first_sequence, last_sequence, repeated: true }))
            }
            Some((kind, stream, ..)) => Err(CommandError::Store(
                format!(
                    "command id {:?} was used before, for {kind} {stream}: give each command its own",
                    context.command_id
                )
                .into(),
            )),
        }
    }

    async fn load<A: Aggregate>(&self, id: &str) -> Result<EventStoreAggregateContext<A>, CommandError> {
        let mut connection = self.pool.acquire().await.map_err(store_failure)?;
        load(&mut connection, id, None).await.map_err(store_failure)
    }
}

#[async_trait]
impl Commands for PgCommands {
    async fn order(&self, id: Uuid, command: OrderCommand, context: CommandContext) -> Result<Outcome, CommandError> {
        let creates = matches!(command, OrderCommand::Place { .. });
        self.execute::<Order>(Task { id, command, context, notice: None, creates }).await
    }

    async fn report(&self, id: Uuid, command: ReportCommand, context: CommandContext) -> Result<Outcome, CommandError> {
        let creates = matches!(command, ReportCommand::Request { .. });
        self.execute::<Report>(Task { id, command, context, notice: None, creates }).await
    }

    async fn reconciliation(
        &self,
        id: Uuid,
        command: ReconciliationCommand,
        context: CommandContext,
    ) -> Result<Outcome, CommandError> {
        self.execute::<Reconciliation>(Task { id, command, context, notice: None, creates: true }).await
    }

    async fn order_on_notice(
        &self,
        notice: Notice,
        id: Uuid,
        command: OrderCommand,
        context: CommandContext,
    ) -> Result<Outcome, CommandError> {
        self.execute::<Order>(Task { id, command, context, notice: Some(notice), creates: false }).await
    }

    async fn keep_notice(&self, notice: Notice, reason: &str) -> Result<bool, CommandError> {
        inbox::keep(&self.pool, &notice, None, reason).await.map_err(store_failure)
    }

    async fn load_order(&self, id: Uuid) -> Result<Order, CommandError> {
        Ok(self.load(&id.to_string()).await?.aggregate)
    }

    async fn load_report(&self, id: Uuid) -> Result<Report, CommandError> {
        Ok(self.load(&id.to_string()).await?.aggregate)
    }
}

fn empty<A: Aggregate>(id: &str) -> EventStoreAggregateContext<A> {
    let aggregate = A::default();
    EventStoreAggregateContext { aggregate_id: id.to_owned(), aggregate, current_sequence: 0, current_snapshot: None }
}

/// The fields of `domain::log::Metadata`, as the map that cqrs-es stores.
fn metadata(context: &CommandContext) -> HashMap<String, String> {
    let CommandContext { command_id, actor, correlation_id, causation_id, request_id } = context;
    let mut fields = HashMap::from([
        ("command_id".to_owned(), command_id.clone()),
        ("actor".to_owned(), actor.to_string()),
        ("correlation_id".to_owned(), correlation_id.clone()),
    ]);
    fields.extend(causation_id.clone().map(|id| ("causation_id".to_owned(), id)));
    fields.extend(request_id.clone().map(|id| ("request_id".to_owned(), id)));
    fields
}

/// Between 5 ms and a bound that doubles from 10 ms to 80 ms: writers that met once should not meet again.
fn jitter(conflicts: u32) -> Duration {
    let bound = 80.min(5 << conflicts);
    let chance = SysRng.try_next_u64().unwrap_or(bound);
    Duration::from_millis(5 + chance % (bound - 4))
}

fn failure<A: Aggregate>(error: AggregateError<A::Error>) -> CommandError
where
    CommandError: From<A::Error>,
{
    match error {
        AggregateError::UserError(refusal) => refusal.into(),
        AggregateError::AggregateConflict => CommandError::Store("a read cannot conflict".into()),
        AggregateError::DatabaseConnectionError(cause)
        | AggregateError::DeserializationError(cause)
        | AggregateError::UnexpectedError(cause) => CommandError::Store(cause),
    }
}

fn store_failure(error: impl std::error::Error + Send + Sync + 'static) -> CommandError {
    CommandError::Store(Box::new(error))
}
