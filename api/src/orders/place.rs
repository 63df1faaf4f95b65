//! `POST /api/orders`: a customer orders a study for a commune.
//!
//! Every step may be the last before a crash. Contact and follow-up link are kept before `OrderPlaced`: without the order
//! they are harmless, while an order without them could not be served. Asking again under the same Idempotency-Key
//! resumes where the first request stopped.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use domain::{
    command::{Actor, CommandContext, CommandError},
    eligibility::Eligibility,
    money,
    order::{OrderCommand, OrderError, OrderState},
    ports::{Consent, Contact, LinkKind, PortError},
};
use garde::Validate as _;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    checkout::{self, Checkout},
    identity::{self, Identity},
    request::Request,
    status::OrderStatus,
    view,
};
use crate::{communes, deps::Deps, json::JsonBody, problem, problem::Problem, request::Client, shop, trace::RequestId};

/// Version of the consent texts shown by the order page.
const TEXT_VERSION: &str = "2026-11";

/// An order, to be paid.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderPlaced {
    order_id: Uuid,
    status: OrderStatus,
    /// Where to pay; `null` when the order was repeated under its key after it had been paid.
    #[schema(required = true)]
    payment_url: Option<String>,
    /// Opens the follow-up of this order: keep it.
    follow_token: String,
}

/// Why no order was taken.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    #[error("no commune has code {0}")]
    UnknownCommune(String),
    #[error("no study has code {0}")]
    UnknownStudy(String),
    #[error("study {study} cannot be made for commune {commune}: {reason}")]
    Unavailable { study: String, commune: String, reason: String },
    #[error("this Idempotency-Key was used for another order")]
    OtherBody,
    #[error(transparent)]
    Port(#[from] PortError),
    #[error(transparent)]
    Command(CommandError),
}

impl From<CommandError> for Refusal {
    fn from(error: CommandError) -> Self {
        match error {
            CommandError::Order(OrderError::Unavailable { study, commune }) => {
                Self::Unavailable { study, commune, reason: String::new() }
            }
            other => Self::Command(other),
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let refused = |code, title| Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, title);
        match refusal {
            Refusal::UnknownCommune(code) => refused("order.commune_unknown", "Commune inconnue")
                .detail(format!("Aucune commune ne porte le code {code}\u{a0}: choisissez-la dans la recherche.")),
            Refusal::UnknownStudy(code) => refused("order.study_unknown", "Étude inconnue")
                .detail(format!("Aucune étude ne porte le code {code}\u{a0}: choisissez-la à la page /etudes.")),
            Refusal::Unavailable { study, commune, reason } => {
                let because = if reason.is_empty() { String::new() } else { format!("\u{a0}: {reason}") };
                refused("order.unavailable", "Étude indisponible pour cette commune")
                    .detail(format!("L’étude {study} ne peut pas être réalisée pour la commune {commune}{because}."))
            }
            Refusal::OtherBody => Self::new(StatusCode::CONFLICT, "request.idempotency_mismatch", "Clé déjà utilisée")
                .detail("Cette clé Idempotency-Key a servi à une autre commande\u{a0}: tirez-en une nouvelle."),
            Refusal::Port(error) => error.into(),
            Refusal::Command(error) => error.into(),
        }
    }
}

