//! Templates, and how `{{ params.x }}` becomes what it stands for.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::mail::Person;
use crate::html::escape;

/// A template of the account.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Template {
    #[serde(default)]
    pub name: String,
    pub subject: String,
    pub html_content: String,
    pub sender: Option<Person>,
    /// An inactive template sends nothing.
    #[serde(default = "active")]
    pub is_active: bool,
}

fn active() -> bool {
    true
}

impl Template {
    /// Refuses what only Brevo's own template language renders.
    ///
    /// # Errors
    /// The piece that is not doubled.
    pub fn check(&self) -> Result<(), String> {
        for text in [&self.subject, &self.html_content] {
            if text.contains("{%") {
                return Err("{% … %}".into());
            }
            if let Some(filter) = expressions(text).find(|expression| expression.contains('|')) {
                return Err(format!("{{{{{filter}}}}}"));
            }
        }
        Ok(())
    }
}

/// How a value is put into a text.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Plain,
    Html,
}

/// What stands between each `{{` and `}}`.
fn expressions(text: &str) -> impl Iterator<Item = &str> {
    text.split("{{").skip(1).filter_map(|rest| rest.split_once("}}").map(|(expression, _)| expression))
}

/// Puts the parameters in; what has no value leaves nothing.
pub fn render(text: &str, params: &Value, kind: Kind) -> String {
    let mut rendered = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((expression, tail)) = after.split_once("}}") else { break };
        rendered.push_str(before);
        let value = value(expression.trim(), params);
        rendered.push_str(&if kind == Kind::Html { escape(&value) } else { value });
        rest = tail;
    }
    rendered + rest
}

fn value(expression: &str, params: &Value) -> String {
    let Some(path) = expression.strip_prefix("params.") else { return String::new() };
    match path.split('.').fold(params, |value, name| &value[name]) {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn parameters_are_put_in_and_made_safe_in_html() {
        let params = json!({ "commune": "L’Haÿ & co", "rapport": { "pages": 6 } });
        let text = "{{ params.commune }} : {{params.rapport.pages}} pages{{ params.rien }}";
        assert_eq!(render(text, &params, Kind::Plain), "L’Haÿ & co : 6 pages");
        assert_eq!(render(text, &params, Kind::Html), "L’Haÿ &amp; co : 6 pages");
        assert_eq!(render("{{ contact.NOM }}{{ ouvert", &params, Kind::Plain), "{{ ouvert");
    }

    #[test]
    fn what_is_not_rendered_is_not_pretended() {
        let template = |html: &str| Template {
            name: String::new(),
            subject: "Objet".into(),
            html_content: html.into(),
            sender: None,
            is_active: true,
        };
        assert!(template("{{ params.x }}").check().is_ok());
        assert!(template("{% if params.x %}").check().is_err());
        assert!(template("{{ params.x | upper }}").check().unwrap_err().contains("upper"));
    }
}
