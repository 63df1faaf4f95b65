//! Opening and closing: one event at a time, over the open cases it may concern.

use std::collections::BTreeMap;

use anyhow::Context as _;
use domain::identity::case_id;
use domain::log::Recorded;
use domain::order::{MailStatus, OrderEvent};
use domain::reconciliation::ReconciliationEvent;
use serde_json::json;
use uuid::Uuid;

use super::query::{Paid, SupportCase};

/// Open cases by id, and what the orders at hand were paid with.
#[derive(Default)]
pub(super) struct Book {
    pub cases: BTreeMap<Uuid, SupportCase>,
    pub paid: BTreeMap<Uuid, Paid>,
}

impl Book {
    pub fn order(&mut self, recorded: &Recorded, event: &OrderEvent) {
        let order = recorded.aggregate_id;
        match event {
            OrderEvent::PaymentHeld { session, payment, paid_cents, currency, reason } => {
                let case = self.open(recorded, Some(order), "payment_held", payment.as_ref().unwrap_or(session));
                case.detail = json!({"session": session, "payment": payment, "paid_cents": paid_cents,
                                     "currency": currency, "reason": reason});
                case.owed_cents = *paid_cents;
                self.close(recorded, |case| case.tells_of(order, "reconciliation", session));
            }
            OrderEvent::OrderPaid { session, payment, paid_cents, .. } => {
                if let Some(payment) = payment {
                    let paid =
                        Paid { order_id: order, payment: payment.clone(), paid_cents: *paid_cents, refunded_cents: 0 };
                    self.paid.insert(order, paid);
                }
                // A person took the held money.
                self.close(recorded, |case| case.tells_of(order, "payment_held", session));
                self.close(recorded, |case| case.tells_of(order, "reconciliation", session));
            }
            OrderEvent::OrderFailed { step, .. } => {
                // Whoever looked why it takes so long looks at that now.
                self.close(recorded, |case| case.order_id == Some(order) && case.kind == "order_overdue");
                self.open_unserved(recorded, "order_failed").detail = json!({"step": step});
            }
            OrderEvent::OrderOverdue { minutes } => {
                self.open_unserved(recorded, "order_overdue").detail = json!({"minutes": minutes});
            }
            OrderEvent::OrderDelivered { .. } => {
                self.close(recorded, |case| case.order_id == Some(order) && case.kind == "order_overdue");
            }
            OrderEvent::RefundFailed { refund, payment, amount_cents, currency, reason, .. } => {
                let case = self.open(recorded, Some(order), "refund_failed", payment);
                case.detail =
                    json!({"refund": refund, "amount_cents": amount_cents, "currency": currency, "reason": reason});
                case.owed_cents = *amount_cents;
            }
            OrderEvent::OrderRefunded { payment, amount_cents, .. } => {
                if let Some(paid) = self.paid.get_mut(&order).filter(|paid| paid.payment == *payment) {
                    paid.refunded_cents += amount_cents;
                }
                let owed = |case: &&mut SupportCase| {
                    case.is_open() && case.order_id == Some(order) && case.about == *payment && case.owed_cents > 0
                };
                for case in self.cases.values_mut().filter(owed) {
                    case.returned_cents += amount_cents;
                }
                self.close(recorded, |case| case.owed_cents > 0 && case.returned_cents >= case.owed_cents);
            }
            OrderEvent::DisputeOpened { dispute, payment, amount_cents, currency, reason } => {
                let case = self.open(recorded, Some(order), "dispute", dispute);
                case.detail =
                    json!({"payment": payment, "amount_cents": amount_cents, "currency": currency, "reason": reason});
            }
            OrderEvent::DisputeClosed { dispute, .. } => {
                self.close(recorded, |case| case.order_id == Some(order) && case.is("dispute", dispute));
            }
            OrderEvent::DeliveryEmailBounced { message_id, reason } => {
                self.open(recorded, Some(order), "mail_bounced", message_id).detail = json!({"reason": reason});
            }
            OrderEvent::DeliveryEmailFailed { kind, reason } => {
                self.open(recorded, Some(order), "mail_failed", kind).detail = json!({"reason": reason});
            }
            OrderEvent::DeliveryEmailTracked { message_id, status: MailStatus::Complained } => {
                self.open(recorded, Some(order), "mail_complained", message_id);
            }
            // The customer has a way to the report after all.
            OrderEvent::DeliveryEmailTracked { status: MailStatus::Delivered, .. } => {
                self.close(recorded, |case| case.order_id == Some(order) && case.is_lost_mail());
            }
            OrderEvent::DownloadLinkIssued { number, .. } if *number > 1 => {
                self.close(recorded, |case| case.order_id == Some(order) && case.is_lost_mail());
            }
            OrderEvent::NoteAdded { closes: Some(closed), .. } => {
                self.close(recorded, |case| case.case_id == *closed);
            }
            OrderEvent::OrderPlaced { .. }
            | OrderEvent::CheckoutOpened { .. }
            | OrderEvent::CheckoutExpired { .. }
            | OrderEvent::PaymentInitiated { .. }
            | OrderEvent::PaymentFailed { .. }
            | OrderEvent::DownloadLinkIssued { .. }
            | OrderEvent::DeliveryEmailSent { .. }
            | OrderEvent::DeliveryEmailTracked { status: MailStatus::Deferred | MailStatus::Unsubscribed, .. }
            | OrderEvent::RefundRequested { .. }
            | OrderEvent::OrderCancelled { .. }
            | OrderEvent::VendorCallRetried { .. }
            | OrderEvent::NoteAdded { closes: None, .. } => {}
        }
    }

