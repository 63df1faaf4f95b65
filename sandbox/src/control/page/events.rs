//! Events sent to the product, and a button to send one again.

use super::SHOWN;
use super::frame::{Section, button, code, more, nothing, table, time};
use crate::webhooks::{DROPPED, Notice, Vendor};
use crate::world::World;

/// Newest first.
pub fn section(world: &World) -> Section {
    let mut notices: Vec<Notice> = world.webhooks.sent_by(Vendor::Stripe);
    notices.extend(world.webhooks.sent_by(Vendor::Brevo));
    notices.sort_by_key(|notice| std::cmp::Reverse(notice.created));
    let rows: Vec<Vec<String>> = notices.iter().take(SHOWN).map(row).collect();
    let content = match rows.len() {
        0 => nothing("Aucun événement pour l’instant."),
        _ => {
            let heads = ["Heure", "De", "Événement", "État", "Essais", "Dernière réponse", "Action"];
            let list = table("Événements envoyés", &heads, &rows);
            format!("{list}{}", more(notices.len(), SHOWN, "/_sandbox/stripe/events"))
        }
    };
    Section { id: "evenements", title: "Événements", count: Some(notices.len()), content }
}

fn row(notice: &Notice) -> Vec<String> {
    let vendor = match notice.vendor {
        Vendor::Stripe => "Stripe",
        Vendor::Brevo => "Brevo",
    };
    let last = notice.attempts.last().map_or_else(
        || "—".to_owned(),
        |attempt| match (attempt.status, attempt.error.as_deref()) {
            (Some(status), _) => format!("<span class=\"status s{}\">{status}</span>", status / 100),
            (None, Some(DROPPED)) => "perdu exprès".to_owned(),
            (None, _) => "injoignable".to_owned(),
        },
    );
    let state = if notice.delivered { "livré" } else { "en attente" };
    let label = format!("Renvoyer {} ({})", notice.kind, notice.id);
    let again = button("redeliver", &[("id", &notice.id)], "Renvoyer", &label);
    let attempts = notice.attempts.len().to_string();
    vec![time(notice.created), vendor.to_owned(), code(&notice.kind), state.to_owned(), attempts, last, again]
}
