//! Codes change their meaning with the years: communes join others, leave them again, or only change their code.

use std::path::PathBuf;

use datasets::Options;
use sqlx::PgPool;

use crate::support::{count, imported, scratch, text, with_communes};

/// Anetz joined Vair-sur-Loire in 2016. Sannerville joined Troarn as Saline in 2017 and left it at the end of 2019.
const EVENTS: &str = "\"MOD\",\"DATE_EFF\",\"TYPECOM_AV\",\"COM_AV\",\"TYPECOM_AP\",\"COM_AP\"
\"32\",\"2016-01-01\",\"COM\",\"44004\",\"COM\",\"44163\"
\"32\",\"2016-01-01\",\"COM\",\"44004\",\"COMD\",\"44004\"
\"32\",\"2017-01-01\",\"COM\",\"14666\",\"COM\",\"14712\"
\"32\",\"2017-01-01\",\"COM\",\"14712\",\"COM\",\"14712\"
\"21\",\"2019-12-31\",\"COM\",\"14712\",\"COM\",\"14712\"
\"21\",\"2019-12-31\",\"COM\",\"14712\",\"COM\",\"14666\"
";
const SHARES: &str = "annee_de;annee_a;code_de;code_a;typemodif;ratio
2019;2020;14712;14666;d;0.35
2019;2020;14712;14712;d;0.65
";

async fn import(pool: &PgPool, dataset: &str, name: &str, content: &str, cog: Option<i32>) {
    let file = scratch().join(name);
    std::fs::write(&file, content).unwrap();
    // Less than the whole country, so that national totals are not asked for.
    let options = Options { cog_annee: cog, perimetre: Some("essai".to_owned()), ..Options::default() };
    imported(pool, dataset, file.clone(), &options).await;
    std::fs::remove_dir_all(file.parent().unwrap()).unwrap();
}

async fn vacancy(pool: &PgPool, cog: i32, rows: &str) -> String {
    let content = format!("ANNEE;CODGEO;LIBGEO;pp_total;pp_vacant\n{rows}");
    import(pool, "lovac", "lovac_2021.csv", &content, Some(cog)).await;
    let found = "SELECT string_agg(code_insee || ' ' || coalesce(pp_total || coalesce(statut ->> 'pp_total', ''), statut ->> 'pp_total')
                        || ' ' || coalesce(pp_vacant || coalesce(statut ->> 'pp_vacant', ''), statut ->> 'pp_vacant'), ', ' ORDER BY code_insee)
                 FROM data.lovac";
    text(pool, found).await
}

#[tokio::test]
async fn a_restored_commune_gets_its_share_of_the_years_in_which_it_was_not() {
    let Some(db) = with_communes().await else { return };
    let pool = &db.pool;
    import(pool, "commune_passage", "v_mvt_commune_2024.csv", EVENTS, None).await;
    import(pool, "commune_passage", "passage_annuel_2024.csv", SHARES, None).await;

    let before = vacancy(pool, 2016, "2015;14666;;700;70\n2015;14712;;1300;130\n").await;
    assert_eq!(before, "14666 700 70, 14712 1300 130", "two communes before the merger");
    let during = vacancy(pool, 2018, "2018;14712;;2000;200\n").await;
    assert_eq!(during, "14666 700est 70est, 14712 1300est 130est", "one that is shared out, and says so");
    let small = vacancy(pool, 2018, "2018;14712;;2000;20\n").await;
    assert_eq!(small, "14666 700est s, 14712 1300est 13est", "a share below eleven is as secret as a figure");
    let after = vacancy(pool, 2021, "2021;14666;;710;71\n2021;14712;;1310;131\n").await;
    assert_eq!(after, "14666 710 71, 14712 1310 131", "two again");
}

#[tokio::test]
async fn a_merged_commune_adds_up_whatever_the_year_and_stays_exact() {
    let Some(db) = with_communes().await else { return };
    let pool = &db.pool;
    import(pool, "commune_passage", "v_mvt_commune_2024.csv", EVENTS, None).await;
    assert_eq!(vacancy(pool, 2015, "2015;44004;;900;60\n2015;44163;;1000;40\n").await, "44163 1900 100");
    assert_eq!(vacancy(pool, 2018, "2018;44163;;1950;90\n").await, "44163 1950 90");
}

