//! `lobster datasets` as an operator and a script know it: exit codes, sentences, and what a kill or a big file does.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use sqlx::PgPool;
use test_support::TestDb;

/// An importer is allowed this much memory, in kB, whatever the size of the file.
const MEMORY: u64 = 128 * 1024;
/// What ten times the rows may add to it: allocators keep a little of what they gave.
const GROWTH: u64 = 24 * 1024;

/// A database with the reference geography, and the binary that loads it.
struct Desk {
    db: TestDb,
    home: PathBuf,
}

impl Desk {
    async fn open() -> Option<Self> {
        let reference = reference()?;
        let db = test_support::database().await;
        let home = std::env::temp_dir().join(format!("lobster-desk-{}-{}", std::process::id(), rows_seed()));
        std::fs::create_dir_all(&home).unwrap();
        let desk = Self { db, home };
        let loaded = desk.say(&["import", "communes", reference.to_str().unwrap()]);
        assert!(loaded.status.success(), "{}", words(&loaded));
        Some(desk)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lobster"));
        command.arg("datasets").args(arguments);
        command.env("LOBSTER_DATABASE_URL", &self.db.url).env("LOBSTER_HOME", &self.home);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn say(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn file(&self, name: &str, content: &str) -> PathBuf {
        let path = self.home.join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Vacancy of every commune, year after year: as many rows as a test wants.
    async fn vacancy(&self, name: &str, rows: usize) -> PathBuf {
        let codes: Vec<String> = sqlx::query_scalar("SELECT code_insee FROM data.communes ORDER BY 1")
            .fetch_all(&self.db.pool)
            .await
            .unwrap();
        let mut content = String::from("ANNEE;CODGEO;LIBGEO;pp_total;pp_vacant\n");
        let years = (2000..).flat_map(|year| codes.iter().map(move |code| (year, code)));
        content.extend(years.take(rows).map(|(year, code)| format!("{year};{code};;100;20\n")));
        self.file(name, &content)
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.home);
    }
}

fn rows_seed() -> u32 {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

#[expect(clippy::print_stdout, reason = "a skipped test must be seen by whoever runs it")]
pub fn reference() -> Option<PathBuf> {
    let package =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../frontend/node_modules/@etalab/decoupage-administratif/data");
    let real = || test_support::shared_data().map(|data| data.join("cog/decoupage-administratif-6.0.0"));
    let found = Some(package).filter(|folder| folder.join("communes.json").is_file()).or_else(real);
    if found.is_none() {
        println!("SKIPPED: no reference geography on this machine");
    }
    found
}

fn words(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

async fn count(pool: &PgPool, sql: &str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(pool).await.unwrap()
}

/// Waits until rows reach PostgreSQL.
pub async fn copying(pool: &PgPool) {
    let end = Instant::now() + Duration::from_secs(60);
    let sql = "SELECT count(*) FROM pg_stat_progress_copy WHERE datname = current_database() AND tuples_processed > 0";
    while count(pool, sql).await == 0 {
        assert!(Instant::now() < end, "nothing was ever copied");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// The most memory a process ever had, in kB.
fn peak(child: &Child) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().trim_end_matches(" kB").trim().parse().ok()
}

#[tokio::test]
async fn a_script_learns_from_the_exit_code_what_happened() {
    let Some(desk) = Desk::open().await else { return };
    let good = desk.file("lovac_2021.csv", "ANNEE;CODGEO;LIBGEO;pp_total;pp_vacant\n2020;44109;;148622;15480\n");
    let good = good.to_str().unwrap();
    let done = desk.say(&["import", "lovac", good]);
    assert_eq!(code(&done), Some(0), "{}", words(&done));
    let again = desk.say(&["import", "lovac", good]);
    assert!(code(&again) == Some(0) && words(&again).contains("déjà importé"), "{}", words(&again));

    let bad = desk.file("lovac_2022.csv", "ANNEE;CODGEO;LIBGEO;pp_total\n2020;44109;;148622\n");
    let refused = desk.say(&["import", "lovac", bad.to_str().unwrap()]);
    assert!(code(&refused) == Some(2) && words(&refused).contains("« pp_vacant »"), "{}", words(&refused));
    let unknown = desk.say(&["import", "lovaque", good]);
    assert!(code(&unknown) == Some(2) && words(&unknown).contains("« lovac » ? Jeux connus"), "{}", words(&unknown));

    let mut other = desk.db.pool.acquire().await.unwrap();
    sqlx::query("SELECT pg_advisory_lock(hashtext('lobster datasets'), hashtext('lovac'))")
        .execute(&mut *other)
        .await
        .unwrap();
    let busy = desk.say(&["import", "lovac", good]);
    assert!(code(&busy) == Some(3) && words(&busy).contains("déjà en cours"), "{}", words(&busy));
    drop(other.detach());

    let nothing = desk.say(&["rollback", "lovac"]);
    assert!(code(&nothing) == Some(4) && words(&nothing).contains("version précédente"), "{}", words(&nothing));
    let findings = desk.say(&["check"]);
    assert!(code(&findings) == Some(5) && words(&findings).contains("non chargé"), "{}", words(&findings));
    let unreachable = desk.say(&["fetch", "lovac", "--mirror", "http://127.0.0.1:9"]);
    assert_eq!(code(&unreachable), Some(6), "{}", words(&unreachable));
    let told = desk.say(&["fetch", "lovac"]);
    assert!(code(&told) == Some(0) && words(&told).contains("n’est pas connue"), "{}", words(&told));
}

#[tokio::test]
async fn the_list_says_what_is_there_and_what_is_missing() {
    let Some(desk) = Desk::open().await else { return };
    let file = desk.file("lovac_2021.csv", "ANNEE;CODGEO;LIBGEO;pp_total;pp_vacant\n2020;44109;;148622;15480\n");
    desk.say(&["import", "lovac", file.to_str().unwrap(), "--synthetique"]);
    let page = words(&desk.say(&["list"]));
    let line = page.lines().find(|line| line.starts_with("lovac")).unwrap();
    for part in ["2021", "généré", "aujourd’hui", "lovac_2021.csv"] {
        assert!(line.contains(part), "« {part} » is not in: {line}");
    }
    assert!(page.contains("filosofi") && page.contains("les niveaux de vie et la pauvreté"), "{page}");
    assert!(page.contains("SPÉCIMEN"), "{page}");
    let json: serde_json::Value = serde_json::from_slice(&desk.say(&["list", "--json"]).stdout).unwrap();
    let lovac = json.as_array().unwrap().iter().find(|one| one["dataset"] == "lovac").unwrap();
    assert_eq!(
        (lovac["sources"][0]["lignes"].clone(), lovac["sources"][0]["synthetique"].clone()),
        (1.into(), true.into())
    );
}

#[tokio::test]
async fn an_importer_killed_in_mid_copy_changes_nothing() {
    let Some(desk) = Desk::open().await else { return };
    let pool = &desk.db.pool;
    let small = desk.file("lovac_2021.csv", "ANNEE;CODGEO;LIBGEO;pp_total;pp_vacant\n2020;44109;;148622;15480\n");
    assert_eq!(code(&desk.say(&["import", "lovac", small.to_str().unwrap()])), Some(0));
    let big = desk.vacancy("gros_2021.csv", 600_000).await;
    let mut import = desk.command(&["import", "lovac", big.to_str().unwrap()]).spawn().unwrap();
    copying(pool).await;
    import.kill().unwrap();
    import.wait().unwrap();
    assert_eq!(count(pool, "SELECT count(*) FROM data.lovac").await, 1, "readers see what they saw before");
    assert_eq!(count(pool, "SELECT count(*) FROM data.import_runs WHERE statut = 'en_cours'").await, 1);

    // The server notices that its client is gone in its own time.
    let end = Instant::now() + Duration::from_secs(30);
    while !words(&desk.say(&["check"])).contains("s’est interrompu") {
        assert!(Instant::now() < end, "`check` tells that an import died");
    }
    let again = desk.say(&["import", "lovac", small.to_str().unwrap(), "--millesime", "2021"]);
    assert!(words(&again).contains("déjà importé"), "{}", words(&again));
    assert_eq!(count(pool, "SELECT count(*) FROM pg_class WHERE relname LIKE 'staging%'").await, 0);
    assert_eq!(count(pool, "SELECT count(*) FROM data.import_runs WHERE erreur = 'interrompu'").await, 1);
}

#[tokio::test]
async fn ten_times_the_rows_take_no_more_memory() {
    let Some(desk) = Desk::open().await else { return };
    let mut peaks = Vec::new();
    for rows in [40_000, 400_000] {
        let file = desk.vacancy("lovac_2021.csv", rows).await;
        let mut import = desk.command(&["import", "lovac", file.to_str().unwrap(), "--dry-run"]).spawn().unwrap();
        let mut highest = 0;
        while import.try_wait().unwrap().is_none() {
            highest = peak(&import).unwrap_or_default().max(highest);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let output = import.wait_with_output().unwrap();
        assert!(words(&output).contains(&format!("{}\u{202f}000 lignes lues", rows / 1000)), "{}", words(&output));
        peaks.push(highest);
    }
    assert!(peaks[0] > 0 && peaks[1] < MEMORY, "{peaks:?}");
    assert!(peaks[1] < peaks[0] + GROWTH, "{peaks:?}");
}
