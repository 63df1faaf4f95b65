//! The private cluster on a real PostgreSQL: made, shared, killed, healed, refused.

use std::path::{Path, PathBuf};

use infra::cluster::Cluster;
use sqlx::{Connection as _, PgConnection};

/// A home folder that is removed in the end.
struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("lobster-home-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn one(url: &str) -> i32 {
    let mut connection = PgConnection::connect(url).await.expect("the cluster answers");
    sqlx::query_scalar("SELECT 1").fetch_one(&mut connection).await.unwrap()
}

fn server_pid(home: &Path) -> String {
    let text = std::fs::read_to_string(home.join("pg/postmaster.pid")).expect("the server runs");
    text.lines().next().unwrap().to_owned()
}

/// Waits until a process is gone: the kernel reaps it in its own time.
async fn gone(pid: &str) {
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_secs(20);
    while std::fs::read_to_string(format!("/proc/{pid}/cmdline")).is_ok_and(|line| !line.is_empty()) {
        assert!(tokio::time::Instant::now() < deadline, "process {pid} is still there");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_cluster_is_made_shared_and_stopped_by_its_owner_only() {
    let home = Home::new("shared");
    let owner = Cluster::open(&home.0).await.unwrap();
    assert!(owner.is_owner());
    assert_eq!(one(&owner.url()).await, 1);
    let guest = Cluster::open(&home.0).await.unwrap();
    assert!(!guest.is_owner());
    guest.close().await.unwrap();
    assert_eq!(one(&owner.url()).await, 1, "a guest leaves the server running");
    let (url, pid) = (owner.url(), server_pid(&home.0));
    owner.close().await.unwrap();
    gone(&pid).await;
    assert!(PgConnection::connect(&url).await.is_err());
    assert!(!home.0.join("pg/postmaster.pid").exists(), "a clean stop leaves no pid file");
}

#[tokio::test]
async fn a_server_left_behind_by_a_killed_owner_is_adopted() {
    let home = Home::new("adopted");
    let killed = Cluster::open(&home.0).await.unwrap();
    let pid = server_pid(&home.0);
    drop(killed); // no clean stop: the lock goes with the process, the server stays
    let heir = Cluster::open(&home.0).await.unwrap();
    assert_eq!(server_pid(&home.0), pid, "the same server goes on");
    assert!(heir.is_owner());
    heir.close().await.unwrap();
    gone(&pid).await;
}

#[tokio::test]
async fn a_killed_server_with_its_stale_pid_file_is_started_again() {
    let home = Home::new("killed");
    let cluster = Cluster::open(&home.0).await.unwrap();
    let pid = server_pid(&home.0);
    drop(cluster);
    assert!(std::process::Command::new("kill").args(["-9", &pid]).status().unwrap().success());
    gone(&pid).await;
    assert!(home.0.join("pg/postmaster.pid").exists(), "the test needs a stale pid file");
    let healed = Cluster::open(&home.0).await.unwrap();
    assert_eq!(one(&healed.url()).await, 1);
    healed.close().await.unwrap();
}

#[tokio::test]
async fn a_pid_file_that_names_another_program_does_not_stop_us() {
    let home = Home::new("foreign");
    Cluster::open(&home.0).await.unwrap().close().await.unwrap();
    std::fs::write(home.0.join("pg/postmaster.pid"), format!("{}\n", std::process::id())).unwrap();
    let cluster = Cluster::open(&home.0).await.unwrap();
    assert_eq!(one(&cluster.url()).await, 1);
    cluster.close().await.unwrap();
}

#[tokio::test]
async fn a_cluster_of_another_major_version_is_refused_and_left_alone() {
    let home = Home::new("major");
    std::fs::create_dir_all(home.0.join("pg")).unwrap();
    std::fs::write(home.0.join("pg/PG_VERSION"), "16\n").unwrap();
    let Err(error) = Cluster::open(&home.0).await else { panic!("a foreign cluster was opened") };
    assert!(error.to_string().contains("made by PostgreSQL 16"), "{error}");
    assert_eq!(std::fs::read_to_string(home.0.join("pg/PG_VERSION")).unwrap(), "16\n");
}

#[tokio::test]
async fn a_home_that_the_server_cannot_reach_gets_its_cluster_elsewhere_and_says_so() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    let home = Home::new("closed");
    std::fs::set_permissions(&home.0, std::fs::Permissions::from_mode(0o700)).unwrap();
    let cluster = Cluster::open(&home.0).await.unwrap();
    assert_eq!(one(&cluster.url()).await, 1);
    let by_root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    if by_root {
        let place = std::fs::read_to_string(home.0.join("pg.location")).unwrap();
        assert!(cluster.remarks[0].contains(&place), "{:?}", cluster.remarks);
        cluster.close().await.unwrap();
        std::fs::remove_dir_all(Path::new(&place).parent().unwrap()).unwrap();
    } else {
        assert!(cluster.remarks.is_empty(), "an ordinary user reaches its own home");
        cluster.close().await.unwrap();
    }
}
