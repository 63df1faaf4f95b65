//! The territory and what stands in it: area and density, rank and neighbours, facilities, practitioners, establishments,
//! and how far the nearest of each is.
//!
//! One query reads all that is summed over communes; a copy of its rows per file keeps coverage and provenance apart.

mod geography;
mod health;
#[cfg(test)]
pub mod samples;
mod services;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use indicators::{Figure, Kinship, Moment, Origin, SheetBuilder, scope_name, sha256};
use rust_decimal::Decimal;
use serde_json::Value;
use sqlx::FromRow;

use super::collect::Asked;
use super::raw::{Raw, Row, Table, row};
use crate::study::StudyError;
use domain::fact::{FactStatus, ScopeKind};

const AROUND: &str = include_str!("around.sql");
const FILES: &str = include_str!("files.sql");
const NEAREST: &str = include_str!("nearest.sql");
const ESTABLISHMENTS: &str = include_str!("establishments.sql");
const ACCESS: &str = include_str!("access.sql");
const NEIGHBOURS: &str = include_str!("neighbours.sql");

const COM: [ScopeKind; 1] = [ScopeKind::Com];

row! {
    /// Sums over the communes of a scope, or the figures of one commune.
    Around {
        communes: i64,
        /// Of the commune among those of the scope, the most populous being 1.
        rang: i64,
        pop: Option<i64>,
        /// Square kilometres, and the inhabitants of the communes whose area is known.
        superficie: Option<Decimal>, pop_superficie: Option<i64>,
        /// Per mille of the inhabitants whose communes each file speaks of.
        part_superficie: i32, part_bpe: i32, part_rpps: i32, part_finess: i32,
        /// Facilities, and those of each domain.
        n: Option<i64>, services: Option<i64>, commerces: Option<i64>, enseignement: Option<i64>, sante: Option<i64>,
        transports: Option<i64>, loisirs: Option<i64>, tourisme: Option<i64>,
        /// Services of each basket that are present, and how many each basket has.
        proximite: Option<i64>, intermediaire: Option<i64>, superieure: Option<i64>,
        panier_proximite: i64, panier_intermediaire: i64, panier_superieure: i64,
        /// General practitioners: persons, and persons divided by the communes that each works in.
        generalistes: Option<i64>, generalistes_poids: Option<Decimal>,
        dentistes: Option<i64>, infirmiers: Option<i64>, kinesitherapeutes: Option<i64>, sages_femmes: Option<i64>,
        orthophonistes: Option<i64>, pharmaciens: Option<i64>,
        hopitaux: Option<i64>, ehpad: Option<i64>, residences_autonomie: Option<i64>,
        maisons_centres_sante: Option<i64>, pharmacies: Option<i64>, laboratoires: Option<i64>,
    }
}

/// A service of the baskets, seen from the commune.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Service {
    pub service: String,
    pub libelle: String,
    pub gamme: String,
    /// How many the commune has, and how many of them have no coordinates.
    pub nombre: i64,
    pub sans_lieu: i64,
    /// Whether the centre of the commune is known.
    pub centre: bool,
    /// Distance to the nearest, and its commune.
    pub km: Option<Decimal>,
    pub code: Option<String>,
    pub nom: Option<String>,
}

/// The nearest establishment of a kind.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Establishment {
    pub genre: String,
    pub km: Option<Decimal>,
    pub code: Option<String>,
    pub nom: Option<String>,
}

/// Practitioners and inhabitants around the centre of the commune.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct Access {
    pub praticiens: Option<Decimal>,
    pub habitants: Option<i64>,
    pub communes: i64,
    /// Whether every commune around is in the file.
    pub complet: Option<bool>,
}

/// A commune with a common border.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct Neighbour {
    pub code: String,
    pub nom: String,
    pub meme_epci: bool,
}

/// What the queries of this theme return.
#[derive(Debug, Clone)]
pub struct Tables {
    /// The reference geography.
    pub places: Table<Around>,
    /// Areas.
    pub areas: Table<Around>,
    pub facilities: Table<Around>,
    pub practitioners: Table<Around>,
    pub establishments: Table<Around>,
    pub services: Vec<Service>,
    pub nearest: Vec<Establishment>,
    pub access: Access,
    pub neighbours: Vec<Neighbour>,
    /// Comparable communes: how many, and why they are.
    pub peers: usize,
    pub kinship: Option<Kinship>,
}

impl Default for Tables {
    fn default() -> Self {
        let table = |dataset| Table::empty(dataset, "themes/territory/around", AROUND);
        Self {
            places: table("communes"),
            areas: table("contours"),
            facilities: table("bpe_equipements"),
            practitioners: table("rpps"),
            establishments: table("finess"),
            services: vec![],
            nearest: vec![],
            access: Access::default(),
            neighbours: vec![],
            peers: 0,
            kinship: None,
        }
    }
}

/// The files of each scope and dataset.
type Files = BTreeMap<(String, String), Vec<i32>>;

