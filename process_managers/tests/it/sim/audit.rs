//! Reads the log and the vendors' ledgers after the last event, and knows nothing of the code that wrote them.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use domain::{
    log::{Event, Recorded},
    order::{HoldReason, OrderEvent as O},
    ports::SessionState,
    report::ReportEvent as R,
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{
    fault::Fault,
    outside::KEY_LIFETIME,
    shop::Shop,
    state::{State, Strike},
};
use crate::till::PRICE;

/// What a paid order may take; a look that fails is repeated within as long again.
const PROMISED: TimeDelta = TimeDelta::hours(1);

macro_rules! hold {
    ($condition:expr, $($told:tt)+) => {
        if !$condition {
            return Err(format!($($told)+));
        }
    };
}

/// What was seen, so that a run without any of it cannot pass for a proof.
#[derive(Debug, Default)]
pub struct Seen {
    pub delivered: usize,
    pub failed: usize,
    pub refunds: usize,
    pub mails_again: usize,
    pub strikes: usize,
    /// Orders that took longer than was promised.
    pub overdue: usize,
    /// Events that the upkeep found out by asking.
    pub asked_after: usize,
    /// Messages that waited for their order, and found it.
    pub reread: usize,
}

/// The first invariant that does not hold.
pub fn audit(shop: &Shop) -> Result<Seen, String> {
    let world = &*shop.world.lock();
    let mut seen = Seen { strikes: world.strikes.len(), ..Seen::default() };
    hold!(shop.left() == 0, "I9: {} jobs are left in the queue", shop.left());
    hold!(shop.dead.is_empty(), "I3: jobs died without a word: {:?}", shop.dead);
    hold!(world.waiting.is_empty(), "I1: messages wait for their order for ever: {:?}", world.waiting);
    hold!(world.settled.iter().all(|end| end == "handled"), "I1: messages found no order: {:?}", world.settled);
    seen.reread = world.settled.len();
    seen.asked_after = world.log.iter().filter(|recorded| recorded.metadata.actor.ends_with("upkeep")).count();
    let mut streams: BTreeMap<Uuid, Vec<&Recorded>> = BTreeMap::new();
    for (n, recorded) in world.log.iter().enumerate() {
        hold!(recorded.position == n as i64 + 1, "I6: position {} is not {}", recorded.position, n + 1);
        let stream = streams.entry(recorded.aggregate_id).or_default();
        stream.push(recorded);
        hold!(recorded.sequence == stream.len() as i64, "I6: a gap in {}", recorded.aggregate_id);
    }
    for (id, stream) in &streams {
        match &stream[0].event {
            Event::Order(_) => order(world, *id, stream, &mut seen)?,
            Event::Report(_) => report(world, *id, stream)?,
            Event::Reconciliation(_) => hold!(stream.len() == 1, "I7: run {id} is told {} times", stream.len()),
        }
    }
    mails(world, &mut seen)?;
    Ok(seen)
}

