//! How far an import is, for whoever shows it: written by the engine, read at any time.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

/// What an import is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Step {
    /// Hashing the file, to know whether it was imported before.
    Fingerprint,
    /// Copying rows to staging.
    Copy,
    /// Checking rows and totals.
    Check,
    /// Filling the new tables and their indices.
    Load,
    /// Putting them in the place of the old ones.
    Promote,
}

/// Counters of one import.
#[derive(Debug, Default)]
pub struct Progress {
    step: AtomicU8,
    size: AtomicU64,
    read: AtomicU64,
    rows: AtomicU64,
}

impl Progress {
    /// What is being done.
    #[must_use]
    pub fn step(&self) -> Step {
        match self.step.load(Ordering::Relaxed) {
            0 => Step::Fingerprint,
            1 => Step::Copy,
            2 => Step::Check,
            3 => Step::Load,
            _ => Step::Promote,
        }
    }

    /// Bytes of the file as received.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size.load(Ordering::Relaxed)
    }

    /// Bytes of it read in this step.
    #[must_use]
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Rows sent to PostgreSQL.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows.load(Ordering::Relaxed)
    }

    /// A new step begins; reading starts again from nothing.
    pub(crate) fn enter(&self, step: Step) {
        self.step.store(step as u8, Ordering::Relaxed);
        self.read.store(0, Ordering::Relaxed);
    }

    /// A new file begins.
    pub(crate) fn begin(&self, size: u64) {
        self.size.store(size, Ordering::Relaxed);
        self.rows.store(0, Ordering::Relaxed);
        self.enter(Step::Fingerprint);
    }

    pub(crate) fn advance(&self, bytes: u64) {
        self.read.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn row(&self) {
        self.rows.fetch_add(1, Ordering::Relaxed);
    }
}
