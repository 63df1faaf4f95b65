//! Which path of `api.stripe.com` is answered by what.

use super::error::Answer;
use super::params::Params;
use super::session::Session;
use super::{
    Request, catalogue, charge, create, customers, disputes, endpoints, events, intent, invoices, list, portal,
    refunds, sessions, subscription_calls, subscriptions,
};
use crate::call::Call;

/// Answers one operation.
pub type Handler = fn(&Request<'_>, Params) -> Answer;

/// The operation's name, as faults and recorded calls know it, and its handler.
pub fn find(call: &Call) -> Option<(&'static str, Handler)> {
    let path = call.path();
    let path = path.get(1..)?;
    let method = call.method.as_str();
    match path.first().copied()? {
        "checkout" => checkout(method, path),
        "subscriptions" | "invoices" | "customers" | "billing_portal" => billing(method, path),
        _ => money(method, path),
    }
}

fn checkout(method: &str, path: &[&str]) -> Option<(&'static str, Handler)> {
    Some(match (method, path) {
        ("POST", ["checkout", "sessions"]) => ("checkout.sessions.create", create::create),
        ("GET", ["checkout", "sessions"]) => ("checkout.sessions.list", sessions::list),
        ("GET", ["checkout", "sessions", _]) => ("checkout.sessions.retrieve", list::retrieve::<Session>),
        ("POST", ["checkout", "sessions", _]) => ("checkout.sessions.update", sessions::update),
        ("POST", ["checkout", "sessions", _, "expire"]) => ("checkout.sessions.expire", sessions::expire),
        ("GET", ["checkout", "sessions", _, "line_items"]) => ("checkout.sessions.line_items", sessions::line_items),
        _ => return None,
    })
}

fn billing(method: &str, path: &[&str]) -> Option<(&'static str, Handler)> {
    Some(match (method, path) {
        ("POST", ["customers"]) => ("customers.create", customers::create),
        ("GET", ["customers"]) => ("customers.list", customers::list),
        ("GET", ["customers", _]) => ("customers.retrieve", list::retrieve::<customers::Customer>),
        ("POST", ["customers", _]) => ("customers.update", customers::update),
        ("GET", ["subscriptions"]) => ("subscriptions.list", subscription_calls::list),
        ("GET", ["subscriptions", _]) => ("subscriptions.retrieve", list::retrieve::<subscriptions::Subscription>),
        ("POST", ["subscriptions", _]) => ("subscriptions.update", subscription_calls::update),
        ("DELETE", ["subscriptions", _]) => ("subscriptions.cancel", subscription_calls::cancel),
        ("GET", ["invoices"]) => ("invoices.list", invoices::list),
        ("GET", ["invoices", _]) => ("invoices.retrieve", list::retrieve::<invoices::Invoice>),
        ("POST", ["billing_portal", "sessions"]) => ("billing_portal.sessions.create", portal::create),
        _ => return None,
    })
}

fn money(method: &str, path: &[&str]) -> Option<(&'static str, Handler)> {
    Some(match (method, path) {
        ("GET", ["payment_intents"]) => ("payment_intents.list", intent::list),
        ("GET", ["payment_intents", _]) => ("payment_intents.retrieve", intent::retrieve),
        ("GET", ["charges"]) => ("charges.list", charge::list),
        ("GET", ["charges", _]) => ("charges.retrieve", list::retrieve::<charge::Charge>),
        ("POST", ["refunds"]) => ("refunds.create", refunds::create),
        ("GET", ["refunds"]) => ("refunds.list", refunds::list),
        ("GET", ["refunds", _]) => ("refunds.retrieve", list::retrieve::<refunds::Refund>),
        ("POST", ["refunds", _]) => ("refunds.update", refunds::update),
        ("GET", ["disputes"]) => ("disputes.list", disputes::list),
        ("GET", ["disputes", _]) => ("disputes.retrieve", list::retrieve::<disputes::Dispute>),
        ("POST", ["disputes", _, "close"]) => ("disputes.close", disputes::give_up),
        ("GET", ["events"]) => ("events.list", events::list),
        ("GET", ["events", _]) => ("events.retrieve", events::retrieve),
        ("POST", ["webhook_endpoints"]) => ("webhook_endpoints.create", endpoints::create),
        ("GET", ["webhook_endpoints"]) => ("webhook_endpoints.list", endpoints::list),
        ("GET", ["webhook_endpoints", _]) => ("webhook_endpoints.retrieve", endpoints::retrieve),
        ("POST", ["webhook_endpoints", _]) => ("webhook_endpoints.update", endpoints::update),
        ("DELETE", ["webhook_endpoints", _]) => ("webhook_endpoints.delete", endpoints::delete),
        ("POST", ["products"]) => ("products.create", catalogue::create_product),
        ("GET", ["products"]) => ("products.list", list::all::<catalogue::Product>),
        ("GET", ["products", _]) => ("products.retrieve", list::retrieve::<catalogue::Product>),
        ("POST", ["prices"]) => ("prices.create", catalogue::create_price),
        ("GET", ["prices"]) => ("prices.list", list::all::<catalogue::Price>),
        ("GET", ["prices", _]) => ("prices.retrieve", list::retrieve::<catalogue::Price>),
        _ => return None,
    })
}
