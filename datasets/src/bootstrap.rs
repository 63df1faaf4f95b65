//! From an empty database to one département that can be studied: real files where they are given, generated ones for
//! the rest. Doing it again is quick and changes nothing.

use std::path::{Path, PathBuf};

use sqlx::PgPool;

use crate::engine::{ImportError, Options, Outcome};
use crate::synthesize::{Specimen, USUAL_TURNOVER, synthesize};
use crate::{DATASETS, import};

/// Edition of the generated files that do not say it in their names.
const GENERATED_RENTS: &str = "2025";

/// What is needed to fill a database.
pub struct Bootstrap {
    /// Folder of the reference geography: the `data` folder of the npm package, or one of the same files compressed.
    pub reference_dir: PathBuf,
    /// Folder of real public files, when there is one.
    pub data_dir: Option<PathBuf>,
    /// Département to complete with generated files.
    pub departement: String,
    /// Folder for generated files; they are removed once imported.
    pub work_dir: PathBuf,
    /// Sales per dwelling and year in generated files; [`USUAL_TURNOVER`] unless a test wants fewer.
    pub turnover: f64,
}

impl Bootstrap {
    /// A bootstrap with a usual market.
    #[must_use]
    pub fn new(reference_dir: PathBuf, data_dir: Option<PathBuf>, departement: &str, work_dir: PathBuf) -> Self {
        Self { reference_dir, data_dir, departement: departement.to_owned(), work_dir, turnover: USUAL_TURNOVER }
    }
}

/// What a bootstrap did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Datasets that received a real file now.
    pub real: Vec<&'static str>,
    /// Datasets that received generated files now.
    pub synthetic: Vec<&'static str>,
    /// Datasets that were already complete.
    pub unchanged: Vec<&'static str>,
}

/// What a département must have to be studied, and is generated when no file of it is given.
const NEEDED: &[&str] = &[
    "contours",
    "population",
    "zonage_abc",
    "anil_loyers",
    "lovac",
    "dvf",
    "rp_housing",
    "rp_demographics",
    "rpls",
    "filosofi",
    "sitadel",
    "projections",
    "parcelles",
    "bpe_equipements",
    "rpps",
];

/// A real file that may be in the data folder.
struct RealFile {
    dataset: &'static str,
    path: &'static str,
    /// What it covers, when that is less than France.
    perimetre: Option<&'static str>,
    cog_annee: Option<i32>,
}

/// Real files by their place in the data folder, in the order of import.
const REAL_FILES: &[RealFile] = &[
    RealFile::national("commune_passage", "cog/passage_communes_2018_vers_2026.csv.gz", Some(2018)),
    RealFile::national("commune_passage", "cog/insee/v_mvt_commune_2024.csv.gz", None),
    RealFile::national("commune_passage", "cog/passage_annuel_communes_2015_2024.csv.gz", None),
    RealFile::national("contours", "cog/contours/communes_2018_simplifie.geojsonl.gz", Some(2018)),
    RealFile::national("densite", "cog/insee/grille_densite_7_niveaux_2025.xlsx", None),
    RealFile::national("population", "population/population_historique_cog_du_moment.csv.gz", None),
    RealFile::national("zonage_abc", "zonage_abc/liste-des-communes-zonage-abc-5-septembre-2025.csv.gz", None),
    RealFile::national(
        "zonage_abc",
        "zonage_abc/liste-des-468-communes-reclassees-zonage-abc-5-septembre-2025.csv.gz",
        None,
    ),
    RealFile::national(
        "zonage_abc",
        "zonage_abc/liste-des-19-communes-declassees-zonage-abc-5-septembre-2025.csv.gz",
        None,
    ),
    RealFile::national("zonage_abc", "zonage_abc/liste-des-865-communes-reclassees-abc-juillet-2024.csv.gz", None),
    RealFile::national("anil_loyers", "anil_loyers/loyers_communes_2018_2022_reshaped.csv.gz", Some(2022)),
    RealFile::national("lovac", "lovac/lovac_communes_2019_2021_reshaped.csv.gz", Some(2021)),
    // The sales of one commune: the others of the département then have none, which is « ab », not zero.
    RealFile {
        dataset: "dvf",
        path: "dvf/geo-dvf-2014-2017-44109-Nantes.csv.gz",
        perimetre: Some("44109"),
        cog_annee: Some(2017),
    },
];

impl RealFile {
    const fn national(dataset: &'static str, path: &'static str, cog_annee: Option<i32>) -> Self {
        Self { dataset, path, perimetre: None, cog_annee }
    }
}

