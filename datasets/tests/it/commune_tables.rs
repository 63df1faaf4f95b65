//! The commune tables against what is known of France, from the real files where they are on this machine, and the
//! generated ones against what studies read.

use std::path::PathBuf;

use datasets::{Options, Specimen, synthesize};
use sqlx::PgPool;
use test_support::{TestDb, shared_data};

use crate::support::{attempt, count, imported, reference, scratch, text, with_communes};

/// Communes and every passage that the data folder holds.
async fn with_history() -> Option<(TestDb, PathBuf)> {
    let data = shared_data()?;
    let db = with_communes().await?;
    for file in [
        "cog/passage_communes_2018_vers_2026.csv.gz",
        "cog/insee/v_mvt_commune_2024.csv.gz",
        "cog/passage_annuel_communes_2015_2024.csv.gz",
    ] {
        imported(&db.pool, "commune_passage", data.join(file), &Options::default()).await;
    }
    Some((db, data))
}

#[tokio::test]
async fn sixty_years_of_mergers_lose_nobody() {
    let Some((db, data)) = with_history().await else { return };
    let pool = &db.pool;
    let file = data.join("population/population_historique_cog_du_moment.csv.gz");
    assert_eq!(imported(pool, "population", file, &Options::default()).await, (327_960, 0));
    // Totals of the file itself, by year; eight codes merged in 2024 and 2025 are in no passage table yet.
    for (year, people) in [(1968, 49_654_552), (1990, 58_077_660), (2013, 64_933_400), (2024, 67_408_052)] {
        let sum = format!("SELECT sum(population)::bigint FROM data.population_historique WHERE annee = {year}");
        let lost = people - count(pool, &sum).await;
        assert!((0..=3_500).contains(&lost), "{year}: {lost} inhabitants lost of {people}");
    }
    // Neussargues included four communes from 2017 on that are independent again, at a date no passage tells.
    let parts =
        "SELECT string_agg(code_insee || ' ' || statut, ', ' ORDER BY code_insee) FROM data.population_historique
                 WHERE annee = 2018 AND code_source = '15141'";
    assert_eq!(text(pool, parts).await, "15031 est, 15035 est, 15047 est, 15141 est, 15171 est");
    let before = "SELECT string_agg(code_source || ' ' || statut, ', ') FROM data.population_historique WHERE annee = 2013 AND code_insee = '15031'";
    assert_eq!(text(pool, before).await, "15031 ok", "a census of 2013 knows it as it is today");
    let exact = "SELECT count(*) FROM data.population_historique WHERE annee = 1968 AND statut = 'ok'";
    assert!(count(pool, exact).await > 34_000, "with the events since 1943, old years are exact");
    let villages = "SELECT count(*) FROM data.communes c JOIN data.population_historique p USING (code_insee)
                    WHERE c.population = 0 AND p.annee = 2018 AND p.population = 0";
    assert_eq!(count(pool, villages).await, 6, "no inhabitants is a figure");
}

#[tokio::test]
async fn the_social_stock_of_2017_is_complete_after_the_passage() {
    let Some((db, data)) = with_history().await else { return };
    let pool = &db.pool;
    imported(pool, "rpls", data.join("rpls/rpls_aggrege_2017.csv.gz"), &Options::default()).await;
    // The file's own line « France » says 4 776 535; the rest belongs to a commune that no passage table resolves.
    let total = "SELECT sum(r.nb_ls)::bigint FROM data.rpls r JOIN data.communes c USING (code_insee)";
    assert_eq!(count(pool, total).await, 4_776_502);
    let nantes = "SELECT concat_ws(' ', nb_ls, nb_t1t2, nb_dpe_efg, nb_neufs, tx_vac, tx_mob, loyer_moyen) FROM data.rpls WHERE code_insee = '44109'";
    assert_eq!(text(pool, nantes).await, "34005 9859 427 557 0.9368 9.5398 5.4444");
    let shared = "SELECT string_agg(concat_ws(' ', code_insee, nb_ls, statut ->> 'nb_ls', statut ->> 'tx_vac'), ', ' ORDER BY code_insee)
                  FROM data.rpls WHERE code_source = '14712'";
    let found = text(pool, shared).await;
    assert!(found.starts_with("14666 115 est est, 14712"), "{found}");
}

#[tokio::test]
async fn a_decree_is_known_with_the_zones_before_it() {
    let Some((db, data)) = with_history().await else { return };
    let pool = &db.pool;
    let folder = data.join("zonage_abc");
    for (name, rows) in [
        ("liste-des-865-communes-reclassees-abc-juillet-2024.csv.gz", 865),
        ("liste-des-468-communes-reclassees-zonage-abc-5-septembre-2025.csv.gz", 468),
        ("liste-des-communes-zonage-abc-5-septembre-2025.csv.gz", 34_875),
        ("liste-des-19-communes-declassees-zonage-abc-5-septembre-2025.csv.gz", 19),
    ] {
        assert_eq!(imported(pool, "zonage_abc", folder.join(name), &Options::default()).await, (rows, 0), "{name}");
    }
    let known = "SELECT count(*) FROM data.zonage_abc WHERE zone_precedente IS NOT NULL";
    assert_eq!(count(pool, known).await, 468 + 19, "whichever of the files came first");
    let wrong = "SELECT count(*) FROM data.zonage_abc WHERE (mouvement <> 'Non') <> (zone_precedente IS NOT NULL) OR zone = zone_precedente";
    assert_eq!(count(pool, wrong).await, 0);
    let list = "SELECT count(*) FROM data.zonage_abc z JOIN data.zonage_abc_mouvements m USING (code_insee, date_effet) WHERE z.zone <> m.zone_apres";
    assert_eq!(count(pool, list).await, 0, "list and zoning agree");
    assert_eq!(
        text(pool, "SELECT zone_precedente || zone FROM data.zonage_abc WHERE code_insee = '2B184'").await,
        "B1B2"
    );
    let twice = "SELECT count(*) FROM data.zonage_abc_mouvements n JOIN data.zonage_abc_mouvements v USING (code_insee)
                 WHERE v.date_effet = '2024-07-01' AND n.date_effet = '2025-09-05' AND v.zone_apres <> n.zone_avant";
    assert_eq!(count(pool, twice).await, 0, "what one decree left is what the next one found");
}

