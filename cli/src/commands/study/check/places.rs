//! Which communes the gate looks at: found in the loaded data by what they are, not by name. What is rare in the loaded
//! data may be absent; it is said.

use sqlx::PgPool;

use crate::args::Chosen;

/// A commune to look at, and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Place {
    pub code: String,
    pub nom: String,
    /// Its département: whose sales and permits must be loaded.
    pub departement: String,
    #[sqlx(skip)]
    pub why: String,
}

/// What a commune stands for, and the query that finds it: code, name, département of the best one.
struct Kind {
    why: &'static str,
    sql: &'static str,
}

macro_rules! communes {
    ($rest:literal) => {
        concat!(
            "SELECT c.code_insee AS code, c.nom, c.departement FROM data.communes c WHERE c.population > 0 AND ",
            $rest
        )
    };
}

macro_rules! arrondissement {
    ($code:literal) => {
        concat!(
            "SELECT a.code, a.nom, c.departement FROM data.arrondissements_plm a JOIN data.communes c ON c.code_insee = a.parent \
             WHERE a.code = '",
            $code,
            "'"
        )
    };
}

/// One of each kind that has gone wrong somewhere before.
const TWELVE: [Kind; 12] = [
    Kind { why: "arrondissement of Paris", sql: arrondissement!("75112") },
    Kind { why: "arrondissement of Lyon", sql: arrondissement!("69383") },
    Kind { why: "arrondissement of Marseille", sql: arrondissement!("13201") },
    Kind {
        why: "about sixty inhabitants",
        sql: communes!("c.epci_siren IS NOT NULL ORDER BY abs(c.population - 60), c.code_insee"),
    },
    Kind { why: "Moselle: no sales", sql: communes!("c.departement = '57' ORDER BY abs(c.population - 3000), c.code_insee") },
    Kind { why: "Mayotte: hardly any file", sql: communes!("c.departement = '976' ORDER BY c.population DESC, c.code_insee") },
    Kind {
        why: "merged in 2019",
        // Where no dated passage is loaded, two mergers of that year that everybody knows.
        sql: communes!(
            "EXISTS (SELECT FROM data.commune_passage p WHERE p.code_actuel = c.code_insee AND p.code_ancien <> p.code_actuel \
             AND (p.annee_a = 2019 OR c.code_insee IN ('85162', '01185'))) \
             ORDER BY c.code_insee NOT IN ('85162', '01185'), abs(c.population - 5000), c.code_insee"
        ),
    },
    Kind {
        why: "second homes above 70 %",
        sql: communes!(
            "EXISTS (SELECT FROM data.rp_housing h WHERE h.code_insee = c.code_insee AND h.rsecocc > 0.7 * h.log \
             AND h.millesime = (SELECT max(millesime) FROM data.rp_housing)) ORDER BY c.population DESC, c.code_insee"
        ),
    },
    Kind {
        why: "urban and poor",
        sql: communes!(
            "c.population BETWEEN 20000 AND 100000 ORDER BY (SELECT max(f.tp60) FROM data.filosofi f WHERE f.code_insee = c.code_insee \
             AND f.millesime = (SELECT max(millesime) FROM data.filosofi)) DESC NULLS LAST, c.code_insee"
        ),
    },
    Kind {
        why: "the one secret of its EPCI (LOVAC)",
        sql: "WITH derniere AS (SELECT * FROM data.lovac WHERE annee = (SELECT max(annee) FROM data.lovac)),
              seuls AS (SELECT c.epci_siren FROM derniere l JOIN data.communes c USING (code_insee)
                        WHERE l.statut ->> 'pp_vacant' = 's' GROUP BY c.epci_siren HAVING count(*) = 1)
              SELECT c.code_insee AS code, c.nom, c.departement FROM derniere l JOIN data.communes c USING (code_insee)
              JOIN seuls USING (epci_siren) WHERE l.statut ->> 'pp_vacant' = 's' ORDER BY c.population DESC, c.code_insee",
    },
    Kind { why: "a large city", sql: communes!("c.code_insee = '44109'") },
    Kind {
        why: "an island without EPCI",
        sql: communes!("c.epci_siren IS NULL ORDER BY c.population DESC, c.code_insee"),
    },
];

/// Four of every class of size, as if drawn by lot, always the same.
const CLASSES: &str =
    "SELECT code, nom, departement FROM (
         SELECT c.code_insee AS code, c.nom, c.departement, k.classe,
                row_number() OVER (PARTITION BY k.classe ORDER BY md5(c.code_insee)) AS rang
         FROM data.communes c
         CROSS JOIN LATERAL (SELECT width_bucket(c.population, ARRAY[200, 500, 2000, 5000, 10000, 20000, 50000, 100000, 200000]) AS classe) k
         WHERE c.population > 0 AND NOT c.est_plm) tirage
     WHERE rang <= 4 ORDER BY classe, rang";

/// Two of every département overseas and of Corsica, Alsace for its land register.
const AFAR: &str = "SELECT code, nom, departement FROM (
         SELECT c.code_insee AS code, c.nom, c.departement,
                row_number() OVER (PARTITION BY c.departement ORDER BY md5(c.code_insee)) AS rang
         FROM data.communes c
         WHERE c.population > 0 AND c.departement IN ('971', '972', '973', '974', '976', '2A', '2B', '67', '68')) tirage
     WHERE rang <= 2 ORDER BY departement, rang";

/// The communes of a list, without those that are in it already; and what was not found.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_list(db: &PgPool, list: Chosen) -> sqlx::Result<(Vec<Place>, Vec<&'static str>)> {
    let (mut places, mut absent): (Vec<Place>, Vec<&'static str>) = (vec![], vec![]);
    for kind in &TWELVE {
        let found: Vec<Place> = sqlx::query_as(kind.sql).fetch_all(db).await?;
        match found.into_iter().find(|place| !places.iter().any(|other| other.code == place.code)) {
            Some(place) => places.push(Place { why: kind.why.to_owned(), ..place }),
            None => absent.push(kind.why),
        }
    }
    if list == Chosen::Sixty {
        for (why, sql) in [("class of size", CLASSES), ("far away", AFAR)] {
            let found: Vec<Place> = sqlx::query_as(sql).fetch_all(db).await?;
            for place in found {
                if places.len() < 60 && !places.iter().any(|other| other.code == place.code) {
                    places.push(Place { why: why.to_owned(), ..place });
                }
            }
        }
    }
    Ok((places, absent))
}

/// The communes of these codes.
///
/// # Errors
/// The first code that no commune has.
pub async fn named(db: &PgPool, codes: &[String]) -> anyhow::Result<Vec<Place>> {
    let mut places = vec![];
    for code in codes {
        let found: Option<Place> = sqlx::query_as(
            "SELECT code_insee AS code, nom, departement FROM data.communes WHERE code_insee = $1
             UNION ALL SELECT a.code, a.nom, c.departement
             FROM data.arrondissements_plm a JOIN data.communes c ON c.code_insee = a.parent WHERE a.code = $1",
        )
        .bind(code)
        .fetch_optional(db)
        .await?;
        let place = found.ok_or_else(|| studies::StudyError::UnknownCommune(code.clone()))?;
        places.push(Place { why: "asked for".to_owned(), ..place });
    }
    Ok(places)
}
