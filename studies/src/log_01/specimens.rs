//! What the shop shows of LOG-01.

use domain::ports::Specimen;

use crate::exhibits::{self, Sold};
use crate::pages::{Exhibits, PageError, Press, dot_plot};
use crate::specimens::{Drawn, SIZE, drawn};
use crate::study::StudyError;

/// Four drawings of the diagnosis.
///
/// # Errors
/// When the sample lacks what a drawing needs.
pub fn specimens() -> Result<Vec<Specimen>, StudyError> {
    drawn(include_str!("sample.json"), draw)
}

fn draw(press: &mut Press<'_>, numbers: &mut Exhibits) -> Result<Vec<Drawn>, PageError> {
    let stock = exhibits::parts(
        press,
        numbers,
        "occupation",
        ("Le parc selon son occupation", "En\u{a0}% des logements, au recensement"),
        &[("log.tx_rp", "Résidences principales"), ("log.tx_rs", "Résidences secondaires"), ("log.tx_vac", "Vacants")],
        SIZE,
    )?;
    let plot = dot_plot(
        press,
        numbers,
        "vacance",
        "Vacance du parc privé et parc social",
        &["lov.tx", "lov.tx2", "rpl.tx", "log.proprio"],
        SIZE,
    )?;
    let prices = exhibits::prices(press, numbers, Sold::Flats, SIZE)?;
    let permits = exhibits::by_year(
        press,
        numbers,
        "autorisations",
        ("Logements autorisés par an", "Nombre, selon l’année d’autorisation"),
        ("sit.aut", None),
        SIZE,
    )?;
    let drawn = [("occupation", Some(stock)), ("vacance", Some(plot)), ("prix", prices), ("autorisations", permits)];
    Ok(drawn.into_iter().filter_map(|(key, exhibit)| Some((key, exhibit?))).collect())
}
