//! Ages by sex: the pyramid of the commune, with the outline of the département.

use charts::{Datum, Frame, pyramid};
use serde::Deserialize;

use super::scopes::marked;
use crate::pages::{Exhibit, Exhibits, PageError, Press, read};

#[derive(Deserialize)]
struct Pyramid {
    annee: Option<i32>,
    classes: Vec<Class>,
}

#[derive(Deserialize)]
struct Class {
    label: String,
    fait: String,
    com: Option<Sexes>,
    dep: Option<Sexes>,
}

#[derive(Deserialize)]
struct Sexes {
    hommes: Option<Bar>,
    femmes: Option<Bar>,
}

#[derive(Deserialize)]
struct Bar {
    personnes: String,
    part: String,
}

/// One side of a class: the commune's bar and the outline.
struct Side<'a> {
    part: Option<f64>,
    text: &'a str,
    outline: Option<f64>,
}

impl<'a> Side<'a> {
    fn men(class: &'a Class) -> Self {
        let of = |sexes: &'a Option<Sexes>| sexes.as_ref()?.hommes.as_ref();
        Self::new(of(&class.com), of(&class.dep))
    }

    fn women(class: &'a Class) -> Self {
        let of = |sexes: &'a Option<Sexes>| sexes.as_ref()?.femmes.as_ref();
        Self::new(of(&class.com), of(&class.dep))
    }

    fn new(own: Option<&'a Bar>, other: Option<&'a Bar>) -> Self {
        let part = |bar: Option<&Bar>| bar?.part.parse().ok();
        Self { part: part(own), text: own.map_or("n.d.", |bar| bar.personnes.as_str()), outline: part(other) }
    }

    fn drawn(&self) -> pyramid::Side<'_> {
        pyramid::Side { datum: Datum { value: self.part, text: self.text }, reference: self.outline }
    }
}

/// The pyramid; parts of the whole population are drawn, numbers of persons are printed.
///
/// # Errors
/// As [`read`].
pub fn ages(press: &mut Press<'_>, exhibits: &mut Exhibits, size: (f64, f64)) -> Result<Exhibit, PageError> {
    let ages: Pyramid = read(press, "pyramide")?;
    let bars: Vec<_> =
        ages.classes.iter().map(|class| (class.label.as_str(), Side::men(class), Side::women(class))).collect();
    let bands: Vec<_> = bars
        .iter()
        .map(|(label, men, women)| pyramid::Band { label, men: men.drawn(), women: women.drawn() })
        .collect();
    let facts: Vec<_> = ages.classes.iter().filter_map(|class| press.find(&class.fait)).collect();
    let words: Vec<String> = bars
        .iter()
        .map(|(label, men, women)| format!("{label} : {} hommes, {} femmes", men.text, women.text))
        .collect();
    let (title, desc) = ("Habitants par sexe et par âge", words.join(" ; "));
    let reference = press.find("dem.pop@dep").map_or_else(String::new, |fact| fact.scope.name.clone());
    let frame = Frame { key: "pyramide", title, desc: &desc, width: size.0, height: size.1 };
    let svg = pyramid::draw(&frame, &bands, &reference);
    let year = ages.annee.map_or_else(String::new, |year| format!(", {year}"));
    let measure = format!("Nombre de personnes{year}\u{a0}; longueur\u{a0}: part dans la population");
    let exhibit = exhibits.figure(title, &measure, svg, &facts)?;
    Ok(marked(press, exhibit, &facts))
}