/// Reads the theme for one commune.
///
/// # Errors
/// An unreadable database.
pub async fn read(asked: &Asked<'_>) -> Result<Tables, StudyError> {
    if !asked.uses(&["bpe_equipements", "rpps", "finess"]) {
        return Ok(Tables { peers: asked.peers.len(), kinship: asked.kinship, ..Tables::default() });
    }
    let around = asked.with_peers::<Around>("communes", "themes/territory/around", AROUND);
    let beside = async {
        let files = sqlx::query_as::<_, (String, String, Vec<i32>)>(FILES).bind(asked.commune).fetch_all(asked.db);
        let services = sqlx::query_as(NEAREST).bind(asked.commune).fetch_all(asked.db);
        let nearest = sqlx::query_as(ESTABLISHMENTS).bind(asked.commune).fetch_all(asked.db);
        let access = sqlx::query_as(ACCESS).bind(asked.commune).fetch_one(asked.db);
        let neighbours = sqlx::query_as(NEIGHBOURS).bind(asked.commune).fetch_all(asked.db);
        Ok::<_, StudyError>(tokio::try_join!(files, services, nearest, access, neighbours)?)
    };
    let (around, (files, services, nearest, access, neighbours)) = tokio::try_join!(around, beside)?;
    let files: Files = files.into_iter().map(|(scope, dataset, ids)| ((scope, dataset), ids)).collect();
    Ok(Tables {
        services,
        nearest,
        access,
        neighbours,
        peers: asked.peers.len(),
        kinship: asked.kinship,
        ..split(&around, &files)
    })
}

/// One table per file: each knows the files that it rests on, and how much of the territory they cover.
fn split(around: &Table<Around>, files: &Files) -> Tables {
    let table = |dataset: &'static str, beside: &[&str], part: fn(&Around) -> i32| {
        let of = |row: &Around| {
            let scope = if row.scope == scope_name(ScopeKind::Sim) { scope_name(ScopeKind::Fr) } else { &row.scope };
            let ids = |name: &str| files.get(&(scope.to_owned(), name.to_owned())).cloned().unwrap_or_default();
            let sources = std::iter::once(&dataset).chain(beside).flat_map(|name| ids(name)).collect();
            Around { sources, part: Decimal::new(part(row).into(), 3), ..row.clone() }
        };
        let (rows, peers) = (around.rows.iter().map(of).collect(), around.peers.iter().map(of).collect());
        Table { dataset, query: around.query, sql: around.sql, rows, peers }
    };
    Tables {
        places: Table { peers: vec![], ..table("communes", &[], |_| 1_000) },
        areas: table("contours", &["population"], |row| row.part_superficie),
        facilities: table("bpe_equipements", &["population"], |row| row.part_bpe),
        practitioners: table("rpps", &["population"], |row| row.part_rpps),
        establishments: Table { peers: vec![], ..table("finess", &[], |row| row.part_finess) },
        ..Tables::default()
    }
}

/// Adds the facts of the theme.
pub fn add(sheet: &mut SheetBuilder<'_>, raw: &Raw) {
    geography::add(sheet, raw);
    services::add(sheet, raw);
    health::add(sheet, raw);
}

/// `voisines`, `comparables`, `panier` and `manque`.
pub fn exhibits(sheet: &SheetBuilder<'_>, raw: &Raw) -> [(String, Value); 4] {
    [
        ("voisines".to_owned(), geography::neighbours(raw)),
        ("comparables".to_owned(), geography::comparables(raw)),
        ("panier".to_owned(), services::basket(raw)),
        ("manque".to_owned(), services::absent(sheet, raw)),
    ]
}

/// A number that a row of a loaded file always has.
fn count(value: Option<i64>) -> Figure {
    Figure::or_missing(value.map(Decimal::from), "absent du fichier chargé")
}

/// `factor·number/inhabitants`; few inhabitants make a rate that one more would upset.
fn per(factor: i64, number: &Figure, inhabitants: Option<i64>) -> Figure {
    let figure = Figure::ratio(number, &count(inhabitants), factor.into());
    match inhabitants {
        Some(inhabitants) if inhabitants < 200 => {
            figure.with_caution(FactStatus::LowN, "moins de deux cents habitants")
        }
        _ => figure,
    }
}

/// When the facts of a dataset hold: the vintage of its file, without the day of an extraction.
fn moment(raw: &Raw, dataset: &str) -> Moment {
    let vintages = raw.sources.values().filter(|source| source.dataset == dataset).map(|source| &source.millesime);
    Moment::during(vintages.max().cloned().unwrap_or_default())
}

/// The origin of a distance: the file of the places, and the outlines that give the centre.
fn origin_of(table: &super::scoped::Sheet<'_, Around>, raw: &Raw, query: &'static str, sql: &str) -> Origin {
    let outlines = super::scoped::Sheet::new(raw, &raw.around.areas);
    let row = |table: &super::scoped::Sheet<'_, Around>| table.origin(table.table.of(ScopeKind::Com).next());
    Origin { query, query_sha256: sha256(sql.as_bytes()), ..row(table).and(&row(&outlines)) }
}
