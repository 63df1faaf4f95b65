//! What happens on bad days: the server hangs up, the disk is full, the operator is mistaken. Readers notice nothing.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use datasets::{ImportError, Options, Outcome};
use sqlx::{Connection as _, PgPool};

use crate::support::{attempt, count, imported, scratch, text, with_communes};

const HEADER: &str = "ANNEE;CODGEO;LIBGEO;pp_total;pp_vacant\n";

fn file(name: &str, content: &str) -> PathBuf {
    let path = scratch().join(name);
    std::fs::write(&path, content).unwrap();
    path
}

/// A file of as many rows as a test of bad days needs: every commune, in many years.
async fn big(pool: &PgPool, years: std::ops::Range<u32>) -> PathBuf {
    let codes: Vec<String> =
        sqlx::query_scalar("SELECT code_insee FROM data.communes ORDER BY 1").fetch_all(pool).await.unwrap();
    let mut content = HEADER.to_owned();
    for year in years {
        content.extend(codes.iter().map(|code| format!("{year};{code};;100;20\n")));
    }
    file("lovac_2021.csv", &content)
}

/// What readers see, and what a failed import must not have left.
async fn untouched(pool: &PgPool) {
    let seen = "SELECT count(*) || ' ' || max(pp_total) FROM data.lovac";
    assert_eq!(text(pool, seen).await, "1 148622", "readers see what they saw before");
    let attached = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'data.lovac'::regclass";
    assert_eq!(count(pool, attached).await, 1);
}

#[tokio::test]
async fn a_vintage_that_the_file_denies_is_refused() {
    let Some(db) = with_communes().await else { return };
    let path = file("lovac_2021.csv", &format!("{HEADER}2020;44109;;148622;15480\n"));
    let options = Options { millesime: Some("2024".to_owned()), ..Options::default() };
    let refused = attempt(&db.pool, "lovac", path.clone(), &options).await.unwrap_err();
    assert!(matches!(refused, ImportError::OtherVintage { .. }), "{refused:?}");
    let sentence = refused.to_string();
    for part in ["lovac_2021.csv", "2021", "--millesime 2024", "sans --millesime"] {
        assert!(sentence.contains(part), "« {part} » is not in: {sentence}");
    }
    let options = Options { millesime: Some("2021".to_owned()), ..Options::default() };
    imported(&db.pool, "lovac", path, &options).await;
}

#[tokio::test]
async fn the_same_content_under_another_name_is_imported_once() {
    let Some(db) = with_communes().await else { return };
    let content = format!("{HEADER}2020;44109;;148622;15480\n");
    imported(&db.pool, "lovac", file("lovac_2021.csv", &content), &Options::default()).await;
    for name in ["lovac_2021.csv", "copie de lovac 2021.txt"] {
        let again = attempt(&db.pool, "lovac", file(name, &content), &Options::default()).await.unwrap();
        assert!(matches!(again, Outcome::AlreadyImported { .. }), "{name}: {again:?}");
    }
    assert_eq!(count(&db.pool, "SELECT count(*) FROM data.data_sources WHERE dataset = 'lovac'").await, 1);
}

#[tokio::test]
async fn the_byte_at_which_an_archive_breaks_is_named() {
    use std::io::Write as _;
    let Some(db) = with_communes().await else { return };
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    encoder.write_all(format!("{HEADER}{}", "2020;44109;;148622;15480\n".repeat(9_000)).as_bytes()).unwrap();
    let mut bytes = encoder.finish().unwrap();
    bytes.truncate(100_000);
    let path = scratch().join("lovac_2021.csv.gz");
    std::fs::write(&path, &bytes).unwrap();
    let refused = attempt(&db.pool, "lovac", path, &Options::default()).await.unwrap_err();
    let ImportError::BrokenCompression { size, offset, .. } = refused else { panic!("{refused:?}") };
    assert_eq!(size, 100_000);
    // Stored blocks cost a few bytes each: the content ends a little before the file.
    assert!((99_000..100_000).contains(&offset), "{offset}");
}

#[tokio::test]
async fn a_comma_and_a_point_both_begin_decimals() {
    let Some(db) = with_communes().await else { return };
    let content = "ANNEE;INSEE_C;loypredm2_app;loypredm2_mai\n2022;44109;13,52;11.4\n";
    imported(&db.pool, "anil_loyers", file("loyers_2022.csv", content), &Options::default()).await;
    let rents = "SELECT string_agg(segment || ' ' || round(loyer_m2, 2), ', ' ORDER BY segment) FROM data.anil_loyers";
    assert_eq!(text(&db.pool, rents).await, "app 13.52, mai 11.40");
}

