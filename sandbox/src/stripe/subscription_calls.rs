//! The calls on subscriptions: changed, cancelled and listed.

use serde_json::json;

use super::Request;
use super::error::{Answer, StripeError};
use super::events::News;
use super::list::{self, Page, named};
use super::params::Params;
use super::store::Object;
use super::subscriptions::{Subscription, change};

/// `POST /v1/subscriptions/{id}`.
pub fn update(request: &Request<'_>, mut params: Params) -> Answer {
    params.refuse(&[
        "cancel_at",
        "cancellation_details",
        "collection_method",
        "default_payment_method",
        "items",
        "pause_collection",
        "proration_behavior",
        "trial_end",
    ])?;
    let ends = params.flag("cancel_at_period_end")?;
    let mut known = named::<Subscription>(request)?;
    if params.has("description") {
        known.description = params.short("description", 500)?;
    }
    params.change_metadata(&mut known.metadata)?;
    params.finish()?;
    let Subscription { metadata, description, .. } = known;
    let world = request.world;
    let now = world.clock.timestamp();
    let changed = change(world, request.named(), Some(request), |subscription| {
        (subscription.metadata, subscription.description) = (metadata, description);
        if let Some(ends) = ends.filter(|ends| *ends != subscription.cancel_at_period_end) {
            subscription.cancel_at_period_end = ends;
            subscription.canceled_at = ends.then_some(now);
        }
    })?;
    Ok(changed.to_json(&world.base_url))
}

/// `DELETE /v1/subscriptions/{id}`: at once.
pub fn cancel(request: &Request<'_>, params: Params) -> Answer {
    params.refuse(&["cancellation_details", "invoice_now", "prorate"])?;
    params.finish()?;
    let _ = named::<Subscription>(request)?;
    let world = request.world;
    let mut news = News::default();
    let ended = super::cycle::end(world, &mut world.stripe.lock(), request.named(), &mut news);
    let ended = ended.ok_or_else(|| StripeError::no_such("subscription", request.named(), "id"))?;
    news.send(world, Some(request));
    Ok(ended.to_json(&world.base_url))
}

/// `GET /v1/subscriptions`: living ones, unless a status is named.
pub fn list(request: &Request<'_>, mut params: Params) -> Answer {
    let page = Page::read(&mut params)?;
    let customer = params.text("customer")?;
    let price = params.text("price")?;
    let states = [
        "active",
        "all",
        "canceled",
        "ended",
        "incomplete",
        "incomplete_expired",
        "past_due",
        "paused",
        "trialing",
        "unpaid",
    ];
    let status = params.choice("status", &states)?;
    params.finish()?;
    list::list::<Subscription>(request, &page, |subscription| {
        let has_status = match status.as_deref() {
            None => subscription.lives(),
            Some("all") => true,
            Some("ended") => !subscription.lives(),
            Some(status) => json!(subscription.status) == json!(status),
        };
        has_status
            && customer.as_ref().is_none_or(|customer| subscription.customer == *customer)
            && price.as_ref().is_none_or(|price| subscription.items.iter().any(|item| item.line.price.id == *price))
    })
}
