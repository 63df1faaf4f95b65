//! Communes as people look for them, on a handful of rows.

use domain::ports::Territories;
use infra::{
    pools::{self, Role},
    territories::PgTerritories,
};
use test_support::TestDb;

/// Nantes and its neighbours with shapes, Saint-Denis twice, a village, and Lyon with an arrondissement.
const ROWS: &str = "
  INSERT INTO data.import_runs (dataset, statut, version_importeur) VALUES ('communes', 'promu', 1);
  INSERT INTO data.data_sources (dataset, producteur, titre, licence, millesime, cog_annee, fichier, sha256,
      sha256_decompresse, octets, lignes_lues, lignes_gardees, import_run_id, nature)
    VALUES ('communes', 'Insee', 'Code officiel géographique', 'LO 2.0', '2026', 2026, 'c', '', '', 1, 1, 1, 1, ''),
           ('contours', 'Producteur', 'Contours', 'LO 2.0', '2018', 2026, 'g', '', '', 1, 1, 1, 1, 'contours');
  INSERT INTO data.regions VALUES ('52', 'Pays de la Loire', 'metro', 1), ('84', 'Auvergne-Rhône-Alpes', 'metro', 1);
  INSERT INTO data.departements VALUES ('44', 'Loire-Atlantique', '52', 'metro', '44109', 1),
    ('69', 'Rhône', '84', 'metro', '69123', 1), ('93', 'Seine-Saint-Denis', '11', 'metro', NULL, 1);
  INSERT INTO data.epci (siren, nom, type, cog_annee, source_id)
    VALUES ('244400404', 'Nantes Métropole', 'METRO', 2026, 1);
  INSERT INTO data.communes (code_insee, nom, nom_norm, departement, region, epci_siren, population, codes_postaux,
      cog_annee, est_plm, geom, source_id, contour_source_id)
    SELECT code, nom, data.nom_norm(nom), dep, reg, epci, pop, string_to_array(cp, ' '), 2026, code = '69123',
           CASE WHEN epci IS NOT NULL
                THEN ST_Multi(ST_MakeEnvelope(-1.6 + n * 0.1, 47.2, -1.5 + n * 0.1, 47.3, 4326)) END, 1,
           CASE WHEN epci IS NOT NULL THEN 2 END
    FROM (VALUES ('44109', 'Nantes', '44', '52', '244400404', 323204, '44000 44100 44200 44300', 0),
                 ('44162', 'Saint-Herblain', '44', '52', '244400404', 50000, '44800', 1),
                 ('44143', 'Rezé', '44', '52', '244400404', 42919, '44400', 2),
                 ('44110', 'Nantua-sur-Mer', '44', '52', NULL, 12, '44990', 0),
                 ('93066', 'Saint-Denis', '93', '11', NULL, 149077, '93200 93210', 0),
                 ('44999', 'Le Saint', '44', '52', NULL, 0, '44000', 0),
                 ('69123', 'Lyon', '69', '84', NULL, 522250, '69001 69002', 0)) v (code, nom, dep, reg, epci, pop, cp, n);
  INSERT INTO data.arrondissements_plm (code, parent, nom, numero, population, codes_postaux, source_id)
    VALUES ('69381', '69123', 'Lyon 1er Arrondissement', 1, 28000, '{69001}', 1);";

async fn territories() -> (TestDb, PgTerritories) {
    let db = test_support::database().await;
    sqlx::raw_sql(ROWS).execute(&db.pool).await.unwrap();
    let pool = pools::connect(&db.url, Role::Api, 2).await.unwrap();
    (db, PgTerritories::new(pool))
}

async fn found(territories: &PgTerritories, words: &str) -> Vec<String> {
    territories.search(words, 5).await.unwrap().into_iter().map(|commune| commune.nom).collect()
}

