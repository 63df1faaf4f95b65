//! Opens Checkout Sessions, and the way to every other call.
//!
//! async-stripe types the request and pins the API version; our own policy carries it. Its client would open a
//! connection per call, ignore `Retry-After`, hide the request id, and refuse a whole session for one field it misses.

use std::{collections::HashMap, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{
    identity::checkout_key,
    order::RefundNotice,
    ports::{Checkout, CheckoutRequest, Payments, PortError, RefundRequest, SessionNews},
};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use stripe::StripeRequest;
use stripe_checkout::checkout_session::{
    CreateCheckoutSession, CreateCheckoutSessionLineItems, CreateCheckoutSessionLineItemsPriceData,
    CreateCheckoutSessionLineItemsPriceDataTaxBehavior, CreateCheckoutSessionPaymentIntentData, ProductData,
};
use stripe_shared::{CheckoutSessionLocale, CheckoutSessionMode, version::VERSION};

use super::{SERVICE, StripeConfig, session::Session};
use crate::http::{Answer, Backoff, ClientError, Fault, Http, Policy, alert};

/// The payment port on Stripe Checkout.
pub struct StripePayments {
    pub(super) http: Http,
    pub(super) config: StripeConfig,
    key: HeaderValue,
    api_url: String,
}

impl StripePayments {
    /// # Errors
    /// When no HTTP client can be made, or the key is no header value.
    pub fn new(config: StripeConfig) -> Result<Self, ClientError> {
        let http = Http::new(Policy {
            service: SERVICE,
            attempts: 4,
            timeout: Duration::from_secs(10),
            patience: Duration::from_secs(50),
            backoff: Backoff { first: Duration::from_millis(500), factor: 2, cap: Duration::from_secs(8) },
        })?;
        let key = config.secret_key.header("Bearer ").map_err(|_| ClientError {
            service: SERVICE,
            reason: "the key holds a character that no key has".into(),
        })?;
        let api_url = format!("{}/v1", config.base_url.trim_end_matches('/'));
        Ok(Self { http, config, key, api_url })
    }

    /// One call, with our key and the version that our types are made for; `key` makes a repetition harmless.
    pub(super) async fn send<T>(
        &self,
        operation: &'static str,
        call: &Call<'_>,
        read: impl Fn(&Answer) -> Result<T, Fault> + Sync,
    ) -> Result<T, PortError> {
        let url = format!("{}/{}", self.api_url, call.path);
        let request = |client: &reqwest::Client| {
            let request = match &call.form {
                None => client.get(&url).query(&call.query),
                Some(form) => {
                    client.post(&url).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form.clone())
                }
            };
            let request = request.header(AUTHORIZATION, self.key.clone()).header("stripe-version", VERSION.as_str());
            match &call.key {
                Some(key) => request.header("idempotency-key", key),
                None => request,
            }
        };
        self.http
            .call(operation, request, |answer| if answer.is_success() { read(&answer) } else { Err(fault(&answer)) })
            .await
    }

    /// An answer that does not speak of our order must not reach a customer.
    fn accept(&self, answer: &Answer, request: &CheckoutRequest) -> Result<Checkout, Fault> {
        let session: Session = answer.json()?;
        let refuse = |what: &str| Fault::Lasting(self.http.refused(format!("{what}, {}", answer.summary())));
        if session.livemode.is_some_and(|live| live != self.config.livemode) {
            return Err(refuse("the key and the configured mode (live or test) do not belong together"));
        }
        if !session.speaks_only_of(request.order) {
            return Err(refuse("the session is about another order"));
        }
        if session.amount_total.is_some_and(|cents| cents != request.price.ttc_cents) {
            return Err(refuse("the session is about another amount"));
        }
        match session {
            Session { id: Some(session), url: Some(url), expires_at: Some(expires_at), .. } => {
                Ok(Checkout { session, url, expires_at })
            }
            _ => Err(refuse("the session has no id, address or end")),
        }
    }
}

/// What is asked of Stripe.
#[derive(Debug, Default)]
pub(super) struct Call<'a> {
    /// Behind `/v1/`.
    pub path: String,
    pub query: Vec<(&'a str, String)>,
    /// The form of a POST; without one it is a GET.
    pub form: Option<String>,
    pub key: Option<String>,
}

#[async_trait]
impl Payments for StripePayments {
    async fn open_checkout(&self, request: &CheckoutRequest) -> Result<Checkout, PortError> {
        let call = Call {
            path: "checkout/sessions".to_owned(),
            form: Some(create(request).build().body.unwrap_or_default()),
            key: Some(checkout_key(request.order, request.attempt)),
            ..Call::default()
        };
        self.send("checkout.sessions.create", &call, |answer| self.accept(answer, request)).await
    }

    async fn session(&self, session: &str) -> Result<SessionNews, PortError> {
        self.look_at(session).await
    }

    async fn close_checkout(&self, session: &str) -> Result<SessionNews, PortError> {
        self.close(session).await
    }

