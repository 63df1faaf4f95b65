//! The facts of the theme on the invented town, and its queries against a real PostgreSQL.

use async_trait::async_trait;
use domain::fact::{FactSheet, FactStatus};
use domain::ports::{CertificateCounts, CertificateMeasure, CertificateMedian, EnergyCertificates, PortError};
use pretty_assertions::assert_eq;
use proptest::prelude::*;
use test_support::TestDb;

use crate::themes::{assemble, fixture, three_squares};

#[test]
fn the_town_has_its_facts_at_every_scope_that_means_something() {
    let sheet = assemble(&crate::themes::fixture::EVERYTHING, &fixture::ordinary());
    for (id, text) in [
        ("geo.superficie@com", "41,0\u{a0}km²"),
        // 14 870 / 41
        ("geo.densite@com", "362,7\u{a0}hab./km²"),
        ("geo.nb_communes@epci", "9"),
        ("geo.rang_pop@dep", "3"),
        ("geo.strate@com", "de 10\u{202f}000 à 20\u{202f}000 habitants"),
        ("geo.voisines@com", "2"),
        ("geo.comparables@com", "40"),
        ("bpe.n@com", "402"),
        // 61 / 14 870
        ("bpe.dom[B]@com", "41,0"),
        // 10 of 11
        ("bpe.gamme[prox]@com", "90,9\u{a0}%"),
        ("bpe.gamme[prox]@epci", "100,0\u{a0}%"),
        ("bpe.manque@com", "8"),
        ("bpe.dist[lycee]@com", "8,2\u{a0}km"),
        ("rpp.n[mg]@com", "13"),
        // 12 / 14 870
        ("rpp.dens[mg]@com", "80,7"),
        ("rpp.acc10[mg]@com", "73,9"),
        ("fin.n[ehpad]@com", "2"),
        ("fin.dist[hopital]@com", "9,1\u{a0}km"),
    ] {
        assert_eq!(sheet.facts[id].text, text, "{id}: {:?}", sheet.facts[id]);
    }
    for id in ["geo.densite", "bpe.dom[B]", "bpe.gamme[prox]", "rpp.dens[mg]"] {
        assert!(sheet.facts[&format!("{id}@com")].peer.is_some(), "{id}");
        assert!(sheet.facts[&format!("{id}@sim")].status.is_citable(), "{id}");
    }
    assert!(!sheet.facts.contains_key("bpe.gamme[prox]@dep"));
    assert_eq!(sheet.facts["bpe.n@com"].prov.load, "1,22");
    assert_eq!(sheet.facts["bpe.n@com"].prov.dataset, "bpe_equipements");
    assert_eq!(sheet.exhibits["manque"].as_array().unwrap().len(), 4);
    assert_eq!(sheet.exhibits["manque"][0]["distance"], "bpe.dist[lycee]@com");
    assert_eq!(sheet.exhibits["manque"][3]["distance"], serde_json::Value::Null, "no fact: no number is printed");
    assert_eq!(sheet.exhibits["comparables"]["texte"], "communes de 10\u{202f}000 à 20\u{202f}000 habitants, zone B2");
}

#[test]
fn without_its_file_a_figure_is_missing_and_never_zero() {
    let mut raw = fixture::ordinary();
    for (dataset, prefix) in
        [("bpe_equipements", "bpe."), ("rpps", "rpp."), ("finess", "fin."), ("contours", "geo.densite")]
    {
        raw.coverage.0.retain(|(name, _), _| name != dataset);
        let sheet = assemble(&crate::themes::fixture::EVERYTHING, &raw);
        let facts: Vec<_> = sheet.facts.values().filter(|fact| fact.id.starts_with(prefix)).collect();
        assert!(!facts.is_empty());
        for fact in facts.iter().filter(|fact| !fact.id.ends_with("@sim")) {
            assert_eq!((fact.status, fact.value), (FactStatus::Missing, None), "{}", fact.id);
            assert!(fact.note.is_some() && !fact.prov.synthetic, "{}", fact.id);
        }
    }
}

