//! Prices over the intercommunality.

use std::collections::BTreeMap;

use charts::{Frame, Outline, choropleth};
use domain::fact::FactStatus;
use serde::Deserialize;

use super::market::Sold;
use crate::pages::{Exhibit, Exhibits, PageError, Press, read};

#[derive(Deserialize)]
struct Ground {
    kind: String,
    source: String,
    communes: Vec<Place>,
    valeurs: BTreeMap<String, Layer>,
}

#[derive(Deserialize)]
struct Place {
    code: String,
    nom: String,
    highlight: bool,
    rings: Outline,
}

#[derive(Deserialize)]
struct Layer {
    vintage: String,
    communes: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Value {
    statut: FactStatus,
    valeur: Option<String>,
    texte: String,
}

/// Fewer communes with a price make no map: the eye would read hatches.
const LEAST: usize = 3;

/// Median prices by commune, of the kind that more communes have; `None` where too few have a price to show.
///
/// # Errors
/// As [`read`], or when a dataset has no printed name.
pub fn price_map(
    press: &mut Press<'_>,
    exhibits: &mut Exhibits,
    size: (f64, f64),
) -> Result<Option<Exhibit>, PageError> {
    let ground: Ground = read(press, "carte")?;
    let shown = |layer: &Layer| layer.communes.values().filter(|value| value.statut.is_citable()).count();
    let layers = [(Sold::Flats, "dvf.med[appt]"), (Sold::Houses, "dvf.med[mais]")];
    let layers = layers.into_iter().filter_map(|(sold, id)| Some((sold, id, ground.valeurs.get(id)?)));
    let most = layers.filter(|(.., layer)| shown(layer) >= LEAST).max_by_key(|(.., layer)| shown(layer));
    let Some((sold, id, layer)) = most else { return Ok(None) };
    let nothing = Value { statut: FactStatus::Missing, valeur: None, texte: String::new() };
    let areas: Vec<_> = ground
        .communes
        .iter()
        .map(|place| {
            let value = layer.communes.get(&place.code).unwrap_or(&nothing);
            choropleth::Area {
                name: &place.nom,
                value: value.valeur.as_deref().filter(|_| value.statut.is_citable()).and_then(|v| v.parse().ok()),
                text: if value.statut.is_citable() { &value.texte } else { "n.d." },
                highlight: place.highlight,
                outline: &place.rings,
            }
        })
        .collect();
    let desc: Vec<String> = areas.iter().map(|area| format!("{} {}", area.name, area.text)).collect();
    let kind = if sold == Sold::Flats { "appartements" } else { "maisons" };
    let (title, desc) = (format!("Prix médian des {kind}, par commune"), desc.join("\u{a0}; "));
    let frame = Frame { key: "carte-prix", title: &title, desc: &desc, width: size.0, height: size.1 };
    let legend = format!("Prix médian, {}", layer.vintage);
    let schematic = ground.kind != "contours";
    let map = choropleth::Map { areas: &areas, legend: &legend, unit: "€/m²", schematic };
    let svg = choropleth::draw(&frame, &map);
    let measure = format!(
        "En €/m², ventes de {}\u{a0}; hachures\u{a0}: moins de onze ventes. {}\u{a0}communes de l’intercommunalité",
        layer.vintage,
        areas.len()
    );
    let mut exhibit = exhibits.figure(&title, &measure, svg, &[press.fact(&format!("{id}@com"))?])?;
    let ground =
        if schematic { "carte schématique, une cellule par commune" } else { ground.source.trim_end_matches('.') };
    exhibit.source = format!("{} Fond\u{a0}: {ground}. Classes arrondies.", exhibit.source);
    Ok(Some(exhibit))
}
