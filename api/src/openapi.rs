//! The OpenAPI document, drawn from the handlers; `api/openapi.json` is its committed copy.

use utoipa::OpenApi;

use crate::router;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "LObsTer",
        license(name = "Proprietary"),
        description = "Territorial studies of French communes. Refusals are RFC 9457 problems: French title and detail, frozen English `code`."
    ),
    tags(
        (name = "communes", description = "Communes and what can be ordered for them"),
        (name = "studies", description = "What we sell"),
        (name = "orders", description = "Orders; the routes of one order need its follow-up token"),
        (name = "webhooks", description = "What vendors tell us"),
        (name = "audit", description = "For auditors: whether the log is what was once recorded; needs the operator token"),
        (name = "support", description = "One order as the staff sees it; needs the operator token"),
        (name = "operations", description = "For the process's keepers")
    )
)]
pub(crate) struct Document;

/// The document, without any running service.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    router::described().into_openapi()
}

/// The document as `api/openapi.json` holds it: pretty, in a stable order, with a final newline.
#[must_use]
pub fn openapi_json() -> String {
    let mut text = openapi().to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}
