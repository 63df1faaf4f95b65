//! `lobster datasets prepare`, and the first start of everything else: what the shop needs before its first order.

use std::io::IsTerminal as _;

use anyhow::Context as _;
use datasets::Bootstrap;
use indicatif::{ProgressBar, ProgressStyle};
use infra::{
    config::Place,
    pools::{self, Role},
};

/// Loads what the shop needs before its first order, and makes the views and maps that rest on it; quick when it is all
/// there.
///
/// # Errors
/// When the reference geography is missing or a file is refused.
pub async fn prepare(place: &Place, url: &str) -> anyhow::Result<()> {
    anyhow::ensure!(
        place.reference_dir.join("communes.json").is_file() || place.reference_dir.join("communes.json.gz").is_file(),
        "La géographie de référence manque : {} n’a pas de communes.json. Lancez « npm ci » dans frontend/, ou donnez par \
         LOBSTER_REFERENCE_DIR le dossier data de @etalab/decoupage-administratif.",
        place.reference_dir.display()
    );
    if let Some(folder) = &place.data_dir {
        anyhow::ensure!(
            folder.is_dir(),
            "LOBSTER_DATA_DIR vaut {}, qui n’est pas un dossier. Corrigez ce chemin, ou retirez le réglage pour des données \
             de démonstration.",
            folder.display()
        );
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
    let mut step = |step: &str| {
        bar.set_message(step.to_owned());
        tracing::info!("open data: {step}");
    };
    let summary = datasets::bootstrap(&pool, &plan, &mut step).await.context("Chargement des données ouvertes")?;
    let loaded: Vec<&str> = summary.real.iter().chain(&summary.synthetic).copied().collect();
    // A first start that was cut off after its last file left the views empty.
    let begun = datasets::was_refreshed(&pool).await?;
    if !loaded.is_empty() || !begun {
        step("Vues et cartes…");
        datasets::refresh(&pool, begun.then_some(loaded.as_slice()), &mut |_| {}).await.context("Vues et cartes")?;
    }
    bar.finish_and_clear();
    pool.close().await;
    if !loaded.is_empty() {
        let (real, synthetic) = (summary.real.len(), summary.synthetic.len());
        // Beside what a command is asked for: that may be JSON.
        eprintln!(
            "Jeux de données chargés\u{a0}: {} (réels\u{a0}: {real}, générés\u{a0}: {synthetic}).",
            real + synthetic
        );
    }
    Ok(())
}
