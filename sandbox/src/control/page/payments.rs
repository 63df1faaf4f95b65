//! Payment sessions, with the way to pay those that are open.

use chrono::DateTime;

use super::SHOWN;
use super::frame::{Section, code, more, nothing, table, time};
use crate::html::{escape, money};
use crate::stripe::session::{PaymentStatus, Session, Status};
use crate::world::World;

/// Newest first.
pub fn section(world: &World) -> Section {
    let store = world.stripe.lock();
    let mut sessions: Vec<&Session> = store.sessions.iter().map(|(_, session)| session).collect();
    sessions.sort_by(|left, right| (right.created, &right.id).cmp(&(left.created, &left.id)));
    let rows: Vec<Vec<String>> = sessions.iter().take(SHOWN).map(|session| row(session)).collect();
    let content = match rows.len() {
        0 => nothing("Aucune session de paiement pour l’instant."),
        _ => {
            let list = table("Sessions de paiement", &["Heure", "État", "Montant", "Référence", "Session"], &rows);
            let cards = "<p class=\"muted\">Cartes\u{a0}: 4242 4242 4242 4242 paie, 4000 0000 0000 9995 est refusée, \
                         4000 0025 0000 3155 demande 3-D Secure.</p>";
            format!("{list}{}{cards}", more(sessions.len(), SHOWN, "/_sandbox/requests?service=stripe"))
        }
    };
    Section { id: "paiements", title: "Paiements", count: Some(sessions.len()), content }
}

fn row(session: &Session) -> Vec<String> {
    let state = match (session.status, session.payment_status) {
        (Status::Open, _) => {
            format!("<a class=\"button small\" href=\"/stripe/checkout/{}\">Payer</a>", escape(&session.id))
        }
        (Status::Complete, PaymentStatus::Unpaid) => "en attente de la banque".to_owned(),
        (Status::Complete, _) => "payée".to_owned(),
        (Status::Expired, _) => "expirée".to_owned(),
    };
    let at = DateTime::from_timestamp(session.created, 0).map_or_else(String::new, time);
    let reference = session.client_reference_id.as_deref().map_or_else(|| "—".to_owned(), code);
    vec![at, state, money(session.total(), &session.currency), reference, code(&session.id)]
}
