//! An invented town of an invented intercommunality, for tests and for the sample sheet. Nothing here is a real figure.

mod kinds;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use domain::fact::ScopeKind;
use domain::ports::CertificateCounts;
use rust_decimal::Decimal;

use super::raw::*;
use super::sql;
use indicators::scope_name;
use indicators::territory::{Place, Territory};

pub use kinds::{secret, sheets};

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
fn table<T>(
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
fn moved(value: i64, weight: i64, wobble: i64) -> Decimal {
    Decimal::from(value * weight * (1_000 + wobble) / 1_000)
}

const DATASETS: [(i32, &str, &str, &str, &str); 8] = [
    (1, "population", "INSEE", "Populations municipales", "2024"),
    (2, "rp_demographics", "INSEE", "Évolution et structure de la population", "2021"),
    (3, "rp_housing", "INSEE", "Logement", "2021"),
    (4, "lovac", "DGALN et Cerema", "LOVAC", "2025"),
    (5, "rpls", "SDES", "Répertoire des logements locatifs sociaux", "2024"),
    (6, "zonage_abc", "DHUP", "Zonage ABC", "05/09/2025"),
    (7, "anil_loyers", "DHUP et ANIL", "Carte des loyers", "2025"),
    (8, "dvf", "DGFiP", "Demandes de valeurs foncières", "2020-2024"),
];

/// A town of 8 142 dwellings with every dataset loaded for the whole country.
pub fn ordinary() -> Raw {
    let place = |code: &str, nom: &str| Place { code: code.to_owned(), nom: nom.to_owned() };
    let mut coverage = Coverage::default();
    for (_, dataset, ..) in DATASETS.iter().chain(&[(9, "filosofi", "", "", "")]) {
        for kind in OWN {
            coverage.0.insert(((*dataset).to_owned(), kind), *dataset != "filosofi");
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
        population: population(),
        demography: demography(),
        housing: housing(),
        vacancy: vacancy(),
        social: social(),
        zoning: zoning(),
        rents: rents(),
        sales: sales(),
        income: Table { dataset: "filosofi", query: "themes/revenus", sql: sql::REVENUS, rows: vec![], peers: vec![] },
        energy: energy(),
        map: map(),
    }
}

fn population() -> Table<Population> {
    table("population", "themes/population", sql::POPULATION, |scope, weight, _| {
        let Frame { scope, annee, sources, part } = frame(scope, 2024, 1);
        vec![Population { scope, annee, sources, part, pop: Decimal::from(14_870 * weight) }]
    })
}

fn demography() -> Table<Demography> {
    table("rp_demographics", "themes/demographie", sql::DEMOGRAPHIE, |scope, weight, wobble| {
        let Frame { scope, annee, sources, part } = frame(scope, 2021, 2);
        let pop_m5 = Some(moved(14_300, weight, wobble / 10));
        vec![Demography { scope, annee, sources, part, pop: (14_690 * weight).into(), pop_m5, annee_m5: Some(2015) }]
    })
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
                rp_prop: of(612, wobble / 3),
                rp_loc: of(369, -wobble / 3),
                rp_hlm: of(128, wobble / 2),
                men: Some(rp),
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
        vec![Social { scope, annee, sources, part, nb_ls: moved(931, weight, wobble), secret: false }]
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
            code: if own { "00000".to_owned() } else { format!("000{cell:02}") },
            nom: if own {
                "Ville-Exemple".to_owned()
            } else {
                format!("Exemple-{}", char::from(b'A' + u8::try_from(cell).unwrap()))
            },
            contour: Some(serde_json::json!({"type": "Polygon", "coordinates": [points]}).to_string()),
            tx2: rate,
            tx2_statut: secret.then(|| "s".to_owned()),
            tx: rate.map(|rate| rate * Decimal::TWO),
            tx_statut: secret.then(|| "s".to_owned()),
            tx_rp: Some(Decimal::new(700 + cell * 11, 2)),
        }
    });
    RawMap {
        kind: "schematique".to_owned(),
        annee: "2026".to_owned(),
        source: "LObsTer".to_owned(),
        communes: communes.collect(),
    }
}
