//! What a report tells of the sales, against the tables of the state of the data that it names.

use std::collections::BTreeSet;

use domain::fact::FactSheet;
use sqlx::PgPool;
use uuid::Uuid;

use crate::books::Books;

/// The name of a kind of dwelling in facts, and in the tables.
const KINDS: [(&str, &str); 2] = [("appt", "appartement"), ("mais", "maison")];
/// Below, a median is withheld.
const ENOUGH: i64 = 11;

/// The facts of one delivered order.
pub struct Told {
    pub version: i64,
    sheet: FactSheet,
}

/// Reads the stored sheet of an order, which its event names by its digest.
pub async fn of(books: &Books, order: Uuid) -> Told {
    let digest: String = sqlx::query_scalar(
        "SELECT payload -> 'FactsCollected' ->> 'sheet_sha256' FROM es.events
         WHERE correlation_id = $1 AND event_type = 'FactsCollected'",
    )
    .bind(order.to_string())
    .fetch_one(&books.pool)
    .await
    .unwrap();
    let key = domain::identity::artefact_key(&digest);
    let buckets = std::fs::read_dir(books.home.join("s3")).unwrap();
    let file = buckets.map(|bucket| bucket.unwrap().path().join(&key)).find(|file| file.is_file());
    let sheet: FactSheet = serde_json::from_slice(&std::fs::read(file.expect("a stored sheet")).unwrap()).unwrap();
    Told { version: sheet.reference_version, sheet }
}

/// The files of sales that served in a version.
async fn in_service(pool: &PgPool, version: i64) -> Vec<i32> {
    sqlx::query_scalar(
        "SELECT s.id FROM data.reference_version v JOIN data.data_sources s ON s.id = ANY (v.sources)
         WHERE v.id = $1 AND s.dataset = 'dvf' ORDER BY s.id",
    )
    .bind(version)
    .fetch_all(pool)
    .await
    .unwrap()
}

impl Told {
    /// Every sale told is of the files which served in that version: those in the tables, and those in views, for which a
    /// report waits. Yearly numbers and medians of the commune are counted again; editions that were replaced stay beside
    /// the table until the next import.
    ///
    /// # Panics
    /// When a number or median is another, or a figure comes from files that did not serve.
    pub async fn rests_on_one_state(&self, pool: &PgPool) {
        let sources = in_service(pool, self.version).await;
        assert!(!sources.is_empty(), "version {} has no sales", self.version);
        let sales: Vec<i32> =
            sqlx::query_scalar("SELECT id FROM data.data_sources WHERE dataset = 'dvf'").fetch_all(pool).await.unwrap();
        let mut behind = BTreeSet::new();
        for fact in self.sheet.facts.values().filter(|fact| fact.prov.dataset == "dvf") {
            for load in fact.prov.load.split(',').filter(|load| !load.is_empty()) {
                let load: i32 = load.parse().unwrap();
                // Some figures are made of sales and of incomes.
                if sales.contains(&load) && !sources.contains(&load) {
                    behind.insert(load);
                }
            }
        }
        assert!(behind.is_empty(), "{behind:?} are told beside version {}, which had {sources:?}", self.version);
        let tables: Vec<String> = sources.iter().map(|id| format!("SELECT * FROM data.dvf_s{id}")).collect();
        let query = format!(
            "SELECT annee::int, type_logement, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY prix_m2)::float8
             FROM ({}) AS ventes WHERE code_insee = $1 AND exploitable AND prix_m2 IS NOT NULL AND type_logement IS NOT NULL
             GROUP BY 1, 2",
            tables.join(" UNION ALL ")
        );
        let rows: Vec<(i32, String, i64, f64)> =
            sqlx::query_as(&query).bind(&self.sheet.commune).fetch_all(pool).await.unwrap();
        assert!(rows.len() >= 5, "{}: {rows:?}", self.sheet.commune);
        for (year, kind, n, median) in rows {
            let (kind, _) = KINDS.into_iter().find(|(_, name)| *name == kind).expect("a kind of dwelling");
            assert_eq!(self.value("n", kind, year), Some(n as f64), "sales of {year}, {kind}, {}", self.sheet.commune);
            if n >= ENOUGH {
                let told = self.value("med", kind, year).expect("a median");
                let place = (&self.sheet.commune, self.version);
                assert!((told - median).abs() < 0.01, "{year}, {kind}, {place:?}: told {told}, there is {median}");
            }
        }
    }

    fn value(&self, name: &str, kind: &str, year: i32) -> Option<f64> {
        let fact = self.sheet.facts.get(&format!("dvf.{name}[{kind}-{year}]@com"))?;
        fact.value.as_ref().map(|value| value.to_string().parse().unwrap())
    }
}
