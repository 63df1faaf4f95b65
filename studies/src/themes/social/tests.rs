//! The three cities that the files tell whole or by arrondissement, and what a small stock may say.

use domain::fact::{FactStatus, ScopeKind};
use pretty_assertions::assert_eq;
use proptest::prelude::*;
use rust_decimal::Decimal;
use sqlx::PgPool;
use test_support::TestDb;

use super::{published, rate, stock, told};
use crate::themes::fixture::{dec, ordinary};
use crate::themes::raw::Social;
use crate::themes::sql;

/// Paris and its two invented arrondissements, in a département of their own.
const PARIS: &str = "
INSERT INTO data.departements VALUES ('75', 'Paris', '99', 'metro', '75056', 1);
INSERT INTO data.communes (code_insee, nom, nom_norm, departement, region, population, cog_annee, est_plm, source_id)
VALUES ('75056', 'Paris', 'paris', '75', '99', 3000, 2025, true, 1);
INSERT INTO data.arrondissements_plm (code, parent, nom, numero, population, source_id)
VALUES ('75111', '75056', 'Paris 11e', 11, 1000, 1), ('75112', '75056', 'Paris 12e', 12, 2000, 1);
INSERT INTO data.rp_housing (code_insee, millesime, cog_annee, log, rp, rsecocc, logvac, code_source, source_id)
SELECT code, 2021, 2024, rp, rp, 0, 0, code, 4
FROM (VALUES ('75056', 1000), ('75111', 400), ('75112', 600)) AS v (code, rp);";

async fn database(stock: &[(&str, i64, Option<&str>)]) -> TestDb {
    let db = test_support::database().await;
    sqlx::raw_sql(include_str!("../../log_01/tests/seed.sql")).execute(&db.pool).await.unwrap();
    sqlx::raw_sql(PARIS).execute(&db.pool).await.unwrap();
    for (code, number, mobility) in stock {
        sqlx::query(
            "INSERT INTO data.rpls (code_insee, annee, nb_ls, tx_mob, cog_annee, code_source, source_id)
             VALUES ($1, 2024, $2::int, $3::numeric, 2025, $1, 6)",
        )
        .bind(code)
        .bind(number)
        .bind(mobility)
        .execute(&db.pool)
        .await
        .unwrap();
    }
    let views = "REFRESH MATERIALIZED VIEW data.mv_rpls_zone; REFRESH MATERIALIZED VIEW data.mv_rp_housing_zone;";
    sqlx::raw_sql(views).execute(&db.pool).await.unwrap();
    db
}

async fn row(pool: &PgPool, commune: &str, scope: &str) -> Social {
    let none: &[String] = &[];
    let rows: Vec<Social> =
        sqlx::query_as(sql::SOCIAL).bind(commune).bind([scope].as_slice()).bind(none).fetch_all(pool).await.unwrap();
    assert_eq!(rows.len(), 1, "{commune} {scope}");
    rows.into_iter().next().unwrap()
}

#[tokio::test]
async fn a_file_that_knows_the_city_only_says_nothing_of_its_arrondissements() {
    let db = database(&[("75056", 250, Some("6.5"))]).await;
    let city = row(&db.pool, "75056", "com").await;
    assert_eq!((city.nb_ls, city.composee), (Some(250.into()), false));
    assert_eq!(rate(&city).value, Some(25.into()));
    let part = row(&db.pool, "75112", "com").await;
    let (number, share) = (stock(&part), rate(&part));
    assert_eq!((number.status, share.status), (FactStatus::Missing, FactStatus::Missing));
    assert_eq!(number.note.as_deref(), Some("publié pour la ville entière et non par arrondissement"));
    // 250 in Paris, 195 around Alba.
    assert_eq!(row(&db.pool, "75112", "dep").await.nb_ls, Some(250.into()));
    assert_eq!(row(&db.pool, "75112", "reg").await.nb_ls, Some(445.into()));
}

