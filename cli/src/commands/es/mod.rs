//! `lobster es`: what the log says, and whether it is what was once recorded.

mod bundle;
mod causation;
mod consistency;
mod diff;
mod heads;
mod look;
mod proofs;
mod replay;
mod show;
mod state;
mod tail;
mod verify;

use infra::{
    config::Place,
    pools::{self, Role},
};
use sqlx::PgPool;

use crate::{args::Es, database::Database};

pub async fn run(place: &Place, es: Es) -> anyhow::Result<()> {
    let database = Database::open(place).await?;
    let pool = pools::connect(&database.url, Role::Projector, 4).await?;
    let result = answer(place, &database.url, &pool, es).await;
    pool.close().await;
    database.close().await?;
    result
}

async fn answer(place: &Place, url: &str, pool: &PgPool, es: Es) -> anyhow::Result<()> {
    match es {
        Es::Show(what) => show::run(pool, what).await,
        Es::Verify(verify) => verify::run(place, pool, &verify).await,
        Es::Heads(heads) => heads::run(place, pool, &heads).await,
        Es::Consistency(heads) => consistency::run(place, pool, &heads).await,
        Es::Bundle(what) => bundle::run(place, pool, what).await,
        Es::Look(look) => look::run(pool, url, look).await,
    }
}
