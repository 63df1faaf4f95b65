//! Why a file could not be brought home, and what to do about it.

use std::path::PathBuf;

/// A download that did not end with the right file.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address answers that there is no such file.
    #[error("{url} n’existe pas ({status}). Vérifiez l’adresse du miroir, ou prenez le fichier chez le producteur.")]
    NotThere {
        /// The address.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// The server answers something else.
    #[error("{url} répond {status}. Réessayez plus tard, ou donnez un autre miroir.")]
    Refused {
        /// The address.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// The line was cut too often. What was received is kept.
    #[error(
        "{url} : la connexion s’est coupée {attempts} fois ({reason}). Les {kept} octets reçus sont gardés : relancez la commande pour continuer.",
        kept = crate::thousands(kept)
    )]
    Cut {
        /// The address.
        url: String,
        /// Attempts made.
        attempts: u32,
        /// Bytes kept on disk.
        kept: u64,
        /// The last reason.
        reason: String,
    },
    /// The content is not the one announced.
    #[error(
        "{url} : la somme de contrôle est {found}, {expected} était attendue. Le fichier est altéré et n’a pas été gardé. Réessayez, ou donnez un autre miroir."
    )]
    Checksum {
        /// The address.
        url: String,
        /// What `SHA256SUMS` says.
        expected: String,
        /// What was received.
        found: String,
    },
    /// The mirror's list cannot be read.
    #[error(
        "{url} n’est pas une liste de sommes SHA-256 (une ligne par fichier : somme, deux espaces, nom) : ligne {line}. Corrigez-la sur le miroir."
    )]
    List {
        /// Address of the list.
        url: String,
        /// The faulty line.
        line: usize,
    },
    /// The folder of downloads cannot be written.
    #[error("{path} ne s’écrit pas : {source}. Vérifiez la place et les droits.", path = path.display())]
    Disk {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}
