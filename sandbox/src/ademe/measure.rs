//! Figures over lines: what Elasticsearch calls metrics.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Refusal;
use super::row::{COLUMNS, Cell, Kind, Row, written};

/// A figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    Avg,
    Sum,
    Min,
    Max,
    ValueCount,
    Cardinality,
}

impl Measure {
    /// The measure `name` of a column that allows it.
    pub fn named(name: &str, column: usize) -> Result<Self, Refusal> {
        let measure = match name {
            "avg" => Self::Avg,
            "sum" => Self::Sum,
            "min" => Self::Min,
            "max" => Self::Max,
            "value_count" => Self::ValueCount,
            "cardinality" => Self::Cardinality,
            other => return Err(Refusal::not_doubled(format!("the metric {other} here"))),
        };
        let Some(known) = COLUMNS.get(column) else { return Ok(measure) };
        let allowed = match known.kind {
            Kind::Number => true,
            Kind::Date => !matches!(measure, Self::Avg | Self::Sum),
            Kind::Text => matches!(measure, Self::ValueCount | Self::Cardinality),
        };
        if allowed {
            return Ok(measure);
        }
        Err(Refusal::bad(format!("Impossible de calculer la métrique {name} sur le champ {}", known.key)))
    }

    /// Its value over `rows`; null when none of them has a value.
    pub fn of(self, rows: &[&Row], column: usize) -> Value {
        let present = || rows.iter().filter(|row| *row.cell(column) != Cell::Missing);
        match self {
            Self::ValueCount => json!(present().map(|row| row.weight).sum::<u64>()),
            Self::Cardinality => {
                let distinct: BTreeSet<String> = present().map(|row| row.cell(column).to_json().to_string()).collect();
                json!(distinct.len())
            }
            Self::Min => {
                present().map(|row| row.cell(column)).min_by(|a, b| a.order(b)).map_or(Value::Null, Cell::to_json)
            }
            Self::Max => {
                present().map(|row| row.cell(column)).max_by(|a, b| a.order(b)).map_or(Value::Null, Cell::to_json)
            }
            Self::Sum => written(weighed(rows, column).map(|(number, weight)| number * weight).sum()),
            Self::Avg => {
                let (sum, weights) = weighed(rows, column)
                    .fold((0.0, 0.0), |(sum, weights), (number, weight)| (sum + number * weight, weights + weight));
                if weights > 0.0 { json!(sum / weights) } else { Value::Null }
            }
        }
    }
}

/// Numbers of a column and how many certificates each stands for.
fn weighed<'a>(rows: &'a [&Row], column: usize) -> impl Iterator<Item = (f64, f64)> + 'a {
    rows.iter().filter_map(move |row| match row.cell(column) {
        Cell::Number(number) => Some((*number, f64::from(u32::try_from(row.weight).unwrap_or(u32::MAX)))),
        _ => None,
    })
}

/// Count, least, most, mean and sum together.
pub fn stats(rows: &[&Row], column: usize) -> Value {
    json!({
        "count": Measure::ValueCount.of(rows, column),
        "min": Measure::Min.of(rows, column),
        "max": Measure::Max.of(rows, column),
        "avg": Measure::Avg.of(rows, column),
        "sum": Measure::Sum.of(rows, column),
    })
}

/// The values below which `percents` of the lines are, each between its two nearest, as a median is.
pub fn percentiles(rows: &[&Row], column: usize, percents: &str) -> Result<Value, Refusal> {
    let mut numbers: Vec<f64> = weighed(rows, column).map(|(number, _)| number).collect();
    numbers.sort_by(f64::total_cmp);
    let list = percents.split(',').map(|percent| match percent.parse::<f64>() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => {
            Ok(json!({ "key": percent, "value": percentile(&numbers, percent) }))
        }
        _ => Err(Refusal::bad(format!("\"percents\" ne peut pas contenir {percent}"))),
    });
    Ok(Value::Array(list.collect::<Result<_, Refusal>>()?))
}

fn percentile(sorted: &[f64], percent: f64) -> Value {
    let Some(last) = sorted.len().checked_sub(1) else { return Value::Null };
    let place = percent / 100.0 * f64::from(u32::try_from(last).unwrap_or(u32::MAX));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the last index")]
    let low = place.floor() as usize;
    let high = (low + 1).min(last);
    written(sorted[low] + (sorted[high] - sorted[low]) * place.fract())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ademe::row::index;

    #[test]
    fn figures_of_a_few_lines() {
        let column = index("conso_5_usages_par_m2_ep").unwrap();
        let rows: Vec<Row> = [Some(100.0), Some(200.0), Some(600.0), None]
            .into_iter()
            .map(|conso| {
                let mut cells = vec![Cell::Missing; COLUMNS.len()];
                cells[column] = conso.map_or(Cell::Missing, Cell::Number);
                Row::new(cells)
            })
            .collect();
        let rows: Vec<&Row> = rows.iter().collect();
        assert_eq!(stats(&rows, column), json!({ "count": 3, "min": 100, "max": 600, "avg": 300.0, "sum": 900 }));
        assert_eq!(
            percentiles(&rows, column, "0,50,75,100").unwrap(),
            json!([{ "key": 0.0, "value": 100 }, { "key": 50.0, "value": 200 },
                   { "key": 75.0, "value": 400 }, { "key": 100.0, "value": 600 }])
        );
        assert_eq!(Measure::Cardinality.of(&rows, column), 3);
        assert!(Measure::named("avg", index("etiquette_dpe").unwrap()).is_err());
    }
}
