//! Parcels: one commune at a time, replaced by the next edition, forgotten after a quarter.

use std::path::PathBuf;

use chrono::{DateTime, Duration, Utc};
use datasets::{ImportError, Options, Outcome, Specimen, synthesize};
use test_support::{TestDb, shared_data};

use crate::support::{attempt, count, imported, reference, scratch, text, with_communes};

const RING: &str = "[[[-1.55,47.21],[-1.549,47.21],[-1.549,47.211],[-1.55,47.211],[-1.55,47.21]]]";
/// A ring that crosses itself.
const KNOT: &str = "[[[-1.55,47.21],[-1.549,47.211],[-1.549,47.21],[-1.55,47.211],[-1.55,47.21]]]";

fn feature(id: &str, section: &str, number: &str, area: u32, ring: &str) -> String {
    format!(
        r#"{{"type":"Feature","id":"{id}","geometry":{{"type":"Polygon","coordinates":{ring}}},"properties":{{"id":"{id}","commune":"{}","prefixe":"000","section":"{section}","numero":"{number}","contenance":{area},"arpente":false,"created":"2004-01-01","updated":"2024-05-01"}}}}"#,
        &id[..5]
    )
}

fn file(name: &str, features: &[String]) -> PathBuf {
    let path = scratch().join(name);
    std::fs::write(&path, format!(r#"{{"type":"FeatureCollection","features":[{}]}}"#, features.join(","))).unwrap();
    path
}

async fn edition(db: &TestDb, day: &str, features: &[String]) -> Result<Outcome, ImportError> {
    let path = file("cadastre-44109-parcelles.json", features);
    let options = Options { millesime: Some(day.to_owned()), ..Options::default() };
    let outcome = attempt(&db.pool, "parcelles", path.clone(), &options).await;
    std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
    outcome
}

#[tokio::test]
async fn identifiers_keep_their_zeros_and_knots_are_untied() {
    let Some(db) = with_communes().await else { return };
    let features = [
        feature("441090000A0022", "A", "22", 8_400, RING),
        feature("441090000A0022", "A", "22", 8_400, RING),
        feature("44109298AB0001", "AB", "1", 1, KNOT),
    ];
    edition(&db, "2025-07-01", &features).await.unwrap();
    let told = "SELECT string_agg(concat_ws(' ', id, prefixe, section, numero, contenance, ST_IsValid(geom)), ', ' ORDER BY id)
                FROM data.parcelles WHERE code_insee = '44109'";
    assert_eq!(text(&db.pool, told).await, "441090000A0022 000 0A 0022 8400 t, 44109298AB0001 298 AB 0001 1 t");
    // A rectangle of 76 by 111 metres agrees with its register, the knot with its one square metre does not.
    assert_eq!(text(&db.pool, "SELECT nb || ' ' || part::numeric(3, 2) FROM data.parcelles_ecarts").await, "2 0.50");
}

#[tokio::test]
async fn the_next_edition_of_a_commune_replaces_it_alone() {
    let Some(db) = with_communes().await else { return };
    edition(&db, "2025-04-01", &[feature("441090000A0022", "A", "22", 1, RING)]).await.unwrap();
    let other = file("cadastre-44162-parcelles-2025-04-01.json", &[feature("441620000A0001", "A", "1", 1, RING)]);
    imported(&db.pool, "parcelles", other.clone(), &Options::default()).await;
    std::fs::remove_dir_all(other.parent().unwrap()).unwrap();
    edition(&db, "2025-07-01", &[feature("441090000B0001", "B", "1", 1, RING)]).await.unwrap();
    let told = "SELECT string_agg(id || ' ' || millesime, ', ' ORDER BY id) FROM data.parcelles";
    assert_eq!(text(&db.pool, told).await, "441090000B0001 2025-07-01, 441620000A0001 2025-04-01");
}

#[tokio::test]
async fn what_is_too_old_is_forgotten_and_the_rest_stays() {
    let Some(db) = with_communes().await else { return };
    let pool = &db.pool;
    edition(&db, "2025-04-01", &[feature("441090000A0022", "A", "22", 1, RING)]).await.unwrap();
    let other = file("cadastre-44162-parcelles-2025-04-01.json", &[feature("441620000A0001", "A", "1", 1, RING)]);
    imported(pool, "parcelles", other.clone(), &Options::default()).await;
    std::fs::remove_dir_all(other.parent().unwrap()).unwrap();
    let loaded: DateTime<Utc> =
        sqlx::query_scalar("SELECT max(obtenu_le) FROM data.data_sources").fetch_one(pool).await.unwrap();
    sqlx::query("UPDATE data.data_sources SET obtenu_le = obtenu_le - interval '2 days' WHERE perimetre = '44109'")
        .execute(pool)
        .await
        .unwrap();
    let versions = count(pool, "SELECT count(*) FROM data.reference_version").await;
    assert_eq!(datasets::expire(pool, loaded + Duration::days(80)).await.unwrap(), []);
    assert_eq!(count(pool, "SELECT count(*) FROM data.reference_version").await, versions, "nothing changed");
    let gone = datasets::expire(pool, loaded + Duration::days(91)).await.unwrap();
    assert_eq!(gone.iter().map(|one| one.perimetre.as_str()).collect::<Vec<_>>(), ["44109"]);
    assert_eq!(text(pool, "SELECT string_agg(code_insee, ' ') FROM data.parcelles").await, "44162");
    assert_eq!(count(pool, "SELECT count(*) FROM data.reference_version").await, versions + 1);
    let tables = "SELECT count(*) FROM pg_class WHERE relname ~ '^parcelles_s[0-9]+$'";
    assert_eq!(count(pool, tables).await, 1, "the room is given back");
    assert!(count(pool, "SELECT count(*) FROM data.communes").await > 0, "what is not on demand never expires");
}

#[tokio::test]
async fn a_broken_identifier_is_refused_with_its_form() {
    let Some(db) = with_communes().await else { return };
    let refused = edition(&db, "2025-07-01", &[feature("44109000A22", "A", "22", 1, RING)]).await;
    assert!(
        matches!(&refused, Err(ImportError::TooManyRejects { first, .. }) if first.contains("14 signes")),
        "{refused:?}"
    );
}

#[tokio::test]
async fn generated_parcels_and_the_sample_are_read_alike() {
    let (Some(reference), Some(db)) = (reference(), with_communes().await) else { return };
    let out = scratch();
    let specimen = Specimen {
        departement: Some("44"),
        reference: &reference,
        out: &out,
        only: &["parcelles"],
        turnover: 0.0,
        gzip: true,
    };
    let files = synthesize(&specimen).unwrap().remove(0).files;
    assert_eq!(imported(&db.pool, "parcelles", files[0].clone(), &Options::default()).await, (1_600, 0));
    std::fs::remove_dir_all(out).unwrap();
    let near = "SELECT count(*) FROM data.parcelles_ecarts WHERE code_insee = '44109' AND part < 0.05";
    assert_eq!(count(&db.pool, near).await, 1, "drawn and registered areas agree");
    if let Some(data) = shared_data() {
        let sample = data.join("synthetic/dep44/SYNTHETIQUE_cadastre-44162-parcelles.json.gz");
        let options = Options { millesime: Some("2025-07-01".to_owned()), ..Options::default() };
        assert_eq!(imported(&db.pool, "parcelles", sample, &options).await, (1_600, 0));
    }
}
