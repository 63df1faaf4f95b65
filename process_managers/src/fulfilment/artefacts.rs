//! Intermediate results: stored under the digest of their bytes, checked when they come back.

use domain::{
    identity::artefact_key,
    ports::{Object, Storage},
};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};

use crate::JobFailure;

/// Stores a value as canonical JSON; gives its digest.
pub(super) async fn keep(storage: &dyn Storage, value: &(impl Serialize + Sync)) -> Result<String, JobFailure> {
    let (bytes, sha256) = studies::canonical(value).map_err(studies::StudyError::from)?;
    keep_bytes(storage, &bytes, &sha256, "application/json").await?;
    Ok(sha256)
}

/// Stores bytes under their digest.
pub(super) async fn keep_bytes(
    storage: &dyn Storage,
    bytes: &[u8],
    sha256: &str,
    content_type: &str,
) -> Result<(), JobFailure> {
    let key = artefact_key(sha256);
    storage.put_once(Object { key: &key, bytes, sha256, content_type, filename: None }).await?;
    Ok(())
}

/// Reads a stored value back, refusing bytes that are not what was stored.
pub(super) async fn fetch<T: DeserializeOwned>(storage: &dyn Storage, sha256: &str) -> Result<T, JobFailure> {
    let bytes = storage.get(&artefact_key(sha256)).await?;
    let found = digest(&bytes);
    if found != sha256 {
        return Err(JobFailure::Broken(format!("artefact {sha256} came back with digest {found}")));
    }
    serde_json::from_slice(&bytes)
        .map_err(|error| JobFailure::Broken(format!("artefact {sha256} cannot be read: {error}")))
}

/// Lower-case hex of the SHA-256.
pub(super) fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
