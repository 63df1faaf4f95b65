//! The hosted payment page: plain forms, no script, usable by keyboard and by a test.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;

use super::payment::{self, Attempt, GOOD_CARD, REFUSED_CARD, Tried};
use super::session::{Session, Status};
use super::sweep;
use crate::call::{self, Call};
use crate::html::{escape, money, page};
use crate::world::World;

/// Answers everything under `/stripe` that is not the API.
pub fn answer(world: &Arc<World>, call: &Call) -> Response {
    sweep(world);
    match (call.method.as_str(), call.path().as_slice()) {
        ("GET", ["checkout", id]) => show(world, id, call.param("refus")),
        ("GET", ["checkout", id, "authentification"]) => ask_authentication(world, id, call),
        ("POST", ["checkout", id, "pay"]) => pay(world, id, call),
        ("POST", ["checkout", id, "decline"]) => attempt(world, id, REFUSED_CARD, None, None),
        ("POST", ["checkout", id, "leave"]) => leave(world, id),
        _ => message(StatusCode::NOT_FOUND, "Page introuvable", "Cette adresse n’existe pas dans le bac à sable."),
    }
}

fn find(world: &World, id: &str) -> Option<Session> {
    world.stripe.lock().sessions.get(id).cloned()
}

fn message(status: StatusCode, title: &str, sentence: &str) -> Response {
    let main = format!(
        "<main class=\"narrow\"><div class=\"card\"><h1>{}</h1><p>{}</p></div></main>",
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

/// A session that cannot be paid any more, and the way back.
fn closed(session: &Session) -> Response {
    let (title, sentence, back) = match session.status {
        Status::Complete => (
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
    let link = back.map_or_else(String::new, |url| {
        format!("<p><a class=\"button\" href=\"{}\">Revenir sur le site</a></p>", escape(&url))
    });
    let main =
        format!("<main class=\"narrow\"><div class=\"card\"><h1>{title}</h1><p>{sentence}</p>{link}</div></main>");
    call::html(StatusCode::OK, page(title, &main))
}

fn show(world: &World, id: &str, refused: Option<&str>) -> Response {
    let Some(session) = find(world, id) else { return unknown() };
    if session.status != Status::Open {
        return closed(&session);
    }
    let total = money(session.total(), &session.currency);
    let lines: String = session
        .lines
        .iter()
        .map(|line| {
            let about = line
                .description
                .as_ref()
                .map_or_else(String::new, |text| format!("<br><span class=\"muted\">{}</span>", escape(text)));
            let times = if line.quantity > 1 { format!("{}\u{a0}× ", line.quantity) } else { String::new() };
            format!(
                "<li><span>{times}{}{about}</span><span>{}</span></li>",
                escape(&line.name),
                money(line.unit_amount * line.quantity, &session.currency)
            )
        })
        .collect();
    let alert = refused.map_or_else(String::new, |code| {
        format!("<p class=\"alert\" role=\"alert\">{} Aucun montant n’a été débité.</p>", refusal(code))
    });
    let email = match &session.customer_email {
        Some(email) => format!("<p class=\"muted\">Reçu envoyé à {}</p>", escape(email)),
        None => "<label for=\"email\">Adresse e-mail</label>\
                 <input id=\"email\" name=\"email\" type=\"email\" autocomplete=\"email\" required value=\"acheteur@example.fr\">"
            .to_owned(),
    };
    let leave = session.cancel_url.as_ref().map_or_else(String::new, |_| {
        format!(
            "<form method=\"post\" action=\"/stripe/checkout/{}/leave\"><button>Quitter sans payer</button></form>",
            escape(id)
        )
    });
    let main = format!(
        r##"<main>
<h1>Paiement</h1>
{alert}<div class="columns">
<section class="card" aria-labelledby="commande">
<h2 id="commande">Votre commande</h2>
<p class="total">{total}</p>
<ul class="lines">{lines}</ul>
<p class="muted">Session {shown_id}</p>
</section>
<section class="card" aria-labelledby="carte">
<h2 id="carte">Carte bancaire de test</h2>
<form method="post" action="/stripe/checkout/{shown_id}/pay">
{email}
<label for="card">Numéro de carte</label>
<input id="card" name="card" inputmode="numeric" autocomplete="off" required value="4242 4242 4242 4242" aria-describedby="cartes">
<div class="pair">
<div><label for="expiry">Expiration</label><input id="expiry" name="expiry" autocomplete="off" value="12 / 34"></div>
<div><label for="cvc">Cryptogramme</label><input id="cvc" name="cvc" inputmode="numeric" autocomplete="off" value="123"></div>
</div>
<button class="primary">Payer {total}</button>
</form>
<form method="post" action="/stripe/checkout/{shown_id}/decline"><button>Simuler un refus de la banque</button></form>
{leave}
<details id="cartes">
<summary>Autres cartes de test</summary>
<ul>
<li><code>4242 4242 4242 4242</code>{NBSP}: acceptée</li>
<li><code>4000 0025 0000 3155</code>{NBSP}: authentification 3-D Secure</li>
<li><code>4000 0000 0000 0002</code>{NBSP}: refusée</li>
<li><code>4000 0000 0000 9995</code>{NBSP}: provision insuffisante</li>
<li><code>4000 0000 0000 0069</code>{NBSP}: carte expirée</li>
<li><code>4000 0000 0000 7726</code>{NBSP}: acceptée, remboursement lent</li>
</ul>
</details>
</section>
</div>
</main>"##,
        shown_id = escape(id),
        NBSP = '\u{a0}',
    );
    call::html(StatusCode::OK, page("Paiement — bac à sable", &main))
}

/// A refusal in words for the payer.
fn refusal(code: &str) -> &'static str {
    match code {
        "insufficient_funds" => "La provision de la carte est insuffisante.",
        "expired_card" => "La carte est expirée.",
        "incorrect_cvc" => "Le cryptogramme est incorrect.",
        "processing_error" => "La banque n’a pas pu traiter le paiement.",
        "payment_intent_authentication_failure" => "L’authentification a échoué.",
        "test_mode_live_card" => "Seules les cartes de test sont acceptées ici.",
        _ => "La carte a été refusée.",
    }
}

fn field(call: &Call, name: &str) -> Option<String> {
    call.form().into_iter().find(|(key, _)| key == name).map(|(_, value)| value).filter(|value| !value.is_empty())
}

fn pay(world: &Arc<World>, id: &str, call: &Call) -> Response {
    let card = field(call, "card").unwrap_or_else(|| GOOD_CARD.to_owned());
    let authenticated = field(call, "authenticated").map(|answer| answer == "yes");
    attempt(world, id, &card, field(call, "email").as_deref(), authenticated)
}

fn attempt(world: &Arc<World>, id: &str, card: &str, email: Option<&str>, authenticated: Option<bool>) -> Response {
    match payment::attempt(world, &Attempt { session: id, card, email, authenticated }) {
        Ok(Tried::Paid(session)) => call::see_other(&session.success()),
        Ok(Tried::Declined(error)) => call::see_other(&format!("/stripe/checkout/{id}?refus={}", error.reason())),
        Ok(Tried::NeedsAuthentication) => {
            let digits: String = card.chars().filter(char::is_ascii_digit).collect();
            call::see_other(&format!("/stripe/checkout/{id}/authentification?card={digits}"))
        }
        Err(_) => find(world, id).map_or_else(unknown, |session| closed(&session)),
    }
}

fn ask_authentication(world: &World, id: &str, call: &Call) -> Response {
    let Some(session) = find(world, id) else { return unknown() };
    if session.status != Status::Open {
        return closed(&session);
    }
    let hidden =
        format!("<input type=\"hidden\" name=\"card\" value=\"{}\">", escape(call.param("card").unwrap_or(GOOD_CARD)));
    let main = format!(
        r#"<main class="narrow"><div class="card">
<h1>Authentification 3-D Secure</h1>
<p>La banque demande de confirmer le paiement de {total}.</p>
<form method="post" action="/stripe/checkout/{id}/pay">{hidden}<input type="hidden" name="authenticated" value="yes"><button class="primary">Confirmer le paiement</button></form>
<form method="post" action="/stripe/checkout/{id}/pay">{hidden}<input type="hidden" name="authenticated" value="no"><button>Échouer à l’authentification</button></form>
</div></main>"#,
        total = money(session.total(), &session.currency),
        id = escape(id),
    );
    call::html(StatusCode::OK, page("Authentification — bac à sable", &main))
}

fn leave(world: &Arc<World>, id: &str) -> Response {
    match payment::abandon(world, id) {
        Ok(Some(url)) => call::see_other(&url),
        Ok(None) => call::see_other(&format!("/stripe/checkout/{id}")),
        Err(_) => unknown(),
    }
}
