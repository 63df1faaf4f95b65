//! An invented town of an invented intercommunality, for tests and for the sample sheet. Nothing here is a real figure.

mod kinds;
mod sample;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::fact::{FactSheet, ScopeKind};
use domain::ports::{CertificateCounts, CertificateMedian, EnergyCertificates};
use rust_decimal::Decimal;
use sqlx::PgPool;

use super::maps::{MapCommune, RawMap, Rings, Situation};
use super::raw::*;
use super::sql;
use crate::study::StudyInfo;
use indicators::scope_name;
use indicators::territory::{Place, Territory};

/// A study that prints every figure there is.
pub const EVERYTHING: StudyInfo = StudyInfo {
    code: "TOUT-01",
    title: "",
    promise: "",
    audience: "",
    questions: &[],
    contents: &[],
    limits: &[],
    figures: &[
        "adp.", "aff.", "ani.", "bes.", "bpe.", "cad.", "caf.", "dem.", "dpe.", "dvf.", "fil.", "fin.", "geo.", "log.",
        "lov.", "pro.", "ren.", "rpl.", "rpp.", "sit.", "sru.", "zon.",
    ],
    datasets: super::DATASETS,
    least_population: 0,
};

/// Every figure of a commune, from a database.
pub async fn collect(db: &PgPool, commune: &str, dpe: &dyn EnergyCertificates) -> FactSheet {
    let raw = super::read(db, commune, &EVERYTHING, super::Reach::Report(dpe)).await.unwrap();
    super::assemble(&EVERYTHING, &raw)
}

pub use kinds::{bare, secret, sheets};
pub use sample::keep as keep_sample;

const OWN: [ScopeKind; 5] = [ScopeKind::Com, ScopeKind::Epci, ScopeKind::Dep, ScopeKind::Reg, ScopeKind::Fr];
/// Size of each scope, the commune being one.
const WEIGHT: [i64; 5] = [1, 9, 40, 110, 1_900];

pub fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn some(value: i64) -> Option<Decimal> {
    Some(value.into())
}

/// What the scaffolding of every row is made of.
struct Frame {
    scope: String,
    annee: i32,
    sources: Vec<i32>,
    part: Decimal,
}

fn frame(scope: &str, annee: i32, source: i32) -> Frame {
    Frame { scope: scope.to_owned(), annee, sources: vec![source], part: Decimal::ONE }
}

/// Rows for the five scopes and for forty peers, from a function of (name, weight, wobble in per mille).
pub fn table<T>(
    dataset: &'static str,
    query: &'static str,
    sql: &'static str,
    row: impl Fn(&str, i64, i64) -> Vec<T>,
) -> Table<T> {
    let rows = OWN.iter().zip(WEIGHT).zip([0, -60, 45, 20, 110]);
    Table {
        dataset,
        query,
        sql,
        rows: rows.flat_map(|((kind, weight), wobble)| row(scope_name(*kind), weight, wobble)).collect(),
        peers: (0..40).flat_map(|n| row("sim", 1, n * 17 % 400 - 200)).collect(),
    }
}

/// `value` times weight, moved by a wobble in per mille.
pub fn moved(value: i64, weight: i64, wobble: i64) -> Decimal {
    Decimal::from(value * weight * (1_000 + wobble) / 1_000)
}

const DATASETS: [(i32, &str, &str, &str, &str); 18] = [
    (1, "population", "INSEE", "Populations municipales", "2024"),
    (2, "rp_demographics", "INSEE", "Évolution et structure de la population", "2021"),
    (3, "rp_housing", "INSEE", "Logement", "2021"),
    (4, "lovac", "DGALN et Cerema", "LOVAC", "2025"),
    (5, "rpls", "SDES", "Répertoire des logements locatifs sociaux", "2024"),
    (6, "zonage_abc", "DHUP", "Zonage ABC", "05/09/2025"),
    (7, "anil_loyers", "DHUP et ANIL", "Carte des loyers", "2025"),
    (8, "dvf", "DGFiP", "Demandes de valeurs foncières", "2020-2024"),
    (9, "filosofi", "INSEE, DGFiP, Cnaf, Cnav et CCMSA", "Fichier localisé social et fiscal", "2021"),
    (10, "projections", "INSEE", "Projections de population", "2018"),
    (11, "sitadel", "SDES", "Autorisations d’urbanisme créant des logements", "2025-10"),
    (31, "caf_communal", "CNAF", "Allocataires par commune", "2024"),
    (32, "aides_dept", "DREES", "Enquête Aide sociale", "2023"),
    (20, "communes", "INSEE", "Code officiel géographique", "2026"),
    (21, "contours", "IGN et INSEE", "Contours des communes", "2025"),
    (22, "bpe_equipements", "INSEE", "Base permanente des équipements", "2024"),
    (23, "rpps", "ANS", "Annuaire santé, accès libre", "2025-10-15"),
    (24, "finess", "ANS et DREES", "Établissements sanitaires et sociaux", "2025-10-15"),
];

