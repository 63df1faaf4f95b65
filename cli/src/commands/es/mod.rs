//! `lobster es`: what the log says.

mod show;
mod verify;

use infra::{
    config::Place,
    pools::{self, Role},
};
use sqlx::PgPool;

use crate::{args::Es, database::Database};

pub async fn run(place: &Place, es: Es) -> anyhow::Result<()> {
    let database = Database::open(place).await?;
    let pool = pools::connect(&database.url, Role::Projector, 2).await?;
    let result = answer(&pool, es).await;
    pool.close().await;
    database.close().await?;
    result
}

async fn answer(pool: &PgPool, es: Es) -> anyhow::Result<()> {
    match es {
        Es::Show(what) => show::run(pool, what).await,
        Es::Verify => verify::run(pool).await,
    }
}
