//! Where requests come in: what the API does for a customer and the payment vendor, step by step.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::{
    command::{Actor, CommandContext},
    eligibility::{Eligibility, EligibilityStatus},
    money::Price,
    order::{OrderCommand, RecipientKind},
    ports::{CheckoutRequest, Clock as _, Commands, Contact, Contacts as _, Notice, Payments as _},
};
use infra::{clock::SystemClock, contacts::PgContacts};
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    mortal::MortalCommands,
    sim::{leaflet, state::Shared},
    till::{PRICE, payment},
};

/// The order that its customer cancels.
pub const GIVEN_UP: Uuid = Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0009);

/// The same words each time: whoever got no answer asks again.
#[derive(Clone)]
pub struct Door {
    commands: Arc<MortalCommands>,
    contacts: Arc<PgContacts>,
    world: Shared,
}

impl Door {
    pub fn new(inner: Arc<dyn Commands>, pool: PgPool, world: &Shared) -> Self {
        let commands = Arc::new(MortalCommands { inner, world: world.clone() });
        Self { commands, contacts: Arc::new(PgContacts::new(pool)), world: world.clone() }
    }

    /// `POST /api/orders`: contact, order, payment page, its address.
    pub async fn place(self, order: Uuid) {
        let contact = Contact { customer: Uuid::from_u128(1), email: "mairie@exemple.test".to_owned() };
        self.contacts.keep(order, &contact, &[]).await.unwrap();
        let price = Price::before_tax(29_000, 2_000, "EUR");
        let eligibility = Eligibility {
            study: leaflet::CODE.to_owned(),
            status: EligibilityStatus::Full,
            dropped_pages: vec![],
            reason: None,
        };
        let place = OrderCommand::Place {
            customer: contact.customer,
            commune: "44109".to_owned(),
            study: leaflet::CODE.to_owned(),
            eligibility,
            price: price.clone(),
            recipient: RecipientKind::Collectivite,
            consents: vec![],
        };
        self.clone().tell(order, place).await;
        let request = CheckoutRequest {
            order,
            attempt: 1,
            price,
            title: leaflet::CODE.to_owned(),
            email: contact.email,
            success_url: String::new(),
            cancel_url: String::new(),
        };
        let page = self.world.open_checkout(&request).await.unwrap();
        let expires_at = SystemClock.now() + TimeDelta::days(1);
        let open = OrderCommand::OpenCheckout { session: page.session, url: page.url, attempt: 1, expires_at };
        self.tell(order, open).await;
    }

    /// A command of the customer's.
    pub async fn tell(self, order: Uuid, command: OrderCommand) {
        let context = context(order, command.name(), Actor::Customer);
        self.commands.order(order, command, context).await.unwrap();
    }

    /// `POST /api/webhooks/stripe`: this page was paid.
    pub async fn webhook(self, order: Uuid, session: &str) {
        let (message_id, kind) = (format!("evt_{session}"), "test".to_owned());
        let context = context(order, &message_id, Actor::Stripe);
        let notice = Notice { source: "stripe", message_id, kind, body: vec![] };
        let paid = OrderCommand::ConfirmPayment(payment(session, PRICE));
        self.commands.order_on_notice(notice, order, paid, context).await.unwrap();
    }
}

fn context(order: Uuid, name: &str, actor: Actor) -> CommandContext {
    CommandContext {
        command_id: format!("{name}:{order}"),
        actor,
        correlation_id: order.to_string(),
        causation_id: None,
        request_id: None,
    }
}
