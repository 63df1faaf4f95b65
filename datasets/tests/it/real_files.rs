//! The producers' own files, where they are on this machine. Counts were made once with other tools.

use std::path::PathBuf;

use datasets::{Options, Outcome};
use sqlx::PgPool;
use test_support::{TestDb, shared_data};

use crate::support::{attempt, count, imported, text, with_communes};

async fn ready() -> Option<(TestDb, PathBuf)> {
    let data = shared_data()?;
    let db = with_communes().await?;
    let passage = data.join("cog/passage_communes_2018_vers_2026.csv.gz");
    imported(&db.pool, "commune_passage", passage, &Options::default()).await;
    Some((db, data))
}

#[tokio::test]
async fn the_reference_geography_has_the_known_counts() {
    let Some(db) = with_communes().await else { return };
    let pool = &db.pool;
    assert_eq!(count(pool, "SELECT count(*) FROM data.communes").await, 34_875);
    assert_eq!(count(pool, "SELECT count(*) FROM data.epci").await, 1_255);
    assert_eq!(count(pool, "SELECT count(*) FROM data.arrondissements_plm").await, 45);
    assert_eq!(count(pool, "SELECT count(*) FROM data.departements").await, 101);
    assert_eq!(count(pool, "SELECT count(*) FROM data.communes WHERE population = 0").await, 6);
    let islands = "SELECT string_agg(code_insee, ' ' ORDER BY code_insee) FROM data.communes WHERE epci_siren IS NULL";
    assert_eq!(text(pool, islands).await, "22016 29083 29155 85113");
    let nantes =
        "SELECT nom_norm || ' ' || departement || ' ' || epci_siren FROM data.communes WHERE code_insee = '44109'";
    assert_eq!(text(pool, nantes).await, "nantes 44 244400404");
    assert_eq!(text(pool, "SELECT nom_norm FROM data.communes WHERE code_insee = '44162'").await, "saint herblain");
    assert_eq!(count(pool, "SELECT numero::bigint FROM data.arrondissements_plm WHERE code = '69389'").await, 9);
    assert_eq!(text(pool, "SELECT data.commune_mere('13216') || data.commune_mere('44109')").await, "1305544109");
}

#[tokio::test]
async fn the_zoning_covers_every_commune_and_knows_its_decree() {
    let Some((db, data)) = ready().await else { return };
    let file = data.join("zonage_abc/liste-des-communes-zonage-abc-5-septembre-2025.csv.gz");
    assert_eq!(imported(&db.pool, "zonage_abc", file.clone(), &Options::default()).await, (34_875, 0));
    let zones = "SELECT string_agg(zone || ' ' || n, ', ' ORDER BY n) FROM
                 (SELECT zone, count(*) AS n FROM data.zonage_abc WHERE date_effet = '2025-09-05' GROUP BY zone) z";
    assert_eq!(text(&db.pool, zones).await, "Abis 133, A 871, B1 2383, B2 3162, C 28326");
    let again = attempt(&db.pool, "zonage_abc", file, &Options::default()).await.unwrap();
    assert!(matches!(again, Outcome::AlreadyImported { .. }), "{again:?}");
    assert_eq!(count(&db.pool, "SELECT count(*) FROM data.data_sources WHERE dataset = 'zonage_abc'").await, 1);
}

#[tokio::test]
async fn reshaped_rents_say_what_they_lack() {
    let Some((db, data)) = ready().await else { return };
    let file = data.join("anil_loyers/loyers_communes_2018_2022_reshaped.csv.gz");
    let (kept, rejected) = imported(&db.pool, "anil_loyers", file, &Options::default()).await;
    assert_eq!(kept + rejected, 70_421);
    let nantes = "SELECT round(loyer_m2, 2)::text || ' ' || (statut ->> 'r2') || ' ' || coalesce(r2::text, 'null')
                  FROM data.anil_loyers WHERE code_insee = '44109' AND annee = 2022 AND segment = 'app'";
    assert_eq!(text(&db.pool, nantes).await, "13.52 nd null");
}

#[tokio::test]
async fn a_reshaped_vacancy_never_invents_the_two_year_figure() {
    let Some((db, data)) = ready().await else { return };
    let file = data.join("lovac/lovac_communes_2019_2021_reshaped.csv.gz");
    imported(&db.pool, "lovac", file, &Options::default()).await;
    let pool = &db.pool;
    assert_eq!(count(pool, "SELECT count(*) FROM data.lovac WHERE pp_vacant_2ans IS NOT NULL").await, 0);
    assert_eq!(
        count(pool, "SELECT count(*) FROM data.lovac WHERE pp_total IS NULL AND NOT statut ? 'pp_total'").await,
        0
    );
    assert_eq!(count(pool, "SELECT count(*) FROM data.lovac WHERE pp_vacant = 0").await, 0);
    let nantes =
        "SELECT string_agg(annee || ':' || coalesce(pp_total::text, '-') || '/' || coalesce(pp_vacant::text, '-'), ' '
                  ORDER BY annee) FROM data.lovac WHERE code_insee = '44109'";
    assert_eq!(text(pool, nantes).await, "2019:-/13290 2020:148622/15480 2021:149866/-");
}