/// A town of 8 142 dwellings with every dataset loaded for the whole country.
pub fn ordinary() -> Raw {
    let place = |code: &str, nom: &str| Place { code: code.to_owned(), nom: nom.to_owned() };
    let mut coverage = Coverage::default();
    for (_, dataset, ..) in DATASETS {
        for kind in OWN {
            coverage.0.insert((dataset.to_owned(), kind), true);
        }
    }
    let sources = DATASETS.map(|(id, dataset, producteur, titre, millesime)| {
        let own = |text: &str| text.to_owned();
        let (dataset, producteur, titre, millesime) = (own(dataset), own(producteur), own(titre), own(millesime));
        (
            id,
            Source {
                id,
                dataset,
                producteur,
                titre,
                millesime,
                licence: own("Licence Ouverte 2.0"),
                synthetique: true,
            },
        )
    });
    Raw {
        territory: Territory {
            commune: place("00000", "Ville-Exemple"),
            ville: "00000".to_owned(),
            epci: Some(place("200000000", "CC du Pays d’Exemple")),
            departement: place("00", "Département d’Exemple"),
            region: place("00", "Région d’Exemple"),
            population: 14_870,
            communes_epci: 16,
            communes_departement: 220,
            cog: 2026,
        },
        reference_version: 1,
        coverage,
        sources: BTreeMap::from(sources),
        people: super::people::samples::tables(),
        incomes: super::incomes::samples::tables(),
        prospects: super::prospects::samples::tables(),
        benefits: super::benefits::samples::tables(),
        housing: housing(),
        vacancy: vacancy(),
        social: social(),
        zoning: zoning(),
        rents: rents(),
        sales: sales(),
        sizes: super::sizes::samples::tables(),
        building: super::building::samples::tables(),
        transactions: super::transactions::samples::tables(),
        parcels: super::parcels::Tables::default(),
        sru: super::sru::Tables::default(),
        parameters: super::budget::samples::parameters(),
        around: super::territory::samples::ordinary(),
        energy: energy(),
        measures: measures(),
        map: map(),
    }
}

fn housing() -> Table<Housing> {
    table("rp_housing", "themes/logements", sql::LOGEMENTS, |scope, weight, wobble| {
        let vintage = |annee: i32, vacant: i64, total: i64| {
            let Frame { scope, sources, part, .. } = frame(scope, annee, 3);
            let log = Decimal::from(total * weight);
            let logvac = moved(vacant, weight, wobble);
            let rsecocc = moved(171, weight, -wobble);
            let rp = log - logvac - rsecocc;
            let of =
                |per_mille: i64, shift: i64| Some((rp * Decimal::new(per_mille * (1_000 + shift) / 1_000, 3)).round());
            // What is left of a whole once its other parts are known.
            let rest = |parts: &[Option<Decimal>]| parts.iter().copied().flatten().fold(rp, |left, part| left - part);
            let (rp_prop, rp_loc) = (of(612, wobble / 3), of(369, -wobble / 3));
            let rooms = [of(58, wobble), of(131, wobble), of(214, 0), of(267, 0)];
            let periods = [of(187, wobble), of(96, 0), of(171, 0), of(242, -wobble / 3), of(163, 0)];
            let moved_in = [of(131, wobble / 2), of(192, 0), of(188, 0)];
            Housing {
                scope,
                annee,
                sources,
                part,
                habitants: 14_870 * weight,
                log,
                rp,
                rsecocc,
                logvac,
                maison: Some((log * Decimal::new(582 + wobble / 5, 3)).round()),
                appart: Some((log * Decimal::new(409 - wobble / 5, 3)).round()),
                rp_1p: rooms[0],
                rp_2p: rooms[1],
                rp_3p: rooms[2],
                rp_4p: rooms[3],
                rp_5pp: Some(rest(&rooms)),
                rp_prop,
                rp_loc,
                rp_hlm: of(128, wobble / 2),
                rp_grat: Some(rest(&[rp_prop, rp_loc])),
                men: Some(rp),
                pmen: Some(rp * Decimal::new(2_090 - i64::from(annee - 2010) * 8, 3)),
                rp_hstu1p: of(901, 0),
                rp_hstu1p_surocc: of(31, wobble),
                achtot: Some(rp),
                ach19: periods[0],
                ach45: periods[1],
                ach70: periods[2],
                ach90: periods[3],
                ach05: periods[4],
                anem02: moved_in[0],
                anem04: moved_in[1],
                anem09: moved_in[2],
                anem10: Some(rest(&moved_in)),
                annee_m5: (annee > 2010).then_some(if annee == 2021 { 2015 } else { 2010 }),
                log_m5: (annee > 2010).then_some(Decimal::from(if annee == 2021 { 7_805 } else { 7_480 } * weight)),
            }
        };
        vec![vintage(2010, 601, 7_480), vintage(2015, 668, 7_805), vintage(2021, 705, 8_142)]
    })
}

