//! Zoning, rents, vacancy of the private stock, social stock: one small file each, in the official layouts with
//! their habits (Latin letters, decimal commas, padded headers, secrets).

use super::dice::{Dice, whole};
use super::output::{Charset, Output, french, table};
use super::places::{Place, covered};
use crate::engine::ImportError;

const ZONES: [&str; 5] = ["C", "B2", "B1", "A", "Abis"];

/// `liste-des-communes-zonage-abc-….csv`, and the list of the communes that the decree moved up by one zone.
pub fn zoning(places: &[Place], output: &mut Output<'_>) -> Result<(), ImportError> {
    let header =
        ["CODGEO", "DEP", "LIBGEO", "Zonage en vigueur depuis le 5 septembre 2025", "Reclassement 5 septembre 2025"];
    let communes = || places.iter().filter(|place| place.city.is_none());
    let rows = communes().map(|place| {
        let moved = if zone_before(place).is_some() { "Reclassement" } else { "Non" };
        vec![place.code.clone(), place.departement.clone(), place.name.clone(), place.zone.to_owned(), moved.to_owned()]
    });
    output.file("liste-des-communes-zonage-abc-5-septembre-2025.csv", Charset::Utf8, table(&header, rows))?;
    let mut moved = communes()
        .filter_map(|place| {
            let Place { code, name, departement, region, zone, .. } = place;
            Some([code, name, departement, region, zone_before(place)?, zone].map(str::to_owned).to_vec())
        })
        .peekable();
    if moved.peek().is_none() {
        return Ok(());
    }
    let header = ["CODGEO", "LIBGEO", "DEP N°", "Région", "Zone avant révision 2025", "Reclassements 5 septembre 2025"];
    output.file("liste-des-communes-reclassees-zonage-abc-5-septembre-2025.csv", Charset::Utf8, table(&header, moved))
}

/// One commune in seventy was moved up, as in the decree of 2025.
fn zone_before(place: &Place) -> Option<&'static str> {
    let moved = Dice::named(&format!("reclassement {}", place.code)).chance(0.014);
    let rank = ZONES.iter().position(|zone| *zone == place.zone).filter(|_| moved)?;
    ZONES.get(rank.checked_sub(1)?).copied()
}

/// The four files of the map of rents.
pub fn rents(places: &[Place], output: &mut Output<'_>) -> Result<(), ImportError> {
    let header = [
        "id_zone",
        "INSEE_C",
        "LIBGEO",
        "EPCI",
        "DEP",
        "REG",
        "loypredm2",
        "lwr.IPm2",
        "upr.IPm2",
        "TYPPRED",
        "nbobs_com",
        "nbobs_mail",
        "R2_adj",
    ]
    .map(|name| format!("\"{name}\""));
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    for (segment, factor) in [("app", 1.0), ("app12", 1.14), ("app3", 0.9), ("mai", 1.0)] {
        let rows = (0_u32..).zip(places.iter().filter(|place| !place.divided)).map(|(index, place)| {
            let rent = if segment == "mai" { place.rent.1 } else { place.rent.0 } * factor;
            let stock = if segment == "mai" { place.houses } else { 1.0 - place.houses };
            let quoted = |text: &str| format!("\"{}\"", text.replace('œ', "oe").replace('Œ', "OE"));
            vec![
                quoted(&(index % 2_400 + 1).to_string()),
                quoted(&place.code),
                quoted(&place.name),
                quoted(&place.epci.0),
                quoted(&place.departement),
                quoted(&place.region),
                french(rent, 14),
                french(rent * 0.78, 14),
                french(rent * 1.28, 14),
                quoted(if place.population > 4_000.0 { "commune" } else { "maille" }),
                whole(place.population * stock * 0.03).to_string(),
                whole(200.0 + place.population * 0.05).to_string(),
                french(f64::from(70 + index % 20) / 100.0, 2),
            ]
        });
        output.file(&format!("pred-{segment}-mef-dhup.csv"), Charset::Windows1252, table(&header, rows))?;
    }
    Ok(())
}

