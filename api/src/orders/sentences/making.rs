//! Sentences about the making of the report.

use super::Told;
use crate::french::{counted, ordinal};

pub(super) fn sentence(event_type: &str, told: &Told) -> Option<String> {
    Some(match event_type {
        "ReportRequested" => match told.number("version") {
            ..=1 => "La fabrication commence.".to_owned(),
            n => format!("La fabrication d’une {} version commence.", ordinal(n)),
        },
        "FactsCollected" => {
            let facts = counted(told.number("facts"), "chiffre réuni", "chiffres réunis");
            let sets = counted(told.number("datasets"), "jeu de données", "jeux de données");
            let specimen = if told.0["specimen"] == true { ", dont des données de démonstration" } else { "" };
            format!("{facts} dans {sets}{specimen}.")
        }
        "NarrativeReceived" => match told.word("stop_reason") {
            "refusal" => "Le modèle a refusé d’écrire.",
            "max_tokens" => "La réponse du modèle est incomplète.",
            _ => "Le modèle a répondu.",
        }
        .to_owned(),
        "NarrativeRejected" => {
            let errors = told.0["errors"].as_array().map_or(0, Vec::len);
            let found = counted(errors as i64, "remarque au contrôle", "remarques au contrôle");
            // By the model when a round is left, else by the rules: the next line tells.
            format!("{found}\u{a0}: les passages concernés sont à réécrire.")
        }
        "NarrativeAccepted" => accepted(told),
        "ReportRendered" => format!("{} mises en page.", counted(told.number("pages"), "page", "pages")),
        "ReportStored" => "Le fichier est contrôlé et archivé.".to_owned(),
        "StepFailed" => {
            let (step, class) = (told.word("step"), told.word("class"));
            let attempt = ordinal(told.number("attempt").max(1));
            format!("{}\u{a0}: {} ({attempt}\u{a0}tentative), {}.", named(step), cause(step, class), next(step, class))
        }
        "ReportFailed" => {
            let step = named(told.word("step"));
            format!("{step}\u{a0}: l’étape est abandonnée après plusieurs tentatives.")
        }
        "OrderFailed" => "La fabrication s’est arrêtée. Une personne reprend la commande ou la rembourse.".to_owned(),
        "OrderOverdue" => {
            let minutes = counted(told.number("minutes"), "minute", "minutes");
            format!(
                "Le rapport n’est pas prêt {minutes} après le paiement. La fabrication continue et une personne s’en occupe."
            )
        }
        _ => return None,
    })
}

fn accepted(told: &Told) -> String {
    let blocks = || told.0["by_block"].as_object().into_iter().flat_map(|blocks| blocks.values());
    let (model, all) = (blocks().filter(|author| *author == "model").count() as i64, blocks().count() as i64);
    let passages = counted(all, "passage", "passages");
    match model {
        0 => format!("Texte écrit par nos règles, sans le modèle\u{a0}: {passages}."),
        model if model == all => format!("Texte du modèle accepté au contrôle\u{a0}: {passages}."),
        model => format!("Texte accepté au contrôle\u{a0}: {passages}, dont {} par nos règles.", all - model),
    }
}

/// The name of a step, as it begins a sentence.
fn named(step: &str) -> &'static str {
    match step {
        "collect" => "Collecte des données",
        "write" => "Rédaction",
        "print" => "Mise en page",
        "store" => "Archivage",
        _ => "Fabrication",
    }
}

fn cause(step: &str, class: &str) -> &'static str {
    match (step, class) {
        ("collect", "transient") => "une source n’a pas répondu",
        ("collect", "refused") => "une source a refusé la demande",
        ("write", "transient") => "le modèle n’a pas répondu",
        ("write", "refused") => "le modèle a refusé la demande",
        ("print", "transient") => "l’impression n’a pas abouti",
        ("print", "refused") => "l’impression a été refusée",
        ("store", "transient") => "l’archivage n’a pas répondu",
        ("store", "refused") => "l’archivage a été refusé",
        _ => "un incident de notre côté a interrompu l’étape",
    }
}

/// A refusal for good is not tried again: the rules write where the model does not, anything else stops the making.
fn next(step: &str, class: &str) -> &'static str {
    match (step, class) {
        ("write", "refused") => "nos règles écrivent à sa place",
        // Where its time is spent there is no other attempt.
        ("write", _) => "nouvel essai ou, à défaut, nos règles",
        (_, "refused") => "la fabrication s’arrête",
        _ => "nouvel essai",
    }
}
