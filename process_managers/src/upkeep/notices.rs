//! Messages that came before their order was known: read again until it is, for three days.

use chrono::TimeDelta;
use domain::{
    command::{Actor, CommandError},
    order::OrderCommand,
    ports::{Notice, PaymentNews, Waiting},
};
use uuid::Uuid;

use super::context;
use crate::{JobFailure, Ports};

/// Messages taken from the inbox at once.
const PAGE: u32 = 200;
/// An order that is not known by then will never be.
const PATIENCE: TimeDelta = TimeDelta::days(3);

/// What a round did with the messages that waited.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reread {
    pub handled: u32,
    pub waiting: u32,
    pub given_up: u32,
}

/// A message told an order something: its command, and what tells several commands of one message apart.
struct Told {
    order: Uuid,
    command: OrderCommand,
    part: Option<String>,
}

/// Reads every waiting message once more. One that cannot be handled now waits on, and keeps none of the others.
///
/// # Errors
/// When the inbox cannot be read or written.
pub async fn reread(ports: &Ports) -> Result<Reread, JobFailure> {
    let oldest = ports.clock.now() - PATIENCE;
    let mut done = Reread::default();
    let mut after: Option<Waiting> = None;
    loop {
        let page = ports.notices.waiting(after.as_ref(), PAGE).await?;
        for waiting in &page {
            let Waiting { notice, since } = waiting;
            let Notice { source, message_id, kind, .. } = notice;
            match handle(ports, notice).await {
                Ok(Some(outcome)) => {
                    ports.notices.settle(source, message_id, outcome).await?;
                    done.handled += 1;
                    tracing::info!(source, message_id, kind, outcome, "a message found its order");
                }
                Ok(None) if *since < oldest => {
                    ports.notices.settle(source, message_id, "given_up").await?;
                    done.given_up += 1;
                    metrics::counter!("lobster_notices_given_up_total", "source" => *source).increment(1);
                    tracing::error!(source, message_id, kind, "a message of {source} is about no order of ours");
                }
                Ok(None) => done.waiting += 1,
                Err(error) => {
                    done.waiting += 1;
                    tracing::warn!(source, message_id, kind, %error, "a waiting message could not be handled yet");
                }
            }
        }
        match page.last() {
            Some(last) => after = Some(last.clone()),
            None => break,
        }
    }
    metrics::gauge!("lobster_notices_waiting").set(f64::from(done.waiting));
    Ok(done)
}

/// Carries out what a message says, once its order is known; the outcome to note, or none while it is not.
async fn handle(ports: &Ports, notice: &Notice) -> Result<Option<&'static str>, JobFailure> {
    let told = match notice.source {
        "stripe" => about_money(ports, notice).await?,
        _ => about_mail(ports, notice).await?,
    };
    let Some(told) = told else { return Ok(None) };
    if told.is_empty() {
        return Ok(Some("noted"));
    }
    let mut outcome = "handled";
    for Told { order, command, part } in told {
        let id = format!("{}:{}", notice.source, notice.message_id);
        let command_id = part.map_or_else(|| id.clone(), |part| format!("{id}:{part}"));
        let actor = if notice.source == "stripe" { Actor::Stripe } else { Actor::Brevo };
        let context = domain::command::CommandContext { actor, causation_id: Some(id), ..context(order, command_id) };
        match ports.commands.order(order, command, context).await {
            Ok(_) => {}
            Err(CommandError::Order(refusal)) => {
                tracing::warn!(%order, message_id = notice.message_id, %refusal, "a message was refused by its order");
                outcome = "refused_by_order";
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(Some(outcome))
}

/// None: the order of this money is not known yet.
async fn about_money(ports: &Ports, notice: &Notice) -> Result<Option<Vec<Told>>, JobFailure> {
    let whole = |order, command| vec![Told { order, command, part: None }];
    Ok(match ports.payment_webhooks.reread(&notice.body) {
        PaymentNews::Session { order, news, .. } => {
            Some(news.command().map(|command| whole(order, command)).unwrap_or_default())
        }
        PaymentNews::Refund { refund, .. } => ports
            .orders
            .by_payment(&refund.payment)
            .await?
            .map(|order| whole(order, OrderCommand::RecordRefund(refund))),
        PaymentNews::Refunded { payment, .. } => match ports.orders.by_payment(&payment).await? {
            None => None,
            Some(order) => {
                let known = ports.payments.refunds(&payment).await?;
                let told = |refund: domain::order::RefundNotice| Told {
                    order,
                    part: Some(refund.refund.clone()),
                    command: OrderCommand::RecordRefund(refund),
                };
                Some(known.into_iter().map(told).collect())
            }
        },
        PaymentNews::Dispute { dispute, .. } => match &dispute.payment {
            None => None,
            Some(payment) => {
                ports.orders.by_payment(payment).await?.map(|order| whole(order, OrderCommand::RecordDispute(dispute)))
            }
        },
        PaymentNews::Noted { .. } => Some(vec![]),
    })
}

/// None: no order is known to have sent this mail.
async fn about_mail(ports: &Ports, notice: &Notice) -> Result<Option<Vec<Told>>, JobFailure> {
    let mut told = Vec::new();
    for news in ports.mail_webhooks.reread(&notice.body) {
        let Some(command) = news.command() else { continue };
        let Some(order) = ports.orders.by_mail(&news.message_id).await? else { return Ok(None) };
        told.push(Told { order, command, part: None });
    }
    Ok(Some(told))
}
