//! Places on the ground for invented facilities: near a commune's centre, in degrees and in the territory's own metres.

use std::f64::consts::FRAC_PI_4;

use super::dice::Dice;
use super::places::Place;

/// A point in both kinds of coordinates.
pub struct Point {
    /// Degrees east.
    pub longitude: f64,
    /// Degrees north.
    pub latitude: f64,
    /// Metres east, in the territory's projection.
    pub x: f64,
    /// Metres north.
    pub y: f64,
}

/// A projection of French open data.
pub struct Projection {
    /// EPSG code.
    pub epsg: u32,
    /// The name that the file of establishments gives it.
    pub name: &'static str,
    zone: Option<(f64, bool)>,
}

/// The projection in use in a département.
pub fn projection(departement: &str) -> Projection {
    let (epsg, name, zone) = match departement {
        "971" | "972" => (5490, "UTM_N20", Some((-63.0, false))),
        "973" => (2972, "UTM_N22", Some((-51.0, false))),
        "974" => (2975, "UTM_S40", Some((57.0, true))),
        "976" => (4471, "UTM_S38", Some((45.0, true))),
        _ => (2154, "LAMBERT_93", None),
    };
    Projection { epsg, name, zone }
}

/// A point in or around the built-up part of a commune whose middle is at `centre`.
pub fn near(place: &Place, centre: (f64, f64), projection: &Projection, dice: &mut Dice) -> Point {
    let spread = if place.population < 5_000.0 { 0.004 } else { 0.009 };
    let longitude = centre.0 + dice.normal(0.0, spread);
    let latitude = centre.1 + dice.normal(0.0, spread * 0.7);
    let (x, y) = match projection.zone {
        None => lambert_93(longitude, latitude),
        Some((meridian, south)) => utm(longitude - meridian, latitude, south),
    };
    Point { longitude, latitude, x, y }
}

/// First eccentricity of the GRS80 ellipsoid, and its semi-major axis in metres.
const E: f64 = 0.081_819_191_042_815_8;
const A: f64 = 6_378_137.0;

/// Lambert's conformal cone over France, parallels 44° and 49°.
fn lambert_93(longitude: f64, latitude: f64) -> (f64, f64) {
    const N: f64 = 0.725_607_765_053_267;
    const C: f64 = 11_754_255.426_096;
    let radius = C * (-N * isometric(latitude.to_radians())).exp();
    let angle = N * (longitude - 3.0).to_radians();
    (700_000.0 + radius * angle.sin(), 12_655_612.049_876 - radius * angle.cos())
}

fn isometric(latitude: f64) -> f64 {
    let sine = E * latitude.sin();
    ((FRAC_PI_4 + latitude / 2.0).tan() * ((1.0 - sine) / (1.0 + sine)).powf(E / 2.0)).ln()
}

/// Transverse Mercator in a zone of six degrees; good to a centimetre within it.
fn utm(from_meridian: f64, latitude: f64, south: bool) -> (f64, f64) {
    const SCALE: f64 = 0.9996;
    let e2 = E * E;
    let second = e2 / (1.0 - e2);
    let (phi, lambda) = (latitude.to_radians(), from_meridian.to_radians());
    let n = A / (1.0 - e2 * phi.sin().powi(2)).sqrt();
    let (t, c, a) = (phi.tan().powi(2), second * phi.cos().powi(2), lambda * phi.cos());
    let meridian = A
        * ((1.0 - e2 / 4.0 - 3.0 * e2 * e2 / 64.0 - 5.0 * e2.powi(3) / 256.0) * phi
            - (3.0 * e2 / 8.0 + 3.0 * e2 * e2 / 32.0 + 45.0 * e2.powi(3) / 1024.0) * (2.0 * phi).sin()
            + (15.0 * e2 * e2 / 256.0 + 45.0 * e2.powi(3) / 1024.0) * (4.0 * phi).sin()
            - 35.0 * e2.powi(3) / 3072.0 * (6.0 * phi).sin());
    let x =
        a + (1.0 - t + c) * a.powi(3) / 6.0 + (5.0 - 18.0 * t + t * t + 72.0 * c - 58.0 * second) * a.powi(5) / 120.0;
    let y = a * a / 2.0 + (5.0 - t + 9.0 * c + 4.0 * c * c) * a.powi(4) / 24.0;
    (500_000.0 + SCALE * n * x, SCALE * (meridian + n * phi.tan() * y) + if south { 10_000_000.0 } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_points_fall_where_maps_put_them() {
        // Computed with PostGIS: ST_Transform of the same degrees.
        for ((longitude, latitude), departement, (x, y)) in [
            ((2.3488, 48.8534), "75", (652_216.6, 6_861_681.5)),
            ((-1.5536, 47.2184), "44", (355_577.8, 6_689_723.1)),
            ((55.4504, -20.8789), "974", (338_807.6, 7_690_477.7)),
            ((-61.5340, 16.2411), "971", (656_674.7, 1_796_165.5)),
        ] {
            let projection = projection(departement);
            let (east, north) = match projection.zone {
                None => lambert_93(longitude, latitude),
                Some((meridian, south)) => utm(longitude - meridian, latitude, south),
            };
            assert!((east - x).abs() < 1.0 && (north - y).abs() < 1.0, "{departement}: {east} {north}");
        }
    }
}
