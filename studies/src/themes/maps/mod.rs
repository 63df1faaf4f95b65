//! Maps: the outlines made at import, and what studies put on them.

mod topology;
#[cfg(test)]
pub use topology::tests::three_squares;

use domain::fact::FactStatus;
use indicators::{NOT_AVAILABLE, Unit, indicator, render, second_to_hide};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use sqlx::{FromRow, PgPool};

use super::raw::Raw;
use crate::study::StudyError;
pub use topology::{Rings, Topology};

const FIGURES: &str = concat!(include_str!("../sql/membres.sql"), include_str!("figures.sql"));
const OUTLINES: &str = include_str!("outlines.sql");
/// Sales behind a price on the map.
const LEAST_SALES: i64 = 11;

/// Outlines around the commune.
#[derive(Debug, Clone, Default)]
pub struct RawMap {
    /// `contours` or `schematique`.
    pub kind: String,
    pub annee: String,
    pub source: String,
    pub communes: Vec<MapCommune>,
    pub situation: Situation,
}

/// Where the commune lies: what is around each territory, on one plane.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Situation {
    pub departement: Rings,
    /// Its part in the département.
    pub epci: Rings,
    pub commune: Rings,
}

/// One commune of the map. Vacancy by indicator, each with its status code (`s`, `nd`, `ab`) when there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, FromRow)]
pub struct MapCommune {
    pub code: String,
    pub nom: String,
    #[sqlx(skip)]
    pub rings: Rings,
    pub population: Option<i64>,
    pub tx2: Option<Decimal>,
    pub tx2_statut: Option<String>,
    pub tx: Option<Decimal>,
    pub tx_statut: Option<String>,
    pub tx_rp: Option<Decimal>,
    /// Median prices of three years, and the sales behind them.
    pub appt: Option<Decimal>,
    pub appt_n: Option<i64>,
    pub mais: Option<Decimal>,
    pub mais_n: Option<i64>,
    /// The last of the three years.
    pub ventes_annee: Option<i32>,
    pub equipements: Option<i64>,
}

#[derive(FromRow)]
struct Kept {
    niveau: String,
    nature: String,
    annee: i32,
    source: String,
    contenu: Vec<u8>,
}

/// The communes of the intercommunality (of an island without one, itself and its neighbours), vacancy being that of `year`.
///
/// # Errors
/// An unreadable database.
pub async fn read(db: &PgPool, commune: &str, ville: &str, year: i32) -> Result<RawMap, StudyError> {
    let figures = sqlx::query_as::<_, MapCommune>(FIGURES).bind(commune).bind(["epci"].as_slice()).bind(year);
    let kept = sqlx::query_as::<_, Kept>(OUTLINES).bind(commune);
    let (mut communes, kept) = tokio::try_join!(figures.fetch_all(db), kept.fetch_all(db))?;
    let level = |name: &str| {
        let kept = kept.iter().find(|kept| kept.niveau == name)?;
        match Topology::unpack(&kept.contenu) {
            Ok(topology) => Some((kept, topology)),
            Err(error) => {
                tracing::error!(commune, niveau = name, %error, "a map of data.cartes cannot be read; import the outlines again");
                None
            }
        }
    };
    let (near, wide) = (level("epci"), level("departements"));
    let Some((ground, drawn)) = near.as_ref().or(wide.as_ref()) else {
        return Ok(RawMap { kind: "schematique".to_owned(), communes, ..RawMap::default() });
    };
    for commune in &mut communes {
        commune.rings = drawn.rings(&commune.code);
    }
    let is_near = |code: &str| communes.iter().any(|commune| commune.code == code);
    let situation = wide.as_ref().map_or_else(Situation::default, |(_, wide)| Situation {
        departement: wide.around(|_| true),
        epci: if near.is_some() { wide.around(is_near) } else { Rings::new() },
        commune: wide.rings(ville),
    });
    Ok(RawMap {
        kind: ground.nature.clone(),
        annee: ground.annee.to_string(),
        source: ground.source.clone(),
        situation,
        communes,
    })
}

