//! Communes as people look for them, and the outlines that maps draw.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::PortError;

/// A code and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub code: String,
    pub nom: String,
}

/// A commune, or an arrondissement of Paris, Lyon or Marseille, in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommuneRef {
    pub code: String,
    pub nom: String,
    pub departement: Named,
    pub codes_postaux: Vec<String>,
    pub population: Option<i64>,
    pub arrondissement: bool,
}

/// The intercommunality of a commune.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpciRef {
    pub siren: String,
    pub nom: String,
    pub nb_communes: i64,
}

/// A commune in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommunePage {
    pub commune: CommuneRef,
    pub region: Named,
    pub epci: Option<EpciRef>,
    pub cog_annee: i32,
    /// Whether the open data of its département are loaded.
    pub loaded: bool,
}

/// Outlines of the communes of an EPCI, as a GeoJSON FeatureCollection (EPSG:4326) whose features carry `code` and `nom`.
#[derive(Debug, Clone, PartialEq)]
pub struct MapOf {
    /// `contours` or `schematique`.
    pub kind: String,
    pub annee: i32,
    pub source: String,
    pub features: serde_json::Value,
}

/// A map made when outlines were imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapSheet {
    /// SHA-256 of the document, in hexadecimal: its name.
    pub digest: String,
    /// `contours` or `schematique`.
    pub kind: String,
    /// Year of the geography.
    pub annee: i32,
    pub source: String,
    /// Bytes of the document before compression.
    pub bytes: i64,
}

/// A published file that is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedFile {
    pub dataset: String,
    pub titre: String,
    pub producteur: String,
    pub licence: String,
    pub millesime: String,
    /// `FR`, a département, or a commune.
    pub perimetre: String,
    pub rows: i64,
    pub synthetic: bool,
    pub loaded_at: DateTime<Utc>,
}

/// What has a map of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapLevel {
    Epci,
    Departement,
}

/// Looks communes up.
#[async_trait]
pub trait Territories: Send + Sync {
    /// Best matches first; accents, hyphens and case do not matter; INSEE and postal codes are accepted.
    ///
    /// # Errors
    /// When the database cannot answer.
    async fn search(&self, words: &str, limit: i64) -> Result<Vec<CommuneRef>, PortError>;

    /// # Errors
    /// When the database cannot answer; an unknown code is `None`.
    async fn commune(&self, code: &str) -> Result<Option<CommunePage>, PortError>;

    /// The communes of the EPCI of a commune (of its neighbourhood when it has none).
    ///
    /// # Errors
    /// When the database cannot answer; `None` when no outline is loaded.
    async fn map_around(&self, code: &str) -> Result<Option<MapOf>, PortError>;

    /// The present map of an EPCI or département.
    ///
    /// # Errors
    /// When the database cannot answer; `None` when no outline is loaded there.
    async fn map_sheet(&self, level: MapLevel, code: &str) -> Result<Option<MapSheet>, PortError>;

    /// The TopoJSON document of that digest, compressed with brotli, whether it is the present one or one before.
    ///
    /// # Errors
    /// When the database cannot answer; `None` when it is not kept.
    async fn map_document(&self, level: MapLevel, code: &str, digest: &str) -> Result<Option<Vec<u8>>, PortError>;

    /// Every file that is loaded, the newest edition of each dataset first.
    ///
    /// # Errors
    /// When the database cannot answer.
    async fn loaded_files(&self) -> Result<Vec<LoadedFile>, PortError>;
}
