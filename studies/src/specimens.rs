//! Drawings for the shop: exhibits of a study, drawn by the functions of its pages from the sample of its folder, narrow
//! enough for a telephone, and stamped.

use domain::fact::{FactSheet, ScopeKind};
use domain::ports::Specimen;

use crate::pages::{Exhibit, Exhibits, PageError, Press};
use crate::study::StudyError;

/// The size of a drawing for the shop, in CSS pixels: on the narrowest screens its type is not made smaller.
pub const SIZE: (f64, f64) = (330.0, 230.0);

/// A drawing and its key.
pub type Drawn = (&'static str, Exhibit);

/// The drawings of a study. `sample` is the sheet of its folder.
///
/// # Errors
/// When the sample is no sheet, or lacks what a drawing needs.
pub fn drawn(
    sample: &str,
    draw: fn(&mut Press<'_>, &mut Exhibits) -> Result<Vec<Drawn>, PageError>,
) -> Result<Vec<Specimen>, StudyError> {
    let mut sheet: FactSheet = serde_json::from_str(sample)?;
    for fact in sheet.facts.values_mut() {
        fact.scope.name = short(fact.scope.kind, &fact.scope.name).to_owned();
    }
    let exhibits = draw(&mut Press::new(&sheet), &mut Exhibits::default())?;
    Ok(exhibits.into_iter().filter_map(specimen).collect())
}

/// Narrow drawings would cut the longest names of the invented territories.
fn short(kind: ScopeKind, name: &str) -> &str {
    match kind {
        ScopeKind::Epci => "CC d’Exemple",
        ScopeKind::Dep => "Dép. d’Exemple",
        ScopeKind::Com | ScopeKind::Reg | ScopeKind::Fr | ScopeKind::Sim => name,
    }
}

/// A table has no drawing, and is left out.
fn specimen((key, exhibit): Drawn) -> Option<Specimen> {
    let svg = exhibit.drawing?.to_string();
    let (width, height) = size(&svg)?;
    let (title, measure, source) = (exhibit.title, exhibit.measure, exhibit.source);
    Some(Specimen { key, title, measure, source, width, height, svg: stamped(&svg, (width, height)) })
}

/// As its view box says.
fn size(svg: &str) -> Option<(f64, f64)> {
    let (_, rest) = svg.split_once("viewBox=\"0 0 ")?;
    let (width, height) = rest.split_once('"')?.0.split_once(' ')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}

/// The word stands under the drawing, so that it hides nothing of it.
fn stamped(svg: &str, (width, height): (f64, f64)) -> String {
    let angle = -(height / width).atan().to_degrees();
    let (x, y, size) = (width / 2.0, height / 2.0, width / 7.0);
    let stamp = format!(
        "<text transform=\"translate({x:.0} {y:.0}) rotate({angle:.0})\" text-anchor=\"middle\" font-size=\"{size:.0}\" \
         font-weight=\"600\" letter-spacing=\"2\" fill=\"#0d1f3c\" fill-opacity=\"0.07\" aria-hidden=\"true\">SPÉCIMEN</text>"
    );
    match svg.split_once("</desc>") {
        Some((head, body)) => format!("{head}</desc>{stamp}{body}"),
        None => svg.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::study::STUDIES;

    #[test]
    fn every_study_that_is_sold_shows_drawings_that_say_they_are_specimens() {
        for study in STUDIES {
            let (code, specimens) = (study.sheet().code, study.specimens().unwrap());
            assert!((2..=4).contains(&specimens.len()), "{code} shows {} drawings", specimens.len());
            let keys: BTreeSet<_> = specimens.iter().map(|specimen| specimen.key).collect();
            assert_eq!(keys.len(), specimens.len(), "{code}: {keys:?}");
            for Specimen { key, title, measure, source, width, height, svg } in specimens {
                assert!(key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{code} {key}");
                assert!(![title, measure].iter().any(String::is_empty) && source.starts_with("Source"), "{code} {key}");
                assert!((200.0..=360.0).contains(&width) && height <= 400.0, "{code} {key}: {width} × {height}");
                assert!(svg.contains("role=\"img\"") && svg.contains("</desc><text"), "{code} {key}");
                assert_eq!(svg.matches("SPÉCIMEN").count(), 1, "{code} {key}");
                assert!(!svg.contains('…'), "{code} {key}: a label is cut");
            }
        }
    }

    #[test]
    fn a_drawing_without_a_size_is_not_shown() {
        assert_eq!(size("<svg viewBox=\"0 0 330 230.5\">"), Some((330.0, 230.5)));
        assert_eq!(size("<svg>"), None);
    }
}
