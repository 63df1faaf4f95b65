//! Drawings that several studies print: what the collector listed, turned into figures. Geometry reads a value only
//! through its fact’s status.

mod budget;
mod energy;
mod market;
mod needs;
mod position;
mod price_map;
mod prospects;
mod pyramid;
mod scopes;
mod stock;
mod vacancy;
mod years;

use domain::fact::FactStatus;
use serde::Deserialize;

use crate::pages::{Exhibit, Exhibits, PageError, Press, read};
use charts::{Frame, Outline, Svg, locator};

pub use budget::efforts;
pub use energy::labels;
pub use market::{Sold, prices, rents};
pub use needs::standstill;
pub use position::{Family, in_words, strip};
pub use price_map::price_map;
pub use prospects::projection;
pub use pyramid::ages;
pub use scopes::{by_scope, grouped, pairs, parts, ranges};
pub use stock::stock;
pub use vacancy::{vacancy_map, vacancy_series};
pub use years::{by_year, population};

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

/// Where the commune lies in its intercommunality; `None` where no contour is loaded.
///
/// # Errors
/// As [`read`].
pub fn locator_map(press: &mut Press<'_>, exhibits: &mut Exhibits) -> Result<Option<Exhibit>, PageError> {
    let map: MapOf = read(press, "carte_vacance")?;
    let communes: Vec<_> = map.communes.iter().map(|commune| (&commune.rings, commune.highlight)).collect();
    let names: Vec<&str> = map.communes.iter().map(|commune| commune.nom.as_str()).collect();
    let desc = format!("Communes de la carte : {}", names.join(", "));
    let title = "La commune dans son intercommunalité";
    let frame = Frame { key: "locator", title, desc: &desc, width: 492.0, height: 330.0 };
    let Some(svg) = locator::draw(&frame, &communes) else { return Ok(None) };
    let measure = format!("{}\u{a0}communes\u{a0}; la commune étudiée est en orange", communes.len());
    let mut exhibit = exhibits.figure(title, &measure, svg, &[])?;
    let ground = if map.kind == "contours" {
        map.source.trim_end_matches('.')
    } else {
        "carte schématique, une cellule par commune"
    };
    exhibit.source = format!("Fond\u{a0}: {ground}.");
    Ok(Some(exhibit))
}
