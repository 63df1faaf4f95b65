//! Puts a streamed message together. A stream that does not end properly is no message.

use serde::Deserialize;
use serde_json::Value;

use super::answer::{Block, Message, Usage};

/// Why a stream gave no message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// It ended before `message_stop`.
    Cut,
    /// The vendor reported an error in the middle, e.g. `overloaded_error`.
    Error(String),
    /// Something in it is not understood.
    Unreadable(String),
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Event {
    MessageStart {
        message: Message,
    },
    ContentBlockStart {
        index: usize,
        content_block: Value,
    },
    ContentBlockDelta {
        index: usize,
        delta: Value,
    },
    MessageDelta {
        delta: Value,
        #[serde(default)]
        usage: Value,
    },
    MessageStop,
    Error {
        error: Value,
    },
    #[serde(other)]
    Other,
}

/// Reads a body of server-sent events.
pub(super) fn read(body: &[u8]) -> Result<Message, Broken> {
    let mut message = None;
    for data in String::from_utf8_lossy(body).lines().filter_map(|line| line.strip_prefix("data:")) {
        let event = serde_json::from_str(data.trim()).map_err(|error| Broken::Unreadable(error.to_string()))?;
        match (event, &mut message) {
            (Event::MessageStart { message: start }, None) => message = Some(start),
            (Event::Error { error }, _) => {
                return Err(Broken::Error(error["type"].as_str().unwrap_or("error").to_owned()));
            }
            (Event::MessageStop, Some(_)) => return message.ok_or(Broken::Cut),
            (event, Some(message)) => apply(message, event),
            // Before the message starts there is nothing to add to.
            (_, None) => {}
        }
    }
    Err(Broken::Cut)
}

fn apply(message: &mut Message, event: Event) {
    match event {
        Event::ContentBlockStart { index, content_block } => {
            let kind = content_block["type"].as_str().unwrap_or_default().to_owned();
            let text = content_block["text"].as_str().unwrap_or_default().to_owned();
            // Blocks come in order; a gap would be a vendor's mistake, and its blocks would not be text of ours.
            message.content.resize_with(message.content.len().max(index.min(64) + 1), Block::default);
            if let Some(block) = message.content.get_mut(index) {
                *block = Block { kind, text, input: Value::Null };
            }
        }
        Event::ContentBlockDelta { index, delta } => {
            let piece = delta["text"].as_str().or_else(|| delta["partial_json"].as_str());
            if let (Some(block), Some(piece)) = (message.content.get_mut(index), piece) {
                block.text.push_str(piece);
            }
        }
        Event::MessageDelta { delta, usage } => {
            message.stop_reason = delta["stop_reason"].as_str().map(str::to_owned).or(message.stop_reason.take());
            update(&mut message.usage, &usage);
        }
        Event::MessageStart { .. } | Event::MessageStop | Event::Error { .. } | Event::Other => {}
    }
}

/// The counts of the end are cumulative and replace those of the start, where given.
fn update(usage: &mut Usage, latest: &Value) {
    for (field, value) in [
        ("input_tokens", &mut usage.input_tokens),
        ("output_tokens", &mut usage.output_tokens),
        ("cache_creation_input_tokens", &mut usage.cache_creation_input_tokens),
        ("cache_read_input_tokens", &mut usage.cache_read_input_tokens),
    ] {
        *value = latest[field].as_u64().unwrap_or(*value);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const START: &str = r#"event: message_start
data: {"type": "message_start", "message": {"model": "m", "content": [], "stop_reason": null, "usage": {"input_tokens": 40, "output_tokens": 1}}}

event: ping
data: {"type": "ping"}

event: content_block_start
data: {"type": "content_block_start", "index": 0, "content_block": {"type": "thinking", "thinking": ""}}

event: content_block_start
data: {"type": "content_block_start", "index": 1, "content_block": {"type": "text", "text": ""}}

event: content_block_delta
data: {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "{\"titre\": \"Vi"}}

event: brand_new_event
data: {"type": "brand_new_event", "whatever": 1}

event: content_block_delta
data: {"type": "content_block_delta", "index": 1, "delta": {"type": "text_delta", "text": "lle\"}"}}

"#;
    const END: &str = r#"event: message_delta
data: {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 21}}

event: message_stop
data: {"type": "message_stop"}

"#;

    #[test]
    fn pieces_become_the_message() {
        let message = read(format!("{START}{END}").as_bytes()).unwrap();
        assert_eq!(message.text(), "{\"titre\": \"Ville\"}");
        assert_eq!(message.stop_reason.as_deref(), Some("end_turn"));
        assert_eq!((message.usage.input_tokens, message.usage.output_tokens), (40, 21));
    }

    #[test]
    fn a_stream_without_its_end_is_no_message() {
        assert_eq!(read(START.as_bytes()), Err(Broken::Cut));
        assert_eq!(read(b""), Err(Broken::Cut));
        assert_eq!(read(END.as_bytes()), Err(Broken::Cut));
    }

    #[test]
    fn an_error_in_the_middle_wins() {
        let error = "data: {\"type\": \"error\", \"error\": {\"type\": \"overloaded_error\"}}\n\n";
        let broken = read(format!("{START}{error}{END}").as_bytes());
        assert_eq!(broken, Err(Broken::Error("overloaded_error".into())));
    }

    #[test]
    fn pieces_of_a_tools_input_become_its_json() {
        let stream = r#"data: {"type": "message_start", "message": {"model": "m"}}
data: {"type": "content_block_start", "index": 0, "content_block": {"type": "tool_use", "name": "t", "input": {}}}
data: {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": "{\"titre\":"}}
data: {"type": "content_block_delta", "index": 0, "delta": {"type": "input_json_delta", "partial_json": "\"Ville\"}"}}
data: {"type": "message_delta", "delta": {"stop_reason": "tool_use"}}
data: {"type": "message_stop"}
"#;
        assert_eq!(read(stream.as_bytes()).unwrap().text(), "{\"titre\":\"Ville\"}");
    }

    #[test]
    fn a_stream_cut_at_any_byte_is_never_taken_for_the_whole() {
        let whole = format!("{START}{END}");
        let end = whole.trim_end().len();
        let message = read(whole.as_bytes()).unwrap();
        for length in 0..whole.len() {
            match read(&whole.as_bytes()[..length]) {
                Ok(read) => assert!(length >= end && read == message, "half an answer at byte {length}"),
                Err(_) => assert!(length < end, "the whole is refused at byte {length}"),
            }
        }
    }

    proptest! {
        #[test]
        fn bytes_that_are_no_stream_are_no_message(noise in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(read(&noise).is_err());
        }

        #[test]
        fn noise_within_a_stream_never_makes_us_fall(at in 0..START.len(), noise in prop::collection::vec(any::<u8>(), 1..40)) {
            let mut bytes = format!("{START}{END}").into_bytes();
            bytes.splice(at..at, noise);
            let _ = read(&bytes);
        }

        #[test]
        fn figures_beyond_reason_never_make_us_fall(index in any::<usize>(), tokens in any::<u64>()) {
            let stream = format!(
                "data: {{\"type\":\"message_start\",\"message\":{{\"model\":\"m\",\"usage\":{{\"input_tokens\":{tokens},\
                 \"cache_read_input_tokens\":{tokens}}}}}}}\ndata: {{\"type\":\"content_block_start\",\"index\":{index},\
                 \"content_block\":{{\"type\":\"text\",\"text\":\"x\"}}}}\ndata: {{\"type\":\"message_stop\"}}\n"
            );
            prop_assert!(read(stream.as_bytes()).unwrap().usage.all_input() >= tokens);
        }
    }
}
