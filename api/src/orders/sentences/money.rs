//! Sentences about the order itself: money, mail, links, notes.

use super::Told;
use crate::french::{counted, ordinal};

pub(super) fn sentence(event_type: &str, told: &Told) -> Option<String> {
    Some(match event_type {
        "OrderPlaced" => {
            let (study, commune, price) = (told.word("study"), told.word("commune"), told.money("ttc_cents"));
            let announced = match told.word("eligibility") {
                "reduced" => " Des pages manqueront, comme annoncé.",
                "epci_scope" => " Elle porte sur l’intercommunalité, comme annoncé.",
                _ => "",
            };
            format!("Étude {study} pour la commune {commune}, {price} TTC.{announced}")
        }
        "CheckoutOpened" => match told.number("attempt") {
            ..=1 => "La page de paiement est prête.".to_owned(),
            n => format!("Une {} page de paiement est prête.", ordinal(n)),
        },
        "CheckoutExpired" => "La page de paiement s’est fermée sans paiement. Rien n’a été débité.".to_owned(),
        "PaymentInitiated" => {
            "Un paiement qui prend quelques jours a commencé. La banque dira s’il aboutit.".to_owned()
        }
        "PaymentFailed" => {
            "Le paiement n’a pas abouti. Rien n’a été débité\u{a0}; la commande peut être payée à nouveau.".to_owned()
        }
        "OrderPaid" => format!("{} reçus.", told.money("paid_cents")),
        "PaymentHeld" => {
            format!("{} reçus et mis de côté\u{a0}: {}", told.money("paid_cents"), held(told.word("reason")))
        }
        "OrderDelivered" => "Le rapport est à télécharger à la page de suivi.".to_owned(),
        "DownloadLinkIssued" => {
            let which = if told.number("number") > 1 { "Un nouveau lien ouvre" } else { "Un lien ouvre" };
            let until = told.day("expires_at").map_or_else(String::new, |day| format!(" jusqu’au {day}"));
            format!("{which} le rapport{until}.")
        }
        "DeliveryEmailSent" => "L’e-mail qui contient le lien est parti.".to_owned(),
        "DeliveryEmailBounced" => format!("L’e-mail n’a pas été remis\u{a0}: {}.", bounced(told.word("reason"))),
        "DeliveryEmailTracked" => tracked(told.word("status")).to_owned(),
        "DeliveryEmailFailed" => {
            let why = match told.word("reason") {
                "refused" => "le service d’envoi l’a refusé",
                _ => "le service d’envoi n’a pas répondu",
            };
            format!("L’e-mail n’a pas pu partir\u{a0}: {why}. Le rapport reste à la page de suivi.")
        }
        "RefundRequested" => {
            format!("Remboursement de {} demandé, {}.", told.money("amount_cents"), refund_reason(told.word("reason")))
        }
        "OrderRefunded" => format!("{} rendus sur le moyen de paiement.", told.money("amount_cents")),
        "RefundFailed" => format!(
            "Le remboursement de {} n’a pas abouti\u{a0}: {}. Une personne s’en charge.",
            told.money("amount_cents"),
            refund_failure(told.word("reason"))
        ),
        "DisputeOpened" => format!(
            "Un paiement de {} est contesté auprès de la banque ({}). Le téléchargement est suspendu.",
            told.money("amount_cents"),
            dispute(told.word("reason"))
        ),
        "DisputeClosed" => dispute_end(told.word("outcome")).to_owned(),
        "OrderCancelled" => {
            let who = if told.word("by") == "staff" { "par notre équipe" } else { "à la demande du client" };
            format!("Commande annulée {who}. Rien n’a été débité.")
        }
        "VendorCallRetried" => retried(told),
        "NoteAdded" if told.0["closes"].is_string() => "Notre équipe a clos un dossier par une note.".to_owned(),
        "NoteAdded" => "Notre équipe a ajouté une note.".to_owned(),
        _ => return None,
    })
}

