//! One invented order, told with the product's own commands, envelopes and derived identifiers.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{DateTime, Days, Utc};
use domain::{
    command::{Actor, CommandContext},
    eligibility::{Eligibility, EligibilityStatus},
    identity,
    money::Price,
    order::{
        DisputeNotice, MailStatus, OrderCommand, PaymentNotice, RecipientKind, RefundNotice, RefundReason, RefundState,
    },
    ports::{Clock as _, Commands as _, Notice},
    report::{Answer, Author, DatasetUse, ErrorClass, Rendering, ReportCommand, Step},
};
use infra::{clock::SystemClock, event_store::PgCommands};
use process_managers::{Job, Task, fulfilment::Job as Making, payments::Job as Paying};
use sha2::{Digest as _, Sha256};
use sqlx::PgPool;
use uuid::Uuid;

use super::fate::{Dice, Fate};

/// The request that made an invented order, in the metadata of its events: how they are told from real ones.
pub(super) const MARK: &str = "seed";
const COMMUNES: [&str; 8] = ["44109", "44143", "44162", "44190", "44114", "44020", "44035", "44172"];

/// Makes orders.
pub(super) struct Maker {
    pool: PgPool,
    commands: PgCommands,
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

struct Story<'a> {
    maker: &'a Maker,
    id: Uuid,
    report: Uuid,
    study: &'a str,
    commune: &'a str,
    price: &'a Price,
    now: DateTime<Utc>,
    dice: Dice,
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

    async fn collect(&self, paid: Uuid) -> anyhow::Result<Uuid> {
        let (report, version) = (self.report, 1);
        let request = ReportCommand::Request {
            order: self.id,
            version,
            study: self.study.to_owned(),
            commune: self.commune.to_owned(),
        };
        let requested = self.made(Making::RequestReport { report, version }, paid, "request", request).await?;
        let datasets = ["lovac", "rp_housing", "anil_loyers"].map(|dataset| DatasetUse {
            dataset: dataset.to_owned(),
            vintage: "2024".to_owned(),
            load: "seed".to_owned(),
            synthetic: true,
        });
        let facts = ReportCommand::RecordFacts {
            sheet_sha256: self.digest("sheet"),
            n: 220,
            by_status: BTreeMap::from([("ok".to_owned(), 204), ("missing".to_owned(), 9), ("secret".to_owned(), 7)]),
            datasets: datasets.to_vec(),
            specimen: true,
        };
        self.made(Making::CollectFacts { report }, requested, "facts", facts).await
    }

    async fn fail(&self, collected: Uuid) -> anyhow::Result<()> {
        let accepted = self.write(collected).await?;
        let (report, step, class) = (self.report, Step::Print, ErrorClass::Internal);
        for attempt in 1..=6 {
            let told = ReportCommand::RecordFailure { step, class, attempt };
            self.made(Making::PrintReport { report }, accepted, &format!("failed:{attempt}"), told).await?;
        }
        let failed =
            self.made(Making::PrintReport { report }, accepted, "gave-up", ReportCommand::Fail { step, class }).await?;
        let fail = OrderCommand::Fail { report, step: "print".to_owned() };
        self.ordered(Job::Fulfilment(Making::FailOrder { report, step }), failed, "fail", fail).await?;
        Ok(())
    }

    /// By the model in most orders, some of its blocks refused; by the rules where it did not answer.
    async fn write(&self, collected: Uuid) -> anyhow::Result<Uuid> {
        let report = self.report;
        let (cause, job, author, rejected) = if self.dice.roll(5, 12) == 0 {
            let told = ReportCommand::RecordFailure { step: Step::Write, class: ErrorClass::Transient, attempt: 1 };
            self.made(Making::AskModel { report }, collected, "failed:1", told).await?;
            (collected, Making::AskModel { report }, Author::Rules, vec![])
        } else {
            let answer = ReportCommand::RecordAnswer(Answer {
                answer_sha256: self.digest("answer"),
                model: "claude-sonnet-4-6".to_owned(),
                prompt_sha256: self.digest("prompt"),
                input_tokens: 21_000 + self.dice.roll(6, 4_000) as u64,
                output_tokens: 3_200,
                cost_micro_usd: 118_000,
                stop_reason: "end_turn".to_owned(),
            });
            let answered = self.made(Making::AskModel { report }, collected, "answer", answer).await?;
            let rejected = if self.dice.roll(6, 3) == 0 { vec!["V07 p11.lede".to_owned()] } else { vec![] };
            (answered, Making::JudgeNarrative { report }, Author::Model, rejected)
        };
        let by_block = ["p1.lede", "p11.titre", "p11.lede"].map(|block| (block.to_owned(), author));
        let accept = ReportCommand::AcceptNarrative {
            narrative_sha256: self.digest("narrative"),
            by_block: BTreeMap::from(by_block),
            rejected,
        };
        self.made(job, cause, "narrative", accept).await
    }