/// Medians and numbers of usable sales, flats then houses, by year.
async fn nantes_prices(pool: &PgPool) -> Vec<(String, i16, i64, f64)> {
    sqlx::query_as(
        "SELECT type_logement, annee, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY prix_m2)::float8
         FROM data.dvf WHERE code_insee = '44109' AND exploitable GROUP BY 1, 2 ORDER BY 1, 2",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

#[tokio::test]
async fn both_layouts_of_the_sales_give_the_known_medians() {
    let expected = [
        (
            "appartement",
            [(2014, 2_507.0, 2_890.0), (2015, 2_491.0, 3_240.0), (2016, 2_547.0, 3_620.0), (2017, 2_721.0, 4_130.0)],
        ),
        (
            "maison",
            [(2014, 3_125.0, 1_000.0), (2015, 3_080.0, 970.0), (2016, 3_261.0, 1_120.0), (2017, 3_373.0, 1_210.0)],
        ),
    ];
    let mut seen = Vec::new();
    for file in ["ValeursFoncieres-2014-2017-44109-Nantes.txt.gz", "geo-dvf-2014-2017-44109-Nantes.csv.gz"] {
        let Some((db, data)) = ready().await else { return };
        let options = Options { perimetre: Some("44109".to_owned()), ..Options::default() };
        assert_eq!(imported(&db.pool, "dvf", data.join("dvf").join(file), &options).await, (43_799, 0));
        assert_eq!(count(&db.pool, "SELECT count(*) FROM data.dvf").await, 24_981, "one row per mutation");
        let prices = nantes_prices(&db.pool).await;
        for (kind, years) in expected {
            for (year, median, sales) in years {
                let (_, _, n, found) =
                    prices.iter().find(|(k, y, ..)| k == kind && *y == year).expect("every year has sales");
                assert!((found / median - 1.0).abs() < 0.005, "{file} {kind} {year}: {found} instead of {median}");
                let n = f64::from(i32::try_from(*n).unwrap());
                assert!((n / sales - 1.0).abs() < 0.04, "{file} {kind} {year}: {n} sales instead of about {sales}");
            }
        }
        seen.push(prices);
    }
    assert_eq!(seen[0], seen[1], "the two layouts tell the same sales");
}

#[tokio::test]
async fn a_neutralised_sample_has_no_usable_price() {
    let Some((db, data)) = ready().await else { return };
    let file = data.join("dvf/ValeursFoncieres-echantillon-neutralise-59.txt.gz");
    let options =
        Options { millesime: Some("2001".to_owned()), perimetre: Some("59".to_owned()), ..Options::default() };
    imported(&db.pool, "dvf", file, &options).await;
    assert_eq!(count(&db.pool, "SELECT count(*) FROM data.dvf WHERE exploitable").await, 0);
    assert!(count(&db.pool, "SELECT count(*) FROM data.dvf").await > 0);
}

#[tokio::test]
async fn old_contours_are_dissolved_into_current_communes() {
    let Some((db, data)) = ready().await else { return };
    let file = data.join("cog/contours/communes_2018_simplifie.geojsonl.gz");
    let options = Options { departement: Some("44".to_owned()), ..Options::default() };
    imported(&db.pool, "contours", file, &options).await;
    let pool = &db.pool;
    let all = count(pool, "SELECT count(*) FROM data.communes WHERE departement = '44'").await;
    assert_eq!(
        count(pool, "SELECT count(*) FROM data.communes WHERE departement = '44' AND geom IS NOT NULL").await,
        all
    );
    assert_eq!(count(pool, "SELECT count(*) FROM data.communes WHERE NOT ST_IsValid(geom)").await, 0);
    assert_eq!(
        text(pool, "SELECT kind || annee FROM data.contours_meta WHERE departement = '44'").await,
        "contours2018"
    );
    let area = count(pool, "SELECT sum(superficie_km2)::bigint FROM data.communes WHERE departement = '44'").await;
    assert!((6_700..7_100).contains(&area), "Loire-Atlantique has about 6 900 km², found {area}");
    let neighbours = "SELECT count(*) FROM data.communes_voisines WHERE code_insee = '44109' AND voisine = '44162'";
    assert_eq!(count(pool, neighbours).await, 1, "Saint-Herblain touches Nantes");
}

#[tokio::test]
async fn the_density_grid_is_read_from_its_workbook() {
    let Some((db, data)) = ready().await else { return };
    let file = data.join("cog/insee/grille_densite_7_niveaux_2025.xlsx");
    assert_eq!(imported(&db.pool, "densite", file, &Options::default()).await, (34_875, 0));
    let degrees = "SELECT string_agg(densite7 || ':' || n, ' ' ORDER BY densite7) FROM
                   (SELECT densite7, count(*) AS n FROM data.communes GROUP BY densite7) d";
    assert_eq!(text(&db.pool, degrees).await, "1:699 2:637 3:947 4:1996 5:5072 6:18288 7:7236");
    assert_eq!(count(&db.pool, "SELECT densite7::bigint FROM data.communes WHERE code_insee = '44109'").await, 1);
}

#[tokio::test]
async fn populations_follow_merged_communes() {
    let Some((db, data)) = ready().await else { return };
    let file = data.join("population/population_historique_cog_du_moment.csv.gz");
    imported(&db.pool, "population", file, &Options::default()).await;
    let pool = &db.pool;
    assert_eq!(count(pool, "SELECT count(DISTINCT annee) FROM data.population_historique").await, 9);
    // Vair-sur-Loire was born in 2016 of Anetz and Saint-Herblon.
    let merged = "SELECT code_source FROM data.population_historique WHERE code_insee = '44163' AND annee = 1999";
    assert_eq!(text(pool, merged).await, "44004+44163");
}

#[tokio::test]
async fn the_aggregated_social_stock_counts_communes_only_once() {
    let Some((db, data)) = ready().await else { return };
    let file = data.join("rpls/rpls_aggrege_2017.csv.gz");
    let options = Options { cog_annee: Some(2017), ..Options::default() };
    imported(&db.pool, "rpls", file, &options).await;
    let total = count(&db.pool, "SELECT sum(nb_ls)::bigint FROM data.rpls WHERE annee = 2017").await;
    assert!((4_500_000..5_200_000).contains(&total), "France had about 4.9 million social dwellings, found {total}");
}
