//! The double of ADEME's open data: energy certificates of any commune, with the traps of the live service.

mod aggregate;
mod commune;
mod lines;
mod load;
mod query;
mod row;
mod select;

pub use load::load;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use crate::call::{self, Ask, Call};
use crate::door::{self, Cut};
use crate::world::World;
use row::{COLUMNS, Row};

/// Data sets we double; both have the same columns.
const DATASETS: [&str; 3] = ["dpe03existant", "meg-83tjwtg8dyz4vv7h1dqe", "dpe02neuf"];

/// Every scenario of the data sets.
pub const SCENARIOS: [&str; 5] = ["down", "slow", "truncated_json", "reindexing", "column_missing"];

/// Lines that were loaded, by data set.
#[derive(Default)]
pub struct Store {
    loaded: BTreeMap<String, Vec<Row>>,
}

/// A refusal: a status and a sentence in plain text.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    sentence: String,
}

impl Refusal {
    fn bad(sentence: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, sentence: sentence.into() }
    }

    /// 501: the live service can do it, the double cannot; never a wrong answer instead.
    fn not_doubled(what: impl std::fmt::Display) -> Self {
        Self {
            status: StatusCode::NOT_IMPLEMENTED,
            sentence: format!("The sandbox does not double {what}; the live service may."),
        }
    }
}

/// Answers a call under `/ademe`.
///
/// # Errors
/// [`Cut`] when a fault cuts the connection.
pub async fn answer(world: &Arc<World>, call: &mut Call) -> Result<Response, Cut> {
    call.operation = match (call.method.as_str(), call.path().as_slice()) {
        ("GET", ["data-fair", "api", "v1", "datasets", _, route]) => match *route {
            "lines" => "lines",
            "values_agg" => "values_agg",
            "metric_agg" => "metric_agg",
            "simple_metrics_agg" => "simple_metrics_agg",
            "schema" => "schema",
            _ => "unknown",
        },
        _ => "unknown",
    };
    let call = &*call;
    door::pass(world, call, |scenario| async move {
        let ask = Ask { world, call, scenario: scenario.as_deref() };
        if let Some(early) = scene(&ask).await {
            return early;
        }
        match work(&ask) {
            Ok(body) if ask.scenario == Some("truncated_json") => {
                let text = body.to_string();
                let half: String = text.chars().take(text.chars().count() / 2).collect();
                call::with_type(StatusCode::OK, "application/json; charset=utf-8", half)
            }
            Ok(body) => call::with_type(StatusCode::OK, "application/json; charset=utf-8", body.to_string()),
            Err(refusal) => call::text(refusal.status, refusal.sentence),
        }
    })
    .await
}

/// Scenarios and traps that come before the question is looked at.
async fn scene(ask: &Ask<'_>) -> Option<Response> {
    match ask.scenario {
        Some("down") => return Some(page(StatusCode::BAD_GATEWAY, "502 Bad Gateway")),
        Some("reindexing") => {
            return Some(call::text(StatusCode::SERVICE_UNAVAILABLE, "Jeu de données en cours de traitement"));
        }
        Some("slow") => tokio::time::sleep(std::time::Duration::from_secs(14)).await,
        None | Some("truncated_json" | "column_missing") => {}
        Some(name) => {
            return Some(call::text(StatusCode::BAD_REQUEST, format!("scenario `{name}` does not exist for ADEME")));
        }
    }
    let agent = ask.call.header("user-agent").unwrap_or_default().trim();
    // The gateway's filter looks at the raw query, whatever the value.
    let filtered = ask.call.param("qs").is_some_and(|qs| qs.contains("code_postal_ban"));
    (agent.is_empty() || filtered).then(|| page(StatusCode::FORBIDDEN, "403 Forbidden"))
}

fn work(ask: &Ask<'_>) -> Result<Value, Refusal> {
    let dataset = ask.call.segment(4);
    if !DATASETS.contains(&dataset) {
        return Err(Refusal {
            status: StatusCode::NOT_FOUND,
            sentence: format!("Jeu de données {dataset} introuvable"),
        });
    }
    match ask.call.operation {
        "lines" => lines::lines(ask, dataset),
        "values_agg" => aggregate::values(ask, dataset),
        "metric_agg" => aggregate::metric(ask, dataset),
        "simple_metrics_agg" => aggregate::simple_metrics(ask, dataset),
        "schema" => Ok(schema(ask.scenario == Some("column_missing"))),
        _ => Err(Refusal { status: StatusCode::NOT_FOUND, sentence: format!("{} introuvable", ask.call.target) }),
    }
}

fn schema(column_missing: bool) -> Value {
    let skipped = usize::from(column_missing);
    Value::Array(
        COLUMNS
            .iter()
            .skip(skipped)
            .map(|column| json!({ "key": column.key, "type": column.kind, "x-originalName": column.key }))
            .collect(),
    )
}

/// What the gateway answers: HTML, never JSON.
fn page(status: StatusCode, title: &str) -> Response {
    call::html(
        status,
        format!("<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>"),
    )
}

/// What a fault of this status looks like.
pub fn failure(status: StatusCode) -> Response {
    match status.as_u16() {
        429 => call::text(
            status,
            "Vous avez dépassé la limite de requêtes autorisées. Merci de réessayer dans quelques instants.",
        ),
        403 | 502 | 504 => page(status, status.canonical_reason().unwrap_or("Error")),
        _ => call::text(status, "Une erreur est survenue, volontairement, dans le bac à sable."),
    }
}
