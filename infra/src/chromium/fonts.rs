//! The browser sees our fonts and no others: a private fontconfig file, and a digest for the record.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

/// Digest over names and bytes of all font files.
///
/// # Errors
/// When the folder cannot be read or holds no font.
pub(super) fn digest(folder: &Path) -> Result<String, String> {
    let files = files(folder).map_err(|error| format!("cannot read fonts in {}: {error}", folder.display()))?;
    if files.is_empty() {
        return Err(format!("no .ttf or .otf file in {}: put the report's fonts there", folder.display()));
    }
    let mut all = Sha256::new();
    for file in files {
        let bytes = fs::read(&file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
        all.update(file.file_name().unwrap_or_default().as_encoded_bytes());
        all.update([0]);
        all.update(Sha256::digest(&bytes));
    }
    Ok(hex::encode(all.finalize()))
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let is_font = |path: &PathBuf| path.extension().is_some_and(|end| end == "ttf" || end == "otf");
    let mut files = fs::read_dir(folder)?.map(|entry| entry.map(|e| e.path())).collect::<io::Result<Vec<_>>>()?;
    files.retain(is_font);
    files.sort();
    Ok(files)
}

/// Writes the fontconfig file of a browser: one folder of fonts, a cache of its own, outlines unhinted as in print.
pub(super) fn configure(file: &Path, fonts: &Path, cache: &Path) -> io::Result<()> {
    let (fonts, cache) = (escaped(fonts), escaped(cache));
    let text = format!(
        r#"<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <match target="font">
    <edit name="antialias" mode="assign"><bool>true</bool></edit>
    <edit name="hinting" mode="assign"><bool>false</bool></edit>
  </match>
</fontconfig>
"#
    );
    fs::write(file, text)
}

fn escaped(path: &Path) -> String {
    path.display().to_string().replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_fonts_is_refused_with_its_remedy() {
        let told = digest(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap_err();
        assert!(told.contains("no .ttf"), "{told}");
    }
}
