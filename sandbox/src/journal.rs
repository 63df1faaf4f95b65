//! A table of things by id, in memory, and when asked on disk as one JSON line per change.
//!
//! The disk exists for one reason: a developer who kills the process in the middle of an order finds the session, the
//! payment and the webhooks still to deliver when it starts again.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Rows by id, in order of id (ids grow with time).
pub struct Table<T> {
    rows: BTreeMap<String, T>,
    disk: Option<Disk>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self { rows: BTreeMap::new(), disk: None }
    }
}

struct Disk {
    path: PathBuf,
    file: File,
}

#[derive(Serialize, Deserialize)]
struct Line<T> {
    id: String,
    /// `null`: the row was removed.
    row: Option<T>,
}

impl<T: Clone + Serialize + DeserializeOwned> Table<T> {
    /// Opens `name` under `dir`, with the rows of the previous run; without a folder, an empty table in memory.
    ///
    /// # Errors
    /// The folder or file cannot be read or written. A last line cut by a crash is not an error.
    pub fn open(dir: Option<&Path>, name: &str) -> anyhow::Result<Self> {
        let Some(dir) = dir else { return Ok(Self::default()) };
        std::fs::create_dir_all(dir).with_context(|| format!("cannot make sandbox state folder {}", dir.display()))?;
        let path = dir.join(format!("{name}.jsonl"));
        let rows = read(&path)?;
        // Written again from the rows: one line each, and no torn last line that the next append would extend.
        let fresh = path.with_extension("new");
        let mut file = File::create(&fresh).with_context(|| format!("cannot write {}", fresh.display()))?;
        for (id, row) in &rows {
            append(&mut file, id, Some(row))?;
        }
        std::fs::rename(&fresh, &path).with_context(|| format!("cannot replace {}", path.display()))?;
        let file = OpenOptions::new().append(true).open(&path)?;
        Ok(Self { rows, disk: Some(Disk { path, file }) })
    }

    /// Stores `row` under `id`, in place of what was there.
    pub fn put(&mut self, id: &str, row: T) {
        self.save(id, Some(&row));
        self.rows.insert(id.to_owned(), row);
    }

    /// Removes the row of `id`; `false` when there is none.
    pub fn remove(&mut self, id: &str) -> bool {
        let removed = self.rows.remove(id).is_some();
        if removed {
            self.save(id, None);
        }
        removed
    }

    fn save(&mut self, id: &str, row: Option<&T>) {
        if let Some(disk) = &mut self.disk
            && let Err(error) = append(&mut disk.file, id, row)
        {
            tracing::error!(file = %disk.path.display(), %error, "the sandbox could not save {id}");
        }
    }

    /// The row of `id`.
    pub fn get(&self, id: &str) -> Option<&T> {
        self.rows.get(id)
    }

    /// Changes the row of `id`, and saves it. `None` when there is none.
    pub fn change<R>(&mut self, id: &str, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let mut row = self.rows.get(id)?.clone();
        let result = change(&mut row);
        self.put(id, row);
        Some(result)
    }

    /// All rows, oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&String, &T)> {
        self.rows.iter()
    }

    /// Forgets everything, on disk too.
    pub fn clear(&mut self) {
        self.rows.clear();
        if let Some(disk) = &self.disk
            && let Err(error) = disk.file.set_len(0)
        {
            tracing::error!(file = %disk.path.display(), %error, "the sandbox could not empty its state file");
        }
    }
}

fn read<T: DeserializeOwned>(path: &Path) -> anyhow::Result<BTreeMap<String, T>> {
    let mut rows = BTreeMap::new();
    if !path.exists() {
        return Ok(rows);
    }
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    for line in BufReader::new(file).lines() {
        let line = line.with_context(|| format!("cannot read {}", path.display()))?;
        match serde_json::from_str::<Line<T>>(&line) {
            Ok(Line { id, row: Some(row) }) => {
                rows.insert(id, row);
            }
            Ok(Line { id, row: None }) => {
                rows.remove(&id);
            }
            Err(error) => tracing::warn!(file = %path.display(), %error, "a line of the sandbox state is skipped"),
        }
    }
    Ok(rows)
}

fn append<T: Serialize>(file: &mut File, id: &str, row: Option<&T>) -> anyhow::Result<()> {
    let mut line = serde_json::to_vec(&Line { id: id.to_owned(), row })?;
    line.push(b'\n');
    file.write_all(&line)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_survive_a_restart_and_a_torn_last_line() {
        let dir = std::env::temp_dir().join(format!("sandbox-journal-{}", std::process::id()));
        let mut table: Table<u32> = Table::open(Some(&dir), "numbers").unwrap();
        table.put("a", 1);
        table.put("b", 2);
        table.put("z", 9);
        assert!(table.remove("z") && !table.remove("z"));
        table.change("a", |row| *row = 3).unwrap();
        drop(table);
        let mut file = OpenOptions::new().append(true).open(dir.join("numbers.jsonl")).unwrap();
        file.write_all(b"{\"id\":\"c\",\"ro").unwrap();
        let again: Table<u32> = Table::open(Some(&dir), "numbers").unwrap();
        assert_eq!(again.iter().map(|(id, row)| (id.as_str(), *row)).collect::<Vec<_>>(), [("a", 3), ("b", 2)]);
        std::fs::remove_dir_all(dir).unwrap();
    }
}
