//! What vendors tell us. An authentic message is a fact: it is kept and answered with 200, whatever it says.

pub mod brevo;
pub mod stripe;

use axum::Json;
use domain::{
    command::{Actor, CommandContext, CommandError},
    order::OrderCommand,
    ports::Notice,
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{deps::Deps, problem::Problem, trace};

/// Its order is not known yet: the upkeep reads the notice again.
const WAITS: &str = "waits";

/// The message is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct Received {
    received: bool,
}

fn received() -> Json<Received> {
    Json(Received { received: true })
}

/// What a message calls for.
enum Meaning {
    Command {
        order: Uuid,
        command: Box<OrderCommand>,
    },
    /// Nothing now; the word says why.
    Noted(&'static str),
}

impl Meaning {
    /// A command for the order, once it is known.
    fn told(order: Option<Uuid>, command: OrderCommand) -> Self {
        order.map_or(Self::Noted(WAITS), |order| Self::Command { order, command: Box::new(command) })
    }
}

/// Keeps a message with what it calls for.
async fn take(deps: &Deps, notice: Notice, meaning: Meaning, actor: Actor) -> Result<(), Problem> {
    match meaning {
        Meaning::Command { order, command } => act(deps, notice, order, *command, actor).await,
        Meaning::Noted(reason) => note(deps, notice, reason).await,
    }
}

/// Keeps a notice that calls for no command.
async fn note(deps: &Deps, notice: Notice, reason: &'static str) -> Result<(), Problem> {
    metrics::counter!("lobster_webhooks_noted_total", "source" => notice.source, "reason" => reason).increment(1);
    deps.commands.keep_notice(notice, reason).await?;
    Ok(())
}

/// Keeps a notice and carries out its command in one transaction; what the order refuses is kept for a person to see.
async fn act(deps: &Deps, notice: Notice, order: Uuid, command: OrderCommand, actor: Actor) -> Result<(), Problem> {
    let (source, kept) = (notice.source, notice.clone());
    let context = CommandContext {
        command_id: format!("{source}:{}", notice.message_id),
        actor,
        correlation_id: order.to_string(),
        causation_id: Some(format!("{source}:{}", notice.message_id)),
        request_id: trace::current_request().map(|id| id.to_string()),
    };
    match deps.commands.order_on_notice(notice, order, command, context).await {
        Ok(outcome) => {
            let repeated = if outcome.repeated { "yes" } else { "no" };
            metrics::counter!("lobster_webhooks_handled_total", "source" => source, "repeated" => repeated)
                .increment(1);
            Ok(())
        }
        Err(CommandError::Order(refusal)) => {
            tracing::warn!(%order, message = %kept.message_id, %refusal, "{source} told about order {order}: {refusal}");
            note(deps, kept, "refused_by_order").await
        }
        // The vendor sends it again: nothing was written.
        Err(error) => Err(error.into()),
    }
}
