//! What becomes of a mail: the recipient's address decides, and webhooks tell.

use std::sync::Arc;

use chrono::Duration;
use serde_json::{Value, json};

use super::hooks::Hook;
use super::mail::Mail;
use super::paris;
use crate::webhooks::{self, Vendor};
use crate::world::World;

/// Sandbox seconds until a mailbox that was full has room again.
const BOUNCE_S: i64 = 5 * 60;
/// Sandbox seconds that a slow recipient takes.
const SLOW_S: i64 = 30 * 60;

/// One thing that happened to a mail, and why.
pub type Happening<'a> = (&'a str, Option<&'a str>);

const REQUEST: Happening<'static> = ("request", None);
const DELIVERED: Happening<'static> = ("delivered", None);

/// Reports the fate of an accepted mail, for each recipient.
pub fn begin(world: &Arc<World>, mail: &Mail) {
    for person in mail.recipients() {
        let local = person.email.split('@').next().unwrap_or_default();
        let fate = local.rsplit_once('+').map_or("", |(_, fate)| fate);
        let told: &[Happening<'static>] = match fate {
            "hardbounce" => &[REQUEST, ("hard_bounce", Some("550 5.1.1 mailbox unavailable"))],
            "softbounce" => &[REQUEST, ("soft_bounce", Some("452 4.2.2 mailbox full"))],
            "blocked" => &[("blocked", Some("blocked : due to blacklist user"))],
            "spam" => &[REQUEST, DELIVERED, ("spam", None)],
            "slow" => &[REQUEST, ("deferred", Some("450 4.2.0 greylisted"))],
            _ => &[REQUEST, DELIVERED],
        };
        report(world, mail, &person.email, told);
        match fate {
            "softbounce" => deliver_later(world, mail, &person.email, BOUNCE_S),
            "slow" => deliver_later(world, mail, &person.email, SLOW_S),
            _ => {}
        }
    }
}

fn deliver_later(world: &Arc<World>, mail: &Mail, email: &str, seconds: i64) {
    let at = world.clock.now() + Duration::seconds(seconds);
    let (later, mail, email) = (world.clone(), mail.clone(), email.to_owned());
    world.tasks.spawn(async move {
        tokio::select! {
            () = later.stop.cancelled() => return,
            () = later.clock.until(at) => {}
        }
        // A reset forgets the mail; news of it would surprise the next test.
        let known = later.brevo.lock().mails.get(&mail.message_id).is_some();
        if known {
            report(&later, &mail, &email, &[DELIVERED]);
        }
    });
}

/// Tells what happened: to the configured target one event at a time, to each webhook of the account as it asked.
pub fn report(world: &Arc<World>, mail: &Mail, email: &str, told: &[Happening<'_>]) {
    let hooks: Vec<Hook> = world.brevo.lock().hooks.iter().map(|(_, hook)| hook.clone()).collect();
    let configured = world.webhooks.targets().brevo.url;
    let payloads: Vec<(&str, Value)> =
        told.iter().map(|(event, reason)| (*event, payload(world, mail, email, event, *reason))).collect();
    // A webhook that names the configured address stands for it: nobody is told twice.
    if !hooks.iter().any(|hook| hook.url == configured) {
        for (event, payload) in &payloads {
            publish(world, None, event, payload.clone());
        }
    }
    for hook in hooks {
        let id = hook.id.to_string();
        let wanted: Vec<&(&str, Value)> = payloads.iter().filter(|(event, _)| hook.wants(event)).collect();
        if hook.batched && !wanted.is_empty() {
            publish(world, Some(&id), "batch", wanted.iter().map(|(_, payload)| payload.clone()).collect());
        } else {
            wanted.iter().for_each(|(event, payload)| publish(world, Some(&id), event, payload.clone()));
        }
    }
}

fn publish(world: &Arc<World>, endpoint: Option<&str>, kind: &str, body: Value) {
    webhooks::publish_to(world, endpoint, Vendor::Brevo, &world.ids.next("mail_event_"), kind, body);
}

fn payload(world: &World, mail: &Mail, email: &str, event: &str, reason: Option<&str>) -> Value {
    let now = world.clock.now();
    let mut body = json!({
        "event": event, "email": email, "id": mail.number, "message-id": mail.message_id,
        "date": paris::written(now), "ts": now.timestamp(), "ts_event": now.timestamp(),
        "ts_epoch": now.timestamp_millis(), "subject": mail.subject, "tags": mail.tags,
        "tag": Value::String(json!(mail.tags).to_string()), "sending_ip": "192.0.2.1",
    });
    if let Some(template) = mail.template_id {
        body["template_id"] = json!(template);
    }
    if let Some(reason) = reason {
        body["reason"] = json!(reason);
    }
    body
}
