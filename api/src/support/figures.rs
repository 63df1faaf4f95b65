//! `GET /api/support/orders/{id}/figures?format=`: the figures of an order's report, as its customer may fetch them; also
//! where the customer's link is closed.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use projections::report_status::query::latest_of_order;
use serde::Deserialize;
use utoipa::IntoParams;

use super::{not_found, order};
use crate::{
    deps::Deps,
    download::sheet::{Sheet, attached},
    operator::Operator,
    problem,
    problem::Problem,
    request::{Params, Segment},
};

/// In which form.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// `csv`, the default, or `json`.
    format: Option<String>,
}

/// The figures of an order's latest report.
#[utoipa::path(
    get, path = "/api/support/orders/{id}/figures", operation_id = "show_figures", tag = "support",
    params(("id" = uuid::Uuid, Path, description = "The order"), Wanted),
    responses(
        (status = 200, description = "As under /r/{token}/chiffres.csv and /r/{token}/chiffres.json", content_type = "text/csv"),
        (status = 401, description = "operator.unauthorized", body = problem::Body, content_type = "application/problem+json"),
        (status = 404, description = "order.not_found, or report.without_figures: none are collected yet; route.unknown where no token is configured", body = problem::Body, content_type = "application/problem+json"),
        (status = 422, description = "request.invalid: no such form", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(
    _: Operator,
    State(deps): State<Deps>,
    Segment(id): Segment,
    Params(Wanted { format }): Params<Wanted>,
) -> Result<Response, Problem> {
    let order = order(&id)?;
    if deps.history.story(order).await?.is_empty() {
        return Err(not_found());
    }
    let report = latest_of_order(&deps.read, order).await?.filter(|report| report.collected_at.is_some());
    let report = report.ok_or_else(without_figures)?;
    let sheet = Sheet::of(&deps, &report).await?;
    match format.as_deref().unwrap_or("csv") {
        "csv" => {
            let table = (deps.spreadsheet)(&sheet.read()?);
            Ok((attached(&report, "csv", "text/csv; charset=utf-8"), table).into_response())
        }
        "json" => Ok((attached(&report, "json", "application/json"), sheet.bytes).into_response()),
        _ => Err(Problem::invalid_field("format", "value", "Écrivez csv ou json.")),
    }
}

fn without_figures() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "report.without_figures", "Chiffres non réunis")
        .detail("Aucun chiffre n’est encore réuni pour cette commande\u{a0}: la frise dit où elle en est.")
}