/// Fills the database; `progress` receives one French sentence per step.
///
/// # Errors
/// The first [`ImportError`]; what was imported before it stays, and the next call goes on from there.
pub async fn bootstrap(
    pool: &PgPool,
    plan: &Bootstrap,
    progress: &mut (dyn FnMut(&str) + Send),
) -> Result<Summary, ImportError> {
    let mut summary = Summary::default();
    progress("Communes, EPCI et départements…");
    let outcomes = import(pool, "communes", std::slice::from_ref(&plan.reference_dir), &Options::default()).await?;
    summary.note("communes", &outcomes, false);
    for real in REAL_FILES {
        if let Some(path) = plan.real_file(real) {
            progress(&format!("{} : fichier réel…", title(real.dataset)));
            let options = Options {
                cog_annee: real.cog_annee,
                perimetre: real.perimetre.map(str::to_owned),
                ..Options::default()
            };
            summary.note(real.dataset, &import(pool, real.dataset, &[path], &options).await?, false);
        }
    }
    let missing = missing(pool, &plan.departement).await?;
    summary.unchanged.extend(complete(&missing, &summary));
    if !missing.is_empty() {
        generate(pool, plan, &missing, &mut summary, progress).await?;
    }
    Ok(summary)
}

impl Bootstrap {
    fn real_file(&self, real: &RealFile) -> Option<PathBuf> {
        let path = self.data_dir.as_ref()?.join(real.path);
        // A file about one commune says nothing of another département.
        let concerned = real.perimetre.is_none_or(|code| code.starts_with(&self.departement));
        (path.is_file() && concerned).then_some(path)
    }
}

impl Summary {
    fn note(&mut self, dataset: &'static str, outcomes: &[Outcome], synthetic: bool) {
        let changed = outcomes.iter().any(|outcome| matches!(outcome, Outcome::Imported { .. }));
        let list = match (changed, synthetic) {
            (false, _) => &mut self.unchanged,
            (true, true) => &mut self.synthetic,
            (true, false) => &mut self.real,
        };
        if !list.contains(&dataset) {
            list.push(dataset);
        }
    }
}

/// Datasets of which nothing active concerns the département. A dataset is real or generated as a whole: one active
/// real source is enough to leave it alone.
async fn missing(pool: &PgPool, departement: &str) -> Result<Vec<&'static str>, ImportError> {
    let present: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT s.dataset FROM data.data_sources s JOIN data.import_runs r ON r.id = s.import_run_id
         WHERE s.active AND (NOT s.synthetique OR s.perimetre IN ('FR', $1))",
    )
    .bind(departement)
    .fetch_all(pool)
    .await?;
    Ok(NEEDED.iter().copied().filter(|name| !present.iter().any(|loaded| loaded == name)).collect())
}

fn complete(missing: &[&'static str], summary: &Summary) -> Vec<&'static str> {
    let told = |name: &&str| summary.real.contains(name) || summary.unchanged.contains(name);
    NEEDED.iter().copied().filter(|name| !missing.contains(name) && !told(name)).collect()
}

async fn generate(
    pool: &PgPool,
    plan: &Bootstrap,
    missing: &[&'static str],
    summary: &mut Summary,
    progress: &mut (dyn FnMut(&str) + Send),
) -> Result<(), ImportError> {
    progress(&format!("Données de démonstration pour le département {}…", plan.departement));
    let folder = plan.work_dir.join(format!("synthetique-{}", plan.departement));
    let (departement, reference, out) = (plan.departement.clone(), plan.reference_dir.clone(), folder.clone());
    let (only, turnover) = (missing.to_vec(), plan.turnover);
    let written = tokio::task::spawn_blocking(move || {
        synthesize(&Specimen {
            departement: Some(&departement),
            reference: &reference,
            out: &out,
            only: &only,
            turnover,
            gzip: false,
        })
    })
    .await
    .map_err(|error| ImportError::Interrupted(error.to_string()))??;
    for generated in written {
        progress(&format!("{} : données de démonstration…", title(generated.dataset)));
        let options = Options {
            departement: Some(plan.departement.clone()),
            millesime: (generated.dataset == "anil_loyers").then(|| GENERATED_RENTS.to_owned()),
            synthetique: true,
            ..Options::default()
        };
        let outcomes = import(pool, generated.dataset, &generated.files, &options).await?;
        summary.note(generated.dataset, &outcomes, true);
    }
    remove(&folder)
}

fn remove(folder: &Path) -> Result<(), ImportError> {
    std::fs::remove_dir_all(folder).map_err(|source| ImportError::Unreadable { file: folder.to_owned(), source })
}

fn title(dataset: &str) -> &'static str {
    DATASETS.iter().find(|known| known.name == dataset).map_or("Données", |known| known.title)
}
