//! The materialised views over a territory small enough to be computed by hand: three communes of one EPCI, one commune
//! where sales are not published, and Paris with an arrondissement.

use std::time::Duration;

use sqlx::{Connection as _, PgPool, Row as _};
use test_support::TestDb;

use crate::support::{count, text};

/// A (44001), B (44002) and C (44003) share an EPCI; D (67001) has none.
const TERRITORY: &str = "
INSERT INTO data.import_runs (dataset, statut, version_importeur) VALUES ('main', 'promu', 1);
INSERT INTO data.data_sources (dataset, producteur, titre, licence, millesime, cog_annee, fichier, sha256, sha256_decompresse,
    octets, lignes_lues, lignes_gardees, import_run_id)
SELECT d, 'p', 't', 'l', m, 2025, 'f', d, d, 1, 1, 1, (SELECT max(id) FROM data.import_runs)
FROM (VALUES ('communes', '2025'), ('rp_housing', '2021'), ('lovac', '2024'), ('dvf', '2023'), ('rpls', '2024')) AS v (d, m);
INSERT INTO data.regions SELECT r, r, 'metro', 1 FROM unnest(ARRAY['52', '44', '11']) AS r;
INSERT INTO data.departements VALUES ('44', 'dep 44', '52', 'metro', NULL, 1), ('67', 'dep 67', '44', 'metro', NULL, 1),
    ('75', 'dep 75', '11', 'metro', NULL, 1);
INSERT INTO data.epci (siren, nom, type, cog_annee, source_id) VALUES ('200000001', 'epci', 'CC', 2025, 1);
INSERT INTO data.communes (code_insee, nom, nom_norm, departement, region, epci_siren, population, cog_annee, est_plm, source_id)
VALUES ('44001', 'A', 'a', '44', '52', '200000001', 1000, 2025, false, 1),
       ('44002', 'B', 'b', '44', '52', '200000001', 2000, 2025, false, 1),
       ('44003', 'C', 'c', '44', '52', '200000001', 50, 2025, false, 1),
       ('67001', 'D', 'd', '67', '44', NULL, 100, 2025, false, 1),
       ('75056', 'Paris', 'paris', '75', '11', NULL, 10000, 2025, true, 1);
INSERT INTO data.arrondissements_plm (code, parent, nom, numero, source_id) VALUES ('75101', '75056', 'Paris 1er', 1, 1);
CREATE TABLE data.rp_housing_tous PARTITION OF data.rp_housing DEFAULT;
CREATE TABLE data.lovac_tous PARTITION OF data.lovac DEFAULT;
CREATE TABLE data.dvf_tous PARTITION OF data.dvf DEFAULT;
CREATE TABLE data.rpls_tous PARTITION OF data.rpls DEFAULT;
INSERT INTO data.rp_housing (code_insee, millesime, cog_annee, log, rp, rsecocc, logvac, code_source, source_id)
SELECT c, 2021, 2025, l, r, s, v, c, (SELECT id FROM data.data_sources WHERE dataset = 'rp_housing')
FROM (VALUES ('44001', 500, 400, 50, 50), ('44002', 1200, 1100, 40, 60), ('44003', 40, 20, 15, 5), ('67001', 300, 280, 10, 10),
             ('75056', 9000, 8000, 500, 500), ('75101', 9000, 8000, 500, 500)) AS v (c, l, r, s, v);
INSERT INTO data.lovac (code_insee, annee, pp_total, pp_vacant, pp_vacant_2ans, statut, millesime_fichier, cog_annee,
    code_source, source_id)
SELECT c, 2024, p, v, v2, s::jsonb, 2024, 2025, c, (SELECT id FROM data.data_sources WHERE dataset = 'lovac')
FROM (VALUES ('44001', 400, 40, 20, '{}'), ('44002', 1000, 100, 50, '{}'), ('67001', 200, 20, 10, '{}'),
             ('44003', 30, NULL, NULL, '{\"pp_vacant\": \"s\", \"pp_vacant_2ans\": \"s\"}')) AS v (c, p, v, v2, s);
INSERT INTO data.dvf (cle_mutation, date_mutation, annee, nature, valeur, code_insee, departement, nb_lignes, nb_communes,
    nb_parcelles, nb_maisons, nb_apparts, nb_dependances, nb_locaux, type_logement, surface_bati, prix_m2, exploitable,
    motif_exclusion, id_parcelle_principale, cog_annee, source_id)
SELECT decode(md5(ligne::text), 'hex'), '2023-12-04', 2023, 'Vente', m2 * 100, c, left(c, 2), 1, 1, 1, 1, 0, 0, 0, 'maison',
       100, m2, exclu IS NULL, exclu, c || '000AB0001', 2025, (SELECT id FROM data.data_sources WHERE dataset = 'dvf')
