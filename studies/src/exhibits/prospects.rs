//! Projections on paper: a fan, and the level that it is about.

use charts::{Frame, fan};
use domain::fact::{Fact, ScopeKind};
use serde::Deserialize;

use super::scopes::marked;
use crate::pages::{Exhibit, Exhibits, PageError, Press, height, read, sentence, shown};

#[derive(Deserialize)]
struct Projected {
    base: Option<i32>,
    annees: Vec<i32>,
    facts: Levels,
}

#[derive(Deserialize)]
struct Levels {
    dep: Scenarios,
}

#[derive(Deserialize)]
struct Scenarios {
    central: Vec<String>,
    haut: Vec<String>,
    bas: Vec<String>,
}

#[derive(Deserialize)]
struct Observed {
    annees: Vec<i32>,
    facts: Lists,
}

#[derive(Deserialize)]
struct Lists {
    dep: Vec<String>,
}

/// The population of the département, observed and projected; `None` when no projection is published.
///
/// # Errors
/// As [`read`], or when a dataset has no printed name.
pub fn projection(
    press: &mut Press<'_>,
    exhibits: &mut Exhibits,
    size: (f64, f64),
) -> Result<Option<Exhibit>, PageError> {
    let projected: Projected = read(press, "projections")?;
    let seen: Observed = read(press, "serie_population")?;
    let Some(base) = projected.base else { return Ok(None) };
    let value = |id: &String| press.find(id).and_then(height);
    let Scenarios { central, haut, bas } = &projected.facts.dep;
    let mut points = vec![];
    for (at, year) in projected.annees.iter().enumerate() {
        let of = |list: &[String]| list.get(at).and_then(value);
        points.push(fan::Point { year: *year, central: of(central), band: of(bas).zip(of(haut)) });
    }
    // The base is observed by one source and recomputed by the other: the fan starts from its own.
    let start = points.iter().find(|point| point.year == base).and_then(|point| point.central);
    points.retain(|point| point.year > base);
    if points.iter().all(|point| point.central.is_none()) {
        return Ok(None);
    }
    let mut observed: Vec<_> = seen.annees.iter().copied().zip(seen.facts.dep.iter().map(value)).collect();
    observed.retain(|(year, _)| *year < base);
    observed.push((base, start));
    let last = |list: &[String]| list.last().and_then(|id| press.find(id)).map_or("n.d.", shown);
    let fan = fan::Fan {
        scope: ScopeKind::Dep,
        observed: &observed,
        projected: &points,
        base,
        ends: [("haut", last(haut)), ("central", last(central)), ("bas", last(bas))],
    };
    let facts: Vec<&Fact> = [bas, central, haut].into_iter().flatten().filter_map(|id| press.find(id)).collect();
    let name = facts.first().map_or("Département", |fact| fact.scope.name.as_str());
    let title = format!("Population du département observée et projetée ({name})");
    let desc = sentence(&facts);
    let frame = Frame { key: "projection", title: &title, desc: &desc, width: size.0, height: size.1 };
    let svg = fan::draw(&frame, &fan, "habitants");
    let measure =
        format!("Niveau\u{a0}: département, jamais la commune. Scénarios bas, central et haut à partir de {base}");
    let exhibit = exhibits.figure(&title, &measure, svg, &facts)?;
    Ok(Some(marked(press, exhibit, &facts)))
}
