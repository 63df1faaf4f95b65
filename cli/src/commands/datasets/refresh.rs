//! `lobster datasets refresh`: what is computed ahead of its readers, computed anew; what was loaded on demand and is
//! too old, forgotten.

use datasets::Expired;
use domain::ports::Clock as _;
use infra::clock::SystemClock;
use sqlx::PgPool;

/// Forgets what is too old, refreshes the views of these datasets, or all of them, and tells both.
pub async fn run(pool: &PgPool, datasets: &[String]) -> anyhow::Result<()> {
    for Expired { dataset, perimetre } in datasets::expire(pool, SystemClock.now()).await? {
        println!("{dataset} : ce qui était chargé pour « {perimetre} » était trop ancien et a été effacé.");
    }
    let named: Vec<&str> = datasets.iter().map(String::as_str).collect();
    let changed = (!named.is_empty()).then_some(named.as_slice());
    let refreshed = datasets::refresh(pool, changed, &mut |view| eprintln!("{view}…")).await?;
    match refreshed.as_slice() {
        [] => println!("Aucune vue à recalculer."),
        views => println!("Vues recalculées : {}.", views.join(", ")),
    }
    Ok(())
}