#[tokio::test]
async fn a_split_without_shares_follows_the_inhabitants() {
    let Some(db) = with_communes().await else { return };
    let pool = &db.pool;
    import(pool, "commune_passage", "v_mvt_commune_2024.csv", EVENTS, None).await;
    let share = "SELECT round(ratio, 4)::text FROM data.rattachement_au(2018) WHERE code_source = '14712' AND code_insee = '14666'";
    let people = "SELECT round(max(population) FILTER (WHERE code_insee = '14666') / sum(population)::numeric, 4)::text
                  FROM data.communes WHERE code_insee IN ('14666', '14712')";
    assert_eq!(text(pool, share).await, text(pool, people).await);
    // Equal shares are what the yearly tables write where nobody counted: they change nothing.
    import(pool, "commune_passage", "passage_2024.csv", &SHARES.replace("0.35", "0.5").replace("0.65", "0.5"), None)
        .await;
    assert_eq!(text(pool, share).await, text(pool, people).await);
    assert_eq!(count(pool, "SELECT count(*) FROM data.rattachement WHERE code_source = '14712'").await, 1);
}

#[tokio::test]
async fn rates_of_a_merged_commune_are_recomputed_and_medians_are_marked() {
    let Some(db) = with_communes().await else { return };
    let pool = &db.pool;
    let header = "DepCom2017;TypeZone;Parc_HLM;Taux_de_vacance_numerateur;Taux_de_vacance_denominateur;\
                  Taux_de_mobilite_numerateur;Taux_de_mobilite_denominateur;Loyer_total;Surface_totale;moins_de_2_pieces;\
                  DPE_energie_classe_ABC;DPE_energie_classe_D;DPE_energie_classe_EFG;Parc_de_moins_d_un_an";
    let rows = "44004;Communes;20;1;20;2;20;6000;1000;5;5;5;5;0\n44163;Communes;80;7;80;6;80;24000;5000;15;30;30;15;4\n\
                ;Régions;9999;1;2;1;2;1;1;1;1;1;1;1\n";
    import(pool, "rpls", "rpls_2017.csv", &format!("{header}\n{rows}"), None).await;
    let merged = "SELECT concat_ws(' ', code_insee, nb_ls, nb_vacants, tx_vac, tx_mob, loyer_moyen, nb_t1t2, nb_dpe_efg, statut ->> 'tx_vac3')
                  FROM data.rpls";
    assert_eq!(text(pool, merged).await, "44163 100 8 8.0000 8.0000 5.0000 20 20 nd");

    let rents = "INSEE_C;loypredm2;lwr.IPm2;upr.IPm2;TYPPRED;nbobs_com;nbobs_mail;R2_adj\n\
                 44004;9,1;8;10;commune;40;400;0,8\n44163;8,2;7;10;commune;90;400;0,8\n44109;13,5;12;15;commune;900;900;0,9\n";
    import(pool, "anil_loyers", "pred-app-mef-dhup_2020.csv", rents, None).await;
    let rents = "SELECT string_agg(concat_ws(' ', code_insee, loyer_m2, statut ->> 'loyer_m2'), ', ' ORDER BY code_insee) FROM data.anil_loyers";
    assert_eq!(text(pool, rents).await, "44109 13.5, 44163 8.2 est");
}

#[tokio::test]
async fn a_median_after_a_merger_is_that_of_most_people_and_says_so() {
    let Some(db) = with_communes().await else { return };
    let pool = &db.pool;
    let header = "CODGEO;NBMENFISC21;NBPERSMENFISC21;MED21;PIMP21;TP6021;D121;D921;RD21";
    let rows =
        "44004;700;1800,5;21000;50,1;s;s;s;s\n44163;1000;2600;22500;51,2;9,9;12000;40000;3,3\n44109;s;s;s;s;s;s;s;s\n";
    import(pool, "filosofi", "cc_filosofi_2021_COM.csv", &format!("{header}\n{rows}"), None).await;
    let found = "SELECT string_agg(concat_ws(' ', code_insee, nbmen, nbpers, med, statuts ->> 'med', statuts ->> 'nbmenfisc'), ', ' ORDER BY code_insee)
                 FROM data.filosofi";
    assert_eq!(text(pool, found).await, "44109 s s, 44163 1700 4400.5 22500 est");

    let epci = "244400404;300000;650000;24480;60,5;13,2;13000;46000;3,5\n";
    import(pool, "filosofi", "cc_filosofi_2021_EPCI.csv", &format!("{header}\n{epci}"), None).await;
    assert_eq!(text(pool, "SELECT niveau || code || ' ' || med FROM data.filosofi_zones").await, "epci244400404 24480");
    assert_eq!(count(pool, "SELECT count(*) FROM data.filosofi").await, 2, "the communes are still there");
}

