//! An event and the row it changes.

use std::collections::BTreeMap;

use anyhow::Context as _;
use domain::log::Recorded;
use domain::order::{MailStatus, OrderEvent};
use sqlx::types::Json;
use uuid::Uuid;

use super::ledger::{Ledger, Refund, settle};
use super::query::OrderSummary;

pub(super) fn fold(
    rows: &mut BTreeMap<Uuid, OrderSummary>,
    recorded: &Recorded,
    event: &OrderEvent,
) -> anyhow::Result<()> {
    let order = recorded.aggregate_id;
    if let OrderEvent::OrderPlaced { commune, study, eligibility, dropped_pages, price, recipient, .. } = event {
        let recipient = serde_json::to_value(recipient)?.as_str().unwrap_or_default().to_owned();
        let eligibility = serde_json::to_value(eligibility)?.as_str().map(str::to_owned);
        let row = OrderSummary {
            order_id: order,
            status: "pending".to_owned(),
            study: study.clone(),
            commune: commune.clone(),
            recipient,
            eligibility,
            dropped_pages: Json(dropped_pages.clone()),
            ht_cents: price.ht_cents,
            vat_cents: price.vat_cents,
            ttc_cents: price.ttc_cents,
            vat_rate_bp: price.vat_rate_bp,
            currency: price.currency.clone(),
            placed_at: recorded.recorded_at,
            position: recorded.position,
            ledger: Json(Ledger { stage: "pending".to_owned(), ..Ledger::default() }),
            ..OrderSummary::default()
        };
        rows.insert(order, row);
        return Ok(());
    }
    let row = rows.get_mut(&order).with_context(|| format!("order {order} has {} but no summary", event.name()))?;
    row.position = recorded.position;
    change(row, recorded, event)?;
    settle(row);
    Ok(())
}

fn change(row: &mut OrderSummary, recorded: &Recorded, event: &OrderEvent) -> anyhow::Result<()> {
    match event {
        OrderEvent::OrderPlaced { .. } | OrderEvent::RefundRequested { .. } => {}
        OrderEvent::CheckoutOpened { session, url, attempt, .. } => {
            stage(row, "pending");
            row.session = Some(session.clone());
            row.payment_url = Some(url.clone());
            row.attempt = i32::try_from(*attempt)?;
        }
        OrderEvent::CheckoutExpired { session } => close_page(row, session),
        OrderEvent::PaymentInitiated { .. } => stage(row, "awaiting"),
        // The failure of a page that a newer one has replaced leaves the newer one open.
        OrderEvent::PaymentFailed { session } => close_page(row, session),
        OrderEvent::OrderPaid { payment, paid_cents, .. } => {
            stage(row, "paid");
            take(row, payment.as_ref(), *paid_cents);
            row.paid_at = Some(recorded.recorded_at);
        }
        // A second payment of a settled order is looked at without stopping the first.
        OrderEvent::PaymentHeld { .. } if !row.can_still_be_paid() => {}
        OrderEvent::PaymentHeld { payment, paid_cents, .. } => {
            stage(row, "held");
            take(row, payment.as_ref(), *paid_cents);
        }
        OrderEvent::OrderDelivered { report, version } => {
            stage(row, "delivered");
            row.report_id = Some(*report);
            row.report_version = Some(i32::try_from(*version)?);
            row.delivered_at = Some(recorded.recorded_at);
        }
        OrderEvent::DownloadLinkIssued { number, expires_at } => {
            row.link_number = i32::try_from(*number)?;
            row.link_issued_at = Some(recorded.recorded_at);
            row.link_expires_at = Some(*expires_at);
        }
        OrderEvent::DeliveryEmailSent { message_id, .. } => {
            row.mail_message = Some(message_id.clone());
            row.mail_state = Some("sent".to_owned());
        }
        OrderEvent::DeliveryEmailBounced { message_id, .. } => tell_mail(row, Some(message_id), "bounced"),
        OrderEvent::DeliveryEmailTracked { message_id, status } => {
            let state = match status {
                MailStatus::Deferred => "deferred",
                MailStatus::Delivered => "delivered",
                MailStatus::Unsubscribed => "unsubscribed",
                MailStatus::Complained => "complained",
            };
            tell_mail(row, Some(message_id), state);
        }
        OrderEvent::DeliveryEmailFailed { .. } => tell_mail(row, None, "failed"),
        OrderEvent::OrderFailed { report, .. } => {
            stage(row, "failed");
            row.report_id = Some(*report);
        }
        OrderEvent::OrderRefunded { refund, payment, amount_cents, .. } => {
            put_refund(row, refund, payment, *amount_cents, false);
        }
        OrderEvent::RefundFailed { refund: Some(refund), payment, amount_cents, .. } => {
            put_refund(row, refund, payment, *amount_cents, true);
        }
        // It never began: nothing had gone back.
        OrderEvent::RefundFailed { refund: None, .. } => {}
        OrderEvent::DisputeOpened { dispute, .. } => {
            row.ledger.disputes.insert(dispute.clone(), None);
        }
        OrderEvent::DisputeClosed { dispute, outcome } => {
            row.ledger.disputes.insert(dispute.clone(), Some(outcome.clone()));
        }
        OrderEvent::OrderCancelled { .. } => stage(row, "cancelled"),
        OrderEvent::OrderOverdue { .. } | OrderEvent::VendorCallRetried { .. } | OrderEvent::NoteAdded { .. } => {}
    }
    Ok(())
}

/// The order moves on; a payment page is of use to a pending order only, and [`change`] then gives its address.
fn stage(row: &mut OrderSummary, stage: &str) {
    row.ledger.stage = stage.to_owned();
    row.payment_url = None;
}

/// Nobody can pay on this page any more; another may be open.
fn close_page(row: &mut OrderSummary, session: &str) {
    if row.session.as_deref() == Some(session) {
        stage(row, "expired");
    }
}

/// The payment that pays the order, or is held for it.
fn take(row: &mut OrderSummary, payment: Option<&String>, paid_cents: i64) {
    row.payment = payment.cloned();
    row.paid_cents = paid_cents;
}

fn put_refund(row: &mut OrderSummary, refund: &str, payment: &str, amount_cents: i64, failed: bool) {
    let payment = payment.to_owned();
    row.ledger.refunds.insert(refund.to_owned(), Refund { payment, amount_cents, failed });
}

/// Weakest first: news of a mail come repeated and in any order, and the strongest holds.
const STRENGTH: [&str; 7] = ["sent", "deferred", "failed", "delivered", "unsubscribed", "complained", "bounced"];

/// What became of the latest mail; news of an older one say nothing of it, and a mail that was never sent has no id.
fn tell_mail(row: &mut OrderSummary, message_id: Option<&String>, state: &str) {
    let strength = |state: Option<&str>| state.and_then(|word| STRENGTH.iter().position(|known| *known == word));
    let about_latest = message_id.is_none_or(|id| row.mail_message.as_ref() == Some(id));
    if about_latest && strength(Some(state)) > strength(row.mail_state.as_deref()) {
        row.mail_state = Some(state.to_owned());
    }
}
