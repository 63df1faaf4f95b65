//! `GET /datasets/{id}/lines`, page after page.

use serde_json::{Value, json};

use super::row::{COLUMNS, Row, index};
use super::{Refusal, select};
use crate::call::Ask;

pub fn lines(ask: &Ask<'_>, dataset: &str) -> Result<Value, Refusal> {
    if ask.call.param("format").is_some_and(|format| format != "json") {
        return Err(Refusal::not_doubled("formats other than JSON"));
    }
    let size = select::number(ask, "size", 12, 10_000)?;
    let after = match ask.call.param("after") {
        Some(text) => Some(text.parse::<usize>().map_err(|_| Refusal::bad("after n’est pas valide"))?),
        None => None,
    };
    let columns = columns(ask)?;
    let mut rows = select::rows(ask, dataset)?;
    sort(ask, &mut rows)?;
    let total = rows.len();
    let start = after.unwrap_or(0);
    let page: Vec<Value> = rows.iter().skip(start).take(size).map(|row| row.to_json(&columns)).collect();
    let mut answer = json!({ "results": page });
    // Only the first page says how many there are.
    if after.is_none() && ask.call.param("count") != Some("false") {
        answer["total"] = json!(total);
    }
    // A full page promises another one, even when that one is empty.
    if size > 0 && answer["results"].as_array().is_some_and(|page| page.len() == size) {
        answer["next"] = json!(next(ask, start + size));
    }
    Ok(answer)
}

fn next(ask: &Ask<'_>, after: usize) -> String {
    let path = ask.call.target.split('?').next().unwrap_or_default();
    let Ok(mut url) = reqwest::Url::parse(&format!("{}{path}", ask.world.base_url)) else { return String::new() };
    for (name, value) in ask.call.query.iter().filter(|(name, _)| name != "after") {
        url.query_pairs_mut().append_pair(name, value);
    }
    url.query_pairs_mut().append_pair("after", &after.to_string());
    url.into()
}

fn columns(ask: &Ask<'_>) -> Result<Vec<usize>, Refusal> {
    let all = || (0..COLUMNS.len()).collect();
    let mut columns: Vec<usize> = match ask.call.param("select") {
        None | Some("" | "*") => all(),
        Some(names) => names.split(',').map(select::column).collect::<Result<_, _>>()?,
    };
    if ask.scenario == Some("column_missing") {
        columns.retain(|column| index("etiquette_dpe") != Some(*column));
    }
    Ok(columns)
}

fn sort(ask: &Ask<'_>, rows: &mut [Row]) -> Result<(), Refusal> {
    let Some(sort) = ask.call.param("sort") else { return Ok(()) };
    if sort.contains(',') {
        return Err(Refusal::not_doubled("a sort by several columns"));
    }
    let column = select::column(sort.trim_start_matches('-'))?;
    rows.sort_by(|left, right| compare(left, right, column));
    if sort.starts_with('-') {
        rows.reverse();
    }
    Ok(())
}

fn compare(left: &Row, right: &Row, column: usize) -> std::cmp::Ordering {
    use super::row::Cell;
    match (left.cell(column), right.cell(column)) {
        (Cell::Number(left), Cell::Number(right)) => left.total_cmp(right),
        (Cell::Text(left), Cell::Text(right)) => left.cmp(right),
        (Cell::Missing, Cell::Missing) => std::cmp::Ordering::Equal,
        (Cell::Missing, _) => std::cmp::Ordering::Greater,
        (_, Cell::Missing) => std::cmp::Ordering::Less,
        (Cell::Number(_), Cell::Text(_)) => std::cmp::Ordering::Less,
        (Cell::Text(_), Cell::Number(_)) => std::cmp::Ordering::Greater,
    }
}