#[tokio::test]
async fn a_long_reader_delays_the_promotion_and_nobody_else() {
    let Some(db) = with_communes().await else { return };
    let pool = &db.pool;
    imported(
        pool,
        "lovac",
        file("lovac_2021.csv", &format!("{HEADER}2020;44109;;148622;15480\n")),
        &Options::default(),
    )
    .await;
    let mut connection = pool.acquire().await.unwrap();
    let mut long = connection.begin().await.unwrap();
    let seen = "SELECT pp_total::bigint FROM data.lovac";
    let before: i64 = sqlx::query_scalar(seen).fetch_one(&mut *long).await.unwrap();
    let options = Options::default();
    let path = file("lovac_2021.csv", &format!("{HEADER}2020;44109;;150000;15480\n"));
    let readers = async {
        // Past the promotion's patience, so that it must step back; then the long reader leaves.
        let end = Instant::now() + Duration::from_secs(8);
        let (mut slowest, mut looks) = (Duration::ZERO, 0);
        while Instant::now() < end {
            let start = Instant::now();
            let total: i64 = sqlx::query_scalar(seen).fetch_one(pool).await.unwrap();
            assert_eq!(total, before, "the old figures serve until the new ones can");
            slowest = slowest.max(start.elapsed());
            looks += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let again: i64 = sqlx::query_scalar(seen).fetch_one(&mut *long).await.unwrap();
        assert_eq!(again, before, "a report that began before the import sees one edition to its end");
        long.rollback().await.unwrap();
        (slowest, looks)
    };
    let (import, (slowest, looks)) = tokio::join!(attempt(pool, "lovac", path, &options), readers);
    assert!(matches!(import, Ok(Outcome::Imported { .. })), "{import:?}");
    assert!(slowest < Duration::from_secs(4), "a reader waited {slowest:?}");
    assert!(looks > 5, "other readers went on looking");
    assert_eq!(count(pool, seen).await, 150_000);
}

/// Waits until rows are being copied, and gives the server process that receives them.
async fn copying(pool: &PgPool) -> i32 {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        let found: Option<i32> = sqlx::query_scalar(
            "SELECT pid FROM pg_stat_progress_copy WHERE datname = current_database() AND tuples_processed > 0",
        )
        .fetch_optional(pool)
        .await
        .unwrap();
        match found {
            Some(pid) => return pid,
            None => assert!(Instant::now() < end, "nothing was ever copied"),
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn a_server_that_hangs_up_in_mid_copy_changes_nothing() {
    let Some(db) = with_communes().await else { return };
    let pool = &db.pool;
    imported(
        pool,
        "lovac",
        file("lovac_2021.csv", &format!("{HEADER}2020;44109;;148622;15480\n")),
        &Options::default(),
    )
    .await;
    let path = big(pool, 2000..2012).await;
    let options = Options::default();
    let (import, terminate) = tokio::join!(attempt(pool, "lovac", path.clone(), &options), async {
        let pid = copying(pool).await;
        sqlx::query("SELECT pg_terminate_backend($1)").bind(pid).execute(pool).await.unwrap();
    });
    let ((), refused) = (terminate, import.unwrap_err());
    assert!(matches!(refused, ImportError::Database(_)), "{refused:?}");
    untouched(pool).await;
    let (kept, rejected) = imported(pool, "lovac", path, &Options::default()).await;
    assert_eq!((kept, rejected), (12 * 34_875, 0), "the next import starts from nothing and succeeds");
    let left = "SELECT count(*) FROM pg_class WHERE relname LIKE 'staging%'";
    assert_eq!(count(pool, left).await, 0);
}

/// A disk of a few megabytes that PostgreSQL may write on; gone with the test.
struct TinyDisk(PathBuf);

impl TinyDisk {
    /// Nothing when this machine does not let us mount one.
    #[expect(clippy::print_stdout, reason = "a skipped test must be seen by whoever runs it")]
    fn mount(size: &str) -> Option<Self> {
        let folder = scratch().canonicalize().ok()?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size},mode=0700"), "tmpfs"])
            .arg(&folder)
            .output()
            .is_ok_and(|output| output.status.success());
        let owned = mounted
            && Command::new("chown").arg("postgres").arg(&folder).output().is_ok_and(|output| output.status.success());
        if !owned {
            println!("SKIPPED: a small disk cannot be mounted here");
            return None;
        }
        Some(Self(folder))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TinyDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).output();
        let _ = std::fs::remove_dir(&self.0);
    }
}

#[tokio::test]
async fn a_full_disk_is_told_and_leaves_the_old_data_in_service() {
    let Some(disk) = TinyDisk::mount("6m") else { return };
    let Some(db) = with_communes().await else { return };
    let pool = &db.pool;
    imported(
        pool,
        "lovac",
        file("lovac_2021.csv", &format!("{HEADER}2020;44109;;148622;15480\n")),
        &Options::default(),
    )
    .await;
    let space = format!("minuscule_{}", std::process::id());
    let create = format!("CREATE TABLESPACE {space} LOCATION '{}'", disk.path().display());
    sqlx::raw_sql(&create).execute(pool).await.unwrap();
    let database: String = sqlx::query_scalar("SELECT current_database()").fetch_one(pool).await.unwrap();
    let everywhere = format!("ALTER DATABASE \"{database}\" SET default_tablespace = {space}");
    sqlx::raw_sql(&everywhere).execute(pool).await.unwrap();

    let fresh = PgPool::connect(&db.url).await.unwrap();
    let path = big(pool, 2000..2008).await;
    let refused = attempt(&fresh, "lovac", path.clone(), &Options::default()).await;
    let usual = format!("ALTER DATABASE \"{database}\" RESET default_tablespace");
    sqlx::raw_sql(&usual).execute(pool).await.unwrap();
    fresh.close().await;
    let left = count(pool, "SELECT count(*) FROM pg_class WHERE relname LIKE 'staging%'").await;
    sqlx::raw_sql(&format!("DROP TABLESPACE {space}")).execute(pool).await.unwrap();

    let refused = refused.unwrap_err();
    assert!(matches!(refused, ImportError::DiskFull(_)), "{refused:?}");
    assert!(refused.to_string().contains("Libérez de la place"), "{refused}");
    assert_eq!(left, 0, "the staging table gives its place back");
    untouched(pool).await;
    imported(pool, "lovac", path, &Options::default()).await;
}
