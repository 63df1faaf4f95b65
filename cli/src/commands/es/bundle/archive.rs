//! The archive: files as they are, and a signed manifest that knows every kilobyte of them.

use std::io::{Cursor, Write as _};

use infra::event_store::AuditKey;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

/// A changed byte is named by the block it lies in.
const BLOCK: usize = 1024;

/// Files on their way into an archive.
#[derive(Default)]
pub struct Archive {
    files: Vec<(String, Vec<u8>)>,
}

impl Archive {
    pub fn add(&mut self, name: &str, bytes: Vec<u8>) {
        self.files.push((name.to_owned(), bytes));
    }

    /// The archive's bytes, with `about` and the digests of every file in `manifest.json`, which `manifest.sig` signs.
    pub fn close(self, mut about: Value, key: &AuditKey) -> anyhow::Result<Vec<u8>> {
        about["files"] = self.files.iter().map(|(name, bytes)| entry(name, bytes)).collect();
        let manifest = serde_json::to_vec_pretty(&about)?;
        let signature = key.sign(&signed(&manifest));
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        // Stored, not packed: a damaged byte stays one damaged byte.
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        let seals = [("manifest.json".to_owned(), manifest), ("manifest.sig".to_owned(), signature.into_bytes())];
        for (name, bytes) in self.files.into_iter().chain(seals) {
            zip.start_file(name, options)?;
            zip.write_all(&bytes)?;
        }
        Ok(zip.finish()?.into_inner())
    }
}

/// What the signature of a manifest covers.
fn signed(manifest: &[u8]) -> Vec<u8> {
    format!("lobster bundle 1\n{}\n", hex::encode(Sha256::digest(manifest))).into_bytes()
}

fn entry(name: &str, bytes: &[u8]) -> Value {
    let blocks: Vec<String> = bytes.chunks(BLOCK).map(|block| hex::encode(Sha256::digest(block))).collect();
    json!({
        "name": name,
        "bytes": bytes.len(),
        "sha256": hex::encode(Sha256::digest(bytes)),
        "block": BLOCK,
        "blocks": blocks,
    })
}