/// A value of a commune: the figure, and the code that says why there is none.
type Read = fn(&MapCommune) -> (Option<Decimal>, Option<&str>);

/// Vacancy: the first that any commune has is drawn.
const VACANCY: [(&str, Read); 3] = [
    ("lov.tx2", |commune| (commune.tx2, commune.tx2_statut.as_deref())),
    ("lov.tx", |commune| (commune.tx, commune.tx_statut.as_deref())),
    ("log.tx_vac", |commune| (commune.tx_rp, None)),
];

/// What else maps may show.
const OTHERS: [(&str, Read); 4] = [
    ("dem.pop", |commune| (commune.population.map(Decimal::from), None)),
    ("dvf.med[appt]", |commune| (commune.appt.filter(|_| commune.appt_n >= Some(LEAST_SALES)), None)),
    ("dvf.med[mais]", |commune| (commune.mais.filter(|_| commune.mais_n >= Some(LEAST_SALES)), None)),
    ("bpe.n", |commune| (commune.equipements.map(Decimal::from), None)),
];

/// `carte`, `situation` and `carte_vacance`.
pub fn exhibits(raw: &Raw) -> [(String, Value); 3] {
    let map = &raw.map;
    let ground = json!({"kind": map.kind, "annee": map.annee, "source": map.source});
    let with = |more: Value| match (ground.clone(), more) {
        (Value::Object(mut ground), Value::Object(more)) => {
            ground.extend(more);
            Value::Object(ground)
        }
        (ground, _) => ground,
    };
    let communes: Value = map
        .communes
        .iter()
        .map(|commune| {
            json!({"code": commune.code, "nom": commune.nom, "highlight": is_own(raw, commune), "rings": commune.rings})
        })
        .collect();
    let values: Map<String, Value> = VACANCY
        .iter()
        .chain(&OTHERS)
        .filter(|(_, read)| map.communes.iter().any(|commune| read(commune).0.is_some()))
        .map(|(id, read)| ((*id).to_owned(), values(raw, id, *read)))
        .collect();
    let situation = &map.situation;
    [
        ("carte".to_owned(), with(json!({"communes": communes, "valeurs": values}))),
        (
            "situation".to_owned(),
            with(json!({"departement": situation.departement, "epci": situation.epci, "commune": situation.commune})),
        ),
        ("carte_vacance".to_owned(), with(vacancy(raw))),
    ]
}

fn is_own(raw: &Raw, commune: &MapCommune) -> bool {
    commune.code == raw.territory.ville
}

/// `{label, unit, vintage, communes: {code: {statut, valeur, texte}}}`.
fn values(raw: &Raw, id: &str, read: Read) -> Value {
    let figures: Map<String, Value> =
        figures(raw, id, read).into_iter().map(|(commune, figure)| (commune.code.clone(), figure)).collect();
    let line = indicator(id);
    json!({"label": line.map(|line| line.label), "unit": line.map(|line| line.unit.name()), "vintage": vintage(raw, id),
           "communes": figures})
}

/// Each commune with its figure; where only one is secret, a second one is hidden with it.
fn figures<'a>(raw: &'a Raw, id: &str, read: Read) -> Vec<(&'a MapCommune, Value)> {
    let unit = indicator(id).map_or(Unit::Pct, |line| line.unit);
    let communes = &raw.map.communes;
    let members: Vec<_> =
        communes.iter().map(|commune| (commune.code.as_str(), read(commune).0, read(commune).1 == Some("s"))).collect();
    let second = second_to_hide(&members, &raw.territory.ville);
    let figure = |commune: &MapCommune| {
        let (value, code) = read(commune);
        let status = match (value, code) {
            _ if second == Some(commune.code.as_str()) => FactStatus::Secret,
            (Some(_), _) => FactStatus::Ok,
            (None, Some("s")) => FactStatus::Secret,
            (None, _) => FactStatus::Missing,
        };
        let value = value.filter(|_| status.is_citable());
        let text = value.map_or_else(|| NOT_AVAILABLE.to_owned(), |value| render(value, unit, unit.step()));
        let value = value.map(|value| value.round_dp(6).normalize().to_string());
        json!({"statut": status.name(), "valeur": value, "texte": text})
    };
    communes.iter().map(|commune| (commune, figure(commune))).collect()
}

