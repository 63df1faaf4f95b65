//! One invented order, told with the product's own commands, envelopes and derived identifiers.

use anyhow::Context as _;
use chrono::{DateTime, Days, Utc};
use domain::{
    command::Actor,
    eligibility::{Eligibility, EligibilityStatus},
    identity,
    money::Price,
    order::{DisputeNotice, OrderCommand, PaymentNotice, RecipientKind, RefundNotice, RefundReason, RefundState},
    ports::Clock as _,
};
use infra::{clock::SystemClock, event_store::PgCommands};
use process_managers::{Job, payments::Job as Paying};
use sqlx::PgPool;
use uuid::Uuid;

use super::fate::{Dice, Fate};

/// The request that made an invented order, in the metadata of its events: how they are told from real ones.
pub(super) const MARK: &str = "seed";
const COMMUNES: [&str; 8] = ["44109", "44143", "44162", "44190", "44114", "44020", "44035", "44172"];

/// Makes orders.
pub(super) struct Maker {
    pub pool: PgPool,
    pub commands: PgCommands,
    seed: u64,
    /// What is sold, at today's price.
    shop: Vec<(&'static str, Price)>,
}

impl Maker {
    pub async fn new(pool: PgPool, commands: PgCommands, seed: u64) -> anyhow::Result<Self> {
        let prices: Vec<(String, i64, i32, String)> = sqlx::query_as(
            "SELECT DISTINCT ON (study) study, ht_cents, vat_rate_bp, currency FROM app.prices
             ORDER BY study, valid_from DESC",
        )
        .fetch_all(&pool)
        .await?;
        let priced = |code: &'static str| {
            let (_, ht_cents, rate, currency) = prices.iter().find(|(study, ..)| study == code)?;
            Some((code, Price::before_tax(*ht_cents, *rate, currency)))
        };
        let shop: Vec<_> = studies::STUDIES.iter().filter_map(|study| priced(study.sheet().code)).collect();
        anyhow::ensure!(!shop.is_empty(), "app.prices has no price of any study: nothing can be sold");
        Ok(Self { pool, commands, seed, shop })
    }

    /// Makes the n-th order with all that becomes of it. Doing it again changes nothing.
    pub async fn order(&self, n: u64) -> anyhow::Result<()> {
        let dice = Dice::of(self.seed, n);
        let id = dice.order();
        let report = identity::report_id(id, 1);
        let (study, price) = &self.shop[dice.roll(1, self.shop.len())];
        let commune = COMMUNES[dice.roll(2, COMMUNES.len())];
        let story = Story { maker: self, id, report, study, commune, price, now: SystemClock.now(), dice };
        story.tell().await.with_context(|| format!("order {id}, the {n}th of seed {}", self.seed))
    }
}

/// One order, and what its steps need to know of it.
pub(super) struct Story<'a> {
    pub maker: &'a Maker,
    pub id: Uuid,
    pub report: Uuid,
    pub study: &'a str,
    pub commune: &'a str,
    price: &'a Price,
    pub now: DateTime<Utc>,
    pub dice: Dice,
}

