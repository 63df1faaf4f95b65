//! The customer portal: see, cancel and resume one's own subscriptions.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;

use super::{checkout, day, message, notice};
use crate::call;
use crate::html::{escape, money, page};
use crate::stripe::portal::Portal;
use crate::stripe::store::Store;
use crate::stripe::subscriptions::{self, Subscription, SubscriptionStatus};
use crate::world::World;

/// The portal of a link, unless it is unknown or too old.
fn open(world: &World, id: &str) -> Result<Portal, Box<Response>> {
    let found = world.stripe.lock().portals.get(id).cloned();
    let refusal = match found {
        None => message(StatusCode::NOT_FOUND, "Lien inconnu", "Le bac à sable ne connaît pas ce lien."),
        Some(portal) if portal.expires_at <= world.clock.timestamp() => notice(
            StatusCode::GONE,
            "Lien expiré",
            "Ce lien vers votre abonnement a expiré\u{a0}: demandez-en un nouveau sur le site.",
            portal.return_url.as_deref(),
        ),
        Some(portal) => return Ok(portal),
    };
    Err(Box::new(refusal))
}

/// Shows the subscriptions; `done` names what was just changed.
pub fn show(world: &World, id: &str, done: Option<&str>) -> Response {
    let portal = match open(world, id) {
        Ok(portal) => portal,
        Err(answer) => return *answer,
    };
    let store = world.stripe.lock();
    let email = store.customers.get(&portal.customer).and_then(|customer| customer.email.clone()).unwrap_or_default();
    let mine = store.subscriptions.iter().rev().map(|(_, one)| one).filter(|one| {
        one.customer == portal.customer && portal.subscription.as_ref().is_none_or(|only| one.id == *only)
    });
    let cards: String = mine.map(|one| card(&portal, one)).collect();
    let cards =
        if cards.is_empty() { "<section class=\"card\"><p>Aucun abonnement.</p></section>".to_owned() } else { cards };
    let said = match done {
        Some("resilie") => "<p class=\"card\" role=\"status\">La résiliation est enregistrée.</p>",
        Some("repris") => "<p class=\"card\" role=\"status\">L’abonnement continue.</p>",
        _ => "",
    };
    let back = portal.return_url.as_ref().map_or_else(String::new, |url| {
        format!("<p><a class=\"button\" href=\"{}\">Revenir sur le site</a></p>", escape(url))
    });
    let main = format!(
        "<main class=\"narrow\"><h1>Votre abonnement</h1><p class=\"muted\">{}</p>{said}{cards}{}{back}</main>",
        escape(&email),
        invoices(&store, &portal)
    );
    call::html(StatusCode::OK, page("Votre abonnement — bac à sable", &main))
}

fn card(portal: &Portal, subscription: &Subscription) -> String {
    let names: Vec<String> = subscription.items.iter().map(|item| escape(&item.line.name)).collect();
    let end = day(subscription.period.1);
    let (state, button) = match subscription.status {
        SubscriptionStatus::Canceled => {
            (format!("Terminé le {}.", day(subscription.ended_at.unwrap_or(subscription.period.1))), None)
        }
        _ if subscription.cancel_at_period_end => {
            (format!("Résilié\u{a0}: il se termine le {end}."), Some(("resume", "Reprendre l’abonnement")))
        }
        SubscriptionStatus::Active => {
            (format!("Actif\u{a0}: prochaine échéance le {end}."), Some(("cancel", "Résilier à l’échéance")))
        }
        SubscriptionStatus::PastDue => (
            "Le dernier paiement a échoué\u{a0}: un nouvel essai est prévu.".to_owned(),
            Some(("cancel", "Résilier à l’échéance")),
        ),
        SubscriptionStatus::Unpaid => ("Impayé.".to_owned(), Some(("cancel", "Résilier à l’échéance"))),
    };
    let form = button.map_or_else(String::new, |(action, text)| {
        format!(
            "<form method=\"post\" action=\"/stripe/portal/{}/subscriptions/{}/{action}\"><button>{text}</button></form>",
            escape(&portal.id),
            escape(&subscription.id)
        )
    });
    format!(
        "<section class=\"card\"><h2>{}</h2><p class=\"total\">{}{}</p><p>{state}</p>{form}</section>",
        names.join(", "),
        money(subscription.total(), &subscription.currency),
        checkout::every(&subscription.rhythm)
    )
}

fn invoices(store: &Store, portal: &Portal) -> String {
    let lines: String = store
        .invoices
        .iter()
        .rev()
        .map(|(_, invoice)| invoice)
        .filter(|invoice| invoice.customer.as_ref() == Some(&portal.customer))
        .map(|invoice| {
            format!(
                "<li><span><a href=\"/stripe/invoices/{}\">{}</a>, {}</span><span>{}</span></li>",
                escape(&invoice.id),
                escape(&invoice.number),
                day(invoice.created),
                money(invoice.total(), &invoice.currency)
            )
        })
        .collect();
    if lines.is_empty() {
        return lines;
    }
    format!("<section class=\"card\"><h2>Factures</h2><ul class=\"lines\">{lines}</ul></section>")
}

/// Cancels at the end of the period, or takes that back.
pub fn change(world: &Arc<World>, id: &str, subscription: &str, action: &str) -> Response {
    let portal = match open(world, id) {
        Ok(portal) => portal,
        Err(answer) => return *answer,
    };
    let mine = world.stripe.lock().subscriptions.get(subscription).is_some_and(|one| one.customer == portal.customer);
    let (ends, done) = match action {
        "cancel" if mine => (true, "resilie"),
        "resume" if mine => (false, "repris"),
        _ => return message(StatusCode::NOT_FOUND, "Abonnement inconnu", "Cet abonnement n’est pas le vôtre."),
    };
    match subscriptions::end_with_period(world, subscription, ends, None) {
        Ok(_) => call::see_other(&format!("/stripe/portal/{id}?fait={done}")),
        Err(_) => {
            message(StatusCode::CONFLICT, "Abonnement terminé", "Cet abonnement est terminé\u{a0}: rien n’a changé.")
        }
    }
}
