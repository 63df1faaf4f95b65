//! The customer comes back from the payment page before the webhook does: one look at the session, never trusted more than
//! the webhook, never more often than every ten seconds, and never waited for longer than two.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use domain::{
    command::{Actor, CommandContext},
    ports::SessionState,
};
use projections::order_summary::query::OrderSummary;
use serde::Deserialize;
use tokio::time::Instant;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{deps::Deps, problem::Problem, trace};

/// Between two looks at the session of one order.
const REST: Duration = Duration::from_secs(10);
/// How long a page waits for the payment service.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether the customer comes back from the payment page.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Return {
    /// `ok` after the payment page: the payment is looked up once instead of waiting for the webhook.
    retour: Option<String>,
}

impl Return {
    /// Whether a look is asked for.
    pub fn is_wanted(&self) -> bool {
        self.retour.as_deref() == Some("ok")
    }
}

/// When each order was last looked at; only those of the last ten seconds are remembered.
#[derive(Default)]
pub struct Looks(Mutex<HashMap<Uuid, Instant>>);

impl Looks {
    fn may_look(&self, order: Uuid, now: Instant) -> bool {
        // Nothing in here can be left half done.
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.retain(|_, at| now.duration_since(*at) < REST);
        let rested = !last.contains_key(&order);
        if rested {
            last.insert(order, now);
        }
        rested
    }
}

/// Looks once at the session of an order that is not known to be paid, and tells the order what is there. A failure costs
/// nothing: the webhook comes.
pub async fn look(deps: &Deps, looks: &Looks, order: &OrderSummary) {
    let Some(session) = order.session.as_deref().filter(|_| order.can_still_be_paid()) else { return };
    if !looks.may_look(order.order_id, Instant::now()) {
        return;
    }
    let id = order.order_id;
    match tokio::time::timeout(PATIENCE, tell(deps, id, session)).await {
        Ok(Ok(())) => {}
        Ok(Err(problem)) => tracing::warn!(order = %id, ?problem, "the session of order {id} could not be looked at"),
        Err(_) => tracing::warn!(order = %id, "the payment service took too long to tell about order {id}"),
    }
}

async fn tell(deps: &Deps, order: Uuid, session: &str) -> Result<(), Problem> {
    let news = deps.payments.session(session).await?;
    // Only money is worth the hurry; what has expired or failed is told by the webhook.
    let (state, true) = (&news.state, news.order == Some(order)) else { return Ok(()) };
    let name = match state {
        SessionState::Paid(_) => "paid",
        SessionState::UnderWay { .. } => "under-way",
        SessionState::Open | SessionState::Expired | SessionState::Failed => return Ok(()),
    };
    let Some(command) = news.command() else { return Ok(()) };
    let context = CommandContext {
        command_id: format!("return:{session}:{name}"),
        actor: Actor::System("payment-return".to_owned()),
        correlation_id: order.to_string(),
        causation_id: None,
        request_id: trace::current_request().map(|id| id.to_string()),
    };
    deps.commands.order(order, command, context).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_looked_at_once_in_ten_seconds() {
        let (looks, now) = (Looks::default(), Instant::now());
        let [one, two] = [1, 2].map(Uuid::from_u128);
        assert!(looks.may_look(one, now));
        assert!(!looks.may_look(one, now + REST / 2));
        assert!(looks.may_look(two, now + REST / 2));
        assert!(looks.may_look(one, now + REST));
    }
}
