//! What the buttons of the payment page do.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;

use super::{closed, find, message, unknown};
use crate::call::{self, Call};
use crate::html::{escape, money, page};
use crate::stripe::payer::Payer;
use crate::stripe::payment::{self, Attempt, GOOD_CARD, REFUSED_CARD, Tried};
use crate::stripe::session::Status;
use crate::stripe::{delayed, sessions};
use crate::world::World;

/// What the page asks; carried through the bank's page as well.
const FIELDS: [&str; 9] = ["card", "email", "name", "line1", "postal_code", "city", "phone", "tax_id", "terms"];

fn field(fields: &[(String, String)], name: &str) -> Option<String> {
    fields
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.trim().to_owned())
        .filter(|value| !value.is_empty())
}

fn payer(fields: &[(String, String)]) -> Payer {
    Payer {
        email: field(fields, "email"),
        name: field(fields, "name"),
        line1: field(fields, "line1"),
        postal_code: field(fields, "postal_code"),
        city: field(fields, "city"),
        phone: field(fields, "phone"),
        tax_id: field(fields, "tax_id"),
    }
}

/// Back to the page, with the reason.
fn refused(id: &str, reason: &str) -> Response {
    call::see_other(&format!("/stripe/checkout/{id}?refus={reason}"))
}

/// Terms that have to be accepted and are not.
fn withheld(world: &World, id: &str, fields: &[(String, String)]) -> bool {
    find(world, id).is_some_and(|session| session.questions.terms) && field(fields, "terms").is_none()
}

/// Pays by card.
pub fn card(world: &Arc<World>, id: &str, call: &Call) -> Response {
    let fields = call.form();
    if withheld(world, id, &fields) {
        return refused(id, "terms");
    }
    let card = field(&fields, "card").unwrap_or_else(|| GOOD_CARD.to_owned());
    let authenticated = field(&fields, "authenticated").map(|answer| answer == "yes");
    let attempt = Attempt { session: id, card: &card, payer: payer(&fields), authenticated };
    match payment::attempt(world, &attempt) {
        Ok(Tried::Paid(session)) => call::see_other(&session.success()),
        Ok(Tried::Declined(error)) => refused(id, error.reason()),
        Ok(Tried::NeedsAuthentication) => to_the_bank(id, &fields),
        Err(_) => find(world, id).map_or_else(unknown, |session| closed(&session)),
    }
}

/// The bank refuses, whatever was typed.
pub fn decline(world: &Arc<World>, id: &str) -> Response {
    let attempt = Attempt { session: id, card: REFUSED_CARD, payer: Payer::default(), authenticated: None };
    match payment::attempt(world, &attempt) {
        Ok(Tried::Declined(error)) => refused(id, error.reason()),
        _ => find(world, id).map_or_else(unknown, |session| closed(&session)),
    }
}

/// Orders a debit.
pub fn debit(world: &Arc<World>, id: &str, call: &Call) -> Response {
    let fields = call.form();
    if withheld(world, id, &fields) {
        return refused(id, "terms");
    }
    match delayed::begin(world, id, field(&fields, "iban").as_deref(), &payer(&fields), true) {
        Ok(session) => call::see_other(&session.success()),
        Err(error) if error.reason() == "invalid_bank_account_iban" => refused(id, error.reason()),
        Err(_) => find(world, id).map_or_else(unknown, |session| closed(&session)),
    }
}

fn to_the_bank(id: &str, fields: &[(String, String)]) -> Response {
    let Ok(mut url) = reqwest::Url::parse("http://form/") else { return unknown() };
    for name in FIELDS {
        if let Some(value) = field(fields, name) {
            url.query_pairs_mut().append_pair(name, &value);
        }
    }
    call::see_other(&format!("/stripe/checkout/{id}/authentification?{}", url.query().unwrap_or_default()))
}

/// The bank's own page.
pub fn ask_authentication(world: &World, id: &str, call: &Call) -> Response {
    let Some(session) = find(world, id) else { return unknown() };
    if session.status != Status::Open {
        return closed(&session);
    }
    let hidden: String = FIELDS
        .iter()
        .filter_map(|name| Some((name, field(&call.query, name)?)))
        .map(|(name, value)| format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escape(&value)))
        .collect();
    let answer = |value: &str, class: &str, text: &str| {
        format!(
            "<form method=\"post\" action=\"/stripe/checkout/{}/pay\">{hidden}<input type=\"hidden\" \
             name=\"authenticated\" value=\"{value}\"><button{class}>{text}</button></form>",
            escape(id)
        )
    };
    let main = format!(
        "<main class=\"narrow\"><div class=\"card\"><h1>Authentification 3-D Secure</h1>\
         <p>La banque demande de confirmer le paiement de {}.</p>{}{}</div></main>",
        money(session.total(), &session.currency),
        answer("yes", " class=\"primary\"", "Confirmer le paiement"),
        answer("no", "", "Échouer à l’authentification")
    );
    call::html(StatusCode::OK, page("Authentification — bac à sable", &main))
}

/// Goes back without paying.
pub fn leave(world: &Arc<World>, id: &str) -> Response {
    match payment::abandon(world, id) {
        Ok(Some(url)) => call::see_other(&url),
        Ok(None) => call::see_other(&format!("/stripe/checkout/{id}")),
        Err(_) => unknown(),
    }
}

/// Comes back to an expired session: a new one like it opens.
pub fn recover(world: &World, id: &str) -> Response {
    match sessions::recover(world, id) {
        Some(session) => call::see_other(&format!("/stripe/checkout/{}", session.id)),
        None => message(
            StatusCode::NOT_FOUND,
            "Lien inutilisable",
            "Ce lien de reprise n’existe pas, ou a plus de trente jours.",
        ),
    }
}
