//! The clock of the doubles, and buttons that move it.

use super::frame::{Section, date, time};
use crate::world::World;

/// Seconds and text of each button.
const STEPS: [(&str, &str); 4] = [
    ("60", "+\u{a0}1\u{a0}min"),
    ("3600", "+\u{a0}1\u{a0}h"),
    ("86400", "+\u{a0}1\u{a0}j"),
    ("2678400", "+\u{a0}31\u{a0}j"),
];

/// What it shows, and how far it is from real time.
pub fn section(world: &World) -> Section {
    let now = world.clock.now();
    let steps: String = STEPS
        .iter()
        .map(|(seconds, text)| {
            format!("<button class=\"small\" name=\"advance_s\" value=\"{seconds}\">{text}</button>")
        })
        .collect();
    let minutes = world.clock.offset().num_minutes();
    let far = match minutes {
        0 => "à l’heure réelle".to_owned(),
        _ => format!("{} sur l’heure réelle", distance(minutes)),
    };
    let content = format!(
        "<p>{}, {} <span class=\"muted\">({far})</span></p>\
         <p class=\"muted\">Avancer fait expirer les sessions, reprendre les envois et vieillir les clés. \
         Les signatures et les liens de stockage suivent toujours l’heure réelle.</p>\
         <form class=\"inline\" method=\"post\" action=\"/_sandbox/page/clock\">{steps}\
         <button class=\"small\" name=\"advance_s\" value=\"0\">Heure réelle</button></form>\
         <form method=\"post\" action=\"/_sandbox/page/reset\"><button>Tout oublier</button></form>\
         <p class=\"muted\">« Tout oublier » efface sessions, courriels, objets stockés, pannes et appels.</p>",
        date(now),
        time(now)
    );
    Section { id: "horloge", title: "Horloge", count: None, content }
}

fn distance(minutes: i64) -> String {
    let side = if minutes > 0 { "en avance" } else { "en retard" };
    let minutes = minutes.abs();
    let text = match (minutes / 1_440, minutes % 1_440 / 60, minutes % 60) {
        (0, 0, minutes) => format!("{minutes}\u{a0}min"),
        (0, hours, 0) => format!("{hours}\u{a0}h"),
        (0, hours, minutes) => format!("{hours}\u{a0}h\u{a0}{minutes:02}"),
        (days, 0, _) => format!("{days}\u{a0}j"),
        (days, hours, _) => format!("{days}\u{a0}j {hours}\u{a0}h"),
    };
    format!("{text} {side}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_told_in_french() {
        assert_eq!(distance(60), "1\u{a0}h en avance");
        assert_eq!(distance(-1_500), "1\u{a0}j 1\u{a0}h en retard");
    }
}