/// The map of vacancy, its figures beside the outlines.
fn vacancy(raw: &Raw) -> Value {
    let communes = &raw.map.communes;
    let shown = VACANCY.iter().find(|(_, read)| communes.iter().any(|commune| read(commune).0.is_some()));
    let Some((id, read)) = shown.or(VACANCY.last()) else { return Value::Null };
    let drawn: Value = figures(raw, id, *read)
        .into_iter()
        .map(|(commune, figure)| {
            json!({"code": commune.code, "nom": commune.nom, "statut": figure["statut"], "texte": figure["texte"],
                   "valeur": figure["valeur"], "highlight": is_own(raw, commune), "rings": commune.rings})
        })
        .collect();
    let label = indicator(id).map_or("", |line| line.label);
    json!({"indicator": id, "label": label, "vintage": vintage(raw, id), "communes": drawn})
}

/// When the figures of a map hold.
fn vintage(raw: &Raw, id: &str) -> String {
    let of = |dataset: &str| {
        let files = raw.sources.values().filter(|source| source.dataset == dataset);
        files.map(|source| source.millesime.clone()).max().unwrap_or_default()
    };
    match id.split_once('.').map_or(id, |(family, _)| family) {
        "lov" => super::vacancy::latest_year(raw).to_string(),
        "log" => raw.housing.years().last().map_or_else(String::new, ToString::to_string),
        "dvf" => {
            let last = raw.map.communes.iter().filter_map(|commune| commune.ventes_annee).max();
            last.map_or_else(String::new, |last| format!("{}-{last}", last - 2))
        }
        "bpe" => of("bpe_equipements"),
        _ => of("communes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::themes::fixture;

    #[test]
    fn a_price_of_ten_sales_is_on_no_map() {
        let mut raw = fixture::ordinary();
        for (commune, n) in raw.map.communes.iter_mut().zip([10, 11].into_iter().cycle()) {
            (commune.appt, commune.appt_n) = (Some(2_314.into()), Some(n));
        }
        let [(_, map), ..] = exhibits(&raw);
        let figures = map["valeurs"]["dvf.med[appt]"]["communes"].as_object().unwrap();
        assert_eq!(figures.len(), 16);
        let shown: Vec<_> = figures.values().filter(|figure| figure["statut"] == "ok").collect();
        assert_eq!(shown.len(), 8);
        assert!(shown.iter().all(|figure| figure["texte"] == "2\u{202f}310\u{a0}€/m²"));
        assert!(
            figures.values().filter(|f| f["statut"] != "ok").all(|f| f["valeur"].is_null() && f["texte"] == "n.d.")
        );
    }

    #[test]
    fn a_lone_secret_takes_a_second_one_with_it_on_every_map_of_vacancy() {
        let [(_, map), _, (_, vacancy)] = exhibits(&fixture::ordinary());
        for id in ["lov.tx2", "lov.tx"] {
            let figures = map["valeurs"][id]["communes"].as_object().unwrap();
            assert_eq!(figures.values().filter(|figure| figure["statut"] == "secret").count(), 2, "{id}");
            assert_eq!(figures["00000"]["statut"], "ok", "the commune of the report is spared");
        }
        let rings =
            |map: &Value| map["communes"].as_array().unwrap().iter().map(|c| c["rings"].clone()).collect::<Vec<_>>();
        assert_eq!(rings(&map), rings(&vacancy));
    }

    #[test]
    fn the_city_of_an_arrondissement_is_the_one_that_is_marked() {
        let mut raw = fixture::ordinary();
        raw.territory.commune.code = "00099".to_owned();
        let [(_, map), ..] = exhibits(&raw);
        let marked: Vec<_> = map["communes"].as_array().unwrap().iter().filter(|c| c["highlight"] == true).collect();
        assert_eq!((marked.len(), marked[0]["code"].as_str()), (1, Some("00000")));
    }
}
