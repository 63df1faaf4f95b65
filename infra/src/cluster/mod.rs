//! The private PostgreSQL cluster of a deployment without `LOBSTER_DATABASE_URL` (docs/adr/0009).
//!
//! Made with the system's own binaries under the home folder (`.lobster/pg`), reached by a Unix socket only, run by an
//! unprivileged account, stopped cleanly with its owner. After a kill -9 of LObsTer the server may still be running:
//! it is adopted; after a power cut its stale pid file is removed and PostgreSQL replays its own log.

mod account;
mod binaries;
mod location;
mod server;

use std::{
    fs::{File, TryLockError},
    path::{Path, PathBuf},
};

use anyhow::Context as _;

pub use account::Account;
pub use binaries::Binaries;

/// The major version that every figure of this project was measured on.
const MAJOR: &str = "15";
/// Name of the one database of the cluster.
const DATABASE: &str = "lobster";

/// A running private cluster. Whoever holds the lock of the home folder stops it in the end.
pub struct Cluster {
    binaries: Binaries,
    account: Account,
    data: PathBuf,
    socket: PathBuf,
    /// Held by the process that owns the cluster; others are guests.
    lock: Option<File>,
    /// What happened on the way that a person should know.
    pub remarks: Vec<String>,
}

impl Cluster {
    /// Finds or makes the cluster of `home`, starts it if it is not running, and makes sure that its database exists.
    ///
    /// # Errors
    /// When PostgreSQL 15 is not installed, the cluster is of another major version, or it does not start; the message
    /// says what to do.
    pub async fn open(home: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(home).with_context(|| format!("cannot make the home folder {}", home.display()))?;
        let home = home.canonicalize()?;
        let binaries = Binaries::find(MAJOR)?;
        let account = Account::for_server()?;
        let lock = claim(&home)?;
        let mut remarks = Vec::new();
        let data = location::data_folder(&home, &account, &mut remarks)?;
        let socket = location::socket_folder(&home, &account)?;
        let cluster = Self { binaries, account, data, socket, lock, remarks };
        if !cluster.data.join("PG_VERSION").exists() {
            cluster.initialise().await?;
        }
        cluster.refuse_other_major()?;
        cluster.start().await?;
        cluster.create_database().await?;
        Ok(cluster)
    }

    /// The address of the database, readable by sqlx and by tokio-postgres.
    #[must_use]
    pub fn url(&self) -> String {
        format!("postgres:///{DATABASE}?host={}&user={DATABASE}", self.socket.display())
    }

    /// Whether this process holds the cluster, and will stop it.
    #[must_use]
    pub fn is_owner(&self) -> bool {
        self.lock.is_some()
    }

    /// Stops the server when this process owns it; a guest leaves it running.
    ///
    /// # Errors
    /// When the server does not stop within a minute.
    pub async fn close(self) -> anyhow::Result<()> {
        if self.is_owner() { self.stop().await } else { Ok(()) }
    }

    fn refuse_other_major(&self) -> anyhow::Result<()> {
        let file = self.data.join("PG_VERSION");
        let found = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        anyhow::ensure!(
            found.trim() == MAJOR,
            "the cluster in {} was made by PostgreSQL {}, this LObsTer runs PostgreSQL {MAJOR}: \
             move the folder away to start afresh, or upgrade it with pg_upgrade",
            self.data.display(),
            found.trim(),
        );
        Ok(())
    }
}

/// Takes the lock of the home folder; `None` when another process has it.
fn claim(home: &Path) -> anyhow::Result<Option<File>> {
    let path = home.join("owner.lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .with_context(|| format!("cannot open {}: is the folder writable?", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("cannot lock {}", path.display())),
    }
}
