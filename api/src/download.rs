//! `GET /r/{token}`: our own link to a report. Each click makes a storage link of fifteen minutes; ours can expire and be
//! revoked, and never ends in a void.

use std::time::Duration;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::ports::{LinkKind, LinkState};
use projections::{order_summary::query::find, report_status::query::latest_of_order};
use uuid::Uuid;

use crate::{
    deps::Deps,
    problem,
    problem::Problem,
    request::Segment,
    site::page::{self, Page},
};

const STORAGE_LINK: Duration = Duration::from_secs(15 * 60);

/// A report, by the link that was mailed.
#[utoipa::path(
    get, path = "/r/{token}", operation_id = "download_report", tag = "orders",
    params(("token" = String, Path, description = "As mailed")),
    responses(
        (status = 302, description = "To the report, for fifteen minutes", headers(("Location" = String, description = "Signed storage link"))),
        (status = 403, description = "link.suspended: the payment is disputed; a page for a browser", body = problem::Body, content_type = "application/problem+json"),
        (status = 404, description = "link.unknown; a page for a browser", body = problem::Body, content_type = "application/problem+json"),
        (status = 410, description = "link.expired, link.revoked or link.refunded; a page for a browser", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(State(deps): State<Deps>, headers: HeaderMap, Segment(token): Segment) -> Response {
    match open(&deps, &token).await {
        Ok(Opened::At(address)) => {
            metrics::counter!("lobster_downloads_total").increment(1);
            (StatusCode::FOUND, [(header::LOCATION, address)]).into_response()
        }
        Ok(Opened::Closed(closed)) if page::wanted(&headers) => closed.page(&deps),
        Ok(Opened::Closed(closed)) => closed.problem().into_response(),
        Err(problem) => problem.into_response(),
    }
}

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

enum Opened {
    At(String),
    Closed(Closed),
}

enum Closed {
    Unknown,
    Expired { order: Uuid },
    Revoked { order: Uuid },
    Refunded { order: Uuid },
    Disputed { order: Uuid },
}

async fn open(deps: &Deps, token: &str) -> Result<Opened, Problem> {
    let order = match deps.links.resolve(LinkKind::Download, token, deps.clock.now()).await? {
        LinkState::Open { order } => order,
        LinkState::Expired { order } => return Ok(Opened::Closed(Closed::Expired { order })),
        LinkState::Revoked { order } => return Ok(Opened::Closed(Closed::Revoked { order })),
        LinkState::Unknown => return Ok(Opened::Closed(Closed::Unknown)),
    };
    let summary = find(&deps.read, order).await?.ok_or_else(Problem::unavailable)?;
    match (summary.status.as_str(), &summary.disputed) {
        ("refunded", _) => return Ok(Opened::Closed(Closed::Refunded { order })),
        (_, Some(_)) => return Ok(Opened::Closed(Closed::Disputed { order })),
        _ => {}
    }
    let report = latest_of_order(&deps.read, order).await?;
    let key = report.and_then(|report| report.storage_key).ok_or_else(Problem::unavailable)?;
    Ok(Opened::At(deps.storage.link(&key, STORAGE_LINK).await?))
}

impl Closed {
    fn problem(&self) -> Problem {
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

    fn page(&self, deps: &Deps) -> Response {
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
