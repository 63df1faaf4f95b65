//! A log and policies that die where they are told to, around the real ones.

use std::sync::Arc;

use async_trait::async_trait;
use domain::{
    command::{CommandContext, CommandError, Outcome},
    log::Recorded,
    order::{Order, OrderCommand},
    ports::{Commands, Notice},
    reconciliation::ReconciliationCommand,
    report::{Report, ReportCommand},
};
use projections::{Projector, Start};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::sim::state::Shared;

pub struct MortalCommands {
    pub inner: Arc<dyn Commands>,
    pub world: Shared,
}

#[async_trait]
impl Commands for MortalCommands {
    async fn order(&self, id: Uuid, command: OrderCommand, context: CommandContext) -> Result<Outcome, CommandError> {
        let place = format!("append {}", command.name());
        self.world.around(&place, self.inner.order(id, command, context)).await
    }

    async fn report(&self, id: Uuid, command: ReportCommand, context: CommandContext) -> Result<Outcome, CommandError> {
        let place = format!("append {}", command.name());
        self.world.around(&place, self.inner.report(id, command, context)).await
    }

    async fn reconciliation(
        &self,
        id: Uuid,
        command: ReconciliationCommand,
        context: CommandContext,
    ) -> Result<Outcome, CommandError> {
        self.inner.reconciliation(id, command, context).await
    }

    async fn order_on_notice(
        &self,
        notice: Notice,
        id: Uuid,
        command: OrderCommand,
        context: CommandContext,
    ) -> Result<Outcome, CommandError> {
        let place = format!("inbox {}", command.name());
        self.world.around(&place, self.inner.order_on_notice(notice, id, command, context)).await
    }

    async fn keep_notice(&self, notice: Notice, reason: &str) -> Result<bool, CommandError> {
        self.inner.keep_notice(notice, reason).await
    }

    async fn load_order(&self, id: Uuid) -> Result<Order, CommandError> {
        self.world.around("load order", self.inner.load_order(id)).await
    }

    async fn load_report(&self, id: Uuid) -> Result<Report, CommandError> {
        self.world.around("load report", self.inner.load_report(id)).await
    }
}

/// Dies within the transaction of its checkpoint, before or after its jobs are in the queue.
pub struct MortalPolicy<P> {
    pub inner: P,
    pub world: Shared,
}

impl<P: Projector> Projector for MortalPolicy<P> {
    const NAME: &'static str = P::NAME;
    const VERSION: i32 = P::VERSION;
    const START: Start = P::START;

    async fn apply(&self, tx: &mut PgConnection, batch: &[Recorded]) -> anyhow::Result<()> {
        let place = format!("enqueue {}", P::NAME);
        self.world.around(&place, self.inner.apply(tx, batch)).await
    }
}