#[tokio::test]
async fn the_reshaped_census_gives_people_and_no_dwellings() {
    let Some((db, data)) = with_history().await else { return };
    let pool = &db.pool;
    assert_eq!(
        imported(pool, "rp_demographics", data.join("rp/rp2018_communes_2000hab_plus.csv.gz"), &Options::default())
            .await,
        (5_416, 1)
    );
    let row = "SELECT concat_ws(' ', millesime, cog_annee, round(pop), round(femmes), pop_m5) FROM data.rp_demographics WHERE code_insee = '01004'";
    assert_eq!(text(pool, row).await, "2018 2020 14204 7348");
    assert_eq!(
        count(pool, "SELECT sum(pop)::bigint FROM data.rp_demographics d JOIN data.communes USING (code_insee)").await
            / 1_000_000,
        51
    );
    assert_eq!(count(pool, "SELECT count(DISTINCT modalite) FROM data.rp_details").await, 3);
}

async fn generated(pool: &PgPool, departement: &str, only: &[&str]) {
    let out = scratch();
    let Some(reference) = reference() else { return };
    let specimen = Specimen {
        departement: Some(departement),
        reference: &reference,
        out: &out,
        only,
        turnover: 0.0001,
        gzip: true,
    };
    for dataset in synthesize(&specimen).unwrap() {
        for file in dataset.files {
            let millesime = (dataset.dataset == "anil_loyers").then(|| "2025".to_owned());
            let options = Options { departement: Some(departement.to_owned()), millesime, ..Options::default() };
            attempt(pool, dataset.dataset, file, &options).await.unwrap();
        }
    }
    std::fs::remove_dir_all(out).unwrap();
}

#[tokio::test]
async fn generated_tables_have_every_figure_that_studies_read() {
    let Some(db) = with_communes().await else { return };
    let pool = &db.pool;
    generated(pool, "44", &["rp_housing", "rp_demographics", "rpls", "zonage_abc", "filosofi", "lovac"]).await;
    let all = count(pool, "SELECT count(*) FROM data.communes WHERE departement = '44'").await;
    for (what, sql) in [
        (
            "births and deaths of two periods",
            "SELECT count(*) FROM data.rp_demographics WHERE naissances + deces + naissances_m5 + deces_m5 > 0",
        ),
        (
            "bands for ageing",
            "SELECT count(*) FROM data.rp_details WHERE theme = 'age' AND modalite = '65p' AND sexe = 'T'",
        ),
        ("the pyramid", "SELECT count(*) / 14 FROM data.rp_details WHERE theme = 'age' AND sexe <> 'T'"),
        ("lone parents", "SELECT count(*) FROM data.rp_details WHERE theme = 'menages' AND modalite = 'menfammono'"),
        ("large families", "SELECT count(*) FROM data.rp_details WHERE theme = 'menages' AND modalite = 'ne24f4p'"),
        ("occupations", "SELECT count(*) / 8 FROM data.rp_details WHERE theme = 'csp' AND modalite <> '15p'"),
        ("dwellings ten years ago", "SELECT count(*) FROM data.rp_housing WHERE millesime = 2010 AND pmen / men > 1"),
        (
            "over-occupation",
            "SELECT count(*) FROM data.rp_housing WHERE millesime = 2021 AND rp_hstu1p_surocc < rp_hstu1p",
        ),
        (
            "periods of construction",
            "SELECT count(*) FROM data.rp_housing WHERE millesime = 2021 AND ach ? 'ach19' AND anem ? 'anem0002'",
        ),
        (
            "vacancy of two years",
            "SELECT count(*) FROM data.lovac WHERE annee = 2024 AND (pp_vacant_2ans IS NULL) = (statut ? 'pp_vacant_2ans')",
        ),
    ] {
        assert_eq!(count(pool, sql).await, all, "{what}");
    }
    assert!(
        count(pool, "SELECT count(*) FROM data.rpls WHERE nb_plai + nb_plus + nb_pls + nb_pli + nb_autres = nb_ls")
            .await
            > 50
    );
    assert!(count(pool, "SELECT count(*) FROM data.zonage_abc WHERE zone_precedente IS NOT NULL").await > 0);
    assert_eq!(count(pool, "SELECT count(*) FROM data.rp_housing WHERE statut <> 'ok' OR cog_annee <> 2025").await, 0);
}

#[tokio::test]
async fn a_source_that_leaves_a_departement_out_is_not_invented_there() {
    let Some(db) = with_communes().await else { return };
    let pool = &db.pool;
    generated(pool, "976", &["rp_housing", "rp_demographics", "filosofi", "lovac", "rpls"]).await;
    for table in ["rp_housing", "rp_demographics", "filosofi", "lovac"] {
        assert_eq!(count(pool, &format!("SELECT count(*) FROM data.{table}")).await, 0, "{table}");
    }
    assert!(count(pool, "SELECT count(*) FROM data.rpls").await > 0);
    assert_eq!(text(pool, "SELECT data.statut_absent('lovac', '97608')").await, "nc");
}
