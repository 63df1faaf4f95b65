//! `lobster study render`: one report without an order.

use anyhow::Context as _;
use infra::config::Place;

use super::{
    bench::{self, Bench},
    words,
};
use crate::{
    args::{Render, Words},
    database::Database,
    outside,
};

pub async fn run(place: &Place, database: &Database, asked: &Render) -> anyhow::Result<()> {
    let study = bench::study(&asked.study)?;
    let bench = Bench::set_up(place, database).await?;
    let result = render(&bench, study, asked).await;
    bench.close().await;
    result
}

async fn render(bench: &Bench, study: &dyn studies::Study, asked: &Render) -> anyhow::Result<()> {
    let Render { study: code, commune, out, html, narrative, vendors } = asked;
    let sheet = study.collect(&bench.pool, commune, &bench.certificates).await?;
    let narrative = match narrative {
        Words::Rules => study.by_rules(&sheet),
        Words::Model => {
            let writer = outside::writer(vendors, bench.doubles())?;
            words::by_model(&writer, study, &sheet).await
        }
    };
    let page = bench.page(study, &sheet, &narrative)?;
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let name = format!("{code}_{commune}");
    if *html {
        let file = out.join(format!("{name}.html"));
        std::fs::write(&file, &page).with_context(|| format!("cannot write {}", file.display()))?;
        println!("HTML: {}", file.display());
    }
    let printed = bench.print(&page).await?;
    let file = out.join(format!("{name}.pdf"));
    std::fs::write(&file, &printed.pdf).with_context(|| format!("cannot write {}", file.display()))?;
    println!("PDF: {} ({} pages, {} facts)", file.display(), printed.pages, sheet.facts.len());
    Ok(())
}
