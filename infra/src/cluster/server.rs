//! Making, starting and stopping the server with PostgreSQL's own programs.

use std::{path::Path, time::Duration};

use anyhow::Context as _;
use sqlx::{Connection as _, PgConnection};
use tokio::process::Command;

use super::{Cluster, DATABASE, account::Account};

/// Sized for the 4 GB host, of which the database may take 1.4 GB.
const SETTINGS: &str = "listen_addresses = ''\n\
    unix_socket_permissions = 0700\n\
    max_connections = 60\n\
    shared_buffers = 256MB\n\
    work_mem = 12MB\n\
    maintenance_work_mem = 128MB\n\
    effective_cache_size = 1GB\n\
    wal_compression = on\n\
    checkpoint_timeout = 15min\n\
    max_wal_size = 2GB\n\
    jit = off\n\
    timezone = 'UTC'\n\
    log_timezone = 'UTC'\n";

impl Cluster {
    /// Makes the cluster beside its place and moves it there when it is whole: a crash leaves nothing half made.
    pub(super) async fn initialise(&self) -> anyhow::Result<()> {
        let draft = self.data.with_extension("new");
        if draft.exists() {
            std::fs::remove_dir_all(&draft).with_context(|| format!("cannot clear {}", draft.display()))?;
        }
        std::fs::create_dir_all(&draft).with_context(|| format!("cannot make {}", draft.display()))?;
        self.account.own(&draft)?;
        let mut command = self.command("initdb", &draft);
        command.args([
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--auth=trust",
            "--username",
            DATABASE,
            "--no-instructions",
        ]);
        run(command, "initdb").await?;
        let file = draft.join("postgresql.conf");
        let settings = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        std::fs::write(&file, format!("{settings}\n# LObsTer\n{SETTINGS}"))?;
        std::fs::rename(&draft, &self.data)
            .with_context(|| format!("cannot move the new cluster to {}", self.data.display()))
    }

    /// Starts the server, unless one that was left behind still runs on this folder.
    pub(super) async fn start(&self) -> anyhow::Result<()> {
        if self.left_behind(&self.account).await? {
            return Ok(());
        }
        let log = self.data.join("server.log");
        let mut command = self.command("pg_ctl", &self.data);
        command.args(["start", "--wait", "--timeout=120", "--silent", "--log"]).arg(&log);
        command.arg("--options").arg(format!("-k {}", self.socket.display()));
        run(command, "pg_ctl start").await.with_context(|| {
            let text = std::fs::read_to_string(&log).unwrap_or_default();
            let tail: Vec<&str> = text.lines().rev().take(5).collect();
            format!(
                "PostgreSQL does not start in {}; its log ends with:\n{}",
                self.data.display(),
                tail.into_iter().rev().collect::<Vec<_>>().join("\n")
            )
        })
    }

    /// Stops the server, letting transactions in flight roll back.
    pub(super) async fn stop(&self) -> anyhow::Result<()> {
        let mut command = self.command("pg_ctl", &self.data);
        command.args(["stop", "--mode=fast", "--wait", "--timeout=60", "--silent"]);
        run(command, "pg_ctl stop").await
    }

    pub(super) async fn create_database(&self) -> anyhow::Result<()> {
        let admin = format!("postgres:///postgres?host={}&user={DATABASE}", self.socket.display());
        let mut connection = PgConnection::connect(&admin).await.context("the private PostgreSQL does not answer")?;
        let exists: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)")
            .bind(DATABASE)
            .fetch_one(&mut connection)
            .await?;
        if !exists {
            sqlx::query("CREATE DATABASE lobster").execute(&mut connection).await?;
        }
        connection.close().await?;
        Ok(())
    }

    /// Whether a server runs on our folder. PostgreSQL clears a pid file whose process is gone by itself; one whose
    /// process is a zombie, or another program by now, would stop it for ever, so that one is cleared here.
    async fn left_behind(&self, account: &Account) -> anyhow::Result<bool> {
        let file = self.data.join("postmaster.pid");
        let Ok(text) = std::fs::read_to_string(&file) else { return Ok(false) };
        let pid = text.lines().next().unwrap_or_default().trim();
        let Ok(arguments) = std::fs::read_to_string(format!("/proc/{pid}/cmdline")) else { return Ok(false) };
        if arguments.contains("postgres") && arguments.contains(&*self.data.to_string_lossy()) {
            tracing::info!(pid, account = account.name, "PostgreSQL still runs on our folder: going on with it");
            return Ok(true);
        }
        self.wait_for_orphans().await?;
        for stale in [file, self.socket.join(".s.PGSQL.5432.lock")] {
            match std::fs::remove_file(&stale) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error).with_context(|| format!("cannot remove the stale {}", stale.display()));
                }
                _ => {}
            }
        }
        Ok(false)
    }

    /// Waits until no process works in the data folder: the children of a killed server end by themselves, and a new
    /// server beside them would ruin the data.
    async fn wait_for_orphans(&self) -> anyhow::Result<()> {
        let works_here = |entry: std::fs::DirEntry| {
            std::fs::read_link(entry.path().join("cwd")).is_ok_and(|folder| folder == self.data)
        };
        let mut look = tokio::time::interval(Duration::from_millis(50));
        for _ in 0..200 {
            look.tick().await;
            if !std::fs::read_dir("/proc")?.flatten().any(works_here) {
                return Ok(());
            }
        }
        anyhow::bail!(
            "processes of a killed PostgreSQL still work in {}: end them, then start again",
            self.data.display()
        )
    }

    /// One of PostgreSQL's programs on a data folder, in the server's name, from a folder that its account can enter.
    fn command(&self, program: &str, data: &Path) -> Command {
        let mut command = std::process::Command::new(self.binaries.program(program));
        self.account.lend(&mut command);
        command.arg("--pgdata").arg(data).current_dir("/").env("LC_ALL", "C.UTF-8").env_remove("PGDATA");
        command.stdin(std::process::Stdio::null());
        command.into()
    }
}

/// Runs a program to its end. Output goes to no pipe of ours that the server would keep open after `pg_ctl` has gone.
async fn run(mut command: Command, name: &str) -> anyhow::Result<()> {
    let notes = std::env::temp_dir().join(format!("lobster-{}-{}.log", name.replace(' ', "-"), std::process::id()));
    let file = std::fs::File::create(&notes).with_context(|| format!("cannot write {}", notes.display()))?;
    command.stdout(file.try_clone()?).stderr(file);
    let status = command.status().await.with_context(|| format!("cannot run {name}"))?;
    let said = std::fs::read_to_string(&notes).unwrap_or_default();
    let _ = std::fs::remove_file(&notes);
    anyhow::ensure!(status.success(), "{name} failed: {}", said.trim());
    Ok(())
}
