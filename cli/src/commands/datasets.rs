//! `lobster datasets`: what is loaded, imports, specimens; and the first start's loading.

use std::io::IsTerminal as _;

use anyhow::Context as _;
use datasets::{Bootstrap, Options, Outcome, Specimen, USUAL_TURNOVER};
use indicatif::{ProgressBar, ProgressStyle};
use infra::{
    config::Place,
    pools::{self, Role},
};
use sqlx::PgPool;

use crate::{args::Datasets, database::Database};

pub async fn run(place: &Place, command: Datasets) -> anyhow::Result<()> {
    if let Datasets::Synthesize { departement, national, only, gzip, out } = &command {
        let departement = (!national).then(|| departement.as_deref().unwrap_or(&place.departement));
        return synthesize(place, departement, only, *gzip, out);
    }
    let database = Database::open(place).await?;
    super::migrate::bring_up(&database.url).await?;
    let pool = pools::connect(&database.url, Role::Importer, 4).await?;
    let result = match command {
        Datasets::List => list(&pool).await,
        Datasets::Prepare => prepare(place, &database.url).await,
        Datasets::Import { dataset, files, millesime, cog, departement, synthetique, dry_run } => {
            let options =
                Options { millesime, cog_annee: cog, dry_run, departement, synthetique, ..Options::default() };
            let outcomes = datasets::import(&pool, &dataset, &files, &options).await;
            outcomes.map(|outcomes| outcomes.iter().for_each(tell)).map_err(Into::into)
        }
        Datasets::Synthesize { .. } => Ok(()),
    };
    pool.close().await;
    database.close().await?;
    result
}

/// Loads what the shop needs before its first order; quick when it is all there.
///
/// # Errors
/// When the reference geography is missing or a file is refused.
pub async fn prepare(place: &Place, url: &str) -> anyhow::Result<()> {
    anyhow::ensure!(
        place.reference_dir.join("communes.json").is_file() || place.reference_dir.join("communes.json.gz").is_file(),
        "the reference geography is missing: {} has no communes.json; run `npm ci` in frontend/, or set \
         LOBSTER_REFERENCE_DIR to the data folder of @etalab/decoupage-administratif",
        place.reference_dir.display()
    );
    if let Some(folder) = &place.data_dir {
        anyhow::ensure!(folder.is_dir(), "LOBSTER_DATA_DIR is {}, which is not a folder", folder.display());
    }
    let pool = pools::connect(url, Role::Importer, 4).await?;
    let plan = Bootstrap::new(
        place.reference_dir.clone(),
        place.data_dir.clone(),
        &place.departement,
        place.home.join("specimens"),
    );
    let bar = if std::io::stderr().is_terminal() { ProgressBar::new_spinner() } else { ProgressBar::hidden() };
    bar.set_style(ProgressStyle::with_template("{spinner} {msg} {elapsed}")?);
    bar.enable_steady_tick(std::time::Duration::from_millis(120));
    let summary = datasets::bootstrap(&pool, &plan, &mut |step| {
        bar.set_message(step.to_owned());
        tracing::info!("open data: {step}");
    })
    .await
    .context("loading the open data")?;
    bar.finish_and_clear();
    pool.close().await;
    if !summary.real.is_empty() || !summary.synthetic.is_empty() {
        println!("Données chargées : {} fichiers réels, {} jeux générés.", summary.real.len(), summary.synthetic.len());
    }
    Ok(())
}

async fn list(pool: &PgPool) -> anyhow::Result<()> {
    for loaded in datasets::list(pool).await? {
        if loaded.sources.is_empty() {
            println!("{:<16} non chargé", loaded.dataset.name);
        }
        for source in loaded.sources {
            println!(
                "{:<16} {:<12} {:>9} lignes  {:<9} {}  {} {}",
                source.dataset,
                source.millesime,
                source.lignes_gardees,
                if source.synthetique { "généré" } else { "réel" },
                source.obtenu_le.format("%Y-%m-%d"),
                source.sha256.get(..12).unwrap_or(&source.sha256),
                source.fichier,
            );
        }
    }
    Ok(())
}

fn tell(outcome: &Outcome) {
    match outcome {
        Outcome::Imported { source_id, read, kept, rejected } => {
            println!("Importé (source {source_id}) : {read} lignes lues, {kept} gardées, {rejected} rejetées.");
        }
        Outcome::AlreadyImported { source_id } => println!("Déjà importé (source {source_id})."),
        other => println!("Recevable, rien n’a été chargé : {other:?}"),
    }
}

fn synthesize(
    place: &Place,
    departement: Option<&str>,
    only: &[String],
    gzip: bool,
    out: &std::path::Path,
) -> anyhow::Result<()> {
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let only = only.iter().map(|name| datasets::find(name).map(|found| found.name)).collect::<Result<Vec<_>, _>>()?;
    let reference = &place.reference_dir;
    let specimen = Specimen { departement, reference, out, only: &only, turnover: USUAL_TURNOVER, gzip };
    for generated in datasets::synthesize(&specimen)? {
        for file in generated.files {
            println!("{:<16} {}", generated.dataset, file.display());
        }
    }
    Ok(())
}
