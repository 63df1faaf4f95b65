//! The outlines that a map shows: the communes of an EPCI, or the neighbours of a commune that has none.

use domain::ports::MapOf;
use sqlx::{FromRow, PgPool};

#[derive(FromRow)]
struct MapRow {
    kind: String,
    annee: i32,
    source: String,
    features: serde_json::Value,
}

/// Outlines around a commune (around its city for an arrondissement); none when no outline is loaded there. Five
/// decimals of a degree are about a metre.
pub(super) async fn around(pool: &PgPool, code: &str) -> sqlx::Result<Option<MapOf>> {
    let row: Option<MapRow> = sqlx::query_as(
        "WITH centre AS (SELECT code_insee, epci_siren FROM data.communes WHERE code_insee = data.commune_mere($1)),
         shown AS (
           SELECT c.code_insee, c.nom, c.geom, s.nature, s.millesime, s.cog_annee,
                  CASE WHEN s.nature = 'schematique' THEN 'une cellule par commune, sans échelle'
                       ELSE s.producteur || ', ' || s.titre || ', ' || s.millesime END AS source
           FROM data.communes c
           JOIN centre ON c.code_insee = centre.code_insee OR c.epci_siren = centre.epci_siren
                OR centre.epci_siren IS NULL AND c.code_insee IN (
                     SELECT v.voisine FROM data.communes_voisines v WHERE v.code_insee = centre.code_insee)
           JOIN data.data_sources s ON s.id = c.contour_source_id
           WHERE c.geom IS NOT NULL)
         SELECT CASE WHEN bool_or(nature = 'schematique') THEN 'schematique' ELSE 'contours' END AS kind,
                max(coalesce(substring(millesime FROM '[0-9]{4}')::int, cog_annee)) AS annee,
                string_agg(DISTINCT source, ' ; ') AS source,
                jsonb_build_object('type', 'FeatureCollection', 'features', jsonb_agg(
                  jsonb_build_object('type', 'Feature', 'properties', jsonb_build_object('code', code_insee, 'nom', nom),
                                     'geometry', ST_AsGeoJSON(geom, 5)::jsonb) ORDER BY code_insee)) AS features
         FROM shown HAVING count(*) > 0",
    )
    .bind(code)
    .fetch_optional(pool)
    .await?;
    Ok(row.map(|MapRow { kind, annee, source, features }| MapOf { kind, annee, source, features }))
}
