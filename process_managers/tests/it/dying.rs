//! A process that dies once, between what it did outside and the command that would have told.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use domain::{
    command::{CommandContext, CommandError, Outcome},
    order::{Order, OrderCommand},
    ports::{Commands, Notice},
    reconciliation::ReconciliationCommand,
    report::{Report, ReportCommand},
};
use uuid::Uuid;

/// Fails the first command of this name; all others reach the log.
pub struct Dying {
    inner: Arc<dyn Commands>,
    at: &'static str,
    died: AtomicBool,
}

impl Dying {
    pub fn at(at: &'static str, inner: Arc<dyn Commands>) -> Arc<Self> {
        Arc::new(Self { inner, at, died: AtomicBool::new(false) })
    }

    pub fn has_died(&self) -> bool {
        self.died.load(Ordering::SeqCst)
    }

    fn dies(&self, name: &str) -> Result<(), CommandError> {
        if name == self.at && !self.died.swap(true, Ordering::SeqCst) {
            return Err(CommandError::Store("the process died here".into()));
        }
        Ok(())
    }
}

#[async_trait]
impl Commands for Dying {
    async fn order(&self, id: Uuid, command: OrderCommand, context: CommandContext) -> Result<Outcome, CommandError> {
        self.dies(command.name())?;
        self.inner.order(id, command, context).await
    }

    async fn report(&self, id: Uuid, command: ReportCommand, context: CommandContext) -> Result<Outcome, CommandError> {
        self.dies(command.name())?;
        self.inner.report(id, command, context).await
    }

    async fn reconciliation(
        &self,
        id: Uuid,
        command: ReconciliationCommand,
        context: CommandContext,
    ) -> Result<Outcome, CommandError> {
        self.dies("reconciliation")?;
        self.inner.reconciliation(id, command, context).await
    }

    async fn order_on_notice(
        &self,
        notice: Notice,
        id: Uuid,
        command: OrderCommand,
        context: CommandContext,
    ) -> Result<Outcome, CommandError> {
        self.dies(command.name())?;
        self.inner.order_on_notice(notice, id, command, context).await
    }

    async fn keep_notice(&self, notice: Notice, reason: &str) -> Result<bool, CommandError> {
        self.inner.keep_notice(notice, reason).await
    }

    async fn load_order(&self, id: Uuid) -> Result<Order, CommandError> {
        self.inner.load_order(id).await
    }

    async fn load_report(&self, id: Uuid) -> Result<Report, CommandError> {
        self.inner.load_report(id).await
    }
}
