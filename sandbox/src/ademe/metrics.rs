//! `metric_agg`, `simple_metrics_agg` and `values/{field}`: figures and values without groups.

use serde_json::{Map, Value, json};

use super::measure::{Measure, percentiles, stats};
use super::row::{Cell, count};
use super::{Dataset, Refusal, select};
use crate::call::Ask;

/// The percentiles that Elasticsearch gives unasked.
const PERCENTS: &str = "1,5,25,50,75,95,99";

/// `metric_agg?metric=…&field=…`.
pub fn metric(ask: &Ask<'_>, dataset: Dataset) -> Result<Value, Refusal> {
    let name = ask.call.param("metric").ok_or_else(|| missing("metric"))?;
    let field = ask.call.param("field").or(ask.call.param("metric_field")).ok_or_else(|| missing("field"))?;
    let column = select::column(ask, field)?;
    let pool = select::pool(ask, dataset)?;
    let rows = pool.rows();
    let figure = match name {
        "stats" | "percentiles" => {
            // Both need numbers, as a mean does.
            Measure::named("avg", column)?;
            match name {
                "stats" => stats(&rows, column),
                _ => percentiles(&rows, column, ask.call.param("percents").unwrap_or(PERCENTS))?,
            }
        }
        other => Measure::named(other, column)?.of(&rows, column),
    };
    Ok(json!({ "total": count(&rows), "metric": figure }))
}

/// `simple_metrics_agg?fields=a,b&metrics=…`.
pub fn simple(ask: &Ask<'_>, dataset: Dataset) -> Result<Value, Refusal> {
    let (Some(fields), Some(wanted)) = (ask.call.param("fields"), ask.call.param("metrics")) else {
        return Err(Refusal::not_doubled("simple_metrics_agg without both fields and metrics"));
    };
    let pool = select::pool(ask, dataset)?;
    let rows = pool.rows();
    let mut metrics = Map::new();
    for field in fields.split(',') {
        let column = select::column(ask, field)?;
        let mut figures = Map::new();
        for name in wanted.split(',') {
            figures.insert(name.to_owned(), Measure::named(name, column)?.of(&rows, column));
        }
        metrics.insert(field.to_owned(), Value::Object(figures));
    }
    Ok(json!({ "total": count(&rows), "metrics": metrics }))
}

/// `values/{field}`: the distinct values, in order.
pub fn values(ask: &Ask<'_>, dataset: Dataset, field: &str) -> Result<Value, Refusal> {
    let column = select::column(ask, field)?;
    let size = select::number(ask, "size", 12, 1_000)?;
    let backwards = match ask.call.param("sort") {
        None | Some("asc") => false,
        Some("desc") => true,
        Some(other) => return Err(Refusal::bad(format!("\"sort\" ne peut pas valoir {other} : asc ou desc"))),
    };
    let pool = select::pool(ask, dataset)?;
    let mut cells: Vec<&Cell> = pool.rows().into_iter().map(|row| row.cell(column)).collect();
    cells.retain(|cell| **cell != Cell::Missing);
    cells.sort_by(|left, right| left.order(right));
    cells.dedup();
    if backwards {
        cells.reverse();
    }
    Ok(Value::Array(cells.into_iter().take(size).map(Cell::to_json).collect()))
}

fn missing(name: &str) -> Refusal {
    Refusal::bad(format!("Le paramètre \"{name}\" est obligatoire"))
}