#[test]
fn an_arrondissement_has_no_rank_and_no_neighbours_of_its_own() {
    let mut raw = fixture::ordinary();
    raw.territory.ville = "00099".to_owned();
    let sheet = assemble(&crate::themes::fixture::EVERYTHING, &raw);
    for id in ["geo.rang_pop@epci", "geo.voisines@com"] {
        assert_eq!(sheet.facts[id].status, FactStatus::NotApplicable, "{id}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// What covers only a part of a territory is not told as the whole.
    #[test]
    fn a_file_that_lacks_communes_gives_no_sum(part in 985_i32..1_000) {
        let mut raw = fixture::ordinary();
        let least = 995;
        for row in raw.around.facilities.rows.iter_mut().filter(|row| row.scope == "dep") {
            row.part = rust_decimal::Decimal::new(part.into(), 3);
        }
        let sheet = assemble(&crate::themes::fixture::EVERYTHING, &raw);
        prop_assert_eq!(sheet.facts["bpe.n@dep"].status.is_citable(), part >= least);
        prop_assert!(sheet.facts["bpe.n@com"].status.is_citable());
    }
}

/// No certificates, as on a bad day.
struct Away;

#[async_trait]
impl EnergyCertificates for Away {
    async fn by_label(&self, _: &[String]) -> Result<CertificateCounts, PortError> {
        Err(PortError::Transient { service: "ADEME", message: "503".to_owned(), retry_after: None })
    }

    async fn by_climate_label(&self, communes: &[String]) -> Result<CertificateCounts, PortError> {
        self.by_label(communes).await
    }

    async fn median(&self, _: &[String], _: CertificateMeasure, _: i64) -> Result<CertificateMedian, PortError> {
        Err(PortError::Transient { service: "ADEME", message: "503".to_owned(), retry_after: None })
    }
}

async fn seeded() -> TestDb {
    let db = test_support::database().await;
    for seed in [include_str!("../../log_01/tests/seed.sql"), include_str!("seed.sql")] {
        sqlx::raw_sql(seed).execute(&db.pool).await.unwrap();
    }
    let map = three_squares(["99001", "99002", "99003"]);
    sqlx::query(
        "INSERT INTO data.cartes (niveau, code, empreinte, annee, nature, source, octets, contenu, courante)
         SELECT niveau, code, repeat('0', 64), 2025, 'contours', 'IGN', 1, $1, true
         FROM (VALUES ('epci', '200000001'), ('departements', '99')) AS z (niveau, code)",
    )
    .bind(map)
    .execute(&db.pool)
    .await
    .unwrap();
    db
}

async fn sheet_of(db: &TestDb, commune: &str) -> FactSheet {
    crate::themes::fixture::collect(&db.pool, commune, &Away).await
}

#[tokio::test]
async fn figures_are_those_of_the_rows_and_sums_those_of_their_members() {
    let db = seeded().await;
    let sheet = sheet_of(&db, "99001").await;
    for (id, text) in [
        ("geo.superficie@com", "51,0\u{a0}km²"),
        // 5 100 / 51; 9 140 / 91.4
        ("geo.densite@com", "100,0\u{a0}hab./km²"),
        ("geo.densite@epci", "100,0\u{a0}hab./km²"),
        ("geo.nb_communes@epci", "3"),
        ("geo.nb_communes@dep", "4"),
        ("geo.rang_pop@epci", "1"),
        ("geo.voisines@com", "1"),
        ("bpe.n@com", "3"),
        ("bpe.n@epci", "6"),
        ("bpe.n@dep", "6"),
        // 2 / 5 100; 3 / 9 140; 3 / 10 150
        ("bpe.dom[B]@com", "3,9"),
        ("bpe.dom[B]@epci", "3,3"),
        ("bpe.dom[B]@dep", "3,0"),
        ("bpe.gamme[prox]@com", "100,0\u{a0}%"),
        ("bpe.gamme[sup]@com", "0,0\u{a0}%"),
        ("bpe.gamme[sup]@epci", "50,0\u{a0}%"),
        ("bpe.manque@com", "2"),
        ("bpe.dist[boulangerie]@com", "0,0\u{a0}km"),
        // 0.1° at 47.05° north
        ("bpe.dist[lycee]@com", "7,6\u{a0}km"),
        ("rpp.n[mg]@com", "2"),
        ("rpp.n[mg]@epci", "2"),
        // 1.5 / 5 100; 2 / 9 140
        ("rpp.dens[mg]@com", "29,4"),
        ("rpp.dens[mg]@epci", "21,9"),
        ("rpp.n[inf]@com", "1"),
        ("rpp.n[inf]@epci", "2"),
        // two doctors, 5 000 + 3 000 inhabitants: Cors is fifteen kilometres away
        ("rpp.acc10[mg]@com", "25,0"),
        ("fin.n[ehpad]@com", "0"),
        ("fin.n[ehpad]@epci", "1"),
        ("fin.dist[ehpad]@com", "15,2\u{a0}km"),
    ] {
        assert_eq!(sheet.facts[id].text, text, "{id}: {:?}", sheet.facts[id]);
    }
    let status = |id: &str| sheet.facts[id].status;
    assert_eq!(status("rpp.n[inf]@epci"), FactStatus::Modelled);
    assert_eq!(status("geo.superficie@dep"), FactStatus::Missing, "Dune, a tenth of the inhabitants, has no area");
    assert_eq!(sheet.facts["bpe.dist[gare]@com"].note.as_deref(), Some("aucun équipement localisé dans le fichier"));
    assert_eq!(sheet.facts["fin.dist[labo]@com"].note.as_deref(), Some("aucun établissement localisé dans le fichier"));
    for id in ["bpe.n@reg", "bpe.n@fr", "rpp.dens[mg]@reg"] {
        assert_eq!(status(id), FactStatus::Missing, "{id}: Elme is in no file");
    }
    let absent = sheet.exhibits["manque"].as_array().unwrap();
    assert_eq!(absent.iter().map(|line| line["service"].as_str().unwrap()).collect::<Vec<_>>(), ["gare", "lycee"]);
    assert_eq!(
        (absent[1]["nom"].as_str(), absent[1]["distance"].as_str()),
        (Some("Brel"), Some("bpe.dist[lycee]@com"))
    );
    assert_eq!(sheet.exhibits["voisines"][0]["nom"], "Brel");
    let second = sheet_of(&db, "99002").await;
    assert_eq!(second.facts["geo.rang_pop@epci"].text, "2");
    assert_eq!(second.exhibits["voisines"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn maps_are_those_made_at_import_and_neighbours_share_their_border() {
    let db = seeded().await;
    let sheet = sheet_of(&db, "99001").await;
    for name in ["carte", "carte_vacance"] {
        let map = &sheet.exhibits[name];
        assert_eq!(
            (map["kind"].as_str(), map["annee"].as_str(), map["source"].as_str()),
            (Some("contours"), Some("2025"), Some("IGN"))
        );
        let points = |code: &str| -> Vec<String> {
            let communes = map["communes"].as_array().unwrap();
            let commune = communes.iter().find(|commune| commune["code"] == code).unwrap();
            commune["rings"][0].as_array().unwrap().iter().map(ToString::to_string).collect()
        };
        let (alba, brel) = (points("99001"), points("99002"));
        assert_eq!(alba.iter().skip(1).filter(|point| brel.contains(point)).count(), 2, "{alba:?} {brel:?}");
    }
    let situation = &sheet.exhibits["situation"];
    assert_eq!(situation["departement"], situation["epci"], "the three squares are all there is");
    assert_eq!(situation["commune"][0].as_array().unwrap().len(), 5);
    let values = &sheet.exhibits["carte"]["valeurs"];
    assert_eq!(values["dem.pop"]["communes"]["99002"]["texte"], "3\u{202f}000");
    assert_eq!(values["bpe.n"]["communes"]["99003"]["texte"], "2");
    // A commune without an intercommunality is drawn from the map of its département.
    let alone = sheet_of(&db, "99004").await;
    assert_eq!(alone.exhibits["carte"]["communes"].as_array().unwrap().len(), 1);
    assert_eq!(alone.exhibits["situation"]["epci"].as_array().unwrap().len(), 0);
    assert_eq!(alone.exhibits["situation"]["departement"], situation["departement"]);
}