fn vacancy() -> Table<Vacancy> {
    table("lovac", "themes/vacance", sql::VACANCE, |scope, weight, wobble| {
        let years = [(2020, 690, 402), (2021, 702, 398), (2022, 715, 405), (2023, 790, 410), (2024, 765, 412)];
        let rows = years.map(|(annee, vacant, long)| {
            let Frame { scope, sources, part, .. } = frame(scope, annee, 4);
            let stock = some(7_010 * weight);
            let (vac, vac2) = (Some(moved(vacant, weight, wobble)), Some(moved(long, weight, 2 * wobble)));
            Vacancy {
                sans_vac: 0,
                sans_vac2: i64::from(weight > 1),
                secret_vac: false,
                secret_vac2: false,
                secret_parc: false,
                scope,
                annee,
                sources,
                part,
                parc: stock,
                vac,
                vac2,
                tx_vac: vac,
                tx_parc: stock,
                tx2_vac2: vac2,
                tx2_parc: stock,
                part2_vac2: vac2,
                part2_vac: vac,
                parc_precedent: false,
            }
        });
        rows.into()
    })
}

fn social() -> Table<Social> {
    table("rpls", "themes/social", sql::SOCIAL, |scope, weight, wobble| {
        let Frame { scope, annee, sources, part } = frame(scope, 2024, 5);
        let nb_ls = moved(931, weight, wobble);
        let of = |per_mille: i64| Some((nb_ls * Decimal::new(per_mille, 3)).round());
        let (whole, plai, plus, pls) = (Some(Decimal::ONE), of(62), of(781), of(49));
        vec![Social {
            scope,
            annee,
            sources,
            part,
            nb_ls: Some(nb_ls),
            secret: false,
            composee: weight > 1,
            marques: vec!["age_moyen=nd".to_owned(), "nb_t1t2=nd".to_owned(), "nb_dpe_efg=nd".to_owned()],
            tx_vac: Some(dec("3.4") + Decimal::new(wobble, 3)),
            vac_part: whole,
            tx_vac3: Some(dec("1.6") + Decimal::new(wobble, 3)),
            vac3_part: whole,
            tx_mob: Some(dec("8.7") + Decimal::new(wobble, 2)),
            mob_part: whole,
            loyer: Some(dec("5.91") + Decimal::new(wobble, 3)),
            loyer_part: whole,
            age: None,
            age_part: None,
            neufs: of(12),
            plai,
            plus,
            pls,
            autres: [plai, plus, pls].into_iter().try_fold(nb_ls, |left, part| Some(left - part?)),
            t1t2: None,
            dpe: None,
            dpe_efg: None,
            rp: Some(Decimal::from(8_142 * weight) - moved(705, weight, wobble) - moved(171, weight, -wobble)),
            rp_sources: vec![3],
            rp_part: Decimal::ONE,
        }]
    })
}

fn zoning() -> Table<Zoning> {
    table("zonage_abc", "themes/zonage", sql::ZONAGE, |scope, _, _| {
        let Frame { scope, annee, sources, part } = frame(scope, 2025, 6);
        let date_effet = NaiveDate::from_ymd_opt(2025, 9, 5).unwrap();
        let zone_precedente = Some("C".to_owned());
        vec![Zoning { scope, annee, sources, part, zone: "B2".to_owned(), zone_precedente, date_effet }]
    })
}

fn rents() -> Table<Rent> {
    table("anil_loyers", "themes/loyers", sql::LOYERS, |scope, _, wobble| {
        let segments = [("app", "10.4", 64), ("app12", "12.1", 41), ("app3", "9.2", 23), ("mai", "9.8", 12)];
        let rows = segments.map(|(segment, rent, annonces)| {
            let Frame { scope, annee, sources, part } = frame(scope, 2025, 7);
            let rent = dec(rent) * Decimal::new(1_000 + wobble, 3);
            Rent {
                scope,
                annee,
                sources,
                part,
                segment: segment.to_owned(),
                loyer: rent,
                bas: Some(rent * dec("0.78")),
                haut: Some(rent * dec("1.27")),
                type_prediction: Some("commune".to_owned()),
                annonces: Some(annonces),
                r2: Some(dec("0.71")),
            }
        });
        rows.into()
    })
}

