//! The queries, against a real PostgreSQL with five invented communes whose every figure can be worked out by hand.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::eligibility::EligibilityStatus;
use domain::fact::{FactSheet, FactStatus};
use domain::ports::{
    Catalogue as _, CertificateCounts, CertificateMeasure, CertificateMedian, Clock, EnergyCertificates, PortError,
};
use pretty_assertions::assert_eq;
use sqlx::PgPool;
use test_support::TestDb;

use crate::log_01::Log01;
use crate::study::{Study as _, StudyError};

/// ADEME as the tests want it: forty certificates, or an outage.
struct Certificates(bool);

#[async_trait]
impl EnergyCertificates for Certificates {
    async fn by_label(&self, communes: &[String]) -> Result<CertificateCounts, PortError> {
        assert!(!communes.is_empty());
        if !self.0 {
            return Err(PortError::Transient { service: "ADEME", message: "503".to_owned(), retry_after: None });
        }
        Ok(CertificateCounts {
            by_label: [("D", 30), ("F", 6), ("G", 4)].map(|(label, n)| (label.to_owned(), n)).into(),
            total: 40,
            asof: DateTime::<Utc>::UNIX_EPOCH,
            fallback: false,
            dataset: "dpe03existant".to_owned(),
            answer_sha256: "0".repeat(64),
            synthetic: false,
        })
    }

    async fn by_climate_label(&self, communes: &[String]) -> Result<CertificateCounts, PortError> {
        let by_label = [("B", 24), ("F", 12), ("G", 4)].map(|(label, n)| (label.to_owned(), n)).into();
        Ok(CertificateCounts { by_label, ..self.by_label(communes).await? })
    }

    async fn median(
        &self,
        communes: &[String],
        measure: CertificateMeasure,
        certificates: i64,
    ) -> Result<CertificateMedian, PortError> {
        let CertificateCounts { total, asof, fallback, dataset, answer_sha256, synthetic, .. } =
            self.by_label(communes).await?;
        assert_eq!(certificates, total);
        let value = Some(if measure == CertificateMeasure::Consumption { 214 } else { 31 }.into());
        Ok(CertificateMedian { value, total, asof, fallback, dataset, answer_sha256, synthetic })
    }
}

async fn seeded() -> TestDb {
    let db = test_support::database().await;
    sqlx::raw_sql(include_str!("seed.sql")).execute(&db.pool).await.unwrap();
    sqlx::query(
        "INSERT INTO data.cartes (niveau, code, empreinte, annee, nature, source, octets, contenu, courante)
         VALUES ('epci', '200000001', repeat('0', 64), 2025, 'schematique', 'essai', 1, $1, true)",
    )
    .bind(crate::themes::three_squares(["99001", "99002", "99003"]))
    .execute(&db.pool)
    .await
    .unwrap();
    db
}

async fn sheet_of(pool: &PgPool, commune: &str) -> FactSheet {
    crate::themes::fixture::collect(pool, commune, &Certificates(false)).await
}

fn text<'a>(sheet: &'a FactSheet, id: &str) -> &'a str {
    &sheet.facts[id].text
}

fn reason<'a>(sheet: &'a FactSheet, id: &str) -> (FactStatus, Option<&'a str>) {
    (sheet.facts[id].status, sheet.facts[id].note.as_deref())
}

