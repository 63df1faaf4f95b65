//! `lobster datasets prepare`, and the first start of everything else: what the shop needs before its first order.

use std::io::IsTerminal as _;

use anyhow::Context as _;
use datasets::Bootstrap;
use indicatif::{ProgressBar, ProgressStyle};
use infra::{
    config::Place,
    pools::{self, Role},
};

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
