//! Shapes of the communes, in longitude and latitude: simplified contours of an older geography brought to the
//! current one, or a schematic tessellation that every map must label as such.

use crate::dataset::{Check, Dataset, Described, Format, Layout, Load, Seen, last_year};

/// The dataset `contours`.
pub const DATASET: Dataset = Dataset {
    name: "contours",
    title: "Contours simplifiés des communes",
    producer: "IGN, INSEE",
    licence: "Licence Ouverte 2.0",
    origin: "",
    rhythm: "annuel",
    version: 2,
    layouts: &[Layout {
        name: "GeoJSON, une commune par ligne",
        format: Format::Features,
        describe,
        commune: Some("s.code"),
        checks: &[Check {
            motif: "le contour n’est pas un polygone",
            when: "s.geometrie::json ->> 'type' NOT IN ('Polygon', 'MultiPolygon')",
        }],
        loads: &[
            Load::InPlace { table: "communes", sql: include_str!("communes.sql") },
            Load::InPlace { table: "communes_voisines", sql: include_str!("voisines.sql") },
        ],
        keys: &["code"],
        nature: |synthetique| if synthetique { "schematique" } else { "contours" },
        ..Layout::EMPTY
    }],
};

fn describe(seen: &Seen) -> Described {
    let year = last_year(seen.file_name);
    Described { cog_annee: year.as_ref().and_then(|year| year.parse().ok()), millesime: year, ..Described::default() }
}
