//! What tests of the event store share: a database, connections in each role, a sealer, and orders.

use std::sync::Arc;

use chrono::DateTime;
use domain::command::{Actor, CommandContext};
use domain::eligibility::{Eligibility, EligibilityStatus};
use domain::money::Price;
use domain::order::{OrderCommand, PaymentNotice, RecipientKind};
use domain::ports::{Commands as _, Notice};
use infra::event_store::{PgCommands, Sealer};
use infra::pools::{self, Role};
use sqlx::PgPool;
use test_support::TestDb;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

pub struct World {
    pub db: TestDb,
    pub commands: PgCommands,
    /// As `lobster_projector`.
    pub projector: PgPool,
    pub appended: Arc<Notify>,
    pub stop: CancellationToken,
    _stop: DropGuard,
}

impl World {
    /// No sealer runs yet.
    pub async fn new() -> Self {
        let db = test_support::database().await;
        let appended = Arc::new(Notify::new());
        let api = pools::connect(&db.url, Role::Api, 12).await.unwrap();
        let projector = pools::connect(&db.url, Role::Projector, 12).await.unwrap();
        let stop = CancellationToken::new();
        let commands = PgCommands::new(api, Arc::clone(&appended));
        Self { db, commands, projector, appended, stop: stop.clone(), _stop: stop.drop_guard() }
    }

    pub async fn sealed() -> Self {
        let world = Self::new().await;
        world.seal();
        world
    }

    pub fn seal(&self) -> JoinHandle<()> {
        tokio::spawn(Sealer::run(self.projector.clone(), Arc::clone(&self.appended), self.stop.clone()))
    }

    /// An order that was placed, paid and delivered: three events.
    pub async fn delivered(&self, order: Uuid) {
        let steps = [place(), pay(&format!("cs_{order}")), OrderCommand::Deliver { report: order, version: 1 }];
        for (step, command) in steps.into_iter().enumerate() {
            self.commands.order(order, command, context(order, &format!("{order}:{step}"))).await.unwrap();
        }
    }

    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.db.pool).await.unwrap()
    }

    /// Runs a statement as the owner of everything.
    pub async fn tamper(&self, sql: &str) {
        sqlx::raw_sql(sql).execute(&self.db.pool).await.unwrap();
    }
}

pub fn order(n: u128) -> Uuid {
    Uuid::from_u128(0x00c0_ffee_0000 + n)
}

pub fn context(order: Uuid, command_id: &str) -> CommandContext {
    CommandContext {
        command_id: command_id.to_owned(),
        actor: Actor::Customer,
        correlation_id: order.to_string(),
        causation_id: None,
        request_id: Some("r-1".to_owned()),
    }
}

pub fn place_as(status: EligibilityStatus) -> OrderCommand {
    OrderCommand::Place {
        customer: Uuid::from_u128(1),
        commune: "44109".to_owned(),
        study: "LOG-01".to_owned(),
        eligibility: Eligibility { study: "LOG-01".to_owned(), status, dropped_pages: vec![], reason: None },
        price: Price::before_tax(29_000, 2_000, "EUR"),
        recipient: RecipientKind::Particulier,
        consents: vec![],
    }
}

pub fn place() -> OrderCommand {
    place_as(EligibilityStatus::Full)
}

pub fn open(session: &str, attempt: u32) -> OrderCommand {
    let expires_at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    OrderCommand::OpenCheckout {
        session: session.to_owned(),
        url: "https://pay.test/1".to_owned(),
        attempt,
        expires_at,
    }
}

pub fn pay(session: &str) -> OrderCommand {
    OrderCommand::ConfirmPayment(PaymentNotice {
        session: session.to_owned(),
        payment: None,
        paid_cents: 34_800,
        currency: "eur".to_owned(),
        livemode_expected: true,
        reference_matches: true,
    })
}

pub fn mail(message: &str) -> OrderCommand {
    OrderCommand::RecordEmailSent { kind: "delivery".to_owned(), message_id: message.to_owned() }
}

pub fn notice(id: &str) -> Notice {
    Notice {
        source: "stripe",
        message_id: id.to_owned(),
        kind: "checkout.session.completed".to_owned(),
        body: b"{}".to_vec(),
    }
}
