//! `values_agg`: counts and figures by group, the question a report asks.

use serde_json::{Map, Value, json};

use super::interval::Interval;
use super::measure::Measure;
use super::row::{COLUMNS, Cell, Row, count};
use super::{Dataset, Refusal, select};
use crate::call::Ask;

/// Groups of one level.
const GROUPS_MOST: usize = 1_000;

/// Answers `values_agg`.
pub fn values(ask: &Ask<'_>, dataset: Dataset) -> Result<Value, Refusal> {
    let levels = levels(ask)?;
    let request = Request {
        samples: select::number(ask, "size", 0, 100)?,
        figures: figures(ask)?,
        columns: match ask.call.param("select") {
            None | Some("" | "*") => select::columns(ask),
            Some(names) => names.split(',').map(|name| select::column(ask, name)).collect::<Result<_, _>>()?,
        },
    };
    if levels.iter().any(|level| level.sort == Sort::Metric) && !request.figures.iter().any(|figure| figure.sorts) {
        return Err(Refusal::bad("Impossible de trier les groupes par metric sans \"metric\" et \"metric_field\""));
    }
    let pool = select::pool(ask, dataset)?;
    let rows = pool.rows();
    let mut answer = json!({ "total": count(&rows) });
    answer.as_object_mut().into_iter().for_each(|object| object.extend(group(&rows, &levels, &request)));
    Ok(answer)
}

/// How the groups of a level come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Key,
    Count,
    Metric,
}

/// One level of grouping.
struct Level {
    column: usize,
    interval: Option<Interval>,
    sort: Sort,
    backwards: bool,
    /// The group of lines without a value.
    missing: Option<Cell>,
    groups: usize,
}

/// What is asked of every group.
struct Request {
    samples: usize,
    figures: Vec<Figure>,
    columns: Vec<usize>,
}

struct Figure {
    name: String,
    measure: Measure,
    column: usize,
    /// The main metric, which groups may be sorted by.
    sorts: bool,
}

/// A parameter with one value per level.
fn each<'a>(ask: &'a Ask<'_>, name: &str) -> Vec<&'a str> {
    let text = ask.call.param(name).unwrap_or_default();
    let separator = if text.contains(';') { ';' } else { ',' };
    text.split(separator).filter(|one| !one.is_empty()).collect()
}

fn levels(ask: &Ask<'_>) -> Result<Vec<Level>, Refusal> {
    let fields = each(ask, "field");
    if fields.is_empty() {
        return Err(Refusal::bad("Le paramètre \"field\" est obligatoire"));
    }
    let (sorts, missings) = (each(ask, "sort"), each(ask, "missing"));
    let (intervals, sizes) = (each(ask, "interval"), each(ask, "agg_size"));
    if sorts.len() > fields.len() {
        return Err(Refusal::not_doubled("a sort of the sample lines of a group"));
    }
    let level = |(place, field): (usize, &&str)| {
        let column = select::column(ask, field)?;
        let interval = Interval::read(column, intervals.get(place).copied())?;
        let (sort, backwards) = sort(field, sorts.get(place).copied(), interval.as_ref())?;
        let missing = missings.get(place).map(|label| missing(column, label)).transpose()?;
        let groups = sizes.get(place).map_or(Ok(20), |size| select::whole("agg_size", size, GROUPS_MOST))?;
        Ok(Level { column, interval, sort, backwards, missing, groups })
    };
    fields.iter().enumerate().map(level).collect()
}

fn sort(field: &str, asked: Option<&str>, interval: Option<&Interval>) -> Result<(Sort, bool), Refusal> {
    let Some(asked) = asked else {
        return Ok(match interval {
            Some(Interval::Year | Interval::Month) => (Sort::Key, false),
            _ => (Sort::Count, true),
        });
    };
    let sort = match asked.trim_start_matches('-') {
        "key" | "_key" => Sort::Key,
        "count" | "_count" => Sort::Count,
        "metric" => Sort::Metric,
        name if name == field => Sort::Key,
        other => {
            return Err(Refusal::bad(format!("Impossible de trier les groupes de la colonne {field} par {other}")));
        }
    };
    Ok((sort, asked.starts_with('-')))
}

fn missing(column: usize, label: &str) -> Result<Cell, Refusal> {
    match COLUMNS.get(column).map(|column| column.kind) {
        Some(super::row::Kind::Number) => {
            label.parse().map(Cell::Number).map_err(|_| Refusal::bad("\"missing\" doit être un nombre"))
        }
        _ => Ok(Cell::Text(label.to_owned().into())),
    }
}

