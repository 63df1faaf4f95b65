//! Which browser to start.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

const NAME: &str = "chromium-headless-shell";
/// Where Debian keeps the program that its script in `/usr/bin` starts.
const DEBIAN: &str = "/usr/lib/chromium/chromium-headless-shell";

/// The configured browser, else `chromium-headless-shell` along `PATH`.
///
/// # Errors
/// A sentence that names the package to install.
pub(super) fn find(configured: Option<&Path>) -> Result<PathBuf, String> {
    let found = match configured {
        Some(path) if path.is_file() => path.to_owned(),
        Some(path) => {
            return Err(format!("there is no browser at {}: correct the path or leave it out", path.display()));
        }
        None => along_path().ok_or_else(|| {
            format!("{NAME} is not installed: run « apt-get install {NAME} », or give the path of the browser")
        })?,
    };
    // Killing a script leaves the program that it started, so the program itself is started.
    let program = Path::new(DEBIAN);
    Ok(if is_script(&found) && program.is_file() { program.to_owned() } else { found })
}

fn along_path() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(NAME)).find(|candidate| candidate.is_file())
}

fn is_script(path: &Path) -> bool {
    let mut start = [0; 2];
    File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok() && &start == b"#!"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_path_is_told_with_its_remedy() {
        let told = find(Some(Path::new("/nowhere/chromium"))).unwrap_err();
        assert!(told.contains("/nowhere/chromium"), "{told}");
    }
}
