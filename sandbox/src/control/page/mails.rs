//! The outbox, with its mails as their readers see them.

use axum::http::StatusCode;
use axum::response::Response;

use super::SHOWN;
use super::frame::{Section, code, more, nothing, time};
use crate::brevo::Mail;
use crate::call;
use crate::html::escape;
use crate::world::World;

/// A mail may show its own style and embedded images, and nothing of it runs; its links open beside.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'self'; \
                      sandbox allow-popups allow-popups-to-escape-sandbox; frame-ancestors 'self'";

/// Newest first.
pub fn section(world: &World) -> Section {
    let store = world.brevo.lock();
    let mails: Vec<&Mail> = store.mails.iter().map(|(_, mail)| mail).collect();
    let list: String = mails.iter().rev().take(SHOWN).map(|mail| letter(mail)).collect();
    let content = if mails.is_empty() {
        nothing("Aucun courriel pour l’instant\u{a0}: il en part un quand un rapport est livré.")
    } else {
        format!("{list}{}", more(mails.len(), SHOWN, "/_sandbox/brevo/outbox"))
    };
    Section { id: "courriels", title: "Courriels", count: Some(mails.len()), content }
}

fn subject(mail: &Mail) -> String {
    mail.subject.clone().unwrap_or_else(|| match mail.template_id {
        Some(template) => format!("(modèle {template})"),
        None => "(sans objet)".into(),
    })
}

fn letter(mail: &Mail) -> String {
    let to: Vec<&str> = mail.recipients().map(|person| person.email.as_str()).collect();
    let mut parts = String::new();
    if mail.html_content.is_some() {
        parts.push_str(&format!(
            "<iframe loading=\"lazy\" title=\"Courriel « {} »\" src=\"/_sandbox/mails/{}\"></iframe>",
            escape(&subject(mail)),
            mail.number
        ));
    }
    match &mail.text_content {
        Some(text) if mail.html_content.is_some() => {
            parts.push_str(&format!("<details><summary>Version texte</summary><pre>{}</pre></details>", escape(text)));
        }
        Some(text) => parts.push_str(&format!("<pre>{}</pre>", escape(text))),
        None if mail.html_content.is_none() => {
            parts.push_str(&format!("<pre>{}</pre>", escape(&format!("{:#}", mail.params))));
        }
        None => {}
    }
    format!(
        "<details class=\"letter\"><summary>{} <strong>{}</strong> <span class=\"muted\">à {}</span></summary>\
         <p class=\"muted\">{}</p>{parts}</details>",
        time(mail.at),
        escape(&subject(mail)),
        escape(&to.join(", ")),
        code(&mail.message_id)
    )
}

/// The HTML of a mail alone, for its frame. `None` when there is no such mail.
pub fn preview(world: &World, number: &str) -> Option<Response> {
    let number: u64 = number.parse().ok()?;
    let html = {
        let store = world.brevo.lock();
        store.mails.iter().find(|(_, mail)| mail.number == number).and_then(|(_, mail)| mail.html_content.clone())?
    };
    let mut response = call::html(StatusCode::OK, format!("<base target=\"_blank\">{html}"));
    call::set_header(&mut response, "content-security-policy", POLICY);
    Some(response)
}
