//! The front end: files as built, and for every other address the one page that draws it.

mod head;
pub mod page;

use std::path::{Path, PathBuf};

use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderValue, Request, StatusCode, Uri, header},
    middleware::{Next, from_fn},
    response::{Html, IntoResponse, Response},
    routing::get_service,
};
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

use crate::{deps::Deps, problem::Problem};
use page::Page;

/// Names of built files carry a hash of their content.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

/// Built files under `/assets`, and everything else.
pub fn routes(deps: &Deps) -> Router<Deps> {
    let site = Router::new().fallback(any_page);
    match &deps.settings.frontend_dir {
        None => site,
        Some(folder) => {
            let files = Router::new().route("/assets/{*file}", get_service(ServeDir::new(folder)));
            site.merge(files.layer(from_fn(kept_for_ever)))
        }
    }
}

async fn kept_for_ever(request: Request<Body>, next: Next) -> Response {
    let mut response = next.run(request).await;
    if response.status().is_success() {
        response.headers_mut().insert(header::CACHE_CONTROL, FOR_EVER);
    }
    response
}

/// A file at the root (icon, robots.txt) where there is one, else the page of the address.
async fn any_page(State(deps): State<Deps>, request: Request<Body>) -> Response {
    let Some(folder) = &deps.settings.frontend_dir else { return not_built() };
    let uri = request.uri().clone();
    if root_file(&uri, folder).is_some() {
        let served = ServeDir::new(folder).oneshot(request).await;
        return served.map_or_else(|error| Problem::unexpected(&error).into_response(), IntoResponse::into_response);
    }
    match tokio::fs::read_to_string(folder.join("index.html")).await {
        Ok(index) => {
            let head = head::of(&deps, uri.path()).await;
            (head.status, Html(head.into_page(&index))).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "the front end has no index.html: {error}");
            not_built()
        }
    }
}

fn root_file(uri: &Uri, folder: &Path) -> Option<PathBuf> {
    let name = uri.path().strip_prefix('/')?;
    let plain = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\\', '%']) && name != "index.html";
    Some(folder.join(name)).filter(|file| plain && file.is_file())
}

fn not_built() -> Response {
    let shown = Page {
        title: "Les écrans ne sont pas encore construits",
        text: "L’API fonctionne. Pour voir les écrans, lancez « npm ci » puis « npm run build » dans le dossier frontend, \
               et redémarrez le service."
            .to_owned(),
        link: ("/api/docs/".to_owned(), "Voir l’API"),
    };
    page::respond(StatusCode::SERVICE_UNAVAILABLE, &shown)
}
