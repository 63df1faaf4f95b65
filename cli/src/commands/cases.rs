//! `lobster cases`: what waits for a person, and closing it with a note.

use anyhow::Context as _;
use infra::config::Place;
use projections::support_case::query::{self, SupportCase};
use uuid::Uuid;

use crate::{
    args::{Cases, Doing},
    desk::{Desk, confirmed},
};

pub async fn run(place: &Place, command: Cases) -> anyhow::Result<()> {
    let desk = Desk::open(place).await?;
    let result = match command {
        Cases::List { all } => list(&desk, all).await,
        Cases::Close { case, note, order, doing } => close(&desk, case, &note, order, &doing).await,
    };
    desk.close().await?;
    result
}

async fn list(desk: &Desk, all: bool) -> anyhow::Result<()> {
    let cases = query::list(&desk.pool, all).await?;
    for case in &cases {
        tell(case);
    }
    let open = cases.iter().filter(|case| case.is_open()).count();
    println!("{open}\u{a0}dossier(s) ouvert(s).");
    Ok(())
}

async fn close(desk: &Desk, id: Uuid, note: &str, order: Option<Uuid>, doing: &Doing) -> anyhow::Result<()> {
    let case = query::find(&desk.pool, id).await?;
    let case = case.with_context(|| format!("there is no case {id}: look at `lobster cases list`"))?;
    tell(&case);
    if !case.is_open() {
        println!("Ce dossier est déjà clos.");
        return Ok(());
    }
    let order = case.order_id.or(order).context("this case names no order: say with --order which one tells it")?;
    if confirmed(doing, &format!("Clore ce dossier par une note sur la commande {order}."))? {
        desk.note(doing, order, note, Some(id)).await?;
        println!("Dossier clos.");
    }
    Ok(())
}

/// A case on two lines.
pub fn tell(case: &SupportCase) {
    let state = match (&case.closed_at, &case.closed_by) {
        (Some(at), Some(by)) => format!("clos le {} ({})", at.format("%d/%m/%Y %H:%M"), api::title(by)),
        _ => "ouvert".to_owned(),
    };
    let opened = case.opened_at.format("%d/%m/%Y %H:%M");
    println!("{}  {opened}  {}, {state}", case.case_id, named(&case.kind));
    let order = case.order_id.map_or_else(|| "sans commande".to_owned(), |order| format!("commande {order}"));
    let owed = match case.owed_cents {
        0 => String::new(),
        cents => format!(", {} dont {} rendus", api::money(cents, "eur"), api::money(case.returned_cents, "eur")),
    };
    println!("    {order}, {}{owed}", case.about);
}

fn named(kind: &str) -> &str {
    match kind {
        "payment_held" => "Paiement mis de côté",
        "order_failed" => "Fabrication interrompue",
        "order_overdue" => "Livraison en retard",
        "refund_failed" => "Remboursement non abouti",
        "dispute" => "Paiement contesté",
        "mail_bounced" => "E-mail non remis",
        "mail_failed" => "E-mail non envoyé",
        "mail_complained" => "E-mail signalé indésirable",
        "reconciliation" => "Écart avec le prestataire de paiement",
        other => other,
    }
}
