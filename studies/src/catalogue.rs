//! The shop window: studies at today's price, whether they can be made for a commune, six figures for everybody.

use std::sync::Arc;

use async_trait::async_trait;
use domain::eligibility::Eligibility;
use domain::fact::Fact;
use domain::money::Price;
use domain::ports::{Catalogue, Clock, PortError, SourceNote, StudySheet};
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
        let (ht_cents, vat_rate_bp, currency) =
            row.ok_or_else(|| PortError::Missing { service: "price table", what: format!("price of {study} on {today}") })?;
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
        let study = find(study).ok_or_else(|| PortError::Missing { service: "catalogue", what: format!("study {study}") })?;
        let rows: Vec<(String, String, String, String, String, bool)> = sqlx::query_as(
            "SELECT dataset, producteur, titre, millesime, licence, synthetique FROM data.data_sources
             WHERE active AND dataset = ANY($1) ORDER BY array_position($1, dataset), millesime DESC, id",
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

    async fn eligibility(&self, commune: &str) -> Result<Vec<Eligibility>, PortError> {
        let mut answers = Vec::with_capacity(STUDIES.len());
        for study in STUDIES {
            answers.push(study.eligibility(&self.pool, commune).await.map_err(port_error)?);
        }
        Ok(answers)
    }

    async fn key_facts(&self, commune: &str) -> Result<Vec<Fact>, PortError> {
        let Some(study) = STUDIES.first() else { return Ok(vec![]) };
        let mut sheet = study.collect_public(&self.pool, commune).await.map_err(port_error)?;
        Ok(study.key_facts().iter().filter_map(|id| sheet.facts.remove(*id)).collect())
    }
}

fn port_error(error: StudyError) -> PortError {
    match error {
        StudyError::UnknownCommune(code) => PortError::Missing { service: SERVICE, what: format!("commune {code}") },
        StudyError::Database(error) => unreadable(error),
        other => PortError::Refused { service: SERVICE, message: other.to_string() },
    }
}

#[expect(clippy::needless_pass_by_value, reason = "given to map_err")]
fn unreadable(error: sqlx::Error) -> PortError {
    PortError::Transient { service: SERVICE, message: error.to_string(), retry_after: None }
}
