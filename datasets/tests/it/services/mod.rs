//! Benefits, prospects, facilities and health: the traps of each file, by hand, and the generated files of one
//! département.

mod aides;
mod bpe;
mod caf;
mod finess;
mod generated;
mod projections;
mod rpps;
mod samples;

use std::path::PathBuf;

use datasets::Options;
use test_support::TestDb;

use crate::support::{attempt, imported, scratch};

/// A file of that name and content, removed when dropped.
pub struct Scrap(PathBuf);

impl Scrap {
    pub fn new(name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = scratch().join(name);
        std::fs::write(&path, content).unwrap();
        Self(path)
    }

    pub fn path(&self) -> PathBuf {
        self.0.clone()
    }
}

impl Drop for Scrap {
    fn drop(&mut self) {
        if let Some(folder) = self.0.parent() {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// A hand-made file covers one commune or two, never France: national totals do not apply.
pub fn partial() -> Options {
    Options { perimetre: Some("44109".to_owned()), ..Options::default() }
}

/// Imports a hand-made file and expects all of it to be loaded, save this many rows.
pub async fn loads(db: &TestDb, dataset: &str, name: &str, content: impl AsRef<[u8]>) -> (u64, u64) {
    let scrap = Scrap::new(name, content);
    imported(&db.pool, dataset, scrap.path(), &partial()).await
}

/// The sentence with which a hand-made file is refused.
pub async fn refusal(db: &TestDb, dataset: &str, name: &str, content: impl AsRef<[u8]>) -> String {
    let scrap = Scrap::new(name, content);
    attempt(&db.pool, dataset, scrap.path(), &partial()).await.expect_err("this file should be refused").to_string()
}
