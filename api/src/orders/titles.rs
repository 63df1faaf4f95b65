//! What each event is called on a customer's screen. One table; a test checks that no event is missing.

const TITLES: &[(&str, &str)] = &[
    ("OrderPlaced", "Commande enregistrée"),
    ("CheckoutOpened", "Page de paiement ouverte"),
    ("CheckoutExpired", "Page de paiement expirée"),
    ("PaymentInitiated", "Paiement en cours à la banque"),
    ("PaymentFailed", "Paiement non abouti"),
    ("OrderPaid", "Paiement confirmé"),
    ("PaymentHeld", "Paiement en cours de vérification"),
    ("OrderDelivered", "Rapport livré"),
    ("DownloadLinkIssued", "Lien de téléchargement créé"),
    ("DeliveryEmailSent", "E-mail de livraison envoyé"),
    ("DeliveryEmailBounced", "E-mail de livraison non remis"),
    ("DeliveryEmailTracked", "Nouvelles de l’e-mail de livraison"),
    ("DeliveryEmailFailed", "E-mail de livraison non envoyé"),
    ("OrderFailed", "Fabrication interrompue"),
    ("OrderOverdue", "Livraison en retard"),
    ("RefundRequested", "Remboursement demandé"),
    ("OrderRefunded", "Remboursement enregistré"),
    ("RefundFailed", "Remboursement non abouti"),
    ("DisputeOpened", "Paiement contesté"),
    ("DisputeClosed", "Contestation close"),
    ("OrderCancelled", "Commande annulée"),
    ("VendorCallRetried", "Nouvel essai auprès d’un prestataire"),
    ("NoteAdded", "Note de notre équipe"),
    ("ReportRequested", "Fabrication du rapport demandée"),
    ("FactsCollected", "Données collectées"),
    ("NarrativeReceived", "Texte proposé par le modèle"),
    ("NarrativeRejected", "Passages du texte refusés au contrôle"),
    ("NarrativeAccepted", "Texte contrôlé et accepté"),
    ("ReportRendered", "Rapport mis en page"),
    ("ReportStored", "Rapport contrôlé et archivé"),
    ("StepFailed", "Étape à reprendre"),
    ("ReportFailed", "Fabrication du rapport abandonnée"),
];

/// French; an event of a later version shows its stored type.
#[must_use]
pub fn title(event_type: &str) -> &str {
    TITLES.iter().find(|(name, _)| *name == event_type).map_or(event_type, |(_, title)| title)
}

/// The variants as the domain's own source names them, so that a new event without its words fails a test.
#[cfg(test)]
pub(super) fn variants(source: &str) -> Vec<&str> {
    source.lines().filter_map(|line| line.split_once("=> \"")?.1.strip_suffix("\",")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_a_french_title() {
        let names = [
            variants(include_str!("../../../domain/src/order/event.rs")),
            variants(include_str!("../../../domain/src/report/event.rs")),
        ]
        .concat();
        assert!(names.len() >= 31, "the names of events were not found in the domain's source");
        let untitled: Vec<_> = names.into_iter().filter(|name| title(name) == *name).collect();
        assert_eq!(untitled, Vec::<&str>::new());
    }
}
