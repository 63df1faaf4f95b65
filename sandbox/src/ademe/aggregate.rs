//! Counts and metrics by group: what a report asks for.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::row::{COLUMNS, Cell, Row, written};
use super::{Refusal, select};
use crate::call::Ask;

/// `values_agg`.
pub fn values(ask: &Ask<'_>, dataset: &str) -> Result<Value, Refusal> {
    let fields = ask.call.param("field").ok_or_else(|| Refusal::bad("Le paramètre field est obligatoire"))?;
    let fields: Vec<usize> = fields.split([',', ';']).map(select::column).collect::<Result<_, _>>()?;
    let request = Request {
        groups: select::number(ask, "agg_size", 20, 1_000)?,
        samples: select::number(ask, "size", 0, 100)?,
        metrics: metrics(ask)?,
        interval: ask.call.param("interval").map(str::to_owned),
        missing: ask.call.param("missing").map(str::to_owned),
        sort: ask.call.param("sort").unwrap_or("-count").to_owned(),
    };
    let rows = select::rows(ask, dataset)?;
    let rows: Vec<&Row> = rows.iter().collect();
    let mut answer = json!({ "total": rows.len() });
    answer.as_object_mut().into_iter().for_each(|object| object.extend(group(&rows, &fields, &request)));
    Ok(answer)
}

/// What is asked of every group.
struct Request {
    groups: usize,
    samples: usize,
    /// Name in the answer, metric, column.
    metrics: Vec<(String, String, usize)>,
    interval: Option<String>,
    missing: Option<String>,
    sort: String,
}

fn metrics(ask: &Ask<'_>) -> Result<Vec<(String, String, usize)>, Refusal> {
    let mut metrics = Vec::new();
    if let Some(metric) = ask.call.param("metric") {
        let field =
            ask.call.param("metric_field").ok_or_else(|| Refusal::bad("metric_field est obligatoire avec metric"))?;
        metrics.push(("metric".to_owned(), known(metric)?, select::column(field)?));
    }
    for extra in ask.call.param("extra_metrics").into_iter().flat_map(|extras| extras.split(',')) {
        let (field, metric) =
            extra.split_once(':').ok_or_else(|| Refusal::bad("extra_metrics s’écrit champ:métrique"))?;
        metrics.push((format!("{field}_{metric}"), known(metric)?, select::column(field)?));
    }
    Ok(metrics)
}

fn known(metric: &str) -> Result<String, Refusal> {
    match metric {
        "avg" | "sum" | "min" | "max" | "value_count" | "cardinality" => Ok(metric.to_owned()),
        other => Err(Refusal::not_doubled(format!("the metric {other} in a group"))),
    }
}

fn group(rows: &[&Row], fields: &[usize], request: &Request) -> Map<String, Value> {
    let mut object = Map::new();
    let Some((column, deeper)) = fields.split_first() else { return object };
    let mut groups: BTreeMap<String, (Value, Vec<&Row>)> = BTreeMap::new();
    for row in rows {
        let value = match (row.cell(*column), &request.missing) {
            (Cell::Missing, None) => continue,
            (Cell::Missing, Some(label)) => json!(label),
            (cell, _) => bucket(cell, request.interval.as_deref()),
        };
        let key = value.as_f64().map_or_else(|| value.to_string(), |number| format!("{number:020.6}"));
        groups.entry(key).or_insert_with(|| (value, Vec::new())).1.push(row);
    }
    let distinct = groups.len();
    let mut groups: Vec<(Value, Vec<&Row>, Map<String, Value>)> = groups
        .into_values()
        .map(|(value, rows)| {
            let figures =
                request.metrics.iter().map(|(name, metric, column)| (name.clone(), measure(metric, &rows, *column)));
            let figures = figures.collect();
            (value, rows, figures)
        })
        .collect();
    sort(&mut groups, &request.sort);
    let counted: usize = groups.iter().map(|(_, rows, _)| rows.len()).sum();
    groups.truncate(request.groups);
    let shown: usize = groups.iter().map(|(_, rows, _)| rows.len()).sum();
    let all: Vec<usize> = (0..COLUMNS.len()).collect();
    let aggs: Vec<Value> = groups
        .into_iter()
        .map(|(value, rows, figures)| {
            let samples: Vec<Value> = rows.iter().take(request.samples).map(|row| row.to_json(&all)).collect();
            let mut object = Map::from_iter([
                ("total".to_owned(), json!(rows.len())),
                ("value".to_owned(), value),
                ("results".to_owned(), json!(samples)),
            ]);
            object.extend(figures);
            object.extend(group(&rows, deeper, request));
            Value::Object(object)
        })
        .collect();
    object.insert("total_values".into(), json!(distinct));
    object.insert("total_other".into(), json!(counted - shown));
    object.insert("aggs".into(), json!(aggs));
    object
}