fn sales() -> Table<Sales> {
    table("dvf", "themes/ventes", sql::VENTES, |scope, weight, wobble| {
        let mut rows = Vec::new();
        for (kind, price, number) in [("appartement", 2_310, 84), ("maison", 1_980, 22)] {
            for (annee, fenetre, index) in [
                (2020, 1, 880),
                (2021, 1, 935),
                (2022, 1, 985),
                (2023, 1, 1_010),
                (2024, 1, 1_000),
                (2024, 3, 1_000),
                (2024, 5, 960),
            ] {
                let Frame { scope, sources, part, .. } = frame(scope, annee, 8);
                let med = Decimal::from(price * index * (1_000 + wobble)) / Decimal::from(1_000_000);
                rows.push(Sales {
                    scope,
                    annee,
                    sources,
                    part,
                    type_logement: kind.to_owned(),
                    fenetre,
                    n: number * weight * i64::from(fenetre),
                    med: Some(med),
                    q1: Some(med * dec("0.83")),
                    q3: Some(med * dec("1.19")),
                });
            }
        }
        rows
    })
}

fn energy() -> Energy {
    let counts = [("A", 41), ("B", 82), ("C", 401), ("D", 725), ("E", 562), ("F", 301), ("G", 198)];
    Energy::Counted(CertificateCounts {
        by_label: counts.iter().map(|(label, n)| ((*label).to_owned(), *n)).collect(),
        total: counts.iter().map(|(_, n)| n).sum(),
        asof: DateTime::<Utc>::from_timestamp(1_795_305_600, 0).unwrap(),
        fallback: false,
        dataset: "dpe03existant".to_owned(),
        answer_sha256: "0".repeat(64),
        synthetic: true,
    })
}

fn measures() -> Measures {
    let Energy::Counted(counts) = energy() else { return Measures::default() };
    let climate = [("A", 190), ("B", 310), ("C", 480), ("D", 540), ("E", 390), ("F", 260), ("G", 140)];
    let median = |value: i64| CertificateMedian {
        value: some(value),
        total: counts.total,
        asof: counts.asof,
        fallback: counts.fallback,
        dataset: counts.dataset.clone(),
        answer_sha256: counts.answer_sha256.clone(),
        synthetic: counts.synthetic,
    };
    let by_label = climate.map(|(label, n)| (label.to_owned(), n)).into();
    Measures {
        consumption: Some(median(238)),
        emissions: Some(median(34)),
        climate: Some(CertificateCounts { by_label, ..counts }),
    }
}

/// Sixteen cells of four kilometres, the town among them; one is secret, and takes a second one with it.
fn map() -> RawMap {
    let communes = (0..16_i64).map(|cell| {
        let own = cell == 5;
        let (x, y) = (350_000 + cell % 4 * 4_000, 6_690_000 + cell / 4 * 4_000);
        let bend = |shift: i64| shift + (cell * 7 % 5 - 2) * 90;
        let ring =
            [(0, 0), (2_000, bend(150)), (4_000, 0), (4_000 - bend(120), 2_000), (4_000, 4_000), (0, 4_000), (0, 0)];
        let points: Vec<_> = ring.iter().map(|(dx, dy)| [x + dx, y + dy]).collect();
        let secret = cell == 10;
        let rate = (!secret).then(|| if own { dec("5.877318") } else { Decimal::new(120 + cell * 37 % 73 * 7, 2) });
        MapCommune {
            code: if own { "00000".to_owned() } else { format!("000{:02}", cell + 10) },
            nom: if own {
                "Ville-Exemple".to_owned()
            } else {
                format!("Exemple-{}", char::from(b'A' + u8::try_from(cell).unwrap()))
            },
            rings: vec![points],
            population: Some(14_870 - cell * 700),
            tx2: rate,
            tx2_statut: secret.then(|| "s".to_owned()),
            tx: rate.map(|rate| rate * Decimal::TWO),
            tx_statut: secret.then(|| "s".to_owned()),
            tx_rp: Some(Decimal::new(700 + cell * 11, 2)),
            appt: Some((2_000 + cell * 35).into()),
            appt_n: Some(9 + cell),
            mais: Some((1_750 + cell * 28).into()),
            mais_n: Some(14 + cell),
            ventes_annee: Some(2024),
            equipements: Some(402 - cell * 21),
        }
    });
    RawMap {
        kind: "schematique".to_owned(),
        annee: "2026".to_owned(),
        source: "LObsTer".to_owned(),
        situation: Situation {
            departement: block(340_000, 6_680_000, 40_000),
            epci: block(350_000, 6_690_000, 16_000),
            commune: block(354_000, 6_694_000, 4_000),
        },
        communes: communes.collect(),
    }
}

/// A square ring.
fn block(x: i64, y: i64, side: i64) -> Rings {
    vec![vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]]
}
