//! Allowances: payers that are not départements of the map, unanswered and estimated cells.

use super::{loads, refusal};
use crate::support::{count, text, with_communes};

const HEADER: &str =
    "departement;annee;prestation;lieu;beneficiaires;depenses_milliers_eur;estime;classeur;feuille;plage\n";

#[tokio::test]
async fn every_payer_is_known_and_no_missing_cell_becomes_zero() {
    let Some(db) = with_communes().await else { return };
    let rows = "1;2022;APA;domicile;7335;33741;;APA 2022.xlsx;Tab 3;B5:D110\nLoire-Atlantique;2022;APA;domicile;15000;nd;;;;\n\
                69M;2022;PCH;ensemble;9000;60000;oui;;;\n69D;2022;PCH;ensemble;nd;ns;;;;\n20;2022;PCH;ensemble;1500;11000;;;;\n\
                2A;2017;PCH;ensemble;700;5000;;;;\n";
    assert_eq!(loads(&db, "aides_dept", "aides_2022.csv", format!("{HEADER}{rows}")).await, (6, 0));
    let all = "SELECT string_agg(code_dept || ' ' || coalesce(beneficiaires::text, statut ->> 'beneficiaires') || ' '
                   || coalesce(depenses_milliers_eur::text, statut ->> 'depenses_milliers_eur'), ', ' ORDER BY code_dept)
               FROM data.aides_dept";
    assert_eq!(
        text(&db.pool, all).await,
        "01 7335 33741, 20 1500 11000, 2A 700 5000, 44 15000 nd, 69D nd ns, 69M 9000 60000"
    );
    let estimated = "SELECT code_dept FROM data.aides_dept WHERE statut ->> 'beneficiaires' = 'est'";
    assert_eq!(text(&db.pool, estimated).await, "69M");
    let origin =
        "SELECT origine ->> 'classeur' || ' ' || (origine ->> 'plage') FROM data.aides_dept WHERE code_dept = '01'";
    assert_eq!(text(&db.pool, origin).await, "APA 2022.xlsx B5:D110");
}

#[tokio::test]
async fn a_commune_is_led_to_who_pays_for_it() {
    let Some(db) = with_communes().await else { return };
    let payer = |code: &str, year: i32| {
        format!(
            "SELECT data.payeur_des_aides(departement, epci_siren, {year}) FROM data.communes WHERE code_insee = '{code}'"
        )
    };
    for (code, year, payer_code) in [
        ("69266", 2022, "69M"),
        ("69264", 2022, "69D"),
        ("2A004", 2022, "20"),
        ("2A004", 2017, "2A"),
        ("44109", 2022, "44"),
    ] {
        assert_eq!(text(&db.pool, &payer(code, year)).await, payer_code, "{code} in {year}");
    }
}

#[tokio::test]
async fn an_unknown_payer_or_benefit_is_refused() {
    let Some(db) = with_communes().await else { return };
    for (row, part) in [
        ("96;2022;APA;domicile;1;1;;;;\n", "payeur inconnu"),
        ("Loire-Infériorité;2022;APA;domicile;1;1;;;;\n", "payeur inconnu"),
        ("44;2022;RSA;domicile;1;1;;;;\n", "APA, PCH, ACTP ou ASH"),
        ("44;2022;APA;ailleurs;1;1;;;;\n", "domicile, etablissement ou ensemble"),
        ("44;2022;APA;domicile;12,5;1;;;;\n", "pas entier"),
        ("44;2022;APA;domicile;1;1;;;;\n44;2022;APA;domicile;2;1;;;;\n", "clé"),
    ] {
        let sentence = refusal(&db, "aides_dept", "aides_2022.csv", format!("{HEADER}{row}")).await;
        assert!(sentence.contains(part), "« {part} » is not in: {sentence}");
    }
    assert_eq!(count(&db.pool, "SELECT count(*) FROM data.aides_dept").await, 0);
}
