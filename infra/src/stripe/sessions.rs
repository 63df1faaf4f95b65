//! Looking at payment pages again: one, or all of some days; closing one.

use chrono::{DateTime, Utc};
use domain::ports::{PortError, SessionNews};
use serde::Deserialize;
use serde_json::Value;

use super::{payments::Call, payments::StripePayments, session::Session};
use crate::http::{Answer, Fault};

/// The most that Stripe gives at once.
const PAGE: &str = "100";
/// A hundred thousand sessions: more in three days is a mistake, not a shop.
const PAGES: usize = 1_000;

/// A page of a list, its members unread: one that cannot be read must not hide the others.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct List {
    pub data: Vec<Value>,
    pub has_more: bool,
}

impl List {
    /// Where the next page starts, when there is one.
    pub fn next(&self) -> Option<String> {
        let last = self.data.last().filter(|_| self.has_more)?;
        last["id"].as_str().map(str::to_owned)
    }
}

impl StripePayments {
    pub(super) async fn look_at(&self, session: &str) -> Result<SessionNews, PortError> {
        let call = Call {
            path: format!("checkout/sessions/{}", checked(session)?),
            query: vec![("expand[]", "payment_intent.latest_charge".to_owned())],
            ..Call::default()
        };
        self.send("checkout.sessions.retrieve", &call, |answer| self.read_session(answer)).await
    }

    /// "Not open" is an answer too: it was paid, or it expired, in the meantime.
    pub(super) async fn close(&self, session: &str) -> Result<SessionNews, PortError> {
        let path = format!("checkout/sessions/{}/expire", checked(session)?);
        let call = Call { path, form: Some(String::new()), ..Call::default() };
        match self.send("checkout.sessions.expire", &call, |answer| self.read_session(answer)).await {
            Err(PortError::Refused { .. }) => self.look_at(session).await,
            closed => closed,
        }
    }

    pub(super) async fn made_between(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<SessionNews>, PortError> {
        let mut found = Vec::new();
        let mut after: Option<String> = None;
        for _ in 0..PAGES {
            let mut query = vec![
                ("limit", PAGE.to_owned()),
                ("created[gte]", from.timestamp().to_string()),
                ("created[lt]", to.timestamp().to_string()),
                ("expand[]", "data.payment_intent.latest_charge".to_owned()),
            ];
            query.extend(after.take().map(|last| ("starting_after", last)));
            let call = Call { path: "checkout/sessions".to_owned(), query, ..Call::default() };
            let page: List = self.send("checkout.sessions.list", &call, Answer::json).await?;
            after = page.next();
            found.extend(page.data.into_iter().filter_map(|one| self.single_payment(one)));
            if after.is_none() {
                return Ok(found);
            }
        }
        Err(self.http.refused("the list of sessions does not end"))
    }

    fn read_session(&self, answer: &Answer) -> Result<SessionNews, Fault> {
        let session: Session = answer.json()?;
        session.news(self.config.livemode).ok_or_else(|| Fault::passing("a session without an id"))
    }

    fn single_payment(&self, one: Value) -> Option<SessionNews> {
        let session: Session = serde_json::from_value(one).ok()?;
        if session.is_single_payment() { session.news(self.config.livemode) } else { None }
    }
}

/// An id goes into a path: only what an id is made of may.
pub(super) fn checked(id: &str) -> Result<&str, PortError> {
    let plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let refused = || PortError::Refused { service: super::SERVICE, message: format!("{id:?} is no id of Stripe's") };
    plain.then_some(id).ok_or_else(refused)
}
