//! `GET /v3/account`: whose key it is, and what may still be sent.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use crate::call;

/// The account, which belongs to nobody.
pub fn retrieve() -> Response {
    let account = json!({
        "organization_id": "sandbox", "user_id": 1, "enterprise": false, "email": "compte@example.fr",
        "companyName": "Bac à sable", "firstName": "Bac", "lastName": "À sable",
        "address": { "street": "1 place du Sable", "city": "Nantes", "zipCode": "44000", "country": "France" },
        "plan": [{ "type": "free", "credits": 300, "creditsType": "sendLimit" }],
        "relay": { "enabled": true, "data": { "userName": "compte@example.fr", "relay": "smtp-relay.sandbox", "port": 587 } },
        "marketingAutomation": { "enabled": false },
    });
    call::json(StatusCode::OK, &account)
}
