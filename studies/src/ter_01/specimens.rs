//! What the shop shows of TER-01.

use domain::ports::Specimen;

use crate::exhibits::{self, Family};
use crate::pages::{Exhibits, PageError, Press, dot_plot};
use crate::specimens::{Drawn, SIZE, drawn};
use crate::study::StudyError;

/// What the strip of percentiles shows: short names, that its narrow column need not cut.
const POSITIONS: &[Family] = &[
    ("Population", &["geo.densite", "dem.part_80p"]),
    ("Revenus", &["fil.med", "fil.tp60"]),
    ("Logement", &["log.loc_hlm", "log.maison"]),
];

/// Four drawings of the portrait.
///
/// # Errors
/// When the sample lacks what a drawing needs.
pub fn specimens() -> Result<Vec<Specimen>, StudyError> {
    drawn(include_str!("sample.json"), draw)
}

fn draw(press: &mut Press<'_>, numbers: &mut Exhibits) -> Result<Vec<Drawn>, PageError> {
    let ages = exhibits::ages(press, numbers, SIZE)?;
    let range = exhibits::ranges(
        press,
        numbers,
        "niveaux-de-vie",
        ("Niveaux de vie, du premier au neuvième décile", "En euros par an et par unité de consommation"),
        (["fil.d1", "fil.med", "fil.d9"], ["Premier décile", "Médiane", "Neuvième décile"]),
        SIZE,
    )?;
    let plot = dot_plot(
        press,
        numbers,
        "logement",
        "Statuts d’occupation et vacance",
        &["log.proprio", "log.loc_hlm", "lov.tx2", "log.maison"],
        SIZE,
    )?;
    let position = exhibits::strip(press, numbers, POSITIONS, (SIZE.0, 320.0))?;
    let drawn =
        [("ages", Some(ages)), ("niveaux-de-vie", Some(range)), ("logement", Some(plot)), ("position", position)];
    Ok(drawn.into_iter().filter_map(|(key, exhibit)| Some((key, exhibit?))).collect())
}
