//! Our own links to what a customer bought: the report, and its figures as a spreadsheet and as data. A link can expire
//! and be revoked, and never ends in a void.

pub mod annex_csv;
pub mod annex_json;
mod closed;
pub mod report;
pub mod sheet;

use axum::{
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use domain::ports::{LinkKind, LinkState};
use projections::{
    order_summary::query::find,
    report_status::query::{ReportStatus, latest_of_order},
};

use crate::{deps::Deps, problem::Problem, site::page};
use closed::Closed;

/// Why no file is given.
pub enum Refusal {
    /// The page or the problem of a link that does not open.
    Closed(Box<Response>),
    Problem(Problem),
}

impl<T: Into<Problem>> From<T> for Refusal {
    fn from(problem: T) -> Self {
        Self::Problem(problem.into())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Closed(response) => *response,
            Self::Problem(problem) => problem.into_response(),
        }
    }
}

/// The report behind a link. One rule for all files: a live link of an order that is neither refunded nor disputed. A
/// browser gets a page that says why there is none.
async fn open(deps: &Deps, headers: &HeaderMap, token: &str) -> Result<ReportStatus, Refusal> {
    let order = match deps.links.resolve(LinkKind::Download, token, deps.clock.now()).await? {
        LinkState::Open { order } => order,
        LinkState::Expired { order } => return Err(told(deps, headers, &Closed::Expired { order })),
        LinkState::Revoked { order } => return Err(told(deps, headers, &Closed::Revoked { order })),
        LinkState::Unknown => return Err(told(deps, headers, &Closed::Unknown)),
    };
    let summary = find(&deps.read, order).await?.ok_or_else(Problem::unavailable)?;
    match (summary.status.as_str(), &summary.disputed) {
        ("refunded", _) => return Err(told(deps, headers, &Closed::Refunded { order })),
        (_, Some(_)) => return Err(told(deps, headers, &Closed::Disputed { order })),
        _ => {}
    }
    Ok(latest_of_order(&deps.read, order).await?.ok_or_else(Problem::unavailable)?)
}

fn told(deps: &Deps, headers: &HeaderMap, closed: &Closed) -> Refusal {
    let response = if page::wanted(headers) { closed.page(deps) } else { closed.problem().into_response() };
    Refusal::Closed(Box::new(response))
}

fn count(file: &'static str) {
    metrics::counter!("lobster_downloads_total", "file" => file).increment(1);
}
