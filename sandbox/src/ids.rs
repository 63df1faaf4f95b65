//! Readable identifiers that are never used twice, not even by the next run of the sandbox.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::clock::real_now;

/// Numbers everything the doubles create.
///
/// The run's start time is part of each id: the product keeps ids for ever (webhooks are deduplicated by them), while a
/// sandbox in memory starts again from one.
pub struct Ids {
    run: String,
    next: AtomicU64,
}

impl Default for Ids {
    fn default() -> Self {
        Self { run: base36(real_now().timestamp_millis().unsigned_abs()), next: AtomicU64::new(1) }
    }
}

impl Ids {
    /// The next id: `prefix`, `sbx_`, the run, a number. Example: `cs_test_sbx_mh8k2x1q000001`.
    pub fn next(&self, prefix: &str) -> String {
        let number = self.number();
        format!("{prefix}sbx_{}{number:06}", self.run)
    }

    /// The next number alone.
    pub fn number(&self) -> u64 {
        self.next.fetch_add(1, Ordering::SeqCst)
    }

    /// The part of every id that names this run.
    pub fn run(&self) -> &str {
        &self.run
    }
}

fn base36(mut number: u64) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    let mut digits = Vec::new();
    while number > 0 {
        digits.push(DIGITS[usize::try_from(number % 36).unwrap_or(0)]);
        number /= 36;
    }
    digits.iter().rev().map(|digit| char::from(*digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_readable_and_distinct() {
        let ids = Ids::default();
        let (first, second) = (ids.next("cs_test_"), ids.next("cs_test_"));
        assert!(first.starts_with("cs_test_sbx_") && first != second);
        assert_eq!(base36(35 * 36 + 1), "z1");
    }
}
