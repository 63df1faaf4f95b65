//! Is what is loaded sound? National totals, age, generated data beside real ones, imports that died.

use chrono::{DateTime, Utc};
use sqlx::PgPool;

use crate::freshness::{Freshness, freshness};
use crate::{ImportError, feeds, list, thousands};

/// One thing an operator should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The dataset.
    pub dataset: &'static str,
    /// What was found, in French.
    pub what: String,
    /// What to do, in French.
    pub remedy: String,
}

/// A total that the whole of France reaches, over what readers see.
struct Total {
    dataset: &'static str,
    what: &'static str,
    sql: &'static str,
    min: i64,
    max: i64,
}

const TOTALS: &[Total] = &[
    Total {
        dataset: "communes",
        what: "communes",
        sql: "SELECT count(*) FROM data.communes",
        min: 34_800,
        max: 35_000,
    },
    Total { dataset: "communes", what: "EPCI", sql: "SELECT count(*) FROM data.epci", min: 1_230, max: 1_280 },
    Total {
        dataset: "communes",
        what: "arrondissements de Paris, Lyon et Marseille",
        sql: "SELECT count(*) FROM data.arrondissements_plm",
        min: 45,
        max: 45,
    },
    Total {
        dataset: "communes",
        what: "habitants",
        sql: "SELECT coalesce(sum(population), 0)::bigint FROM data.communes",
        min: 66_000_000,
        max: 70_000_000,
    },
    Total {
        dataset: "contours",
        what: "communes sans contour",
        sql: "SELECT count(*) FROM data.communes WHERE geom IS NULL",
        min: 0,
        max: 40,
    },
    Total {
        dataset: "densite",
        what: "communes sans degré de densité",
        sql: "SELECT count(*) FROM data.communes WHERE densite7 IS NULL",
        min: 0,
        max: 40,
    },
    Total {
        dataset: "zonage_abc",
        what: "communes classées à la date la plus récente",
        sql: "SELECT count(DISTINCT code_insee) FROM data.zonage_abc
              WHERE date_effet = (SELECT max(date_effet) FROM data.zonage_abc)",
        min: 34_800,
        max: 35_000,
    },
    Total {
        dataset: "rp_housing",
        what: "logements au millésime le plus récent",
        sql: "SELECT coalesce(sum(h.log), 0)::bigint FROM data.rp_housing h JOIN data.communes c USING (code_insee)
              WHERE h.millesime = (SELECT max(millesime) FROM data.rp_housing)",
        min: 35_000_000,
        max: 41_000_000,
    },
    Total {
        dataset: "rp_demographics",
        what: "habitants au millésime le plus récent",
        sql:
            "SELECT coalesce(sum(d.pop), 0)::bigint FROM data.rp_demographics d JOIN data.communes c USING (code_insee)
              WHERE d.millesime = (SELECT max(millesime) FROM data.rp_demographics)",
        min: 65_000_000,
        max: 70_000_000,
    },
    Total {
        dataset: "rpls",
        what: "logements sociaux au millésime le plus récent",
        sql: "SELECT coalesce(sum(r.nb_ls), 0)::bigint FROM data.rpls r JOIN data.communes c USING (code_insee)
              WHERE r.annee = (SELECT max(annee) FROM data.rpls)",
        min: 4_500_000,
        max: 6_000_000,
    },
];

/// Everything worth a look; empty when all is well. Totals are compared only where a real national file is loaded.
///
/// # Errors
/// [`ImportError::Database`].
pub async fn check(pool: &PgPool, now: DateTime<Utc>) -> Result<Vec<Finding>, ImportError> {
    let mut findings = Vec::new();
    let mut real = false;
    let mut generated = Vec::new();
    for loaded in list(pool).await? {
        let dataset = loaded.dataset;
        let mut note = |what: String, remedy: String| findings.push(Finding { dataset: dataset.name, what, remedy });
        let Some(newest) = loaded.sources.first() else {
            note(
                format!("non chargé (sert à : {})", feeds(dataset.name)),
                "lobster datasets fetch <jeu>, ou lobster datasets import <jeu> <fichier>".to_owned(),
            );
            continue;
        };
        let age = freshness(dataset.rhythm, &newest.millesime, newest.obtenu_le, now);
        if matches!(age, Freshness::Due | Freshness::Old) {
            note(
                format!(
                    "{} : chargé le {}, rythme {}",
                    age.words(),
                    newest.obtenu_le.format("%d/%m/%Y"),
                    dataset.rhythm
                ),
                format!("chercher la nouvelle édition chez {}", dataset.producer),
            );
        }
        match loaded.sources.iter().any(|source| source.synthetique) {
            true => generated.push(dataset.name),
            false => real = true,
        }
        let national = loaded.sources.iter().any(|source| source.perimetre == "FR" && !source.synthetique);
        for total in TOTALS.iter().filter(|total| national && total.dataset == dataset.name) {
            let value: i64 = sqlx::query_scalar(total.sql).fetch_one(pool).await?;
            if value < total.min || value > total.max {
                note(
                    format!(
                        "{} = {}, attendu entre {} et {}",
                        total.what,
                        thousands(value),
                        thousands(total.min),
                        thousands(total.max)
                    ),
                    format!("réimporter le fichier national, ou lobster datasets rollback {}", dataset.name),
                );
            }
        }
    }
    // A database of generated data alone is a demonstration; beside real data they are easily forgotten.
    for dataset in generated.into_iter().filter(|_| real) {
        findings.push(Finding {
            dataset,
            what: "données générées : tout rapport qui s’en sert est un SPÉCIMEN".to_owned(),
            remedy: "importer le fichier réel, qui les remplace".to_owned(),
        });
    }
    findings.extend(dead_runs(pool).await?);
    // Together what has the same remedy; datasets keep their order.
    findings.sort_by(|left, right| left.remedy.cmp(&right.remedy));
    Ok(findings)
}

/// Runs that nobody holds the lock of any more.
async fn dead_runs(pool: &PgPool) -> Result<Vec<Finding>, ImportError> {
    // A run that is alive holds the lock; ours ends with its statement.
    let runs: Vec<(String, i32, bool)> = sqlx::query_as(
        "SELECT dataset, id, pg_try_advisory_xact_lock(hashtext('lobster datasets'), hashtext(dataset))
         FROM data.import_runs WHERE statut = 'en_cours'",
    )
    .fetch_all(pool)
    .await?;
    Ok(runs
        .into_iter()
        .filter(|(_, _, free)| *free)
        .filter_map(|(dataset, run, _)| {
            let dataset = crate::find(&dataset).ok()?.name;
            let what = format!("l’import n° {run} s’est interrompu ; les données en service n’ont pas bougé");
            Some(Finding { dataset, what, remedy: "relancer l’import : il efface les restes du premier".to_owned() })
        })
        .collect())
}
