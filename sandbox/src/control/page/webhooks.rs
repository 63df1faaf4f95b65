//! How deliveries misbehave: one box per trouble.

use super::frame::Section;
use crate::html::escape;
use crate::webhooks::Behaviour;
use crate::world::World;

/// A trouble: its field in the form, its text, whether it is on.
type Trouble = (&'static str, &'static str, fn(&Behaviour) -> bool);

const TROUBLES: [Trouble; 7] = [
    ("paused", "Retenir les événements", |now| now.paused),
    ("duplicate", "Envoyer en double", |now| now.duplicate > 0),
    ("shuffle", "Envoyer dans le désordre", |now| now.shuffle),
    ("drop_first", "Perdre le prochain essai", |now| now.drop_first > 0),
    ("wrong_secret", "Signer avec un autre secret", |now| now.wrong_secret),
    ("tamper", "Modifier le corps après signature", |now| now.tamper),
    ("unknown_fields", "Ajouter des champs inconnus", |now| now.unknown_fields),
];

/// The boxes as they stand, and where events go.
pub fn section(world: &World) -> Section {
    let now = world.webhooks.behaviour();
    let boxes: String = TROUBLES
        .iter()
        .map(|(name, text, on)| {
            let checked = if on(&now) { " checked" } else { "" };
            format!("<li><label><input type=\"checkbox\" name=\"{name}\" value=\"1\"{checked}> {text}</label></li>")
        })
        .collect();
    let targets = world.webhooks.targets();
    let place = |name: &str, url: &str| {
        let url = if url.is_empty() { "nulle part".to_owned() } else { format!("<code>{}</code>", escape(url)) };
        format!("<li><span>{name}</span> <span>{url}</span></li>")
    };
    let content = format!(
        "<form method=\"post\" action=\"/_sandbox/page/webhooks\"><fieldset><legend class=\"muted\">Envois vers LObsTer</legend>\
         <ul class=\"boxes\">{boxes}</ul></fieldset><button>Appliquer</button></form>\
         <ul class=\"places muted\">{}{}</ul>",
        place("Stripe", &targets.stripe.url),
        place("Brevo", &targets.brevo.url)
    );
    Section { id: "envois", title: "Envois des événements", count: None, content }
}

/// The behaviour that a submitted form asks for; what the form does not show stays.
pub fn asked(now: Behaviour, ticked: impl Fn(&str) -> bool) -> Behaviour {
    Behaviour {
        paused: ticked("paused"),
        duplicate: if ticked("duplicate") { now.duplicate.max(1) } else { 0 },
        shuffle: ticked("shuffle"),
        drop_first: if ticked("drop_first") { now.drop_first.max(1) } else { 0 },
        wrong_secret: ticked("wrong_secret"),
        tamper: ticked("tamper"),
        unknown_fields: ticked("unknown_fields"),
        ..now
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_box_sets_its_trouble_and_nothing_else() {
        for (name, _, on) in TROUBLES {
            let asked = asked(Behaviour::default(), |ticked| ticked == name);
            assert!(on(&asked), "{name}");
            assert_eq!(TROUBLES.iter().filter(|(_, _, on)| on(&asked)).count(), 1, "{name}");
        }
    }
}
