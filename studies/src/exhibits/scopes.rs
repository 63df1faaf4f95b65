//! Territories side by side: wholes in parts, and ranges.

use charts::{Datum, Frame, dumbbell, hbar, range, shares, stacked};
use domain::fact::{Fact, FactStatus, ScopeKind};

use crate::pages::{Exhibit, Exhibits, PageError, Press, SCOPES, height, of_scopes, sentence, short_name, shown};

/// A figure as drawings take it.
#[must_use]
pub fn datum(fact: &Fact) -> Datum<'_> {
    Datum { value: height(fact), text: shown(fact) }
}

/// The scopes at which every one of the indicators has a fact, with the facts in the order of the indicators. A territory
/// that does not exist for the commune, as the EPCI of an island without one, has no line.
fn complete<'a>(press: &Press<'a>, indicators: &[&str]) -> Vec<(ScopeKind, Vec<&'a Fact>)> {
    let at = |kind: ScopeKind| -> Option<Vec<&'a Fact>> { indicators.iter().map(|id| press.at(id, kind)).collect() };
    let own = |kind: &ScopeKind| *kind != ScopeKind::Sim;
    let exists = |(kind, facts): &(ScopeKind, Vec<&Fact>)| {
        *kind == ScopeKind::Com || facts.iter().any(|fact| fact.status != FactStatus::NotApplicable)
    };
    SCOPES.into_iter().filter(own).filter_map(|kind| at(kind).map(|facts| (kind, facts))).filter(exists).collect()
}

/// Territories by scope, each with its figures.
type Scoped<'a> = [(ScopeKind, Vec<&'a Fact>)];

fn names_of(scopes: &Scoped<'_>) -> Vec<String> {
    scopes.iter().map(|(_, facts)| facts.first().map_or_else(String::new, |fact| short_name(fact))).collect()
}

fn cited<'a>(scopes: &Scoped<'a>) -> Vec<&'a Fact> {
    scopes.iter().flat_map(|(_, facts)| facts.iter().copied()).collect()
}

/// Parts of a whole, a bar a territory. The peers have no bar: medians of parts are not parts of one whole.
///
/// # Errors
/// When a dataset has no printed name.
pub fn parts(
    press: &mut Press<'_>,
    exhibits: &mut Exhibits,
    key: &'static str,
    (title, measure): (&str, &str),
    parts: &[(&str, &str)],
    size: (f64, f64),
) -> Result<Exhibit, PageError> {
    let indicators: Vec<&str> = parts.iter().map(|(id, _)| *id).collect();
    let names: Vec<&str> = parts.iter().map(|(_, name)| *name).collect();
    let scopes = complete(press, &indicators);
    let labels = names_of(&scopes);
    let rows: Vec<_> = scopes
        .iter()
        .zip(&labels)
        .map(|((scope, facts), label)| shares::Row {
            scope: *scope,
            label,
            parts: facts.iter().map(|fact| datum(fact)).collect(),
        })
        .collect();
    let facts = cited(&scopes);
    let desc = sentence(&facts);
    let svg = shares::draw(&Frame { key, title, desc: &desc, width: size.0, height: size.1 }, &names, &rows);
    let exhibit = exhibits.figure(title, measure, svg, &facts)?;
    Ok(marked(press, exhibit, &facts))
}

/// A low bound, a middle and a high bound, a line a territory.
///
/// # Errors
/// When a dataset has no printed name.
pub fn ranges(
    press: &mut Press<'_>,
    exhibits: &mut Exhibits,
    key: &'static str,
    (title, measure): (&str, &str),
    (indicators, names): ([&str; 3], [&str; 3]),
    size: (f64, f64),
) -> Result<Exhibit, PageError> {
    let scopes = complete(press, &indicators);
    let labels = names_of(&scopes);
    let rows: Vec<_> = scopes
        .iter()
        .zip(&labels)
        .filter_map(|((scope, facts), label)| {
            let [low, middle, high] = facts.as_slice() else { return None };
            Some(range::Row { scope: *scope, label, low: datum(low), middle: datum(middle), high: datum(high) })
        })
        .collect();
    let facts = cited(&scopes);
    let desc = sentence(&facts);
    let svg = range::draw(&Frame { key, title, desc: &desc, width: size.0, height: size.1 }, names, &rows);
    let exhibit = exhibits.figure(title, measure, svg, &facts)?;
    Ok(marked(press, exhibit, &facts))
}

