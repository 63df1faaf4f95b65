//! `GET /api/datasets`: which open data are loaded, and since when.

use axum::{Json, extract::State};
use chrono::{DateTime, Utc};
use domain::ports::LoadedFile;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{deps::Deps, problem::Problem};

/// A published file that figures are read from.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoadedDataset {
    dataset: String,
    titre: String,
    producteur: String,
    licence: String,
    millesime: String,
    /// `FR`, a département, or a commune.
    perimetre: String,
    rows: i64,
    /// Generated for demonstration: no figure of it is real.
    specimen: bool,
    loaded_at: DateTime<Utc>,
    /// French, e.g. « chargé il y a 12 jours ».
    age: String,
}

/// What is loaded.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoadedDatasets {
    /// By dataset, the newest edition first.
    datasets: Vec<LoadedDataset>,
}

/// Which open data are loaded, and since when.
#[utoipa::path(
    get, path = "/api/datasets", operation_id = "list_datasets", tag = "communes",
    responses((status = 200, description = "Every file loaded; none is an empty list", body = LoadedDatasets))
)]
pub async fn handler(State(deps): State<Deps>) -> Result<Json<LoadedDatasets>, Problem> {
    let now = deps.clock.now();
    let files = deps.territories.loaded_files().await?;
    Ok(Json(LoadedDatasets { datasets: files.into_iter().map(|file| described(file, now)).collect() }))
}

fn described(file: LoadedFile, now: DateTime<Utc>) -> LoadedDataset {
    LoadedDataset {
        age: age(file.loaded_at, now),
        dataset: file.dataset,
        titre: file.titre,
        producteur: file.producteur,
        licence: file.licence,
        millesime: file.millesime,
        perimetre: file.perimetre,
        rows: file.rows,
        specimen: file.synthetic,
        loaded_at: file.loaded_at,
    }
}

fn age(loaded: DateTime<Utc>, now: DateTime<Utc>) -> String {
    match (now.date_naive() - loaded.date_naive()).num_days() {
        ..=0 => "chargé aujourd’hui".to_owned(),
        1 => "chargé hier".to_owned(),
        days @ 2..=59 => format!("chargé il y a {days}\u{a0}jours"),
        days @ 60..=729 => format!("chargé il y a {}\u{a0}mois", days / 30),
        days => format!("chargé il y a {}\u{a0}ans", days / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::age;

    #[test]
    fn an_age_is_told_in_the_unit_that_fits() {
        let day = |text: &str| text.parse().unwrap();
        let told = |loaded: &str| age(day(loaded), day("2026-11-22T00:30:00Z"));
        assert_eq!(told("2026-11-22T00:10:00Z"), "chargé aujourd’hui");
        assert_eq!(told("2026-11-21T23:50:00Z"), "chargé hier");
        assert_eq!(told("2026-11-10T12:00:00Z"), "chargé il y a 12\u{a0}jours");
        assert_eq!(told("2026-08-22T12:00:00Z"), "chargé il y a 3\u{a0}mois");
        assert_eq!(told("2024-08-22T12:00:00Z"), "chargé il y a 2\u{a0}ans");
    }
}
