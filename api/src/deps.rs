//! What the handlers need: ports, the read models' pool, and a few settings. The caller builds them; nothing here is global.

use std::{path::PathBuf, sync::Arc};

use async_trait::async_trait;
use domain::{
    fact::FactSheet,
    ports::{
        Catalogue, Clock, Commands, Contacts, History, Ids, Links, MailWebhooks, PaymentWebhooks, Payments, Storage,
        Territories,
    },
};
use metrics_exporter_prometheus::PrometheusHandle;
use sqlx::PgPool;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::{audit::Auditor, operator::OperatorToken};

/// One thing the service cannot work without, and whether it works now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Short and English, e.g. `database`.
    pub name: &'static str,
    pub ready: bool,
    /// Why it is not ready, without secrets; shown on loopback only.
    pub detail: Option<String>,
}

/// Answers `/readyz`.
#[async_trait]
pub trait Readiness: Send + Sync {
    /// Looks at every part now; must answer within a second or two.
    async fn checks(&self) -> Vec<Check>;
}

/// Configuration of the HTTP side.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where customers reach us, e.g. `http://127.0.0.1:8080`; used in addresses given to the payment page.
    pub public_url: String,
    /// Strict transport security, and operators' pages on loopback only.
    pub production: bool,
    /// The built front end (`frontend/dist`); without it `/` says how to build it.
    pub frontend_dir: Option<PathBuf>,
    /// Lets operators and auditors in; without it their routes do not exist.
    pub operator_token: Option<OperatorToken>,
    /// Whether studies made from generated data may be ordered. Production refuses to sell them.
    pub specimens_allowed: bool,
}

/// Everything the handlers use. Cloning is cheap.
#[derive(Clone)]
pub struct Deps {
    pub commands: Arc<dyn Commands>,
    pub history: Arc<dyn History>,
    pub payments: Arc<dyn Payments>,
    pub payment_webhooks: Arc<dyn PaymentWebhooks>,
    pub mail_webhooks: Arc<dyn MailWebhooks>,
    pub storage: Arc<dyn Storage>,
    pub links: Arc<dyn Links>,
    pub contacts: Arc<dyn Contacts>,
    pub catalogue: Arc<dyn Catalogue>,
    pub territories: Arc<dyn Territories>,
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    /// The annex of a report, as a spreadsheet reads it; `studies` writes it.
    pub spreadsheet: fn(&FactSheet) -> String,
    /// Role `lobster_api`: reads `read.*`.
    pub read: PgPool,
    pub settings: Arc<Settings>,
    /// Renders `/metrics`; `None` where no recorder is installed.
    pub metrics: Option<PrometheusHandle>,
    pub ready: Arc<dyn Readiness>,
    pub auditor: Arc<dyn Auditor>,
    /// The last position of the log, as announced by the sealer: wakes the live streams. A stream looks every second
    /// anyway, so a lost announcement costs a second.
    pub positions: watch::Receiver<i64>,
    /// Ends the live streams, so that the server can stop.
    pub stopping: CancellationToken,
}
