//! Projections of population (Omphale), by département and never lower, and the estimated populations that they must
//! start from. A projection is not a forecast; a commune has none of its own.

mod estimates;

use crate::dataset::{Check, Column, Control, Dataset, Described, Format, Layout, Load, Seen, last_year};

pub use estimates::DATASET as ESTIMATES;

/// The dataset `projections`.
pub const DATASET: Dataset = Dataset {
    name: "projections",
    title: "Projections de population (modèle Omphale), par département",
    producer: "INSEE",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "tous les quatre à cinq ans",
    version: 1,
    layouts: &[
        Layout {
            name: "classeur par scénario, feuille « Population_DEP »",
            format: Format::Workbook { sheet: "population_dep" },
            columns: &[
                Column::needed("code", &["dep", "code_dep"]),
                Column::family("pop_20??"),
                Column::optional("sexe", &[]),
                Column::optional("age", &[]),
            ],
            describe: describe_workbook,
            // Totals and notes stand under the départements; anything that looks like a code goes on to the checks.
            keep: Some("s.code ~ '^[0-9AB]{1,9}$'"),
            checks: &[
                Check {
                    motif: NOT_A_DEPARTEMENT,
                    when: "NOT EXISTS (SELECT FROM data.departements d WHERE d.code = data.code_departement(s.code))",
                },
                Check {
                    motif: "population illisible ou négative",
                    when: "EXISTS (SELECT FROM jsonb_each_text(to_jsonb(s)) c
                                   WHERE c.key LIKE 'pop\\_%' AND coalesce(data.nombre(c.value) < 0, true))",
                },
            ],
            keys: &["code", "sexe", "age"],
            loads: &[Load::Partition {
                table: "projections",
                sql: concat!(include_str!("cells_wide.sql"), include_str!("load.sql")),
            }],
            controls: &[Control {
                what: "départements",
                sql: "SELECT count(DISTINCT code) FROM {staging}",
                min: 96,
                max: 101,
            }],
            ..Layout::EMPTY
        },
        Layout {
            name: "normalisé scenario;departement;sexe;age;annee;population",
            columns: &[
                Column::needed("scenario", &[]),
                Column::needed("departement", &["code_dept", "dep"]),
                Column::needed("sexe", &[]),
                Column::needed("age", &["age_tranche"]),
                Column::needed("annee", &[]),
                Column::needed("population", &[]),
            ],
            describe: |seen| Described { millesime: last_year(seen.file_name), ..Described::default() },
            checks: &[
                Check {
                    motif: NOT_A_DEPARTEMENT,
                    when: "NOT EXISTS (SELECT FROM data.departements d WHERE d.code = data.code_departement(s.departement))",
                },
                Check {
                    motif: "sexe inconnu : 1, 2, H, F ou T",
                    when: "coalesce(upper(s.sexe) NOT IN ('1', '2', 'H', 'F', 'T'), true)",
                },
                Check {
                    motif: "tranche d’âge illisible", when: "coalesce(s.age !~ '^[0-9]+(-[0-9]+|\\+)?$', true)"
                },
                Check { motif: "année illisible", when: "coalesce(s.annee !~ '^2[0-9]{3}$', true)" },
                Check {
                    motif: "population illisible ou négative",
                    when: "coalesce(data.nombre(s.population) < 0, true)",
                },
                Check { motif: "scénario sans nom", when: "s.scenario IS NULL" },
            ],
            keys: &["scenario", "departement", "sexe", "age", "annee"],
            loads: &[Load::Partition {
                table: "projections",
                sql: concat!(include_str!("cells_long.sql"), include_str!("load.sql")),
            }],
            controls: &[
                Control { what: "départements du scénario le moins fourni", sql: LEAST_SCENARIO, min: 96, max: 101 },
                Control { what: "années qui manquent dans la suite", sql: MISSING_YEARS, min: 0, max: 0 },
                Control {
                    what: "départements à plus de 1 % de leur population estimée",
                    sql: AWAY_FROM_ESTIMATES,
                    min: 0,
                    max: 0,
                },
            ],
            ..Layout::EMPTY
        },
    ],
};

const NOT_A_DEPARTEMENT: &str =
    "zone qui n’est pas un département : le producteur ne publie rien de plus petit, une commune n’a pas de projection";
const LEAST_SCENARIO: &str =
    "SELECT min(n) FROM (SELECT count(DISTINCT departement) AS n FROM {staging} GROUP BY scenario) d";
const MISSING_YEARS: &str = "SELECT max(annee::int) - min(annee::int) + 1 - count(DISTINCT annee) FROM {staging}";
/// Compared where an estimated population of the same year is loaded.
const AWAY_FROM_ESTIMATES: &str = "SELECT count(*) FROM (
        SELECT data.code_departement(departement) AS code, annee::int AS annee, sum(data.nombre(population)) AS n
        FROM {staging} WHERE upper(sexe) <> 'T' AND scenario = (SELECT min(scenario) FROM {staging} WHERE scenario ILIKE 'central%')
        GROUP BY 1, 2) p
    JOIN data.population_departements e
      ON e.code_dept = p.code AND e.annee = p.annee AND e.sexe = 'T' AND e.age_min = 0 AND e.age_max = 120
    WHERE abs(p.n - e.population) > 0.01 * e.population";

/// The scenario is in the file's name, the first year in its columns, which must follow each other.
fn describe_workbook(seen: &Seen) -> Described {
    let mut years: Vec<i32> =
        seen.columns.iter().filter_map(|column| column.strip_prefix("pop_")?.parse().ok()).collect();
    years.sort_unstable();
    let name = seen.file_name.to_lowercase();
    let scenario = ["central", "haut", "bas"].into_iter().find(|scenario| name.contains(scenario));
    let refusal = if scenario.is_none() {
        Some("son nom ne dit pas le scénario. Gardez le nom d’origine : …_central, …_haut ou …_bas.")
    } else if years.windows(2).any(|pair| pair[1] != pair[0] + 1) {
        Some("ses colonnes d’années ne se suivent pas. Prenez le classeur complet du producteur.")
    } else {
        None
    };
    Described {
        millesime: years.first().map(ToString::to_string),
        partie: scenario.unwrap_or_default().to_owned(),
        refusal,
        ..Described::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(file_name: &str, columns: &[&str]) -> Described {
        let columns: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
        describe_workbook(&Seen { file_name, header: &columns, columns: &columns })
    }

    #[test]
    fn a_workbook_says_its_scenario_and_its_first_year() {
        let found = described("projections_scenario_central.xls", &["code", "pop_2014", "pop_2013"]);
        assert_eq!((found.partie.as_str(), found.millesime.as_deref(), found.refusal), ("central", Some("2013"), None));
    }

    #[test]
    fn a_year_left_out_or_a_scenario_without_name_is_refused() {
        assert!(described("projections_scenario_haut.xls", &["pop_2013", "pop_2015"]).refusal.is_some());
        assert!(described("projections.xls", &["pop_2013", "pop_2014"]).refusal.is_some());
    }
}
