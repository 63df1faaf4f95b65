//! `lobster datasets synthesize`: files in the official layouts, with invented figures.

use anyhow::Context as _;
use datasets::{Specimen, USUAL_TURNOVER};
use infra::config::Place;

use crate::args::Synthesize;

pub fn run(place: &Place, synthesize: &Synthesize) -> anyhow::Result<()> {
    let Synthesize { departement, national, only, gzip, out } = synthesize;
    let departement = (!national).then(|| departement.as_deref().unwrap_or(&place.departement));
    std::fs::create_dir_all(out).with_context(|| format!("Le dossier {} ne peut pas être créé", out.display()))?;
    let only = only.iter().map(|name| datasets::find(name).map(|found| found.name)).collect::<Result<Vec<_>, _>>()?;
    let reference = &place.reference_dir;
    let specimen = Specimen { departement, reference, out, only: &only, turnover: USUAL_TURNOVER, gzip: *gzip };
    for generated in datasets::synthesize(&specimen)? {
        for file in generated.files {
            println!("{:<16} {}", generated.dataset, file.display());
        }
    }
    Ok(())
}
