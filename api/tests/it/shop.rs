//! A catalogue and an atlas in memory: one study, two communes.

use std::io::Write as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use async_trait::async_trait;
use domain::{
    eligibility::{DroppedPage, Eligibility, EligibilityStatus},
    fact::{Fact, FactStatus, Peer, Provenance, Scope, ScopeKind},
    money::Price,
    ports::{
        Catalogue, CommunePage, CommuneRef, EpciRef, FigureMap, KeyFigures, LoadedFile, MapFigure, MapLevel, MapOf,
        MapSheet, Named, PortError, SourceNote, Specimen, StudySheet, Territories,
    },
};
use serde_json::json;

/// One study; every commune but 01001 may have it.
#[derive(Default)]
pub struct Window {
    pub synthetic: AtomicBool,
    /// How often key figures were asked for.
    pub read: AtomicU64,
}

pub fn price() -> Price {
    Price::before_tax(12_345, 2_000, "EUR")
}

#[async_trait]
impl Catalogue for Window {
    async fn studies(&self) -> Result<Vec<StudySheet>, PortError> {
        Ok(vec![StudySheet {
            code: "LOG-01",
            title: "Le logement",
            promise: "Tout sur le logement.",
            audience: "Communes",
            questions: &["Combien de logements ?"],
            contents: &[(1, "Couverture"), (2, "Synthèse")],
            limits: &["Pas de prévision."],
            price: price(),
        }])
    }

    async fn sources(&self, study: &str) -> Result<Vec<SourceNote>, PortError> {
        if study != "LOG-01" {
            return Err(PortError::Missing { service: "catalogue", what: study.to_owned() });
        }
        Ok(vec![SourceNote {
            dataset: "lovac".to_owned(),
            producteur: "Cerema".to_owned(),
            titre: "Logements vacants".to_owned(),
            millesime: "2024".to_owned(),
            licence: "Licence ouverte 2.0".to_owned(),
            synthetique: self.synthetic.load(Ordering::SeqCst),
        }])
    }

    async fn specimens(&self, study: &str) -> Result<Vec<Specimen>, PortError> {
        assert_eq!(study, "LOG-01");
        Ok(vec![Specimen {
            key: "vacance",
            title: "Vacance".to_owned(),
            measure: "En\u{a0}%".to_owned(),
            source: "Source\u{a0}: Cerema.".to_owned(),
            width: 330.0,
            height: 230.5,
            svg: "<svg/>".to_owned(),
        }])
    }

    async fn eligibility(&self, commune: &str) -> Result<Vec<Eligibility>, PortError> {
        let (status, reason) = match commune {
            "01001" => (EligibilityStatus::Unavailable, Some("données non chargées".to_owned())),
            _ => (EligibilityStatus::Reduced, None),
        };
        let dropped = DroppedPage { page: 2, title: "Synthèse".to_owned(), reason: "secret".to_owned() };
        Ok(vec![Eligibility { study: "LOG-01".to_owned(), status, dropped_pages: vec![dropped], reason }])
    }

    async fn key_figures(&self, commune: &str) -> Result<KeyFigures, PortError> {
        self.read.fetch_add(1, Ordering::SeqCst);
        let own = MapFigure {
            value: Some(rust_decimal::Decimal::new(24, 1)),
            text: "2,4\u{a0}%".to_owned(),
            status: FactStatus::Ok,
        };
        let map = FigureMap {
            indicator: "lov.tx2".to_owned(),
            label: "Vacance longue".to_owned(),
            unit: "pct".to_owned(),
            vintage: "2024".to_owned(),
            figures: [(commune.to_owned(), own)].into(),
        };
        Ok(KeyFigures { facts: vec![fact(commune, self.synthetic.load(Ordering::SeqCst))], map: Some(map) })
    }
}

