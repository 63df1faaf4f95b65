//! The shop as it stands on a server: API, worker, doubles and PostgreSQL, each a process of its own that can be struck.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use infra::cluster::Cluster;
use sqlx::postgres::PgPoolOptions;

use crate::{books::Books, counter::Counter, free_ports};

/// A first start loads a whole département, with an unoptimised binary.
const STARTING: Duration = Duration::from_secs(300);

/// One of our processes.
struct Member {
    name: &'static str,
    arguments: Vec<&'static str>,
    /// What it prints once it is there.
    ready: &'static str,
    child: Child,
}

/// Processes that share a database, a home folder and doubles.
pub struct Crew {
    pub counter: Counter,
    /// The binary as it was at the start: a build that goes on beside must not change what is started again.
    binary: PathBuf,
    ports: [u16; 3],
    url: String,
    cluster: Option<Cluster>,
    members: Vec<Member>,
}

impl Crew {
    /// API and worker in two processes.
    pub async fn apart() -> Self {
        let mut crew = Self::found().await;
        crew.hire("api", vec!["serve", "--concurrency", "0"], "sert sur").await;
        crew.hire("worker", vec!["worker"], "Working").await;
        crew
    }

    /// API and worker in one process.
    pub async fn together() -> Self {
        let mut crew = Self::found().await;
        crew.hire("api", vec!["serve"], "sert sur").await;
        crew
    }

