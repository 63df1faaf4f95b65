//! Whom a mail is from and to.

use serde_json::Value;

use super::Store;
use super::mail::Person;
use super::refusal::Refusal;

const RECIPIENTS_MOST: usize = 99;
const NAME_LONGEST: usize = 70;

/// The sender, when the body names one.
pub fn sender(value: &Value) -> Result<Option<Sender>, Refusal> {
    if value.is_null() {
        return Ok(None);
    }
    if let Some(id) = value["id"].as_u64() {
        return Ok(Some(Sender::Id(id)));
    }
    person(value, "sender").map(|sender| Some(Sender::Person(sender)))
}

/// A sender as it is written.
pub enum Sender {
    Person(Person),
    /// Number of a sender of the account.
    Id(u64),
}

/// The sender as a person whom the account may write as.
pub fn verified(store: &Store, sender: Sender) -> Result<Option<Person>, Refusal> {
    let Some(list) = &store.verified else {
        return Ok(match sender {
            Sender::Person(person) => Some(person),
            Sender::Id(_) => None,
        });
    };
    match sender {
        Sender::Id(id) => {
            let at = usize::try_from(id).ok().and_then(|id| id.checked_sub(1));
            let known = at.and_then(|at| list.get(at)).filter(|address| !address.starts_with('@'));
            let email = known.ok_or_else(|| Refusal::invalid(format!("sender id {id} is not valid")))?.clone();
            Ok(Some(Person { email, name: None }))
        }
        Sender::Person(person) => {
            let email = person.email.to_lowercase();
            let known = |address: &String| {
                let address = address.to_lowercase();
                email == address || (address.starts_with('@') && email.ends_with(&address))
            };
            if list.iter().any(known) {
                return Ok(Some(person));
            }
            Err(Refusal::invalid(format!(
                "Sending has been rejected because the sender you used {} is not valid. Validate your sender or \
                 authenticate your domain",
                person.email
            )))
        }
    }
}

/// The people of `to`, `cc` or `bcc`.
pub fn people(list: &Value, field: &str) -> Result<Vec<Person>, Refusal> {
    let list = match list {
        Value::Null => return Ok(Vec::new()),
        Value::Array(list) if list.is_empty() => return Err(Refusal::missing(format!("{field} is empty"))),
        Value::Array(list) => list,
        _ => return Err(Refusal::invalid(format!("{field} should be an array"))),
    };
    if list.len() > RECIPIENTS_MOST {
        return Err(Refusal::out_of_range(format!("{field} should not have more than {RECIPIENTS_MOST} recipients")));
    }
    list.iter().map(|value| person(value, field)).collect()
}

/// One person.
pub fn person(value: &Value, field: &str) -> Result<Person, Refusal> {
    let email = value["email"].as_str().ok_or_else(|| Refusal::missing(format!("email is missing in {field}")))?;
    let well_formed = email.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    });
    if !well_formed || email.contains(char::is_whitespace) || email.matches('@').count() != 1 {
        return Err(Refusal::invalid(format!("email is not valid in {field}")));
    }
    let name = match &value["name"] {
        Value::Null => None,
        Value::String(name) => Some(name.clone()),
        _ => return Err(Refusal::invalid(format!("name is not valid in {field}"))),
    };
    if name.as_ref().is_some_and(|name| name.chars().count() > NAME_LONGEST) {
        return Err(Refusal::out_of_range(format!("name should not exceed {NAME_LONGEST} characters in {field}")));
    }
    Ok(Person { email: email.to_owned(), name })
}
