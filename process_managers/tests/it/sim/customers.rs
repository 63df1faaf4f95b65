//! What customers do: they order, change their minds, pay, pay twice, and want their money back.

use chrono::TimeDelta;
use domain::{
    eligibility::{Eligibility, EligibilityStatus},
    money::Price,
    order::{OrderCommand, RecipientKind, RefundNotice, RefundReason, RefundState},
    ports::{SessionNews, SessionState},
};
use uuid::Uuid;

use super::{
    leaflet,
    queue::{About, Message},
    shop::{Next, Shop},
};
use crate::till::{PRICE, payment};

/// What a customer does.
#[derive(Debug, Clone, Copy, Default)]
pub struct Habits {
    pub cancels: bool,
    pub pays: bool,
    pub pays_twice: bool,
    pub regrets: bool,
    /// Somebody gives the money back at the vendor's, perhaps before we know that it was paid.
    pub is_given_back: bool,
    /// The vendor tells nobody of the payments.
    pub is_not_told_of: bool,
}

impl Shop {
    /// A customer whose habits are the seed's.
    pub fn customer(&mut self, number: u64) {
        let habits = Habits {
            cancels: self.percent(8),
            pays: self.percent(92),
            pays_twice: self.percent(20),
            regrets: self.percent(12),
            is_given_back: self.percent(6),
            is_not_told_of: self.percent(6),
        };
        let start = self.below(20_000);
        self.customer_with(number, start, habits);
    }

    pub fn customer_with(&mut self, number: u64, start: i64, habits: Habits) {
        let order = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_1000 + u128::from(number));
        let session = format!("cs_{number}");
        self.at(start, Next::Tell { order, command: Box::new(place(number)), name: "place".to_owned() });
        self.open(order, start + 1, &session, 1);
        if habits.is_not_told_of {
            self.world.lock().silent.insert(order);
        }
        if habits.cancels {
            let command = Box::new(OrderCommand::Cancel { by: "customer".to_owned() });
            let when = start + 2 + self.below(40_000);
            self.at(when, Next::Tell { order, command, name: "cancel".to_owned() });
        }
        if habits.pays {
            let when = start + 10 + self.below(30_000);
            self.at(when, Next::Pay { order, session: session.clone() });
            if habits.is_given_back {
                let when = when + 1 + self.below(20_000);
                self.at(when, Next::GiveBack { order, session });
            }
        }
        if habits.pays_twice {
            let again = format!("cs_{number}b");
            self.world.lock().pages.insert(again.clone(), open_page(order, &again));
            let when = start + 10 + self.below(90_000);
            self.at(when, Next::Pay { order, session: again });
        }
        if habits.regrets {
            let command = OrderCommand::RequestRefund {
                refund: Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_9000 + u128::from(number)),
                payment: None,
                amount_cents: None,
                reason: RefundReason::RequestedByCustomer,
            };
            let when = start + 20_000 + self.below(120_000);
            self.at(when, Next::Tell { order, command: Box::new(command), name: "regret".to_owned() });
        }
    }

    fn open(&mut self, order: Uuid, when: i64, session: &str, attempt: u32) {
        self.world.lock().pages.insert(session.to_owned(), open_page(order, session));
        let expires_at = self.world.lock().time() + TimeDelta::days(1);
        let (session, url) = (session.to_owned(), format!("https://pay.test/{session}"));
        let command = OrderCommand::OpenCheckout { session, url, attempt, expires_at };
        self.at(when, Next::Tell { order, command: Box::new(command), name: format!("open {attempt}") });
    }

    pub(super) fn pay(&mut self, now: i64, order: Uuid, session: &str) {
        {
            let mut world = self.world.lock();
            let page = world.pages.get_mut(session).unwrap();
            if page.state != SessionState::Open {
                return;
            }
            page.state = SessionState::Paid(payment(session, PRICE));
            if world.silent.contains(&order) {
                return;
            }
        }
        // Twice under two ids (completed, then succeeded), and each id up to three times, in any order.
        for id in [format!("evt_{session}_1"), format!("evt_{session}_2")] {
            for _ in 0..=self.below(3) {
                let (id, about) = (id.clone(), About::Page(session.to_owned()));
                let when = now + self.below(60_000);
                self.at(when, Next::Message(Message { order, id, about, tries: 0 }));
            }
        }
    }

    /// By hand, at the vendor's; told once or twice.
    pub(super) fn give_back(&mut self, now: i64, order: Uuid, session: &str) {
        let Some(refund) = self.world.lock().give_back(session) else { return };
        for _ in 0..=self.below(2) {
            let message =
                Message { order, id: format!("evt_{refund}"), about: About::Refund(refund.clone()), tries: 0 };
            let when = now + self.below(30_000);
            self.at(when, Next::Message(message));
        }
    }
}

impl super::state::State {
    /// All of a payment that nothing went back of; the vendor's id of the refund.
    fn give_back(&mut self, session: &str) -> Option<String> {
        let SessionState::Paid(paid) = &self.pages[session].state else { return None };
        let payment = paid.payment.clone()?;
        if self.refunded(&payment) > 0 {
            return None;
        }
        let refund = format!("re_{}", self.refunds.len() + 1);
        self.refunds.push(RefundNotice {
            refund: refund.clone(),
            request: None,
            payment,
            amount_cents: PRICE,
            currency: "eur".to_owned(),
            state: RefundState::Going,
        });
        Some(refund)
    }
}

fn open_page(order: Uuid, session: &str) -> SessionNews {
    let (session, state) = (session.to_owned(), SessionState::Open);
    SessionNews { session, order: Some(order), state, refunded_cents: None }
}

fn place(number: u64) -> OrderCommand {
    let eligibility = Eligibility {
        study: leaflet::CODE.to_owned(),
        status: EligibilityStatus::Full,
        dropped_pages: vec![],
        reason: None,
    };
    OrderCommand::Place {
        customer: Uuid::from_u128(1),
        commune: format!("{:05}", 44_000 + number),
        study: leaflet::CODE.to_owned(),
        eligibility,
        price: Price::before_tax(29_000, 2_000, "EUR"),
        recipient: RecipientKind::Collectivite,
        consents: vec![],
    }
}
