//! The private server: made once per user, started on demand, healed after a crash.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};
use sqlx::{Connection as _, PgConnection};

const USER: &str = "postgres";

/// Settings of a server whose data nobody will miss.
const SETTINGS: &str = "
listen_addresses = ''
max_connections = 200
max_locks_per_transaction = 256
shared_buffers = 128MB
maintenance_work_mem = 128MB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
jit = off
max_wal_senders = 0
max_wal_size = 2GB
timezone = 'UTC'
log_min_messages = warning
";

/// A server that answers on a unix socket.
pub struct Cluster {
    home: PathBuf,
}

/// The user the server runs as, when it may not be ourselves: PostgreSQL refuses to run as root.
#[derive(Clone, Copy)]
struct Account {
    uid: u32,
    gid: u32,
}

/// Connects to the server of this user; makes it, starts it or replaces it first when that is needed.
pub async fn running() -> anyhow::Result<Cluster> {
    let me = fs::metadata("/proc/self").context("reading our own user id")?.uid();
    let cluster = Cluster { home: base_folder(me == 0)?.join(format!("lobster-test-pg-{me}")) };
    if cluster.answers().await {
        return Ok(cluster);
    }
    let account = if me == 0 { Some(unprivileged_account()?) } else { None };
    // One process prepares, the others wait here and then find the server running.
    let lock_path = cluster.home.with_extension("lock");
    let lock = File::create(&lock_path).with_context(|| format!("creating {}", lock_path.display()))?;
    let lock =
        tokio::task::spawn_blocking(move || lock.lock().map(|()| lock)).await?.context("waiting for the lock")?;
    if !cluster.answers().await {
        cluster.start(account).await?;
    }
    drop(lock);
    Ok(cluster)
}

impl Cluster {
    /// The address of one database, for sqlx and for tokio-postgres.
    pub fn url(&self, database: &str) -> String {
        format!("postgres:///{database}?host={}&user={USER}", self.home.display())
    }

    async fn answers(&self) -> bool {
        if !self.home.join(".s.PGSQL.5432").exists() {
            return false;
        }
        match PgConnection::connect(&self.url("postgres")).await {
            Ok(connection) => connection.close().await.is_ok(),
            // Full or starting: it lives all the same, and a second server would not help.
            Err(sqlx::Error::Database(refusal)) => refusal.code().is_some_and(|code| code == "53300"),
            Err(_) => false,
        }
    }

    async fn start(&self, account: Option<Account>) -> anyhow::Result<()> {
        if !self.data().join("PG_VERSION").exists() {
            self.create(account)?;
        }
        if self.launch(account).await.is_ok() {
            return Ok(());
        }
        // What a crash left cannot be started. Nothing in it is worth a repair.
        let _ = self.pg_ctl(account, &["stop", "-m", "immediate", "-w", "-t", "10"]);
        self.create(account)?;
        self.launch(account).await
    }

    async fn launch(&self, account: Option<Account>) -> anyhow::Result<()> {
        self.pg_ctl(account, &["start", "-w", "-t", "60", "-l", &path_text(&self.home.join("server.log"))?])?;
        for _ in 0..100 {
            if self.answers().await {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("the test server does not answer: see {}", self.home.join("server.log").display())
    }

    fn create(&self, account: Option<Account>) -> anyhow::Result<()> {
        if self.home.exists() {
            fs::remove_dir_all(&self.home).with_context(|| format!("removing {}", self.home.display()))?;
        }
        fs::create_dir(&self.home).with_context(|| format!("creating {}", self.home.display()))?;
        fs::set_permissions(&self.home, fs::Permissions::from_mode(0o700))?;
        if let Some(Account { uid, gid }) = account {
            chown(&self.home, Some(uid), Some(gid)).context("giving the folder to the server's account")?;
        }
        let mut initdb = command("initdb", account)?;
        initdb.args(["--encoding=UTF8", "--locale=C.UTF-8", "--auth=trust", "--no-sync", "--username", USER]);
        run(initdb.arg("--pgdata").arg(self.data()))?;
        let settings = format!("{SETTINGS}unix_socket_directories = '{}'\n", path_text(&self.home)?);
        let config = self.data().join("postgresql.auto.conf");
        fs::write(&config, settings).with_context(|| format!("writing {}", config.display()))
    }

    fn pg_ctl(&self, account: Option<Account>, arguments: &[&str]) -> anyhow::Result<()> {
        run(command("pg_ctl", account)?.arg("--pgdata").arg(self.data()).args(arguments))
    }

    fn data(&self) -> PathBuf {
        self.home.join("cluster")
    }
}

/// The temporary folder, unless the server's account could not walk to it.
fn base_folder(as_root: bool) -> anyhow::Result<PathBuf> {
    let temporary = std::env::temp_dir().canonicalize().context("finding the temporary folder")?;
    let open_to_all = |folder: &Path| fs::metadata(folder).is_ok_and(|found| found.mode() & 0o001 != 0);
    // A socket's path may have 107 bytes; macOS-like long temporary folders would not fit.
    let short = temporary.as_os_str().len() < 60;
    Ok(if short && (!as_root || temporary.ancestors().all(open_to_all)) { temporary } else { PathBuf::from("/tmp") })
}

fn unprivileged_account() -> anyhow::Result<Account> {
    let accounts = fs::read_to_string("/etc/passwd").context("reading /etc/passwd")?;
    let fields = accounts
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields.first() == Some(&USER) && fields.len() > 3)
        .context("no account `postgres` in /etc/passwd: install postgresql-15")?;
    Ok(Account { uid: fields[2].parse()?, gid: fields[3].parse()? })
}

fn command(program: &str, account: Option<Account>) -> anyhow::Result<Command> {
    let packaged = Path::new("/usr/lib/postgresql/15/bin").join(program);
    let found = if packaged.exists() { packaged } else { PathBuf::from(program) };
    let mut command = Command::new(found);
    // A pipe that the server inherits would make the test runner wait for it.
    command.stdin(Stdio::null()).current_dir("/").env("LC_ALL", "C.UTF-8");
    if let Some(Account { uid, gid }) = account {
        command.uid(uid).gid(gid);
    }
    Ok(command)
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .with_context(|| format!("running {program}: install postgresql-15"))?;
    if !status.success() {
        bail!("{program} ended with {status}");
    }
    Ok(())
}

fn path_text(path: &Path) -> anyhow::Result<String> {
    path.to_str().map(str::to_owned).with_context(|| format!("{} is not UTF-8", path.display()))
}
