//! How a story is told: commands in the envelopes that the product gives them, and the names that go with an order.

use anyhow::Context as _;
use domain::{
    command::{Actor, CommandContext},
    order::OrderCommand,
    ports::{Commands as _, Notice},
    report::ReportCommand,
};
use process_managers::{Job, Task, fulfilment::Job as Making};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::story::{MARK, Story};

impl Story<'_> {
    /// A step of the fulfilment that ends in the report's story; the event it ends with.
    pub(super) async fn made(&self, job: Making, cause: Uuid, n: &str, command: ReportCommand) -> anyhow::Result<Uuid> {
        let context = self.by_policy(Job::Fulfilment(job), cause, n);
        let outcome = self.maker.commands.report(self.report, command, context).await?;
        self.event("report", self.report, outcome.last_sequence).await
    }

    /// A step of a policy that ends in the order's story; the event it ends with.
    pub(super) async fn ordered(&self, job: Job, cause: Uuid, n: &str, command: OrderCommand) -> anyhow::Result<Uuid> {
        self.order(command, self.by_policy(job, cause, n)).await
    }

    pub(super) async fn order(&self, command: OrderCommand, context: CommandContext) -> anyhow::Result<Uuid> {
        let outcome = self.maker.commands.order(self.id, command, context).await?;
        self.event("order", self.id, outcome.last_sequence).await
    }

    /// News from a vendor, kept in the inbox as real news are.
    pub(super) async fn notice(
        &self,
        actor: Actor,
        kind: &str,
        n: &str,
        command: OrderCommand,
    ) -> anyhow::Result<Uuid> {
        let source = if actor == Actor::Brevo { "brevo" } else { "stripe" };
        let message_id = format!("evt_seed_{}_{n}", self.id.simple());
        let context = self.asked(format!("{source}:{message_id}"), actor, Some(format!("{source}:{message_id}")));
        let body = format!(r#"{{"id":"{message_id}","type":"{kind}"}}"#).into_bytes();
        let notice = Notice { source, message_id, kind: kind.to_owned(), body };
        let outcome = self.maker.commands.order_on_notice(notice, self.id, command, context).await?;
        self.event("order", self.id, outcome.last_sequence).await
    }

    async fn event(&self, stream: &str, id: Uuid, sequence: i64) -> anyhow::Result<Uuid> {
        let found: Option<Uuid> = sqlx::query_scalar(
            "SELECT event_id FROM es.events WHERE aggregate_type = $1 AND aggregate_id = $2 AND sequence = $3",
        )
        .bind(stream)
        .bind(id.to_string())
        .bind(sequence)
        .fetch_optional(&self.maker.pool)
        .await?;
        found.with_context(|| format!("the {stream} {id} took a command and has no event {sequence}"))
    }

    pub(super) fn asked(&self, command_id: String, actor: Actor, causation_id: Option<String>) -> CommandContext {
        let request_id = Some(MARK.to_owned());
        CommandContext { command_id, actor, correlation_id: self.id.to_string(), causation_id, request_id }
    }

    fn by_policy(&self, job: Job, cause: Uuid, n: &str) -> CommandContext {
        let task = Task { job, order: self.id, cause, at: self.now };
        CommandContext { request_id: Some(MARK.to_owned()), ..task.context(n) }
    }

    pub(super) fn session(&self, attempt: u32) -> String {
        format!("cs_test_seed_{}_{attempt}", self.id.simple())
    }

    pub(super) fn payment(&self) -> String {
        format!("pi_seed_{}", self.id.simple())
    }

    pub(super) fn digest(&self, what: &str) -> String {
        hex::encode(Sha256::digest(format!("{what} of {}", self.id)))
    }

    pub(super) fn derived(&self, what: &str) -> Uuid {
        Uuid::new_v5(&self.id, what.as_bytes())
    }
}
