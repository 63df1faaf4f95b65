//! The double of ADEME's open data: energy certificates of any commune, with the traps of the live service.

mod commune;
mod country;
mod dataset;
mod filter;
mod geography;
mod groups;
mod interval;
mod lines;
mod load;
mod measure;
mod metrics;
mod query;
mod row;
mod select;
mod suffix;

pub use load::{Load, load};

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::call::{self, Ask, Call};
use crate::door::{self, Cut};
use crate::world::World;
use dataset::Dataset;
use row::{COLUMNS, Row};

/// Every scenario of the data sets.
pub const SCENARIOS: [&str; 5] = ["down", "slow", "truncated_json", "reindexing", "column_missing"];
/// What the scenario `slow` takes: callers give up after 15 s.
const SLOW: Duration = Duration::from_secs(14);
/// Seconds of sandbox time that the scenario `reindexing` lasts.
const REINDEXING_S: i64 = 60;
/// Routes of the live service that nobody here asks for.
const NOT_DOUBLED: [&str; 9] =
    ["geo_agg", "words_agg", "min", "max", "full", "raw", "convert", "safe-schema", "metadata-attachments"];

/// Lines by data set and commune.
#[derive(Default)]
pub struct Store {
    loaded: BTreeMap<(Dataset, String), Arc<Vec<Row>>>,
    generated: BTreeMap<(Dataset, String), Arc<Vec<Row>>>,
    /// Until when every answer is 503.
    reindexing_until: Option<DateTime<Utc>>,
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

    fn not_found(sentence: impl Into<String>) -> Self {
        Self { status: StatusCode::NOT_FOUND, sentence: sentence.into() }
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
        ("GET", ["data-fair", "api", "v1", "datasets", _, "values", _]) => "values",
        _ => "unknown",
    };
    let call = &*call;
    door::pass(world, call, |scenario| async move {
        let ask = Ask { world, call, scenario: scenario.as_deref() };
        if let Some(early) = scene(&ask).await {
            return early;
        }
        work(&ask).unwrap_or_else(|refusal| call::text(refusal.status, refusal.sentence))
    })
    .await
}

/// Scenarios and traps that come before the question is looked at.
async fn scene(ask: &Ask<'_>) -> Option<Response> {
    match ask.scenario {
        Some("down") => return Some(page(StatusCode::BAD_GATEWAY, "502 Bad Gateway")),
        Some("reindexing") => {
            let until = ask.world.clock.now() + TimeDelta::seconds(REINDEXING_S);
            ask.world.ademe.lock().reindexing_until = Some(until);
        }
        Some("slow") => tokio::time::sleep(SLOW).await,
        _ => {}
    }
    if ask.world.ademe.lock().reindexing_until.is_some_and(|until| ask.world.clock.now() < until) {
        return Some(call::text(StatusCode::SERVICE_UNAVAILABLE, "Jeu de données en cours de traitement"));
    }
    let agent = ask.call.header("user-agent").unwrap_or_default().trim();
    // The gateway's filter looks at the raw query, whatever the value.
    let filtered = ask.call.param("qs").is_some_and(|qs| qs.contains("code_postal_ban"));
    (agent.is_empty() || filtered).then(|| page(StatusCode::FORBIDDEN, "403 Forbidden"))
}

fn work(ask: &Ask<'_>) -> Result<Response, Refusal> {
    let dataset = dataset::find(ask.call.segment(4))?;
    let mut link = None;
    let mut body = match ask.call.operation {
        "lines" => {
            let (body, next) = lines::lines(ask, dataset)?;
            link = next;
            body
        }
        "values_agg" => groups::values(ask, dataset)?,
        "metric_agg" => metrics::metric(ask, dataset)?,
        "simple_metrics_agg" => metrics::simple(ask, dataset)?,
        "values" => metrics::values(ask, dataset, ask.call.segment(6))?,
        "schema" => Value::Array(select::columns(ask).into_iter().map(|column| COLUMNS[column].to_json()).collect()),
        _ if NOT_DOUBLED.contains(&ask.call.segment(5)) => {
            return Err(Refusal::not_doubled(format!("the route {}", ask.call.segment(5))));
        }
        _ => return Err(Refusal::not_found(format!("{} introuvable", ask.call.target))),
    };
    if let (Some(hint), Value::Object(fields)) = (select::hint(ask), &mut body) {
        fields.insert("hint".into(), json!(hint));
    }
    let mut text = body.to_string();
    if ask.scenario == Some("truncated_json") {
        text = text.chars().take(text.chars().count() / 2).collect();
    }
    let mut response = call::with_type(StatusCode::OK, "application/json; charset=utf-8", text);
    if let Some(next) = link {
        call::set_header(&mut response, "link", &format!("<{next}>; rel=next"));
    }
    Ok(response)
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
