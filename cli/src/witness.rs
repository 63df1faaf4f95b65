//! Tells on an order's history which calls to vendors had to be made again: a slow order explains itself, and support has
//! the vendors' request ids at hand.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{
    command::{Actor, CommandContext},
    order::{OrderCommand, RefundNotice},
    ports::{Checkout, CheckoutRequest, Commands, Ids, Payments, PortError, RefundRequest, SessionNews},
};
use infra::http::{Retried, watched};
use uuid::Uuid;

/// Where repeated calls are told.
#[derive(Clone)]
pub struct Witness {
    pub commands: Arc<dyn Commands>,
    pub ids: Arc<dyn Ids>,
}

impl Witness {
    /// Runs `work`, then tells what it had to repeat. What cannot be told is in the log file all the same: the work itself
    /// must not fail for it.
    pub async fn over<T>(&self, order: Uuid, work: impl Future<Output = T>) -> T {
        let (result, retried) = watched(work).await;
        for Retried { service, operation, failures } in retried {
            let (service, operation) = (service.to_owned(), operation.to_owned());
            let told = OrderCommand::RecordRetries { service, operation, failures };
            if let Err(error) = self.commands.order(order, told, self.context(order)).await {
                tracing::warn!(%order, %error, "repeated calls could not be told on the order's history");
            }
        }
        result
    }

    fn context(&self, order: Uuid) -> CommandContext {
        CommandContext {
            command_id: format!("retries:{}", self.ids.next()),
            actor: Actor::System("witness".to_owned()),
            correlation_id: order.to_string(),
            causation_id: None,
            request_id: None,
        }
    }
}

/// Payments whose repeated calls are told on the order that they are about.
pub struct WatchedPayments {
    pub inner: Arc<dyn Payments>,
    pub witness: Witness,
}

#[async_trait]
impl Payments for WatchedPayments {
    async fn open_checkout(&self, request: &CheckoutRequest) -> Result<Checkout, PortError> {
        self.witness.over(request.order, self.inner.open_checkout(request)).await
    }

    async fn session(&self, session: &str) -> Result<SessionNews, PortError> {
        self.inner.session(session).await
    }

    async fn close_checkout(&self, session: &str) -> Result<SessionNews, PortError> {
        self.inner.close_checkout(session).await
    }

    async fn sessions(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<SessionNews>, PortError> {
        self.inner.sessions(from, to).await
    }

    async fn refund(&self, request: &RefundRequest) -> Result<RefundNotice, PortError> {
        self.inner.refund(request).await
    }

    async fn refunds(&self, payment: &str) -> Result<Vec<RefundNotice>, PortError> {
        self.inner.refunds(payment).await
    }
}