fn figures(ask: &Ask<'_>) -> Result<Vec<Figure>, Refusal> {
    let mut figures = Vec::new();
    match (ask.call.param("metric"), ask.call.param("metric_field")) {
        (None, None) => {}
        (Some(name), Some(field)) => {
            let column = select::column(ask, field)?;
            figures.push(Figure { name: "metric".into(), measure: Measure::named(name, column)?, column, sorts: true });
        }
        _ => return Err(Refusal::bad("\"metric\" et \"metric_field\" vont ensemble")),
    }
    for extra in ask.call.param("extra_metrics").into_iter().flat_map(|extras| extras.split(',')) {
        let (field, name) =
            extra.split_once(':').ok_or_else(|| Refusal::bad("\"extra_metrics\" s’écrit champ:métrique"))?;
        let column = select::column(ask, field)?;
        let measure = Measure::named(name, column)?;
        figures.push(Figure { name: format!("{field}_{name}"), measure, column, sorts: false });
    }
    Ok(figures)
}

/// One group before it is written.
struct Group<'a> {
    key: Cell,
    rows: Vec<&'a Row>,
    total: u64,
    figures: Map<String, Value>,
}

fn group(rows: &[&Row], levels: &[Level], request: &Request) -> Map<String, Value> {
    let mut object = Map::new();
    let Some((level, deeper)) = levels.split_first() else { return object };
    let mut groups = gathered(rows, level, request);
    let distinct = groups.len();
    order(&mut groups, level);
    let all: u64 = groups.iter().map(|group| group.total).sum();
    if level.interval.is_none() {
        groups.truncate(level.groups);
        let shown: u64 = groups.iter().map(|group| group.total).sum();
        object.insert("total_values".into(), json!(distinct));
        object.insert("total_other".into(), json!(all - shown));
    }
    if let (Sort::Key, Some(last)) = (level.sort, groups.last().filter(|_| groups.len() == level.groups)) {
        let direction = if level.backwards { "lt" } else { "gt" };
        let key = format!("{}_{direction}", COLUMNS[level.column].key);
        object.insert("next".into(), json!({ key: last.key.to_json() }));
    }
    let samples = if deeper.is_empty() { request.samples } else { 0 };
    let aggs = groups.into_iter().map(|one| {
        let results: Vec<Value> = one.rows.iter().take(samples).map(|row| row.to_json(&request.columns)).collect();
        let mut written = Map::new();
        written.insert("total".into(), json!(one.total));
        written.insert("value".into(), one.key.to_json());
        written.insert("results".into(), json!(results));
        written.extend(one.figures);
        written.extend(group(&one.rows, deeper, request));
        Value::Object(written)
    });
    let aggs = Value::Array(aggs.collect());
    object.insert("aggs".into(), aggs);
    object
}

/// The lines by value, in order of value.
fn gathered<'a>(rows: &[&'a Row], level: &Level, request: &Request) -> Vec<Group<'a>> {
    let mut placed: Vec<(Cell, &Row)> = rows
        .iter()
        .filter_map(|row| {
            let cell = row.cell(level.column);
            let key = match (cell, &level.interval) {
                (Cell::Missing, None) => level.missing.clone()?,
                (Cell::Missing, Some(_)) => return None,
                (cell, None) => cell.clone(),
                (cell, Some(interval)) => interval.of(cell),
            };
            Some((key, *row))
        })
        .collect();
    placed.sort_by(|left, right| left.0.order(&right.0));
    let mut groups: Vec<Group<'_>> = placed
        .chunk_by(|left, right| left.0 == right.0)
        .map(|chunk| {
            let rows: Vec<&Row> = chunk.iter().map(|(_, row)| *row).collect();
            measured(chunk[0].0.clone(), rows, request)
        })
        .collect();
    if let Some(interval) = &level.interval {
        let keys: Vec<Cell> = groups.iter().map(|group| group.key.clone()).collect();
        let gaps = interval.between(&keys);
        groups.extend(gaps.into_iter().map(|key| measured(key, Vec::new(), request)));
        groups.sort_by(|left, right| left.key.order(&right.key));
    }
    groups
}

fn measured<'a>(key: Cell, rows: Vec<&'a Row>, request: &Request) -> Group<'a> {
    let of = |figure: &Figure| (figure.name.clone(), figure.measure.of(&rows, figure.column));
    let figures = request.figures.iter().map(of).collect();
    Group { total: count(&rows), key, rows, figures }
}

/// They come in order of key; equal ones stay so.
fn order(groups: &mut [Group<'_>], level: &Level) {
    let metric = |group: &Group<'_>| group.figures.get("metric").and_then(Value::as_f64).unwrap_or(f64::MIN);
    groups.sort_by(|left, right| {
        let order = match level.sort {
            Sort::Key => left.key.order(&right.key),
            Sort::Count => left.total.cmp(&right.total),
            Sort::Metric => metric(left).total_cmp(&metric(right)),
        };
        if level.backwards { order.reverse() } else { order }
    });
}