    async fn print(&self, accepted: Uuid) -> anyhow::Result<Uuid> {
        let report = self.report;
        if self.dice.roll(7, 20) == 0 {
            let told = ReportCommand::RecordFailure { step: Step::Print, class: ErrorClass::Transient, attempt: 1 };
            self.made(Making::PrintReport { report }, accepted, "failed:1", told).await?;
        }
        let (pdf_sha256, bytes) = (self.digest("pdf"), 480_000 + self.dice.roll(7, 60_000) as u64);
        let rendering = Rendering {
            html_sha256: self.digest("html"),
            pdf_sha256: pdf_sha256.clone(),
            pages: 26,
            bytes,
            template_version: "seed".to_owned(),
            renderer_version: "seed".to_owned(),
            fonts_sha256: self.digest("fonts"),
        };
        let rendered = ReportCommand::RecordRendering(rendering);
        self.made(Making::PrintReport { report }, accepted, &format!("rendered:{pdf_sha256}"), rendered).await?;
        let stored = ReportCommand::RecordStorage {
            key: identity::report_key(report, &pdf_sha256),
            filename: format!("{}_{}.pdf", self.study, self.commune),
            sha256: pdf_sha256,
            bytes,
        };
        self.made(Making::PrintReport { report }, accepted, "stored", stored).await
    }

    async fn deliver(&self, stored: Uuid) -> anyhow::Result<()> {
        let report = self.report;
        let deliver = OrderCommand::Deliver { report, version: 1 };
        let job = Job::Fulfilment(Making::DeliverOrder { report });
        let delivered = self.ordered(job, stored, "deliver", deliver).await?;
        let send = || Job::Fulfilment(Making::SendDelivery { report });
        let link = OrderCommand::IssueDownloadLink { number: 1, expires_at: self.now + Days::new(30) };
        self.ordered(send(), delivered, "link", link).await?;
        let message_id = format!("seed.{}@mail.invalid", self.id.simple());
        let sent = OrderCommand::RecordEmailSent { kind: "delivery".to_owned(), message_id: message_id.clone() };
        self.ordered(send(), delivered, "mail", sent).await?;
        let (kind, arrived) = if self.dice.roll(3, 40) == 0 {
            ("hard_bounce", OrderCommand::RecordEmailBounced { message_id, reason: "hard_bounce".to_owned() })
        } else {
            ("delivered", OrderCommand::RecordEmailStatus { message_id, status: MailStatus::Delivered })
        };
        self.notice(Actor::Brevo, kind, "mail", arrived).await?;
        Ok(())
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

    /// A step of the fulfilment that ends in the report's story; the event it ends with.
    async fn made(&self, job: Making, cause: Uuid, n: &str, command: ReportCommand) -> anyhow::Result<Uuid> {
        let context = self.by_policy(Job::Fulfilment(job), cause, n);
        let outcome = self.maker.commands.report(self.report, command, context).await?;
        self.event("report", self.report, outcome.last_sequence).await
    }

    /// A step of a policy that ends in the order's story; the event it ends with.
    async fn ordered(&self, job: Job, cause: Uuid, n: &str, command: OrderCommand) -> anyhow::Result<Uuid> {
        self.order(command, self.by_policy(job, cause, n)).await
    }

    async fn order(&self, command: OrderCommand, context: CommandContext) -> anyhow::Result<Uuid> {
        let outcome = self.maker.commands.order(self.id, command, context).await?;
        self.event("order", self.id, outcome.last_sequence).await
    }

    /// News from a vendor, kept in the inbox as real news are.
    async fn notice(&self, actor: Actor, kind: &str, n: &str, command: OrderCommand) -> anyhow::Result<Uuid> {
        let source = if actor == Actor::Brevo { "brevo" } else { "stripe" };
        let message_id = format!("evt_seed_{}_{n}", self.id.simple());
        let context = self.asked(format!("{source}:{message_id}"), actor, Some(format!("{source}:{message_id}")));
        let body = format!(r#"{{"id":"{message_id}","type":"{kind}"}}"#).into_bytes();
        let notice = Notice { source, message_id, kind: kind.to_owned(), body };
        let outcome = self.maker.commands.order_on_notice(notice, self.id, command, context).await?;
        self.event("order", self.id, outcome.last_sequence).await
    }

    async fn event(&self, stream: &str, id: Uuid, sequence: i64) -> anyhow::Result<Uuid> {
        let found: Option<Uuid> = sqlx::query_scalar(
            "SELECT event_id FROM es.events WHERE aggregate_type = $1 AND aggregate_id = $2 AND sequence = $3",
        )
        .bind(stream)
        .bind(id.to_string())
        .bind(sequence)
        .fetch_optional(&self.maker.pool)
        .await?;
        found.with_context(|| format!("the {stream} {id} took a command and has no event {sequence}"))
    }

    fn asked(&self, command_id: String, actor: Actor, causation_id: Option<String>) -> CommandContext {
        let request_id = Some(MARK.to_owned());
        CommandContext { command_id, actor, correlation_id: self.id.to_string(), causation_id, request_id }
    }

    fn by_policy(&self, job: Job, cause: Uuid, n: &str) -> CommandContext {
        let task = Task { job, order: self.id, cause, at: self.now };
        CommandContext { request_id: Some(MARK.to_owned()), ..task.context(n) }
    }

    fn session(&self, attempt: u32) -> String {
        format!("cs_test_seed_{}_{attempt}", self.id.simple())
    }

    fn payment(&self) -> String {
        format!("pi_seed_{}", self.id.simple())
    }

    fn digest(&self, what: &str) -> String {
        hex::encode(Sha256::digest(format!("{what} of {}", self.id)))
    }

    fn derived(&self, what: &str) -> Uuid {
        Uuid::new_v5(&self.id, what.as_bytes())
    }
}
