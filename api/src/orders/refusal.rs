//! What an order refuses its customer, in French.

use axum::http::StatusCode;
use domain::{
    command::CommandError,
    order::{OrderError, OrderState},
};

use crate::problem::Problem;

/// The problem of a command that the order did not take.
pub fn refused(error: CommandError) -> Problem {
    match error {
        CommandError::Order(OrderError::PaymentUnderWay { .. }) => under_way(),
        CommandError::Order(OrderError::NotNow { state: OrderState::Cancelled, .. }) => cancelled(),
        CommandError::Order(OrderError::NotNow { .. }) => paid(),
        other => other.into(),
    }
}

/// 409: the bank has not said yet how a payment ends.
pub fn under_way() -> Problem {
    Problem::new(StatusCode::CONFLICT, "payment.under_way", "Un paiement est déjà en cours").detail(
        "La banque traite encore un paiement de cette commande, ce qui prend parfois quelques jours. Attendez son \
         issue\u{a0}: vous ne serez pas débité deux fois.",
    )
}

/// 409: nobody will pay.
pub fn cancelled() -> Problem {
    Problem::new(StatusCode::CONFLICT, "order.cancelled", "Commande annulée")
        .detail("Cette commande a été annulée. Passez-en une nouvelle pour obtenir le rapport.")
}

/// 409: money has moved.
pub fn paid() -> Problem {
    Problem::new(StatusCode::CONFLICT, "order.already_paid", "Commande déjà payée").detail(
        "Un paiement est enregistré pour cette commande\u{a0}: elle ne peut être ni payée ni annulée ici. Écrivez-nous \
         pour un remboursement.",
    )
}
