//! Who may see an order: whoever holds its follow-up token. Anybody else learns nothing, not even that it exists.

use axum::http::StatusCode;
use domain::{
    command::{Actor, CommandContext},
    ports::{LinkKind, LinkState},
};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{deps::Deps, problem::Problem, trace};

/// The token of an order.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Token {
    /// The order's `follow_token`.
    #[param(required = true, value_type = String)]
    t: Option<String>,
}

/// The order's id, if the token opens it.
pub async fn granted(deps: &Deps, id: &str, Token { t }: Token) -> Result<Uuid, Problem> {
    let (Ok(order), Some(token)) = (Uuid::try_parse(id), t) else { return Err(not_found()) };
    let state = deps.links.resolve(LinkKind::Follow, &token, deps.clock.now()).await?;
    if state == (LinkState::Open { order }) { Ok(order) } else { Err(not_found()) }
}

/// The envelope of a command that the order's customer gives; the same id twice is answered with the first result.
pub fn by_customer(order: Uuid, command_id: String) -> CommandContext {
    CommandContext {
        command_id,
        actor: Actor::Customer,
        correlation_id: order.to_string(),
        causation_id: None,
        request_id: trace::current_request().map(|id| id.to_string()),
    }
}

fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "order.not_found", "Commande introuvable")
        .detail("Aucune commande ne correspond à cette adresse. Reprenez le lien de suivi reçu à la commande.")
}
