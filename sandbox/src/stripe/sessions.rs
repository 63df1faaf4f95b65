//! Sessions listed, changed and ended.

use serde_json::{Value, json};

use super::error::{Answer, StripeError};
use super::events::News;
use super::list::{self, Page, named};
use super::params::Params;
use super::session::{Session, Status};
use super::{Object, Request};
use crate::world::World;

/// How long a recovery link works.
const RECOVERY_S: i64 = 30 * 24 * 3_600;

/// `GET /v1/checkout/sessions`.
pub fn list(request: &Request<'_>, mut params: Params) -> Answer {
    let page = Page::read(&mut params)?;
    let intent = params.text("payment_intent")?;
    let subscription = params.text("subscription")?;
    let customer = params.text("customer")?;
    let status = params.choice("status", &["complete", "expired", "open"])?;
    let email = match params.group("customer_details")? {
        Some(mut details) => {
            let email = details.required("email")?;
            details.finish()?;
            Some(email)
        }
        None => None,
    };
    params.finish()?;
    list::list::<Session>(request, &page, |session| {
        (intent.is_none() || session.payment_intent == intent)
            && (subscription.is_none() || session.subscription == subscription)
            && (customer.is_none() || session.customer == customer)
            && (email.is_none() || session.email() == email.as_deref())
            && status.as_ref().is_none_or(|status| json!(session.status) == json!(status))
    })
}

/// `GET /v1/checkout/sessions/{id}/line_items`.
pub fn line_items(request: &Request<'_>, mut params: Params) -> Answer {
    let page = Page::read(&mut params)?;
    params.finish()?;
    let session = named::<Session>(request)?;
    page.check("line_item", |id| session.lines.iter().any(|line| line.id == id))?;
    let (lines, has_more) = page.in_order(&session.lines, |line| &line.id);
    let data: Vec<Value> = lines.iter().map(|line| line.to_json(session.automatic_tax)).collect();
    let url = format!("/v1/checkout/sessions/{}/line_items", session.id);
    Ok(json!({ "object": "list", "url": url, "has_more": has_more, "data": data }))
}

/// `POST /v1/checkout/sessions/{id}`: metadata only.
pub fn update(request: &Request<'_>, mut params: Params) -> Answer {
    params.refuse(&["collected_information", "line_items", "shipping_options"])?;
    let mut session = named::<Session>(request)?;
    params.change_metadata(&mut session.metadata)?;
    params.finish()?;
    let changed = request.world.stripe.lock().sessions.change(&session.id, |stored| {
        stored.metadata = session.metadata;
        stored.to_json(&request.world.base_url)
    });
    changed.ok_or_else(|| StripeError::no_such(Session::KIND, request.named(), "id"))
}

/// `POST /v1/checkout/sessions/{id}/expire`.
pub fn expire(request: &Request<'_>, params: Params) -> Answer {
    params.finish()?;
    let session = named::<Session>(request)?;
    let world = request.world;
    let expired = end(world, &session.id).ok_or_else(|| {
        StripeError::in_state(format!(
            "Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a status of \
             `{}`.",
            json!(session.status).as_str().unwrap_or_default()
        ))
    })?;
    let shown = expired.to_json(&world.base_url);
    let mut news = News::default();
    news.add("checkout.session.expired", shown.clone());
    news.send(world, Some(request));
    Ok(shown)
}

/// Ends an open session; `None` when it is not open.
pub fn end(world: &World, id: &str) -> Option<Session> {
    let now = world.clock.timestamp();
    let ended = world.stripe.lock().sessions.change(id, |session| {
        (session.status == Status::Open).then(|| {
            session.status = Status::Expired;
            session.recovery_until = session.recoverable().then_some(now + RECOVERY_S);
            session.clone()
        })
    });
    ended.flatten()
}

/// Opens a session like the expired one that its customer comes back to. `None` when its recovery link does not work.
pub fn recover(world: &World, id: &str) -> Option<Session> {
    let now = world.clock.timestamp();
    let mut store = world.stripe.lock();
    let lost = store.sessions.get(id).filter(|session| session.recovery_until.is_some_and(|until| now < until))?;
    let again = Session {
        id: world.ids.next("cs_test_"),
        status: Status::Open,
        created: now,
        expires_at: now + 24 * 3_600,
        recovery_until: None,
        recovered_from: Some(lost.id.clone()),
        payment_intent: None,
        ..lost.clone()
    };
    store.sessions.put(&again.id, again.clone());
    Some(again)
}
