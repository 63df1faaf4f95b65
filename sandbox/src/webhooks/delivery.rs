//! How an event travels: again and again until it is accepted, each address for itself.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;

use super::{Attempt, Behaviour, DEFAULT, DROPPED, Notice, Target, Vendor, attempt};
use crate::brevo;
use crate::world::World;

/// Seconds of sandbox time between attempts: quick first, then patient, for about three days.
const GAPS_S: [i64; 10] = [1, 5, 30, 300, 1_800, 7_200, 18_000, 36_000, 86_400, 86_400];
/// Events that overtake each other do so within this time.
const DISORDER_MS: u64 = 1_500;

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

/// Delivers an event again, `times` times, wherever it once went. `false` when it is unknown.
pub fn redeliver(world: &Arc<World>, id: &str, times: u32) -> bool {
    let Some(notice) = world.webhooks.find(id) else { return false };
    for place in notice.places.into_keys() {
        let id = id.to_owned();
        spawn(world, move |world| async move {
            for _ in 0..times {
                attempt_once(&world, &id, &place).await;
            }
        });
    }
    true
}

/// Sends an event on its way to every address that has not accepted it.
pub fn dispatch(world: &Arc<World>, id: &str) {
    let Some(notice) = world.webhooks.find(id) else { return };
    for place in notice.places.iter().filter(|(_, accepted)| !**accepted).map(|(place, _)| place.clone()) {
        let key = (id.to_owned(), place.clone());
        if address(world, notice.vendor, &place).is_none() || !world.webhooks.under_way.lock().insert(key.clone()) {
            continue;
        }
        let id = id.to_owned();
        spawn(world, move |world| async move {
            deliver(&world, &id, &place).await;
            world.webhooks.under_way.lock().remove(&key);
        });
    }
}

/// Work in the background that ends with the sandbox.
fn spawn<W>(world: &Arc<World>, work: impl FnOnce(Arc<World>) -> W)
where
    W: Future<Output = ()> + Send + 'static,
{
    let work = work(world.clone());
    let stop = world.stop.clone();
    world.tasks.spawn(async move {
        tokio::select! {
            () = stop.cancelled() => {}
            () = work => {}
        }
    });
}

/// Where an event goes now; nowhere while nobody listens, or when the address was deleted.
fn address(world: &World, vendor: Vendor, place: &str) -> Option<(Target, Option<String>)> {
    let (target, version) = match vendor {
        _ if place == DEFAULT => (world.webhooks.targets().of_vendor(vendor).clone(), None),
        Vendor::Brevo => (brevo::endpoint(world, place)?, None),
        Vendor::Stripe => {
            let endpoint = world.webhooks.endpoint(place).filter(|endpoint| endpoint.enabled)?;
            (endpoint.target(), endpoint.api_version)
        }
    };
    (!target.url.is_empty()).then_some((target, version))
}

async fn deliver(world: &Arc<World>, id: &str, place: &str) {
    let Some(vendor) = world.webhooks.find(id).map(|notice| notice.vendor) else { return };
    let Behaviour { delay_ms, shuffle, .. } = world.webhooks.behaviour_of(vendor);
    let disorder = if shuffle { world.dice.lock().below(DISORDER_MS) } else { 0 };
    if delay_ms + disorder > 0 {
        tokio::time::sleep(Duration::from_millis(delay_ms + disorder)).await;
    }
    for gap in std::iter::once(0).chain(GAPS_S) {
        world.clock.until(world.clock.now() + TimeDelta::seconds(gap)).await;
        if attempt_once(world, id, place).await {
            return;
        }
    }
    tracing::warn!(event = id, "the product never accepted this event");
}

/// One attempt, with its copies when duplication was asked for; `true` when there is nothing left to try.
async fn attempt_once(world: &Arc<World>, id: &str, place: &str) -> bool {
    let post = &world.webhooks;
    let Some(vendor) = post.find(id).map(|notice| notice.vendor) else { return true };
    let mut listener = post.listen(vendor);
    let Ok(behaviour) = listener.wait_for(|behaviour| !behaviour.paused).await.map(|now| now.clone()) else {
        return false;
    };
    // A reset forgets the event; delivering it later would surprise the next test.
    let Some(notice) = post.find(id) else { return true };
    let note = |attempt: Attempt| post.note(id, place, attempt);
    if drops(world, vendor) {
        return note(Attempt {
            at: world.clock.now(),
            to: place.to_owned(),
            status: None,
            error: Some(DROPPED.into()),
        });
    }
    let Some((target, version)) = address(world, vendor, place) else {
        post.give_up(id, place);
        return true;
    };
    let send = || async {
        let at = world.clock.now();
        let sent = attempt::send(&post.client, &notice, &target, version.as_deref(), &behaviour).await;
        let (status, error) = sent.map_or_else(|error| (None, Some(error)), |status| (Some(status), None));
        Attempt { at, to: place.to_owned(), status, error }
    };
    let copies = 1 + behaviour.duplicate;
    let mut attempts = Vec::new();
    if behaviour.simultaneous {
        attempts = futures::future::join_all((0..copies).map(|_| send())).await;
    } else {
        for _ in 0..copies {
            attempts.push(send().await);
        }
    }
    let accepted: Vec<bool> = attempts.into_iter().map(note).collect();
    accepted.contains(&true)
}

fn drops(world: &World, vendor: Vendor) -> bool {
    let (mut dropped, mut probability) = (false, 0.0);
    world.webhooks.watched(vendor).send_if_modified(|behaviour| {
        dropped = behaviour.drop_first > 0;
        behaviour.drop_first = behaviour.drop_first.saturating_sub(1);
        probability = behaviour.drop_probability;
        dropped
    });
    dropped || (probability > 0.0 && world.dice.lock().chance() < probability)
}

impl Notice {
    /// How many addresses have not accepted it.
    pub fn pending(&self) -> usize {
        self.places.values().filter(|accepted| !**accepted).count()
    }
}
