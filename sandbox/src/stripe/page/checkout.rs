//! The payment page itself.

use axum::http::StatusCode;
use axum::response::Response;

use super::{closed, find, unknown};
use crate::call;
use crate::html::{escape, money, page};
use crate::stripe::cards::GOOD_IBAN;
use crate::stripe::catalogue::Recurring;
use crate::stripe::session::{PaymentStatus, Session, Status};
use crate::world::World;

/// Test cards that the page offers, and what each does.
const CARDS: [(&str, &str); 12] = [
    ("4242 4242 4242 4242", "acceptée"),
    ("4000 0025 0000 0003", "acceptée, carte française"),
    ("4000 0025 0000 3155", "authentification 3-D Secure"),
    ("4000 0027 6000 3184", "authentification 3-D Secure à chaque paiement"),
    ("4000 0000 0000 0002", "refusée"),
    ("4000 0000 0000 9995", "provision insuffisante"),
    ("4000 0000 0000 0069", "carte expirée"),
    ("4000 0000 0000 0127", "cryptogramme incorrect"),
    ("4000 0000 0000 0119", "incident de traitement"),
    ("4000 0000 0000 0259", "acceptée, puis contestée"),
    ("4000 0000 0000 7726", "acceptée, remboursement lent"),
    ("4000 0000 0000 5126", "acceptée, remboursement qui échoue"),
];

/// Shows the page, with the reason of the last refusal.
pub fn show(world: &World, id: &str, refused: Option<&str>) -> Response {
    let Some(session) = find(world, id) else { return unknown() };
    if session.status != Status::Open {
        return closed(&session);
    }
    let alert = refused.map_or_else(String::new, |code| {
        format!("<p class=\"alert\" role=\"alert\">{} Aucun montant n’a été débité.</p>", refusal(code))
    });
    let main = format!(
        "<main>\n<h1>Paiement</h1>\n{alert}<div class=\"columns\">\n{}\n\
         <div style=\"display:grid;gap:24px\">{}{}</div>\n</div>\n</main>",
        order(&session),
        means(&session),
        leave(&session)
    );
    call::html(StatusCode::OK, page("Paiement — bac à sable", &main))
}

fn order(session: &Session) -> String {
    let lines: String = session
        .lines
        .iter()
        .map(|line| {
            let about = line
                .description
                .as_ref()
                .map_or_else(String::new, |text| format!("<br><span class=\"muted\">{}</span>", escape(text)));
            let times = if line.quantity > 1 { format!("{}\u{a0}× ", line.quantity) } else { String::new() };
            let rhythm = line.price.recurring.as_ref().map(every).unwrap_or_default();
            format!(
                "<li><span>{times}{}{about}</span><span>{}{rhythm}</span></li>",
                escape(&line.name),
                money(line.amount(), &session.currency)
            )
        })
        .collect();
    format!(
        "<section class=\"card\" aria-labelledby=\"commande\"><h2 id=\"commande\">Votre commande</h2>\
         <p class=\"total\">{}</p><ul class=\"lines\">{lines}</ul><p class=\"muted\">Session {}</p></section>",
        money(session.total(), &session.currency),
        escape(&session.id)
    )
}

/// The rhythm of a price in words.
pub fn every(rhythm: &Recurring) -> String {
    let (one, many) = match rhythm.interval.as_str() {
        "day" => ("jour", "jours"),
        "week" => ("semaine", "semaines"),
        "year" => ("an", "ans"),
        _ => ("mois", "mois"),
    };
    if rhythm.count == 1 { format!(" par {one}") } else { format!(" tous les {}\u{a0}{many}", rhythm.count) }
}

