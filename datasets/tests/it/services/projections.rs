//! Projections stop at the département, start from the estimated population, and come as long tables or workbooks.

use std::io::Write as _;

use datasets::Options;
use test_support::shared_data;

use super::{Scrap, loads, partial, refusal};
use crate::support::{attempt, count, imported, text, with_communes};

const HEADER: &str = "scenario;departement;sexe;age;annee;population\n";

#[tokio::test]
async fn ages_sexes_and_zones_are_understood() {
    let Some(db) = with_communes().await else { return };
    let rows = "central;1;1;0-19;2018;79822,9\ncentral;1;F;75+;2018;1000\ncentral;974;2;62;2019;12\n";
    assert_eq!(loads(&db, "projections", "projections_2018.csv", format!("{HEADER}{rows}")).await, (3, 0));
    let all =
        "SELECT string_agg(concat_ws(' ', code_zone, sexe, age_min, age_max, annee, population, modele, base_rp), ', '
               ORDER BY code_zone, sexe) FROM data.projections WHERE niveau = 'DEP'";
    assert_eq!(
        text(&db.pool, all).await,
        "01 F 75 120 2018 1000 Omphale 2022 2018, 01 H 0 19 2018 79822.9 Omphale 2022 2018, 974 F 62 62 2019 12 Omphale 2022 2018"
    );
}

#[tokio::test]
async fn nothing_below_the_departement_is_accepted() {
    let Some(db) = with_communes().await else { return };
    for zone in ["44109", "200046977", "96"] {
        let rows = format!("{HEADER}central;{zone};1;0-19;2018;1000\n");
        let sentence = refusal(&db, "projections", "projections_2018.csv", rows).await;
        assert!(sentence.contains("une commune n’a pas de projection"), "{sentence}");
    }
    let twice = format!("{HEADER}{}", "central;44;1;0-19;2018;1000\n".repeat(2));
    assert!(refusal(&db, "projections", "projections_2018.csv", twice).await.contains("clé"));
    let forced = sqlx::query(
        "INSERT INTO data.projections VALUES ('central', 'DEP', '44109', 'T', 0, 120, 2018, 1, 'Omphale', 2018, 1)",
    )
    .execute(&db.pool)
    .await;
    assert!(forced.is_err(), "the table itself refuses a commune");
}

#[tokio::test]
async fn a_workbook_of_one_scenario_becomes_long() {
    let Some(db) = with_communes().await else { return };
    let sheet = [
        vec!["Projections de population", "", "", ""],
        vec!["code", "libellé", "pop_2013", "pop_2014"],
        vec!["01", "Ain", "619497", "627000"],
        vec!["974", "La Réunion", "835103", "840000"],
        vec!["Source : Insee, Omphale 2017", "", "", ""],
    ];
    let scrap = Scrap::new("projections_scenario_central.xlsx", workbook("Population_DEP", &sheet));
    assert_eq!(imported(&db.pool, "projections", scrap.path(), &partial()).await, (2, 0));
    let all = "SELECT string_agg(concat_ws(' ', scenario, code_zone, annee, population, modele), ', ' ORDER BY code_zone, annee)
               FROM data.projections WHERE sexe = 'T' AND age_min = 0 AND age_max = 120";
    assert_eq!(
        text(&db.pool, all).await,
        "central 01 2013 619497 Omphale 2017, central 01 2014 627000 Omphale 2017, \
         central 974 2013 835103 Omphale 2017, central 974 2014 840000 Omphale 2017"
    );
    let gap = [vec!["code", "pop_2013", "pop_2015"], vec!["01", "619497", "627000"]];
    let scrap = Scrap::new("projections_scenario_haut.xlsx", workbook("Population_DEP", &gap));
    let refused = attempt(&db.pool, "projections", scrap.path(), &partial()).await.unwrap_err().to_string();
    assert!(refused.contains("ne se suivent pas"), "{refused}");
}

#[tokio::test]
async fn a_projection_starts_from_the_estimated_population() {
    let Some(data) = shared_data() else { return };
    let Some(db) = with_communes().await else { return };
    let file = data.join("projections/estim-pop-dep-sexe-gca-2019.xls");
    assert_eq!(imported(&db.pool, "population_departements", file, &Options::default()).await, (101, 0));
    let pool = &db.pool;
    let ain = "SELECT string_agg(concat_ws(' ', age_min, age_max, population), ', ' ORDER BY age_min, age_max)
               FROM data.population_departements WHERE code_dept = '01' AND sexe = 'H' AND annee = 2019";
    assert_eq!(text(pool, ain).await, "0 19 86359, 0 120 321928, 20 39 75242, 40 59 89278, 60 74 49523, 75 120 21526");
    let france = "SELECT sum(population)::bigint FROM data.population_departements WHERE sexe = 'T' AND age_min = 0 AND age_max = 120";
    assert_eq!(count(pool, france).await, 66_992_699);

    let estimated: Vec<(String, i32)> = sqlx::query_as(
        "SELECT code_dept, population FROM data.population_departements WHERE sexe = 'T' AND age_min = 0 AND age_max = 120",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let projected = |factor: f64| -> String {
        let rows = estimated.iter().map(|(code, n)| {
            // One département alone is wrong: a national sum would not show it.
            let n = f64::from(*n) * if code == "44" { factor } else { 1.0 };
            format!("central;{code};1;0+;2019;{}\ncentral;{code};2;0+;2019;{}\n", n * 0.49, n * 0.51)
        });
        format!("{HEADER}{}", rows.collect::<String>())
    };
    let wrong = Scrap::new("projections_2019.csv", projected(1.02));
    let refused = attempt(pool, "projections", wrong.path(), &Options::default()).await.unwrap_err().to_string();
    assert!(refused.contains("plus de 1 % de leur population estimée = 1"), "{refused}");
    let right = Scrap::new("projections_2019.csv", projected(1.004));
    assert_eq!(imported(pool, "projections", right.path(), &Options::default()).await, (202, 0));
}

/// The smallest workbook that holds one sheet of texts.
fn workbook(sheet: &str, rows: &[Vec<&str>]) -> Vec<u8> {
    let cells: String = (1..)
        .zip(rows)
        .map(|(line, row)| {
            let cells = ('A'..)
                .zip(row)
                .filter(|(_, text)| !text.is_empty())
                .map(|(column, text)| format!("<c r=\"{column}{line}\" t=\"inlineStr\"><is><t>{text}</t></is></c>"));
            format!("<row r=\"{line}\">{}</row>", cells.collect::<String>())
        })
        .collect();
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PARTS: &str = "http://schemas.openxmlformats.org/package/2006";
    let parts = [
        (
            "[Content_Types].xml",
            format!(
                "<Types xmlns=\"{PARTS}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
                 <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
                 <Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>\
                 <Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PARTS}/relationships\"><Relationship Id=\"r1\" Type=\"{LINKS}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{PARTS}/relationships\"><Relationship Id=\"r1\" Type=\"{LINKS}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{LINKS}\"><sheets><sheet name=\"{sheet}\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        ("xl/worksheets/sheet1.xml", format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{cells}</sheetData></worksheet>")),
    ];
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in parts {
        archive.start_file(name, stored).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
