//! Signed PDF: PAdES baseline B, by an RSA key of ours. Neither the time nor chance enters the bytes, so a report that is
//! made again is signed alike.

mod cms;
mod der;
mod edition;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ports::{PortError, Signer};
use ring::signature::RsaKeyPair;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};

use cms::Identity;
use edition::Edition;

const SERVICE: &str = "signature";

/// Where the key and its certificate are.
#[derive(Debug, Clone)]
pub struct SignatureConfig {
    /// RSA private key of 2048 to 4096 bits, in PEM, without a password.
    pub key: PathBuf,
    /// Certificates in PEM: the key's own first, then those up to the root, which may be left out.
    pub certificate: PathBuf,
}

/// Why nothing can be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignatureError {
    #[error("{path} holds no {what} in PEM: {reason}")]
    File { path: String, what: &'static str, reason: String },
    #[error("{path} holds a key that cannot sign ({reason}): make an RSA key of 2048 to 4096 bits")]
    Key { path: String, reason: String },
    #[error("the first certificate cannot be read: give an X.509 certificate in PEM, the signer’s first")]
    NoCertificate,
    #[error("the first certificate is another key’s: give the one that was issued for this key")]
    OtherKey,
    #[error("the certificate is valid from {from} to {to} and the document is of {dated}: configure one that is valid")]
    OutOfDate { from: DateTime<Utc>, to: DateTime<Utc>, dated: DateTime<Utc> },
    #[error("the document has no {0}: only what our printer makes can be signed")]
    Layout(&'static str),
    #[error("the key refuses to sign")]
    Refused,
}

/// The signer port on a key in a file.
pub struct PadesSigner {
    identity: Identity,
}

impl PadesSigner {
    /// Reads key and certificates.
    ///
    /// # Errors
    /// When one of them is missing, of another kind, or not the other's.
    pub fn new(config: &SignatureConfig) -> Result<Self, SignatureError> {
        let certificates = CertificateDer::pem_file_iter(&config.certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| file(&config.certificate, "certificate", &error))?;
        let key =
            PrivateKeyDer::from_pem_file(&config.key).map_err(|error| file(&config.key, "private key", &error))?;
        let refused = |reason: String| SignatureError::Key { path: config.key.display().to_string(), reason };
        let key = match &key {
            PrivateKeyDer::Pkcs8(key) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()),
            PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()),
            _ => return Err(refused("not RSA".to_owned())),
        };
        let key = key.map_err(|error| refused(error.to_string()))?;
        let certificates = certificates.iter().map(|certificate| certificate.to_vec()).collect();
        Ok(Self { identity: Identity::new(key, certificates)? })
    }

    fn signed(&self, pdf: &[u8], dated: DateTime<Utc>) -> Result<Vec<u8>, SignatureError> {
        let valid = self.identity.valid();
        if !valid.contains(&dated) {
            return Err(SignatureError::OutOfDate { from: *valid.start(), to: *valid.end(), dated });
        }
        // One key, one size, whatever is signed.
        let size = self.identity.sign(&[0; 32])?.len();
        let edition = Edition::new(pdf, dated, size).map_err(SignatureError::Layout)?;
        let signature = self.identity.sign(&edition.digest())?;
        edition.filled(&signature).ok_or(SignatureError::Refused)
    }
}

fn file(path: &Path, what: &'static str, error: &rustls::pki_types::pem::Error) -> SignatureError {
    SignatureError::File { path: path.display().to_string(), what, reason: error.to_string() }
}

#[async_trait]
impl Signer for PadesSigner {
    async fn sign(&self, pdf: &[u8], dated: DateTime<Utc>) -> Result<Vec<u8>, PortError> {
        self.signed(pdf, dated).map_err(|error| PortError::Refused { service: SERVICE, message: error.to_string() })
    }
}