#[tokio::test]
async fn names_are_found_however_they_are_typed() {
    let (_db, territories) = territories().await;
    assert_eq!(found(&territories, "nantes").await, ["Nantes"]);
    assert_eq!(found(&territories, "NANT").await, ["Nantes", "Nantua-sur-Mer"], "beginnings, by population");
    assert_eq!(found(&territories, "st herblain").await, ["Saint-Herblain"]);
    assert_eq!(found(&territories, "  réze ").await, ["Rezé"]);
    assert_eq!(found(&territories, "saint").await, ["Saint-Denis", "Saint-Herblain", "Le Saint"]);
    assert_eq!(found(&territories, "lyon 1").await, ["Lyon 1er Arrondissement"]);
    assert_eq!(found(&territories, "lyon").await, ["Lyon", "Lyon 1er Arrondissement"]);
    assert_eq!(found(&territories, "nanttes").await[0], "Nantes", "a spelling mistake");
}

#[tokio::test]
async fn codes_are_found_insee_first() {
    let (_db, territories) = territories().await;
    assert_eq!(found(&territories, "44109").await, ["Nantes"]);
    assert_eq!(found(&territories, "44000").await, ["Nantes", "Le Saint"]);
    assert_eq!(found(&territories, "69001").await, ["Lyon", "Lyon 1er Arrondissement"]);
    assert_eq!(found(&territories, "932").await, ["Saint-Denis"]);
    assert_eq!(found(&territories, "2A004").await, Vec::<String>::new());
}

#[tokio::test]
async fn nothing_typed_or_a_trick_finds_nothing() {
    let (_db, territories) = territories().await;
    for words in ["", "%", "_____", "'; DROP TABLE data.communes; --", "zzzzzz"] {
        assert_eq!(found(&territories, words).await, Vec::<String>::new(), "{words}");
    }
}

#[tokio::test]
async fn a_commune_comes_with_what_surrounds_it() {
    let (_db, territories) = territories().await;
    let nantes = territories.commune("44109").await.unwrap().unwrap();
    assert_eq!(
        (nantes.region.nom.as_str(), nantes.commune.departement.nom.as_str()),
        ("Pays de la Loire", "Loire-Atlantique")
    );
    let epci = nantes.epci.unwrap();
    assert_eq!((epci.nom.as_str(), epci.nb_communes), ("Nantes Métropole", 3));
    assert!(!nantes.loaded, "no census dwellings are loaded");
    let first = territories.commune("69381").await.unwrap().unwrap();
    assert!(first.commune.arrondissement && first.epci.is_none());
    assert_eq!((first.commune.nom.as_str(), first.region.code.as_str()), ("Lyon 1er Arrondissement", "84"));
    for unknown in ["69382", "00000", "nantes", ""] {
        assert!(territories.commune(unknown).await.unwrap().is_none(), "{unknown}");
    }
}

#[tokio::test]
async fn a_map_shows_the_communes_of_the_epci() {
    let (db, territories) = territories().await;
    let map = territories.map_around("44109").await.unwrap().unwrap();
    assert_eq!((map.kind.as_str(), map.annee), ("contours", 2018));
    assert!(map.source.contains("Contours"), "{}", map.source);
    let features = map.features["features"].as_array().unwrap();
    let codes: Vec<_> = features.iter().map(|feature| feature["properties"]["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["44109", "44143", "44162"]);
    assert_eq!(features[0]["geometry"]["type"], "MultiPolygon");
    assert_eq!(map.features["type"], "FeatureCollection");
    assert!(territories.map_around("93066").await.unwrap().is_none(), "no outline is loaded there");
    sqlx::query("UPDATE data.data_sources SET nature = 'schematique' WHERE dataset = 'contours'")
        .execute(&db.pool)
        .await
        .unwrap();
    assert_eq!(territories.map_around("44162").await.unwrap().unwrap().kind, "schematique");
}

#[tokio::test]
async fn a_commune_without_epci_is_shown_among_its_neighbours() {
    let (db, territories) = territories().await;
    sqlx::raw_sql(
        "UPDATE data.communes SET epci_siren = NULL WHERE code_insee = '44143';
         INSERT INTO data.communes_voisines VALUES ('44143', '44162')",
    )
    .execute(&db.pool)
    .await
    .unwrap();
    let map = territories.map_around("44143").await.unwrap().unwrap();
    assert_eq!(map.features["features"].as_array().unwrap().len(), 2);
}
