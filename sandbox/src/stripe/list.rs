//! Objects read one by one and in pages, newest first, as everywhere at Stripe.

use serde_json::{Value, json};

use super::Request;
use super::error::{Answer, StripeError};
use super::params::Params;
use super::store::Object;

/// Which page is asked for.
pub struct Page {
    limit: usize,
    after: Option<String>,
    before: Option<String>,
    from: i64,
    until: i64,
}

impl Page {
    /// Reads `limit`, `starting_after`, `ending_before` and `created`.
    pub fn read(params: &mut Params) -> Answer<Self> {
        let limit = usize::try_from(params.integer("limit")?.unwrap_or(10)).unwrap_or(0);
        if !(1..=100).contains(&limit) {
            return Err(StripeError::invalid("Invalid limit: must be between 1 and 100").param("limit"));
        }
        let (after, before) = (params.text("starting_after")?, params.text("ending_before")?);
        if after.is_some() && before.is_some() {
            return Err(
                StripeError::invalid("You may not pass both starting_after and ending_before.").param("starting_after")
            );
        }
        let (from, until) = created(params)?;
        Ok(Self { limit, after, before, from, until })
    }

    /// The page of `all`, which comes oldest first; each with its id and time.
    pub fn of<T>(&self, all: impl DoubleEndedIterator<Item = T>, key: impl Fn(&T) -> (&str, i64)) -> (Vec<T>, bool) {
        let wanted = |item: &T| {
            let (id, at) = key(item);
            (self.from..=self.until).contains(&at)
                && self.after.as_deref().is_none_or(|after| id < after)
                && self.before.as_deref().is_none_or(|before| id > before)
        };
        // Backwards from a newer page, the nearest come first; the answer is newest first all the same.
        let mut found: Vec<T> = match self.before {
            Some(_) => all.filter(wanted).take(self.limit + 1).collect(),
            None => all.rev().filter(wanted).take(self.limit + 1).collect(),
        };
        let has_more = found.len() > self.limit;
        found.truncate(self.limit);
        if self.before.is_some() {
            found.reverse();
        }
        (found, has_more)
    }

    /// The page of a list that keeps its own order.
    pub fn in_order<'a, T>(&self, all: &'a [T], id: impl Fn(&T) -> &str) -> (&'a [T], bool) {
        let place =
            |wanted: &Option<String>| wanted.as_deref().and_then(|wanted| all.iter().position(|one| id(one) == wanted));
        let from = place(&self.after).map_or(0, |at| at + 1);
        let until = place(&self.before).unwrap_or(all.len());
        let end = until.min(from + self.limit).max(from);
        (all.get(from..end).unwrap_or_default(), end < until)
    }

    /// The object the page starts from has to exist.
    pub fn check(&self, kind: &str, known: impl Fn(&str) -> bool) -> Answer<()> {
        for (param, id) in [("starting_after", &self.after), ("ending_before", &self.before)] {
            if let Some(id) = id.as_deref().filter(|id| !known(id)) {
                return Err(StripeError::no_such_reference(kind, id, param));
            }
        }
        Ok(())
    }
}

/// `created=1` or `created[gte]=1`.
fn created(params: &mut Params) -> Answer<(i64, i64)> {
    if params.is_text("created") {
        let at = params.integer("created")?;
        return Ok((at.unwrap_or(i64::MIN), at.unwrap_or(i64::MAX)));
    }
    let (mut from, mut until) = (i64::MIN, i64::MAX);
    if let Some(mut range) = params.group("created")? {
        from = range.integer("gte")?.unwrap_or(from).max(range.integer("gt")?.map_or(i64::MIN, |at| at + 1));
        until = range.integer("lte")?.unwrap_or(until).min(range.integer("lt")?.map_or(i64::MAX, |at| at - 1));
        range.finish()?;
    }
    Ok((from, until))
}

/// `GET /v1/…/{id}`.
pub fn retrieve<T: Object>(request: &Request<'_>, params: Params) -> Answer {
    params.finish()?;
    Ok(named::<T>(request)?.to_json(&request.world.base_url))
}

/// The object named in the path.
pub fn named<T: Object>(request: &Request<'_>) -> Answer<T> {
    let id = request.named();
    let store = request.world.stripe.lock();
    T::table(&store).get(id).cloned().ok_or_else(|| StripeError::no_such(T::KIND, id, "id"))
}

/// `GET /v1/…`: a page of the objects that `keep` keeps.
pub fn list<T: Object>(request: &Request<'_>, page: &Page, keep: impl Fn(&T) -> bool) -> Answer {
    let store = request.world.stripe.lock();
    let table = T::table(&store);
    page.check(T::KIND, |id| table.get(id).is_some())?;
    let kept = table.iter().map(|(_, object)| object).filter(|object| keep(object));
    let (found, has_more) = page.of(kept, |object| (object.id(), object.created()));
    let data: Vec<Value> = found.into_iter().map(|object| object.to_json(&request.world.base_url)).collect();
    Ok(json!({ "object": "list", "url": T::PATH, "has_more": has_more, "data": data }))
}

/// `GET /v1/…` without any filter of its own.
pub fn all<T: Object>(request: &Request<'_>, mut params: Params) -> Answer {
    let page = Page::read(&mut params)?;
    params.finish()?;
    list::<T>(request, &page, |_| true)
}
