//! `lobster datasets rollback`: the version before serves again.

use datasets::Return;
use sqlx::PgPool;

pub async fn run(pool: &PgPool, dataset: &str) -> anyhow::Result<()> {
    let Return { restored, retired } = datasets::rollback(pool, dataset).await?;
    datasets::refresh(pool, Some(&[dataset]), &mut |_| {}).await?;
    println!("De nouveau en service : {}.", restored.join(", "));
    println!("Mis de côté : {}. La même commande les remettrait.", retired.join(", "));
    Ok(())
}
