//! `lobster study`: the catalogue, and a report without an order.

use std::{path::Path, sync::Arc};

use anyhow::Context as _;
use domain::ports::{Clock as _, Printer as _};
use infra::{
    ademe::{AdemeCertificates, AdemeConfig},
    clock::SystemClock,
    config::{ADEME, Environment, Place},
    pools::{self, Role},
};
use sandbox::SandboxConfig;
use studies::pages::Edition;

use crate::{args::Study, database::Database, outside};

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
        Study::Render { study, commune, out, html } => {
            let database = Database::open(place).await?;
            let result = render(place, &database, &study, &commune, &out, html).await;
            database.close().await?;
            result
        }
    }
}

async fn render(
    place: &Place,
    database: &Database,
    code: &str,
    commune: &str,
    out: &Path,
    html: bool,
) -> anyhow::Result<()> {
    let known = || studies::STUDIES.iter().map(|study| study.sheet().code).collect::<Vec<_>>().join(", ");
    let study = studies::find(code).with_context(|| format!("there is no study {code}: there are {}", known()))?;
    super::migrate::bring_up(&database.url).await?;
    super::datasets::prepare(place, &database.url).await?;
    let pool = pools::connect(&database.url, Role::Worker, 4).await?;

    // In the sandbox, ADEME's double answers on a free port for as long as this takes.
    let double = match place.environment {
        Environment::Sandbox => Some(doubles(place).await?),
        Environment::Production => None,
    };
    let base_url = double
        .as_ref()
        .map_or_else(|| ADEME.to_owned(), |running| format!("http://{}/ademe/data-fair/api/v1", running.http));
    let config = AdemeConfig { base_url, contact: "contact@lobster.test".to_owned(), synthetic: double.is_some() };
    let certificates = AdemeCertificates::new(config, Arc::new(SystemClock), pool.clone())?;
    let sheet = study.collect(&pool, commune, &certificates).await?;
    if let Some(running) = double {
        running.stop().await;
    }
    pool.close().await;

    let now = SystemClock.now();
    let narrative = study.by_rules(&sheet);
    let edition = Edition {
        report_number: "HORS COMMANDE".to_owned(),
        ordered_on: now.date_naive(),
        template_version: study.template_version(),
        specimen: sheet.is_specimen(),
        blocks_model: 0,
        blocks_rules: u32::try_from(narrative.blocks.len())?,
    };
    let page = study.render(&sheet, &narrative, &edition)?;
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let name = format!("{code}_{commune}");
    if html {
        std::fs::write(out.join(format!("{name}.html")), &page)?;
        println!("HTML: {}", out.join(format!("{name}.html")).display());
    }
    let printer = outside::printer(place)?;
    let printed = printer.print(&page, now).await;
    printer.close().await;
    let printed = printed?;
    let file = out.join(format!("{name}.pdf"));
    std::fs::write(&file, &printed.pdf).with_context(|| format!("cannot write {}", file.display()))?;
    println!("PDF: {} ({} pages, {} facts)", file.display(), printed.pages, sheet.facts.len());
    Ok(())
}

async fn doubles(place: &Place) -> anyhow::Result<sandbox::Running> {
    let any = "127.0.0.1:0".parse()?;
    let s3_dir = place.home.join("specimens").join("s3");
    sandbox::start(SandboxConfig {
        http: any,
        s3: any,
        s3_dir,
        environment: "sandbox".to_owned(),
        ..Default::default()
    })
    .await
}
