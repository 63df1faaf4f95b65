//! Where the cluster's files go: under the home folder when the server's account can get there.

use std::{
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};

use super::Account;

/// Names the folder of a cluster that could not stay under the home folder.
const POINTER: &str = "pg.location";
/// Where root keeps the clusters of clones that lie under a closed home.
const ELSEWHERE: &str = "/var/lib/lobster";

/// The data folder, not necessarily there yet. A choice once made is kept, in `pg.location`.
pub(super) fn data_folder(home: &Path, account: &Account, remarks: &mut Vec<String>) -> anyhow::Result<PathBuf> {
    let usual = home.join("pg");
    if usual.join("PG_VERSION").exists() || account.can_reach(&usual) {
        return Ok(usual);
    }
    let pointer = home.join(POINTER);
    let data = match std::fs::read_to_string(&pointer) {
        Ok(path) => PathBuf::from(path.trim()),
        Err(_) => {
            // The pointer's inode makes a new home folder at an old path a new cluster.
            std::fs::write(&pointer, "").with_context(|| format!("cannot write {}", pointer.display()))?;
            let name = digest(&format!("{}:{}", home.display(), std::fs::metadata(&pointer)?.ctime_nsec()));
            let data = Path::new(ELSEWHERE).join(name).join("pg");
            std::fs::write(&pointer, data.display().to_string())?;
            data
        }
    };
    let parent = data.parent().context("the cluster's folder has no parent")?;
    std::fs::DirBuilder::new().recursive(true).mode(0o755).create(parent)?;
    account.own(parent)?;
    remarks.push(format!(
        "the account {} cannot reach {}: the database lives in {}",
        account.name,
        home.display(),
        data.display()
    ));
    Ok(data)
}

/// A short folder for the socket: its path may not exceed 107 bytes, a clone's may.
pub(super) fn socket_folder(home: &Path, account: &Account) -> anyhow::Result<PathBuf> {
    let folder = Path::new("/tmp").join(format!("lobster-{}", digest(&home.display().to_string())));
    match std::fs::DirBuilder::new().mode(0o700).create(&folder) {
        Ok(()) => account.own(&folder)?,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let found = std::fs::symlink_metadata(&folder)?;
            anyhow::ensure!(
                found.is_dir() && found.uid() == account.uid && found.permissions().mode() & 0o077 == 0,
                "{} is not a private folder of the account that runs PostgreSQL: remove it and start again",
                folder.display()
            );
        }
        Err(error) => return Err(error).with_context(|| format!("cannot make {}", folder.display())),
    }
    Ok(folder)
}

fn digest(text: &str) -> String {
    hex::encode(&Sha256::digest(text.as_bytes())[..6])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_socket_path_is_short_however_deep_the_home_is() {
        let deep = PathBuf::from(format!("/{}", "very-deep/".repeat(40)));
        let name = format!("/tmp/lobster-{}/.s.PGSQL.5432", digest(&deep.display().to_string()));
        assert!(name.len() < 100, "{name}");
    }
}
