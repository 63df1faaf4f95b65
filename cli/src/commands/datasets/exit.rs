//! How a command ended, for scripts.

use std::process::ExitCode;

use datasets::{FetchError, ImportError};

/// `check` found something: not a failure of the command.
#[derive(Debug, thiserror::Error)]
#[error("{0} points à regarder")]
pub struct Findings(pub usize);

/// Something unexpected: the database, the disk.
const UNEXPECTED: u8 = 1;
/// A file or the command line was refused; clap's own code too.
const REFUSED: u8 = 2;
/// Another import runs, or readers hold the tables.
const BUSY: u8 = 3;
/// There is no version to go back to.
const NOTHING_BEFORE: u8 = 4;
/// `check` found something.
const FINDINGS: u8 = 5;
/// A download did not end well.
const NOT_FETCHED: u8 = 6;

/// The code that tells scripts why a command failed.
pub fn exit_code(error: &anyhow::Error) -> ExitCode {
    let code = match error.downcast_ref::<ImportError>() {
        Some(ImportError::Busy(_) | ImportError::Readers(_)) => BUSY,
        Some(ImportError::NothingBefore(_) | ImportError::NotVersioned(_)) => NOTHING_BEFORE,
        Some(ImportError::Database(_) | ImportError::Interrupted(_) | ImportError::Scratch(_)) => UNEXPECTED,
        Some(_) => REFUSED,
        None if error.is::<Findings>() => FINDINGS,
        None if error.is::<FetchError>() => NOT_FETCHED,
        None if error.is::<crate::commands::validate::Unreadable>() => REFUSED,
        None if error.is::<crate::commands::validate::Refused>() => FINDINGS,
        None if error.is::<crate::commands::study::Breaches>() => FINDINGS,
        None if matches!(error.downcast_ref(), Some(studies::StudyError::UnknownCommune(_))) => REFUSED,
        None => UNEXPECTED,
    };
    ExitCode::from(code)
}
