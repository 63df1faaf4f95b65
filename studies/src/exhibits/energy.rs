//! Energy certificates by class.

use charts::{Frame, classes};
use domain::fact::Fact;

use super::scopes::{datum, marked};
use crate::pages::{Exhibit, Exhibits, PageError, Press, sentence, shown};

/// The classes of the certificates of the commune, F and G taken together.
///
/// # Errors
/// When the sheet lacks a class, or a dataset has no printed name.
pub fn labels(press: &mut Press<'_>, exhibits: &mut Exhibits, size: (f64, f64)) -> Result<Exhibit, PageError> {
    let letters = ["A", "B", "C", "D", "E", "F", "G"];
    let facts: Vec<&Fact> =
        letters.iter().map(|letter| press.fact(&format!("dpe.cl[{letter}]@com"))).collect::<Result<_, _>>()?;
    let bars: Vec<_> = letters
        .iter()
        .zip(&facts)
        .map(|(letter, fact)| classes::Class { letter, datum: datum(fact), reference: None })
        .collect();
    let (worst, number) = (press.fact("dpe.fg@com")?, press.fact("dpe.n@com")?);
    let text = format!("{} en F ou G", shown(worst));
    let bracket = classes::Bracket { classes: 2, text: &text };
    let told: Vec<&Fact> = facts.iter().copied().chain([worst, number]).collect();
    let (title, desc) = ("Diagnostics selon leur classe d’énergie", sentence(&told));
    let frame = Frame { key: "etiquettes", title, desc: &desc, width: size.0, height: size.1 };
    let svg = classes::draw(&frame, &bars, "", Some(&bracket));
    let measure =
        format!("En\u{a0}% des {}\u{a0}diagnostics de la commune, du plus au moins performant", shown(number));
    let exhibit = exhibits.figure(title, &measure, svg, &told)?;
    Ok(marked(press, exhibit, &told))
}
