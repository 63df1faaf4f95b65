//! The calls that came in.

use serde_json::{Value, json};

use super::SHOWN;
use super::frame::{Section, code, more, nothing, table, time};
use crate::call::Service;
use crate::html::escape;
use crate::recorder::Recorded;
use crate::world::World;

/// Newest first, of one service when one is chosen.
pub fn section(world: &World, service: Option<&str>) -> Section {
    let service = service.and_then(Service::named);
    let calls = world.calls.lock();
    let all = calls.matching(service.map(Service::name), None);
    let rows: Vec<Vec<String>> = all.iter().rev().take(SHOWN).map(|call| row(call)).collect();
    let list = match rows.len() {
        0 => nothing("Aucun appel pour l’instant."),
        _ => table("Appels reçus", &["Heure", "Service", "Opération", "Réponse", "Panne"], &rows),
    };
    let content = format!("{}{list}{}", filter(service), more(all.len(), SHOWN, "/_sandbox/requests"));
    Section { id: "appels", title: "Appels reçus", count: Some(all.len()), content }
}

fn filter(chosen: Option<Service>) -> String {
    let option = |service: Service| {
        let selected = if chosen == Some(service) { " selected" } else { "" };
        format!("<option value=\"{}\"{selected}>{}</option>", service.name(), service.title())
    };
    format!(
        "<form class=\"inline\" action=\"/_sandbox#appels\"><label for=\"filtre\">Service</label>\
         <select id=\"filtre\" name=\"service\"><option value=\"\">Tous</option>{}</select>\
         <button class=\"small\">Filtrer</button></form>",
        Service::ALL.map(option).concat()
    )
}

fn row(call: &Recorded) -> Vec<String> {
    let status = match call.status {
        Some(status) => format!("<span class=\"status s{}\">{status}</span>", status / 100),
        None => "<span class=\"status s5\">coupé</span>".to_owned(),
    };
    let fault = call.fault.as_deref().map_or_else(|| "—".to_owned(), code);
    vec![time(call.at), call.service.title().to_owned(), details(call), status, fault]
}

fn details(call: &Recorded) -> String {
    let body = match &call.body {
        Value::Null => String::new(),
        Value::String(text) => format!("\n\n{text}"),
        body => format!("\n\n{body:#}"),
    };
    let headers: String = call.headers.iter().map(|(name, value)| format!("\n{name}: {}", plain(value))).collect();
    format!(
        "<details><summary>{}</summary><pre>{}</pre></details>",
        code(&call.operation),
        escape(&format!("{} {}{headers}{body}", call.method, call.path))
    )
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| json!(value).to_string(), str::to_owned)
}
