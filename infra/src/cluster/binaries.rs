//! Where the system keeps PostgreSQL's own programs.

use std::path::{Path, PathBuf};

/// The folder that holds `initdb`, `pg_ctl` and `postgres` of the wanted version.
#[derive(Debug, Clone)]
pub struct Binaries {
    folder: PathBuf,
}

impl Binaries {
    /// Looks where Debian, Fedora and Homebrew put them, then along `PATH`.
    ///
    /// # Errors
    /// When they are nowhere; the message says what to install.
    pub fn find(major: &str) -> anyhow::Result<Self> {
        let known = [
            format!("/usr/lib/postgresql/{major}/bin"),
            format!("/usr/pgsql-{major}/bin"),
            format!("/opt/homebrew/opt/postgresql@{major}/bin"),
        ];
        let on_path = std::env::var_os("PATH");
        let on_path = on_path.iter().flat_map(std::env::split_paths);
        known
            .iter()
            .map(PathBuf::from)
            .chain(on_path.filter(|folder| is_version(folder, major)))
            .find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
            .map(|folder| Self { folder })
            .ok_or_else(|| {
                anyhow::anyhow!(
                    "PostgreSQL {major} is not installed: on Debian run `apt-get install postgresql-{major} \
                     postgresql-{major}-postgis-3`, elsewhere install PostgreSQL {major} with PostGIS 3, or set \
                     LOBSTER_DATABASE_URL to a server that has them"
                )
            })
    }

    /// The path of one program.
    #[must_use]
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

fn is_version(folder: &Path, major: &str) -> bool {
    std::process::Command::new(folder.join("pg_ctl"))
        .arg("--version")
        .output()
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(&format!(" {major}.")))
}
