//! `GET /api/audit/heads/{older}/consistency/{newer}`: that one signed head extends another.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::Extension;
use crate::{deps::Deps, operator::Operator, problem, problem::Problem, request::no_route};

/// What was proved.
#[derive(Debug, Serialize, ToSchema)]
pub struct Consistency {
    #[serde(flatten)]
    proof: Extension,
    /// French, one sentence.
    text: String,
}

/// Prove that the later of two signed heads extends the earlier one: every seal between them follows from the one before.
/// Compare the earlier one with the copy that you kept.
#[utoipa::path(
    get, path = "/api/audit/heads/{older}/consistency/{newer}", operation_id = "show_consistency", tag = "audit",
    params(
        ("older" = i64, Path, description = "Position of a signed head"),
        ("newer" = i64, Path, description = "Position of another one"),
        ("Authorization" = String, Header, description = "Bearer, and the operator token"),
    ),
    responses(
        (status = 200, description = "What was found; a flaw is an answer", body = Consistency),
        (status = 401, description = "operator.unauthorized", body = problem::Body, content_type = "application/problem+json"),
        (status = 404, description = "head.not_found; route.unknown where no operator token is configured", body = problem::Body, content_type = "application/problem+json"),
    )
)]
pub async fn handler(
    _: Operator,
    State(deps): State<Deps>,
    Path((older, newer)): Path<(String, String)>,
) -> Result<Json<Consistency>, Problem> {
    let (Ok(older), Ok(newer)) = (older.parse(), newer.parse()) else { return Err(no_route()) };
    let proof = deps.auditor.consistency(older, newer).await?.ok_or_else(unknown)?;
    Ok(Json(Consistency { text: sentence(&proof), proof }))
}

fn sentence(Extension { older, newer, seals, flaw, .. }: &Extension) -> String {
    match flaw {
        None => format!(
            "La tête signée en position {} prolonge celle de la position {}\u{a0}: les deux signatures sont authentiques et \
             chacun des sceaux qui les séparent ({seals}) suit du précédent.",
            newer.position, older.position
        ),
        Some(flaw) => {
            let place = flaw.position.map_or_else(String::new, |position| format!(", en position {position}"));
            format!(
                "Rien ne prouve que la tête signée en position {} prolonge celle de la position {}\u{a0}: un défaut a été \
                 trouvé{place}.",
                newer.position, older.position
            )
        }
    }
}

fn unknown() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "head.not_found", "Tête signée introuvable")
        .detail("Aucune tête n’est signée à l’une de ces positions\u{a0}: /api/audit/heads les donne toutes.")
}
