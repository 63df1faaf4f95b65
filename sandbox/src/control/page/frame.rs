//! The frame of the page, and what its sections are written with.

use chrono::{DateTime, Datelike, Timelike, Utc};

use crate::html::{STYLE, escape};
use crate::world::World;

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// A section: its anchor, its title, how many things it is about, its HTML.
pub struct Section {
    pub id: &'static str,
    pub title: &'static str,
    pub count: Option<usize>,
    pub content: String,
}

impl Section {
    fn to_html(&self) -> String {
        let count = self.count.map_or_else(String::new, |count| format!(" <span class=\"count\">{count}</span>"));
        format!(
            "<section class=\"card\" id=\"{0}\" aria-labelledby=\"{0}-titre\"><h2 id=\"{0}-titre\">{1}{count}</h2>{2}</section>",
            self.id, self.title, self.content
        )
    }

    fn to_link(&self) -> String {
        let count = self.count.map_or_else(String::new, |count| format!(" <span class=\"count\">{count}</span>"));
        format!("<li><a href=\"#{}\">{}{count}</a></li>", self.id, self.title)
    }
}

/// The style sheet.
pub fn style() -> String {
    format!("{STYLE}\n{}", include_str!("page.css"))
}

/// The whole page.
pub fn page(world: &World, alert: Option<&str>, done: Option<&str>, sections: &[Section], aside: &[Section]) -> String {
    let links: String = sections.iter().chain(aside).map(Section::to_link).collect();
    let write = |sections: &[Section]| sections.iter().map(Section::to_html).collect::<String>();
    let alert =
        alert.map_or_else(String::new, |text| format!("<p class=\"alert\" role=\"alert\">{}</p>", escape(text)));
    let done = done.map_or_else(String::new, |text| format!("<p class=\"done\" role=\"status\">{text}</p>"));
    let now = world.clock.now();
    format!(
        r##"<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Bac à sable de LObsTer</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/_sandbox/page.css">
</head>
<body>
<a class="skip" href="#contenu">Aller au contenu</a>
<header class="top">
<div class="wide">
<div><h1>Bac à sable de LObsTer</h1>
<p>Doublures locales de Stripe, Anthropic, Brevo, ADEME et S3. Aucun paiement réel, aucun courriel envoyé.</p></div>
<p class="now"><span>Heure du bac à sable</span> <strong>{time}</strong> <span>{date} (UTC) · <a href="/_sandbox">Actualiser</a></span></p>
</div>
</header>
<nav class="sections" aria-label="Sections"><ul class="wide">{links}</ul></nav>
<main id="contenu" class="wide board">
<div>{alert}{done}{main}</div>
<div>{aside}</div>
</main>
</body>
</html>
"##,
        time = clock_time(now),
        date = date(now),
        main = write(sections),
        aside = write(aside),
    )
}

/// `14 h 05`.
fn clock_time(at: DateTime<Utc>) -> String {
    format!("{}\u{a0}h\u{a0}{:02}", at.hour(), at.minute())
}

/// `22 novembre 2026`.
pub fn date(at: DateTime<Utc>) -> String {
    let day = if at.day() == 1 { "1er".to_owned() } else { at.day().to_string() };
    let month = usize::try_from(at.month0()).ok().and_then(|month| MONTHS.get(month)).copied().unwrap_or_default();
    format!("{day}\u{a0}{month} {}", at.year())
}

/// A time with its seconds; the day is in its `datetime` and its title.
pub fn time(at: DateTime<Utc>) -> String {
    format!(
        "<time datetime=\"{}\" title=\"{}\">{}\u{a0}min\u{a0}{:02}\u{a0}s</time>",
        at.format("%Y-%m-%dT%H:%M:%SZ"),
        date(at),
        clock_time(at),
        at.second()
    )
}

/// Data shown as written.
pub fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

/// What a section without content says.
pub fn nothing(sentence: &str) -> String {
    format!("<p class=\"muted\">{sentence}</p>")
}

/// A table that scrolls by itself on a small screen; cells are HTML.
pub fn table(title: &str, heads: &[&str], rows: &[Vec<String>]) -> String {
    let heads: String = heads.iter().map(|head| format!("<th scope=\"col\">{head}</th>")).collect();
    let row = |cells: &Vec<String>| {
        format!("<tr>{}</tr>", cells.iter().map(|cell| format!("<td>{cell}</td>")).collect::<String>())
    };
    format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{title}\"><table><thead><tr>{heads}</tr></thead><tbody>{}</tbody></table></div>",
        rows.iter().map(row).collect::<String>()
    )
}

/// A form with one button that does one thing; `fields` are hidden, `label` names it to those who cannot see around it.
pub fn button(action: &str, fields: &[(&str, &str)], text: &str, label: &str) -> String {
    let fields: String = fields
        .iter()
        .map(|(name, value)| format!("<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escape(value)))
        .collect();
    let label = if label.is_empty() { String::new() } else { format!(" aria-label=\"{}\"", escape(label)) };
    format!(
        "<form method=\"post\" action=\"/_sandbox/page/{action}\">{fields}<button class=\"small\"{label}>{text}</button></form>"
    )
}

/// Said when a list is longer than shown.
pub fn more(count: usize, shown: usize, all: &str) -> String {
    if count <= shown {
        return String::new();
    }
    format!(
        "<p class=\"muted\">Les {shown} plus récents sur {count}\u{a0}; tous\u{a0}: <a href=\"{all}\"><code>{all}</code></a>.</p>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_french() {
        let at: DateTime<Utc> = "2026-03-01T14:05:09Z".parse().unwrap();
        assert_eq!(date(at), "1er\u{a0}mars 2026");
        assert!(time(at).contains(">14\u{a0}h\u{a0}05\u{a0}min\u{a0}09\u{a0}s<"));
    }
}
