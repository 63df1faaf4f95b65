//! A payment vendor that forgets every key at once: whoever asks twice pays twice.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Mutex,
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{
    order::{PaymentNotice, RefundNotice, RefundState},
    ports::{Checkout, CheckoutRequest, Payments, PortError, RefundRequest, SessionNews, SessionState},
};
use uuid::Uuid;

pub const PRICE: i64 = 34_800;

#[derive(Default)]
pub struct Till(Mutex<Drawer>);

#[derive(Default)]
struct Drawer {
    pages: BTreeMap<String, SessionNews>,
    refunds: Vec<RefundNotice>,
    /// Looks at one page, and closings.
    looks: Vec<String>,
    faults: VecDeque<Fault>,
    pays_before_closing: bool,
}

/// What goes wrong with the next refund.
pub enum Fault {
    Fails(PortError),
    /// It is made, and the answer is lost.
    LosesAnswer,
}

pub fn away() -> PortError {
    PortError::Transient { service: "stripe", message: "HTTP 503".to_owned(), retry_after: None }
}

/// The payment of a session, as the vendor tells of it.
pub fn payment(session: &str, cents: i64) -> PaymentNotice {
    PaymentNotice {
        session: session.to_owned(),
        payment: Some(session.replace("cs_", "pi_")),
        paid_cents: cents,
        currency: "eur".to_owned(),
        livemode_expected: true,
        reference_matches: true,
    }
}

impl Till {
    pub fn page(&self, session: &str, order: Option<Uuid>, state: SessionState) {
        let news = SessionNews { session: session.to_owned(), order, state, refunded_cents: None };
        self.0.lock().unwrap().pages.insert(session.to_owned(), news);
    }

    pub fn paid_page(&self, session: &str, order: Uuid) {
        self.page(session, Some(order), SessionState::Paid(payment(session, PRICE)));
    }

    pub fn next_refund(&self, fault: Fault) {
        self.0.lock().unwrap().faults.push_back(fault);
    }

    pub fn pays_before_closing(&self) {
        self.0.lock().unwrap().pays_before_closing = true;
    }

    /// Somebody gives money back at the vendor's.
    pub fn refund_by_hand(&self, payment: &str, cents: i64) {
        self.0.lock().unwrap().make(payment, cents, None);
    }

    pub fn made(&self) -> Vec<RefundNotice> {
        self.0.lock().unwrap().refunds.clone()
    }

    pub fn looks(&self) -> Vec<String> {
        self.0.lock().unwrap().looks.clone()
    }
}

impl Drawer {
    fn make(&mut self, payment: &str, amount_cents: i64, request: Option<Uuid>) -> RefundNotice {
        let refund = format!("re_{}", self.refunds.len() + 1);
        let (payment, currency) = (payment.to_owned(), "eur".to_owned());
        let notice = RefundNotice { refund, request, payment, amount_cents, currency, state: RefundState::Going };
        self.refunds.push(notice.clone());
        notice
    }

    fn refunded(&self, payment: &str) -> i64 {
        self.refunds.iter().filter(|refund| refund.payment == payment).map(|refund| refund.amount_cents).sum()
    }

    fn look(&mut self, session: &str) -> Result<SessionNews, PortError> {
        self.looks.push(session.to_owned());
        let missing = || PortError::Missing { service: "stripe", what: "such session".to_owned() };
        let mut news = self.pages.get(session).cloned().ok_or_else(missing)?;
        if let SessionState::Paid(paid) = &news.state {
            news.refunded_cents = paid.payment.as_deref().map(|payment| self.refunded(payment));
        }
        Ok(news)
    }
}

#[async_trait]
impl Payments for Till {
    async fn open_checkout(&self, _: &CheckoutRequest) -> Result<Checkout, PortError> {
        panic!("policies open no page")
    }

    async fn session(&self, session: &str) -> Result<SessionNews, PortError> {
        self.0.lock().unwrap().look(session)
    }

    async fn close_checkout(&self, session: &str) -> Result<SessionNews, PortError> {
        let mut drawer = self.0.lock().unwrap();
        let pays = drawer.pays_before_closing;
        if let Some(page) = drawer.pages.get_mut(session)
            && page.state == SessionState::Open
        {
            page.state = if pays { SessionState::Paid(payment(session, PRICE)) } else { SessionState::Expired };
        }
        drawer.look(session)
    }

    async fn sessions(&self, _: DateTime<Utc>, _: DateTime<Utc>) -> Result<Vec<SessionNews>, PortError> {
        let mut drawer = self.0.lock().unwrap();
        // Names that begin so were made outside of any window.
        let listed: Vec<String> = drawer.pages.keys().filter(|name| !name.starts_with("cs_old")).cloned().collect();
        let all = listed.iter().map(|name| drawer.look(name)).collect();
        drawer.looks.clear();
        all
    }

    async fn refund(&self, request: &RefundRequest) -> Result<RefundNotice, PortError> {
        let mut drawer = self.0.lock().unwrap();
        let fault = drawer.faults.pop_front();
        if let Some(Fault::Fails(error)) = fault {
            return Err(error);
        }
        if drawer.refunded(&request.payment) + request.amount_cents > PRICE {
            let message = "HTTP 400 (request req_1) type=invalid_request_error code=charge_already_refunded".to_owned();
            return Err(PortError::Refused { service: "stripe", message });
        }
        let made = drawer.make(&request.payment, request.amount_cents, Some(request.refund));
        match fault {
            Some(_) => Err(away()),
            None => Ok(made),
        }
    }

    async fn refunds(&self, payment: &str) -> Result<Vec<RefundNotice>, PortError> {
        let drawer = self.0.lock().unwrap();
        Ok(drawer.refunds.iter().filter(|refund| refund.payment == payment).cloned().collect())
    }
}