pub fn fact(commune: &str, synthetic: bool) -> Fact {
    Fact {
        id: "lov.tx@com".to_owned(),
        label: "Taux de vacance".to_owned(),
        value: Some(rust_decimal::Decimal::new(81, 1)),
        unit: "pct".to_owned(),
        decimals: 1,
        text: "8,1\u{a0}%".to_owned(),
        status: FactStatus::Ok,
        n: None,
        moe: None,
        period: Some("2024".to_owned()),
        asof: None,
        note: None,
        better: "low".to_owned(),
        signed: false,
        provisional: false,
        scope: Scope { kind: ScopeKind::Com, code: commune.to_owned(), name: "Nantes".to_owned(), cog: 2026 },
        prov: Provenance {
            dataset: "lovac".to_owned(),
            producteur: "Cerema".to_owned(),
            vintage: "2024".to_owned(),
            load: "1".to_owned(),
            query: "vacance.sql".to_owned(),
            query_sha256: "00".to_owned(),
            formula: "vacants / parc".to_owned(),
            inputs: vec![],
            synthetic,
        },
        peer: Some(Peer {
            n: 34,
            p25: rust_decimal::Decimal::new(60, 1),
            p50: rust_decimal::Decimal::new(75, 1),
            p75: rust_decimal::Decimal::new(90, 1),
            pct: 62,
        }),
        anchors: vec![],
        base: vec![],
        time: vec![],
    }
}

pub struct Atlas;

pub const MAP_DIGEST: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
pub const MAP_DOCUMENT: &str = r#"{"type":"Topology"}"#;

fn commune(code: &str) -> Option<CommuneRef> {
    let nom = match code {
        "44109" => "Nantes",
        "01001" => "L’Abergement-Clémenciat",
        _ => return None,
    };
    Some(CommuneRef {
        code: code.to_owned(),
        nom: nom.to_owned(),
        departement: Named { code: code[..2].to_owned(), nom: "Loire-Atlantique".to_owned() },
        codes_postaux: vec!["44000".to_owned()],
        population: Some(325_070),
        arrondissement: false,
    })
}

#[async_trait]
impl Territories for Atlas {
    async fn search(&self, words: &str, limit: i64) -> Result<Vec<CommuneRef>, PortError> {
        let found = ["44109", "01001"].into_iter().filter_map(commune);
        let found = found.filter(|commune| commune.nom.to_lowercase().starts_with(&words.to_lowercase()));
        Ok(found.take(usize::try_from(limit).unwrap()).collect())
    }

    async fn commune(&self, code: &str) -> Result<Option<CommunePage>, PortError> {
        Ok(commune(code).map(|commune| CommunePage {
            loaded: commune.code == "44109",
            commune,
            region: Named { code: "52".to_owned(), nom: "Pays de la Loire".to_owned() },
            epci: Some(EpciRef { siren: "244400404".to_owned(), nom: "Nantes Métropole".to_owned(), nb_communes: 24 }),
            cog_annee: 2026,
        }))
    }

    async fn map_around(&self, code: &str) -> Result<Option<MapOf>, PortError> {
        let square = json!({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]});
        let feature = |code: &str, nom: &str| json!({"type": "Feature", "properties": {"code": code, "nom": nom}, "geometry": square.clone()});
        Ok(Some(MapOf {
            kind: "schematique".to_owned(),
            annee: 2026,
            source: "tracé de démonstration".to_owned(),
            features: json!({"type": "FeatureCollection", "features": [feature(code, "Nantes"), feature("44162", "Saint-Herblain")]}),
        }))
    }

    async fn loaded_files(&self) -> Result<Vec<LoadedFile>, PortError> {
        Ok(vec![LoadedFile {
            dataset: "lovac".to_owned(),
            titre: "Logements vacants".to_owned(),
            producteur: "Cerema".to_owned(),
            licence: "Licence Ouverte 2.0".to_owned(),
            millesime: "2024".to_owned(),
            perimetre: "FR".to_owned(),
            rows: 34_900,
            synthetic: true,
            loaded_at: chrono::DateTime::UNIX_EPOCH,
        }])
    }

    async fn map_sheet(&self, level: MapLevel, code: &str) -> Result<Option<MapSheet>, PortError> {
        Ok((level == MapLevel::Departement && code == "44").then(|| MapSheet {
            digest: MAP_DIGEST.to_owned(),
            kind: "contours".to_owned(),
            annee: 2025,
            source: "IGN".to_owned(),
            bytes: 19,
        }))
    }

    async fn map_document(&self, level: MapLevel, code: &str, digest: &str) -> Result<Option<Vec<u8>>, PortError> {
        let known = (level, code, digest) == (MapLevel::Departement, "44", MAP_DIGEST);
        Ok(known.then(|| {
            let mut packed = Vec::new();
            brotli::CompressorWriter::new(&mut packed, 4096, 5, 20).write_all(MAP_DOCUMENT.as_bytes()).unwrap();
            packed
        }))
    }
}
