//! What each event is called on a customer's screen. One table; a test checks that no event is missing.

const TITLES: &[(&str, &str)] = &[
    ("OrderPlaced", "Commande enregistrée"),
    ("CheckoutOpened", "Page de paiement ouverte"),
    ("CheckoutExpired", "Page de paiement expirée"),
    ("OrderPaid", "Paiement confirmé"),
    ("PaymentHeld", "Paiement en cours de vérification"),
    ("OrderDelivered", "Rapport livré"),
    ("DownloadLinkIssued", "Lien de téléchargement créé"),
    ("DeliveryEmailSent", "E-mail de livraison envoyé"),
    ("DeliveryEmailBounced", "E-mail de livraison non remis"),
    ("OrderFailed", "Fabrication interrompue"),
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
pub fn title(event_type: &str) -> &str {
    TITLES.iter().find(|(name, _)| *name == event_type).map_or(event_type, |(_, title)| title)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The variants as the domain's own source names them, so that a new event without a title fails here.
    fn variants(source: &str) -> Vec<&str> {
        source.lines().filter_map(|line| line.split_once("=> \"")?.1.strip_suffix("\",")).collect()
    }

    #[test]
    fn every_event_has_a_french_title() {
        let names = [
            variants(include_str!("../../../domain/src/order/event.rs")),
            variants(include_str!("../../../domain/src/report/event.rs")),
        ]
        .concat();
        assert!(names.len() >= 19, "the names of events were not found in the domain's source");
        let untitled: Vec<_> = names.into_iter().filter(|name| title(name) == *name).collect();
        assert_eq!(untitled, Vec::<&str>::new());
    }
}
