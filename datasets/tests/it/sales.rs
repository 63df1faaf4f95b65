//! Sales: the producer's lines against mutations, on the real lines of Nantes and on invented ones.

use std::path::{Path, PathBuf};

use datasets::{Options, Specimen, synthesize};
use sqlx::PgPool;
use test_support::{TestDb, shared_data};

use crate::support::{count, imported, reference, scratch, text, with_communes};

const RAW: &str = "dvf/ValeursFoncieres-2014-2017-44109-Nantes.txt.gz";
const GEO: &str = "dvf/geo-dvf-2014-2017-44109-Nantes.csv.gz";
const HEADER: &str = "No disposition|Date mutation|Nature mutation|Valeur fonciere|Code departement|Code commune|Prefixe de section|Section|No plan|1er lot|Code type local|Surface reelle bati|Nombre pieces principales|Nature culture|Nature culture speciale|Surface terrain";

async fn nantes(file: &str) -> Option<(TestDb, PathBuf)> {
    let data = shared_data()?;
    let db = with_communes().await?;
    let options = Options { perimetre: Some("44109".to_owned()), ..Options::default() };
    assert_eq!(imported(&db.pool, "dvf", data.join(file), &options).await, (43_799, 0));
    Some((db, data))
}

/// Everything that both layouts tell of every sale.
const SALES: &str =
    "SELECT md5(string_agg(concat_ws('|', encode(cle_mutation, 'hex'), date_mutation, nature, valeur, code_insee,
    departement, nb_lignes, nb_communes, nb_parcelles, nb_maisons, nb_apparts, nb_dependances, nb_locaux, type_logement,
    surface_bati, surface_terrain, pieces, prix_m2, motif_exclusion, id_parcelle_principale), chr(10)
    ORDER BY cle_mutation)) FROM data.dvf";

#[tokio::test]
async fn both_layouts_give_the_same_sales_one_by_one() {
    let Some((raw, _)) = nantes(RAW).await else { return };
    let Some((geo, _)) = nantes(GEO).await else { return };
    assert_eq!(count(&raw.pool, "SELECT count(*) FROM data.dvf").await, 24_981);
    assert_eq!(text(&raw.pool, SALES).await, text(&geo.pool, SALES).await);
    assert_eq!(count(&raw.pool, "SELECT count(*) FROM data.dvf WHERE geom IS NOT NULL").await, 0);
    assert_eq!(count(&geo.pool, "SELECT count(*) FROM data.dvf WHERE geom IS NULL").await, 0);
}

/// The lines as text, in a table that the importer knows nothing of.
async fn lines(pool: &PgPool, file: &Path) {
    use std::io::Read as _;
    let mut lines = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(file).unwrap()).read_to_string(&mut lines).unwrap();
    let header = lines.lines().next().unwrap().replace(' ', "_");
    let columns = header.split(',').map(|name| format!("{name} text")).collect::<Vec<_>>().join(", ");
    sqlx::raw_sql(&format!("CREATE TABLE lines ({columns})")).execute(pool).await.unwrap();
    let mut connection = pool.acquire().await.unwrap();
    let mut copy = connection.copy_in_raw("COPY lines FROM STDIN WITH (FORMAT csv, HEADER)").await.unwrap();
    copy.send(lines.as_bytes()).await.unwrap();
    copy.finish().await.unwrap();
}

#[tokio::test]
async fn lines_are_not_sales() {
    let Some((db, data)) = nantes(GEO).await else { return };
    let pool = &db.pool;
    lines(pool, &data.join(GEO)).await;
    let per_line = count(pool, "SELECT sum(valeur_fonciere::numeric)::bigint FROM lines").await;
    let per_sale = count(pool, "SELECT sum(valeur)::bigint FROM data.dvf").await;
    assert!((20_600_000_000..20_800_000_000).contains(&per_line), "{per_line}");
    assert!((5_300_000_000..5_500_000_000).contains(&per_sale), "{per_sale}");
    let several =
        count(pool, "SELECT round(100.0 * count(*) FILTER (WHERE nb_lignes > 1) / count(*))::bigint FROM data.dvf")
            .await;
    assert_eq!(several, 52, "one sale of two has more than one line");
    assert_eq!(count(pool, "SELECT sum(nb_lignes)::bigint FROM data.dvf").await, 43_799, "no line is lost");
}

