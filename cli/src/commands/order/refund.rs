//! `lobster order refund`: what would go back and what follows from it, then the request.

use anyhow::Context as _;
use domain::{
    order::{OrderCommand, RefundReason},
    ports::Ids as _,
};
use infra::ids::TimeIds;
use projections::order_payment::query::{OrderPayment, of_order};
use uuid::Uuid;

use super::summary;
use crate::{
    args::{Cents, Doing},
    desk::{Desk, confirmed},
};

/// What is to go back.
pub(super) struct Wish {
    pub order: Uuid,
    /// None: all that is left.
    pub amount: Option<Cents>,
    /// None: the payment that paid the order.
    pub payment: Option<String>,
    pub reason: RefundReason,
    pub dry_run: bool,
}

pub(super) async fn refund(desk: &Desk, wish: Wish, doing: &Doing) -> anyhow::Result<()> {
    let id = wish.order;
    let order = summary(desk, id).await?;
    let payments = of_order(&desk.pool, id).await?;
    let known: Vec<&str> = payments.iter().map(|payment| payment.payment.as_str()).collect();
    let wanted = wish
        .payment
        .or(order.payment.clone())
        .context("no money has moved for this order: there is nothing to refund")?;
    let payment = payments.iter().find(|payment| payment.payment == wanted);
    let payment =
        payment.with_context(|| format!("payment {wanted} is none of this order's: name one of {known:?}"))?;
    let (left, amount) = share(payment, wish.amount)?;
    let money = |cents| api::money(cents, &payment.currency);
    println!(
        "Commande {id}, paiement {wanted}\u{a0}: {} reçus, {} déjà rendus.",
        money(payment.paid_cents),
        money(payment.refunded_cents)
    );
    let follows = match (amount == left, order.payment_is(&wanted)) {
        (true, true) => "La commande sera remboursée en entier et son téléchargement fermé.",
        (false, true) => "Le rapport restera à télécharger.",
        (_, false) => "Ce paiement n’est pas celui de la commande\u{a0}: elle ne change pas.",
    };
    let what = format!(
        "Rendre {} sur le moyen de paiement\u{a0}; il restera {}. {follows}",
        money(amount),
        money(left - amount)
    );
    if wish.dry_run {
        println!("{what}\nEssai à blanc\u{a0}: rien n’a été fait.");
        return Ok(());
    }
    if confirmed(doing, &what)? {
        let request = OrderCommand::RequestRefund {
            refund: TimeIds.next(),
            payment: Some(wanted),
            amount_cents: Some(amount),
            reason: wish.reason,
        };
        desk.act(doing, id, request).await?;
        println!("Remboursement demandé\u{a0}; le service le transmet au prestataire de paiement.");
    }
    Ok(())
}

/// What is left of a payment, and what of it goes back, in cents.
fn share(payment: &OrderPayment, amount: Option<Cents>) -> anyhow::Result<(i64, i64)> {
    let left = payment.paid_cents - payment.refunded_cents;
    let amount = amount.map_or(left, |Cents(cents)| cents);
    anyhow::ensure!(left > 0, "payment {} went back whole already", payment.payment);
    let written = api::money(left, &payment.currency);
    anyhow::ensure!(amount <= left, "only {written} are left of payment {}: ask for less", payment.payment);
    Ok((left, amount))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_more_goes_back_than_is_left() {
        let payment = |refunded_cents| OrderPayment {
            payment: "pi_1".to_owned(),
            session: "cs_1".to_owned(),
            paid_cents: 34_800,
            currency: "eur".to_owned(),
            refunded_cents,
        };
        assert_eq!(share(&payment(0), None).unwrap(), (34_800, 34_800));
        assert_eq!(share(&payment(10_000), Some(Cents(4_800))).unwrap(), (24_800, 4_800));
        assert!(share(&payment(10_000), Some(Cents(24_801))).is_err());
        assert!(share(&payment(34_800), None).is_err());
    }
}