/// `lovac-opendata-communes.csv`, edition 2025: the last year has vacancy but no stock.
pub fn private_vacancy(places: &[Place], output: &mut Output<'_>) -> Result<(), ImportError> {
    if covered(places, &["976"]).next().is_none() {
        return Ok(());
    }
    let mut header: Vec<String> =
        ["CODGEO_25", "LIBGEO_25", "DEP", "LIB_DEP", "REG", "LIB_REG", "EPCI_25", "LIB_EPCI_25"]
            .map(|name| format!(" {name} "))
            .to_vec();
    for yy in 20..=25 {
        if yy < 25 {
            header.push(format!(" pp_total_{yy} "));
        }
        header.extend([format!(" pp_vacant_{yy} "), format!(" pp_vacant_plus_2ans_{yy} ")]);
    }
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let rows = covered(places, &["976"]).filter(|place| !place.divided).map(|place| {
        let mut dice = Dice::named(&format!("vacance {}", place.code));
        let mut row = vec![
            place.code.clone(),
            place.name.clone(),
            place.departement.clone(),
            String::new(),
            place.region.clone(),
            String::new(),
            place.epci.0.clone(),
            place.epci.1.clone(),
        ];
        let lasting = dice.between(0.34, 0.56);
        for yy in 20..=25 {
            let stock = place.dwellings * (1.0 - place.social) * (1.0 + 0.007 * (f64::from(yy) - 22.0));
            let vacant = stock * place.vacant * 1.1 * dice.between(0.96, 1.04);
            if yy < 25 {
                row.push(padded(stock));
            }
            row.extend([padded(vacant), padded(vacant * lasting)]);
        }
        row
    });
    output.file("lovac-opendata-communes.csv", Charset::Windows1252, table(&header, rows))
}

/// « 10 877 » with a no-break space and blanks around, or `s` below eleven dwellings.
fn padded(value: f64) -> String {
    let value = whole(value);
    match value {
        0..11 => "s".to_owned(),
        11..1_000 => format!(" {value} "),
        _ => format!(" {}\u{a0}{:03} ", value / 1_000, value % 1_000),
    }
}

/// The social rented stock, with its financing.
pub fn social_stock(places: &[Place], output: &mut Output<'_>) -> Result<(), ImportError> {
    let header = [
        "DEPCOM_ARM",
        "LIBCOM",
        "DEP",
        "REG",
        "nb_ls",
        "nb_ls2019",
        "nb_ls2013",
        "tx_vac",
        "tx_vac3",
        "tx_mob",
        "loymoy",
        "nb_plai",
        "nb_plus",
        "nb_pls",
        "nb_pli",
    ];
    let rows = places.iter().filter(|place| !place.divided && place.main * place.social >= 1.0).map(|place| {
        let mut dice = Dice::named(&format!("social {}", place.code));
        let stock = place.main * place.social;
        let count = |share: f64| whole(stock * share).to_string();
        let mut row = vec![
            place.code.clone(),
            place.name.clone(),
            place.departement.clone(),
            place.region.clone(),
            count(1.0),
            count(0.97),
            count(0.9),
        ];
        if stock >= 11.0 {
            let vacancy = dice.between(1.2, 4.2);
            row.extend([french(vacancy, 2), french(vacancy * 0.42, 2), french(dice.between(6.0, 11.0), 2)]);
            row.push(french(5.4 + place.rent.0 * 0.09, 2));
        } else {
            row.extend(std::iter::repeat_n("s".to_owned(), 4));
        }
        row.extend([count(0.06), count(0.83), count(0.09), count(0.02)]);
        row
    });
    output.file("rpls_communes_2025.csv", Charset::Utf8, table(&header, rows))
}

#[cfg(test)]
mod tests {
    use super::padded;

    #[test]
    fn a_cell_below_eleven_is_secret_and_thousands_are_set_apart() {
        assert_eq!([padded(10.9), padded(11.0), padded(10_877.4)], ["s", " 11 ", " 10\u{a0}877 "]);
    }
}
