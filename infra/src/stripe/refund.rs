//! Giving money back, and reading what became of it.

use domain::{
    identity::refund_key,
    order::{RefundNotice, RefundReason, RefundState},
    ports::{PortError, RefundRequest},
};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::{
    payments::{Call, StripePayments},
    sessions::{List, checked},
};
use crate::http::{Answer, Fault};

/// Nobody is refunded in more parts than this.
const PAGES: usize = 20;

/// The few fields of a refund that we need.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Refund {
    id: Option<String>,
    amount: Option<i64>,
    currency: Option<String>,
    status: Option<String>,
    failure_reason: Option<String>,
    payment_intent: Value,
    metadata: Value,
}

impl Refund {
    pub fn read(object: &Value) -> Option<Self> {
        serde_json::from_value(object.clone()).ok()
    }

    /// What the order is to be told; none when it does not say what, how much or of which payment.
    pub fn notice(self) -> Option<RefundNotice> {
        let payment = self.payment_intent.as_str().or_else(|| self.payment_intent["id"].as_str())?.to_owned();
        let state = match self.status.as_deref() {
            Some(status @ ("failed" | "canceled")) => {
                RefundState::Failed(self.failure_reason.unwrap_or_else(|| status.to_owned()))
            }
            _ => RefundState::Going,
        };
        Some(RefundNotice {
            refund: self.id?,
            request: self.metadata["refund_id"].as_str().and_then(|id| Uuid::parse_str(id).ok()),
            payment,
            amount_cents: self.amount?,
            currency: self.currency?,
            state,
        })
    }
}

impl StripePayments {
    pub(super) async fn give_back(&self, request: &RefundRequest) -> Result<RefundNotice, PortError> {
        let call = Call {
            path: "refunds".to_owned(),
            form: Some(form(request)),
            key: Some(refund_key(request.order, request.refund)),
            ..Call::default()
        };
        self.send("refunds.create", &call, read).await
    }

    pub(super) async fn refunds_of(&self, payment: &str) -> Result<Vec<RefundNotice>, PortError> {
        let mut found = Vec::new();
        let mut after: Option<String> = None;
        for _ in 0..PAGES {
            let mut query = vec![("limit", "100".to_owned()), ("payment_intent", checked(payment)?.to_owned())];
            query.extend(after.take().map(|last| ("starting_after", last)));
            let call = Call { path: "refunds".to_owned(), query, ..Call::default() };
            let page: List = self.send("refunds.list", &call, Answer::json).await?;
            after = page.next();
            found.extend(page.data.iter().filter_map(|one| Refund::read(one)?.notice()));
            if after.is_none() {
                return Ok(found);
            }
        }
        Err(self.http.refused("the list of refunds does not end"))
    }
}

fn read(answer: &Answer) -> Result<RefundNotice, Fault> {
    let refund: Refund = answer.json()?;
    refund.notice().ok_or_else(|| Fault::passing("a refund without id, amount or payment"))
}

/// The same request always gives the same parameters, in the same order.
fn form(request: &RefundRequest) -> String {
    let reason = match request.reason {
        RefundReason::RequestedByCustomer => "requested_by_customer",
        RefundReason::Duplicate => "duplicate",
        RefundReason::Fraudulent => "fraudulent",
    };
    // Ids and numbers only: nothing here needs escaping but the brackets.
    format!(
        "payment_intent={}&amount={}&reason={reason}&metadata%5Border_id%5D={}&metadata%5Brefund_id%5D={}",
        request.payment, request.amount_cents, request.order, request.refund
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refund(status: &str) -> Option<RefundNotice> {
        Refund::read(&json!({
            "id": "re_1", "amount": 34_800, "currency": "eur", "status": status, "payment_intent": "pi_1",
            "metadata": {"refund_id": Uuid::from_u128(4)}, "failure_reason": null,
        }))?
        .notice()
    }

    #[test]
    fn a_refund_is_going_until_it_has_failed() {
        for going in ["pending", "requires_action", "succeeded"] {
            assert_eq!(refund(going).unwrap().state, RefundState::Going, "{going}");
        }
        assert_eq!(refund("failed").unwrap().state, RefundState::Failed("failed".into()));
        assert_eq!(refund("canceled").unwrap().state, RefundState::Failed("canceled".into()));
        assert_eq!(refund("failed").unwrap().request, Some(Uuid::from_u128(4)));
    }

    #[test]
    fn a_refund_without_a_payment_is_nobodys() {
        let object = json!({"id": "re_1", "amount": 1, "currency": "eur", "payment_intent": null});
        assert!(Refund::read(&object).unwrap().notice().is_none());
    }

    #[test]
    fn a_payment_id_cannot_leave_its_place() {
        assert!(checked("pi_1AbC").is_ok());
        assert!(checked("pi_1/../x").is_err());
        assert!(checked("").is_err());
    }
}
