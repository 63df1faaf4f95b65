//! The shop window: studies at today's price, whether they can be made for a commune, six figures for everybody.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use domain::eligibility::Eligibility;
use domain::fact::FactStatus;
use domain::money::Price;
use domain::ports::{Catalogue, Clock, FigureMap, KeyFigures, MapFigure, PortError, SourceNote, Specimen, StudySheet};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;
use sqlx::PgPool;

use crate::study::{STUDIES, StudyError, find};

const SERVICE: &str = "open data";

/// The catalogue over PostgreSQL: prices from `app`, everything else from `data`.
#[derive(Clone)]
pub struct PgCatalogue {
    pool: PgPool,
    clock: Arc<dyn Clock>,
}

impl PgCatalogue {
    #[must_use]
    pub fn new(pool: PgPool, clock: Arc<dyn Clock>) -> Self {
        Self { pool, clock }
    }

    /// The price in force today: the latest row that has begun.
    async fn price(&self, study: &str) -> Result<Price, PortError> {
        let today = self.clock.now().date_naive();
        let row: Option<(i64, i32, String)> = sqlx::query_as(
            "SELECT ht_cents, vat_rate_bp, currency FROM app.prices WHERE study = $1 AND valid_from <= $2
             ORDER BY valid_from DESC LIMIT 1",
        )
        .bind(study)
        .bind(today)
        .fetch_optional(&self.pool)
        .await
        .map_err(unreadable)?;
        let (ht_cents, vat_rate_bp, currency) = row.ok_or_else(|| PortError::Missing {
            service: "price table",
            what: format!("price of {study} on {today}"),
        })?;
        Ok(Price::before_tax(ht_cents, vat_rate_bp, &currency))
    }
}

#[async_trait]
impl Catalogue for PgCatalogue {
    async fn studies(&self) -> Result<Vec<StudySheet>, PortError> {
        let mut sheets = Vec::with_capacity(STUDIES.len());
        for study in STUDIES {
            let info = study.sheet();
            sheets.push(StudySheet {
                code: info.code,
                title: info.title,
                promise: info.promise,
                audience: info.audience,
                questions: info.questions,
                contents: info.contents,
                limits: info.limits,
                price: self.price(info.code).await?,
            });
        }
        Ok(sheets)
    }

    async fn sources(&self, study: &str) -> Result<Vec<SourceNote>, PortError> {
        let study =
            find(study).ok_or_else(|| PortError::Missing { service: "catalogue", what: format!("study {study}") })?;
        let rows: Vec<(String, String, String, String, String, bool)> = sqlx::query_as(
            "SELECT dataset, producteur, titre, millesime, licence, synthetique FROM data.data_sources
             WHERE active AND dataset = ANY($1) AND dataset <> 'parcelles' ORDER BY array_position($1, dataset), millesime DESC, id",
        )
        .bind(study.sheet().datasets)
        .fetch_all(&self.pool)
        .await
        .map_err(unreadable)?;
        let note = |(dataset, producteur, titre, millesime, licence, synthetique)| SourceNote {
            dataset,
            producteur,
            titre,
            millesime,
            licence,
            synthetique,
        };
        Ok(rows.into_iter().map(note).collect())
    }

    async fn specimens(&self, study: &str) -> Result<Vec<Specimen>, PortError> {
        let study =
            find(study).ok_or_else(|| PortError::Missing { service: "catalogue", what: format!("study {study}") })?;
        study.specimens().map_err(port_error)
    }

    async fn eligibility(&self, commune: &str) -> Result<Vec<Eligibility>, PortError> {
        let mut answers = Vec::with_capacity(STUDIES.len());
        for study in STUDIES {
            answers.push(study.eligibility(&self.pool, commune).await.map_err(port_error)?);
        }
        Ok(answers)
    }

    async fn key_figures(&self, commune: &str) -> Result<KeyFigures, PortError> {
        let Some(study) = STUDIES.first() else { return Ok(KeyFigures { facts: vec![], map: None }) };
        let mut sheet = study.collect_public(&self.pool, commune).await.map_err(port_error)?;
        let map = sheet.exhibits.remove("carte_vacance").and_then(figure_map);
        Ok(KeyFigures { facts: study.key_facts().iter().filter_map(|id| sheet.facts.remove(*id)).collect(), map })
    }
}

/// The figures behind the map of the report; `None` when no commune has one to show.
fn figure_map(exhibit: Value) -> Option<FigureMap> {
    #[derive(Deserialize)]
    struct Drawn {
        code: String,
        valeur: Option<Decimal>,
        texte: String,
        statut: FactStatus,
    }
    #[derive(Deserialize)]
    struct Map {
        indicator: String,
        label: String,
        vintage: String,
        communes: Vec<Drawn>,
    }
    let map: Map = serde_json::from_value(exhibit).ok()?;
    let figure =
        |drawn: Drawn| (drawn.code, MapFigure { value: drawn.valeur, text: drawn.texte, status: drawn.statut });
    let figures: BTreeMap<_, _> = map.communes.into_iter().map(figure).collect();
    let some = figures.values().any(|figure| figure.value.is_some());
    some.then(|| FigureMap {
        indicator: map.indicator,
        label: map.label,
        unit: "pct".to_owned(),
        vintage: map.vintage,
        figures,
    })
}

fn port_error(error: StudyError) -> PortError {
    match error {
        StudyError::UnknownCommune(code) => PortError::Missing { service: SERVICE, what: format!("commune {code}") },
        StudyError::Database(error) => unreadable(error),
        moving @ StudyError::Moving => {
            PortError::Transient { service: SERVICE, message: moving.to_string(), retry_after: None }
        }
        other => PortError::Refused { service: SERVICE, message: other.to_string() },
    }
}

#[expect(clippy::needless_pass_by_value, reason = "given to map_err")]
fn unreadable(error: sqlx::Error) -> PortError {
    PortError::Transient { service: SERVICE, message: error.to_string(), retry_after: None }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn drawn(valeur: Option<&str>) -> Value {
        let hidden = json!({"code": "44001", "valeur": null, "texte": "n.d.", "statut": "secret"});
        let statut = if valeur.is_some() { "ok" } else { "missing" };
        let own =
            json!({"code": "44109", "valeur": valeur, "texte": "2,4\u{a0}%", "statut": statut, "highlight": true});
        json!({"indicator": "lov.tx2", "label": "Vacance longue", "vintage": "2024", "communes": [hidden, own]})
    }

    #[test]
    fn a_map_keeps_its_secrets() {
        let map = figure_map(drawn(Some("2.4"))).expect("one commune has a figure");
        assert_eq!(map.figures["44109"].value, Some(Decimal::new(24, 1)));
        assert_eq!((map.figures["44001"].value, map.figures["44001"].status), (None, FactStatus::Secret));
    }

    #[test]
    fn a_map_without_any_figure_is_none() {
        assert_eq!(figure_map(drawn(None)), None);
        assert_eq!(figure_map(Value::Null), None);
    }
}
