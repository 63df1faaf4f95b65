//! `lobster order`: what a person of the staff sees of an order and may do with it. Each act says what will happen, asks,
//! and is an event under the name of whoever asked.

mod refund;
mod show;

use anyhow::Context as _;
use domain::order::OrderCommand;
use infra::config::Place;
use projections::order_summary::query::{self, OrderSummary};
use uuid::Uuid;

use crate::{
    args::{Doing, Order},
    desk::{Desk, confirmed},
};

pub async fn run(place: &Place, command: Order) -> anyhow::Result<()> {
    let desk = Desk::open(place).await?;
    let result = match command {
        Order::Show { id } => show::show(&desk, id).await,
        Order::Refund { id, amount, payment, reason, dry_run, doing } => {
            let wish = refund::Wish { order: id, amount, payment, reason: reason.into(), dry_run };
            refund::refund(&desk, wish, &doing).await
        }
        Order::Cancel { id, doing } => cancel(&desk, id, &doing).await,
        Order::AcceptPayment { id, doing } => accept(&desk, id, &doing).await,
        Order::Note { id, text, closes, doing } => note(&desk, id, &text, closes, &doing).await,
    };
    desk.close().await?;
    result
}

/// The order's row, or what to do when there is none.
async fn summary(desk: &Desk, order: Uuid) -> anyhow::Result<OrderSummary> {
    let found = query::find(&desk.pool, order).await?;
    found.with_context(|| format!("no order {order} is known: is the id complete, and has `lobster serve` run since?"))
}

async fn cancel(desk: &Desk, id: Uuid, doing: &Doing) -> anyhow::Result<()> {
    let order = summary(desk, id).await?;
    let unpaid = matches!(order.status.as_str(), "pending" | "expired" | "cancelled");
    anyhow::ensure!(unpaid, "this order is {}: only one that nobody has paid can be cancelled", order.status);
    println!("Commande {id}\u{a0}: {}", show::status(&order.status));
    let what = "Annuler cette commande\u{a0}: sa page de paiement sera fermée, et un paiement qui arriverait quand même sera rendu.";
    if confirmed(doing, what)? {
        let changed = desk.act(doing, id, OrderCommand::Cancel { by: "staff".to_owned() }).await?;
        println!("{}", if changed { "Commande annulée." } else { "Elle était déjà annulée." });
    }
    Ok(())
}

async fn accept(desk: &Desk, id: Uuid, doing: &Doing) -> anyhow::Result<()> {
    let order = summary(desk, id).await?;
    anyhow::ensure!(order.status == "held", "no held money waits on this order: it is {}", order.status);
    let (paid, price) = (api::money(order.paid_cents, &order.currency), api::money(order.ttc_cents, &order.currency));
    println!("Commande {id}\u{a0}: {}", show::status(&order.status));
    let what = format!(
        "Prendre les {paid} reçus comme paiement de cette commande de {price}\u{a0}: la fabrication commencera."
    );
    if confirmed(doing, &what)? {
        let changed = desk.act(doing, id, OrderCommand::AcceptPayment).await?;
        println!("{}", if changed { "Paiement accepté." } else { "La commande était déjà payée." });
    }
    Ok(())
}

async fn note(desk: &Desk, id: Uuid, text: &str, closes: Option<Uuid>, doing: &Doing) -> anyhow::Result<()> {
    summary(desk, id).await?;
    if let Some(case) = closes {
        let found = projections::support_case::query::find(&desk.pool, case).await?;
        super::cases::tell(&found.with_context(|| format!("there is no case {case}: look at `lobster cases list`"))?);
    }
    if confirmed(doing, &format!("Ajouter cette note à la commande {id}, sans retouche possible\u{a0}:\n  {text}"))? {
        desk.note(doing, id, text, closes).await?;
        println!("Note enregistrée.");
    }
    Ok(())
}
