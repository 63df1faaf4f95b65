//! Prices and rents on paper.

use domain::fact::{Fact, FactStatus};
use serde::Deserialize;

use crate::pages::{Exhibit, Exhibits, PageError, Press, height, read, sentence, shown};
use charts::{Frame, boxes, interval};

#[derive(Deserialize)]
struct Prices {
    appt: Vec<PriceYear>,
    mais: Vec<PriceYear>,
}

#[derive(Deserialize)]
struct PriceYear {
    annee: i32,
    n: String,
    q1: String,
    med: String,
    q3: String,
}

#[derive(Deserialize)]
struct Rent {
    loyer: String,
    bas: String,
    haut: String,
    r2: String,
    nobs: String,
}

/// Which prices a figure is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sold {
    Flats,
    Houses,
}

/// Prices by year: quartiles of the square metre. `None` when no year has enough sales.
///
/// # Errors
/// As [`read`], or when a listed fact is missing.
pub fn prices(
    press: &mut Press<'_>,
    exhibits: &mut Exhibits,
    sold: Sold,
    size: (f64, f64),
) -> Result<Option<Exhibit>, PageError> {
    let prices: Prices = read(press, "serie_prix")?;
    let (years, key, title) = match sold {
        Sold::Flats => (prices.appt, "prix-appt", "Prix des appartements vendus"),
        Sold::Houses => (prices.mais, "prix-mais", "Prix des maisons vendues"),
    };
    let years: Vec<_> = years.iter().rev().take(6).rev().collect();
    let mut facts = vec![];
    let mut rows = vec![];
    for year in years {
        let [n, q1, med, q3] =
            [press.fact(&year.n)?, press.fact(&year.q1)?, press.fact(&year.med)?, press.fact(&year.q3)?];
        let quartiles = height(q1).zip(height(med)).zip(height(q3)).map(|((q1, med), q3)| (q1, med, q3));
        // The unit stands on the axis: above a box there is room for the number only.
        let text = shown(med).split('\u{a0}').next().unwrap_or_default();
        let text = if quartiles.is_some() { text } else { "n.d." };
        rows.push((year.annee.to_string(), quartiles, text, shown(n), med.status == FactStatus::Ok));
        facts.extend([med, q1, q3, n]);
    }
    if rows.iter().all(|(_, quartiles, ..)| quartiles.is_none()) {
        return Ok(None);
    }
    if rows.iter().all(|(_, quartiles, ..)| quartiles.is_none()) {
        return Ok(None);
    }
    let bins: Vec<_> = rows
        .iter()
        .map(|(year, quartiles, text, n, sure)| boxes::Bin { year, quartiles: *quartiles, text, n, sure: *sure })
        .collect();
    let desc = sentence(&facts);
    let frame = Frame { key, title, desc: &desc, width: size.0, height: size.1 };
    let svg = boxes::draw(&frame, &bins, "€/m²");
    let measure = "Médiane et quartiles, en €/m²\u{a0}; sous l’année, nombre de ventes";
    let mut exhibit = exhibits.figure(title, measure, svg, &facts)?;
    exhibit.anchors = press.anchors(facts.iter().map(|fact| fact.id.as_str()));
    Ok(Some(exhibit))
}

/// Advert rents with their bounds.
///
/// # Errors
/// As [`read`], or when a listed fact is missing.
pub fn rents(press: &mut Press<'_>, exhibits: &mut Exhibits, size: (f64, f64)) -> Result<Exhibit, PageError> {
    let rents: Vec<Rent> = read(press, "loyers")?;
    let mut facts = vec![];
    let mut rows = vec![];
    for rent in &rents {
        let [own, low, high] = [press.fact(&rent.loyer)?, press.fact(&rent.bas)?, press.fact(&rent.haut)?];
        let [r2, count] = [press.fact(&rent.r2)?, press.fact(&rent.nobs)?];
        let range = height(low).zip(height(high)).filter(|_| own.status.is_citable());
        let label = own.label.strip_prefix("Loyer d’annonce des ").unwrap_or(&own.label);
        let note = match own.status {
            FactStatus::Ok => quality("fiable", count, r2),
            FactStatus::LowN => quality("prudence", count, r2),
            FactStatus::Modelled => quality("estimé", count, r2),
            _ => own.note.clone().unwrap_or_else(|| "non publié".to_owned()),
        };
        let text = shown(own).split('\u{a0}').next().unwrap_or_default();
        rows.push((short_label(label), note, height(own), range, text, own.status == FactStatus::Ok));
        facts.extend([own, low, high, count, r2]);
    }
    let drawn: Vec<_> = rows
        .iter()
        .map(|(label, note, value, range, text, reliable)| interval::Row {
            label,
            note,
            value: *value,
            range: *range,
            text,
            reliable: *reliable,
        })
        .collect();
    let title = "Loyers d’annonce";
    let desc = sentence(&facts);
    let frame = Frame { key: "loyers", title, desc: &desc, width: size.0, height: size.1 };
    let svg = interval::draw(&frame, &drawn, "€/m²/mois");
    let measure = "En €/m² par mois, charges comprises\u{a0}; estimation et bornes";
    let mut exhibit = exhibits.figure(title, measure, svg, &facts)?;
    exhibit.anchors = press.anchors(facts.iter().map(|fact| fact.id.as_str()));
    Ok(exhibit)
}

/// How far a rent may be trusted, with what the producer says of its model.
fn quality(word: &str, count: &Fact, r2: &Fact) -> String {
    let mut note = word.to_owned();
    if count.status.is_citable() {
        note = format!("{note} · {}\u{a0}annonces", shown(count));
    }
    if r2.status.is_citable() {
        note = format!("{note} · R²\u{a0}{}", shown(r2));
    }
    note
}

fn short_label(label: &str) -> String {
    let label = label.replace("appartements d’une ou deux pièces", "appartements, 1-2 pièces");
    let label = label.replace("appartements de trois pièces et plus", "appartements, 3 pièces +");
    let mut chars = label.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