fn held(reason: &str) -> &'static str {
    match reason {
        "amount" => "le montant diffère de celui de la commande. Une personne vérifie.",
        "currency" => "la devise diffère de celle de la commande. Une personne vérifie.",
        "mode" => "ce paiement vient du mode d’essai, ou le service y est. Une personne vérifie.",
        "reference" => "sa référence désigne une autre commande. Une personne vérifie.",
        "already_settled" => "la commande n’attendait plus de paiement. Cette somme est rendue.",
        "already_held" => "un premier paiement attend déjà une vérification. Une personne vérifie.",
        _ => "une personne vérifie.",
    }
}

fn bounced(reason: &str) -> &'static str {
    match reason {
        "hard_bounce" => "le serveur du destinataire le refuse définitivement",
        "blocked" => "l’envoi à cette adresse est bloqué",
        "invalid_email" => "l’adresse n’existe pas",
        _ => "le service d’envoi signale une erreur",
    }
}

fn tracked(status: &str) -> &'static str {
    match status {
        "deferred" => "Le serveur du destinataire fait attendre l’e-mail. L’envoi est retenté.",
        "delivered" => "L’e-mail est arrivé.",
        "unsubscribed" => "Le destinataire ne veut plus recevoir d’e-mails.",
        "complained" => "Le destinataire a signalé l’e-mail comme indésirable.",
        _ => "Le service d’envoi a donné des nouvelles de l’e-mail.",
    }
}

fn refund_reason(reason: &str) -> &'static str {
    match reason {
        "requested_by_customer" => "à la demande du client",
        "duplicate" => "car la commande a été payée plus d’une fois",
        "fraudulent" => "car le paiement est frauduleux",
        _ => "par notre équipe",
    }
}

/// The vendor's words, and ours for a request that never began.
fn refund_failure(reason: &str) -> &'static str {
    match reason {
        "lost_or_stolen_card" => "la carte est perdue ou volée",
        "expired_or_canceled_card" => "la carte est expirée ou annulée",
        "charge_for_pending_refund_disputed" | "charge_disputed" => "le paiement est contesté auprès de la banque",
        "charge_already_refunded" => "la somme a déjà été rendue",
        "insufficient_funds" => "notre compte n’est pas assez approvisionné",
        "declined" => "la banque l’a refusé",
        "merchant_request" | "canceled" => "il a été annulé",
        "unreachable" => "le service de paiement n’a pas répondu",
        _ => "le service de paiement n’a pas dit pourquoi",
    }
}

fn dispute(reason: &str) -> &'static str {
    match reason {
        "fraudulent" => "paiement frauduleux",
        "duplicate" => "paiement en double",
        "product_not_received" => "rapport non reçu",
        "product_unacceptable" => "rapport non conforme",
        "unrecognized" => "paiement non reconnu",
        "credit_not_processed" => "remboursement attendu",
        _ => "motif général",
    }
}

fn dispute_end(outcome: &str) -> &'static str {
    match outcome {
        "won" => "La contestation est close en notre faveur. Le téléchargement est rouvert.",
        "lost" => "La banque a repris la somme contestée. Le téléchargement reste fermé.",
        "warning_closed" | "prevented" => "La contestation est close sans suite. Le téléchargement est rouvert.",
        _ => "La contestation est close.",
    }
}

/// What the log keeps of a failed attempt is a status, or the start of a network error in English.
fn retried(told: &Told) -> String {
    let service = match told.word("service") {
        "stripe" => "Le service de paiement",
        "anthropic" => "Le modèle de rédaction",
        "brevo" => "Le service d’envoi",
        "ademe" => "La source des diagnostics énergétiques",
        "storage" => "L’archivage",
        _ => "Un prestataire",
    };
    let cause = |failure: &str| match failure.strip_prefix("HTTP ").and_then(|rest| rest.split(' ').next()) {
        Some(status) => format!("erreur {status}"),
        None => "aucune réponse".to_owned(),
    };
    let failures: Vec<&str> = told.0["failures"].as_array().into_iter().flatten().filter_map(|f| f.as_str()).collect();
    let causes = match failures.as_slice() {
        [] => String::new(),
        several if several.len() > 3 => format!(" ({})", counted(several.len() as i64, "échec", "échecs")),
        some => format!(" ({})", some.iter().map(|failure| cause(failure)).collect::<Vec<_>>().join(", puis ")),
    };
    format!("{service} n’a pas répondu aussitôt{causes}, un nouvel essai a suffi.")
}
