//! Deny by default: every route of the description has a rule here, and a new one without a rule fails.

use std::collections::BTreeMap;

use axum::{
    body::Body,
    http::{Method, Request},
};

use api::OperatorToken;

use crate::world::{settings, world_with};

const TOKEN: &str = "0123456789abcdef0123456789abcdef";

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    Anybody,
    /// Whoever holds the token of the order.
    Token,
    /// A vendor that proves who it is.
    Vendor,
    /// Whoever holds the operator's token.
    Operator,
}

const RULES: &[(&str, Rule)] = &[
    ("GET /api/audit/heads", Rule::Operator),
    ("GET /api/audit/heads/{older}/consistency/{newer}", Rule::Operator),
    ("GET /api/audit/orders/{id}/diff", Rule::Operator),
    ("GET /api/audit/orders/{id}/state", Rule::Operator),
    ("GET /api/audit/orders/{id}/verify", Rule::Operator),
    ("GET /api/audit/verify", Rule::Operator),
    ("GET /api/communes", Rule::Anybody),
    ("GET /api/communes/{code}", Rule::Anybody),
    ("GET /api/communes/{code}/eligibility", Rule::Anybody),
    ("GET /api/datasets", Rule::Anybody),
    ("GET /api/maps/departements/{code}", Rule::Anybody),
    ("GET /api/maps/epci/{code}", Rule::Anybody),
    ("GET /api/maps/{level}/{code}/{name}", Rule::Anybody),
    ("GET /api/orders/{id}", Rule::Token),
    ("GET /api/orders/{id}/events", Rule::Token),
    ("GET /api/orders/{id}/timeline", Rule::Token),
    ("GET /api/studies", Rule::Anybody),
    ("GET /api/studies/{code}", Rule::Anybody),
    ("GET /api/studies/{code}/specimens/{name}", Rule::Anybody),
    ("GET /api/support/orders/{id}/figures", Rule::Operator),
    ("GET /api/support/orders/{id}/timeline", Rule::Operator),
    ("GET /livez", Rule::Anybody),
    ("GET /metrics", Rule::Anybody), // on loopback only in production: see platform.rs
    ("GET /r/{token}", Rule::Token),
    ("GET /r/{token}/chiffres.csv", Rule::Token),
    ("GET /r/{token}/chiffres.json", Rule::Token),
    ("GET /readyz", Rule::Anybody),
    ("POST /api/orders", Rule::Anybody),
    ("POST /api/orders/{id}/cancel", Rule::Token),
    ("POST /api/orders/{id}/checkout", Rule::Token),
    ("POST /api/orders/{id}/link", Rule::Token),
    ("POST /api/webhooks/brevo", Rule::Vendor),
    ("POST /api/webhooks/stripe", Rule::Vendor),
];

#[tokio::test]
async fn every_route_has_a_rule_and_keeps_it() {
    let world = world_with(api::Settings { operator_token: OperatorToken::new(TOKEN), ..settings() }).await;
    let (order, _) = world.placed().await;
    let rules: BTreeMap<&str, Rule> = RULES.iter().copied().collect();
    let described = api::openapi_json();
    let described: serde_json::Value = serde_json::from_str(&described).unwrap();
    let mut seen = Vec::new();
    for (path, methods) in described["paths"].as_object().unwrap() {
        for method in methods.as_object().unwrap().keys() {
            let name = format!("{} {path}", method.to_uppercase());
            let rule = rules.get(name.as_str()).copied();
            let rule = rule.unwrap_or_else(|| panic!("{name} has no rule: say in RULES who may use it"));
            let address =
                path.replace("{id}", &order.to_string()).replace("{token}", "guessed").replace("{code}", "44109");
            let method: Method = method.to_uppercase().parse().unwrap();
            let answer = world.send(Request::builder().method(method).uri(address).body(Body::empty()).unwrap()).await;
            match rule {
                Rule::Anybody => assert!(![401, 403].contains(&answer.status.as_u16()), "{name}"),
                Rule::Token => assert_eq!(answer.problem().0, 404, "{name}"),
                Rule::Operator => assert_eq!(answer.problem(), (401, "operator.unauthorized".to_owned()), "{name}"),
                Rule::Vendor => assert!([400, 401].contains(&answer.problem().0), "{name}"),
            }
            seen.push(name);
        }
    }
    assert_eq!(seen.len(), RULES.len(), "a rule speaks of a route that is gone; routes are {seen:?}");
}
