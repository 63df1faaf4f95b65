//! What the forms of the page ask; each action leads back to the page, which says that it is done.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::presets::presets;
use super::{shown, webhooks as boxes};
use crate::call::{self, Call};
use crate::control::{clock, faults};
use crate::webhooks;
use crate::world::World;

/// What is said once an action is done, by its key in the address.
const DONE: [(&str, &str, &str); 8] = [
    ("panne", "armees", "La panne est armée."),
    ("tempete", "armees", "La tempête est levée sur tous les services."),
    ("retrait", "armees", "La panne est retirée."),
    ("retraits", "armees", "Toutes les pannes sont retirées."),
    ("renvoi", "evenements", "L’événement part de nouveau."),
    ("envois", "envois", "Les envois suivent ces réglages."),
    ("horloge", "horloge", "L’horloge est déplacée."),
    ("oubli", "contenu", "Le bac à sable est vide."),
];

/// The sentence of a key.
pub fn sentence(key: &str) -> Option<&'static str> {
    DONE.iter().find(|(known, ..)| *known == key).map(|(.., sentence)| *sentence)
}

/// Does what the form asks.
pub fn act(world: &Arc<World>, call: &Call, action: &str) -> Response {
    if is_foreign(call) {
        return call::text(StatusCode::FORBIDDEN, "Seule la page du bac à sable envoie ces formulaires.");
    }
    let form = Form(call.form());
    let done = match action {
        "preset" => preset(world, form.text("preset")),
        "fault" => form.fault().and_then(|fault| arm(world, &fault)).map(|()| "panne"),
        "disarm" => {
            let removed = form.text("id").parse().is_ok_and(|id| world.faults.lock().disarm(id));
            if removed { Ok("retrait") } else { Err("Cette panne n’est plus armée.".to_owned()) }
        }
        "disarm-all" => {
            world.faults.lock().clear();
            Ok("retraits")
        }
        "redeliver" if webhooks::redeliver(world, form.text("id"), 1) => Ok("renvoi"),
        "redeliver" => Err("Cet événement n’existe plus.".to_owned()),
        "webhooks" => {
            world.webhooks.behave(boxes::asked(world.webhooks.behaviour(), |name| form.text(name) == "1"));
            Ok("envois")
        }
        "clock" => turn(world, form.text("advance_s")),
        "reset" => world
            .reset(None)
            .map(|()| "oubli")
            .map_err(|error| format!("Le bac à sable n’est pas vidé\u{a0}: {error:#}")),
        _ => Err("Ce formulaire n’existe pas.".to_owned()),
    };
    match done {
        Ok(key) => {
            let anchor = DONE.iter().find(|(known, ..)| *known == key).map_or("contenu", |(_, anchor, _)| anchor);
            call::see_other(&format!("/_sandbox?fait={key}#{anchor}"))
        }
        Err(sentence) => shown(world, call, StatusCode::BAD_REQUEST, Some(&sentence)),
    }
}

/// A form sent by the page of another site.
fn is_foreign(call: &Call) -> bool {
    let site = call.header("sec-fetch-site").is_some_and(|site| site == "cross-site" || site == "same-site");
    // `Origin: null`, of a page that hides where it comes from, has no host either.
    let foreign = |origin: &str| origin.split_once("://").map(|(_, host)| host) != call.header("host");
    site || call.header("origin").is_some_and(foreign)
}

fn preset(world: &Arc<World>, key: &str) -> Result<&'static str, String> {
    if key == "tempete" {
        world.faults.lock().arm_storm();
        world.webhooks.behave(webhooks::Behaviour::storm());
        return Ok("tempete");
    }
    let found = presets().into_iter().find(|preset| preset.key == key);
    let preset = found.ok_or_else(|| "Cette panne n’existe pas.".to_owned())?;
    arm(world, &preset.fault).map(|()| "panne")
}

fn arm(world: &World, fault: &Value) -> Result<(), String> {
    let refused = |why: String| format!("La panne n’est pas armée\u{a0}: {why}");
    let fault = serde_json::from_value(fault.clone()).map_err(|error| refused(error.to_string()))?;
    faults::arm(world, fault).map(|_| ()).map_err(|refusal| refused(refusal.sentence().to_owned()))
}

fn turn(world: &Arc<World>, seconds: &str) -> Result<&'static str, String> {
    match seconds.parse::<i64>() {
        Ok(0) => {
            world.clock.right();
            crate::stripe::sweep(world);
            Ok("horloge")
        }
        Ok(seconds) => clock::advance(world, seconds)
            .map(|()| "horloge")
            .map_err(|_| "L’horloge reste entre 2000 et 2100.".to_owned()),
        Err(_) => Err("L’horloge avance d’un nombre entier de secondes.".to_owned()),
    }
}

/// The fields of a submitted form.
struct Form(Vec<(String, String)>);

impl Form {
    fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    fn number(&self, name: &str, label: &str) -> Result<Value, String> {
        let text = self.text(name);
        text.parse::<u64>()
            .map(|number| json!(number))
            .map_err(|_| format!("«\u{a0}{label}\u{a0}» attend un nombre entier, pas «\u{a0}{text}\u{a0}»."))
    }

    /// The fault as the control API takes it.
    fn fault(&self) -> Result<Value, String> {
        let mut effect = Map::new();
        let kind = self.text("kind");
        match kind {
            "status" | "commit_status" => {
                effect.insert("status".into(), self.number("status", "Statut")?);
            }
            "latency" | "hang" => {
                effect.insert("ms".into(), self.number("ms", "Durée en ms")?);
            }
            "commit_reset" => {
                effect.insert("reset".into(), json!(true));
            }
            "scenario" => {
                effect.insert("name".into(), json!(self.text("name")));
            }
            _ => {}
        }
        let kind = if kind.starts_with("commit_") { "commit_then_fail" } else { kind };
        effect.insert("kind".into(), json!(kind));
        let percent: f64 = self.text("percent").replace(',', ".").parse().map_err(|_| {
            format!("«\u{a0}Probabilité\u{a0}» attend un nombre, pas «\u{a0}{}\u{a0}».", self.text("percent"))
        })?;
        let times = if self.text("times").is_empty() { Value::Null } else { self.number("times", "Nombre de fois")? };
        Ok(json!({
            "service": self.text("service"),
            "operation": self.text("operation"),
            "after": self.number("after", "Appels épargnés")?,
            "times": times,
            "probability": percent / 100.0,
            "effect": effect,
        }))
    }
}