/// The life of an order, as a clerk would write it down.
fn order(world: &State, id: Uuid, stream: &[&Recorded], seen: &mut Seen) -> Result<(), String> {
    let (mut state, mut money, mut given) = ("none", BTreeMap::new(), BTreeMap::new());
    let (mut settled, mut links, mut mail_told, mut refund_failed) = (0, 0, 0, false);
    let (mut paid_at, mut late, mut ended_at) = (None, false, None);
    for recorded in stream {
        let Event::Order(event) = &recorded.event else { return Err(format!("{id} holds another stream's event")) };
        let name = event.name();
        let may = match event {
            O::OrderPlaced { .. } => state == "none",
            O::CheckoutOpened { .. } | O::CheckoutExpired { .. } | O::OrderCancelled { .. } => state == "placed",
            O::OrderPaid { .. } => state == "placed" && settled == 0,
            O::PaymentHeld { reason, .. } => {
                *reason == HoldReason::AlreadySettled && ["paid", "delivered", "failed", "cancelled"].contains(&state)
            }
            O::OrderDelivered { .. } | O::OrderFailed { .. } => state == "paid",
            O::DownloadLinkIssued { .. } => state == "delivered" && links == 0,
            O::DeliveryEmailSent { .. } | O::DeliveryEmailFailed { .. } => state == "delivered" && links == 1,
            O::OrderOverdue { .. } => {
                let waited = paid_at.is_some_and(|at| recorded.recorded_at - at >= PROMISED);
                state == "paid" && !late && waited && ended_at.is_none()
            }
            O::RefundRequested { payment, .. } => money.contains_key(payment),
            O::OrderRefunded { payment, .. } | O::RefundFailed { payment, .. } => money.contains_key(payment),
            other => return Err(format!("I7: {} has no place here", other.name())),
        };
        hold!(may, "I7: {name} of {id} while {state}");
        match event {
            O::OrderPlaced { .. } => state = "placed",
            O::OrderCancelled { .. } => state = "cancelled",
            O::OrderPaid { payment, .. } => {
                (state, settled, paid_at) = ("paid", settled + 1, Some(recorded.recorded_at));
                money.insert(payment.clone().unwrap_or_default(), true);
            }
            O::PaymentHeld { payment, .. } => {
                let before = money.insert(payment.clone().unwrap_or_default(), false);
                hold!(before.is_none(), "I2: {payment:?} of {id} was told twice");
            }
            O::OrderDelivered { .. } => (state, ended_at) = ("delivered", ended_at.or(Some(recorded.recorded_at))),
            O::OrderFailed { .. } => (state, ended_at) = ("failed", ended_at.or(Some(recorded.recorded_at))),
            O::OrderOverdue { .. } => late = true,
            O::DownloadLinkIssued { number, .. } => {
                links += 1;
                hold!(world.links.contains(&(id, *number)), "I8: link {number} of {id} opens nothing");
            }
            O::DeliveryEmailSent { .. } | O::DeliveryEmailFailed { .. } => mail_told += 1,
            O::OrderRefunded { payment, amount_cents, .. } => {
                let given = given.entry(payment.clone()).or_insert(0);
                *given += amount_cents;
                if *given == PRICE && money[payment] {
                    ended_at = ended_at.or(Some(recorded.recorded_at));
                }
            }
            O::RefundFailed { .. } => refund_failed = true,
            _ => {}
        }
    }
    for page in world.pages.values().filter(|page| page.order == Some(id)) {
        let SessionState::Paid(paid) = &page.state else { continue };
        let payment = paid.payment.clone().unwrap_or_default();
        let Some(owed) = money.get(&payment) else { return Err(format!("I1: {payment} was paid and is not told")) };
        let (back, told) = (world.refunded(&payment), given.get(&payment).copied().unwrap_or(0));
        hold!(back <= PRICE, "I2: {back} went back of {payment}");
        hold!(back == told || refund_failed, "I2: {back} went back of {payment}, {told} is told");
        hold!(*owed || back == PRICE || refund_failed, "I2: nobody owed {payment}, and {back} went back");
        seen.refunds += usize::from(back > 0);
    }
    let returned = money.iter().any(|(payment, owed)| *owed && given.get(payment) == Some(&PRICE));
    hold!(state != "paid" || returned, "I3: {id} was paid, and nothing came of it");
    hold!(state != "delivered" || mail_told > 0 || returned, "I4: {id} is delivered and no mail is told of");
    if let (Some(paid), Some(ended)) = (paid_at, ended_at) {
        hold!(late || ended - paid < PROMISED * 2, "I3: {id} took {} and nobody was told", ended - paid);
    }
    seen.overdue += usize::from(late);
    seen.delivered += usize::from(state == "delivered");
    seen.failed += usize::from(state == "failed");
    Ok(())
}

