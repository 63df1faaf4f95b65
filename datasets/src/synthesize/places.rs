//! Communes with invented but plausible characters: everything the generated files agree on.

use std::collections::HashMap;
use std::path::Path;

use serde::Deserialize;

use super::dice::Dice;
use crate::engine::{ImportError, read_document};

/// Paris, Lyon and Marseille: their arrondissements carry the figures.
const CITIES: [&str; 3] = ["75056", "69123", "13055"];

/// Zones of the ABC zoning with rent per m², gross yield, share of houses, census vacancy and standard of living.
const ZONES: [(&str, f64, f64, f64, f64, f64); 5] = [
    ("Abis", 26.0, 0.033, 0.12, 0.060, 27_500.0),
    ("A", 15.5, 0.042, 0.35, 0.055, 25_500.0),
    ("B1", 12.6, 0.052, 0.50, 0.065, 23_800.0),
    ("B2", 10.6, 0.062, 0.68, 0.080, 23_300.0),
    ("C", 8.9, 0.072, 0.88, 0.095, 22_600.0),
];

/// The places that a source covers: some leave overseas départements out.
pub fn covered<'a>(places: &'a [Place], without: &'a [&str]) -> impl Iterator<Item = &'a Place> + Clone {
    places.iter().filter(|place| !without.contains(&place.departement.as_str()))
}

