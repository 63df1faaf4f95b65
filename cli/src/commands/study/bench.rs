//! What a report without an order is made with: the open data, the energy certificates, the press.

use std::sync::Arc;

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::{
    fact::FactSheet,
    ports::{Clock as _, PortError, Printed, Printer as _},
    report::Author,
};
use infra::{
    ademe::{AdemeCertificates, AdemeConfig},
    chromium::ChromiumPrinter,
    clock::SystemClock,
    config::{ADEME, Environment, Place},
    pools::{self, Role},
};
use sandbox::SandboxConfig;
use sqlx::PgPool;
use studies::{Narrative, Study, pages::Edition};

use crate::{commands, database::Database, outside};

/// Number on reports that nobody ordered.
const NO_ORDER: &str = "HORS COMMANDE";
/// Connections: a report reads a dozen tables at once.
const CONNECTIONS: u32 = 16;

/// The makers of reports.
pub struct Bench {
    pub pool: PgPool,
    pub certificates: AdemeCertificates,
    printer: ChromiumPrinter,
    double: Option<sandbox::Running>,
    now: DateTime<Utc>,
}

impl Bench {
    /// Brings the database up to date. In the sandbox, ADEME's double answers on a free port for as long as the bench stands.
    ///
    /// # Errors
    /// When the database, the double or the browser cannot be had.
    pub async fn set_up(place: &Place, database: &Database) -> anyhow::Result<Self> {
        commands::migrate::bring_up(&database.url).await?;
        commands::datasets::prepare(place, &database.url).await?;
        let pool = pools::connect(&database.url, Role::Worker, CONNECTIONS).await?;
        let double = match place.environment {
            Environment::Sandbox => Some(doubles(place).await?),
            Environment::Production => None,
        };
        let base_url = double
            .as_ref()
            .map_or_else(|| ADEME.to_owned(), |running| format!("http://{}/ademe/data-fair/api/v1", running.http));
        let config = AdemeConfig { base_url, contact: "contact@lobster.test".to_owned(), synthetic: double.is_some() };
        let certificates = AdemeCertificates::new(config, Arc::new(SystemClock), pool.clone())?;
        Ok(Self { pool, certificates, printer: outside::printer(place)?, double, now: SystemClock.now() })
    }

    /// The HTML of a report that nobody ordered.
    ///
    /// # Errors
    /// When the narrative and the sheet do not belong together.
    pub fn page(&self, study: &dyn Study, sheet: &FactSheet, narrative: &Narrative) -> anyhow::Result<String> {
        let count = |author| u32::try_from(narrative.by_block().values().filter(|by| **by == author).count());
        let edition = Edition {
            report_number: NO_ORDER.to_owned(),
            ordered_on: self.now.date_naive(),
            template_version: study.template_version(),
            specimen: sheet.is_specimen(),
            blocks_model: count(Author::Model)?,
            blocks_rules: count(Author::Rules)?,
        };
        Ok(study.render(sheet, narrative, &edition)?)
    }

    /// Prints a page; once more after a failure that may pass, as the job queue would.
    ///
    /// # Errors
    /// When the browser refuses the page, or fails twice.
    pub async fn print(&self, html: &str) -> anyhow::Result<Printed> {
        match self.printer.print(html, self.now).await {
            Err(PortError::Transient { .. }) => Ok(self.printer.print(html, self.now).await?),
            printed => Ok(printed?),
        }
    }

    /// Where the doubles answer, in the sandbox.
    pub fn doubles(&self) -> Option<outside::Doubles> {
        self.double.as_ref().map(|running| outside::Doubles { http: running.http, s3: running.s3 })
    }

    /// Ends the browser and the double.
    pub async fn close(self) {
        self.printer.close().await;
        if let Some(running) = self.double {
            running.stop().await;
        }
        self.pool.close().await;
    }
}

/// The study of a code.
///
/// # Errors
/// When there is none; the message names those that there are.
pub fn study(code: &str) -> anyhow::Result<&'static dyn Study> {
    let known = || studies::STUDIES.iter().map(|study| study.sheet().code).collect::<Vec<_>>().join(", ");
    studies::find(code).with_context(|| format!("there is no study {code}: there are {}", known()))
}

async fn doubles(place: &Place) -> anyhow::Result<sandbox::Running> {
    let any = "127.0.0.1:0".parse()?;
    let s3_dir = place.home.join("specimens").join("s3");
    sandbox::start(SandboxConfig {
        http: any,
        s3: any,
        s3_dir,
        environment: "sandbox".to_owned(),
        ..Default::default()
    })
    .await
}
