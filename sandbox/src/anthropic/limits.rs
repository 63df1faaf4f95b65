//! The rate limits of a minute, as the headers of every answer tell them. They are counted, never enforced: a 429 is
//! something that a test arms.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

const REQUESTS: u64 = 1_000;
const INPUT_TOKENS: u64 = 800_000;
const OUTPUT_TOKENS: u64 = 100_000;
const WINDOW_S: i64 = 60;

/// What was used since the window opened.
#[derive(Default)]
pub struct Window {
    opened: DateTime<Utc>,
    requests: u64,
    input: u64,
    output: u64,
}

impl Window {
    /// Counts a call.
    pub fn request(&mut self, now: DateTime<Utc>) {
        // A clock that was set back closes the window too.
        if !(0..WINDOW_S).contains(&(now - self.opened).num_seconds()) {
            *self = Self { opened: now, ..Self::default() };
        }
        self.requests += 1;
    }

    /// Counts the tokens of an answer; what came from the cache does not count.
    pub fn tokens(&mut self, input: u64, output: u64) {
        self.input += input;
        self.output += output;
    }

    /// Names and values of the headers.
    pub fn headers(&self) -> Vec<(String, String)> {
        let reset = (self.opened + TimeDelta::seconds(WINDOW_S)).to_rfc3339_opts(SecondsFormat::Secs, true);
        let kinds = [
            ("requests", REQUESTS, self.requests),
            ("tokens", INPUT_TOKENS + OUTPUT_TOKENS, self.input + self.output),
            ("input-tokens", INPUT_TOKENS, self.input),
            ("output-tokens", OUTPUT_TOKENS, self.output),
        ];
        let named = |kind: &str, what: &str| format!("anthropic-ratelimit-{kind}-{what}");
        kinds
            .into_iter()
            .flat_map(|(kind, limit, used)| {
                [
                    (named(kind, "limit"), limit.to_string()),
                    (named(kind, "remaining"), limit.saturating_sub(used).to_string()),
                    (named(kind, "reset"), reset.clone()),
                ]
            })
            .collect()
    }
}