#[tokio::test]
async fn a_city_published_by_arrondissement_is_their_sum_and_is_counted_once() {
    let Some(db) = with_communes().await else { return };
    let pool = &db.pool;
    let rows: String = (1..=20).map(|n| format!("751{n:02};1000;2,5;1,0;8,0;9,1;60;800;100;40\n")).collect();
    let content = format!(
        "DEPCOM_ARM;nb_ls;tx_vac;tx_vac3;tx_mob;loymoy;nb_plai;nb_plus;nb_pls;nb_pli\n{rows}44109;34005;1;1;9;5;s;s;s;s\n"
    );
    import(pool, "rpls", "rpls_communes_2025.csv", &content, None).await;
    let city = "SELECT concat_ws(' ', nb_ls, nb_plai, nb_autres, tx_vac, statut ->> 'tx_vac') FROM data.rpls WHERE code_insee = '75056'";
    assert_eq!(text(pool, city).await, "20000 1200 0 nd");
    assert_eq!(text(pool, "SELECT statut ->> 'nb_plai' FROM data.rpls WHERE code_insee = '44109'").await, "s");
    let national = "SELECT sum(r.nb_ls)::bigint FROM data.rpls r JOIN data.communes c USING (code_insee)";
    assert_eq!(count(pool, national).await, 54_005);
}

#[tokio::test]
async fn a_missing_row_says_why() {
    let Some(db) = with_communes().await else { return };
    for (dataset, code, why) in [
        ("rp_housing", "97608", "nc"),
        ("dvf", "67482", "nc"),
        ("dvf", "44109", "ab"),
        ("rpls", "44109", "ab"),
        ("filosofi", "75101", "ab"),
    ] {
        let found = format!("SELECT data.statut_absent('{dataset}', '{code}')");
        assert_eq!(text(&db.pool, &found).await, why, "{dataset} {code}");
    }
    let content = "DEPCOM_ARM;nb_ls;tx_vac;tx_vac3;tx_mob;loymoy\n44109;34005;1;1;9;5\n";
    let file: PathBuf = scratch().join("rpls_communes_2025.csv");
    std::fs::write(&file, content).unwrap();
    let options = Options { departement: Some("44".to_owned()), ..Options::default() };
    imported(&db.pool, "rpls", file.clone(), &options).await;
    std::fs::remove_dir_all(file.parent().unwrap()).unwrap();
    assert_eq!(
        text(&db.pool, "SELECT data.statut_absent('rpls', '44001')").await,
        "ok",
        "no social dwelling is a zero"
    );
}

#[tokio::test]
async fn a_lone_secret_takes_the_smallest_member_of_its_epci_with_it() {
    let Some(db) = with_communes().await else { return };
    let pool = &db.pool;
    let members: Vec<String> =
        sqlx::query_scalar("SELECT code_insee FROM data.communes WHERE epci_siren = '244400404' ORDER BY 1")
            .fetch_all(pool)
            .await
            .unwrap();
    let rows =
        |secrets: usize| -> String {
            (0_usize..)
                .zip(&members)
                .map(|(n, code)| {
                    if n < secrets { format!("2020;{code};;900;s\n") } else { format!("2020;{code};;900;{}\n", 90 - n) }
                })
                .collect()
        };
    let hidden = "SELECT concat_ws(' ', count(*) FILTER (WHERE pp_vacant IS NULL AND statut ->> 'pp_vacant' = 's'),
                         (SELECT string_agg(p.code_insee, ' ') FROM data.lovac_publiable p JOIN data.lovac l USING (code_insee, annee)
                          WHERE p.pp_vacant IS NULL AND l.pp_vacant IS NOT NULL)) FROM data.lovac_publiable";
    vacancy(pool, 2025, &rows(1)).await;
    assert_eq!(text(pool, hidden).await, format!("2 {}", members.last().unwrap()));
    vacancy(pool, 2025, &rows(2)).await;
    assert_eq!(text(pool, hidden).await, "2", "two secrets protect each other");
    vacancy(pool, 2025, &rows(0)).await;
    assert_eq!(text(pool, hidden).await, "0", "nothing to protect");
}

#[tokio::test]
async fn greater_paris_has_its_second_level() {
    let Some(db) = with_communes().await else { return };
    let pool = &db.pool;
    assert_eq!(count(pool, "SELECT count(*) FROM data.ept").await, 11);
    assert_eq!(
        count(pool, "SELECT count(*) FROM data.communes WHERE ept_siren IS NOT NULL AND epci_siren = '200054781'")
            .await,
        129
    );
    assert_eq!(
        count(pool, "SELECT count(*) FROM data.communes WHERE epci_siren = '200054781' AND ept_siren IS NULL").await,
        1
    );
    assert_eq!(
        text(pool, "SELECT code_insee FROM data.communes WHERE epci_siren = '200054781' AND ept_siren IS NULL").await,
        "75056"
    );
}
