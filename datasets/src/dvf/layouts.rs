//! The two layouts: which cells they hold, and how a row of each becomes the same line.

use chrono::NaiveDate;

use super::line::{Figures, Line};
use crate::dataset::Column;
use crate::digest::Fault;

/// Contract of the producer's raw layout; the first fourteen are read, in this order.
pub const RAW: &[Column] = &[
    Column::needed("date_mutation", &[]),
    Column::needed("nature_mutation", &[]),
    Column::needed("valeur_fonciere", &[]),
    Column::needed("code_departement", &[]),
    Column::needed("code_commune", &[]),
    Column::needed("prefixe_de_section", &[]),
    Column::needed("section", &[]),
    Column::needed("no_plan", &[]),
    Column::needed("premier_lot", &["1er_lot"]),
    Column::needed("code_type_local", &[]),
    Column::needed("surface_reelle_bati", &[]),
    Column::needed("nombre_pieces_principales", &[]),
    Column::needed("nature_culture", &[]),
    Column::needed("surface_terrain", &[]),
    Column::needed("no_disposition", &[]),
    Column::needed("nature_culture_speciale", &[]),
];

/// Contract of the geo-dvf layout; the first fourteen are read, in this order.
pub const GEO: &[Column] = &[
    Column::needed("date_mutation", &[]),
    Column::needed("nature_mutation", &[]),
    Column::needed("valeur_fonciere", &[]),
    Column::needed("code_departement", &[]),
    Column::needed("code_commune", &[]),
    Column::needed("id_parcelle", &[]),
    Column::needed("lot1_numero", &["lot_1_numero"]),
    Column::needed("code_type_local", &[]),
    Column::needed("surface_reelle_bati", &[]),
    Column::needed("nombre_pieces_principales", &[]),
    Column::needed("code_nature_culture", &[]),
    Column::needed("surface_terrain", &[]),
    Column::needed("longitude", &[]),
    Column::needed("latitude", &[]),
    Column::needed("id_mutation", &[]),
    Column::needed("numero_disposition", &[]),
    Column::needed("code_nature_culture_speciale", &[]),
];

/// A row of the raw layout. Codes lose their leading zeros at random there: each part is padded before they are put
/// together.
pub fn raw<'a>(number: u64, cells: &[&'a str], codes: &'a mut String) -> Result<(&'a str, Line<'a>), Fault> {
    let [day, nature, price, dep, commune, prefix, section, plan, lot, kind, surface, rooms, culture, land, ..] =
        *cells
    else {
        return Err("cellules manquantes".into());
    };
    let date = date(day, 6..10, 3..5, 0..2)?;
    let figures = Figures::read([price, kind, surface, rooms, land])?;
    pad(codes, dep, 2);
    let departement = codes.len();
    codes.extend_from_within(..);
    // Overseas, three digits name the département and two the commune; some deliveries repeat the third.
    let overseas = departement == 3;
    let repeated = overseas && commune.len() == 3;
    let commune = commune.strip_prefix(|digit| repeated && dep.ends_with(digit)).unwrap_or(commune);
    pad(codes, commune, if overseas { 2 } else { 3 });
    let code = codes.len();
    for (part, width) in [(prefix, 3), (section, 2), (plan, 4)] {
        pad(codes, part, width);
    }
    let codes: &'a str = codes;
    let place = (&codes[departement..code], &codes[code..], lot);
    Ok((&codes[..departement], figures.line(number, date, nature, place, culture, ("", ""))))
}

/// A row of the geo-dvf layout. Mutation numbers change at every delivery: they are not used, so that both layouts give
/// the same sales.
pub fn geo<'a>(number: u64, cells: &[&'a str], _codes: &'a mut String) -> Result<(&'a str, Line<'a>), Fault> {
    let [day, nature, price, dep, commune, parcel, lot, kind, surface, rooms, culture, land, longitude, latitude, ..] =
        *cells
    else {
        return Err("cellules manquantes".into());
    };
    let date = date(day, 0..4, 5..7, 8..10)?;
    let figures = Figures::read([price, kind, surface, rooms, land])?;
    let point = if coordinate(longitude) && coordinate(latitude) { (longitude, latitude) } else { ("", "") };
    let place = (commune, parcel.get(5..).unwrap_or_default(), lot);
    Ok((dep, figures.line(number, date, nature, place, culture, point)))
}

fn pad(out: &mut String, part: &str, width: usize) {
    out.extend(std::iter::repeat_n('0', width.saturating_sub(part.len())));
    out.push_str(part);
}

fn coordinate(cell: &str) -> bool {
    cell.parse::<f64>().is_ok_and(|degrees| degrees.abs() <= 180.0)
}

type Part = std::ops::Range<usize>;

fn date(cell: &str, year: Part, month: Part, day: Part) -> Result<NaiveDate, Fault> {
    fn number<T: std::str::FromStr>(cell: &str, part: Part) -> Option<T> {
        cell.get(part)?.parse().ok()
    }
    (cell.len() == 10)
        .then(|| NaiveDate::from_ymd_opt(number(cell, year)?, number(cell, month)?, number(cell, day)?))
        .flatten()
        .ok_or(Fault::Rejected("date illisible"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROW: [&str; 14] = ["02/01/2014", "Vente", "130000,00", "1", "4", "", "M", "22", "16", "2", "50", "2", "", ""];

    fn codes(dep: &str, commune: &str) -> (String, String) {
        let (mut row, mut buffer) = (ROW, String::new());
        (row[3], row[4]) = (dep, commune);
        let (departement, line) = raw(2, &row, &mut buffer).unwrap();
        (departement.to_owned(), line.commune.to_owned())
    }

    #[test]
    fn zeros_that_a_delivery_lost_are_put_back() {
        for ((dep, commune), (departement, code)) in [
            (("1", "4"), ("01", "01004")),
            (("44", "109"), ("44", "44109")),
            (("2A", "4"), ("2A", "2A004")),
            (("974", "11"), ("974", "97411")),
            (("974", "411"), ("974", "97411")),
            (("971", "5"), ("971", "97105")),
        ] {
            assert_eq!(codes(dep, commune), (departement.to_owned(), code.to_owned()), "{dep} {commune}");
        }
        let mut buffer = String::new();
        assert_eq!(raw(2, &ROW, &mut buffer).unwrap().1.parcel, "0000M0022");
    }

    #[test]
    fn a_day_that_does_not_exist_is_rejected() {
        for day in ["30/02/2014", "2014-01-02", "", "1/2/2014", "02/01/14é"] {
            let (mut row, mut buffer) = (ROW, String::new());
            row[0] = day;
            assert!(matches!(raw(2, &row, &mut buffer), Err(Fault::Rejected("date illisible"))), "{day}");
        }
    }
}