#[tokio::test]
async fn figures_of_the_commune_are_those_of_its_rows() {
    let db = seeded().await;
    let sheet = crate::themes::fixture::collect(&db.pool, "99001", &Certificates(true)).await;
    for (id, expected) in [
        ("dem.pop@com", "5\u{202f}100"),
        // (5000/4700)^(1/6) − 1 = 1.0366 %
        ("dem.tcam@com", "+1,0\u{a0}%"),
        ("log.n@com", "1\u{202f}000"),
        ("log.tx_vac@com", "6,0\u{a0}%"),
        ("log.proprio@com", "55,6\u{a0}%"),
        ("log.loc_prive@com", "25,6\u{a0}%"),
        ("log.loc_hlm@com", "16,7\u{a0}%"),
        // 88 vacant in 2025 over the stock of 2024
        ("lov.tx@com", "11,0\u{a0}%"),
        ("lov.tx[2024]@com", "10,0\u{a0}%"),
        ("lov.tx2[2024]@com", "3,0\u{a0}%"),
        ("lov.part2[2024]@com", "30,0\u{a0}%"),
        ("rpl.tx@com", "16,7\u{a0}%"),
        ("zon.abc@com", "B1"),
        ("zon.abc_prec@com", "B2"),
        ("ani.loyer[appt]@com", "10,0\u{a0}€/m²/mois"),
        ("ani.loyer_bas[appt]@com", "8,0\u{a0}€/m²/mois"),
        ("dvf.n[appt]@com", "11"),
        ("dvf.med[appt]@com", "1\u{202f}500\u{a0}€/m²"),
        ("dvf.q1[appt]@com", "1\u{202f}250\u{a0}€/m²"),
        ("dvf.q3[appt]@com", "1\u{202f}750\u{a0}€/m²"),
        ("dvf.med[appt-2023]@com", "1\u{202f}000\u{a0}€/m²"),
        ("dvf.evol1[appt]@com", "+50,0\u{a0}%"),
        ("fil.med@com", "21\u{202f}450\u{a0}€"),
        ("dpe.n@com", "40"),
        ("dpe.fg@com", "25,0\u{a0}%"),
        ("dpe.ges_fg@com", "40,0\u{a0}%"),
        ("dpe.conso@com", "214\u{a0}kWh/m²/an"),
        ("dpe.ges@com", "31\u{a0}kg CO₂/m²/an"),
    ] {
        assert_eq!(text(&sheet, id), expected, "{id}: {:?}", sheet.facts[id]);
    }
    assert_eq!(reason(&sheet, "lov.tx@com"), (FactStatus::Ok, Some("rapporté au parc de 2024")));
    assert_eq!(sheet.facts["dvf.med[appt]@com"].status, FactStatus::LowN, "eleven sales");
    assert_eq!(sheet.facts["dpe.fg@com"].status, FactStatus::LowN, "forty certificates");
    assert_eq!(reason(&sheet, "dvf.med[mais]@com"), (FactStatus::Missing, Some("absent du fichier du producteur")));
    assert_eq!(reason(&sheet, "dvf.evol5[appt]@com").0, FactStatus::Missing);
}

#[tokio::test]
async fn rates_of_larger_territories_are_sums_over_sums_and_never_means() {
    let db = seeded().await;
    let sheet = sheet_of(&db.pool, "99001").await;
    for (id, expected) in [
        ("dem.pop@epci", "9\u{202f}140"),
        ("log.n@epci", "1\u{202f}800"),
        // 130/1800, 150/2000
        ("log.tx_vac@epci", "7,2\u{a0}%"),
        ("log.tx_vac@dep", "7,5\u{a0}%"),
        // 154/1400
        ("lov.tx@epci", "11,0\u{a0}%"),
        // 39/1000: Brel is secret and left out of both sides
        ("lov.tx2@epci", "3,9\u{a0}%"),
        // 195/1590: Cors has no social dwelling
        ("rpl.tx@epci", "12,3\u{a0}%"),
        // (10·230 + 12·100 + 8·50)/380
        ("ani.loyer[appt]@epci", "10,3\u{a0}€/m²/mois"),
        // the median of all fourteen sales, not of two medians
        ("dvf.med[appt]@epci", "1\u{202f}650\u{a0}€/m²"),
    ] {
        assert_eq!(text(&sheet, id), expected, "{id}: {:?}", sheet.facts[id]);
    }
    assert_eq!(reason(&sheet, "lov.tx2@epci").1, Some("hors une commune non publiée\u{a0}; rapporté au parc de 2024"));
    assert_eq!(sheet.facts["ani.loyer[appt]@epci"].status, FactStatus::Modelled);
    // Dune, a tenth of the inhabitants, is absent from the file: the rest still stands for the département.
    assert_eq!(text(&sheet, "lov.tx@dep"), "11,0\u{a0}%");
    assert!(reason(&sheet, "lov.tx@dep").1.unwrap().starts_with("hors une commune non publiée"));
    // Dune's flats are not in the file: a share of flats of the département would be wrong.
    assert_eq!(reason(&sheet, "log.appart@dep").0, FactStatus::Missing);
    assert_eq!(reason(&sheet, "ani.loyer[appt]@dep").1, Some("données incomplètes sur ce territoire"));
}

