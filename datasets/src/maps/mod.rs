//! Maps: the outlines of an EPCI or a département as TopoJSON with shared arcs, made once when outlines are imported,
//! compressed, and kept under the digest of their content so that browsers may keep them for ever.

mod paths;
mod simplify;
mod topology;

use std::io::Write as _;

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use sqlx::{Connection as _, PgConnection};

use crate::engine::ImportError;

pub use paths::Path;
pub use simplify::simplify;
pub use topology::{Outline, Point, Shape, Topology};

/// What a point must change to be worth its bytes, in steps of the grid squared: the grid has 10,000 steps a side, a map
/// on a page some hundreds of pixels.
pub const LEAST_AREA: f64 = 30.0;

/// Compressed maps replaced more than this ago are named by no page any more.
const FORGOTTEN: &str = "DELETE FROM data.cartes WHERE NOT courante AND cree_le < now() - interval '90 days'";

/// A territory that has a map.
#[derive(sqlx::FromRow)]
struct Zone {
    niveau: String,
    code: String,
    annee: i32,
    nature: String,
    source: String,
    empreinte: Option<String>,
}

/// How many maps were made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Built {
    /// New, or drawn differently than before.
    pub made: u64,
    /// As they were.
    pub unchanged: u64,
}

/// The topology of these shapes, simplified as maps are.
#[must_use]
pub fn draw(shapes: &[Shape]) -> Topology {
    let mut topology = Topology::of(shapes);
    simplify(&mut topology, LEAST_AREA);
    topology
}

/// Makes the maps of every EPCI and département whose outlines are loaded. To be called when communes or outlines were
/// imported, after the promotion, by one caller at a time. One zone is in memory at a time.
///
/// # Errors
/// [`ImportError::Database`]; maps made before stay.
pub async fn build(connection: &mut PgConnection) -> Result<Built, ImportError> {
    let mut built = Built::default();
    for zone in zones(connection).await? {
        let document = draw(&shapes(connection, &zone).await?).document().to_string();
        let digest = hex::encode(Sha256::digest(&document));
        if zone.empreinte.as_deref() == Some(digest.as_str()) {
            built.unchanged += 1;
            continue;
        }
        let (packed, octets) = tokio::task::spawn_blocking(move || (pack(document.as_bytes()), document.len()))
            .await
            .map_err(|error| ImportError::Database(sqlx::Error::Io(std::io::Error::other(error))))?;
        store(
            connection,
            &zone,
            &digest,
            &packed.map_err(|error| ImportError::Database(sqlx::Error::Io(error)))?,
            octets,
        )
        .await?;
        built.made += 1;
    }
    sqlx::query(FORGOTTEN).execute(connection).await?;
    Ok(built)
}

/// Compresses a document as browsers accept it (`Content-Encoding: br`).
///
/// # Errors
/// When the compressor fails: never for lack of input.
pub fn pack(document: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut packed, 1 << 16, 11, 22);
    writer.write_all(document)?;
    writer.flush()?;
    drop(writer);
    Ok(packed)
}

async fn zones(connection: &mut PgConnection) -> Result<Vec<Zone>, ImportError> {
    Ok(sqlx::query_as(
        "WITH dessinees AS (
             SELECT c.departement, c.epci_siren, c.cog_annee, s.nature,
                    CASE WHEN s.nature = 'schematique' THEN 'une cellule par commune, sans échelle'
                         ELSE s.producteur || ', ' || s.titre || ', ' || s.millesime END AS source
             FROM data.communes c JOIN data.data_sources s ON s.id = c.contour_source_id WHERE c.geom IS NOT NULL
         ), zones AS (
             SELECT 'departements' AS niveau, departement AS code, cog_annee, nature, source FROM dessinees
             UNION ALL SELECT 'epci', epci_siren, cog_annee, nature, source FROM dessinees WHERE epci_siren IS NOT NULL
         )
         SELECT z.niveau, z.code, max(z.cog_annee) AS annee,
                CASE WHEN bool_or(z.nature = 'schematique') THEN 'schematique' ELSE 'contours' END AS nature,
                string_agg(DISTINCT z.source, ' ; ') AS source, max(k.empreinte) AS empreinte
         FROM zones z LEFT JOIN data.cartes k ON k.niveau = z.niveau AND k.code = z.code AND k.courante
                                             AND k.nature = z.nature AND k.source = z.source
         GROUP BY z.niveau, z.code ORDER BY z.niveau, z.code",
    )
    .fetch_all(connection)
    .await?)
}

/// Six decimals of a degree are a decimetre: points that two communes share stay the same point.
async fn shapes(connection: &mut PgConnection, zone: &Zone) -> Result<Vec<Shape>, ImportError> {
    let rows: Vec<(String, String, Value)> = sqlx::query_as(
        "SELECT code_insee, nom, ST_AsGeoJSON(geom, 6)::jsonb -> 'coordinates' FROM data.communes
         WHERE geom IS NOT NULL AND CASE $1 WHEN 'epci' THEN epci_siren ELSE departement END = $2 ORDER BY code_insee",
    )
    .bind(&zone.niveau)
    .bind(&zone.code)
    .fetch_all(connection)
    .await?;
    let polygons =
        |coordinates| serde_json::from_value(coordinates).map_err(|error| sqlx::Error::Decode(Box::new(error)));
    rows.into_iter()
        .map(|(code, name, coordinates)| Ok(Shape { code, name, polygons: polygons(coordinates)? }))
        .collect()
}

/// The new map takes over in one statement; a drawing that comes back is the one kept from before.
async fn store(
    connection: &mut PgConnection,
    zone: &Zone,
    digest: &str,
    packed: &[u8],
    octets: usize,
) -> Result<(), ImportError> {
    let mut transaction = connection.begin().await?;
    sqlx::query("UPDATE data.cartes SET courante = false WHERE niveau = $1 AND code = $2 AND courante")
        .bind(&zone.niveau)
        .bind(&zone.code)
        .execute(&mut *transaction)
        .await?;
    sqlx::query(
        "INSERT INTO data.cartes (niveau, code, empreinte, annee, nature, source, octets, contenu, courante)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, true)
         ON CONFLICT (niveau, code, empreinte) DO UPDATE
             SET courante = true, annee = excluded.annee, nature = excluded.nature, source = excluded.source",
    )
    .bind(&zone.niveau)
    .bind(&zone.code)
    .bind(digest)
    .bind(zone.annee)
    .bind(&zone.nature)
    .bind(&zone.source)
    .bind(i32::try_from(octets).unwrap_or(i32::MAX))
    .bind(packed)
    .execute(&mut *transaction)
    .await?;
    transaction.commit().await?;
    Ok(())
}
