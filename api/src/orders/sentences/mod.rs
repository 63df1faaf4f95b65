//! What happened, in a French sentence: the event's type and the amounts, counts and reasons that go with it.

mod making;
mod money;

use chrono::{DateTime, Datelike as _};
use serde_json::Value;

use crate::french;

/// One sentence; empty for an event of a later version.
#[must_use]
pub fn sentence(event_type: &str, detail: &Value) -> String {
    let told = Told(detail);
    money::sentence(event_type, &told).or_else(|| making::sentence(event_type, &told)).unwrap_or_default()
}

/// The detail of a line, as sentences ask for it.
struct Told<'a>(&'a Value);

impl Told<'_> {
    fn word(&self, field: &str) -> &str {
        self.0[field].as_str().unwrap_or_default()
    }

    fn number(&self, field: &str) -> i64 {
        self.0[field].as_i64().unwrap_or_default()
    }

    /// The amount in a field, with the currency beside it.
    fn money(&self, field: &str) -> String {
        french::money(self.number(field), self.word("currency"))
    }

    /// « 22 décembre 2026 », in Universal Time.
    fn day(&self, field: &str) -> Option<String> {
        let at = DateTime::parse_from_rfc3339(self.word(field)).ok()?;
        Some(french::day(at.year(), at.month(), at.day()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::titles::variants;
    use super::*;

    #[test]
    fn every_event_has_a_french_sentence() {
        let names = [
            variants(include_str!("../../../../domain/src/order/event.rs")),
            variants(include_str!("../../../../domain/src/report/event.rs")),
        ]
        .concat();
        assert!(names.len() >= 31, "the names of events were not found in the domain's source");
        for name in names {
            let told = sentence(name, &json!({}));
            assert!(told.ends_with('.') && told.len() > 10, "{name}: {told:?}");
        }
        assert_eq!(sentence("OrderTeleported", &json!({})), "");
    }

    #[test]
    fn amounts_and_reasons_are_told_in_french() {
        let told = |event_type, detail: Value| sentence(event_type, &detail);
        assert_eq!(
            told("PaymentHeld", json!({"paid_cents": 134_799, "currency": "eur", "reason": "amount"})),
            "1\u{202f}347,99\u{a0}€ reçus et mis de côté\u{a0}: le montant diffère de celui de la commande. Une personne vérifie."
        );
        assert_eq!(
            told("PaymentHeld", json!({"paid_cents": 34_800, "currency": "eur", "reason": "already_settled"})),
            "348\u{a0}€ reçus et mis de côté\u{a0}: la commande n’attendait plus de paiement. Cette somme est rendue."
        );
        assert_eq!(
            told(
                "RefundRequested",
                json!({"amount_cents": 10_000, "currency": "eur", "reason": "requested_by_customer"})
            ),
            "Remboursement de 100\u{a0}€ demandé, à la demande du client."
        );
        assert_eq!(
            told(
                "RefundFailed",
                json!({"amount_cents": 10_000, "currency": "eur", "reason": "expired_or_canceled_card"})
            ),
            "Le remboursement de 100\u{a0}€ n’a pas abouti\u{a0}: la carte est expirée ou annulée. Une personne s’en charge."
        );
        assert_eq!(
            told("DisputeClosed", json!({"outcome": "lost"})),
            "La banque a repris la somme contestée. Le téléchargement reste fermé."
        );
        assert_eq!(
            told("DownloadLinkIssued", json!({"number": 2, "expires_at": "2026-12-22T09:00:00Z"})),
            "Un nouveau lien ouvre le rapport jusqu’au 22\u{a0}décembre\u{a0}2026."
        );
    }

    #[test]
    fn what_was_announced_is_told_with_the_order() {
        let placed = |eligibility: &str| {
            let detail = json!({"study": "TER-01", "commune": "44109", "ttc_cents": 9_480, "eligibility": eligibility});
            sentence("OrderPlaced", &detail)
        };
        let order = "Étude TER-01 pour la commune 44109, 94,80\u{a0}€ TTC.";
        assert_eq!(placed("full"), order);
        assert_eq!(placed("reduced"), format!("{order} Des pages manqueront, comme annoncé."));
        assert_eq!(placed("epci_scope"), format!("{order} Elle porte sur l’intercommunalité, comme annoncé."));
    }

    #[test]
    fn a_vendor_that_delayed_a_step_is_told_as_such() {
        let step = |step: &str, class: &str, attempt: u32| {
            sentence("StepFailed", &json!({"step": step, "class": class, "attempt": attempt}))
        };
        assert_eq!(
            step("write", "transient", 1),
            "Rédaction\u{a0}: le modèle n’a pas répondu (1re\u{a0}tentative), nouvel essai ou, à défaut, nos règles."
        );
        assert_eq!(
            step("write", "refused", 2),
            "Rédaction\u{a0}: le modèle a refusé la demande (2e\u{a0}tentative), nos règles écrivent à sa place."
        );
        assert_eq!(
            step("store", "refused", 1),
            "Archivage\u{a0}: l’archivage a été refusé (1re\u{a0}tentative), la fabrication s’arrête."
        );
        let retried = json!({"service": "anthropic", "operation": "messages.create",
                             "failures": ["HTTP 529 (request req_1)", "no answer in time"]});
        assert_eq!(
            sentence("VendorCallRetried", &retried),
            "Le modèle de rédaction n’a pas répondu aussitôt (erreur 529, puis aucune réponse), un nouvel essai a suffi."
        );
        let by_rules = json!({"by_block": {"p1": "rules", "p2": "rules"}});
        assert_eq!(
            sentence("NarrativeAccepted", &by_rules),
            "Texte écrit par nos règles, sans le modèle\u{a0}: 2\u{a0}passages."
        );
    }
}
