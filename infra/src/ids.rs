//! Fresh identifiers: the only place that makes them by chance.

use domain::ports::Ids;
use uuid::Uuid;

/// Identifiers ordered by time (UUIDv7).
#[derive(Debug, Clone, Copy, Default)]
pub struct TimeIds;

impl Ids for TimeIds {
    #[expect(clippy::disallowed_methods, reason = "this is the port's one real implementation")]
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}
