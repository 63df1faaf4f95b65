//! The payment vendor's books against the log, both ways. What the log missed is told by the same commands as a webhook
//! would use; what cannot be put right is for a person. The run itself is a fact.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use domain::{
    identity,
    order::{OrderCommand, OrderState, RefundState},
    ports::{PortError, SessionNews, SessionState},
    reconciliation::{Difference, DifferenceKind, ReconciliationCommand},
};
use uuid::Uuid;

use super::{
    context,
    janitor::{tell, told},
};
use crate::{JobFailure, Ports};

/// What a run found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reconciled {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    /// Compared sessions.
    pub sessions: u32,
    pub differences: Vec<Difference>,
}

/// One run; its name makes the commands of a repeated attempt the same.
struct Run<'a> {
    ports: &'a Ports,
    name: String,
    differences: Vec<Difference>,
}

/// Compares the sessions made in `[from, to)` with the log, and the orders of that time with the vendor. `seen` is told how
/// many of how many are compared.
///
/// # Errors
/// When the vendor, the read models or the log do not answer: nothing is recorded then, and the same run may be repeated.
pub async fn reconcile(
    ports: &Ports,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    seen: &(dyn Fn(usize, usize) + Sync),
) -> Result<Reconciled, JobFailure> {
    let mut run = Run { ports, name: format!("reconcile:{}", to.timestamp()), differences: Vec::new() };
    let theirs = ports.payments.sessions(from, to).await?;
    let listed: BTreeSet<&str> = theirs.iter().map(|news| news.session.as_str()).collect();
    let mut ours = ports.orders.with_page(from, to).await?;
    ours.retain(|page| !listed.contains(page.session.as_str()));
    let all = theirs.len() + ours.len();
    for (n, news) in theirs.iter().enumerate() {
        run.compare(news).await?;
        seen(n + 1, all);
    }
    for (n, page) in ours.iter().enumerate() {
        run.look_up(page.order_id, &page.session).await?;
        seen(theirs.len() + n + 1, all);
    }
    let sessions = u32::try_from(all).unwrap_or(u32::MAX);
    let differences = run.differences;
    let record = ReconciliationCommand::Record { from, to, sessions, differences: differences.clone() };
    let id = identity::reconciliation_id(to);
    ports.commands.reconciliation(id, record, context(id, format!("reconciliation:{id}"))).await?;
    for Difference { kind, session, order, repaired } in &differences {
        let repaired_label = if *repaired { "yes" } else { "no" };
        metrics::counter!("lobster_reconciliation_differences_total", "repaired" => repaired_label).increment(1);
        tracing::warn!(?kind, session, ?order, repaired, "the vendor's books and the log disagreed");
    }
    Ok(Reconciled { from, to, sessions, differences })
}

impl Run<'_> {
    fn note(&mut self, kind: DifferenceKind, session: &str, order: Option<Uuid>, repaired: bool) {
        self.differences.push(Difference { kind, session: session.to_owned(), order, repaired });
    }

    /// A page of ours that the vendor does not list: made outside the window, or not there.
    async fn look_up(&mut self, order: Uuid, session: &str) -> Result<(), JobFailure> {
        match self.ports.payments.session(session).await {
            Ok(news) => self.compare(&news).await,
            Err(PortError::Missing { .. }) => {
                self.note(DifferenceKind::SessionMissing, session, Some(order), false);
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn compare(&mut self, news: &SessionNews) -> Result<(), JobFailure> {
        let known = match news.order {
            Some(order) => Some((order, self.ports.commands.load_order(order).await?)),
            None => None,
        };
        let Some((order, before)) = known.filter(|(_, order)| order.state() != OrderState::Unknown) else {
            // Somebody else's page on the same account concerns us only when money moved.
            if !matches!(news.state, SessionState::Open | SessionState::Expired) {
                self.note(DifferenceKind::UnknownOrder, &news.session, news.order, false);
            }
            return Ok(());
        };
        if before.is_settled(&news.session) && !matches!(news.state, SessionState::Paid(_)) {
            return self.doubt(order, &news.session).await;
        }
        let repaired = tell(self.ports, order, news, &self.name).await?;
        if let Some(kind) = unrecorded(&news.state)
            && repaired
        {
            self.note(kind, &news.session, Some(order), true);
        }
        if let SessionState::Paid(payment) = &news.state
            && !repaired
            && !self.ports.commands.load_order(order).await?.is_settled(&news.session)
        {
            self.note(DifferenceKind::PaymentUnrecorded, &payment.session, Some(order), false);
        }
        self.compare_refunds(order, news).await
    }

    /// Paid here, and not at the vendor's a moment ago: it may have been paid since.
    async fn doubt(&mut self, order: Uuid, session: &str) -> Result<(), JobFailure> {
        let now = self.ports.payments.session(session).await?;
        if !matches!(now.state, SessionState::Paid(_)) {
            self.note(DifferenceKind::PaidHereOnly, session, Some(order), false);
        }
        Ok(())
    }

    async fn compare_refunds(&mut self, order: Uuid, news: &SessionNews) -> Result<(), JobFailure> {
        let SessionState::Paid(paid) = &news.state else { return Ok(()) };
        let (Some(payment), Some(theirs)) = (&paid.payment, news.refunded_cents) else { return Ok(()) };
        if self.ports.commands.load_order(order).await?.refunded_cents(payment) == theirs {
            return Ok(());
        }
        let mut repaired = false;
        for notice in self.ports.payments.refunds(payment).await? {
            let state = if notice.state == RefundState::Going { "going" } else { "failed" };
            let command_id = format!("{}:{}:{state}", self.name, notice.refund);
            repaired |= told(self.ports, order, OrderCommand::RecordRefund(notice), command_id).await?;
        }
        let now = self.ports.commands.load_order(order).await?.refunded_cents(payment);
        // A refund that began after the list was read is no difference.
        if repaired || now != theirs {
            self.note(DifferenceKind::RefundUnrecorded, &news.session, Some(order), repaired);
        }
        Ok(())
    }
}

/// The difference that it makes when the log did not know this state; an open page is none.
fn unrecorded(state: &SessionState) -> Option<DifferenceKind> {
    match state {
        SessionState::Open => None,
        SessionState::Expired => Some(DifferenceKind::ExpiryUnrecorded),
        SessionState::UnderWay { .. } => Some(DifferenceKind::PaymentUnderWayUnrecorded),
        SessionState::Failed => Some(DifferenceKind::PaymentFailureUnrecorded),
        SessionState::Paid(_) => Some(DifferenceKind::PaymentUnrecorded),
    }
}
