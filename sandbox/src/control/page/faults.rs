//! Faults: buttons for the usual ones, those that are armed, and a form for any other.

use super::effects;
use super::frame::{Section, button, code, nothing, table};
use super::presets::presets as usual;
use crate::call::Service;
use crate::faults::{Armed, Origin, scenarios};
use crate::world::World;

/// One button per usual fault.
pub fn presets() -> Section {
    let buttons: String = usual()
        .iter()
        .map(|preset| format!("<button name=\"preset\" value=\"{}\">{}</button>", preset.key, preset.text))
        .collect();
    let content = format!(
        "<p class=\"muted\">Un clic arme la panne\u{a0}; elle frappe le prochain appel qui lui correspond.</p>\
         <form class=\"presets\" method=\"post\" action=\"/_sandbox/page/preset\">{buttons}\
         <button name=\"preset\" value=\"tempete\">Tempête sur tous les services</button></form>"
    );
    Section { id: "pannes", title: "Provoquer une panne", count: None, content }
}

/// What is armed, in the order in which it is tried.
pub fn armed(world: &World) -> Section {
    let faults = world.faults.lock();
    let rows: Vec<Vec<String>> = faults.list().iter().map(row).collect();
    let content = match rows.len() {
        0 => nothing("Aucune panne armée\u{a0}: tout répond comme il faut."),
        _ => {
            let all = button("disarm-all", &[], "Tout retirer", "Retirer toutes les pannes");
            let heads = ["N°", "Service", "Effet", "Quand", "Action"];
            format!("{}{all}", table("Pannes armées", &heads, &rows))
        }
    };
    Section { id: "armees", title: "Pannes armées", count: Some(rows.len()), content }
}

fn row(armed: &Armed) -> Vec<String> {
    let fault = &armed.fault;
    let service = match fault.operation.as_str() {
        "*" => fault.service.title().to_owned(),
        operation => format!("{} {}", fault.service.title(), code(operation)),
    };
    let mut when = vec![match fault.times {
        None => "jusqu’au retrait".to_owned(),
        Some(1) => "une fois".to_owned(),
        Some(times) => format!("{times} fois"),
    }];
    if fault.after > 0 {
        when.push(format!("après {} appels", fault.after));
    }
    if fault.probability < 1.0 {
        when.push(format!("{}\u{a0}% des appels", percent(fault.probability)));
    }
    match armed.origin {
        Origin::Asked => {}
        Origin::File => when.push("du fichier de départ".to_owned()),
        Origin::Profile => when.push("de la tempête".to_owned()),
    }
    let id = armed.id.to_string();
    let remove = button("disarm", &[("id", &id)], "Retirer", &format!("Retirer la panne {id}"));
    vec![id, service, effects::sentence(&fault.effect), when.join(", "), remove]
}

/// A share with at most two decimals and a comma.
fn percent(share: f64) -> String {
    let text = format!("{:.2}", share * 100.0);
    text.trim_end_matches('0').trim_end_matches('.').replace('.', ",")
}

/// Any fault, field by field; what an effect does not use is ignored.
pub fn form() -> Section {
    let services =
        Service::ALL.map(|service| format!("<option value=\"{}\">{}</option>", service.name(), service.title()));
    let scenes = Service::ALL.map(|service| {
        let names: String = scenarios(service).iter().map(|name| format!("<option>{name}</option>")).collect();
        if names.is_empty() { names } else { format!("<optgroup label=\"{}\">{names}</optgroup>", service.title()) }
    });
    let content = format!(
        "<form method=\"post\" action=\"/_sandbox/page/fault\">\
         <div class=\"pair\"><div><label for=\"p-service\">Service</label><select id=\"p-service\" name=\"service\">{}</select></div>\
         <div><label for=\"p-operation\">Opération</label><input id=\"p-operation\" name=\"operation\" value=\"*\" \
         aria-describedby=\"p-operation-aide\"></div></div>\
         <p class=\"muted\" id=\"p-operation-aide\">Le nom montré dans les appels reçus, ou * pour toutes.</p>\
         <label for=\"p-effet\">Effet</label><select id=\"p-effet\" name=\"kind\">\
         <option value=\"status\">Répondre un statut</option>\
         <option value=\"latency\">Répondre plus tard</option>\
         <option value=\"hang\">Se taire, puis couper</option>\
         <option value=\"reset\">Couper la connexion</option>\
         <option value=\"commit_status\">Faire le travail, puis répondre un statut</option>\
         <option value=\"commit_reset\">Faire le travail, puis couper</option>\
         <option value=\"scenario\">Jouer un scénario</option></select>\
         <div class=\"pair\"><div><label for=\"p-statut\">Statut</label><input id=\"p-statut\" name=\"status\" inputmode=\"numeric\" value=\"503\"></div>\
         <div><label for=\"p-ms\">Durée en ms</label><input id=\"p-ms\" name=\"ms\" inputmode=\"numeric\" value=\"5000\"></div></div>\
         <label for=\"p-scenario\">Scénario</label><select id=\"p-scenario\" name=\"name\">{}</select>\
         <div class=\"pair\"><div><label for=\"p-fois\">Nombre de fois</label><input id=\"p-fois\" name=\"times\" inputmode=\"numeric\" value=\"1\" \
         aria-describedby=\"p-fois-aide\"></div>\
         <div><label for=\"p-apres\">Appels épargnés</label><input id=\"p-apres\" name=\"after\" inputmode=\"numeric\" value=\"0\"></div></div>\
         <p class=\"muted\" id=\"p-fois-aide\">Nombre vide\u{a0}: jusqu’au retrait.</p>\
         <label for=\"p-chance\">Probabilité, en %</label><input id=\"p-chance\" name=\"percent\" inputmode=\"decimal\" value=\"100\">\
         <button class=\"primary\">Armer la panne</button></form>",
        services.concat(),
        scenes.concat(),
    );
    Section { id: "autre-panne", title: "Une autre panne", count: None, content }
}