#[tokio::test]
async fn a_region_with_a_departement_away_has_no_figures() {
    let db = seeded().await;
    let sheet = sheet_of(&db.pool, "99001").await;
    // Rents are published for the whole country; the weights of their mean are not loaded beyond the département.
    sqlx::query("UPDATE data.data_sources SET perimetre = 'FR' WHERE dataset = 'anil_loyers'")
        .execute(&db.pool)
        .await
        .unwrap();
    let rents = sheet_of(&db.pool, "99001").await;
    assert_eq!(reason(&rents, "ani.loyer[appt]@reg").1, Some("données incomplètes sur ce territoire"));
    for id in ["log.tx_vac@reg", "lov.tx@reg", "dvf.med[appt]@fr"] {
        let (status, note) = reason(&sheet, id);
        assert_eq!(status, FactStatus::Missing);
        assert!(note.unwrap().contains("non chargée"), "{id}: {note:?}");
    }
    assert_eq!(reason(&sheet, "log.tx_vac@sim").1, Some("moins de trente communes comparables chargées"));
}

#[tokio::test]
async fn sales_of_one_commune_are_not_those_of_its_intercommunality() {
    let db = seeded().await;
    sqlx::query("UPDATE data.data_sources SET perimetre = '99001' WHERE dataset = 'dvf'")
        .execute(&db.pool)
        .await
        .unwrap();
    let sheet = sheet_of(&db.pool, "99001").await;
    assert!(sheet.facts["dvf.med[appt]@com"].status.is_citable());
    for id in ["dvf.med[appt]@epci", "dvf.med[appt]@dep", "dvf.n[appt]@epci"] {
        assert_eq!(sheet.facts[id].status, FactStatus::Missing, "{id}");
    }
    let neighbour = sheet_of(&db.pool, "99002").await;
    assert_eq!(reason(&neighbour, "dvf.med[appt]@com"), (FactStatus::Missing, Some("commune non chargée")));
}

#[tokio::test]
async fn a_secret_stays_secret_and_an_absence_from_a_complete_file_is_nil() {
    let db = seeded().await;
    let secret = sheet_of(&db.pool, "99002").await;
    for id in ["lov.vac2@com", "lov.tx2@com", "lov.part2@com"] {
        assert_eq!((secret.facts[id].status, secret.facts[id].value), (FactStatus::Secret, None), "{id}");
    }
    assert_eq!(text(&secret, "lov.tx@com"), "11,0\u{a0}%");
    let poor = sheet_of(&db.pool, "99003").await;
    assert_eq!((text(&poor, "rpl.n@com"), poor.facts["rpl.n@com"].status), ("0", FactStatus::Ok));
    assert_eq!(reason(&poor, "fil.med@com").0, FactStatus::Secret);
    let map = poor.exhibits["carte_vacance"]["communes"].as_array().unwrap();
    let of = |code: &str| map.iter().find(|commune| commune["code"] == code).unwrap();
    assert_eq!(map.len(), 3);
    assert_eq!(of("99002")["statut"], "secret");
    assert_eq!(of("99001")["statut"], "secret", "the smallest of the others, the commune of the report spared");
    assert_eq!((of("99003")["statut"].as_str(), of("99003")["texte"].as_str()), (Some("ok"), Some("6,5\u{a0}%")));
    let ring = of("99003")["rings"][0].as_array().unwrap();
    assert!(ring.len() >= 5 && ring[0][1].as_f64().unwrap() > 100_000.0, "metres, not degrees: {ring:?}");
}

#[tokio::test]
async fn a_commune_alone_is_compared_with_its_departement_only() {
    let db = seeded().await;
    let sheet = sheet_of(&db.pool, "99004").await;
    assert_eq!(reason(&sheet, "log.tx_vac@epci"), (FactStatus::NotApplicable, Some("commune sans intercommunalité")));
    assert_eq!(text(&sheet, "log.tx_vac@dep"), "7,5\u{a0}%");
    assert_eq!(reason(&sheet, "lov.tx@com"), (FactStatus::Missing, Some("absent du fichier du producteur")));
}

