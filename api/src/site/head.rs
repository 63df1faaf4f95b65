//! Title and description of each page, in the HTML itself: search engines and shared links see them before any script.

use axum::http::StatusCode;

use super::page::escaped;
use crate::{communes, deps::Deps, shop};

const NAME: &str = "LObsTer";

/// What a page says of itself.
pub struct Head {
    pub status: StatusCode,
    /// `None` keeps the one that was built.
    title: Option<String>,
    description: Option<String>,
}

impl Head {
    fn found(title: impl Into<String>, description: Option<String>) -> Self {
        Self { status: StatusCode::OK, title: Some(title.into()), description }
    }

    fn plain() -> Self {
        Self { status: StatusCode::OK, title: None, description: None }
    }

    fn missing() -> Self {
        Self { status: StatusCode::NOT_FOUND, title: Some("Page introuvable".to_owned()), description: None }
    }

    /// The built page with this head.
    pub fn into_page(self, index: &str) -> String {
        let mut page = index.to_owned();
        if let Some(title) = self.title {
            page = between(&page, "<title>", "</title>", &format!("{title} — {NAME}"));
        }
        if let Some(description) = self.description {
            let at = page.find("name=\"description\"").unwrap_or(page.len());
            let (before, after) = page.split_at(at);
            page = format!("{before}{}", between(after, "content=\"", "\"", &description));
        }
        page
    }
}

/// The head of an address of the front end; 404 where it draws none.
pub async fn of(deps: &Deps, path: &str) -> Head {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    match segments.as_slice() {
        [] => Head::plain(),
        ["etudes"] => Head::found("Les études", None),
        ["etudes", code] => study(deps, code).await,
        ["communes", code] => commune(deps, code).await,
        ["commander", _, _] => Head::found("Commander", None),
        ["paiement", "retour"] => Head::found("Paiement", None),
        ["suivi", _] => Head::found("Suivi de commande", None),
        ["accessibilite"] => Head::found("Accessibilité", None),
        ["mentions-legales"] => Head::found("Mentions légales", None),
        ["cgv"] => Head::found("Conditions générales de vente", None),
        ["confidentialite"] => Head::found("Confidentialité", None),
        _ => Head::missing(),
    }
}

/// A page whose data cannot be read now is served as built: the screen itself tells what is wrong.
async fn study(deps: &Deps, code: &str) -> Head {
    match shop::study(deps, code).await {
        Ok(Some(study)) => Head::found(format!("{}, {}", study.code, study.title), Some(study.promise.to_owned())),
        Ok(None) => Head::missing(),
        Err(_) => Head::plain(),
    }
}

async fn commune(deps: &Deps, code: &str) -> Head {
    if !communes::is_code(code) {
        return Head::missing();
    }
    match deps.territories.commune(code).await {
        Ok(Some(page)) => {
            let (nom, departement) = (&page.commune.nom, &page.commune.departement);
            let title = format!("{nom} ({})", departement.nom);
            let description = format!(
                "Chiffres clés et études territoriales de {nom} ({}, {})\u{a0}: logement, population, équipements.",
                departement.code, departement.nom
            );
            Head::found(title, Some(description))
        }
        Ok(None) => Head::missing(),
        Err(_) => Head::plain(),
    }
}

/// `text` with what stands between two marks replaced; as it was when they are missing.
fn between(text: &str, start: &str, end: &str, replacement: &str) -> String {
    let found = text.find(start).map(|at| at + start.len());
    let span = found.and_then(|from| text[from..].find(end).map(|length| (from, from + length)));
    match span {
        Some((from, to)) => format!("{}{}{}", &text[..from], escaped(replacement), &text[to..]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INDEX: &str = "<title>LObsTer</title>\n<meta\n name=\"description\"\n content=\"Avant\" />";

    #[test]
    fn a_hostile_name_stays_text() {
        let head = Head::found("<script>", Some("\"><script>".to_owned()));
        assert_eq!(
            head.into_page(INDEX),
            "<title>&lt;script&gt; — LObsTer</title>\n<meta\n name=\"description\"\n content=\"&quot;&gt;&lt;script&gt;\" />"
        );
    }

    #[test]
    fn a_page_without_marks_is_left_alone() {
        assert_eq!(Head::found("Titre", Some("Texte".to_owned())).into_page("<p>"), "<p>");
    }
}
