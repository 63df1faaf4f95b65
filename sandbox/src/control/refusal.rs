//! How a control call is refused: a sentence, and where it helps the field, its value and the remedy.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value, json};

use crate::call;

/// A refused control call.
pub struct Refusal {
    status: StatusCode,
    sentence: String,
    details: Map<String, Value>,
}

/// A refusal that only a sentence explains.
pub fn refuse(status: StatusCode, sentence: impl Into<String>) -> Refusal {
    Refusal { status, sentence: sentence.into(), details: Map::new() }
}

/// 404: nothing of this id is here.
pub fn unknown(what: &str, id: &str) -> Refusal {
    refuse(StatusCode::NOT_FOUND, format!("no {what} {id} in this sandbox")).field(what, id)
}

impl Refusal {
    /// Names the field at fault and what it held.
    pub fn field(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.insert("field".into(), json!(name));
        self.details.insert("value".into(), value.into());
        self
    }

    /// Says what to do instead.
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.details.insert("remedy".into(), Value::String(remedy.into()));
        self
    }

    /// What it says.
    pub fn sentence(&self) -> &str {
        &self.sentence
    }

    /// `{"error": sentence, "field"?, "value"?, "remedy"?}`.
    pub fn into_response(self) -> Response {
        let mut body = Map::from_iter([("error".to_owned(), Value::String(self.sentence))]);
        body.extend(self.details);
        call::json(self.status, &Value::Object(body))
    }
}