FROM (SELECT row_number() OVER () AS ligne, *
      FROM (SELECT '44001' AS c, unnest(ARRAY[1000, 1100, 1200, 1300, 1400]) AS m2, NULL AS exclu
            UNION ALL SELECT '44001', 9000, 'vente en l’état futur d’achèvement'
            UNION ALL SELECT '44002', unnest(ARRAY[2000, 2000, 2000, 2000, 2000, 2000]), NULL
            UNION ALL SELECT '44003', unnest(ARRAY[500, 500]), NULL
            UNION ALL SELECT '75101', unnest(ARRAY[9000, 9000, 9100, 9000, 9000]), NULL) AS l) AS v;
INSERT INTO data.rpls (code_insee, annee, nb_ls, cog_annee, code_source, source_id)
SELECT '44001', 2024, 30, 2025, '44001', id FROM data.data_sources WHERE dataset = 'rpls';
INSERT INTO data.reference_version (sources) SELECT array_agg(id) FROM data.data_sources;
";

async fn territory() -> TestDb {
    let db = test_support::database().await;
    sqlx::raw_sql(TERRITORY).execute(&db.pool).await.unwrap();
    datasets::refresh(&db.pool, None, &mut |_| ()).await.unwrap();
    db
}

/// A figure with its status, as one text; « - » for no figure.
async fn figure(pool: &PgPool, figure: &str, status: &str, row: &str) -> String {
    text(pool, &format!("SELECT concat_ws(' ', coalesce(({figure})::text, '-'), {status}) FROM data.{row}")).await
}

async fn of_zone(pool: &PgPool, name: &str, zone: &str) -> String {
    let status = format!("coalesce(statuts ->> '{name}', 'ok')");
    figure(pool, name, &status, &format!("mv_housing_zone WHERE {zone}")).await
}

#[tokio::test]
async fn a_zone_is_the_sum_of_its_members_and_its_rates_are_those_of_the_sums() {
    let db = territory().await;
    let epci = "niveau = 'epci' AND annee = 2021";
    assert_eq!(of_zone(&db.pool, "log", epci).await, "1740 ok");
    assert_eq!(of_zone(&db.pool, "tx_vac", epci).await, "6.6092 ok", "115 of 1740; the mean of the rates is 9.17");
    assert_eq!(of_zone(&db.pool, "log", "niveau = 'fr' AND annee = 2021").await, "11040 ok", "Paris counts once");
    assert_eq!(of_zone(&db.pool, "lov_parc", "niveau = 'epci' AND annee = 2024").await, "1430 ok");
    assert_eq!(
        of_zone(&db.pool, "rpls_nb", "niveau = 'epci' AND annee = 2024").await,
        "30 ok",
        "absent from RPLS is zero"
    );
}

#[tokio::test]
async fn a_median_of_a_zone_is_that_of_its_sales() {
    let db = territory().await;
    let median = |row: &'static str| figure(&db.pool, "maisons_med", "maisons_statut", row);
    assert_eq!(median("mv_housing_diagnostic WHERE code_insee = '44001' AND annee = 2023").await, "1200.00 ok");
    assert_eq!(median("mv_housing_diagnostic WHERE code_insee = '44003' AND annee = 2023").await, "- ns", "two sales");
    assert_eq!(median("mv_housing_diagnostic WHERE code_insee = '67001' AND annee = 2023").await, "- nc");
    assert_eq!(median("mv_housing_diagnostic WHERE code_insee = '75056' AND annee = 2023").await, "9000.00 ok");
    assert_eq!(median("mv_housing_zone WHERE niveau = 'epci' AND annee = 2023").await, "1400.00 ok", "7th of 13 sales");
    assert_eq!(median("mv_housing_zone WHERE niveau = 'dep' AND code = '67' AND annee = 2023").await, "- nc");
    assert_eq!(
        median("mv_housing_zone WHERE niveau = 'fr' AND annee = 2023").await,
        "2000.00 est",
        "without the Bas-Rhin"
    );
    let counted = "SELECT maisons_n FROM data.mv_housing_zone WHERE niveau = 'fr' AND annee = 2023";
    assert_eq!(count(&db.pool, &format!("SELECT ({counted})::bigint")).await, 18, "Paris counts once");
    let apart = "SELECT n::bigint FROM data.mv_dvf_commune_annee WHERE code_insee = '44001' AND type = 'vefa'";
    assert_eq!(count(&db.pool, apart).await, 1, "sales before completion are apart");
    assert_eq!(
        text(
            &db.pool,
            "SELECT concat_ws(' ', section, n, med, statut) FROM data.mv_dvf_section WHERE code_insee = '44001'"
        )
        .await,
        "44001000AB 5 1200.00 ok"
    );
}

