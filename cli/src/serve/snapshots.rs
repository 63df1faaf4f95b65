//! The projector that keeps the state of long streams, so that commands need not read them whole.

use domain::log::Recorded;
use infra::event_store::keep_snapshots;
use projections::Projector;
use sqlx::PgConnection;

/// Writes `es.snapshots`; a cache, so it begins wherever it is and nobody rebuilds it.
pub struct Snapshots;

impl Projector for Snapshots {
    const NAME: &'static str = "snapshots";
    const VERSION: i32 = 1;

    async fn apply(&self, tx: &mut PgConnection, batch: &[Recorded]) -> anyhow::Result<()> {
        keep_snapshots(tx, batch).await
    }
}