/// The life of a report.
fn report(world: &State, id: Uuid, stream: &[&Recorded]) -> Result<(), String> {
    let mut state = "none";
    for recorded in stream {
        let Event::Report(event) = &recorded.event else { return Err(format!("{id} holds another stream's event")) };
        let (may, next) = match event {
            R::ReportRequested { .. } => (state == "none", "requested"),
            R::FactsCollected { .. } => (state == "requested", "facts"),
            R::NarrativeReceived { .. } => (["facts", "rejected"].contains(&state), "received"),
            R::NarrativeRejected { .. } => (state == "received", "rejected"),
            R::NarrativeAccepted { .. } => (["facts", "received", "rejected"].contains(&state), "accepted"),
            R::ReportRendered { .. } => (["accepted", "rendered"].contains(&state), "rendered"),
            R::ReportStored { .. } => (state == "rendered", "stored"),
            R::StepFailed { .. } => (!["none", "stored", "failed"].contains(&state), state),
            R::ReportFailed { .. } => (!["none", "stored", "failed"].contains(&state), "failed"),
        };
        hold!(may, "I7: {} of {id} while {state}", event.name());
        state = next;
        if let R::ReportStored { key, sha256, .. } = event {
            let Some(bytes) = world.shelf.get(key) else { return Err(format!("I8: nothing is stored under {key}")) };
            hold!(hex::encode(Sha256::digest(bytes)) == *sha256, "I8: other bytes are stored under {key}");
        }
    }
    hold!(["stored", "failed"].contains(&state), "I3: report {id} stays {state}");
    let files = world.shelf.keys().filter(|key| key.starts_with(&format!("reports/{id}/"))).count();
    hold!(files <= 1, "I3: {files} files of report {id}");
    // Each answer more than one needs a worker that was lost, or a shelf that failed, between the asking and the keeping; or
    // a worker that was thought lost, and asks while its successor does.
    let order = stream[0].metadata.correlation_id.clone();
    let lost = |strike: &&Strike| {
        let between = strike.place == "model" || strike.place == "put answers";
        let harmless = matches!(strike.fault, Fault::Delay(_));
        (between && !harmless || strike.fault == Fault::Stall)
            && strike.order.is_some_and(|order_of| order_of.to_string() == order)
    };
    // A rejection is followed by another question, unless it is the end.
    let names: Vec<&str> = stream.iter().map(|recorded| recorded.event.name()).collect();
    let mended =
        names.windows(2).filter(|pair| pair[0] == "NarrativeRejected" && pair[1] != "NarrativeAccepted").count();
    hold!(mended <= 2, "I10: {id} was mended {mended} times");
    let allowed = 1 + mended + world.strikes.iter().filter(lost).count();
    let asked = world.written.get(&id.to_string()).copied().unwrap_or(0) as usize;
    hold!(asked <= allowed, "I10: the model was paid {asked} times for {id}, {allowed} were allowed");
    Ok(())
}

/// One mail per order, and never to somebody else. A second needs a vendor that has forgotten the key, and a first one
/// that the log did not know of.
fn mails(world: &State, seen: &mut Seen) -> Result<(), String> {
    let mut before: BTreeMap<Uuid, &super::state::Accepted> = BTreeMap::new();
    let mut orders: BTreeMap<&str, Uuid> = BTreeMap::new();
    for mail in &world.mails {
        let key = orders.entry(&mail.to).or_insert(mail.key);
        hold!(*key == mail.key, "I4: {} was mailed under two keys", mail.to);
        if let Some(first) = before.insert(mail.key, mail) {
            hold!(mail.at - first.at >= KEY_LIFETIME, "I4: two mails within a key's lifetime");
            let told = world.log[..mail.known].iter().any(|recorded| {
                let sent = matches!(recorded.event, Event::Order(O::DeliveryEmailSent { .. }));
                sent && mail.to.starts_with(&recorded.metadata.correlation_id)
            });
            hold!(!told, "I4: {} was mailed again, though the log knew", mail.key);
            seen.mails_again += 1;
        }
    }
    Ok(())
}
