//! Random histories, lived through the real commands: what an aggregate refuses simply did not happen.

use chrono::DateTime;
use domain::identity;
use domain::order::{DisputeNotice, MailStatus, OrderCommand, PaymentNotice, RefundNotice, RefundState};
use domain::ports::Commands as _;
use domain::report::{ErrorClass, ReportCommand, Step};
use proptest::prelude::*;
use uuid::Uuid;

use crate::event_store_world::{World, context, mail, open, order, place};

/// Something that is tried on one of a few orders.
#[derive(Debug, Clone)]
pub struct Act {
    order: u128,
    what: u8,
    /// Of the session, payment, refund or dispute.
    n: u8,
    flag: bool,
}

/// Kinds of acts, see [`command`].
const KINDS: u8 = 16;

pub fn history() -> impl Strategy<Value = Vec<Act>> {
    let act =
        (0..6_u128, 0..KINDS, 1..4_u8, any::<bool>()).prop_map(|(order, what, n, flag)| Act { order, what, n, flag });
    // Every order begins, so that the rest has something to act on.
    proptest::collection::vec(act, 60..90).prop_map(|acts| {
        let begin = |what| (0..6).map(move |order| Act { order, what, n: 1, flag: false });
        begin(0).chain(begin(1)).chain(begin(2).take(4)).chain(acts).collect()
    })
}

/// Lives through a history; its orders have the numbers after `first`.
pub async fn live(world: &World, first: u128, acts: &[Act]) {
    for (n, act) in acts.iter().enumerate() {
        let id = order(first + act.order);
        let context = context(id, &format!("{id}:{n}"));
        // A refusal is part of life.
        let _ = match command(id, act) {
            Asked::Order(command) => world.commands.order(id, command, context).await,
            Asked::Report(command) => world.commands.report(identity::report_id(id, 1), command, context).await,
        };
    }
}

/// What an act asks, and of which aggregate.
enum Asked {
    Order(OrderCommand),
    Report(ReportCommand),
}

fn command(id: Uuid, act: &Act) -> Asked {
    let Act { n, flag, .. } = act;
    let (session, payment, message) = (format!("cs_{id}_{n}"), format!("pi_{id}_{n}"), format!("<{id}.{n}>"));
    let report = identity::report_id(id, 1);
    Asked::Order(match act.what {
        0 => place(),
        1 => open(&session, u32::from(*n)),
        2 => OrderCommand::ConfirmPayment(PaymentNotice {
            session,
            payment: Some(payment),
            paid_cents: if *flag { 1 } else { 34_800 },
            currency: "eur".to_owned(),
            livemode_expected: true,
            reference_matches: true,
        }),
        3 => OrderCommand::ExpireCheckout { session },
        4 => OrderCommand::AwaitPayment { session, payment: Some(payment) },
        5 => OrderCommand::RecordPaymentFailure { session },
        6 => OrderCommand::Cancel { by: "customer".to_owned() },
        7 => OrderCommand::RecordRefund(RefundNotice {
            refund: format!("re_{id}_{n}"),
            request: None,
            payment,
            amount_cents: if *flag { 1_000 } else { 34_800 },
            currency: "eur".to_owned(),
            state: if *flag { RefundState::Failed("lost".to_owned()) } else { RefundState::Going },
        }),
        8 => OrderCommand::RecordDispute(DisputeNotice {
            dispute: format!("du_{id}_{n}"),
            payment: Some(payment),
            amount_cents: 34_800,
            currency: "eur".to_owned(),
            reason: "general".to_owned(),
            outcome: flag.then(|| "lost".to_owned()),
        }),
        9 => OrderCommand::Deliver { report, version: 1 },
        10 => OrderCommand::IssueDownloadLink { number: u32::from(*n), expires_at: DateTime::UNIX_EPOCH },
        11 => mail(&message),
        12 => OrderCommand::RecordEmailBounced { message_id: message, reason: "full".to_owned() },
        13 => OrderCommand::RecordEmailStatus { message_id: message, status: MailStatus::Delivered },
        14 => {
            let (study, commune) = ("LOG-01".to_owned(), "44109".to_owned());
            return Asked::Report(ReportCommand::Request { order: id, version: 1, study, commune });
        }
        _ if *flag => OrderCommand::AcceptPayment,
        _ => {
            let (step, class) = (Step::Collect, ErrorClass::Transient);
            return Asked::Report(ReportCommand::RecordFailure { step, class, attempt: 1 });
        }
    })
}
