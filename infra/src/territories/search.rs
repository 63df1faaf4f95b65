//! The search box: exact names, then beginnings, then words within, each by population; spelling mistakes last.

use sqlx::PgPool;

use super::{CommuneRow, query::Wanted};

/// The best matches for what somebody typed.
pub(super) async fn run(pool: &PgPool, words: &str, limit: i64) -> sqlx::Result<Vec<CommuneRow>> {
    match Wanted::from(words) {
        Wanted::Nothing => Ok(Vec::new()),
        Wanted::Code(code) => by_code(pool, &code, limit).await,
        Wanted::Name(name) => {
            let name = normalised(pool, &name).await?;
            let found = by_name(pool, &name, limit).await?;
            if found.is_empty() { by_likeness(pool, &name, limit).await } else { Ok(found) }
        }
    }
}

/// As names are stored. Done once, beforehand: PostgreSQL would do it again for every row.
async fn normalised(pool: &PgPool, name: &str) -> sqlx::Result<String> {
    sqlx::query_scalar("SELECT data.nom_norm($1)").bind(name).fetch_one(pool).await
}

/// One or two letters only find beginnings of words: nearly every name holds them somewhere.
async fn by_name(pool: &PgPool, name: &str, limit: i64) -> sqlx::Result<Vec<CommuneRow>> {
    let first = if name.chars().count() < 3 { format!("{name}%") } else { format!("%{name}%") };
    let second = if name.chars().count() < 3 { format!("% {name}%") } else { first.clone() };
    sqlx::query_as(
        "SELECT t.code, t.nom, t.departement, coalesce(d.nom, t.departement) AS departement_nom, t.codes_postaux,
                t.population, t.arrondissement
         FROM (
           SELECT c.code_insee AS code, c.nom, c.nom_norm, c.departement, c.codes_postaux, c.population,
                  false AS arrondissement
           FROM data.communes c
           WHERE c.nom_norm LIKE $3 OR c.nom_norm LIKE $4
           UNION ALL
           SELECT a.code, a.nom, a.nom_norm, c.departement, a.codes_postaux, a.population, true
           FROM data.arrondissements_plm a JOIN data.communes c ON c.code_insee = a.parent
           WHERE a.nom_norm LIKE '%' || $2 || '%'
         ) t LEFT JOIN data.departements d ON d.code = t.departement
         ORDER BY CASE WHEN t.nom_norm = $2 THEN 0
                       WHEN t.nom_norm LIKE $2 || '%' THEN 1
                       WHEN t.nom_norm LIKE '% ' || $2 || '%' THEN 2
                       ELSE 3 END,
                  t.population DESC NULLS LAST, t.code
         LIMIT $1",
    )
    .bind(limit)
    .bind(name)
    .bind(first)
    .bind(second)
    .fetch_all(pool)
    .await
}

async fn by_likeness(pool: &PgPool, name: &str, limit: i64) -> sqlx::Result<Vec<CommuneRow>> {
    sqlx::query_as(
        "SELECT c.code_insee AS code, c.nom, c.departement, coalesce(d.nom, c.departement) AS departement_nom,
                c.codes_postaux, c.population, false AS arrondissement
         FROM data.communes c LEFT JOIN data.departements d ON d.code = c.departement
         WHERE c.nom_norm % $1
         ORDER BY similarity(c.nom_norm, $1) DESC, c.population DESC NULLS LAST, c.code_insee
         LIMIT $2",
    )
    .bind(name)
    .bind(limit)
    .fetch_all(pool)
    .await
}

/// The INSEE code itself first, then the places that share a postal code.
async fn by_code(pool: &PgPool, code: &str, limit: i64) -> sqlx::Result<Vec<CommuneRow>> {
    sqlx::query_as(
        "SELECT t.code, t.nom, t.departement, coalesce(d.nom, t.departement) AS departement_nom, t.codes_postaux,
                t.population, t.arrondissement
         FROM (
           SELECT c.code_insee AS code, c.nom, c.departement, c.codes_postaux, c.population, false AS arrondissement
           FROM data.communes c
           WHERE c.code_insee LIKE $1 || '%' OR c.codes_postaux[1] LIKE $1 || '%' OR c.codes_postaux @> ARRAY[$1]
           UNION ALL
           SELECT a.code, a.nom, c.departement, a.codes_postaux, a.population, true
           FROM data.arrondissements_plm a JOIN data.communes c ON c.code_insee = a.parent
           WHERE a.code LIKE $1 || '%' OR a.codes_postaux[1] LIKE $1 || '%' OR $1 = ANY (a.codes_postaux)
         ) t LEFT JOIN data.departements d ON d.code = t.departement
         ORDER BY t.code <> $1, NOT $1 = ANY (t.codes_postaux), t.population DESC NULLS LAST, t.code
         LIMIT $2",
    )
    .bind(code)
    .bind(limit)
    .fetch_all(pool)
    .await
}
