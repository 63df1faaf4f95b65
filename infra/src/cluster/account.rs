//! Who runs the server: PostgreSQL refuses root, so root lends it to an unprivileged account.

use std::{
    os::unix::{fs::MetadataExt as _, process::CommandExt as _},
    path::Path,
};

use anyhow::Context as _;

/// A user of this system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub name: String,
    pub uid: u32,
    pub gid: u32,
    /// We are root and act in this account's name.
    pub lent: bool,
}

impl Account {
    /// Ourselves; or, for root, the `postgres` account that the Debian package brings, else `nobody`.
    ///
    /// # Errors
    /// When root finds neither account.
    pub fn for_server() -> anyhow::Result<Self> {
        let own = std::fs::metadata("/proc/self").context("cannot read /proc: LObsTer needs Linux")?;
        if own.uid() != 0 {
            return Ok(Self { name: "self".to_owned(), uid: own.uid(), gid: own.gid(), lent: false });
        }
        let users = std::fs::read_to_string("/etc/passwd").context("cannot read /etc/passwd")?;
        ["postgres", "nobody"].iter().find_map(|name| find(&users, name)).context(
            "running as root, and no `postgres` or `nobody` account exists to run PostgreSQL: \
             install the postgresql-15 package, or start LObsTer as an ordinary user",
        )
    }

    /// Makes a command run in this account's name.
    pub fn lend(&self, command: &mut std::process::Command) {
        if self.lent {
            command.uid(self.uid).gid(self.gid);
        }
    }

    /// Hands a path over to this account.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn own(&self, path: &Path) -> anyhow::Result<()> {
        if self.lent {
            std::os::unix::fs::chown(path, Some(self.uid), Some(self.gid))
                .with_context(|| format!("cannot hand {} over to {}", path.display(), self.name))?;
        }
        Ok(())
    }

    /// Whether this account may pass through every folder on the way to `path`.
    #[must_use]
    pub fn can_reach(&self, path: &Path) -> bool {
        !self.lent
            || path.ancestors().skip(1).all(|folder| {
                std::fs::metadata(folder).is_ok_and(|found| {
                    let mode = found.mode();
                    (found.uid() == self.uid && mode & 0o100 != 0)
                        || (found.gid() == self.gid && mode & 0o010 != 0)
                        || mode & 0o001 != 0
                })
            })
    }
}

fn find(users: &str, name: &str) -> Option<Account> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (found, _, uid, gid) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        (found == name).then_some(())?;
        Some(Account { name: name.to_owned(), uid: uid.parse().ok()?, gid: gid.parse().ok()?, lent: true })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let users =
            "root:x:0:0:root:/root:/bin/bash\npostgres2:x:9:9::/:/bin/sh\npostgres:x:104:112:,,,:/var:/bin/sh\n";
        let found = find(users, "postgres").unwrap();
        assert_eq!((found.uid, found.gid, found.lent), (104, 112, true));
        assert_eq!(find(users, "nobody"), None);
    }
}
