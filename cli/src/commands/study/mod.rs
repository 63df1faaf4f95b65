//! `lobster study`: the catalogue, a report without an order, and the gate that reports of many communes must pass.

mod bench;
mod check;
mod collect;
mod render;
mod words;

use infra::config::Place;

pub use check::Breaches;

use crate::{args::Study, database::Database};

pub async fn run(place: &Place, command: Study) -> anyhow::Result<()> {
    match command {
        Study::List => {
            for study in studies::STUDIES {
                let sheet = study.sheet();
                println!("{}  {:<28} {} pages  {}", sheet.code, sheet.title, sheet.contents.len(), sheet.promise);
            }
            Ok(())
        }
        Study::Validate(files) => super::validate::run(&files),
        Study::Render(asked) => {
            let database = Database::open(place).await?;
            let result = render::run(place, &database, &asked).await;
            database.close().await?;
            result
        }
        Study::Collect(asked) => {
            let database = Database::open(place).await?;
            let result = collect::run(place, &database, &asked).await;
            database.close().await?;
            result
        }
        Study::Check(asked) => {
            let database = Database::open(place).await?;
            let result = check::run(place, &database, &asked).await;
            database.close().await?;
            result
        }
    }
}
