//! Chance is a port: new identifiers come from here and nowhere else.

use uuid::Uuid;

/// Fresh identifiers, ordered by time (UUIDv7).
pub trait Ids: Send + Sync {
    fn next(&self) -> Uuid;
}