#[tokio::test]
async fn a_city_told_by_arrondissement_is_their_sum_and_one_of_them_without_a_row_has_none() {
    let db = database(&[("75112", 90, Some("4")), ("75056", 90, None)]).await;
    assert_eq!(row(&db.pool, "75112", "com").await.nb_ls, Some(90.into()));
    assert_eq!(rate(&row(&db.pool, "75112", "com").await).value, Some(15.into()));
    assert_eq!(row(&db.pool, "75111", "com").await.nb_ls, Some(Decimal::ZERO));
    let city = row(&db.pool, "75056", "com").await;
    assert_eq!(city.nb_ls, Some(90.into()), "counted once, though the file has the city as well");
    let mobility = published(&city, "tx_mob", city.tx_mob, city.mob_part);
    assert_eq!((mobility.value, mobility.status), (Some(4.into()), FactStatus::Modelled));
}

#[tokio::test]
async fn a_city_that_is_not_in_the_file_at_all_is_missing_and_not_nil() {
    let db = database(&[]).await;
    assert_eq!(row(&db.pool, "75056", "com").await.nb_ls, None);
    assert_eq!(row(&db.pool, "75112", "com").await.nb_ls, None);
    assert_eq!(row(&db.pool, "75112", "reg").await.nb_ls, None);
    assert_eq!(row(&db.pool, "99003", "com").await.nb_ls, Some(Decimal::ZERO), "any other commune has none");
}

fn town() -> Social {
    let raw = ordinary();
    raw.social.of(ScopeKind::Com).next().unwrap().clone()
}

#[test]
fn shares_by_financing_make_a_hundred() {
    let row = town();
    let total: Decimal = [row.plai, row.plus, row.pls, row.autres].into_iter().flatten().sum();
    assert_eq!(Some(total), row.nb_ls);
}

#[test]
fn a_mean_of_rates_needs_nine_tenths_of_the_dwellings_and_says_that_it_is_one() {
    let region = |part: &str| {
        let row = Social {
            scope: "reg".to_owned(),
            composee: true,
            tx_mob: Some(dec("8")),
            mob_part: Some(dec(part)),
            ..town()
        };
        published(&row, "tx_mob", row.tx_mob, row.mob_part).status
    };
    assert_eq!((region("0.95"), region("0.85")), (FactStatus::Modelled, FactStatus::Missing));
}

#[test]
fn what_the_file_lacks_is_missing_and_what_no_dwelling_has_is_not_applicable() {
    let row = town();
    assert_eq!(told(&row, "nb_t1t2", row.t1t2).status, FactStatus::Missing);
    let none = Social { nb_ls: Some(Decimal::ZERO), marques: vec![], ..town() };
    assert_eq!(told(&none, "nb_t1t2", None).status, FactStatus::NotApplicable);
    let few = Social { nb_ls: Some(Decimal::TEN), ..town() };
    assert_eq!((stock(&few).value, rate(&few).status), (Some(Decimal::TEN), FactStatus::Missing));
}

proptest! {
    /// Whatever the other columns hold, a secret stock yields nothing, and a secret figure is no figure.
    #[test]
    fn a_secret_is_never_a_figure(number in 0_i64..5_000, mobility in 0_i64..100, mark in "s|nd|est") {
        let row = Social { nb_ls: Some(number.into()), secret: true, tx_mob: Some(mobility.into()), ..town() };
        for figure in [stock(&row), rate(&row), published(&row, "tx_mob", row.tx_mob, Some(Decimal::ONE))] {
            prop_assert_eq!((figure.status, figure.value), (FactStatus::Secret, None));
        }
        let open = Social { secret: false, marques: vec![format!("tx_mob={mark}")], ..row };
        let figure = told(&open, "tx_mob", (mark != "s" && mark != "nd").then_some(mobility.into()));
        prop_assert_eq!(figure.value.is_some(), mark == "est");
    }
}
