//! The schema: every file of `migrations/core` and `migrations/data`, embedded, applied in the order of their numbers.

use sqlx::PgPool;
use sqlx::migrate::MigrateError;

/// Brings the database to the schema of this binary; `pool` connects as the owner of everything. Jobs have their own
/// [`crate::jobs::migrate`].
///
/// # Errors
/// When a file fails or an applied one was changed since.
pub async fn migrate(pool: &PgPool) -> Result<(), MigrateError> {
    for mut area in [sqlx::migrate!("../migrations/core"), sqlx::migrate!("../migrations/data")] {
        // Both areas note what they applied in one table: neither knows all of it.
        area.set_ignore_missing(true);
        area.run(pool).await?;
    }
    Ok(())
}
