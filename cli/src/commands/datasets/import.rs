//! `lobster datasets import`: with a bar that tells rate and time left, where somebody looks.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use datasets::{Options, Outcome, Progress, Step, thousands};
use indicatif::{ProgressBar, ProgressStyle};
use sqlx::PgPool;

use crate::args::Import;

/// How often the bar moves.
const BEAT: Duration = Duration::from_millis(150);

pub async fn run(pool: &PgPool, import: Import) -> anyhow::Result<()> {
    let Import { dataset, files, millesime, cog, departement, perimetre, synthetique, dry_run, no_refresh } = import;
    let options = Options {
        millesime,
        cog_annee: cog,
        dry_run,
        departement,
        perimetre,
        synthetique,
        views_follow: !no_refresh,
        progress: Arc::default(),
    };
    let changed = import_files(pool, &dataset, &files, &options).await?;
    if changed && !no_refresh {
        datasets::refresh(pool, Some(&[&dataset]), &mut |_| {}).await?;
    }
    Ok(())
}

/// Imports, shows how far it is, and tells what became of each file; whether readers see something new.
pub async fn import_files(pool: &PgPool, dataset: &str, files: &[PathBuf], options: &Options) -> anyhow::Result<bool> {
    let bar = bar()?;
    let outcomes = {
        let import = datasets::import(pool, dataset, files, options);
        tokio::pin!(import);
        loop {
            tokio::select! {
                outcomes = &mut import => break outcomes,
                () = tokio::time::sleep(BEAT) => show(&bar, &options.progress),
            }
        }
    };
    bar.finish_and_clear();
    let outcomes = outcomes?;
    for (outcome, file) in outcomes.iter().zip(files) {
        tell(outcome, &file.display().to_string());
    }
    Ok(outcomes.iter().any(|outcome| matches!(outcome, Outcome::Imported { .. })))
}

/// A bar for a terminal; nothing for a file or a pipe.
pub fn bar() -> anyhow::Result<ProgressBar> {
    let bar = if std::io::stderr().is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
    bar.set_style(ProgressStyle::with_template(
        "{msg:<28} {bar:30} {bytes:>10} / {total_bytes:<10} {bytes_per_sec:>12}  reste {eta}",
    )?);
    Ok(bar)
}

fn show(bar: &ProgressBar, progress: &Progress) {
    let rows = progress.rows();
    let message = match progress.step() {
        Step::Fingerprint => "empreinte du fichier".to_owned(),
        Step::Copy => format!("lecture, {} lignes", thousands(rows)),
        Step::Check => format!("contrôle de {} lignes", thousands(rows)),
        Step::Load => "chargement et index".to_owned(),
        Step::Promote => "mise en service".to_owned(),
    };
    if bar.message() != message && progress.read() < bar.position() {
        bar.reset_eta();
    }
    bar.set_message(message);
    bar.set_length(progress.size());
    bar.set_position(progress.read().min(progress.size()));
}

fn tell(outcome: &Outcome, file: &str) {
    let told = |read: &u64, kept: &u64, rejected: &u64| (thousands(read), thousands(kept), thousands(rejected));
    match outcome {
        Outcome::Imported { source_id, read, kept, rejected } => {
            let (read, kept, rejected) = told(read, kept, rejected);
            println!("{file} : importé (source {source_id}), {read} lignes lues, {kept} gardées, {rejected} rejetées.");
        }
        Outcome::AlreadyImported { source_id } => {
            println!("{file} : déjà importé, en service sous le numéro de source {source_id}.");
        }
        Outcome::Acceptable { read, kept, rejected } => {
            let (read, kept, rejected) = told(read, kept, rejected);
            println!(
                "{file} : recevable, {read} lignes lues, {kept} seraient gardées, {rejected} rejetées. Rien n’a été chargé."
            );
        }
    }
}
