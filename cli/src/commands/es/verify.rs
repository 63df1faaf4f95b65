//! `lobster es verify`: whether the log is what was once recorded.

use anyhow::Context as _;
use infra::event_store;
use sqlx::PgPool;

pub async fn run(pool: &PgPool) -> anyhow::Result<()> {
    let verified = event_store::verify(pool).await.context("the log is not whole")?;
    println!("{} events in {} seals hold together", verified.events, verified.seals);
    println!("head {}", verified.head);
    if verified.unsealed > 0 {
        println!("{} events are not sealed yet", verified.unsealed);
    }
    Ok(())
}
