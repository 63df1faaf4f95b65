//! The map of a commune among its neighbours, as the front end draws it.

use domain::ports::{FigureMap, MapOf};
use rust_decimal::prelude::ToPrimitive as _;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::views::FigureStatus;

/// What the colours of a map mean.
#[derive(Debug, Serialize, ToSchema)]
pub struct Indicator {
    id: String,
    label: String,
    unit: String,
    vintage: String,
}

/// What is known of one commune of the map.
#[derive(Debug, Serialize, ToSchema)]
pub struct MapProperties {
    code: String,
    nom: String,
    #[schema(required = true)]
    valeur: Option<f64>,
    /// French; what a reader of the table sees.
    texte: String,
    statut: FigureStatus,
}

/// GeoJSON's own word for one shape.
#[derive(Debug, Serialize, ToSchema)]
pub enum FeatureType {
    Feature,
}

/// GeoJSON's own word for a list of shapes.
#[derive(Debug, Serialize, ToSchema)]
pub enum CollectionType {
    FeatureCollection,
}

/// One commune of the map (GeoJSON Feature, EPSG:4326).
#[derive(Debug, Serialize, ToSchema)]
pub struct MapFeature {
    #[serde(rename = "type")]
    kind: FeatureType,
    properties: MapProperties,
    /// GeoJSON geometry.
    geometry: Value,
}

/// The communes of the map (GeoJSON FeatureCollection).
#[derive(Debug, Serialize, ToSchema)]
pub struct MapFeatures {
    #[serde(rename = "type")]
    kind: CollectionType,
    features: Vec<MapFeature>,
}

/// Real outlines, or one cell per commune.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MapKind {
    Contours,
    Schematique,
}

/// The communes around one, with the figure they are coloured by, if any.
#[derive(Debug, Serialize, ToSchema)]
pub struct MapView {
    kind: MapKind,
    /// French, e.g. « carte schématique ».
    label: String,
    features: MapFeatures,
    /// `null` when the map only shows where communes are.
    #[schema(required = true)]
    indicator: Option<Indicator>,
    source: String,
}

impl MapView {
    /// Without figures the map only shows where communes are.
    pub fn new(map: MapOf, figures: Option<&FigureMap>) -> Self {
        let kind = if map.kind == "contours" { MapKind::Contours } else { MapKind::Schematique };
        let features = map.features.get("features").and_then(Value::as_array);
        Self {
            kind,
            label: match kind {
                MapKind::Contours => format!("contours communaux {}", map.annee),
                MapKind::Schematique => "carte schématique".to_owned(),
            },
            features: MapFeatures {
                kind: CollectionType::FeatureCollection,
                features: features.into_iter().flatten().map(|feature| shape(feature, figures)).collect(),
            },
            indicator: figures.map(|figures| Indicator {
                id: figures.indicator.clone(),
                label: figures.label.clone(),
                unit: figures.unit.clone(),
                vintage: figures.vintage.clone(),
            }),
            source: map.source,
        }
    }
}

fn shape(feature: &Value, figures: Option<&FigureMap>) -> MapFeature {
    let property = |name: &str| feature["properties"][name].as_str().unwrap_or_default().to_owned();
    let code = property("code");
    let figure = figures.and_then(|figures| figures.figures.get(&code));
    let unknown = if figures.is_some() { FigureStatus::Missing } else { FigureStatus::NotApplicable };
    MapFeature {
        kind: FeatureType::Feature,
        properties: MapProperties {
            valeur: figure.and_then(|figure| figure.value).and_then(|value| value.to_f64()),
            texte: figure.map_or_else(|| "n.d.".to_owned(), |figure| figure.text.clone()),
            statut: figure.map_or(unknown, |figure| figure.status.into()),
            nom: property("nom"),
            code,
        },
        geometry: feature.get("geometry").cloned().unwrap_or(json!(null)),
    }
}