#[tokio::test]
async fn the_shop_reads_the_same_figures_of_the_commune_as_the_report() {
    let db = seeded().await;
    let report = Log01.collect(&db.pool, "99001", &Certificates(false)).await.unwrap();
    let shop = Log01.collect_public(&db.pool, "99001").await.unwrap();
    let own = |sheet: &FactSheet| -> Vec<(String, String)> {
        let facts = sheet.facts.values().filter(|fact| fact.id.ends_with("@com"));
        facts.map(|fact| (fact.id.clone(), fact.text.clone())).collect()
    };
    assert_eq!(own(&report), own(&shop));
    assert_eq!(shop.facts["log.tx_vac@epci"].status, FactStatus::Missing);
    assert_eq!(report.exhibits["carte_vacance"], shop.exhibits["carte_vacance"]);
}

#[tokio::test]
async fn an_outage_of_ademe_costs_two_figures_and_nothing_else() {
    let db = seeded().await;
    let sheet = Log01.collect(&db.pool, "99001", &Certificates(false)).await.unwrap();
    assert_eq!(
        reason(&sheet, "dpe.fg@com"),
        (FactStatus::Missing, Some("service de l’ADEME indisponible lors de la collecte"))
    );
    assert!(sheet.facts["log.n@com"].status.is_citable());
}

#[tokio::test]
async fn the_same_data_give_the_same_digest_and_every_figure_leads_to_its_file() {
    let db = seeded().await;
    let (first, second) = (sheet_of(&db.pool, "99001").await, sheet_of(&db.pool, "99001").await);
    assert_eq!(indicators::canonical(&first).unwrap(), indicators::canonical(&second).unwrap());
    let sources: Vec<i32> = sqlx::query_scalar("SELECT id FROM data.data_sources").fetch_all(&db.pool).await.unwrap();
    for fact in first.facts.values().filter(|fact| fact.status.is_citable()) {
        // What our own formulas suppose comes from no file.
        if fact.prov.dataset == "parametres" {
            assert_eq!(fact.prov.load, "", "{}", fact.id);
            continue;
        }
        let loads: Vec<i32> = fact.prov.load.split(',').map(|id| id.parse().unwrap()).collect();
        assert!(loads.iter().all(|id| sources.contains(id)), "{}: {:?}", fact.id, fact.prov);
        assert_eq!(fact.prov.query_sha256.len(), 64);
    }
}

#[tokio::test]
async fn eligibility_is_known_before_payment() {
    let db = seeded().await;
    let of = async |code: &str| Log01.eligibility(&db.pool, code).await;
    let dropped =
        async |code: &str| -> Vec<u32> { of(code).await.unwrap().dropped_pages.iter().map(|page| page.page).collect() };
    // Neither households, nor permits, nor building plots are in these tables; certificates are asked later.
    let without = vec![5, 9, 13, 14, 15, 19, 20];
    assert_eq!((of("99001").await.unwrap().status, dropped("99001").await), (EligibilityStatus::Reduced, without));
    let away = of("98001").await.unwrap();
    assert_eq!((away.status, away.reason.as_deref()), (EligibilityStatus::Unavailable, Some("données non chargées")));
    // Neither a sale nor an advertisement, nor a neighbour: too little is left.
    assert_eq!(of("99004").await.unwrap().status, EligibilityStatus::Unavailable);
    assert!(matches!(of("00000").await, Err(StudyError::UnknownCommune(code)) if code == "00000"));
}

struct Noon;

impl Clock for Noon {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_305_600, 0).unwrap()
    }
}

#[tokio::test]
async fn the_shop_shows_the_price_of_the_day_and_six_figures() {
    let db = seeded().await;
    let shop = crate::PgCatalogue::new(db.pool.clone(), Arc::new(Noon));
    let ht: i64 =
        sqlx::query_scalar("SELECT ht_cents FROM app.prices WHERE study = 'LOG-01'").fetch_one(&db.pool).await.unwrap();
    assert_eq!(shop.studies().await.unwrap()[0].price.ht_cents, ht);
    sqlx::query("INSERT INTO app.prices (study, ht_cents, vat_rate_bp, valid_from) VALUES ('LOG-01', 100, 2000, '2026-11-01'), ('LOG-01', 1, 2000, '2027-01-01')")
        .execute(&db.pool)
        .await
        .unwrap();
    assert_eq!(shop.studies().await.unwrap()[0].price.ttc_cents, 120);
    let shown = shop.key_figures("99001").await.unwrap();
    assert_eq!(shown.facts.len(), 6);
    assert_eq!(shown.map.unwrap().figures.len(), 3);
    assert_eq!(shop.sources("LOG-01").await.unwrap().len(), 11);
    assert!(matches!(shop.sources("XXX-01").await, Err(PortError::Missing { .. })));
    assert!(matches!(shop.key_figures("00000").await, Err(PortError::Missing { .. })));
    assert_eq!(shop.eligibility("99001").await.unwrap().len(), crate::STUDIES.len());
}

