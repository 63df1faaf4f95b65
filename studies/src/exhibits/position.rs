//! Where the commune stands: its percentile among comparable communes, indicator by indicator.

use charts::{Datum, Frame, percentile};
use domain::fact::Fact;

use super::scopes::marked;
use crate::pages::{Exhibit, Exhibits, PageError, Press, shown};

/// A subject and its indicators.
pub type Family = (&'static str, &'static [&'static str]);

/// A percentile in words.
#[must_use]
pub fn in_words(percentile: u32) -> &'static str {
    match percentile {
        0..=10 => "parmi les plus faibles",
        11..=25 => "dans le quart inférieur",
        26..=39 => "sous la médiane",
        40..=60 => "proche de la médiane",
        61..=74 => "au-dessus de la médiane",
        75..=89 => "dans le quart supérieur",
        _ => "parmi les plus élevés",
    }
}

/// The strip of percentiles, at most as high as `most`; an indicator without peers is left out; `None`
/// when none has any.
///
/// # Errors
/// When a dataset has no printed name.
pub fn strip(
    press: &mut Press<'_>,
    exhibits: &mut Exhibits,
    families: &[Family],
    (width, most): (f64, f64),
) -> Result<Option<Exhibit>, PageError> {
    let placed = |id: &&str| {
        let fact = press.find(&format!("{id}@com"))?;
        let peer = fact.peer.as_ref().filter(|_| fact.status.is_citable())?;
        Some((fact, peer))
    };
    let rows = |ids: &'static [&'static str]| -> Vec<percentile::Row<'_>> {
        ids.iter()
            .filter_map(placed)
            .map(|(fact, peer)| percentile::Row {
                // What a name says after the colon is how it is counted: the table of figures has it.
                label: fact.label.split(':').next().unwrap_or(&fact.label).trim_end(),
                datum: Datum { value: Some(f64::from(peer.pct)), text: shown(fact) },
                words: in_words(peer.pct),
            })
            .collect()
    };
    let drawn: Vec<_> = families
        .iter()
        .map(|(name, ids)| percentile::Family { name, rows: rows(ids) })
        .filter(|family| !family.rows.is_empty())
        .collect();
    let facts: Vec<&Fact> =
        families.iter().flat_map(|(_, ids)| ids.iter().filter_map(placed)).map(|(fact, _)| fact).collect();
    if facts.is_empty() {
        return Ok(None);
    }
    let peers = facts.iter().find_map(|fact| fact.peer.as_ref()).map_or(0, |peer| peer.n);
    let desc: Vec<String> = facts
        .iter()
        .filter_map(|fact| Some(format!("{} {}, {}", fact.label, shown(fact), in_words(fact.peer.as_ref()?.pct))))
        .collect();
    let (desc, title) = (desc.join(" ; "), "La commune parmi les communes comparables");
    let frame = Frame { key: "position", title, desc: &desc, width, height: percentile::height(&drawn).min(most) };
    let svg = percentile::draw(&frame, &drawn);
    let measure = format!(
        "Rang de la commune, de la valeur la plus faible à la plus élevée des {peers}\u{a0}communes comparables\u{a0}; un rang n’est pas un jugement"
    );
    let exhibit = exhibits.figure(title, &measure, svg, &facts)?;
    Ok(Some(marked(press, exhibit, &facts)))
}
