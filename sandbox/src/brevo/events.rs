//! What becomes of a mail: the recipient's address decides, and webhooks tell.

use std::sync::Arc;

use chrono::{DateTime, Datelike, Duration, TimeZone, Utc, Weekday};
use serde_json::{Value, json};

use super::mail::Mail;
use crate::webhooks::{self, Vendor};
use crate::world::World;

/// Sandbox seconds that a slow recipient takes.
const SLOW_S: i64 = 60;

/// Reports the fate of an accepted mail, for each recipient.
pub fn begin(world: &Arc<World>, mail: &Mail) {
    for person in mail.recipients() {
        let local = person.email.split('@').next().unwrap_or_default();
        let fate = local.rsplit_once('+').map_or("", |(_, fate)| fate);
        let told: &[(&str, Option<&str>)] = match fate {
            "hardbounce" => &[("request", None), ("hard_bounce", Some("550 5.1.1 mailbox unavailable"))],
            "softbounce" => &[("request", None), ("soft_bounce", Some("452 4.2.2 mailbox full"))],
            "blocked" => &[("blocked", Some("blocked : due to blacklist user"))],
            "spam" => &[("request", None), ("delivered", None), ("spam", None)],
            "slow" => &[("request", None), ("deferred", Some("450 4.2.0 greylisted"))],
            _ => &[("request", None), ("delivered", None)],
        };
        for (event, reason) in told {
            report(world, mail, &person.email, event, *reason);
        }
        if fate == "slow" {
            deliver_later(world, mail.clone(), person.email.clone());
        }
    }
}

fn deliver_later(world: &Arc<World>, mail: Mail, email: String) {
    let at = world.clock.now() + Duration::seconds(SLOW_S);
    let later = world.clone();
    world.tasks.spawn(async move {
        tokio::select! {
            () = later.stop.cancelled() => {}
            () = later.clock.until(at) => report(&later, &mail, &email, "delivered", None),
        }
    });
}

/// Sends one webhook about a mail.
pub fn report(world: &Arc<World>, mail: &Mail, email: &str, event: &str, reason: Option<&str>) {
    let now = world.clock.now();
    let mut body = json!({
        "event": event, "email": email, "id": mail.number, "message-id": mail.message_id,
        "date": paris(now), "ts": now.timestamp(), "ts_event": now.timestamp(), "ts_epoch": now.timestamp_millis(),
        "subject": mail.subject, "tags": mail.tags, "tag": Value::String(json!(mail.tags).to_string()),
        "sending_ip": "192.0.2.1",
    });
    if let Some(template) = mail.template_id {
        body["template_id"] = json!(template);
    }
    if let Some(reason) = reason {
        body["reason"] = json!(reason);
    }
    webhooks::publish(world, Vendor::Brevo, &world.ids.next("mail_event_"), event, body);
}

/// `2026-11-22 07:00:01` in Paris, where Brevo writes its dates.
fn paris(utc: DateTime<Utc>) -> String {
    let hours = if summer(utc) { 2 } else { 1 };
    (utc + Duration::hours(hours)).format("%Y-%m-%d %H:%M:%S").to_string()
}

/// Summer time runs from the last Sunday of March to the last Sunday of October, both at 01:00 UTC.
fn summer(utc: DateTime<Utc>) -> bool {
    let switch = |month: u32| {
        let mut last = (25..=31).filter_map(|day| Utc.with_ymd_and_hms(utc.year(), month, day, 1, 0, 0).single());
        last.rfind(|day| day.weekday() == Weekday::Sun)
    };
    match (switch(3), switch(10)) {
        (Some(begin), Some(end)) => begin <= utc && utc < end,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_in_paris_time_summer_and_winter() {
        let at = |text: &str| paris(text.parse().unwrap());
        assert_eq!(at("2026-11-22T06:00:01Z"), "2026-11-22 07:00:01");
        assert_eq!(at("2026-07-14T22:30:00Z"), "2026-07-15 00:30:00");
        assert_eq!(at("2026-03-29T00:59:59Z"), "2026-03-29 01:59:59");
        assert_eq!(at("2026-03-29T01:00:00Z"), "2026-03-29 03:00:00");
    }
}
