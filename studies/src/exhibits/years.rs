//! Years side by side: lines of several territories, columns of one.

use charts::{Frame, columns, line};
use domain::fact::{Fact, ScopeKind};
use indicators::fact_id;
use serde::Deserialize;

use super::scopes::{datum, marked};
use crate::pages::{Exhibit, Exhibits, PageError, Press, height, read, sentence, short_name, shown};

#[derive(Deserialize)]
struct Series {
    annees: Vec<i32>,
    facts: Lists,
}

#[derive(Deserialize)]
struct Lists {
    com: Vec<String>,
    epci: Vec<String>,
    dep: Vec<String>,
}

/// The population of the commune and of its territories since the first census loaded, the first year of each being 100:
/// a town and its département then share one scale. `None` when no census has a figure.
///
/// # Errors
/// As [`read`].
pub fn population(
    press: &mut Press<'_>,
    exhibits: &mut Exhibits,
    size: (f64, f64),
) -> Result<Option<Exhibit>, PageError> {
    let series: Series = read(press, "serie_population")?;
    let lists = [
        (ScopeKind::Com, &series.facts.com),
        (ScopeKind::Epci, &series.facts.epci),
        (ScopeKind::Dep, &series.facts.dep),
    ];
    let mut lines = vec![];
    for (kind, ids) in lists {
        let found: Vec<Option<&Fact>> = ids.iter().map(|id| press.exact(id)).collect();
        let values: Vec<Option<f64>> = found.iter().map(|fact| fact.and_then(height)).collect();
        let Some(base) = values.iter().copied().flatten().next().filter(|base| *base > 0.0) else { continue };
        let points: Vec<_> =
            series.annees.iter().copied().zip(values.iter().map(|value| value.map(|v| 100.0 * v / base))).collect();
        let facts: Vec<&Fact> = found.into_iter().flatten().collect();
        if let Some(last) = facts.iter().rev().find(|fact| fact.status.is_citable()) {
            lines.push((kind, *last, short_name(last), points, facts));
        }
    }
    if lines.is_empty() {
        return Ok(None);
    }
    let drawn: Vec<_> = lines
        .iter()
        .map(|(scope, last, name, points, _)| line::Series { scope: *scope, name, end: &last.text, points })
        .collect();
    let facts: Vec<&Fact> = lines.iter().flat_map(|(.., facts)| facts.iter().copied()).collect();
    let first = series.annees.first().copied().unwrap_or_default();
    let title = format!("Population depuis {first}");
    let desc = sentence(&facts);
    let frame = Frame { key: "serie-population", title: &title, desc: &desc, width: size.0, height: size.1 };
    let svg = line::draw(&frame, &drawn, "", false);
    let measure = format!("Base 100 en {first}\u{a0}; à droite, le nombre d’habitants le plus récent");
    let exhibit = exhibits.figure(&title, &measure, svg, &facts)?;
    Ok(Some(marked(press, exhibit, &facts)))
}

/// An indicator of the commune by year, one column each, provisional years hatched, and the indicator of its mean.
/// `None` when no year is told.
///
/// # Errors
/// When a dataset has no printed name.
pub fn by_year(
    press: &mut Press<'_>,
    exhibits: &mut Exhibits,
    key: &'static str,
    (title, measure): (&str, &str),
    (indicator, mean): (&str, Option<&str>),
    size: (f64, f64),
) -> Result<Option<Exhibit>, PageError> {
    let found =
        (1990..2100).filter_map(|year| Some((year, press.find(&fact_id(indicator, Some(year), ScopeKind::Com))?)));
    let mut found: Vec<(String, &Fact)> = found.map(|(year, fact)| (year.to_string(), fact)).collect();
    let surplus = found.len().saturating_sub(10);
    found.drain(..surplus);
    if found.iter().all(|(_, fact)| height(fact).is_none()) {
        return Ok(None);
    }
    let drawn: Vec<_> = found
        .iter()
        .map(|(year, fact)| columns::Column { label: year, datum: datum(fact), provisional: fact.provisional })
        .collect();
    let mean = mean.and_then(|id| press.find(&fact_id(id, None, ScopeKind::Com)));
    let level = mean.and_then(|fact| Some((height(fact)?, format!("{} en moyenne", shown(fact)))));
    let level = level.as_ref().map(|(value, text)| columns::Mean { value: *value, text });
    let facts: Vec<&Fact> = found.iter().map(|(_, fact)| *fact).chain(mean).collect();
    let desc = sentence(&facts);
    let frame = Frame { key, title, desc: &desc, width: size.0, height: size.1 };
    let svg = columns::draw(&frame, &drawn, level.as_ref(), "");
    let exhibit = exhibits.figure(title, measure, svg, &facts)?;
    Ok(Some(marked(press, exhibit, &facts)))
}
