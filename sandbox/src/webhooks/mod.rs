//! Events on their way to the product: kept until a 2xx answer, delivered as badly as asked.

mod attempt;
mod behaviour;

pub use behaviour::{Behaviour, Target, Targets};

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::watch;

use crate::brevo;
use crate::config::SandboxConfig;
use crate::journal::Table;
use crate::world::{Shared, World};

/// Seconds of sandbox time between attempts: quick first, then patient, for about three days.
const GAPS_S: [i64; 10] = [1, 5, 30, 300, 1_800, 7_200, 18_000, 36_000, 86_400, 86_400];

/// The error of an attempt that was lost because someone asked for it.
pub const DROPPED: &str = "dropped on purpose";

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
    /// Registered endpoint that it goes to; the configured target when there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    pub created: DateTime<Utc>,
    pub body: Value,
    pub delivered: bool,
    pub attempts: Vec<Attempt>,
}

/// One try to deliver.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attempt {
    pub at: DateTime<Utc>,
    pub status: Option<u16>,
    pub error: Option<String>,
}

/// The outgoing post of one sandbox.
pub struct Post {
    notices: Shared<Table<Notice>>,
    under_way: Shared<BTreeSet<String>>,
    behaviour: watch::Sender<Behaviour>,
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
        Ok(Self {
            notices: Shared::new(Table::open(config.state_dir.as_deref(), "webhooks")?),
            under_way: Shared::new(BTreeSet::new()),
            behaviour: watch::Sender::new(behaviour),
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

    /// How deliveries behave now.
    pub fn behaviour(&self) -> Behaviour {
        self.behaviour.borrow().clone()
    }

    /// Changes how deliveries behave; paused ones go on when `paused` is lifted.
    pub fn behave(&self, behaviour: Behaviour) {
        self.behaviour.send_replace(behaviour);
    }

    /// Where events go now.
    pub fn targets(&self) -> Targets {
        self.targets.lock().clone()
    }

    /// Forgets all events and their troubles; the targets stay.
    pub fn reset(&self) {
        self.notices.lock().clear();
        self.behaviour.send_replace(Behaviour::default());
    }
}

/// Sends events elsewhere from now on, those still waiting included.
pub fn aim(world: &Arc<World>, targets: Targets) {
    *world.webhooks.targets.lock() = targets;
    resume(world);
}

/// Posts an event to the configured target; it is stored before anything is sent.
pub fn publish(world: &Arc<World>, vendor: Vendor, id: &str, kind: &str, body: Value) {
    publish_to(world, None, vendor, id, kind, body);
}

/// Posts an event to one endpoint that was registered at the vendor.
pub fn publish_to(world: &Arc<World>, endpoint: Option<&str>, vendor: Vendor, id: &str, kind: &str, body: Value) {
    let notice = Notice {
        id: id.to_owned(),
        vendor,
        kind: kind.to_owned(),
        endpoint: endpoint.map(str::to_owned),
        created: world.clock.now(),
        body,
        delivered: false,
        attempts: Vec::new(),
    };
    world.webhooks.notices.lock().put(id, notice);
    dispatch(world, id);
}

/// Goes on with every event that was never accepted.
pub fn resume(world: &Arc<World>) {
    let waiting: Vec<String> = {
        let notices = world.webhooks.notices.lock();
        notices.iter().filter(|(_, notice)| !notice.delivered).map(|(id, _)| id.clone()).collect()
    };
    for id in waiting {
        dispatch(world, &id);
    }
}

/// Delivers an event again, `times` times, whatever became of it. `false` when it is unknown.
pub fn redeliver(world: &Arc<World>, id: &str, times: u32) -> bool {
    let Some(notice) = world.webhooks.find(id) else { return false };
    let world = world.clone();
    world.tasks.clone().spawn(async move {
        for _ in 0..times {
            attempt_once(&world, &notice).await;
        }
    });
    true
}

fn dispatch(world: &Arc<World>, id: &str) {
    let Some(notice) = world.webhooks.find(id) else { return };
    if address(world, &notice).is_none() || !world.webhooks.under_way.lock().insert(id.to_owned()) {
        return;
    }
    let task = {
        let world = world.clone();
        async move {
            tokio::select! {
                () = world.stop.cancelled() => {}
                () = deliver(&world, &notice) => {}
            }
            world.webhooks.under_way.lock().remove(&notice.id);
        }
    };
    world.tasks.spawn(task);
}

/// Where an event goes now; nowhere when nobody listens, or when its endpoint was deleted.
fn address(world: &World, notice: &Notice) -> Option<Target> {
    let target = match (&notice.endpoint, notice.vendor) {
        (None, vendor) => world.webhooks.targets().of_vendor(vendor).clone(),
        (Some(id), Vendor::Brevo) => brevo::endpoint(world, id)?,
        (Some(_), Vendor::Stripe) => return None,
    };
    (!target.url.is_empty()).then_some(target)
}

async fn deliver(world: &Arc<World>, notice: &Notice) {
    let Behaviour { delay_ms, shuffle, .. } = world.webhooks.behaviour();
    let disorder = if shuffle { world.dice.lock().below(1_500) } else { 0 };
    if delay_ms + disorder > 0 {
        tokio::time::sleep(Duration::from_millis(delay_ms + disorder)).await;
    }
    for gap in std::iter::once(0).chain(GAPS_S) {
        world.clock.until(world.clock.now() + TimeDelta::seconds(gap)).await;
        // A reset forgets the event; delivering it later would surprise the next test.
        if world.webhooks.find(&notice.id).is_none() || attempt_once(world, notice).await {
            return;
        }
    }
    tracing::warn!(event = notice.id, "the product never accepted {}", notice.kind);
}

/// One attempt, with its copies when duplication was asked for; `true` when the product accepted.
async fn attempt_once(world: &Arc<World>, notice: &Notice) -> bool {
    let mut listener = world.webhooks.behaviour.subscribe();
    let Ok(behaviour) = listener.wait_for(|behaviour| !behaviour.paused).await.map(|now| now.clone()) else {
        return false;
    };
    if drops(world) {
        return note(world, notice, Attempt { at: world.clock.now(), status: None, error: Some(DROPPED.into()) });
    }
    // Nobody to send to any more: there is nothing left to try.
    let Some(target) = address(world, notice) else { return true };
    let send = || attempt::send(world, &world.webhooks.client, notice, &target, &behaviour);
    let copies = 1 + behaviour.duplicate;
    let mut attempts = Vec::new();
    if behaviour.simultaneous {
        attempts = futures::future::join_all((0..copies).map(|_| send())).await;
    } else {
        for _ in 0..copies {
            attempts.push(send().await);
        }
    }
    let accepted: Vec<bool> = attempts.into_iter().map(|attempt| note(world, notice, attempt)).collect();
    accepted.contains(&true)
}

fn note(world: &World, notice: &Notice, attempt: Attempt) -> bool {
    let accepted = attempt.status.is_some_and(|status| (200..300).contains(&status));
    world.webhooks.notices.lock().change(&notice.id, |notice| {
        notice.delivered |= accepted;
        notice.attempts.push(attempt);
    });
    accepted
}

fn drops(world: &World) -> bool {
    let mut dropped = false;
    world.webhooks.behaviour.send_if_modified(|behaviour| {
        dropped = behaviour.drop_first > 0;
        behaviour.drop_first = behaviour.drop_first.saturating_sub(1);
        dropped
    });
    let probability = world.webhooks.behaviour.borrow().drop_probability;
    dropped || (probability > 0.0 && world.dice.lock().chance() < probability)
}