fn means(session: &Session) -> String {
    let total = money(session.total(), &session.currency);
    let takes = |kind: &str| session.payment_method_types.iter().any(|known| known == kind);
    if session.payment_status == PaymentStatus::NoPaymentRequired {
        return form(session, "pay", "Rien à payer", "sans", "", "Valider la commande");
    }
    let mut parts = String::new();
    if takes("card") {
        let listed: String =
            CARDS.iter().map(|(number, what)| format!("<li><code>{number}</code>\u{a0}: {what}</li>")).collect();
        let fields = "<label for=\"card\">Numéro de carte</label>\
            <input id=\"card\" name=\"card\" inputmode=\"numeric\" autocomplete=\"off\" required \
             value=\"4242 4242 4242 4242\" aria-describedby=\"cartes\">\
            <div class=\"pair\"><div><label for=\"expiry\">Expiration</label>\
            <input id=\"expiry\" name=\"expiry\" autocomplete=\"off\" value=\"12 / 34\"></div>\
            <div><label for=\"cvc\">Cryptogramme</label>\
            <input id=\"cvc\" name=\"cvc\" inputmode=\"numeric\" autocomplete=\"off\" value=\"123\"></div></div>";
        let form = form(session, "pay", "Carte bancaire de test", "carte", fields, &format!("Payer {total}"));
        parts = format!(
            "{form}<section class=\"card\"><form method=\"post\" action=\"/stripe/checkout/{}/decline\">\
             <button>Simuler un refus de la banque</button></form>\
             <details id=\"cartes\"><summary>Autres cartes de test</summary><ul>{listed}</ul></details></section>",
            escape(&session.id)
        );
    }
    if takes("sepa_debit") {
        let fields = format!(
            "<label for=\"iban\">IBAN</label><input id=\"iban\" name=\"iban\" autocomplete=\"off\" required \
             value=\"{GOOD_IBAN}\" aria-describedby=\"delai\">\
             <p class=\"muted\" id=\"delai\">Le paiement est confirmé trois minutes plus tard, à l’heure du bac à sable. \
             L’IBAN <code>FR84 2004 1010 0505 0001 3M02 607</code> est refusé.</p>"
        );
        let button = format!("Autoriser le prélèvement de {total}");
        let unfolded = if takes("card") { "" } else { " open" };
        let form = inner(session, "debit", "sepa", &fields, &button);
        parts += &format!(
            "<details class=\"card\" style=\"margin:0\"{unfolded}><summary>Payer par prélèvement SEPA de test</summary>{form}</details>"
        );
    }
    parts
}

/// One way to pay: what is asked of everybody, and the fields of its own.
fn form(session: &Session, action: &str, title: &str, prefix: &str, fields: &str, button: &str) -> String {
    format!(
        "<section class=\"card\" aria-labelledby=\"titre-{prefix}\"><h2 id=\"titre-{prefix}\">{title}</h2>{}</section>",
        inner(session, action, prefix, fields, button)
    )
}

fn inner(session: &Session, action: &str, prefix: &str, fields: &str, button: &str) -> String {
    format!(
        "<form method=\"post\" action=\"/stripe/checkout/{}/{action}\">{}{fields}{}\
         <button class=\"primary\">{button}</button></form>",
        escape(&session.id),
        questions(session, prefix),
        terms(session, prefix)
    )
}

fn questions(session: &Session, prefix: &str) -> String {
    let input = |name: &str, label: &str, more: &str| {
        format!("<label for=\"{prefix}-{name}\">{label}</label><input id=\"{prefix}-{name}\" name=\"{name}\" {more}>")
    };
    let mut fields = match session.email() {
        Some(email) => format!("<p class=\"muted\">Reçu envoyé à {}</p>", escape(email)),
        None => input(
            "email",
            "Adresse e-mail",
            "type=\"email\" autocomplete=\"email\" required value=\"acheteur@example.fr\"",
        ),
    };
    if session.questions.address {
        fields += &input("name", "Nom", "autocomplete=\"name\" required");
        fields += &input("line1", "Adresse", "autocomplete=\"address-line1\" required");
        fields += &input("postal_code", "Code postal", "autocomplete=\"postal-code\" inputmode=\"numeric\" required");
        fields += &input("city", "Ville", "autocomplete=\"address-level2\" required");
    }
    if session.questions.phone {
        fields += &input("phone", "Téléphone", "type=\"tel\" autocomplete=\"tel\" required");
    }
    if session.questions.tax_id {
        fields += &input("tax_id", "Numéro de TVA, SIREN ou SIRET (facultatif)", "autocomplete=\"off\"");
    }
    fields
}

fn terms(session: &Session, prefix: &str) -> String {
    if !session.questions.terms {
        return String::new();
    }
    let text =
        session.echoed.get("custom_text").and_then(|text| text["terms_of_service_acceptance"]["message"].as_str());
    format!(
        "<label for=\"{prefix}-terms\"><input id=\"{prefix}-terms\" name=\"terms\" type=\"checkbox\" value=\"yes\" \
         required style=\"width:auto;min-height:0\"> {}</label>",
        escape(text.unwrap_or("J’accepte les conditions générales de vente."))
    )
}

fn leave(session: &Session) -> String {
    session.cancel_url.as_ref().map_or_else(String::new, |_| {
        format!(
            "<section class=\"card\"><form method=\"post\" action=\"/stripe/checkout/{}/leave\">\
             <button>Quitter sans payer</button></form></section>",
            escape(&session.id)
        )
    })
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
        "invalid_bank_account_iban" => "Seuls les IBAN de test sont acceptés ici.",
        "terms" => "Les conditions générales doivent être acceptées.",
        _ => "La carte a été refusée.",
    }
}
