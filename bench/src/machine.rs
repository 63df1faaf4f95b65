//! What the figures were measured on; no name of it.

use std::fs::{self, File};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use domain::ports::Clock as _;
use infra::clock::SystemClock;

/// Date, cores, memory.
pub fn describe() -> anyhow::Result<Vec<String>> {
    let cores = std::thread::available_parallelism()?;
    let memory = fs::read_to_string("/proc/meminfo").context("reading /proc/meminfo")?;
    let kilobytes: u64 = memory
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:")?.split_whitespace().next()?.parse().ok())
        .context("no MemTotal in /proc/meminfo")?;
    Ok(vec![
        SystemClock.now().format("%-d %B %Y, %H:%M UTC").to_string(),
        format!("{cores} cores shared by all that was measured, {} GB of memory", kilobytes.div_ceil(1 << 20)),
    ])
}

/// What the disk of a folder makes of a promise to keep.
pub fn disk(folder: &Path) -> anyhow::Result<String> {
    Ok(format!("{:.0} fdatasync of 8 kB per second on the database's disk", fsync_rate(folder)?))
}

/// What else the machine was doing.
pub fn load() -> anyhow::Result<String> {
    let load = fs::read_to_string("/proc/loadavg").context("reading /proc/loadavg")?;
    Ok(format!("load average of the last minute: {}", load.split(' ').next().unwrap_or_default()))
}

fn fsync_rate(folder: &Path) -> anyhow::Result<f64> {
    let path = folder.join("fsync");
    let mut file = File::create(&path)?;
    let (page, begin) = ([7_u8; 8192], Instant::now());
    let mut times = 0;
    while begin.elapsed() < Duration::from_secs(2) {
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&page)?;
        file.sync_data()?;
        times += 1;
    }
    fs::remove_file(&path)?;
    Ok(f64::from(times) / begin.elapsed().as_secs_f64())
}
