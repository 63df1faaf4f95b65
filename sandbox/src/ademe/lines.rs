//! `GET /datasets/{id}/lines`, page after page.

use serde_json::{Value, json};

use super::row::{Cell, Row, count};
use super::{Dataset, Refusal, select};
use crate::call::Ask;

/// `size`, and `size` × `page`.
const PAGE_MOST: usize = 10_000;

/// The page, and the address of the next one.
pub fn lines(ask: &Ask<'_>, dataset: Dataset) -> Result<(Value, Option<String>), Refusal> {
    if ask.call.param("format").is_some_and(|format| format != "json") {
        return Err(Refusal::not_doubled("formats other than JSON"));
    }
    let size = select::number(ask, "size", 12, PAGE_MOST)?;
    let page = select::number(ask, "page", 1, PAGE_MOST)?.max(1);
    if size * page > PAGE_MOST {
        return Err(Refusal::bad(format!("\"size * page\" ne peut pas dépasser {PAGE_MOST}")));
    }
    let after = match ask.call.param("after") {
        Some(text) => Some(text.parse::<usize>().map_err(|_| Refusal::bad("\"after\" n’est pas valide"))?),
        None => None,
    };
    let counted = match ask.call.param("count") {
        None | Some("exact" | "estimate") => true,
        Some("false") => false,
        Some(other) => return Err(Refusal::bad(format!("\"count\" ne peut pas valoir {other}"))),
    };
    let columns = columns(ask)?;
    let pool = select::pool(ask, dataset)?;
    let mut rows = pool.rows();
    sort(ask, &mut rows)?;
    let start = after.unwrap_or((page - 1) * size);
    if pool.country && start + size > rows.len() {
        return Err(Refusal::not_doubled("pages deep into the whole country"));
    }
    let shown: Vec<Value> = rows.iter().skip(start).take(size).map(|row| row.to_json(&columns)).collect();
    let full = size > 0 && shown.len() == size;
    let mut answer = json!({ "results": shown });
    // Only the first pages say how many there are.
    if after.is_none() && counted {
        answer["total"] = json!(count(&rows));
    }
    // A full page promises another one, even when that one is empty.
    let next = full.then(|| next(ask, start + size));
    if let Some(next) = &next {
        answer["next"] = json!(next);
    }
    Ok((answer, next))
}

fn next(ask: &Ask<'_>, after: usize) -> String {
    let path = ask.call.target.split('?').next().unwrap_or_default();
    let Ok(mut url) = reqwest::Url::parse(&format!("{}{path}", ask.world.base_url)) else { return String::new() };
    for (name, value) in ask.call.query.iter().filter(|(name, _)| name != "after" && name != "page") {
        url.query_pairs_mut().append_pair(name, value);
    }
    url.query_pairs_mut().append_pair("after", &after.to_string());
    url.into()
}

fn columns(ask: &Ask<'_>) -> Result<Vec<usize>, Refusal> {
    match ask.call.param("select") {
        None | Some("" | "*") => Ok(select::columns(ask)),
        Some(names) => names.split(',').map(|name| select::column(ask, name)).collect(),
    }
}

/// `a,-b`: by `a`, then by `b` backwards; missing values last, whichever way.
fn sort(ask: &Ask<'_>, rows: &mut [&Row]) -> Result<(), Refusal> {
    let Some(sort) = ask.call.param("sort") else { return Ok(()) };
    let mut keys = Vec::new();
    for key in sort.split(',') {
        let name = key.trim_start_matches('-');
        if name.starts_with('_') {
            return Err(Refusal::not_doubled(format!("a sort by {name}")));
        }
        keys.push((select::column(ask, name)?, key.starts_with('-')));
    }
    rows.sort_by(|left, right| {
        let orders = keys.iter().map(|(column, backwards)| {
            let (left, right) = (left.cell(*column), right.cell(*column));
            let order = left.order(right);
            if *backwards && *left != Cell::Missing && *right != Cell::Missing { order.reverse() } else { order }
        });
        orders.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
    });
    Ok(())
}
