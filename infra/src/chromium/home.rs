//! A folder for one running browser: profile, fontconfig file, font cache. It goes when the browser goes; what killed
//! processes of ours left behind, folders and browsers, goes at the next launch.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::Stdio,
    sync::atomic::{AtomicU32, Ordering},
};

use tokio::process::Command;

const LOCK: &str = "lock";

/// The folder of one browser, removed on drop. Its lock tells other processes that the owner lives: the kernel lets go
/// of it whatever way the owner ends.
#[derive(Debug)]
pub(super) struct Home {
    path: PathBuf,
    _lock: File,
}

impl Home {
    /// A new folder under `work_dir`.
    pub(super) fn make(work_dir: &Path) -> io::Result<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = work_dir.join(format!("browser-{}-{number}", std::process::id()));
            match fs::create_dir(&path) {
                Ok(()) => {
                    let lock = File::create(path.join(LOCK))?;
                    lock.lock()?;
                    return Ok(Self { path, _lock: lock });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        // The browser's own children may still be writing while they end: a second look finds the folder quiet.
        if fs::remove_dir_all(&self.path).is_err() {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

/// Ends the browsers and removes the folders of owners that are dead.
pub(super) async fn sweep(work_dir: &Path) {
    let Ok(entries) = fs::read_dir(work_dir) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let Ok(lock) = File::open(path.join(LOCK)) else { continue };
        if lock.try_lock().is_ok() {
            tracing::warn!(folder = %path.display(), "a killed process left a browser behind: it is removed");
            for process in using(&path) {
                kill(&process).await;
            }
            let _ = fs::remove_dir_all(&path);
        }
    }
}

/// Processes whose command line names the folder.
fn using(folder: &Path) -> Vec<String> {
    let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
    let names = processes.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let numbers = names.filter(|name| name.bytes().all(|byte| byte.is_ascii_digit()));
    let mark = format!("{}/", folder.display());
    numbers
        .filter(|number| {
            let line = fs::read(format!("/proc/{number}/cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&line).contains(&mark)
        })
        .collect()
}

/// The shell's own `kill`: the program of that name is a package that a bare system lacks.
async fn kill(process: &str) {
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", "kill -9 \"$1\"", "sh", process]).stdin(Stdio::null()).stderr(Stdio::null());
    let _ = shell.status().await;
}
