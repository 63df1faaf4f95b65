//! A link that does not open says why, and where to go on.

use axum::{http::StatusCode, response::Response};
use domain::ports::LinkKind;
use uuid::Uuid;

use crate::{
    deps::Deps,
    problem::Problem,
    site::page::{self, Page},
};

/// Title and sentence of a report that its buyer has the money back for.
const REFUNDED: (&str, &str) = (
    "Commande remboursée",
    "Cette commande a été remboursée\u{a0}: son rapport n’est plus à télécharger. La page de suivi en garde l’historique.",
);
/// Title and sentence of a report whose payment is contested.
const DISPUTED: (&str, &str) = (
    "Téléchargement suspendu",
    "Le paiement de cette commande est contesté auprès de la banque\u{a0}: le téléchargement reste fermé tant que la \
     contestation n’est pas levée.",
);

/// Why a link gives no file.
pub enum Closed {
    Unknown,
    Expired { order: Uuid },
    Revoked { order: Uuid },
    Refunded { order: Uuid },
    Disputed { order: Uuid },
}

impl Closed {
    /// For programs.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Unknown => Problem::new(StatusCode::NOT_FOUND, "link.unknown", "Lien inconnu").detail(
                "Ce lien ne correspond à aucun rapport. Vérifiez qu’il a été copié en entier depuis votre e-mail.",
            ),
            Self::Expired { .. } => Problem::new(StatusCode::GONE, "link.expired", "Lien expiré").detail(
                "Ce lien n’est plus valable. Votre rapport est toujours disponible à la page de suivi de votre commande.",
            ),
            Self::Revoked { order } => Problem::new(StatusCode::GONE, "link.revoked", "Lien désactivé").detail(format!(
                "Ce lien a été désactivé. Écrivez-nous en citant la commande {order} pour recevoir votre rapport."
            )),
            Self::Refunded { .. } => Problem::new(StatusCode::GONE, "link.refunded", REFUNDED.0).detail(REFUNDED.1),
            Self::Disputed { .. } => Problem::new(StatusCode::FORBIDDEN, "link.suspended", DISPUTED.0).detail(DISPUTED.1),
        }
    }

    /// For people.
    pub fn page(&self, deps: &Deps) -> Response {
        let follow = |order: Uuid| format!("/suivi/{}", deps.links.derive(order, LinkKind::Follow, 1));
        let told = |(title, text): (&'static str, &str), address: String| Page {
            title,
            text: text.to_owned(),
            link: (address, "Ouvrir la page de suivi"),
        };
        let shown = match self {
            Self::Unknown => Page {
                title: "Lien inconnu",
                text:
                    "Ce lien ne correspond à aucun rapport. Vérifiez qu’il a été copié en entier depuis votre e-mail."
                        .to_owned(),
                link: ("/".to_owned(), "Retour à l’accueil"),
            },
            // Whoever had this link had the report: the follow-up page tells nothing more.
            Self::Expired { order } => Page {
                title: "Lien expiré",
                text:
                    "Les liens de téléchargement durent trente jours. Votre rapport reste à vous\u{a0}: retrouvez-le à \
                       la page de suivi de votre commande."
                        .to_owned(),
                link: (follow(*order), "Ouvrir la page de suivi"),
            },
            // Perhaps revoked because it had reached a stranger: it leads nowhere.
            Self::Revoked { order } => Page {
                title: "Lien désactivé",
                text: format!(
                    "Ce lien a été désactivé. Écrivez-nous en citant la commande {order} pour recevoir votre rapport."
                ),
                link: ("/mentions-legales".to_owned(), "Nous écrire"),
            },
            Self::Refunded { order } => told(REFUNDED, follow(*order)),
            Self::Disputed { order } => told(DISPUTED, follow(*order)),
        };
        let status = match self {
            Self::Unknown => StatusCode::NOT_FOUND,
            Self::Disputed { .. } => StatusCode::FORBIDDEN,
            Self::Expired { .. } | Self::Revoked { .. } | Self::Refunded { .. } => StatusCode::GONE,
        };
        page::respond(status, &shown)
    }
}
