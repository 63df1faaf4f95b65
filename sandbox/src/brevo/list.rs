//! `GET /v3/smtp/emails`: the mails that were sent, one line for each recipient.

use axum::http::StatusCode;
use axum::response::Response;
use chrono::{NaiveDate, SecondsFormat};
use serde_json::{Value, json};

use super::mail::{Mail, Person};
use super::refusal::Refusal;
use crate::call::{self, Ask, Call};

const PAGE: usize = 500;
const PAGE_MOST: usize = 1_000;
const DAYS_MOST: i64 = 31;

/// What is looked for.
struct Wanted<'a> {
    email: Option<&'a str>,
    message_id: Option<&'a str>,
    template_id: Option<u64>,
    days: Option<(NaiveDate, NaiveDate)>,
}

/// Lists the mails that match, newest first.
pub fn list(ask: &Ask<'_>) -> Result<Response, Refusal> {
    let call = ask.call;
    let wanted = Wanted::read(call)?;
    let limit = number(call, "limit", PAGE)?;
    if limit > PAGE_MOST {
        return Err(Refusal::out_of_range(format!("limit should not exceed {PAGE_MOST}")));
    }
    let offset = number(call, "offset", 0)?;
    let store = ask.world.brevo.lock();
    let mut lines: Vec<Value> = store
        .mails
        .iter()
        .map(|(_, mail)| mail)
        .filter(|mail| wanted.mail(mail))
        .flat_map(|mail| mail.recipients().enumerate().map(move |(index, person)| (mail, index, person)))
        .filter(|(_, _, person)| wanted.email.is_none_or(|email| person.email == email))
        .map(|(mail, index, person)| line(mail, index, person))
        .collect();
    match call.param("sort") {
        None | Some("desc") => lines.reverse(),
        Some("asc") => {}
        Some(_) => return Err(Refusal::invalid("sort should be asc or desc")),
    }
    let count = lines.len();
    let page: Vec<Value> = lines.into_iter().skip(offset).take(limit).collect();
    Ok(call::json(StatusCode::OK, &json!({ "count": count, "transactionalEmails": page })))
}

impl<'a> Wanted<'a> {
    fn read(call: &'a Call) -> Result<Self, Refusal> {
        let template_id = match call.param("templateId").map(str::parse) {
            None => None,
            Some(Ok(id)) => Some(id),
            Some(Err(_)) => return Err(Refusal::invalid("templateId is not valid")),
        };
        let (email, message_id) = (call.param("email"), call.param("messageId"));
        if email.is_none() && message_id.is_none() && template_id.is_none() {
            return Err(Refusal::missing("One of email, templateId or messageId is required"));
        }
        let day = |name: &str| {
            let parsed = call.param(name).map(str::parse::<NaiveDate>);
            parsed.transpose().map_err(|_| Refusal::invalid(format!("{name} should be YYYY-MM-DD")))
        };
        let days = match (day("startDate")?, day("endDate")?) {
            (None, None) => None,
            (Some(from), Some(to)) if from <= to && (to - from).num_days() <= DAYS_MOST => Some((from, to)),
            (Some(_), Some(_)) => return Err(Refusal::out_of_range("startDate and endDate span at most one month")),
            _ => return Err(Refusal::missing("startDate and endDate are required together")),
        };
        Ok(Self { email, message_id, template_id, days })
    }

    fn mail(&self, mail: &Mail) -> bool {
        let day = mail.at.date_naive();
        self.message_id.is_none_or(|id| id == mail.message_id)
            && self.template_id.is_none_or(|id| mail.template_id == Some(id))
            && self.days.is_none_or(|(from, to)| (from..=to).contains(&day))
    }
}

fn number(call: &Call, name: &str, usual: usize) -> Result<usize, Refusal> {
    let parsed = call.param(name).map(str::parse).transpose();
    parsed.map(|given| given.unwrap_or(usual)).map_err(|_| Refusal::invalid(format!("{name} is not valid")))
}

fn line(mail: &Mail, index: usize, person: &Person) -> Value {
    let mut line = json!({
        "email": person.email, "subject": mail.subject, "messageId": mail.message_id,
        "uuid": uuid::Uuid::from_u64_pair(mail.number, index as u64),
        "date": mail.at.to_rfc3339_opts(SecondsFormat::Millis, true),
        "from": mail.sender.as_ref().map(|sender| &sender.email), "tags": mail.tags,
    });
    if let Some(template) = mail.template_id {
        line["templateId"] = json!(template);
    }
    line
}
