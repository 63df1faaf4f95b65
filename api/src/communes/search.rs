//! `GET /api/communes?q=`: communes by name, INSEE code or postal code.

use axum::{Json, extract::State};
use domain::ports::CommuneRef;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{deps::Deps, problem, problem::Problem, request::Params, views::Zone};

const SHORTEST: usize = 2;
const LONGEST: usize = 80;
const USUAL: i64 = 10;
const MOST: i64 = 50;

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Request {
    /// At least two characters; accents, hyphens and case do not matter.
    #[param(required = true, value_type = String, min_length = 2, max_length = 80, example = "nant")]
    q: Option<String>,
    /// Most results wanted; 10 unless told.
    #[param(required = false, value_type = i64, minimum = 1, maximum = 50)]
    limit: Option<String>,
}

/// A commune is one, or an arrondissement of Paris, Lyon or Marseille.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CommuneKind {
    Commune,
    Arrondissement,
}

/// A commune in a list of suggestions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestion {
    code: String,
    nom: String,
    departement: Zone,
    codes_postaux: Vec<String>,
    #[schema(required = true)]
    population: Option<i64>,
    kind: CommuneKind,
}

impl From<CommuneRef> for Suggestion {
    fn from(found: CommuneRef) -> Self {
        Self {
            code: found.code,
            nom: found.nom,
            departement: found.departement.into(),
            codes_postaux: found.codes_postaux,
            population: found.population,
            kind: if found.arrondissement { CommuneKind::Arrondissement } else { CommuneKind::Commune },
        }
    }
}

/// Best matches first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Suggestions {
    communes: Vec<Suggestion>,
}

/// Communes whose name, INSEE code or postal code begins or contains what is typed.
#[utoipa::path(
    get, path = "/api/communes", operation_id = "search_communes", tag = "communes", params(Request),
    responses(
        (status = 200, description = "Best matches first; none is an empty list", body = Suggestions),
        (status = 400, description = "request.malformed", body = problem::Body, content_type = "application/problem+json"),
        (status = 422, description = "request.invalid", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(State(deps): State<Deps>, Params(request): Params<Request>) -> Result<Json<Suggestions>, Problem> {
    let (words, limit) = checked(&request)?;
    let found = deps.territories.search(&words, limit).await?;
    Ok(Json(Suggestions { communes: found.into_iter().map(Suggestion::from).collect() }))
}

fn checked(request: &Request) -> Result<(String, i64), Problem> {
    let typed = request.q.as_deref().unwrap_or_default();
    let words = typed.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let words = words.collect::<Vec<_>>().join(" ");
    if !(SHORTEST..=LONGEST).contains(&words.chars().count()) {
        return Err(Problem::invalid_field(
            "q",
            "length",
            "Tapez de 2 à 80 caractères\u{a0}: un nom, un code postal ou un code INSEE.",
        ));
    }
    let limit = match request.limit.as_deref() {
        None => Some(USUAL),
        Some(text) => text.parse().ok().filter(|limit| (1..=MOST).contains(limit)),
    };
    limit
        .map(|limit| (words, limit))
        .ok_or_else(|| Problem::invalid_field("limit", "range", "Le nombre de résultats va de 1 à 50."))
}