#[tokio::test]
async fn a_secret_gives_no_figure_anywhere_above_or_beside_it() {
    let db = territory().await;
    let of = |code: &str| format!("mv_housing_diagnostic WHERE annee = 2024 AND code_insee = '{code}'");
    assert_eq!(figure(&db.pool, "lov_vac", "lov_vac_statut", &of("44003")).await, "- s");
    assert_eq!(figure(&db.pool, "lov_vac", "lov_vac_statut", &of("44001")).await, "- s", "hidden with its neighbour");
    assert_eq!(figure(&db.pool, "lov_vac", "lov_vac_statut", &of("44002")).await, "100 ok");
    for zone in ["niveau = 'epci' AND annee = 2024", "niveau = 'fr' AND annee = 2024"] {
        for name in ["lov_vac", "lov_vac2", "lov_tx", "lov_tx2"] {
            assert_eq!(of_zone(&db.pool, name, zone).await, "- s", "{name}, {zone}");
        }
    }
    let summary = "mv_commune_summary WHERE code_insee = '44003'";
    assert_eq!(figure(&db.pool, "lov_tx", "lov_tx_statut", summary).await, "- s");
    assert_eq!(figure(&db.pool, "revenu", "revenu_statut", summary).await, "- ab");
    // No figure without a status that allows it, in any of the views.
    let careless = "SELECT count(*) FROM data.mv_housing_diagnostic WHERE
        lov_vac IS NOT NULL AND lov_vac_statut NOT IN ('ok', 'est') OR lov_vac IS NULL AND lov_vac_statut IN ('ok', 'est')
        OR maisons_med IS NOT NULL AND maisons_statut NOT IN ('ok', 'est')
        OR maisons_med IS NULL AND maisons_statut IN ('ok', 'est')
        OR prix_revenu IS NULL AND prix_revenu_statut IN ('ok', 'est')
        OR effort_locatif IS NULL AND effort_locatif_statut IN ('ok', 'est')";
    assert_eq!(count(&db.pool, careless).await, 0);
}

#[tokio::test]
async fn only_what_depends_on_a_change_is_made_again_and_tells_its_version() {
    let db = territory().await;
    sqlx::raw_sql("INSERT INTO data.reference_version (sources) VALUES ('{1}'); UPDATE data.rpls SET nb_ls = 31")
        .execute(&db.pool)
        .await
        .unwrap();
    let mut told = Vec::new();
    let done =
        datasets::refresh(&db.pool, Some(&["caf_communal"]), &mut |view| told.push(view.to_owned())).await.unwrap();
    assert_eq!(done, ["data.mv_allocataires", "data.mv_commune_summary"]);
    assert_eq!(told, done);
    let version = |view: &str| format!("SELECT DISTINCT reference_version::bigint FROM data.{view}");
    assert_eq!(count(&db.pool, &version("mv_commune_summary")).await, 2);
    assert_eq!(count(&db.pool, &version("mv_housing_diagnostic")).await, 1, "made from the state before");
    datasets::refresh(&db.pool, Some(&["rpls"]), &mut |_| ()).await.unwrap();
    assert_eq!(count(&db.pool, &version("mv_housing_zone")).await, 2);
    assert_eq!(of_zone(&db.pool, "rpls_nb", "niveau = 'epci' AND annee = 2024").await, "31 ok");
}

#[tokio::test]
async fn a_reader_in_the_middle_of_its_transaction_is_neither_held_up_nor_surprised() {
    let db = territory().await;
    let mut reader = db.pool.acquire().await.unwrap().detach();
    let mut transaction = reader.begin().await.unwrap();
    sqlx::raw_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ").execute(&mut *transaction).await.unwrap();
    let read =
        "SELECT rpls_nb, reference_version FROM data.mv_housing_diagnostic WHERE code_insee = '44001' AND annee = 2024";
    let before = sqlx::query(read).fetch_one(&mut *transaction).await.unwrap();
    sqlx::raw_sql("UPDATE data.rpls SET nb_ls = 99; INSERT INTO data.reference_version (sources) VALUES ('{1}')")
        .execute(&db.pool)
        .await
        .unwrap();
    let mut step = |_: &str| ();
    let refresh = datasets::refresh(&db.pool, Some(&["rpls"]), &mut step);
    tokio::time::timeout(Duration::from_secs(60), refresh)
        .await
        .expect("the refresh does not wait for readers")
        .unwrap();
    let after = sqlx::query(read).fetch_one(&mut *transaction).await.unwrap();
    assert_eq!(before.get::<i32, _>(0), 30);
    assert_eq!((after.get::<i32, _>(0), after.get::<i32, _>(1)), (30, before.get(1)), "one transaction, one state");
    transaction.rollback().await.unwrap();
    let now = sqlx::query(read).fetch_one(&db.pool).await.unwrap();
    assert_eq!((now.get::<i32, _>(0), now.get::<i32, _>(1)), (99, 2));
}
