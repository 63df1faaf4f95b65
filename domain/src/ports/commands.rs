//! The way to the aggregates: a command in, its outcome out, exactly once per command id.

use async_trait::async_trait;
use uuid::Uuid;

use crate::{
    command::{CommandContext, CommandError, Outcome},
    order::{Order, OrderCommand},
    reconciliation::ReconciliationCommand,
    report::{Report, ReportCommand},
};

/// A message from outside, as it came: kept for ever by id, its body for 90 days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// `stripe` or `brevo`.
    pub source: &'static str,
    /// The sender's id of the message; the same id is never handled twice.
    pub message_id: String,
    /// The message's own type, e.g. `checkout.session.completed`.
    pub kind: String,
    pub body: Vec<u8>,
}

/// Executes commands on fresh state, retrying when another writer was faster.
#[async_trait]
pub trait Commands: Send + Sync {
    /// # Errors
    /// A refusal of the aggregate, a lasting conflict, or the store's failure; in each case nothing was written.
    async fn order(&self, id: Uuid, command: OrderCommand, context: CommandContext) -> Result<Outcome, CommandError>;

    /// # Errors
    /// As for [`Commands::order`].
    async fn report(&self, id: Uuid, command: ReportCommand, context: CommandContext) -> Result<Outcome, CommandError>;

    /// # Errors
    /// As for [`Commands::order`].
    async fn reconciliation(
        &self,
        id: Uuid,
        command: ReconciliationCommand,
        context: CommandContext,
    ) -> Result<Outcome, CommandError>;

    /// Stores the notice and executes its command in one transaction; a notice seen before is answered as repeated.
    ///
    /// # Errors
    /// As for [`Commands::order`]; the notice is then not stored either.
    async fn order_on_notice(
        &self,
        notice: Notice,
        id: Uuid,
        command: OrderCommand,
        context: CommandContext,
    ) -> Result<Outcome, CommandError>;

    /// Stores a notice that calls for no command, with the reason; false when it was there before.
    ///
    /// # Errors
    /// When the store cannot answer.
    async fn keep_notice(&self, notice: Notice, reason: &str) -> Result<bool, CommandError>;

    /// The state of an order, folded from its events; `Order::default()` when there is none.
    ///
    /// # Errors
    /// When the store cannot answer.
    async fn load_order(&self, id: Uuid) -> Result<Order, CommandError>;

    /// The state of a report, folded from its events.
    ///
    /// # Errors
    /// When the store cannot answer.
    async fn load_report(&self, id: Uuid) -> Result<Report, CommandError>;
}
