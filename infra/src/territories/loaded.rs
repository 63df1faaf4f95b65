//! What is loaded, file by file. Parcels come commune by commune, on demand: they are no edition of anything.

use chrono::{DateTime, Utc};
use domain::ports::LoadedFile;
use sqlx::{FromRow, PgPool};

#[derive(FromRow)]
struct Row {
    dataset: String,
    titre: String,
    producteur: String,
    licence: String,
    millesime: String,
    perimetre: String,
    lignes_gardees: i64,
    synthetique: bool,
    obtenu_le: DateTime<Utc>,
}

/// Active sources, the newest edition of each dataset first.
pub(super) async fn files(pool: &PgPool) -> sqlx::Result<Vec<LoadedFile>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT dataset, titre, producteur, licence, millesime, perimetre, lignes_gardees, synthetique, obtenu_le
         FROM data.data_sources WHERE active AND dataset <> 'parcelles'
         ORDER BY dataset, millesime DESC, partie, perimetre, id",
    )
    .fetch_all(pool)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| LoadedFile {
            dataset: row.dataset,
            titre: row.titre,
            producteur: row.producteur,
            licence: row.licence,
            millesime: row.millesime,
            perimetre: row.perimetre,
            rows: row.lignes_gardees,
            synthetic: row.synthetique,
            loaded_at: row.obtenu_le,
        })
        .collect())
}
