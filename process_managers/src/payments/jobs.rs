//! The jobs about money. Each looks first at what is known, here and at the vendor's, and ends with a command.

use domain::{
    command::CommandError,
    identity,
    order::{OrderCommand, OrderError, RefundNotice, RefundReason, RefundState},
    ports::{PortError, RefundRequest},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{JobFailure, Ports, Task};

/// One unit of work of this policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Job {
    /// Money that the order did not need any more.
    ReturnPayment {
        session: String,
        payment: String,
    },
    Refund {
        refund: Uuid,
        payment: String,
        amount_cents: i64,
        reason: RefundReason,
    },
    CloseCheckout {
        session: String,
    },
}

impl Job {
    /// The job's name in logs, metrics and command ids.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::ReturnPayment { .. } => "return_payment",
            Self::Refund { .. } => "refund",
            Self::CloseCheckout { .. } => "close_checkout",
        }
    }

    /// How often it is tried, with growing pauses, before a person has to look.
    #[must_use]
    pub fn max_attempts(&self) -> i32 {
        match self {
            Self::ReturnPayment { .. } => 25,
            // Ten hours: whoever waits for money is told within the day.
            Self::Refund { .. } => 11,
            // A page closes by itself after a day.
            Self::CloseCheckout { .. } => 13,
        }
    }

    pub(crate) async fn act(&self, ports: &Ports, task: &Task) -> Result<(), JobFailure> {
        match self {
            Self::ReturnPayment { session, payment } => return_payment(ports, task, session, payment).await,
            Self::Refund { refund, payment, amount_cents, reason } => {
                let (order, payment) = (task.order, payment.clone());
                let request =
                    RefundRequest { order, refund: *refund, payment, amount_cents: *amount_cents, reason: *reason };
                make_refund(ports, task, &request).await
            }
            Self::CloseCheckout { session } => close_checkout(ports, task, session).await,
        }
    }

    /// Ends the last failed attempt in an event, where there is one for it; then true.
    pub(crate) async fn give_up(&self, ports: &Ports, task: &Task) -> Result<bool, JobFailure> {
        let Self::Refund { refund, .. } = self else { return Ok(false) };
        refuse(ports, task, *refund, "unreachable").await?;
        Ok(true)
    }
}

async fn return_payment(ports: &Ports, task: &Task, session: &str, payment: &str) -> Result<(), JobFailure> {
    let request = OrderCommand::RequestRefund {
        refund: identity::return_of(task.order, session),
        payment: Some(payment.to_owned()),
        amount_cents: None,
        reason: RefundReason::Duplicate,
    };
    match ports.commands.order(task.order, request, task.context("request")).await {
        // Somebody was faster, at the vendor's or here: nothing of it is left with us.
        Err(CommandError::Order(OrderError::TooMuch { left_cents, .. })) if left_cents <= 0 => Ok(()),
        asked => asked.map(|_| ()).map_err(Into::into),
    }
}

/// The vendor forgets keys after a day, and attempts go on for hours: what it already knows is looked at before it is
/// asked, so that no lost answer is paid for twice.
async fn make_refund(ports: &Ports, task: &Task, request: &RefundRequest) -> Result<(), JobFailure> {
    if !awaited(ports, task, request.refund).await? {
        return Ok(());
    }
    record_known(ports, task, &request.payment).await?;
    if !awaited(ports, task, request.refund).await? {
        return Ok(());
    }
    match ports.payments.refund(request).await {
        Ok(notice) => record(ports, task, RefundNotice { request: Some(request.refund), ..notice }).await,
        Err(error) if error.is_transient() => Err(error.into()),
        Err(error) => {
            tracing::error!(order = %task.order, refund = %request.refund, %error, "a refund was refused");
            // Perhaps somebody gave the money back by hand, between our look and our question.
            record_known(ports, task, &request.payment).await?;
            refuse(ports, task, request.refund, error.code()).await
        }
    }
}

async fn awaited(ports: &Ports, task: &Task, refund: Uuid) -> Result<bool, JobFailure> {
    Ok(ports.commands.load_order(task.order).await?.awaits_refund(refund))
}

/// Records every refund of the payment that the vendor knows, by whomever it was asked.
async fn record_known(ports: &Ports, task: &Task, payment: &str) -> Result<(), JobFailure> {
    for notice in ports.payments.refunds(payment).await? {
        record(ports, task, notice).await?;
    }
    Ok(())
}

async fn record(ports: &Ports, task: &Task, notice: RefundNotice) -> Result<(), JobFailure> {
    let state = if notice.state == RefundState::Going { "going" } else { "failed" };
    let context = task.context(&format!("{}:{state}", notice.refund));
    ports.commands.order(task.order, OrderCommand::RecordRefund(notice), context).await?;
    Ok(())
}

async fn refuse(ports: &Ports, task: &Task, refund: Uuid, reason: &str) -> Result<(), JobFailure> {
    let refuse = OrderCommand::RefuseRefund { refund, reason: reason.to_owned() };
    ports.commands.order(task.order, refuse, task.context("refused")).await?;
    Ok(())
}

/// It may have been paid in the meantime: then that is told, held, and goes back.
async fn close_checkout(ports: &Ports, task: &Task, session: &str) -> Result<(), JobFailure> {
    let news = match ports.payments.close_checkout(session).await {
        Err(PortError::Missing { .. }) => {
            tracing::error!(order = %task.order, session, "the payment page of a cancelled order is not at the vendor's");
            return Ok(());
        }
        closed => closed?,
    };
    if let Some(command) = news.command() {
        ports.commands.order(task.order, command, task.context(news.state.name())).await?;
    }
    Ok(())
}