/// One commune or municipal arrondissement, with the model's parameters.
pub struct Place {
    /// INSEE code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Département.
    pub departement: String,
    /// Région.
    pub region: String,
    /// First postal code.
    pub postcode: String,
    /// SIREN and name of the EPCI; `ZZZZZZZZZ`, « Sans objet » without one.
    pub epci: (String, String),
    /// The city of an arrondissement.
    pub city: Option<String>,
    /// Whether this is a city whose arrondissements are places too.
    pub divided: bool,
    /// Inhabitants (real).
    pub population: f64,
    /// ABC zone (invented).
    pub zone: &'static str,
    /// Growth per year (invented).
    pub growth: f64,
    /// Persons per household.
    pub household: f64,
    /// Main residences.
    pub main: f64,
    /// All dwellings.
    pub dwellings: f64,
    /// Share of second homes.
    pub second: f64,
    /// Share of vacant dwellings.
    pub vacant: f64,
    /// Share of houses.
    pub houses: f64,
    /// Share of social dwellings among main residences.
    pub social: f64,
    /// Share of people of 60 and more.
    pub old: f64,
    /// Median standard of living, euro per year.
    pub income: f64,
    /// Rent per m² of flats and of houses.
    pub rent: (f64, f64),
    /// Price per m² of flats and of houses.
    pub price: (f64, f64),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Commune {
    code: String,
    nom: String,
    r#type: String,
    departement: Option<String>,
    region: Option<String>,
    commune: Option<String>,
    population: Option<f64>,
    codes_postaux: Option<Vec<String>>,
    zone: Option<String>,
}

#[derive(Deserialize)]
struct Epci {
    code: String,
    nom: String,
    membres: Vec<Member>,
}

#[derive(Deserialize)]
struct Member {
    code: String,
}

/// Reads the reference geography and invents the rest, for one département or for all of them, in the order of codes.
pub fn of(reference: &Path, departement: Option<&str>) -> Result<Vec<Place>, ImportError> {
    let communes: Vec<Commune> = read_document(reference, "communes")?;
    let epci: Vec<Epci> = read_document(reference, "epci")?;
    let member_of: HashMap<&str, &Epci> =
        epci.iter().flat_map(|e| e.membres.iter().map(move |member| (member.code.as_str(), e))).collect();
    let actual: HashMap<&str, &Commune> = communes
        .iter()
        .filter(|commune| commune.r#type == "commune-actuelle")
        .map(|commune| (commune.code.as_str(), commune))
        .collect();
    let mut inhabitants: HashMap<&str, f64> = HashMap::new();
    for (code, commune) in &actual {
        if let Some(e) = member_of.get(code) {
            *inhabitants.entry(e.code.as_str()).or_default() += commune.population.unwrap_or(0.0);
        }
    }
    let mut places: Vec<Place> = communes
        .iter()
        .filter_map(|commune| {
            // The collectivities overseas are in none of the producers' files about communes.
            if commune.zone.as_deref() == Some("com") {
                return None;
            }
            let parent = match commune.r#type.as_str() {
                "commune-actuelle" => commune,
                "arrondissement-municipal" => actual.get(commune.commune.as_deref()?)?,
                _ => return None,
            };
            let here =
                parent.departement.as_deref().is_some_and(|code| departement.is_none_or(|wanted| wanted == code));
            here.then(|| {
                let e = member_of.get(parent.code.as_str());
                let around = e.map_or(0.0, |e| inhabitants.get(e.code.as_str()).copied().unwrap_or(0.0));
                invent(commune, parent, e.map(|e| (e.code.clone(), e.nom.clone())), around)
            })
        })
        .collect();
    places.sort_by(|left, right| left.code.cmp(&right.code));
    Ok(places)
}

fn invent(commune: &Commune, parent: &Commune, epci: Option<(String, String)>, around: f64) -> Place {
    let population = commune.population.unwrap_or(0.0);
    let region = parent.region.clone().unwrap_or_default();
    let mut dice = Dice::named(&format!("lieu {}", commune.code));
    let zone = zone(&region, around, parent.population.unwrap_or(0.0));
    let (_, rent, gross_yield, houses, vacant, income) =
        ZONES.into_iter().find(|(name, ..)| *name == zone).unwrap_or(ZONES[4]);
    let rent = rent * dice.lognormal(0.0, 0.06);
    let second = (dice.lognormal(-2.9, 0.9) * if zone == "C" { 1.6 } else { 1.0 }).clamp(0.01, 0.75);
    let vacant = dice.normal(vacant, 0.025).clamp(0.02, 0.25);
    let household = if population > 50_000.0 { 1.98 } else { dice.normal(2.26, 0.09).clamp(1.9, 2.7) };
    let main = population * 0.98 / household;
    Place {
        code: commune.code.clone(),
        name: commune.nom.clone(),
        departement: parent.departement.clone().unwrap_or_default(),
        region,
        postcode: commune.codes_postaux.as_ref().and_then(|codes| codes.first()).unwrap_or(&commune.code).clone(),
        epci: epci.unwrap_or_else(|| ("ZZZZZZZZZ".to_owned(), "Sans objet".to_owned())),
        city: (commune.code != parent.code).then(|| parent.code.clone()),
        divided: CITIES.contains(&commune.code.as_str()),
        population,
        zone,
        growth: dice.normal(if zone == "C" { 0.003 } else { 0.008 }, 0.006),
        household,
        main,
        dwellings: main / (1.0 - second - vacant).max(0.2),
        second,
        vacant,
        houses: (houses * if population > 50_000.0 { 0.45 } else { 1.0 } * dice.between(0.92, 1.06)).min(0.97),
        social: ((population.max(1.0).log10() - 2.9) * 0.085 + dice.normal(0.0, 0.02)).clamp(0.0, 0.45),
        old: dice.normal(if zone == "C" { 0.29 } else { 0.25 }, 0.045).clamp(0.10, 0.52),
        income: dice.normal(income, 1_700.0).clamp(14_500.0, 45_000.0),
        rent: (rent, rent * dice.between(0.86, 0.97)),
        price: (rent * 12.0 * 0.92 / gross_yield, rent * 0.92 * 12.0 * 0.92 / (gross_yield * 1.02)),
    }
}

/// A zone from the size of the commune and of its EPCI: the real zoning is one file to import away.
fn zone(region: &str, around: f64, population: f64) -> &'static str {
    match (around, population) {
        _ if region == "11" && population > 100_000.0 => "Abis",
        _ if region == "11" => "A",
        (around, population) if around > 400_000.0 && population > 100_000.0 => "A",
        (around, _) if around > 400_000.0 => "B1",
        (around, population) if around > 100_000.0 && population > 10_000.0 => "B1",
        (around, population) if around > 40_000.0 && population > 4_000.0 => "B2",
        _ => "C",
    }
}