    async fn found() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let ports = free_ports();
        let home = std::env::temp_dir().join(format!("lobster-crew-{}-{}", std::process::id(), ports[0]));
        std::fs::create_dir_all(&home).unwrap();
        let home = home.canonicalize().unwrap();
        let binary = home.join("lobster");
        if std::fs::hard_link(env!("CARGO_BIN_EXE_lobster"), &binary).is_err() {
            std::fs::copy(env!("CARGO_BIN_EXE_lobster"), &binary).unwrap();
        }
        let cluster = Cluster::open(&home).await.unwrap();
        let url = cluster.url();
        let pool = PgPoolOptions::new().max_connections(4).connect(&url).await.unwrap();
        let [api, sandbox, _] = ports.map(|port| format!("http://127.0.0.1:{port}"));
        let books = Books { pool, sandbox, home, client: reqwest::Client::new() };
        let counter = Counter { books, api };
        let mut crew = Self { counter, binary, ports, url, cluster: Some(cluster), members: Vec::new() };
        crew.hire("doubles", vec!["sandbox"], "Sandbox").await;
        crew
    }

    /// Starts a process for the first time and waits until it is there.
    async fn hire(&mut self, name: &'static str, arguments: Vec<&'static str>, ready: &'static str) {
        let child = self.start(name, &arguments);
        self.members.push(Member { name, arguments, ready, child });
        let end = Instant::now() + STARTING;
        while !self.is_there(name) {
            self.tend();
            assert!(Instant::now() < end, "{name} does not start:\n{}", self.last_words(name));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// One of our commands, with everything that this shop is configured with.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let [api, doubles, s3] = self.ports.map(|port| format!("127.0.0.1:{port}"));
        let mut command = Command::new(&self.binary);
        command
            .args(arguments)
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
            .env_remove("LOBSTER_DATA_DIR")
            .env("LOBSTER_DATABASE_URL", &self.url)
            .env("LOBSTER_HOME", &self.counter.books.home);
        if !["serve", "worker", "sandbox"].contains(&arguments[0]) {
            return command;
        }
        command.env("LOBSTER_LISTEN", api).env("LOBSTER_SANDBOX_HTTP", &doubles).env("LOBSTER_SANDBOX_S3", &s3);
        if arguments[0] != "sandbox" {
            // With every vendor named, nobody starts doubles of its own.
            command
                .env("LOBSTER_STRIPE_KEY", "sk_test_sandbox")
                .env("LOBSTER_STRIPE_URL", format!("http://{doubles}/stripe/"))
                .env("LOBSTER_STRIPE_WEBHOOK_SECRET", "whsec_sandbox")
                .env("LOBSTER_ANTHROPIC_KEY", "sk-ant-sandbox")
                .env("LOBSTER_ANTHROPIC_URL", format!("http://{doubles}/anthropic"))
                .env("LOBSTER_BREVO_KEY", "xkeysib-sandbox")
                .env("LOBSTER_BREVO_URL", format!("http://{doubles}/brevo/v3"))
                .env("LOBSTER_BREVO_WEBHOOK_TOKEN", "brevo_sandbox")
                .env("LOBSTER_ADEME_URL", format!("http://{doubles}/ademe/data-fair/api/v1"))
                .env("LOBSTER_S3_ENDPOINT", format!("http://{s3}"))
                .env("LOBSTER_S3_ACCESS_KEY", "sandboxkey")
                .env("LOBSTER_S3_SECRET_KEY", "sandboxsecret");
        }
        command
    }

    fn start(&self, name: &str, arguments: &[&str]) -> Child {
        let home = &self.counter.books.home;
        let said = File::create(home.join(format!("{name}.out"))).unwrap();
        let log = File::options().create(true).append(true).open(home.join(format!("{name}.log"))).unwrap();
        self.command(arguments).stdin(Stdio::null()).stdout(said).stderr(log).spawn().expect("the binary starts")
    }

    fn member(&mut self, name: &str) -> &mut Member {
        self.members.iter_mut().find(|member| member.name == name).expect("a member of the crew")
    }

    /// The number of a process that runs.
    pub fn pid(&mut self, name: &str) -> u32 {
        let member = self.member(name);
        assert_eq!(member.child.try_wait().unwrap(), None, "{name} has ended");
        member.child.id()
    }

    /// Whether a process has said that it is there.
    pub fn is_there(&mut self, name: &str) -> bool {
        let said = self.counter.books.home.join(format!("{name}.out"));
        let ready = self.member(name).ready;
        std::fs::read_to_string(said).is_ok_and(|said| said.contains(ready))
    }

    /// Power cut, and a new start at once.
    pub fn kill(&mut self, name: &str) {
        let member = self.member(name);
        member.child.kill().expect("kill -9");
        member.child.wait().expect("the process is gone");
        self.start_again(name);
    }

    fn start_again(&mut self, name: &str) {
        let arguments = self.member(name).arguments.clone();
        let child = self.start(name, &arguments);
        self.member(name).child = child;
    }

    /// Starts again who could not start, as any keeper of services does. Who once was there may not end by itself.
    pub fn tend(&mut self) {
        for name in self.members.iter().map(|member| member.name).collect::<Vec<_>>() {
            let Some(ended) = self.member(name).child.try_wait().unwrap() else { continue };
            assert!(!self.is_there(name), "{name} ended by itself ({ended}):\n{}", self.last_words(name));
            self.start_again(name);
        }
    }

    fn last_words(&self, name: &str) -> String {
        let log = std::fs::read_to_string(self.counter.books.home.join(format!("{name}.log"))).unwrap_or_default();
        let tail: Vec<&str> = log.lines().rev().take(25).collect();
        tail.into_iter().rev().collect::<Vec<_>>().join("\n")
    }

    /// Stops PostgreSQL as `pg_ctl stop -m immediate` does: every backend ends where it is, nothing is written down.
    pub fn stop_database(&mut self) {
        self.cluster = None;
        quit_server(&self.counter.books.home);
    }

    pub async fn start_database(&mut self) {
        self.cluster = Some(Cluster::open(&self.counter.books.home).await.expect("PostgreSQL starts again"));
    }

    /// What one of our commands says; it must succeed.
    pub fn ask(&self, arguments: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.command(arguments).output().expect("the binary starts");
        let said = String::from_utf8_lossy(&stdout).into_owned();
        assert!(status.success(), "{arguments:?}: {said}{}", String::from_utf8_lossy(&stderr));
        said
    }

    /// Closes the shop: everybody leaves when told to, and no process of ours is left behind.
    pub async fn close(mut self) {
        for mut member in std::mem::take(&mut self.members).into_iter().rev() {
            let pid = member.child.id().to_string();
            assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
            let end = Instant::now() + Duration::from_secs(40);
            let left = loop {
                match member.child.try_wait().unwrap() {
                    Some(left) => break left,
                    None => assert!(Instant::now() < end, "{} does not stop", member.name),
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            };
            assert!(left.success(), "{}: {left}\n{}", member.name, self.last_words(member.name));
        }
        self.counter.books.pool.close().await;
        self.cluster.take().unwrap().close().await.unwrap();
        let home = self.counter.books.home.to_string_lossy().into_owned();
        let left = processes_of(&home);
        assert!(left.is_empty(), "processes are left: {left:?}");
        std::fs::remove_dir_all(home).unwrap();
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        for member in &mut self.members {
            let _ = member.child.kill();
            let _ = member.child.wait();
        }
        if self.cluster.take().is_some() {
            quit_server(&self.counter.books.home);
        }
        // Browsers of a worker that was killed: its successor, who would have removed them, was killed too.
        for (pid, _) in processes_of(&self.counter.books.home.to_string_lossy()) {
            let _ = Command::new("kill").args(["-KILL", &pid]).status();
        }
    }
}

fn quit_server(home: &Path) {
    let Ok(file) = std::fs::read_to_string(home.join("pg/postmaster.pid")) else { return };
    let pid = file.lines().next().unwrap_or_default().to_owned();
    assert!(Command::new("kill").args(["-QUIT", &pid]).status().unwrap().success());
    let end = Instant::now() + Duration::from_secs(20);
    // A server that nobody waits for stays as a zombie without a command line.
    while std::fs::read_to_string(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty()) {
        assert!(Instant::now() < end, "PostgreSQL is still there");
        std::thread::yield_now();
    }
}

/// What runs and names this folder: number and command line.
fn processes_of(folder: &str) -> Vec<(String, String)> {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let lines = entries.filter_map(|entry| {
        let line = std::fs::read_to_string(entry.path().join("cmdline")).ok()?;
        Some((entry.file_name().to_string_lossy().into_owned(), line))
    });
    lines.filter(|(_, line)| line.contains(folder)).collect()
}
