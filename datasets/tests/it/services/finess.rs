//! Establishments: two sections without a header, Latin letters, codes of the producer's own overseas, five projections,
//! and the JSON flow that tells the same.

use super::{loads, refusal};
use crate::support::{count, text, with_communes};

/// One line of the first section.
fn structure(number: &str, name: &str, commune: &str, departement: &str, address: &str, category: &str) -> String {
    format!(
        "structureet;{number};{}0000001;{name};;;;5;R;DES ACACIAS;;;{commune};{departement};;{address};0240000000;;{category};Libellé;;;12345678900011;8899B;99;x;9;x;1966-06-01;;2025-01-15;\n",
        &number[..2]
    )
}

fn place(number: &str, x: &str, y: &str, projection: &str) -> String {
    format!("geolocalisation;{number};{x};{y};1,ATLASANTE,100,IGN,BD_ADRESSE,V2.2,{projection};2025-01-15\n")
}

/// Latin-1, as the producer writes.
fn latin(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

fn legacy() -> String {
    [
        "finess;etalab;94;2025-10-15\n".to_owned(),
        structure("440000001", "RÉSIDENCE LA CHÊNAIE", "109", "44", "44000 NANTES", "500"),
        structure("970400002", "CENTRE HOSPITALIER", "411", "9D", "97400 SAINT-DENIS", "355"),
        structure("970100003", "PHARMACIE", "105", "9A", "97100 BASSE-TERRE", "620"),
        structure("2A0000004", "MAISON DE SANTÉ", "004", "2A", "20000 AJACCIO", "603"),
        structure("010000005", "SANS COORDONNÉES", "4", "1", "01500 AMBERIEU", "500"),
        structure("970500006", "HORS CHAMP", "502", "9E", "97500 SAINT-PIERRE", "355"),
        place("440000001", "355577.8", "6689723.1", "LAMBERT_93"),
        place("970400002", "338807.6", "7690477.7", "UTM_S40"),
        place("970100003", "656674.7", "1796165.5", "UTM_N20"),
        place("2A0000004", "12", "34", "LAMBERT_93"),
    ]
    .concat()
}

const SUMMARY: &str =
    "SELECT string_agg(concat_ws(' ', nofinesset, code_insee, categorie, round(ST_X(geom)::numeric, 3),
                           round(ST_Y(geom)::numeric, 3)), ', ' ORDER BY nofinesset) FROM data.finess";

#[tokio::test]
async fn two_sections_become_one_table() {
    let Some(db) = with_communes().await else { return };
    let (kept, rejected) = loads(&db, "finess", "etalab-cs1100507-stock-20251015-0337.csv", latin(&legacy())).await;
    assert_eq!((kept, rejected), (5, 0), "the sixth is in no study");
    assert_eq!(
        text(&db.pool, SUMMARY).await,
        "010000005 01004 500, 2A0000004 2A004 603, 440000001 44109 500 -1.554 47.218, \
         970100003 97105 620 -61.534 16.241, 970400002 97411 355 55.450 -20.879"
    );
    let named = "SELECT raison_sociale || ' ' || code_postal || ' ' || date_ouverture || ' ' || qualite_geo FROM data.finess WHERE nofinesset = '440000001'";
    assert_eq!(
        text(&db.pool, named).await,
        "RÉSIDENCE LA CHÊNAIE 44000 1966-06-01 1,ATLASANTE,100,IGN,BD_ADRESSE,V2.2,LAMBERT_93"
    );
    let vintage = "SELECT millesime || ' ' || date_publication FROM data.data_sources WHERE dataset = 'finess'";
    assert_eq!(text(&db.pool, vintage).await, "2025-10-15 2025-10-15");
    let absurd =
        "SELECT count(*) FROM data.finess WHERE nofinesset = '2A0000004' AND geom IS NULL AND qualite_geo IS NOT NULL";
    assert_eq!(count(&db.pool, absurd).await, 1, "12 and 34 metres are nowhere in France");
}

