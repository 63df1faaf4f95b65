//! Opening the payment page of an order, and keeping its address in the log.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use domain::{
    command::CommandContext,
    identity::checkout_key,
    money,
    order::OrderCommand,
    ports::{CheckoutRequest, LinkKind, PortError},
};
use projections::order_summary::query::OrderSummary;
use uuid::Uuid;

use super::{access, refusal, view};
use crate::{deps::Deps, limits, problem::Problem, shop};

/// A page to be opened; the same attempt is always the same page.
pub struct Checkout {
    pub order: Uuid,
    /// From 1; the next one after an expiry.
    pub attempt: u32,
    pub price: money::Price,
    /// One line of French.
    pub title: String,
    pub email: String,
}

/// Opens the page and answers its address. When it cannot, the order stays as it is and asking again heals it.
pub async fn open(deps: &Deps, checkout: Checkout) -> Result<String, Problem> {
    let Checkout { order, attempt, price, title, email } = checkout;
    let back = format!(
        "{}/paiement/retour?suivi={}",
        deps.settings.public_url.trim_end_matches('/'),
        deps.links.derive(order, LinkKind::Follow, 1)
    );
    let request = CheckoutRequest {
        order,
        attempt,
        price,
        title,
        email,
        cancel_url: format!("{back}&abandon=1"),
        success_url: back,
    };
    let opened = tokio::time::timeout(limits::CHECKOUT, deps.payments.open_checkout(&request)).await;
    let page = match opened {
        Ok(Ok(page)) => page,
        Ok(Err(error @ PortError::Transient { .. })) => return Err(unavailable(&error)),
        Ok(Err(error)) => return Err(refused(&error)),
        Err(_) => return Err(unavailable(&"no answer in time")),
    };
    record(deps, order, attempt, page.session, page.url.clone(), page.expires_at).await?;
    Ok(page.url)
}

/// Where the customer of an unpaid order pays: the open page, or the next one.
pub async fn again(deps: &Deps, order: &OrderSummary) -> Result<String, Problem> {
    let last = u32::try_from(order.attempt).unwrap_or_default();
    let attempt = match &order.payment_url {
        Some(url) => return Ok(url.clone()),
        None if order.status == "expired" => last + 1,
        None => last.max(1),
    };
    let id = order.order_id;
    let contact = deps.contacts.of_order(id).await?;
    let title = title(deps, &order.study, &order.commune).await?;
    let price = view::agreed_price(order);
    let email = contact.map(|contact| contact.email).unwrap_or_default();
    open(deps, Checkout { order: id, attempt, price, title, email }).await
}

async fn record(
    deps: &Deps,
    order: Uuid,
    attempt: u32,
    session: String,
    url: String,
    expires_at: DateTime<Utc>,
) -> Result<(), Problem> {
    let command = OrderCommand::OpenCheckout { session, url, attempt, expires_at };
    let causation_id = Some(format!("place:{order}"));
    let context = CommandContext { causation_id, ..access::by_customer(order, checkout_key(order, attempt)) };
    match deps.commands.order(order, command, context).await {
        Ok(_) => Ok(()),
        // The customer never sees the page: another payment is under way, or the order was paid or cancelled meanwhile.
        Err(error) => Err(refusal::refused(error)),
    }
}

/// What the payment page calls the purchase, for a study and a commune that are known to exist.
async fn title(deps: &Deps, study: &str, commune: &str) -> Result<String, Problem> {
    let sheet = shop::study(deps, study).await?;
    let page = deps.territories.commune(commune).await?;
    let study = sheet.map_or(study, |sheet| sheet.title);
    let nom = page.map_or_else(|| commune.to_owned(), |page| page.commune.nom);
    Ok(titled(study, &nom, commune))
}

/// « Étude : Commune (code) ».
pub fn titled(study: &str, nom: &str, commune: &str) -> String {
    format!("{study}\u{a0}: {nom} ({commune})")
}

fn unavailable(error: &dyn std::fmt::Display) -> Problem {
    tracing::warn!(%error, "no payment page could be opened: {error}");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "payment.unavailable", "Paiement momentanément indisponible")
        .detail(
            "La page de paiement n’a pas pu s’ouvrir. Votre commande est gardée, rien n’a été débité\u{a0}: réessayez.",
        )
        .retry_after(10)
}

/// Our account or our request is at fault: asking again soon would change nothing, and the customer must not lose the order.
fn refused(error: &PortError) -> Problem {
    tracing::error!(%error, "the payment service refused to open a page: {error}");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "payment.unavailable", "Paiement momentanément indisponible")
        .detail("Le paiement est interrompu de notre côté. Votre commande est gardée, rien n’a été débité.")
        .retry_after(300)
}
