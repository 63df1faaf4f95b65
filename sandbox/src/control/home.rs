//! `GET /_sandbox`: what a person wants to see, newest first.

use axum::http::StatusCode;
use axum::response::Response;
use chrono::{DateTime, Utc};
use serde_json::json;

use crate::brevo::Mail;
use crate::call;
use crate::html::{escape, money, page};
use crate::stripe::session::Status;
use crate::webhooks::{self, Notice, Vendor};
use crate::world::World;

/// Lines shown of each kind.
const SHOWN: usize = 30;

pub fn answer(world: &World) -> Response {
    let parts = [outbox(world), sessions(world), events(world), calls(world), faults(world)].join("\n");
    let main = format!(
        "<main>\n<h1>Bac à sable de LObsTer</h1>\n<p>Doublures locales de Stripe, Anthropic, Brevo, ADEME et S3. \
         Heure du bac à sable\u{a0}: {}.</p>\n{parts}\n</main>",
        time(world.clock.now())
    );
    call::html(StatusCode::OK, page("Bac à sable", &main))
}

fn time(at: DateTime<Utc>) -> String {
    at.format("%d/%m/%Y %H:%M:%S UTC").to_string()
}

fn section(title: &str, count: usize, content: &str) -> String {
    let content = if count == 0 { "<p class=\"muted\">Rien pour l’instant.</p>" } else { content };
    format!("<section class=\"card\"><h2>{title} <span class=\"muted\">({count})</span></h2>{content}</section>")
}

fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let heads: String = heads.iter().map(|head| format!("<th scope=\"col\">{head}</th>")).collect();
    let rows: String = rows
        .iter()
        .map(|row| format!("<tr>{}</tr>", row.iter().map(|cell| format!("<td>{cell}</td>")).collect::<String>()))
        .collect();
    format!(
        "<div class=\"scroll\" tabindex=\"0\"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
}

fn outbox(world: &World) -> String {
    let store = world.brevo.lock();
    let mails: Vec<&Mail> = store.mails.iter().map(|(_, mail)| mail).collect();
    let shown: String = mails.iter().rev().take(SHOWN).map(|mail| letter(mail)).collect();
    section("Courriels reçus par Brevo", mails.len(), &shown)
}

fn letter(mail: &Mail) -> String {
    let to: Vec<&str> = mail.recipients().map(|person| person.email.as_str()).collect();
    let subject = mail.subject.clone().unwrap_or_else(|| match mail.template_id {
        Some(template) => format!("(modèle {template})"),
        None => "(sans objet)".into(),
    });
    let content = match (&mail.html_content, &mail.text_content) {
        // An empty `sandbox` lets the mail be seen and nothing in it run.
        (Some(html), _) => format!(
            "<iframe sandbox title=\"Aperçu du courriel\" style=\"width:100%;height:420px;border:1px solid #cfd8e6\" srcdoc=\"{}\"></iframe>",
            escape(html)
        ),
        (None, Some(text)) => format!("<pre>{}</pre>", escape(text)),
        (None, None) => format!("<pre>{}</pre>", escape(&format!("{:#}", mail.params))),
    };
    let text = match (&mail.html_content, &mail.text_content) {
        (Some(_), Some(text)) => {
            format!("<details><summary>Version texte</summary><pre>{}</pre></details>", escape(text))
        }
        _ => String::new(),
    };
    format!(
        "<details><summary>{} — <strong>{}</strong> — {}</summary><p class=\"muted\"><code>{}</code></p>{content}{text}</details>",
        time(mail.at),
        escape(&subject),
        escape(&to.join(", ")),
        escape(&mail.message_id)
    )
}

fn sessions(world: &World) -> String {
    let store = world.stripe.lock();
    let rows: Vec<Vec<String>> = store
        .sessions
        .iter()
        .rev()
        .take(SHOWN)
        .map(|(id, session)| {
            let state = match session.status {
                Status::Open => format!("<a href=\"/stripe/checkout/{0}\">ouverte</a>", escape(id)),
                Status::Complete => "payée".to_owned(),
                Status::Expired => "expirée".to_owned(),
            };
            let amount = money(session.total(), &session.currency);
            let reference = session.client_reference_id.as_deref().unwrap_or("—");
            vec![code(id), state, amount, code(reference)]
        })
        .collect();
    let count = store.sessions.iter().count();
    section("Sessions de paiement", count, &table(&["Session", "État", "Montant", "Référence"], &rows))
}

fn code(text: &str) -> String {
    format!("<code>{}</code>", escape(text))
}

fn events(world: &World) -> String {
    let mut notices: Vec<Notice> = world.webhooks.sent_by(Vendor::Stripe);
    notices.extend(world.webhooks.sent_by(Vendor::Brevo));
    notices.sort_by_key(|notice| std::cmp::Reverse(notice.created));
    let rows: Vec<Vec<String>> = notices
        .iter()
        .take(SHOWN)
        .map(|notice| {
            let last =
                notice.attempts.last().map_or_else(String::new, |attempt| match (attempt.status, &attempt.error) {
                    (Some(status), _) => format!("{status}"),
                    (None, Some(error)) if error == webhooks::DROPPED => "perdu exprès".to_owned(),
                    (None, Some(_)) => "injoignable".to_owned(),
                    (None, None) => String::new(),
                });
            let state = if notice.delivered { "livré" } else { "en attente" };
            vec![time(notice.created), code(&notice.kind), state.to_owned(), notice.attempts.len().to_string(), last]
        })
        .collect();
    section(
        "Événements envoyés",
        notices.len(),
        &table(&["Heure", "Événement", "État", "Essais", "Dernière réponse"], &rows),
    )
}

fn calls(world: &World) -> String {
    let calls = world.calls.lock();
    let all = calls.matching(None, None);
    let rows: Vec<Vec<String>> = all
        .iter()
        .rev()
        .take(SHOWN)
        .map(|call| {
            let status = call.status.map_or_else(|| "coupé".to_owned(), |status| status.to_string());
            let fault = call.fault.as_deref().map_or_else(|| "—".to_owned(), escape);
            vec![time(call.at), call.service.name().to_owned(), code(&call.operation), status, fault]
        })
        .collect();
    section("Appels reçus", all.len(), &table(&["Heure", "Service", "Opération", "Réponse", "Panne"], &rows))
}

fn faults(world: &World) -> String {
    let faults = world.faults.lock();
    let rows: Vec<Vec<String>> = faults
        .list()
        .iter()
        .map(|armed| {
            let times = armed.fault.times.map_or_else(|| "sans fin".to_owned(), |times| times.to_string());
            let effect = json!(armed.fault.effect).to_string();
            vec![
                armed.id.to_string(),
                armed.fault.service.name().to_owned(),
                code(&armed.fault.operation),
                times,
                code(&effect),
            ]
        })
        .collect();
    let content = table(&["N°", "Service", "Opération", "Fois", "Effet"], &rows);
    section("Pannes armées", faults.list().len(), &content)
}
