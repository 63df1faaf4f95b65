//! Parcels in the GeoJSON of the cadastre: a field of rectangles around the middle of the largest commune of each
//! département. The whole country has ninety million parcels, which nobody loads at once.

use serde_json::json;

use super::dice::{Dice, whole};
use super::output::{Charset, Output};
use super::places::Place;
use super::tessellation::centres;
use crate::engine::ImportError;

/// Parcels on a side of the field.
const SIDE: u32 = 40;
/// Distance between two parcels, in degrees.
const STEP: (f64, f64) = (4.2e-4, 2.6e-4);
/// Metres in a degree of latitude.
const DEGREE: f64 = 111_320.0;
/// The edition in the name; the cadastre itself writes it in the address of the folder.
const EDITION: &str = "2025-07-01";

/// `cadastre-DDCCC-parcelles-AAAA-MM-JJ.json`, one file per département.
pub fn parcels(places: &[Place], output: &mut Output<'_>) -> Result<(), ImportError> {
    let centres = centres(places);
    for of_one in places.chunk_by(|left, right| left.departement == right.departement) {
        let whole_communes = of_one.iter().filter(|place| !place.divided);
        let Some(place) = whole_communes.max_by(|left, right| left.population.total_cmp(&right.population)) else {
            continue;
        };
        let Some(centre) = centres.get(place.code.as_str()) else { continue };
        let last = SIDE * SIDE - 1;
        let mut dice = Dice::named(&format!("parcelles {}", place.code));
        let features = (0..=last).map(|rank| {
            let comma = if rank < last { "," } else { "]}" };
            format!("{}{comma}", parcel(place, *centre, rank, &mut dice))
        });
        let opening = r#"{"type":"FeatureCollection","features":["#.to_owned();
        output.file(
            &format!("cadastre-{}-parcelles-{EDITION}.json", place.code),
            Charset::Utf8,
            std::iter::once(opening).chain(features),
        )?;
    }
    Ok(())
}

fn parcel(place: &Place, (longitude, latitude): (f64, f64), rank: u32, dice: &mut Dice) -> serde_json::Value {
    let (column, row) = (rank % SIDE, rank / SIDE);
    let half = f64::from(SIDE) / 2.0;
    let (west, south) = (longitude + (f64::from(column) - half) * STEP.0, latitude + (f64::from(row) - half) * STEP.1);
    let (width, height) = (STEP.0 * dice.between(0.65, 0.95), STEP.1 * dice.between(0.65, 0.95));
    let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
    let ring = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height), (0.0, 0.0)]
        .map(|(x, y)| [round(west + x), round(south + y)]);
    // Eight sections by eight, of twenty-five parcels each.
    let letter = |index: u32, letters: &str| letters.chars().nth(index as usize / 5).unwrap_or('A');
    let section = format!("{}{}", letter(column, "ABCDEFGH"), letter(row, "KLMNPRST"));
    let number = (column % 5) * 5 + row % 5 + 1;
    let id = format!("{}000{section}{number:04}", place.code);
    let area = whole(width * DEGREE * latitude.to_radians().cos() * height * DEGREE);
    json!({
        "type": "Feature", "id": id,
        "geometry": { "type": "Polygon", "coordinates": [ring] },
        "properties": {
            "id": id, "commune": place.code, "prefixe": "000", "section": section, "numero": number.to_string(),
            "contenance": area, "arpente": dice.chance(0.3), "created": "2004-01-01", "updated": "2024-05-01",
        },
    })
}
