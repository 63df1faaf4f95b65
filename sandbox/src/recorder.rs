//! What the doubles received: the tests' evidence of which calls the product made.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::call::{Call, Service};

/// Older calls are forgotten beyond this number, so that a long load run keeps its memory.
const KEPT: usize = 5_000;
/// A body longer than this is recorded as its length.
const BODY_KEPT: usize = 256 * 1024;
const SECRET_HEADERS: [&str; 5] = ["authorization", "x-api-key", "api-key", "cookie", "x-amz-security-token"];

/// One call, as `GET /_sandbox/requests` shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Recorded {
    pub at: DateTime<Utc>,
    pub service: Service,
    pub operation: String,
    pub method: String,
    pub path: String,
    pub headers: Map<String, Value>,
    pub body: Value,
    /// HTTP status answered; absent when the connection was cut.
    pub status: Option<u16>,
    /// Kind of the fault applied.
    pub fault: Option<String>,
}

impl Recorded {
    /// Reads `call`; secrets in headers are masked here, once.
    pub fn of(call: &Call, at: DateTime<Utc>) -> Self {
        let headers = call.headers.iter().map(|(name, value)| {
            let shown = if SECRET_HEADERS.contains(&name.as_str()) {
                "***".to_owned()
            } else {
                String::from_utf8_lossy(value.as_bytes()).into_owned()
            };
            (name.as_str().to_owned(), Value::String(shown))
        });
        Self {
            at,
            service: call.service,
            operation: call.operation.to_owned(),
            method: call.method.to_string(),
            path: call.target.clone(),
            headers: headers.collect(),
            body: body(call),
            status: None,
            fault: None,
        }
    }
}

/// The calls, oldest first.
#[derive(Default)]
pub struct Recorder {
    calls: VecDeque<Recorded>,
}

impl Recorder {
    pub fn add(&mut self, call: Recorded) {
        if self.calls.len() == KEPT {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
    }

    /// Calls of one service or operation, oldest first.
    pub fn matching(&self, service: Option<&str>, operation: Option<&str>) -> Vec<&Recorded> {
        self.calls
            .iter()
            .filter(|call| service.is_none_or(|wanted| call.service.name() == wanted))
            .filter(|call| operation.is_none_or(|wanted| call.operation == wanted))
            .collect()
    }
}

fn body(call: &Call) -> Value {
    if call.body.is_empty() {
        return Value::Null;
    }
    if call.body.len() > BODY_KEPT {
        return json!({ "bytes": call.body.len() });
    }
    if let Ok(value) = serde_json::from_slice(&call.body) {
        return value;
    }
    let text = String::from_utf8_lossy(&call.body).into_owned();
    if call.service == Service::Stripe {
        let fields = call.form().into_iter().map(|(name, value)| (name, Value::String(value)));
        return Value::Object(fields.collect());
    }
    Value::String(text)
}
