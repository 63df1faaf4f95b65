//! Orders that stay unpaid: the payment vendor is asked how their pages stand. An outcome that is unknown stays so.

use chrono::TimeDelta;
use domain::{
    command::CommandError,
    order::OrderCommand,
    ports::{PortError, SessionNews},
};
use uuid::Uuid;

use super::context;
use crate::{JobFailure, Ports};

/// Most customers have paid by then, and most messages have come.
const YOUNGEST: TimeDelta = TimeDelta::minutes(10);
/// A page lives for a day, a slow payment for a week.
const OLDEST: TimeDelta = TimeDelta::days(8);

/// An order that was looked up, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    pub order: Uuid,
    pub session: String,
    /// How the page stands at the vendor's: `open`, `expired`, `under_way`, `failed`, `paid`, `missing` or `foreign`.
    pub state: &'static str,
    /// The log did not know it before.
    pub changed: bool,
}

/// Looks up every order that has been pending for more than ten minutes; `seen` is called after each.
///
/// # Errors
/// When the read models cannot be read, or the vendor does not answer: the rest waits for the next round.
pub async fn look_at_pending(ports: &Ports, seen: &(dyn Fn(&Looked) + Sync)) -> Result<Vec<Looked>, JobFailure> {
    let now = ports.clock.now();
    let mut all = Vec::new();
    for page in ports.orders.unpaid(now - OLDEST, now - YOUNGEST).await? {
        let looked = look_at(ports, page.order_id, &page.session).await?;
        seen(&looked);
        all.push(looked);
    }
    Ok(all)
}

async fn look_at(ports: &Ports, order: Uuid, session: &str) -> Result<Looked, JobFailure> {
    let looked = |state, changed| Looked { order, session: session.to_owned(), state, changed };
    let news = match ports.payments.session(session).await {
        Err(PortError::Missing { .. }) => {
            tracing::error!(%order, session, "the vendor does not have the payment page of order {order}");
            return Ok(looked("missing", false));
        }
        found => found?,
    };
    if news.order.is_some_and(|named| named != order) {
        tracing::error!(%order, session, "the payment page of order {order} names another order");
        return Ok(looked("foreign", false));
    }
    let changed = tell(ports, order, &news, "upkeep").await?;
    Ok(looked(news.state.name(), changed))
}

/// Tells an order how its page stands; true when that was news. `by` names the commands: what is told twice under one
/// name is answered with the first result.
pub(super) async fn tell(ports: &Ports, order: Uuid, news: &SessionNews, by: &str) -> Result<bool, JobFailure> {
    let Some(command) = news.command() else { return Ok(false) };
    let command_id = format!("{by}:{}:{}", news.session, news.state.name());
    told(ports, order, command, command_id).await
}

/// Executes a command that repeats what the vendor says; true when it was news. A refusal is told and changes nothing.
pub(super) async fn told(
    ports: &Ports,
    order: Uuid,
    command: OrderCommand,
    command_id: String,
) -> Result<bool, JobFailure> {
    let name = command.name();
    match ports.commands.order(order, command, context(order, command_id)).await {
        Ok(outcome) => Ok(outcome.last_sequence > 0),
        Err(CommandError::Order(refusal)) => {
            tracing::error!(%order, %refusal, "order {order} refuses {name} of the payment vendor");
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}
