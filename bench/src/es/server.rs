//! A throw-away server, a fresh database for each measurement, and the commands that are measured.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Context as _;
use domain::command::{Actor, CommandContext};
use domain::eligibility::{Eligibility, EligibilityStatus};
use domain::money::Price;
use domain::order::{OrderCommand, RecipientKind};
use infra::cluster::{Binaries, Cluster};
use infra::event_store::PgCommands;
use infra::pools::{self, Role};
use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection as _, PgConnection, PgPool};
use tokio::sync::Notify;
use uuid::Uuid;

/// The server; its first database has the schema and is copied.
pub struct Server {
    cluster: Cluster,
    pub folder: PathBuf,
    copies: AtomicU32,
}

impl Server {
    pub async fn start(folder: &Path) -> anyhow::Result<Self> {
        let home = folder.join("home");
        let cluster = Cluster::open(&home).await?;
        let mut admin = PgConnection::connect(&cluster.url()).await?;
        sqlx::query("ALTER SYSTEM SET max_connections = 200").execute(&mut admin).await?;
        admin.close().await?;
        cluster.close().await?;
        let cluster = Cluster::open(&home).await?;
        let owner = PgPool::connect(&cluster.url()).await?;
        infra::migrate(&owner).await?;
        owner.close().await;
        Ok(Self { cluster, folder: folder.to_owned(), copies: AtomicU32::new(0) })
    }

    pub async fn stop(self) -> anyhow::Result<()> {
        self.cluster.close().await
    }

    /// An empty event store.
    pub async fn database(&self) -> anyhow::Result<Database> {
        let name = format!("copy_{}", self.copies.fetch_add(1, Ordering::Relaxed));
        let admin_url = self.cluster.url().replacen("/lobster?", "/postgres?", 1);
        let mut admin = PgConnection::connect(&admin_url).await?;
        // Our own prefix and a number: a statement about databases takes no binds.
        sqlx::raw_sql(&format!("CREATE DATABASE {name} TEMPLATE lobster")).execute(&mut admin).await?;
        sqlx::query("CHECKPOINT").execute(&mut admin).await?;
        admin.close().await?;
        Ok(Database { url: self.cluster.url().replacen("/lobster?", &format!("/{name}?"), 1), name, admin_url })
    }
}

/// One database of the server.
pub struct Database {
    pub url: String,
    name: String,
    admin_url: String,
}

impl Database {
    /// As the owner of everything.
    pub async fn owner(&self, connections: u32) -> anyhow::Result<PgPool> {
        Ok(PgPoolOptions::new().max_connections(connections).connect(&self.url).await?)
    }

    pub async fn commands(&self, connections: u32) -> anyhow::Result<PgCommands> {
        Ok(PgCommands::new(pools::connect(&self.url, Role::Api, connections).await?, Arc::new(Notify::new())))
    }

    pub async fn drop(self) -> anyhow::Result<()> {
        let mut admin = PgConnection::connect(&self.admin_url).await?;
        sqlx::raw_sql(&format!("DROP DATABASE {} WITH (FORCE)", self.name)).execute(&mut admin).await?;
        Ok(admin.close().await?)
    }

    /// Transactions per second of a pgbench script.
    pub fn pgbench(&self, folder: &Path, script: &str, clients: u32, seconds: u64) -> anyhow::Result<f64> {
        let file = folder.join("script.sql");
        std::fs::write(&file, script)?;
        let output = Command::new(Binaries::find("15")?.program("pgbench"))
            .args(["--no-vacuum", "--protocol=prepared", "--jobs=2"])
            .arg(format!("--client={clients}"))
            .arg(format!("--time={seconds}"))
            .arg("--file")
            .arg(&file)
            .arg(&self.url)
            .output()
            .context("pgbench is not installed: it comes with postgresql-15")?;
        let text = String::from_utf8_lossy(&output.stdout);
        text.lines()
            .find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok())
            .with_context(|| format!("pgbench said: {text}{}", String::from_utf8_lossy(&output.stderr)))
    }
}

pub fn context(order: Uuid, command_id: String) -> CommandContext {
    CommandContext {
        command_id,
        actor: Actor::Customer,
        correlation_id: order.to_string(),
        causation_id: None,
        request_id: None,
    }
}

pub fn place() -> OrderCommand {
    OrderCommand::Place {
        customer: Uuid::from_u128(1),
        commune: "44109".to_owned(),
        study: "LOG-01".to_owned(),
        eligibility: Eligibility {
            study: "LOG-01".to_owned(),
            status: EligibilityStatus::Full,
            dropped_pages: vec![],
            reason: None,
        },
        price: Price::before_tax(29_000, 2_000, "EUR"),
        recipient: RecipientKind::Particulier,
        consents: vec![],
    }
}

/// What may be asked of an order at any time, and each time means an event: a note of its own name.
pub fn note(name: &str) -> OrderCommand {
    OrderCommand::AddNote { note: Uuid::new_v5(&Uuid::nil(), name.as_bytes()), sha256: "0".repeat(64), closes: None }
}

pub fn mail(message_id: String) -> OrderCommand {
    OrderCommand::RecordEmailSent { kind: "delivery".to_owned(), message_id }
}
