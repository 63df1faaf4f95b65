//! Facilities: codes that change with the vintage, projections of five territories, coordinates that are not to be used.

use datasets::Options;
use test_support::{TestDb, shared_data};

use super::{loads, refusal};
use crate::support::{count, imported, text, with_communes};

const HEADER: &str =
    "AN;NOMRS;DEPCOM;TYPEQU;SIRET;CAPACITE;NBEQUIDENT;LAMBERT_X;LAMBERT_Y;LONGITUDE;LATITUDE;QUALITE_XY;EPSG\n";
const NANTES: &str = "355577.8;6689723.1;-1.5536;47.2184;Bonne;2154";
const SAINT_DENIS: &str = "338807.6;7690477.7;55.4504;-20.8789;Bonne;2975";

async fn with_lists() -> Option<TestDb> {
    let db = with_communes().await?;
    loads(&db, "bpe_nomenclature", "typequ_2021.csv", "TYPEQU;LIBELLE\nD201;MÉDECIN GÉNÉRALISTE\nB203;BOULANGERIE\n")
        .await;
    loads(&db, "bpe_nomenclature", "typequ_2024.csv", "TYPEQU;LIBELLE\nD265;Médecin généraliste\nF103;Tennis\n").await;
    Some(db)
}

#[tokio::test]
async fn a_doctor_is_a_doctor_under_both_numbers() {
    let Some(db) = with_lists().await else { return };
    loads(&db, "bpe_equipements", "BPE24.csv", format!("{HEADER}2024;;44109;D265;;;;{NANTES}\n")).await;
    let old = "REG;DEP;DEPCOM;DCIRIS;AN;TYPEQU;LAMBERT_X;LAMBERT_Y;QUALITE_XY\n52;44;44109;44109_0101;2021;D201;355577.8;6689723.1;Bonne\n\
               04;974;97411;97411_0101;2021;D201;338807.6;7690477.7;Acceptable\n";
    loads(&db, "bpe_equipements", "bpe21_ensemble_xy.csv", old).await;
    let doctors = "SELECT string_agg(e.millesime || ' ' || e.typequ || ' ' || e.code_insee, ', ' ORDER BY e.millesime, e.code_insee)
                   FROM data.bpe_equipements e JOIN data.bpe_typequ t ON t.millesime = e.millesime AND t.code = e.typequ
                   WHERE t.service = 'medecin'";
    assert_eq!(text(&db.pool, doctors).await, "2021 D201 44109, 2021 D201 97411, 2024 D265 44109");
    // The older file does not name its projections: Réunion is in the southern ocean all the same.
    let far = "SELECT round(ST_X(geom)::numeric, 3) || ' ' || round(ST_Y(geom)::numeric, 3) FROM data.bpe_equipements WHERE code_insee = '97411'";
    assert_eq!(text(&db.pool, far).await, "55.450 -20.879");
}

#[tokio::test]
async fn a_code_of_another_vintage_stops_everything() {
    let Some(db) = with_lists().await else { return };
    let rows: String = (0..3_000).map(|_| format!("2024;;44109;D265;;;;{NANTES}\n")).collect();
    let sentence =
        refusal(&db, "bpe_equipements", "BPE24.csv", format!("{HEADER}{rows}2024;;44109;D201;;;;{NANTES}\n")).await;
    assert!(sentence.contains("nomenclature de son millésime") && sentence.contains("bpe_nomenclature"), "{sentence}");
    let sentence =
        refusal(&db, "bpe_equipements", "BPE23.csv", format!("{HEADER}2023;;44109;D265;;;;{NANTES}\n")).await;
    assert!(sentence.contains("bpe_nomenclature"), "{sentence}");
    let sentence =
        refusal(&db, "bpe_equipements", "BPE24.csv", format!("{HEADER}2021;;44109;D201;;;;{NANTES}\n")).await;
    assert!(sentence.contains("la colonne AN ne dit pas le millésime"), "{sentence}");
    assert_eq!(count(&db.pool, "SELECT count(*) FROM data.bpe_equipements").await, 0);
}

