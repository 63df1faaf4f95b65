//! The facts of the theme on the invented town, and its queries against a real PostgreSQL.

use domain::fact::FactStatus;
use pretty_assertions::assert_eq;
use proptest::prelude::*;

use crate::themes::{assemble, fixture};

#[test]
fn the_town_has_its_facts_at_every_scope_that_means_something() {
    let sheet = assemble("LOG-01", &fixture::ordinary());
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
    for (dataset, prefix) in [("bpe_equipements", "bpe."), ("rpps", "rpp."), ("finess", "fin."), ("contours", "geo.densite")] {
        raw.coverage.0.retain(|(name, _), _| name != dataset);
        let sheet = assemble("LOG-01", &raw);
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
    let sheet = assemble("LOG-01", &raw);
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
        let sheet = assemble("LOG-01", &raw);
        prop_assert_eq!(sheet.facts["bpe.n@dep"].status.is_citable(), part >= least);
        prop_assert!(sheet.facts["bpe.n@com"].status.is_citable());
    }
}
