//! What customers see of Stripe: plain forms, no script, usable by keyboard and by a test.

mod checkout;
mod invoice;
mod pay;
mod pdf;
mod portal;

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;

use super::session::{PaymentStatus, Session, Status};
use super::sweep;
use crate::call::{self, Call};
use crate::html::{escape, page};
use crate::world::World;

/// Answers everything under `/stripe` that is not the API.
pub fn answer(world: &Arc<World>, call: &Call) -> Response {
    sweep(world);
    let mut response = match (call.method.as_str(), call.path().as_slice()) {
        ("GET", ["checkout", id]) => checkout::show(world, id, call.param("refus")),
        ("GET", ["checkout", id, "authentification"]) => pay::ask_authentication(world, id, call),
        ("POST", ["checkout", id, "pay"]) => pay::card(world, id, call),
        ("POST", ["checkout", id, "debit"]) => pay::debit(world, id, call),
        ("POST", ["checkout", id, "decline"]) => pay::decline(world, id),
        ("POST", ["checkout", id, "leave"]) => pay::leave(world, id),
        ("GET", ["recover", id]) => pay::recover(world, id),
        ("GET", ["invoices", id]) => invoice::show(world, id),
        ("GET", ["invoices", id, "pdf"]) => invoice::document(world, id),
        ("GET", ["receipts", id]) => invoice::receipt(world, id),
        ("GET", ["portal", id]) => portal::show(world, id, call.param("fait")),
        ("POST", ["portal", id, "subscriptions", subscription, action]) => {
            portal::change(world, id, subscription, action)
        }
        _ => message(StatusCode::NOT_FOUND, "Page introuvable", "Cette adresse n’existe pas dans le bac à sable."),
    };
    // Nothing is fetched and nothing runs. Forms are left free: paying ends with a redirect to the shop.
    call::set_header(
        &mut response,
        "content-security-policy",
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'",
    );
    response
}

fn find(world: &World, id: &str) -> Option<Session> {
    world.stripe.lock().sessions.get(id).cloned()
}

/// A page that says one thing.
fn message(status: StatusCode, title: &str, sentence: &str) -> Response {
    notice(status, title, sentence, None)
}

/// A page that says one thing, and the way back.
fn notice(status: StatusCode, title: &str, sentence: &str, back: Option<&str>) -> Response {
    let link = back.map_or_else(String::new, |url| {
        format!("<p><a class=\"button\" href=\"{}\">Revenir sur le site</a></p>", escape(url))
    });
    let main = format!(
        "<main class=\"narrow\"><div class=\"card\"><h1>{}</h1><p>{}</p>{link}</div></main>",
        escape(title),
        escape(sentence)
    );
    call::html(status, page(title, &main))
}

fn unknown() -> Response {
    message(
        StatusCode::NOT_FOUND,
        "Session inconnue",
        "Le bac à sable ne connaît pas cette session de paiement\u{a0}: elle date peut-être d’avant son dernier démarrage.",
    )
}

/// A session that cannot be paid any more.
fn closed(session: &Session) -> Response {
    let (title, sentence, back) = match (session.status, session.payment_status) {
        (Status::Complete, PaymentStatus::Unpaid) => (
            "Prélèvement en cours",
            "Le prélèvement est demandé à la banque\u{a0}: sa réponse prend quelques jours.",
            Some(session.success()),
        ),
        (Status::Complete, _) => (
            "Paiement déjà effectué",
            "Cette commande est payée. Rien ne sera débité une seconde fois.",
            Some(session.success()),
        ),
        _ => (
            "Session expirée",
            "Cette session de paiement a expiré\u{a0}: elle ne peut plus être payée.",
            session.cancel_url.clone(),
        ),
    };
    notice(StatusCode::OK, title, sentence, back.as_deref())
}

/// A date as a French reader writes it.
fn day(at: i64) -> String {
    chrono::DateTime::from_timestamp(at, 0).map_or_else(String::new, |at| at.format("%d/%m/%Y").to_string())
}