/// The group a value falls in.
fn bucket(cell: &Cell, interval: Option<&str>) -> Value {
    match (cell, interval) {
        (Cell::Text(date), Some("year")) => json!(date.get(..4).unwrap_or(date)),
        (Cell::Text(date), Some("month")) => json!(date.get(..7).unwrap_or(date)),
        (Cell::Number(number), Some(step)) => match step.parse::<f64>() {
            Ok(step) if step > 0.0 => written((number / step).floor() * step),
            _ => written(*number),
        },
        (cell, _) => cell.to_json(),
    }
}

fn sort(groups: &mut [(Value, Vec<&Row>, Map<String, Value>)], by: &str) {
    match by.trim_start_matches('-') {
        // They come in order of key already.
        "key" => {}
        "metric" => groups.sort_by(|left, right| {
            let figure = |group: &Map<String, Value>| group.get("metric").and_then(Value::as_f64).unwrap_or(f64::MIN);
            figure(&left.2).total_cmp(&figure(&right.2))
        }),
        _ if by.starts_with('-') => {
            // Equal counts stay in order of key.
            groups.sort_by_key(|(_, rows, _)| std::cmp::Reverse(rows.len()));
            return;
        }
        _ => groups.sort_by_key(|(_, rows, _)| rows.len()),
    }
    if by.starts_with('-') {
        groups.reverse();
    }
}

/// `metric_agg`.
pub fn metric(ask: &Ask<'_>, dataset: &str) -> Result<Value, Refusal> {
    let metric = ask.call.param("metric").ok_or_else(|| Refusal::bad("Le paramètre metric est obligatoire"))?;
    let column =
        select::column(ask.call.param("field").ok_or_else(|| Refusal::bad("Le paramètre field est obligatoire"))?)?;
    let rows = select::rows(ask, dataset)?;
    let rows: Vec<&Row> = rows.iter().collect();
    let figure = match metric {
        "stats" => {
            let of = |metric: &str| measure(metric, &rows, column);
            json!({ "count": of("value_count"), "min": of("min"), "max": of("max"), "avg": of("avg"), "sum": of("sum") })
        }
        "percentiles" => {
            let wanted = ask.call.param("percents").unwrap_or("1,5,25,50,75,95,99");
            let mut numbers = numbers(&rows, column);
            numbers.sort_by(f64::total_cmp);
            let list = wanted.split(',').map(|percent| {
                let percent: f64 = percent.parse().map_err(|_| Refusal::bad("percents n’est pas valide"))?;
                Ok(json!({ "key": percent, "value": percentile(&numbers, percent) }))
            });
            Value::Array(list.collect::<Result<_, Refusal>>()?)
        }
        other => measure(&known(other)?, &rows, column),
    };
    Ok(json!({ "total": rows.len(), "metric": figure }))
}

/// `simple_metrics_agg`.
pub fn simple_metrics(ask: &Ask<'_>, dataset: &str) -> Result<Value, Refusal> {
    let fields = ask.call.param("fields").ok_or_else(|| Refusal::bad("Le paramètre fields est obligatoire"))?;
    let wanted = ask.call.param("metrics").unwrap_or("min,max");
    let rows = select::rows(ask, dataset)?;
    let rows: Vec<&Row> = rows.iter().collect();
    let mut metrics = Map::new();
    for field in fields.split(',') {
        let column = select::column(field)?;
        let mut figures = Map::new();
        for metric in wanted.split(',') {
            figures.insert(metric.to_owned(), measure(&known(metric)?, &rows, column));
        }
        metrics.insert(field.to_owned(), Value::Object(figures));
    }
    Ok(json!({ "total": rows.len(), "metrics": metrics }))
}

fn numbers(rows: &[&Row], column: usize) -> Vec<f64> {
    let number = |row: &&Row| match row.cell(column) {
        Cell::Number(number) => Some(*number),
        _ => None,
    };
    rows.iter().filter_map(number).collect()
}

fn measure(metric: &str, rows: &[&Row], column: usize) -> Value {
    match metric {
        "value_count" => return json!(rows.iter().filter(|row| *row.cell(column) != Cell::Missing).count()),
        "cardinality" => {
            let distinct: std::collections::BTreeSet<String> = rows
                .iter()
                .filter(|row| *row.cell(column) != Cell::Missing)
                .map(|row| row.cell(column).to_json().to_string())
                .collect();
            return json!(distinct.len());
        }
        _ => {}
    }
    let numbers = numbers(rows, column);
    if numbers.is_empty() {
        return Value::Null;
    }
    let sum: f64 = numbers.iter().sum();
    match metric {
        "sum" => written(sum),
        "min" => written(numbers.iter().copied().fold(f64::INFINITY, f64::min)),
        "max" => written(numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max)),
        _ => json!(sum / f64::from(u32::try_from(numbers.len()).unwrap_or(u32::MAX))),
    }
}

/// Between the two nearest values, as a median is.
fn percentile(sorted: &[f64], percent: f64) -> Value {
    let Some(last) = sorted.len().checked_sub(1) else { return Value::Null };
    let place = percent.clamp(0.0, 100.0) / 100.0 * f64::from(u32::try_from(last).unwrap_or(u32::MAX));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the last index")]
    let low = place.floor() as usize;
    let high = (low + 1).min(last);
    written(sorted[low] + (sorted[high] - sorted[low]) * place.fract())
}
