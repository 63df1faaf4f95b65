//! Events on their way to the product: kept until a 2xx answer, delivered as badly as asked.

mod attempt;
mod behaviour;
mod delivery;
mod endpoint;

pub use behaviour::{Behaviour, Target, Targets};
pub use delivery::{redeliver, resume};
pub use endpoint::{Endpoint, names};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::config::SandboxConfig;
use crate::journal::Table;
use crate::world::{Shared, World};

/// The error of an attempt that was lost because someone asked for it.
pub const DROPPED: &str = "dropped on purpose";
/// The configured address, among those that were registered.
const DEFAULT: &str = "default";

/// Who sends an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Vendor {
    Stripe,
    Brevo,
}

/// One event and what became of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Notice {
    pub id: String,
    pub vendor: Vendor,
    /// The vendor's name of the event, such as `checkout.session.completed`.
    pub kind: String,
    pub created: DateTime<Utc>,
    pub body: Value,
    /// Every address accepted it.
    pub delivered: bool,
    /// Where it goes, and whether it was accepted there.
    pub places: BTreeMap<String, bool>,
    pub attempts: Vec<Attempt>,
}

impl Notice {
    /// The event as its vendor shows it now.
    pub fn shown(&self) -> Value {
        let mut body = self.body.clone();
        if self.vendor == Vendor::Stripe {
            body["pending_webhooks"] = json!(self.pending());
        }
        body
    }
}

/// One try to deliver.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attempt {
    pub at: DateTime<Utc>,
    /// Id of the registered address, or `default`.
    pub to: String,
    pub status: Option<u16>,
    pub error: Option<String>,
}

/// The outgoing post of one sandbox.
pub struct Post {
    notices: Shared<Table<Notice>>,
    endpoints: Shared<Table<Endpoint>>,
    under_way: Shared<BTreeSet<(String, String)>>,
    of_stripe: watch::Sender<Behaviour>,
    of_brevo: watch::Sender<Behaviour>,
    targets: Shared<Targets>,
    client: reqwest::Client,
}

impl Post {
    /// Opens the post, with the events that a previous run did not deliver.
    ///
    /// # Errors
    /// The state folder cannot be used.
    pub fn open(config: &SandboxConfig, behaviour: Behaviour) -> anyhow::Result<Self> {
        let client = reqwest::Client::builder()
            .timeout(Duration::from_secs(10))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .context("the sandbox could not build its HTTP client")?;
        let dir = config.state_dir.as_deref();
        Ok(Self {
            notices: Shared::new(Table::open(dir, "webhooks")?),
            endpoints: Shared::new(Table::open(dir, "webhook_endpoints")?),
            under_way: Shared::new(BTreeSet::new()),
            of_stripe: watch::Sender::new(behaviour.clone()),
            of_brevo: watch::Sender::new(behaviour),
            targets: Shared::new(Targets::of(config)),
            client,
        })
    }

    /// All events of a vendor, oldest first.
    pub fn sent_by(&self, vendor: Vendor) -> Vec<Notice> {
        self.notices.lock().iter().map(|(_, notice)| notice.clone()).filter(|notice| notice.vendor == vendor).collect()
    }

    /// One event.
    pub fn find(&self, id: &str) -> Option<Notice> {
        self.notices.lock().get(id).cloned()
    }

    /// How deliveries behave now: Stripe's, and Brevo's unless one was set apart.
    pub fn behaviour(&self) -> Behaviour {
        self.behaviour_of(Vendor::Stripe)
    }

    /// How the deliveries of one vendor behave now.
    pub fn behaviour_of(&self, vendor: Vendor) -> Behaviour {
        self.watched(vendor).borrow().clone()
    }

    /// Changes how deliveries behave; paused ones go on when `paused` is lifted.
    pub fn behave(&self, behaviour: Behaviour) {
        self.behave_of(Vendor::Stripe, behaviour.clone());
        self.behave_of(Vendor::Brevo, behaviour);
    }

    /// Changes how the deliveries of one vendor behave.
    pub fn behave_of(&self, vendor: Vendor, behaviour: Behaviour) {
        self.watched(vendor).send_replace(behaviour);
    }

    fn watched(&self, vendor: Vendor) -> &watch::Sender<Behaviour> {
        match vendor {
            Vendor::Stripe => &self.of_stripe,
            Vendor::Brevo => &self.of_brevo,
        }
    }

    fn listen(&self, vendor: Vendor) -> watch::Receiver<Behaviour> {
        self.watched(vendor).subscribe()
    }

    /// Where events go now.
    pub fn targets(&self) -> Targets {
        self.targets.lock().clone()
    }

    /// Forgets all events, registered addresses and troubles; the configured targets stay.
    pub fn reset(&self) {
        self.notices.lock().clear();
        self.endpoints.lock().clear();
        self.behave(Behaviour::default());
    }

    /// Writes down an attempt; `true` when it was accepted.
    fn note(&self, id: &str, place: &str, attempt: Attempt) -> bool {
        let accepted = attempt.status.is_some_and(|status| (200..300).contains(&status));
        self.notices.lock().change(id, |notice| {
            notice.attempts.push(attempt);
            if accepted {
                notice.accepted(place);
            }
        });
        accepted
    }

    /// Nobody is left to send it to.
    fn give_up(&self, id: &str, place: &str) {
        self.notices.lock().change(id, |notice| notice.accepted(place));
    }
}

impl Notice {
    fn accepted(&mut self, place: &str) {
        self.places.insert(place.to_owned(), true);
        self.delivered = self.pending() == 0;
    }
}

/// Sends events elsewhere from now on, those still waiting included.
pub fn aim(world: &Arc<World>, targets: Targets) {
    *world.webhooks.targets.lock() = targets;
    resume(world);
}

/// Posts an event to the configured target and to every registered address that wants it; it is stored before anything
/// is sent.
pub fn publish(world: &Arc<World>, vendor: Vendor, id: &str, kind: &str, body: Value) {
    let registered = world.webhooks.endpoints(vendor).into_iter().filter(|endpoint| endpoint.wants(kind));
    let mut places: BTreeSet<String> = registered.map(|endpoint| endpoint.id).collect();
    // Without any address the event waits for the configured one.
    if places.is_empty() || !world.webhooks.targets().of_vendor(vendor).url.is_empty() {
        places.insert(DEFAULT.to_owned());
    }
    post(world, places, vendor, id, kind, body);
}

/// Posts an event to one address that was registered at the vendor, or to the configured target.
pub fn publish_to(world: &Arc<World>, endpoint: Option<&str>, vendor: Vendor, id: &str, kind: &str, body: Value) {
    post(world, BTreeSet::from([endpoint.unwrap_or(DEFAULT).to_owned()]), vendor, id, kind, body);
}

fn post(world: &Arc<World>, places: BTreeSet<String>, vendor: Vendor, id: &str, kind: &str, body: Value) {
    let notice = Notice {
        id: id.to_owned(),
        vendor,
        kind: kind.to_owned(),
        created: world.clock.now(),
        body,
        delivered: false,
        places: places.into_iter().map(|place| (place, false)).collect(),
        attempts: Vec::new(),
    };
    world.webhooks.notices.lock().put(id, notice);
    delivery::dispatch(world, id);
}
