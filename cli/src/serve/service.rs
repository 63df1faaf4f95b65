//! Starting and stopping everything in the right order.

use std::{sync::Arc, time::Duration};

use anyhow::Context as _;
use api::OperatorToken;
use domain::ports::{Clock, Commands};
use infra::{
    clock::SystemClock,
    config::{Environment, Place, Vendors, Web},
    contacts::PgContacts,
    event_store::{HeadKeeper, HeadPost, PgCommands, PgHistory},
    ids::TimeIds,
    notices::PgNotices,
    pools::{self, Role},
    territories::PgTerritories,
};
use metrics_exporter_prometheus::PrometheusBuilder;
use process_managers::{Ports, upkeep::ReadModels};
use sqlx::PgPool;
use tokio::{net::TcpListener, sync::Notify, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{Background, auditor::LogAuditor, ready::Ready};
use crate::{
    commands::sandbox,
    database::Database,
    outside::{self, Doubles, Outside},
    witness::{WatchedPayments, Witness},
};

/// A running shop.
pub struct Service {
    address: std::net::SocketAddr,
    doubles: Option<Doubles>,
    read: PgPool,
    database: Database,
    sandbox: Option<sandbox::Running>,
    background: tokio::sync::Mutex<Option<Background>>,
    outside: Outside,
    server: JoinHandle<std::io::Result<()>>,
    stopping: CancellationToken,
}

impl Service {
    /// Starts the database, the doubles, the data, the background and the API; answers when `/readyz` would.
    ///
    /// # Errors
    /// When any of them does not start; the message says which, and what to do.
    pub async fn start(place: &Place, web: &Web, vendors: &Vendors, concurrency: usize) -> anyhow::Result<Self> {
        let faults = vendors.faults(place.environment, web.public_url.as_deref());
        anyhow::ensure!(faults.is_empty(), "the configuration cannot serve:\n  - {}", faults.join("\n  - "));
        let operator_token = operator_token(web)?;
        let listener = TcpListener::bind(web.listen).await.with_context(|| {
            format!("the address {} is taken: stop what listens there, or set LOBSTER_LISTEN to another", web.listen)
        })?;
        let address = listener.local_addr()?;
        let public_url = web.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
        let public_url = public_url.trim_end_matches('/').to_owned();

        let database = Database::open(place).await?;
        anyhow::ensure!(
            !database.is_guest(),
            "another lobster is already serving from {}: stop it, or set LOBSTER_HOME to another folder",
            place.home.display()
        );
        crate::commands::migrate::bring_up(&database.url).await?;
        crate::commands::datasets::prepare(place, &database.url).await?;

        let sandbox = match vendors.needs_sandbox(place.environment) {
            true => Some(sandbox::start(place, web, address).await?),
            false => None,
        };
        let doubles = sandbox.as_ref().map(|running| Doubles { http: running.http, s3: running.s3 });

        let read = pools::connect(&database.url, Role::Api, 10).await?;
        let worker = pools::connect(&database.url, Role::Worker, 8).await?;
        let projector = pools::connect(&database.url, Role::Projector, 8).await?;
        // We are alone on a private cluster: leases of a killed predecessor need not run out.
        if place.database_url.is_none() {
            projections::runtime::free_leases(&projector).await?;
        }
        let outside = Outside::build(place, vendors, doubles, &read)?;
        let audit_key = outside::audit_key(place, vendors)?;
        let trusted = outside::trusted_keys(&audit_key, vendors)?;
        let stopping = CancellationToken::new();
        let appended = Arc::new(Notify::new());
        let metrics = PrometheusBuilder::new().install_recorder().ok();
        let production = place.environment == Environment::Production;

        let model = Arc::clone(&outside.writer);
        tokio::spawn(stopping.child_token().run_until_cancelled_owned(super::model::watch(model)));
        let ports = ports(&outside, worker, Arc::clone(&appended), public_url.clone(), production);
        let clock = Arc::clone(&ports.clock);
        let keeper = HeadKeeper {
            pool: projector.clone(),
            key: outside::audit_key(place, vendors)?,
            storage: Arc::clone(&outside.storage),
            post: vendors.owner().map(|to| HeadPost { mailer: Arc::clone(&outside.mailer), to }),
            clock: Arc::clone(&clock),
        };
        tokio::spawn(keeper.run(stopping.child_token()));
        let background = Background::start(
            projector,
            database.url.clone(),
            Arc::clone(&appended),
            ports,
            concurrency,
            stopping.child_token(),
        );
        let commands: Arc<dyn Commands> = Arc::new(PgCommands::new(read.clone(), appended));
        let witness = Witness { commands: Arc::clone(&commands), ids: Arc::new(TimeIds) };
        let deps = api::Deps {
            commands,
            history: Arc::new(PgHistory::new(read.clone())),
            payments: Arc::new(WatchedPayments { inner: Arc::clone(&outside.payments), witness }),
            payment_webhooks: Arc::clone(&outside.payment_webhooks),
            mail_webhooks: Arc::clone(&outside.mail_webhooks),
            storage: Arc::clone(&outside.storage),
            links: Arc::clone(&outside.links),
            contacts: Arc::new(PgContacts::new(read.clone())),
            catalogue: Arc::new(studies::PgCatalogue::new(read.clone(), Arc::clone(&clock))),
            spreadsheet: studies::spreadsheet,
            territories: Arc::new(PgTerritories::new(read.clone())),
            clock,
            ids: Arc::new(TimeIds),
            read: read.clone(),
            settings: Arc::new(api::Settings {
                public_url,
                production,
                frontend_dir: web.frontend_dir.join("index.html").is_file().then(|| web.frontend_dir.clone()),
                operator_token,
                specimens_allowed: !production,
            }),
            metrics,
            ready: Arc::new(Ready { pool: read.clone(), working: background.working.clone() }),
            auditor: Arc::new(LogAuditor { pool: read.clone(), public_key: audit_key.public(), trusted }),
            positions: background.positions.clone(),
            stopping: stopping.child_token(),
        };
        let router = api::router(deps).into_make_service_with_connect_info::<std::net::SocketAddr>();
        let graceful = stopping.child_token().cancelled_owned();
        let server = tokio::spawn(async move { axum::serve(listener, router).with_graceful_shutdown(graceful).await });
        Ok(Self {
            address,
            doubles,
            read,
            database,
            sandbox,
            background: tokio::sync::Mutex::new(Some(background)),
            outside,
            server,
            stopping,
        })
    }

    /// Address on this machine.
    pub fn local_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Address of the sandbox, when there is one.
    pub fn sandbox_url(&self) -> Option<String> {
        self.doubles.map(|doubles| format!("http://{}", doubles.http))
    }

    /// Paid orders that are not delivered yet.
    pub async fn unfinished_orders(&self) -> sqlx::Result<i64> {
        sqlx::query_scalar("SELECT count(*) FROM read.order_summary WHERE status = 'paid'").fetch_one(&self.read).await
    }

    /// Completes when every paid order is delivered or has failed for good.
    pub async fn all_delivered(&self) -> sqlx::Result<()> {
        let mut look = tokio::time::interval(Duration::from_millis(250));
        loop {
            look.tick().await;
            if self.unfinished_orders().await? == 0 {
                return Ok(());
            }
        }
    }

    /// Tells a person where everything is.
    pub fn announce(&self) {
        println!("\nLObsTer sert sur {}", self.local_url());
        println!("  API              {}/api/docs", self.local_url());
        if let Some(sandbox) = self.sandbox_url() {
            println!("  Bac à sable      {sandbox}/_sandbox");
            println!("  Carte de test    4242 4242 4242 4242, toute date future, tout CVC");
            println!("  Courriels        {sandbox}/_sandbox/brevo/outbox");
        }
        println!("  Ctrl-C pour arrêter.");
    }

    /// Completes when a background task dies; the process should not go on half alive.
    pub async fn watch(&self) -> anyhow::Error {
        match self.background.lock().await.as_mut() {
            Some(background) => background.failure().await,
            None => anyhow::anyhow!("the background was stopped"),
        }
    }

    /// Stops in the order in which nothing is cut off: listeners, background, browser, doubles, database.
    ///
    /// # Errors
    /// When the server or the private cluster does not stop.
    pub async fn stop(self) -> anyhow::Result<()> {
        self.stopping.cancel();
        if tokio::time::timeout(Duration::from_secs(10), self.server).await.is_err() {
            tracing::warn!("open connections were cut after ten seconds");
        }
        if let Some(background) = self.background.into_inner() {
            background.stop().await;
        }
        self.outside.printer.close().await;
        if let Some(sandbox) = self.sandbox {
            sandbox.stop().await;
        }
        self.read.close().await;
        self.database.close().await
    }
}

/// The token of operators and auditors, when there is one.
fn operator_token(web: &Web) -> anyhow::Result<Option<OperatorToken>> {
    let Some(token) = &web.operator_token else { return Ok(None) };
    let token = OperatorToken::new(token.reveal());
    token
        .map(Some)
        .context("LOBSTER_OPERATOR_TOKEN is shorter than 32 characters: make one with `openssl rand -hex 32`")
}

/// What the jobs of a worker reach, on connections of their own.
pub fn ports(outside: &Outside, worker: PgPool, appended: Arc<Notify>, public_url: String, production: bool) -> Ports {
    let commands: Arc<dyn Commands> = Arc::new(PgCommands::new(worker.clone(), appended));
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    Ports {
        commands,
        clock,
        study: studies::find,
        payments: Arc::clone(&outside.payments),
        payment_webhooks: Arc::clone(&outside.payment_webhooks),
        mail_webhooks: Arc::clone(&outside.mail_webhooks),
        notices: Arc::new(PgNotices::new(worker.clone())),
        orders: Arc::new(ReadModels::new(worker.clone())),
        storage: Arc::clone(&outside.storage),
        writer: Arc::clone(&outside.writer) as Arc<dyn domain::ports::Writer>,
        printer: Arc::clone(&outside.printer) as Arc<dyn domain::ports::Printer>,
        signer: outside.signer.clone(),
        mailer: Arc::clone(&outside.mailer),
        contacts: Arc::new(PgContacts::new(worker.clone())),
        links: Arc::clone(&outside.links),
        certificates: Arc::clone(&outside.certificates),
        data: worker,
        public_url,
        production,
    }
}
