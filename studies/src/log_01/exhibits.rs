//! Figures and tables of LOG-01: what the collector listed, turned into drawings. Geometry reads a value only through
//! its fact's status.

mod market;
mod vacancy;

use domain::fact::{Fact, FactStatus, ScopeKind};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::pages::{Exhibit, Exhibits, PageError, Press, height, scope_name, shown};
use charts::{Frame, Outline, Svg, dots, locator};

pub use market::{Sold, prices, rents};
pub use vacancy::{vacancy_map, vacancy_series};

/// The scopes of comparison, always in this order.
pub const SCOPES: [ScopeKind; 6] =
    [ScopeKind::Com, ScopeKind::Epci, ScopeKind::Dep, ScopeKind::Reg, ScopeKind::Fr, ScopeKind::Sim];

#[derive(Deserialize)]
struct MapOf {
    kind: String,
    indicator: String,
    label: String,
    vintage: String,
    source: String,
    communes: Vec<Commune>,
}

#[derive(Deserialize)]
struct Commune {
    nom: String,
    statut: FactStatus,
    valeur: Option<String>,
    texte: String,
    highlight: bool,
    rings: Outline,
}

/// An exhibit as the collector wrote it.
///
/// # Errors
/// When it is absent or laid out otherwise.
pub fn read<T: DeserializeOwned>(press: &Press<'_>, name: &'static str) -> Result<T, PageError> {
    let fault = |message: String| PageError::Exhibit { name, message };
    let value = press.sheet().exhibits.get(name).ok_or_else(|| fault("absent from the sheet".to_owned()))?;
    T::deserialize(value).map_err(|error| fault(error.to_string()))
}

/// The cover's map; `None` where no contour is loaded.
///
/// # Errors
/// As [`read`].
pub fn cover_map(press: &Press<'_>) -> Result<Option<Svg>, PageError> {
    let map: MapOf = read(press, "carte_vacance")?;
    let communes: Vec<_> = map.communes.iter().map(|commune| (&commune.rings, commune.highlight)).collect();
    let desc = "Les communes de l’intercommunalité ; la commune étudiée est en orange.";
    let frame = Frame { key: "situation", title: "Carte de situation", desc, width: 520.0, height: 520.0 };
    Ok(locator::draw(&frame, &communes))
}

/// Whether the maps show cells in place of outlines, which every map must say.
///
/// # Errors
/// When the exhibit of the map cannot be read.
pub fn is_schematic(press: &Press<'_>) -> Result<bool, PageError> {
    let map: MapOf = read(press, "carte_vacance")?;
    Ok(map.kind != "contours")
}

/// Rates that tell a housing stock apart, the most telling first; six of those that the collector found comparable.
const COMPARED: &[&str] = &[
    "lov.tx2",
    "lov.tx",
    "log.tx_vac",
    "log.proprio",
    "rpl.tx",
    "log.tx_rs",
    "log.appart",
    "log.loc_hlm",
    "log.loc_prive",
    "log.maison",
    "log.tx_rp",
    "lov.part2",
];

/// The six scopes on the rates that the collector found comparable.
///
/// # Errors
/// As [`read`], or when a dataset has no printed name.
pub fn comparison(press: &mut Press<'_>, exhibits: &mut Exhibits) -> Result<Exhibit, PageError> {
    let comparable: Vec<String> = read(press, "comparaison")?;
    let listed = COMPARED.iter().copied().filter(|id| comparable.iter().any(|other| other == id));
    let mut facts = vec![];
    let mut rows = vec![];
    for indicator in listed.take(6) {
        let found = of_scopes(press, indicator);
        let Some(own) = found.iter().find(|fact| fact.scope.kind == ScopeKind::Com) else { continue };
        let values = found.iter().filter_map(|fact| height(fact).map(|value| (fact.scope.kind, value))).collect();
        let band = own.peer.as_ref().filter(|_| own.status.is_citable()).and_then(|peer| {
            let [low, middle, high] = [peer.p25, peer.p50, peer.p75].map(|value| value.to_string().parse().ok());
            Some(dots::Band { low: low?, middle: middle?, high: high? })
        });
        rows.push(dots::Row { label: &own.label, text: shown(own), values, band });
        facts.extend(found);
    }
    let seen = |kind: ScopeKind| facts.iter().find(|fact: &&&Fact| fact.scope.kind == kind && fact.status.is_citable());
    let legend: Vec<_> =
        SCOPES.into_iter().filter_map(|kind| seen(kind).map(|fact| (kind, short_name(fact)))).collect();
    let legend: Vec<_> = legend.iter().map(|(kind, name)| (*kind, name.as_str())).collect();
    let title = "La commune parmi ses territoires de comparaison";
    let desc = sentence(&facts);
    let frame = Frame { key: "comparaison", title, desc: &desc, width: 492.0, height: 240.0 };
    let svg = dots::draw(&frame, &rows, &legend);
    let measure = "Échelle propre à chaque ligne\u{a0}; bande\u{a0}: moitié centrale des communes comparables";
    let mut exhibit = exhibits.figure(title, measure, svg, &facts)?;
    exhibit.anchors = press.anchors(facts.iter().map(|fact| fact.id.as_str()));
    Ok(exhibit)
}

/// The facts of an indicator, in the order of the scopes; a scope that a territory lacks is left out.
pub fn of_scopes<'a>(press: &Press<'a>, indicator: &str) -> Vec<&'a Fact> {
    SCOPES.into_iter().filter_map(|scope| press.find(&format!("{indicator}@{}", scope_name(scope)))).collect()
}

/// The same figures in words, for those who cannot see the drawing.
fn sentence(facts: &[&Fact]) -> String {
    let parts: Vec<String> =
        facts.iter().map(|fact| format!("{}, {} : {}", fact.label, fact.scope.name, shown(fact))).collect();
    parts.join(" ; ")
}

/// A scope's name with the usual abbreviations, for the margins of drawings.
fn short_name(fact: &Fact) -> String {
    let name = &fact.scope.name;
    let kinds =
        [("Communauté d’agglomération", "CA"), ("Communauté d'agglomération", "CA"), ("Communauté de communes", "CC")];
    kinds
        .into_iter()
        .chain([("Communauté urbaine", "CU")])
        .find_map(|(long, short)| name.strip_prefix(long).map(|rest| format!("{short}{rest}")))
        .unwrap_or_else(|| name.clone())
}