#[tokio::test]
async fn coordinates_are_used_only_when_they_are_good() {
    let Some(db) = with_lists().await else { return };
    let bad = NANTES.replace("Bonne", "Mauvaise");
    let rows = format!(
        "2024;JARDIN;44109;F103;12345678900011;120;2;{NANTES}\n2024;;97411;D265;;;;{SAINT_DENIS}\n\
         2024;;44109;D265;;;;{bad}\n2024;;44109;D265;;;;;;;;Non géolocalisé;\n2024;;75111;D265;;;;652216.6;6861681.5;2.3488;48.8534;Acceptable;2154\n"
    );
    assert_eq!(loads(&db, "bpe_equipements", "BPE24.csv", format!("{HEADER}{rows}")).await, (5, 0));
    let all = "SELECT string_agg(concat_ws(' ', code_insee, typequ, qualite, capacite, nb_identiques, round(ST_X(geom)::numeric, 2)), ', '
               ORDER BY ligne) FROM data.bpe_equipements";
    assert_eq!(
        text(&db.pool, all).await,
        "44109 F103 Bonne 120 2 -1.55, 97411 D265 Bonne 55.45, 44109 D265 Mauvaise, 44109 D265 Non géolocalisé, \
         75111 D265 Acceptable 2.35"
    );
    let columns =
        "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'data' AND table_name = 'bpe_equipements'
                   AND column_name IN ('nom', 'nomrs', 'siret')";
    assert_eq!(count(&db.pool, columns).await, 0, "a doctor's name and SIRET are not kept");
}

#[tokio::test]
async fn a_projection_of_somewhere_else_is_seen() {
    let Some(db) = with_lists().await else { return };
    let lambert = SAINT_DENIS.replace("2975", "2154");
    let sentence =
        refusal(&db, "bpe_equipements", "BPE24.csv", format!("{HEADER}2024;;97411;D265;;;;{lambert}\n")).await;
    assert!(sentence.contains("projection qui n’est pas celle du territoire"), "{sentence}");
    // Eleven metres too far north, on every row: the tenth is enough to see it.
    let shifted = NANTES.replace("47.2184", "47.2185");
    let rows = format!("2024;;44109;D265;;;;{shifted}\n").repeat(12);
    let sentence = refusal(&db, "bpe_equipements", "BPE24.csv", format!("{HEADER}{rows}")).await;
    assert!(sentence.contains("à plus de 5 m"), "{sentence}");
    let eaten = format!("{HEADER}2024;;1004;D265;;;;{NANTES}\n");
    assert!(refusal(&db, "bpe_equipements", "BPE24.csv", eaten).await.contains("mangé le zéro"));
}

#[tokio::test]
async fn the_real_list_names_every_service_of_the_studies() {
    let Some(data) = shared_data() else { return };
    let Some(db) = with_communes().await else { return };
    let file = data.join("bpe/typequ_2021.csv");
    // As a national file: the control refuses a list in which a service has no code.
    assert_eq!(imported(&db.pool, "bpe_nomenclature", file, &Options::default()).await, (187, 0));
    let codes =
        "SELECT string_agg(code, ' ' ORDER BY code) FROM data.bpe_typequ WHERE millesime = 2021 AND service = ANY ($$
                 {medecin,ecole,poste,gare,boulangerie,restaurant,lycee}$$)";
    assert_eq!(text(&db.pool, codes).await, "A206 A207 A208 A504 B203 C101 C102 C104 C105 C301 D201 E107 E108 E109");
    let police = "SELECT libelle FROM data.bpe_typequ WHERE code = 'A101'";
    assert_eq!(text(&db.pool, police).await, "POLICE", "A101 was never a school");
    let short = super::Scrap::new("typequ_2020.csv", "TYPEQU;LIBELLE\nD201;MÉDECIN GÉNÉRALISTE\n");
    let refused = crate::support::attempt(&db.pool, "bpe_nomenclature", short.path(), &Options::default()).await;
    assert!(refused.unwrap_err().to_string().contains("aucun libellé"));
}

#[tokio::test]
async fn a_real_list_and_a_generated_one_name_each_code_once() {
    let Some(db) = with_lists().await else { return };
    loads(&db, "bpe_equipements", "SYNTHETIQUE_typequ_2024.csv", "TYPEQU;LIBELLE\nD265;Inventé\nD307;Pharmacie\n")
        .await;
    let names =
        "SELECT string_agg(code || ' ' || libelle, ', ' ORDER BY code) FROM data.bpe_typequ WHERE millesime = 2024";
    assert_eq!(text(&db.pool, names).await, "D265 Médecin généraliste, D307 Pharmacie, F103 Tennis");
}