/// Parts side by side, a group of columns a territory.
///
/// # Errors
/// When a dataset has no printed name.
pub fn grouped(
    press: &mut Press<'_>,
    exhibits: &mut Exhibits,
    key: &'static str,
    (title, measure): (&str, &str),
    parts: &[(&str, &str)],
    size: (f64, f64),
) -> Result<Exhibit, PageError> {
    let indicators: Vec<&str> = parts.iter().map(|(id, _)| *id).collect();
    let names: Vec<&str> = parts.iter().map(|(_, name)| *name).collect();
    let mut scopes = complete(press, &indicators);
    scopes.retain(|(kind, _)| matches!(kind, ScopeKind::Com | ScopeKind::Epci | ScopeKind::Dep));
    let labels = names_of(&scopes);
    let stacks: Vec<_> = scopes
        .iter()
        .zip(&labels)
        .map(|((_, facts), label)| stacked::Stack {
            label,
            parts: facts.iter().map(|fact| datum(fact)).collect(),
            total: "",
        })
        .collect();
    let facts = cited(&scopes);
    let desc = sentence(&facts);
    let frame = Frame { key, title, desc: &desc, width: size.0, height: size.1 };
    let svg = stacked::draw(&frame, &names, &stacks, stacked::Mode::Grouped, "%");
    let exhibit = exhibits.figure(title, measure, svg, &facts)?;
    Ok(marked(press, exhibit, &facts))
}

/// Two figures face to face and the gap between them, a line a territory.
///
/// # Errors
/// When a dataset has no printed name.
pub fn pairs(
    press: &mut Press<'_>,
    exhibits: &mut Exhibits,
    key: &'static str,
    (title, measure): (&str, &str),
    (indicators, names): ([&str; 3], (&str, &str)),
    size: (f64, f64),
) -> Result<Exhibit, PageError> {
    let scopes = complete(press, &indicators);
    let labels = names_of(&scopes);
    let rows: Vec<_> = scopes
        .iter()
        .zip(&labels)
        .filter_map(|((_, facts), label)| {
            let [one, other, gap] = facts.as_slice() else { return None };
            Some(dumbbell::Row { label, one: datum(one), other: datum(other), gap: shown(gap) })
        })
        .collect();
    let facts = cited(&scopes);
    let desc = sentence(&facts);
    let svg = dumbbell::draw(&Frame { key, title, desc: &desc, width: size.0, height: size.1 }, names, &rows);
    let exhibit = exhibits.figure(title, measure, svg, &facts)?;
    Ok(marked(press, exhibit, &facts))
}

/// An indicator, a bar a territory.
///
/// # Errors
/// When a dataset has no printed name.
pub fn by_scope(
    press: &mut Press<'_>,
    exhibits: &mut Exhibits,
    key: &'static str,
    (title, measure): (&str, &str),
    indicator: &str,
    size: (f64, f64),
) -> Result<Exhibit, PageError> {
    let facts = of_scopes(press, indicator);
    let labels: Vec<String> = facts.iter().map(|fact| short_name(fact)).collect();
    let bars: Vec<_> = facts
        .iter()
        .zip(&labels)
        .map(|(fact, label)| hbar::Bar { scope: fact.scope.kind, label, value: height(fact), text: shown(fact) })
        .collect();
    let desc = sentence(&facts);
    let svg = hbar::draw(&Frame { key, title, desc: &desc, width: size.0, height: size.1 }, &bars);
    let exhibit = exhibits.figure(title, measure, svg, &facts)?;
    Ok(marked(press, exhibit, &facts))
}

/// Marks the figures that only the drawing shows, so that the annex can point at them.
#[must_use]
pub fn marked(press: &mut Press<'_>, mut exhibit: Exhibit, facts: &[&Fact]) -> Exhibit {
    exhibit.anchors = press.anchors(facts.iter().map(|fact| fact.id.as_str()));
    exhibit
}