/// A customer orders a study for a commune and gets a page to pay on.
#[utoipa::path(
    post, path = "/api/orders", operation_id = "place_order", tag = "orders", request_body = Request,
    params(("Idempotency-Key" = Option<Uuid>, Header, description = "Same key and same body: the same order")),
    responses(
        (status = 201, description = "The order, to be paid", body = OrderPlaced),
        (status = 400, description = "request.malformed", body = problem::Body, content_type = "application/problem+json"),
        (status = 409, description = "request.idempotency_mismatch", body = problem::Body, content_type = "application/problem+json"),
        (status = 413, description = "request.too_large", body = problem::Body, content_type = "application/problem+json"),
        (status = 415, description = "request.media_type", body = problem::Body, content_type = "application/problem+json"),
        (status = 422, description = "request.invalid, order.commune_unknown, order.study_unknown or order.unavailable", body = problem::Body, content_type = "application/problem+json"),
        (status = 503, description = "payment.unavailable: the order is kept, ask again with the same key", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(
    State(deps): State<Deps>,
    client: Client,
    RequestId(request_id): RequestId,
    headers: HeaderMap,
    JsonBody(request): JsonBody<Request>,
) -> Result<(StatusCode, Json<OrderPlaced>), Problem> {
    let request = request.trimmed();
    request.validate().map_err(|report| super::request::refused(&report))?;
    let identity = match identity::key(&headers)? {
        Some(key) => identity::keyed(key, &request.canonical()),
        None => identity::fresh(deps.ids.next(), deps.ids.next()),
    };
    if let Some(placed) = resume(&deps, identity).await? {
        return Ok((StatusCode::CREATED, Json(placed)));
    }
    let placed = place(&deps, identity, &request, client, request_id).await?;
    Ok((StatusCode::CREATED, Json(placed)))
}

/// The order that this key stands for already, if there is one.
async fn resume(deps: &Deps, identity: Identity) -> Result<Option<OrderPlaced>, Problem> {
    if !identity.may_exist {
        return Ok(None);
    }
    same_body(deps, identity).await?;
    if deps.commands.load_order(identity.order).await?.state() == OrderState::Unknown {
        return Ok(None);
    }
    let order = view::summary(deps, identity.order).await?;
    Ok(Some(match OrderStatus::read(&order.status)? {
        OrderStatus::Pending | OrderStatus::Expired => {
            let page = checkout::again(deps, &order).await?;
            placed(deps, identity.order, OrderStatus::Pending, Some(page))
        }
        // Nothing to pay on any more: the follow-up tells why.
        status => placed(deps, identity.order, status, None),
    }))
}

async fn place(
    deps: &Deps,
    identity: Identity,
    request: &Request,
    client: Client,
    request_id: Uuid,
) -> Result<OrderPlaced, Problem> {
    let (eligibility, price, title) = offered(deps, &request.commune, &request.study).await?;
    let order = identity.order;
    let consents = consents(deps, order, request, client);
    let contact = Contact { customer: identity.customer, email: request.email.clone() };
    deps.contacts.keep(order, &contact, &consents).await?;
    if identity.may_exist {
        // Two requests under one key at once: the first to keep its contact is the order.
        same_body(deps, identity).await?;
    }
    deps.links.open(order, LinkKind::Follow, 1, None).await?;
    let command = OrderCommand::Place {
        customer: identity.customer,
        commune: request.commune.clone(),
        study: request.study.clone(),
        eligibility,
        price: price.clone(),
        recipient: request.recipient.into(),
        consents: consents.iter().map(|consent| consent.id).collect(),
    };
    let context = CommandContext {
        command_id: format!("place:{order}"),
        actor: Actor::Customer,
        correlation_id: order.to_string(),
        causation_id: None,
        request_id: Some(request_id.to_string()),
    };
    deps.commands.order(order, command, context).await.map_err(Refusal::from)?;
    metrics::counter!("lobster_orders_placed_total", "study" => request.study.clone()).increment(1);
    let page = Checkout { order, attempt: 1, price, title, email: request.email.clone() };
    let payment_url = checkout::open(deps, page).await?;
    Ok(placed(deps, order, OrderStatus::Pending, Some(payment_url)))
}

/// What is sold, at what price, and under which name on the payment page.
async fn offered(deps: &Deps, commune: &str, code: &str) -> Result<(Eligibility, money::Price, String), Refusal> {
    let known = if communes::is_code(commune) { deps.territories.commune(commune).await? } else { None };
    let page = known.ok_or_else(|| Refusal::UnknownCommune(commune.to_owned()))?;
    let study = shop::study(deps, code).await?.ok_or_else(|| Refusal::UnknownStudy(code.to_owned()))?;
    let found = shop::eligibility(deps, commune).await?.into_iter().find(|found| found.study == code);
    let unavailable = |reason: Option<String>| Refusal::Unavailable {
        study: code.to_owned(),
        commune: commune.to_owned(),
        reason: reason.unwrap_or_default(),
    };
    match found {
        Some(found) if found.can_be_ordered() => {
            let title = checkout::titled(study.title, &page.commune.nom, commune);
            Ok((found, study.price, title))
        }
        Some(found) => Err(unavailable(found.reason)),
        None => Err(unavailable(None)),
    }
}

async fn same_body(deps: &Deps, identity: Identity) -> Result<(), Refusal> {
    match deps.contacts.of_order(identity.order).await? {
        Some(kept) if kept.customer != identity.customer => Err(Refusal::OtherBody),
        _ => Ok(()),
    }
}

fn consents(deps: &Deps, order: Uuid, request: &Request, client: Client) -> Vec<Consent> {
    // Salted with the order, so that digests of two orders cannot be compared.
    let ip_sha256 = client.ip.map(|ip| hex::encode(Sha256::digest(format!("{order}:{ip}"))));
    let given_at = deps.clock.now();
    let consent = |kind: &str| Consent {
        id: identity::consent(order, kind),
        kind: kind.to_owned(),
        text_version: TEXT_VERSION.to_owned(),
        given_at,
        ip_sha256: ip_sha256.clone(),
    };
    request.consents.iter().map(|kind| consent(kind.name())).collect()
}

fn placed(deps: &Deps, order: Uuid, status: OrderStatus, payment_url: Option<String>) -> OrderPlaced {
    OrderPlaced { order_id: order, status, payment_url, follow_token: deps.links.derive(order, LinkKind::Follow, 1) }
}