#[tokio::test]
async fn medians_are_those_of_another_way_to_count() {
    let Some((db, data)) = nantes(GEO).await else { return };
    let pool = &db.pool;
    lines(pool, &data.join(GEO)).await;
    // The producer's own mutation numbers, which the importer never reads; lines without a lot; no trimming.
    let other = "WITH dwellings AS (
            SELECT id_mutation, min(left(date_mutation, 4)) AS annee, min(type_local) AS type,
                   max(valeur_fonciere::numeric) / max(surface_reelle_bati::numeric) AS prix
            FROM (SELECT DISTINCT id_mutation, date_mutation, valeur_fonciere, type_local, surface_reelle_bati,
                         CASE WHEN type_local = 'Appartement' THEN id_parcelle || lot1_numero END AS lot
                  FROM lines WHERE nature_mutation = 'Vente' AND code_type_local IN ('1', '2')) d
            GROUP BY id_mutation
            HAVING count(*) = 1 AND max(valeur_fonciere::numeric) > 1000 AND max(surface_reelle_bati::numeric) BETWEEN 9 AND 500)
        SELECT string_agg(concat_ws(' ', type, annee, round(mediane::numeric)), ', ' ORDER BY type, annee)
        FROM (SELECT type, annee, percentile_cont(0.5) WITHIN GROUP (ORDER BY prix) AS mediane FROM dwellings GROUP BY 1, 2) m";
    let ours = "SELECT string_agg(concat_ws(' ', initcap(type_logement), annee, round(mediane::numeric)), ', ' ORDER BY type_logement, annee)
        FROM (SELECT type_logement, annee, percentile_cont(0.5) WITHIN GROUP (ORDER BY prix_m2) AS mediane
              FROM data.dvf WHERE exploitable GROUP BY 1, 2) m";
    let (other, ours) = (text(pool, other).await, text(pool, ours).await);
    println!("{other}\n{ours}");
    let figures = |told: &str| -> Vec<(String, f64)> {
        let split = |part: &str| part.rsplit_once(' ').map(|(what, m)| (what.to_owned(), m.parse().unwrap())).unwrap();
        told.split(", ").map(split).collect()
    };
    let (other, ours) = (figures(&other), figures(&ours));
    assert_eq!((other.len(), ours.len()), (8, 8));
    for ((what, one), (same, two)) in other.into_iter().zip(ours) {
        assert_eq!(what, same);
        assert!((one / two - 1.0).abs() < 0.005, "{what}: {one} against {two}");
    }
}

/// One raw line; the département 44 and the commune 109 unless told otherwise.
fn line(departement: &str, commune: &str, nature: &str, price: &str, plan: u32) -> String {
    format!("000001|05/03/2024|{nature}|{price}|{departement}|{commune}||AB|{plan}|1|2|50|2|||")
}

async fn delivered(db: &TestDb, lines: &[String], options: &Options) -> (u64, u64) {
    let path = scratch().join("ValeursFoncieres-2024.txt");
    std::fs::write(&path, format!("{HEADER}\n{}\n", lines.join("\n"))).unwrap();
    let counts = imported(&db.pool, "dvf", path.clone(), options).await;
    std::fs::remove_dir_all(path.parent().unwrap()).unwrap();
    counts
}

#[tokio::test]
async fn a_delivery_of_every_trap_says_what_it_is() {
    let Some(db) = with_communes().await else { return };
    let vefa = "Vente en l'état futur d'achèvement";
    let rows = [
        line("44", "109", "Vente", "100000,00", 1),
        line("44", "109", "Vente", "100000,00", 1),
        line("44", "162", "Vente", "200000,00", 2).replace("|50|", "|100|"),
        line("44", "109", "Vente", "200000,00", 2).replace("|2|50|2|", "|3|0|0|"),
        line("44", "109", vefa, "300000,00", 3),
        line("44", "109", "Vente", "1,00", 4),
        line("44", "109", "Vente", "", 5),
        line("44", "109", "Vente", "", 6),
        line("1", "4", "Vente", "100000,00", 1),
        line("974", "11", "Vente", "100000,00", 1),
    ];
    assert_eq!(delivered(&db, &rows, &Options::default()).await, (10, 0));
    let told = "SELECT string_agg(concat_ws(' ', code_insee, coalesce(valeur::int::text, '-'), nb_lignes, nb_communes,
                    coalesce(motif_exclusion, 'exploitable')), ', ' ORDER BY code_insee, valeur NULLS LAST) FROM data.dvf";
    assert_eq!(
        text(&db.pool, told).await,
        "01004 100000 1 1 exploitable, 44109 1 1 1 prix symbolique, 44109 100000 2 1 exploitable, \
         44109 300000 1 1 vente en l’état futur d’achèvement, 44109 - 1 1 prix absent, 44109 - 1 1 prix absent, \
         44162 200000 2 2 exploitable, 97411 100000 1 1 exploitable"
    );
}

#[tokio::test]
async fn a_departement_is_taken_out_of_a_delivery_and_its_lines_are_counted() {
    let Some(db) = with_communes().await else { return };
    let rows = [
        line("44", "109", "Vente", "100000,00", 1),
        line("44", "109", "Vente", "100000,00", 1),
        line("35", "238", "Vente", "100000,00", 1),
    ];
    let options = Options { departement: Some("44".to_owned()), ..Options::default() };
    assert_eq!(delivered(&db, &rows, &options).await, (2, 0));
    assert_eq!(count(&db.pool, "SELECT count(*) FROM data.dvf WHERE departement <> '44'").await, 0);
}

#[tokio::test]
async fn departements_apart_have_no_file_rather_than_no_sale() {
    let Some(reference) = reference() else { return };
    let db = test_support::database().await;
    let apart =
        text(&db.pool, "SELECT string_agg(departement, ' ' ORDER BY departement) FROM data.dvf_non_couverts").await;
    assert_eq!(apart, "57 67 68 976");
    for departement in apart.split(' ').chain(["54"]) {
        let out = scratch();
        let only = ["dvf"];
        let specimen = Specimen {
            departement: Some(departement),
            reference: &reference,
            out: &out,
            only: &only,
            turnover: 0.0001,
            gzip: false,
        };
        let files = synthesize(&specimen).unwrap().remove(0).files;
        assert_eq!(files.is_empty(), departement != "54", "{departement}");
        std::fs::remove_dir_all(out).unwrap();
    }
}