    /// Days overlap, so that a difference is found again: it has one case until it is put right.
    pub fn reconciliation(&mut self, recorded: &Recorded, event: &ReconciliationEvent) -> anyhow::Result<()> {
        let ReconciliationEvent::PaymentsReconciled { differences, .. } = event;
        for found in differences {
            let kind = serde_json::to_value(found.kind)?;
            let kind = kind.as_str().context("the kind of a difference is a word")?;
            let about = format!("{kind}:{}", found.session);
            if found.repaired {
                self.close(recorded, |case| case.is("reconciliation", &about));
            } else if !self.cases.values().any(|case| case.is_open() && case.is("reconciliation", &about)) {
                let case = self.open(recorded, found.order, "reconciliation", &about);
                case.detail = json!({"difference": kind, "session": found.session});
            }
        }
        Ok(())
    }

    /// The customer has paid and has nothing for it: giving the money back settles that.
    fn open_unserved(&mut self, recorded: &Recorded, kind: &str) -> &mut SupportCase {
        let order = recorded.aggregate_id;
        let paid = self.paid.get(&order).cloned();
        let about = paid.as_ref().map_or("", |paid| paid.payment.as_str());
        let case = self.open(recorded, Some(order), kind, about);
        case.owed_cents = paid.map_or(0, |paid| paid.paid_cents - paid.refunded_cents);
        case
    }

    fn open(&mut self, recorded: &Recorded, order_id: Option<Uuid>, kind: &str, about: &str) -> &mut SupportCase {
        let case_id = case_id(recorded.event_id, about);
        self.cases.entry(case_id).or_insert(SupportCase {
            case_id,
            order_id,
            kind: kind.to_owned(),
            about: about.to_owned(),
            detail: json!({}),
            owed_cents: 0,
            returned_cents: 0,
            opened_at: recorded.recorded_at,
            opened_position: recorded.position,
            closed_at: None,
            closed_by: None,
            closed_position: None,
        })
    }

    fn close(&mut self, recorded: &Recorded, ended: impl Fn(&SupportCase) -> bool) {
        for case in self.cases.values_mut().filter(|case| case.is_open() && ended(case)) {
            case.closed_at = Some(recorded.recorded_at);
            case.closed_by = Some(recorded.event.name().to_owned());
            case.closed_position = Some(recorded.position);
        }
    }
}
