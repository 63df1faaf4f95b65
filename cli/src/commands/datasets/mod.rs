//! `lobster datasets`: open data, from the producers' files to what studies read. One file per subcommand.

mod check;
mod exit;
mod fetch;
mod import;
mod list;
mod prepare;
mod refresh;
mod rollback;
mod synthesize;
mod table;

use infra::{
    config::Place,
    pools::{self, Role},
};

use crate::{args::Datasets, database::Database};

pub use exit::exit_code;
pub use prepare::prepare;

pub async fn run(place: &Place, command: Datasets) -> anyhow::Result<()> {
    if let Datasets::Synthesize(synthesize) = &command {
        return synthesize::run(place, synthesize);
    }
    let database = Database::open(place).await?;
    super::migrate::bring_up(&database.url).await?;
    let pool = pools::connect(&database.url, Role::Importer, 4).await?;
    let result = match command {
        Datasets::List(list) => list::run(&pool, &list).await,
        Datasets::Prepare => prepare(place, &database.url).await,
        Datasets::Import(import) => import::run(&pool, import).await,
        Datasets::Fetch(fetch) => fetch::run(place, &pool, fetch).await,
        Datasets::Check(check) => check::run(&pool, &check).await,
        Datasets::Refresh { datasets } => refresh::run(&pool, &datasets).await,
        Datasets::Rollback { dataset } => rollback::run(&pool, &dataset).await,
        Datasets::Synthesize(_) => Ok(()),
    };
    pool.close().await;
    database.close().await?;
    result
}
