//! The browser as the system sees it: its processes, and the memory that is theirs.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Context as _;

/// The browser that works in a folder, and all that descends from it.
pub struct Tree {
    /// The browser itself first.
    pub processes: Vec<u32>,
}

impl Tree {
    /// # Errors
    /// When no browser works there.
    pub fn of(folder: &Path) -> anyhow::Result<Self> {
        let mark = format!("--user-data-dir={}/", folder.display());
        let all: BTreeMap<u32, u32> =
            numbers()?.into_iter().filter_map(|process| Some((process, parent(process)?))).collect();
        let own = |process: &u32| String::from_utf8_lossy(&line(*process)).contains(&mark);
        // Its children wear the same words; their parent does too.
        let root = all.iter().find(|(process, parent)| own(process) && !own(parent)).map(|(process, _)| *process);
        let mut processes = vec![root.with_context(|| format!("no browser works in {}", folder.display()))?];
        let mut at = 0;
        while let Some(&parent) = processes.get(at) {
            processes.extend(all.iter().filter(|(_, of)| **of == parent).map(|(process, _)| *process));
            at += 1;
        }
        Ok(Self { processes })
    }

    /// Memory in MB, shared pages counted once in all; `None` where the system does not let us look.
    pub fn memory(&self) -> Option<f64> {
        let kilobytes = |process: &u32| {
            let rollup = match fs::read_to_string(format!("/proc/{process}/smaps_rollup")) {
                Ok(rollup) => rollup,
                // It ended meanwhile: a page that was closed.
                Err(_) if !Path::new(&format!("/proc/{process}/stat")).exists() => return Some(0.0),
                Err(error) if error.raw_os_error() == Some(ESRCH) => return Some(0.0),
                Err(_) => return None,
            };
            let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
            line.split_whitespace().next()?.parse::<f64>().ok()
        };
        self.processes.iter().map(kilobytes).sum::<Option<f64>>().map(|sum| sum / 1024.0)
    }

    /// Pages: each has a process of its own.
    pub fn pages(&self) -> usize {
        self.processes
            .iter()
            .filter(|process| String::from_utf8_lossy(&line(**process)).contains("--type=renderer"))
            .count()
    }

    /// kill -9 of the browser itself.
    ///
    /// # Errors
    /// When it cannot be killed.
    pub fn kill(&self) -> anyhow::Result<()> {
        let status =
            Command::new("/bin/sh").args(["-c", "kill -9 \"$1\"", "sh", &self.processes[0].to_string()]).status()?;
        anyhow::ensure!(status.success(), "the browser could not be killed");
        Ok(())
    }
}

/// No such process.
const ESRCH: i32 = 3;

fn numbers() -> anyhow::Result<Vec<u32>> {
    let entries = fs::read_dir("/proc").context("reading /proc")?.flatten();
    Ok(entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect())
}

fn line(process: u32) -> Vec<u8> {
    fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default()
}

fn parent(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name in brackets may hold anything.
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}
