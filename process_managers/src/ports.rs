//! What the jobs of every policy may reach.

use std::sync::Arc;

use domain::ports::{
    Clock, Commands, Contacts, EnergyCertificates, Links, MailWebhooks, Mailer, Notices, PaymentWebhooks, Payments,
    Printer, Signer, Storage, Writer,
};
use sqlx::PgPool;
use studies::Study;

use crate::upkeep::Orders;

/// The outside, as the jobs see it.
#[derive(Clone)]
pub struct Ports {
    pub commands: Arc<dyn Commands>,
    pub payments: Arc<dyn Payments>,
    pub payment_webhooks: Arc<dyn PaymentWebhooks>,
    pub mail_webhooks: Arc<dyn MailWebhooks>,
    pub notices: Arc<dyn Notices>,
    pub orders: Arc<dyn Orders>,
    pub storage: Arc<dyn Storage>,
    pub writer: Arc<dyn Writer>,
    pub printer: Arc<dyn Printer>,
    /// Signs what was printed, where a key is configured.
    pub signer: Option<Arc<dyn Signer>>,
    pub mailer: Arc<dyn Mailer>,
    pub contacts: Arc<dyn Contacts>,
    pub links: Arc<dyn Links>,
    pub certificates: Arc<dyn EnergyCertificates>,
    pub clock: Arc<dyn Clock>,
    /// The study of a code; the shop's are `studies::find`.
    pub study: fn(&str) -> Option<&'static dyn Study>,
    /// Reads `data`, where the facts come from.
    pub data: PgPool,
    /// Address that customers see, without a final slash.
    pub public_url: String,
    /// Production refuses to sell figures that were generated.
    pub production: bool,
}