#[tokio::test]
async fn a_semicolon_in_a_name_costs_one_line_and_no_other() {
    let Some(db) = with_communes().await else { return };
    let many: String = (0..1_200)
        .map(|n| structure(&format!("44000{n:04}"), "PHARMACIE", "109", "44", "44000 NANTES", "620"))
        .collect();
    let broken = structure("440009999", "PHARMACIE; DU PORT", "109", "44", "44000 NANTES", "620");
    let file = format!("finess;etalab;94;2025-10-15\n{many}{broken}");
    assert_eq!(loads(&db, "finess", "etalab.csv", latin(&file)).await, (1_200, 1));
    assert_eq!(
        text(&db.pool, "SELECT ligne || ' ' || motif FROM data.import_rejets").await,
        "1202 33 cellules au lieu de 32"
    );

    let twice = format!(
        "finess;etalab;94;2025-10-15\n{}",
        structure("440000001", "A", "109", "44", "44000 NANTES", "620").repeat(2)
    );
    let sentence = refusal(&db, "finess", "etalab.csv", latin(&twice)).await;
    assert!(sentence.contains("440000001") && sentence.contains("clé"), "{sentence}");
}

#[tokio::test]
async fn the_flow_tells_what_the_old_file_told() {
    let Some(db) = with_communes().await else { return };
    let establishment = |number: &str, name: &str, cog: &str, category: &str, place: &str, state: &str| {
        format!(
            r#"{{"informationsGeneralesEGE":{{"numFinessEge":"{number}","denominationEge":"{name}"}},"etatObjet":"{state}",
                "categorieEntiteGeographiqueExercice":{{"code":"{category}","system":"https://mos.esante.gouv.fr/NOS/TRE_R66"}},
                "siret":"12345678900011","adresse":{{"cogCommune":"{cog}","codePostal":"00000"{place}}}}}"#
        )
    };
    let metres = |x: &str, y: &str| {
        format!(r#","coordonneesGeographique":{{"coordonneeX":{x},"coordonneeY":"{y}","scoreBAN":0.9}}"#)
    };
    let entities = [
        [
            establishment("440000001", "Résidence", "44109", "500", &metres("355577.8", "6689723.1"), "ouvert"),
            establishment("970400002", "CH", "97411", "355", &metres("338807.6", "7690477.7"), "ouvert"),
            establishment("440000009", "Fermée", "44109", "500", "", "fermé"),
        ]
        .join(","),
        [
            establishment("970100003", "Pharmacie", "97105", "620", &metres("-61.534", "16.2411"), "ouvert"),
            establishment("2A0000004", "Maison", "2A004", "603", "", "ouvert"),
            establishment("010000005", "Sans", "01004", "500", "", "ouvert"),
        ]
        .join(","),
    ]
    .map(|ege| format!(r#"{{"informationsGeneralesPmej":{{"numFinessPm":"440000090"}},"ege":[{ege}]}}"#))
    .join(",");
    let flow = format!(r#"{{"gco":[{{"x":1}}],"pmej":[{entities}],"gcc":[]}}"#);
    assert_eq!(loads(&db, "finess", "structures-20260115.json", flow).await, (2, 0), "two legal entities");
    assert_eq!(
        text(&db.pool, SUMMARY).await,
        "010000005 01004 500, 2A0000004 2A004 603, 440000001 44109 500 -1.554 47.218, \
         970100003 97105 620 -61.534 16.241, 970400002 97411 355 55.450 -20.879"
    );
    assert_eq!(text(&db.pool, "SELECT millesime FROM data.data_sources WHERE dataset = 'finess'").await, "2026-01-15");
}

#[tokio::test]
async fn the_flat_variant_is_read_by_its_header() {
    let Some(db) = with_communes().await else { return };
    let flat = "nofinesset;nofinessej;rs;cog;codepostal;categetab;libcategetab;siret;dateouv;coordx;coordy;sourcegeocod\n\
                440000001;440000090;RESIDENCE;44109;44000;500;EHPAD;;1966-06-01;355577.8;6689723.1;1,ATLASANTE,V2.2,LAMBERT_93\n\
                970400002;970400090;CH;97411;97400;355;CH;;;;;\n";
    assert_eq!(loads(&db, "finess", "finess-20250901.csv", flat).await, (2, 0));
    assert_eq!(text(&db.pool, SUMMARY).await, "440000001 44109 500 -1.554 47.218, 970400002 97411 355");
}
