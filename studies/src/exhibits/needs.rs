//! What construction served between two censuses: the standstill, step by step.

use charts::{Frame, waterfall};
use domain::fact::Fact;

use super::scopes::{datum, marked};
use crate::pages::{Exhibit, Exhibits, PageError, Press, sentence};

use waterfall::Kind::{Part, Total};

/// The terms, in the order in which they add up.
const STEPS: [(&str, &str, waterfall::Kind); 6] = [
    ("bes.renouv", "Renouvellement du parc", Part),
    ("bes.vacance", "Secondaires et vacants", Part),
    ("bes.desserr", "Desserrement des ménages", Part),
    ("bes.pm", "Point mort", Total),
    ("bes.effet_demo", "Effet démographique", Part),
    ("bes.construits", "Logements commencés", Total),
];

/// The balance of the commune between two censuses.
///
/// # Errors
/// When the sheet lacks a term, or a dataset has no printed name.
pub fn standstill(press: &mut Press<'_>, exhibits: &mut Exhibits, size: (f64, f64)) -> Result<Exhibit, PageError> {
    let facts: Vec<&Fact> = STEPS.iter().map(|(id, ..)| press.fact(&format!("{id}@com"))).collect::<Result<_, _>>()?;
    let steps: Vec<_> = STEPS
        .iter()
        .zip(&facts)
        .map(|((_, label, kind), fact)| waterfall::Step { label, datum: datum(fact), kind: *kind })
        .collect();
    let (title, desc) = ("Des besoins constatés aux logements commencés", sentence(&facts));
    let frame = Frame { key: "point-mort", title, desc: &desc, width: size.0, height: size.1 };
    let svg = waterfall::draw(&frame, &steps, "logements");
    let period = facts.iter().find_map(|fact| fact.period.as_deref()).map_or(String::new(), |p| format!(", {p}"));
    let measure = format!("Nombre de logements entre deux recensements{period}");
    let exhibit = exhibits.figure(title, &measure, svg, &facts)?;
    Ok(marked(press, exhibit, &facts))
}
