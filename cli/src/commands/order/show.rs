//! `lobster order show`: everything on one page, from the read models.

use projections::{
    order_payment::query::of_order as payments_of, order_summary::query::OrderSummary, order_timeline, support_case,
};
use sqlx::PgPool;
use uuid::Uuid;

use super::summary;
use crate::{commands::cases, desk::Desk};

pub(super) async fn show(desk: &Desk, id: Uuid) -> anyhow::Result<()> {
    let order = summary(desk, id).await?;
    head(&order);
    money(&desk.pool, &order).await?;
    println!("Courriel\u{a0}: {}", mail(order.mail_state.as_deref()));
    if let Some(until) = order.link_expires_at {
        println!("Lien n°\u{a0}{}, jusqu’au {}", order.link_number, until.format("%d/%m/%Y %H:%M"));
    }
    let cases = support_case::query::of_order(&desk.pool, id).await?;
    if !cases.is_empty() {
        println!("\nDossiers");
    }
    for case in &cases {
        cases::tell(case);
    }
    notes(&desk.pool, id).await?;
    println!("\nHistoire");
    for entry in order_timeline::query::of_order(&desk.pool, id, 0).await? {
        let at = entry.at.format("%d/%m/%Y %H:%M:%S");
        println!("{:>6}  {at}  {}, par {}", entry.position, api::title(&entry.event_type), actor(&entry.actor));
        println!("        {}", api::sentence(&entry.event_type, &entry.detail));
    }
    Ok(())
}

fn head(order: &OrderSummary) {
    println!("Commande {}", order.order_id);
    println!("Étude {} pour la commune {}, {}", order.study, order.commune, order.recipient);
    let placed = order.placed_at.format("%d/%m/%Y %H:%M");
    println!("État\u{a0}: {}, passée le {placed}", status(&order.status));
    match order.disputed.as_deref() {
        None => {}
        Some("lost") => println!("Paiement contesté, contestation perdue\u{a0}: téléchargement fermé"),
        Some(_) => println!("Paiement contesté\u{a0}: téléchargement suspendu"),
    }
}

async fn money(pool: &PgPool, order: &OrderSummary) -> anyhow::Result<()> {
    println!("Prix\u{a0}: {} TTC", api::money(order.ttc_cents, &order.currency));
    for payment in payments_of(pool, order.order_id).await? {
        let own = if order.payment_is(&payment.payment) { "paiement de la commande" } else { "autre paiement" };
        let money = |cents| api::money(cents, &payment.currency);
        let (paid, returned) = (money(payment.paid_cents), money(payment.refunded_cents));
        println!("    {}, {own}\u{a0}: {paid} reçus, {returned} rendus", payment.payment);
    }
    Ok(())
}

async fn notes(pool: &PgPool, order: Uuid) -> anyhow::Result<()> {
    let notes: Vec<(String, String, String)> = sqlx::query_as(
        "SELECT to_char(written_at AT TIME ZONE 'UTC', 'DD/MM/YYYY HH24:MI'), author, text
         FROM app.notes WHERE order_id = $1 ORDER BY written_at, note",
    )
    .bind(order)
    .fetch_all(pool)
    .await?;
    if !notes.is_empty() {
        println!("\nNotes");
    }
    for (at, author, text) in notes {
        println!("{at}  {author}\u{a0}: {text}");
    }
    Ok(())
}

/// Where an order stands, in French.
pub(super) fn status(status: &str) -> &str {
    match status {
        "pending" => "à payer",
        "awaiting" => "paiement en cours à la banque",
        "expired" => "non payée, page de paiement fermée",
        "paid" => "payée, en fabrication",
        "held" => "paiement à vérifier",
        "delivered" => "livrée",
        "failed" => "fabrication interrompue",
        "cancelled" => "annulée",
        "refunded" => "remboursée",
        other => other,
    }
}

fn mail(state: Option<&str>) -> &str {
    match state {
        None => "aucun",
        Some("sent") => "envoyé",
        Some("deferred") => "retardé par le serveur du destinataire",
        Some("failed") => "non envoyé",
        Some("delivered") => "arrivé",
        Some("unsubscribed") => "arrivé, destinataire désabonné",
        Some("complained") => "arrivé, signalé indésirable",
        Some("bounced") => "non remis",
        Some(other) => other,
    }
}

/// Who did it, in French; accounts and programs keep their names.
fn actor(name: &str) -> String {
    match name.split_once(':') {
        Some(("system", program)) => format!("le système ({program})"),
        Some(("staff", account)) => account.to_owned(),
        _ => match name {
            "customer" => "le client",
            "stripe" => "Stripe",
            "brevo" => "Brevo",
            other => other,
        }
        .to_owned(),
    }
}
