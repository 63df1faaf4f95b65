//! Practitioners: one line per activity, blank communes, and nobody's name in the database.

use super::{loads, refusal};
use crate::support::{count, text, with_communes};

const HEADER: &str = "Identifiant PP|Identification nationale PP|Nom d'exercice|Prénom d'exercice|Code profession|Code savoir-faire|Code mode exercice|Numéro FINESS site|Code postal (coord. structure)|Code commune (coord. structure)|Libellé commune (coord. structure)|Téléphone (coord. structure)|Adresse e-mail (coord. structure)|Code secteur d'activité|\n";

/// A line of one person of that number; the name must never be seen again.
fn line(person: u64, profession: &str, mode: &str, place: &str, sector: &str) -> String {
    format!(
        "{person}|8{person}|SECRETNOM|SECRETPRENOM|{profession}|SM54|{mode}||{place}|0699999999|secret@example.test|{sector}|\n"
    )
}

#[tokio::test]
async fn lines_are_activities_and_persons_are_counted_once() {
    let Some(db) = with_communes().await else { return };
    let rows = [
        line(10_000_000_001, "10", "L", "44000|44109|Nantes", "SA07"),
        line(10_000_000_001, "10", "L", "44800|44162|Saint-Herblain", "SA07"),
        line(10_000_000_001, "10", "S", "44000|44109|Nantes", "SA01"),
        line(10_000_000_002, "60", "S", "44000|44109|Nantes", "SA01"),
    ]
    .concat();
    let name = "PS_LibreAcces_Personne_activite_202510150800.txt";
    assert_eq!(loads(&db, "rpps", name, format!("{HEADER}{rows}")).await, (4, 0));
    let pool = &db.pool;
    let counts = "SELECT count(*) || ' ' || count(DISTINCT pp_hash) || ' ' || count(DISTINCT pp_hash) FILTER (WHERE profession = '10' AND secteur <> 'SA01')
                  || ' ' || min(extraction) FROM data.rpps";
    assert_eq!(text(pool, counts).await, "4 2 1 2025-10-15");
    assert_eq!(count(pool, "SELECT count(*) FROM data.rpps WHERE octet_length(pp_hash) <> 16").await, 0);

    // The same people in the next extraction are other hashes: nobody is followed from file to file.
    let before: Vec<Vec<u8>> =
        sqlx::query_scalar("SELECT DISTINCT pp_hash FROM data.rpps").fetch_all(pool).await.unwrap();
    loads(&db, "rpps", "PS_LibreAcces_Personne_activite_202511150800.txt", format!("{HEADER}{rows}")).await;
    let known = "SELECT count(*) FROM data.rpps WHERE pp_hash = ANY ($1) AND extraction = '2025-11-15'";
    let known: i64 = sqlx::query_scalar(known).bind(&before).fetch_one(pool).await.unwrap();
    assert_eq!(known, 0);
    assert_eq!(text(pool, "SELECT string_agg(DISTINCT extraction::text, ' ') FROM data.rpps").await, "2025-11-15");
}

#[tokio::test]
async fn no_name_reaches_the_database_even_from_a_line_that_is_refused() {
    let Some(db) = with_communes().await else { return };
    let good: String = (0..1_500).map(|n| line(n, "60", "L", "44000|44109|Nantes", "SA07")).collect();
    let broken = "12345654321|812345654321|SECRETNOM|SECRETPRENOM|60|trop|court|\n";
    let unknown = line(88, "infirmier", "L", "44000|44109|Nantes", "SA07");
    let name = "PS_LibreAcces_Personne_activite_202510150800.txt";
    let sentence = refusal(&db, "rpps", name, format!("{HEADER}{}", unknown.repeat(3))).await;
    assert!(sentence.contains("profession absente") && !sentence.contains("SECRET"), "{sentence}");
    assert_eq!(loads(&db, "rpps", name, format!("{HEADER}{good}{broken}")).await, (1_500, 1));
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'data'::regnamespace AND c.relkind = 'r'",
    )
    .fetch_all(&db.pool)
    .await
    .unwrap();
    assert!(tables.len() > 10, "{tables:?}");
    for table in tables {
        let sql = format!(
            "SELECT count(*) FROM {table} t WHERE t::text ~* 'secretnom|secretprenom|secret@|0699999999' OR t::text ~ '12345654321'"
        );
        assert_eq!(count(&db.pool, &sql).await, 0, "{table} holds what was not to be kept");
    }
    assert_eq!(count(&db.pool, "SELECT count(*) FROM pg_class WHERE relname LIKE 'staging%'").await, 0);
}

#[tokio::test]
async fn a_blank_commune_is_found_again_only_without_doubt() {
    let Some(db) = with_communes().await else { return };
    let rows = [
        line(1, "10", "L", "44000|44109|Nantes", "SA07"),
        // One commune alone has this postal code.
        line(2, "10", "L", "44620||LA MONTAGNE", "SA07"),
        // Several have this one, and the label tells which.
        line(3, "10", "L", "44110||Erbray CEDEX 2", "SA07"),
        // The same without a usable label.
        line(4, "10", "L", "44110||", "SA07"),
        line(5, "10", "L", "75011||Paris", "SA07"),
        line(6, "10", "L", "GL||Londres", "SA07"),
        line(7, "10", "L", "99100|99100|Hors de France", "SA07"),
        line(8, "10", "L", "98800|98818|Nouméa", "SA07"),
        line(9, "10", "L", "||", "SA07"),
    ]
    .concat();
    let name = "PS_LibreAcces_Personne_activite_202510150800.txt";
    assert_eq!(loads(&db, "rpps", name, format!("{HEADER}{rows}")).await, (9, 0));
    let places = "SELECT string_agg(coalesce(code_insee, '-') || ' ' || statut_commune, ', ' ORDER BY code_insee NULLS LAST) FROM data.rpps";
    assert_eq!(text(&db.pool, places).await, "44054 est, 44101 est, 44109 ok, 75111 est, - nd, - nd, - nd, - nd, - nd");
}

#[tokio::test]
async fn a_renamed_column_is_refused_and_an_older_name_is_not() {
    let Some(db) = with_communes().await else { return };
    let rows = line(1, "10", "L", "44000|44109|Nantes", "SA07");
    let name = "PS_LibreAcces_Personne_activite_202510150800.txt";
    let renamed = HEADER.replace("Code profession", "Profession");
    let sentence = refusal(&db, "rpps", name, format!("{renamed}{rows}")).await;
    assert!(sentence.contains("« code_profession »") && sentence.contains("« Profession »"), "{sentence}");
    let upper = HEADER.replace("coord. structure", "coord. Structure").replace("|Code savoir-faire", "|Inconnu");
    assert_eq!(loads(&db, "rpps", name, format!("{upper}{rows}")).await, (1, 0));
    assert_eq!(count(&db.pool, "SELECT count(*) FROM data.rpps WHERE savoir_faire IS NULL").await, 1);
}
