//! `lobster datasets refresh`: what is computed ahead of its readers, computed anew.

use sqlx::PgPool;

/// Refreshes the views of these datasets, or all of them, and tells which.
pub async fn run(pool: &PgPool, datasets: &[String]) -> anyhow::Result<()> {
    let named: Vec<&str> = datasets.iter().map(String::as_str).collect();
    let changed = (!named.is_empty()).then_some(named.as_slice());
    let refreshed = datasets::refresh(pool, changed, &mut |view| eprintln!("{view}…")).await?;
    match refreshed.as_slice() {
        [] => println!("Aucune vue à recalculer."),
        views => println!("Vues recalculées : {}.", views.join(", ")),
    }
    Ok(())
}