impl Story<'_> {
    async fn tell(&self) -> anyhow::Result<()> {
        let fate = self.dice.fate();
        self.place().await?;
        self.open(1).await?;
        match fate {
            Fate::Expired => {
                self.expire(1).await?;
                self.open(2).await?;
                return self.expire(2).await;
            }
            Fate::Cancelled => {
                let context = self.asked(format!("cancel:{}", self.id), Actor::Customer, None);
                self.order(OrderCommand::Cancel { by: "customer".to_owned() }, context).await?;
                return Ok(());
            }
            Fate::Held => {
                self.pay(self.price.ttc_cents - 100).await?;
                return Ok(());
            }
            Fate::Failed | Fate::Delivered | Fate::Refunded | Fate::Disputed => {}
        }
        let paid = self.pay(self.price.ttc_cents).await?;
        let collected = self.collect(paid).await?;
        if fate == Fate::Failed {
            return self.fail(collected).await;
        }
        let accepted = self.write(collected).await?;
        let stored = self.print(accepted).await?;
        self.deliver(stored).await?;
        match fate {
            Fate::Refunded => self.refund().await,
            Fate::Disputed => self.dispute().await,
            _ => Ok(()),
        }
    }

    async fn place(&self) -> anyhow::Result<()> {
        let eligibility = Eligibility {
            study: self.study.to_owned(),
            status: if self.dice.roll(3, 5) == 0 { EligibilityStatus::Reduced } else { EligibilityStatus::Full },
            dropped_pages: vec![],
            reason: None,
        };
        let kinds = [RecipientKind::Collectivite, RecipientKind::Entreprise, RecipientKind::Particulier];
        let place = OrderCommand::Place {
            customer: self.derived("customer"),
            commune: self.commune.to_owned(),
            study: self.study.to_owned(),
            eligibility,
            price: self.price.clone(),
            recipient: kinds[self.dice.roll(4, kinds.len())],
            consents: vec![self.derived("consent")],
        };
        self.order(place, self.asked(format!("place:{}", self.id), Actor::Customer, None)).await?;
        Ok(())
    }

    async fn open(&self, attempt: u32) -> anyhow::Result<()> {
        let session = self.session(attempt);
        let url = format!("https://checkout.invalid/{session}");
        let open = OrderCommand::OpenCheckout { session, url, attempt, expires_at: self.now + Days::new(1) };
        let key = identity::checkout_key(self.id, attempt);
        self.order(open, self.asked(key, Actor::Customer, Some(format!("place:{}", self.id)))).await?;
        Ok(())
    }

    async fn expire(&self, attempt: u32) -> anyhow::Result<()> {
        let expire = OrderCommand::ExpireCheckout { session: self.session(attempt) };
        self.notice(Actor::Stripe, "checkout.session.expired", &format!("x{attempt}"), expire).await?;
        Ok(())
    }

    /// The event that says so, paid or held.
    async fn pay(&self, paid_cents: i64) -> anyhow::Result<Uuid> {
        let confirm = OrderCommand::ConfirmPayment(PaymentNotice {
            session: self.session(1),
            payment: Some(self.payment()),
            paid_cents,
            currency: self.price.currency.to_lowercase(),
            livemode_expected: true,
            reference_matches: true,
        });
        self.notice(Actor::Stripe, "checkout.session.completed", "paid", confirm).await
    }

    async fn refund(&self) -> anyhow::Result<()> {
        let (refund, payment, amount_cents) = (self.derived("refund"), self.payment(), self.price.ttc_cents);
        let reason = RefundReason::RequestedByCustomer;
        let request =
            OrderCommand::RequestRefund { refund, payment: Some(payment.clone()), amount_cents: None, reason };
        let asked = self.asked(format!("staff:{refund}"), Actor::Staff("seed".to_owned()), None);
        let requested = self.order(request, asked).await?;
        let currency = self.price.currency.to_lowercase();
        let job = Job::Payments(Paying::Refund { refund, payment: payment.clone(), amount_cents, reason });
        let vendors = format!("re_seed_{}", self.id.simple());
        let n = format!("{vendors}:going");
        let notice = RefundNotice {
            refund: vendors,
            request: Some(refund),
            payment,
            amount_cents,
            currency,
            state: RefundState::Going,
        };
        self.ordered(job, requested, &n, OrderCommand::RecordRefund(notice)).await?;
        Ok(())
    }

    async fn dispute(&self) -> anyhow::Result<()> {
        for (n, kind, outcome) in
            [("opened", "charge.dispute.created", None), ("closed", "charge.dispute.closed", Some("won".to_owned()))]
        {
            let dispute = OrderCommand::RecordDispute(DisputeNotice {
                dispute: format!("du_seed_{}", self.id.simple()),
                payment: Some(self.payment()),
                amount_cents: self.price.ttc_cents,
                currency: self.price.currency.to_lowercase(),
                reason: "fraudulent".to_owned(),
                outcome,
            });
            self.notice(Actor::Stripe, kind, n, dispute).await?;
        }
        Ok(())
    }
}
