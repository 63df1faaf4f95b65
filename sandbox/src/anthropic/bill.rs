//! What was billed: the evidence that no answer is paid for twice.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use super::message::Message;

/// Older lines are forgotten beyond this number, so that a long load run keeps its memory.
const KEPT: usize = 5_000;

/// One answer that the vendor would charge for.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub at: DateTime<Utc>,
    pub id: String,
    pub model: String,
    /// `metadata.user_id` of the request.
    pub user_id: Option<String>,
    pub stop_reason: &'static str,
    pub usage: Value,
}

/// The lines, oldest first.
#[derive(Default)]
pub struct Bill(VecDeque<Line>);

impl Bill {
    /// Adds an answer, given or not: the work was done.
    pub fn add(&mut self, at: DateTime<Utc>, message: &Message, user: Option<&str>) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back(Line {
            at,
            id: message.id.clone(),
            model: message.model.clone(),
            user_id: user.map(str::to_owned),
            stop_reason: message.stop_reason,
            usage: message.usage.to_json(),
        });
    }

    /// All lines, oldest first.
    pub fn lines(&self) -> Vec<&Line> {
        self.0.iter().collect()
    }
}