    async fn sessions(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<SessionNews>, PortError> {
        self.made_between(from, to).await
    }

    async fn refund(&self, request: &RefundRequest) -> Result<RefundNotice, PortError> {
        self.give_back(request).await
    }

    async fn refunds(&self, payment: &str) -> Result<Vec<RefundNotice>, PortError> {
        self.refunds_of(payment).await
    }
}

/// The same request always gives the same parameters: Stripe refuses a known key with others. That is why no end is
/// set: it would be counted from now. A session then lives for 24 hours.
fn create(request: &CheckoutRequest) -> CreateCheckoutSession {
    let order = request.order.to_string();
    let reference = HashMap::from([("order_id".to_owned(), order.clone())]);
    let mut product = CreateCheckoutSessionLineItemsPriceData::new(currency(&request.price.currency));
    product.product_data = Some(ProductData::new(&request.title));
    product.unit_amount = Some(request.price.ttc_cents);
    product.tax_behavior = Some(CreateCheckoutSessionLineItemsPriceDataTaxBehavior::Inclusive);
    let mut line = CreateCheckoutSessionLineItems::new();
    line.price_data = Some(product);
    line.quantity = Some(1);
    let mut intent = CreateCheckoutSessionPaymentIntentData::new();
    intent.metadata = Some(reference.clone());
    CreateCheckoutSession::new()
        .mode(CheckoutSessionMode::Payment)
        .line_items(vec![line])
        .client_reference_id(order)
        .customer_email(&request.email)
        .metadata(reference)
        .payment_intent_data(intent)
        .locale(CheckoutSessionLocale::Fr)
        .success_url(&request.success_url)
        .cancel_url(&request.cancel_url)
}

fn currency(code: &str) -> stripe_types::Currency {
    let Ok(currency) = code.to_ascii_lowercase().parse();
    currency
}

/// Stripe's own advice goes first, then its table of statuses.
pub(super) fn fault(answer: &Answer) -> Fault {
    if answer.status == 404 {
        let what = format!("such object, {}", answer.summary());
        return Fault::Lasting(PortError::Missing { service: SERVICE, what });
    }
    let table = matches!(answer.status, 409 | 424 | 429 | 500..=599);
    let passing = match answer.header("stripe-should-retry") {
        Some("true") => true,
        Some("false") => false,
        _ => table,
    };
    let message = format!("{}{}", answer.summary(), reason(&answer.body));
    if passing {
        return Fault::Passing { message, after: answer.retry_after() };
    }
    let refused = PortError::Refused { service: SERVICE, message };
    // A key that is refused, or one of our keys with other parameters: no customer can mend either.
    if matches!(answer.status, 401 | 403) || reason(&answer.body).contains("type=idempotency_error") {
        alert(SERVICE, refused.code(), &refused.to_string());
    }
    Fault::Lasting(refused)
}

/// Type, code and parameter: enough to act upon. Stripe's sentence may quote what we sent, an e-mail address for one.
fn reason(body: &[u8]) -> String {
    let Ok(body) = serde_json::from_slice::<serde_json::Value>(body) else { return String::new() };
    ["type", "code", "param"]
        .iter()
        .filter_map(|field| Some(format!(" {field}={}", body["error"][field].as_str()?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use domain::money::Price;
    use uuid::Uuid;

    use super::*;

    pub(super) fn request() -> CheckoutRequest {
        CheckoutRequest {
            order: Uuid::from_u128(7),
            attempt: 2,
            price: Price::before_tax(29_000, 2_000, "EUR"),
            title: "Étude logement — Nantes".into(),
            email: "mairie+log@example.fr".into(),
            success_url: "http://127.0.0.1:8080/commandes/7?retour=ok".into(),
            cancel_url: "http://127.0.0.1:8080/commandes/7".into(),
        }
    }

    #[test]
    fn the_form_says_what_is_bought_and_for_which_order() {
        let form = create(&request()).build().body.unwrap();
        let order = Uuid::from_u128(7);
        for part in [
            "mode=payment",
            "locale=fr",
            "line_items[0][quantity]=1",
            "line_items[0][price_data][currency]=eur",
            "line_items[0][price_data][unit_amount]=34800",
            "line_items[0][price_data][tax_behavior]=inclusive",
            "customer_email=mairie%2Blog@example.fr",
            &format!("client_reference_id={order}"),
            &format!("metadata[order_id]={order}"),
            &format!("payment_intent_data[metadata][order_id]={order}"),
        ] {
            let encoded = part.replace('[', "%5B").replace(']', "%5D");
            assert!(form.contains(part) || form.contains(&encoded), "{part} is missing in {form}");
        }
        assert!(!form.contains("expires_at"));
    }

    #[test]
    fn asking_twice_sends_the_same_parameters() {
        assert_eq!(create(&request()).build().body, create(&request()).build().body);
    }

    #[test]
    fn the_reason_of_a_refusal_leaves_out_the_sentence() {
        let body = br#"{"error": {"type": "invalid_request_error", "code": "email_invalid", "param": "customer_email",
            "message": "Invalid email: mairie@example"}}"#;
        assert_eq!(reason(body), " type=invalid_request_error code=email_invalid param=customer_email");
        assert_eq!(reason(b"<html>"), "");
    }
}