/// ADEME as a listener: which codes were asked for.
#[derive(Default)]
struct Codes(std::sync::Mutex<Vec<String>>);

#[async_trait]
impl EnergyCertificates for Codes {
    async fn by_label(&self, communes: &[String]) -> Result<CertificateCounts, PortError> {
        *self.0.lock().unwrap() = communes.to_vec();
        Certificates(true).by_label(communes).await
    }

    async fn by_climate_label(&self, communes: &[String]) -> Result<CertificateCounts, PortError> {
        Certificates(true).by_climate_label(communes).await
    }

    async fn median(
        &self,
        communes: &[String],
        measure: CertificateMeasure,
        certificates: i64,
    ) -> Result<CertificateMedian, PortError> {
        Certificates(true).median(communes, measure, certificates).await
    }
}

#[tokio::test]
async fn certificates_of_a_merged_commune_are_asked_under_its_former_codes_too() {
    let db = seeded().await;
    let listener = Codes::default();
    Log01.collect(&db.pool, "99001", &listener).await.unwrap();
    assert_eq!(*listener.0.lock().unwrap(), ["99001"]);
    sqlx::query(
        "INSERT INTO data.rattachement_dates (code_source, de, a, code_insee, ratio, principal, estime)
         VALUES ('99091', 2014, 9999, '99001', 1, true, false), ('99092', 2014, 9999, '99001', 0.4, true, true)",
    )
    .execute(&db.pool)
    .await
    .unwrap();
    Log01.collect(&db.pool, "99001", &listener).await.unwrap();
    assert_eq!(
        *listener.0.lock().unwrap(),
        ["99001", "99091"],
        "a commune that was split again belongs to nobody alone"
    );
}

#[tokio::test]
async fn facts_come_from_one_version_even_while_an_import_replaces_tables() {
    let db = seeded().await;
    let before = sheet_of(&db.pool, "99001").await;
    assert_eq!((text(&before, "log.n@com"), text(&before, "fil.med@com")), ("1\u{202f}000", "21\u{202f}450\u{a0}€"));

    // An import that stands between two tables: dwellings are read by now, incomes wait for it.
    let mut import = db.pool.acquire().await.unwrap();
    sqlx::raw_sql("BEGIN; LOCK TABLE data.filosofi IN ACCESS EXCLUSIVE MODE").execute(&mut *import).await.unwrap();
    let pool = db.pool.clone();
    let collecting = tokio::spawn(async move { sheet_of(&pool, "99001").await });
    let waiting = "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
                   WHERE NOT l.granted AND c.relname = 'filosofi' AND l.database =
                       (SELECT oid FROM pg_database WHERE datname = current_database())";
    let end = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while sqlx::query_scalar::<_, i64>(waiting).fetch_one(&db.pool).await.unwrap() == 0 {
        assert!(std::time::Instant::now() < end, "the collection never came to the incomes");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    sqlx::raw_sql(
        "UPDATE data.rp_housing SET log = 2000 WHERE code_insee = '99001';
         UPDATE data.filosofi SET med = 30000 WHERE code_insee = '99001';
         INSERT INTO data.reference_version (sources) VALUES ('{}'); COMMIT",
    )
    .execute(&mut *import)
    .await
    .unwrap();
    let sheet = collecting.await.unwrap();
    assert_eq!((text(&sheet, "log.n@com"), text(&sheet, "fil.med@com")), ("2\u{202f}000", "30\u{202f}000\u{a0}€"));
    assert_eq!(sheet.reference_version, before.reference_version + 1, "the sheet names the version that it saw");
}
