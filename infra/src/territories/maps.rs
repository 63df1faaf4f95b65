//! Maps made when outlines were imported: which one is present, and any of them by its digest.

use domain::ports::{MapLevel, MapSheet};
use sqlx::PgPool;

/// As `data.cartes` names it.
fn named(level: MapLevel) -> &'static str {
    match level {
        MapLevel::Epci => "epci",
        MapLevel::Departement => "departements",
    }
}

/// The present map of a zone.
pub(super) async fn sheet(pool: &PgPool, level: MapLevel, code: &str) -> sqlx::Result<Option<MapSheet>> {
    let row: Option<(String, String, i32, String, i32)> = sqlx::query_as(
        "SELECT empreinte, nature, annee, source, octets FROM data.cartes WHERE niveau = $1 AND code = $2 AND courante",
    )
    .bind(named(level))
    .bind(code)
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|(digest, kind, annee, source, bytes)| MapSheet { digest, kind, annee, source, bytes: bytes.into() }))
}

/// A map by its digest, present or before.
pub(super) async fn document(
    pool: &PgPool,
    level: MapLevel,
    code: &str,
    digest: &str,
) -> sqlx::Result<Option<Vec<u8>>> {
    sqlx::query_scalar("SELECT contenu FROM data.cartes WHERE niveau = $1 AND code = $2 AND empreinte = $3")
        .bind(named(level))
        .bind(code)
        .bind(digest)
        .fetch_optional(pool)
        .await
}
