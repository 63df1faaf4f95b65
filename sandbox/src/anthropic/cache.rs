//! Tokens, and the prompt cache as `usage` tells it: exact prefixes in the order tools, system, messages, each kept for
//! five minutes or an hour of sandbox time since it was last read.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::error::Refusal;
use super::message::Usage;
use super::prompt::digest;

/// Characters per token, roughly.
const CHARS_PER_TOKEN: usize = 4;
/// Prefixes shorter than this are silently not cached.
const LEAST_TOKENS: u64 = 1_024;
const MARKS_MOST: usize = 4;

/// How long a prefix is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Life {
    Minutes5,
    Hour,
}

impl Life {
    fn lasts(self) -> TimeDelta {
        match self {
            Self::Minutes5 => TimeDelta::minutes(5),
            Self::Hour => TimeDelta::hours(1),
        }
    }
}

/// The prefixes that are kept, by digest.
#[derive(Default)]
pub struct Cache {
    kept: BTreeMap<u64, (DateTime<Utc>, Life)>,
}

/// A piece of the prompt and the mark on it.
struct Piece<'a> {
    at: String,
    value: &'a Value,
    mark: Option<&'a Value>,
}

/// Where a piece ends.
struct Edge {
    digest: u64,
    tokens: u64,
    mark: Option<Life>,
}

/// Number of tokens of a text.
pub fn of_text(text: &str) -> u64 {
    text.chars().count().div_ceil(CHARS_PER_TOKEN) as u64
}

/// Characters that make `tokens` tokens.
pub fn chars(tokens: u64) -> usize {
    usize::try_from(tokens).unwrap_or(usize::MAX).saturating_mul(CHARS_PER_TOKEN)
}

/// Number of tokens of a whole prompt.
pub fn tokens(body: &Value) -> u64 {
    edges(body).last().map_or(0, |edge| edge.tokens)
}

/// Checks the marks: their form, their number, and that short lives come after long ones.
pub fn check(body: &Value) -> Result<(), Refusal> {
    let pieces = pieces(body);
    let mut marks: Vec<(String, &Value)> =
        pieces.iter().filter_map(|piece| Some((format!("{}.cache_control", piece.at), piece.mark?))).collect();
    marks.extend(given(body.get("cache_control")).map(|mark| ("cache_control".to_owned(), mark)));
    if marks.len() > MARKS_MOST {
        return Err(Refusal::invalid(format!(
            "{}: A maximum of {MARKS_MOST} blocks with cache_control may be provided. Found {}.",
            marks[MARKS_MOST].0,
            marks.len()
        )));
    }
    let mut shortest = Life::Hour;
    for (at, mark) in marks {
        let life = life(mark, &at)?;
        if life > shortest {
            return Err(Refusal::invalid(format!("{at}.ttl: a ttl='1h' block must not come after a ttl='5m' block")));
        }
        shortest = life;
    }
    Ok(())
}

fn given(mark: Option<&Value>) -> Option<&Value> {
    mark.filter(|mark| !mark.is_null())
}

fn life(mark: &Value, at: &str) -> Result<Life, Refusal> {
    if mark["type"] != "ephemeral" {
        return Err(Refusal::invalid(format!("{at}.type: must be \"ephemeral\"")));
    }
    match mark.get("ttl").map(Value::as_str) {
        None | Some(Some("5m")) => Ok(Life::Minutes5),
        Some(Some("1h")) => Ok(Life::Hour),
        Some(_) => Err(Refusal::invalid(format!("{at}.ttl: must be \"5m\" or \"1h\""))),
    }
}

/// The prompt in the order it is cached.
fn pieces(body: &Value) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    spread(&mut pieces, "tools", &body["tools"]);
    spread(&mut pieces, "system", &body["system"]);
    for (index, message) in body["messages"].as_array().into_iter().flatten().enumerate() {
        spread(&mut pieces, &format!("messages.{index}.content"), &message["content"]);
    }
    pieces
}

fn spread<'a>(pieces: &mut Vec<Piece<'a>>, at: &str, content: &'a Value) {
    match content {
        Value::Null => {}
        Value::Array(blocks) => pieces.extend(blocks.iter().enumerate().map(|(index, block)| Piece {
            at: format!("{at}.{index}"),
            value: block,
            mark: given(block.get("cache_control")),
        })),
        whole => pieces.push(Piece { at: at.to_owned(), value: whole, mark: None }),
    }
}

/// Where each piece ends. A prefix is the same only for the same model and the same output format.
fn edges(body: &Value) -> Vec<Edge> {
    let mut running = digest(&format!("{}\n{}", body["model"], body["output_config"]["format"]));
    let mut letters = 0;
    let mut edges: Vec<Edge> = pieces(body)
        .into_iter()
        .map(|piece| {
            let mut bare = piece.value.clone();
            if let Value::Object(fields) = &mut bare {
                fields.remove("cache_control");
            }
            running = digest(&format!("{running}\n{}\n{bare}", piece.at));
            // A text counts as what is read of it, anything else as what is sent.
            let read = bare.as_str().or_else(|| bare["text"].as_str());
            letters += read.map_or_else(|| bare.to_string().chars().count(), |text| text.chars().count());
            let mark = piece.mark.and_then(|mark| life(mark, "").ok());
            Edge { digest: running, tokens: letters.div_ceil(CHARS_PER_TOKEN) as u64, mark }
        })
        .collect();
    // A mark on the request itself stands for one on its last piece.
    if let (Some(mark), Some(last)) = (given(body.get("cache_control")), edges.last_mut()) {
        last.mark = last.mark.or(life(mark, "").ok());
    }
    edges
}

impl Cache {
    /// What a request costs: the longest kept prefix is read, the rest up to each mark is written.
    pub fn read(&mut self, body: &Value, now: DateTime<Utc>) -> Usage {
        self.kept.retain(|_, (until, _)| now < *until);
        let edges = edges(body);
        let all = edges.last().map_or(0, |edge| edge.tokens);
        let mut usage = Usage { input: all, ..Usage::default() };
        let Some(last) = edges.iter().rposition(|edge| edge.mark.is_some() && edge.tokens >= LEAST_TOKENS) else {
            return usage;
        };
        let marked = &edges[..=last];
        let hit = marked.iter().rev().find(|edge| self.kept.contains_key(&edge.digest));
        if let Some(edge) = hit {
            usage.cache_read = edge.tokens;
            if let Some((until, life)) = self.kept.get_mut(&edge.digest) {
                *until = now + life.lasts();
            }
        }
        let mut counted = usage.cache_read;
        for edge in marked.iter().filter(|edge| edge.tokens >= LEAST_TOKENS) {
            let Some(life) = edge.mark else { continue };
            let written = edge.tokens.saturating_sub(counted);
            counted = counted.max(edge.tokens);
            match life {
                Life::Minutes5 => usage.written_5m += written,
                Life::Hour => usage.written_1h += written,
            }
            let until = now + life.lasts();
            let kept = self.kept.entry(edge.digest).or_insert((until, life));
            kept.0 = kept.0.max(until);
        }
        usage.input = all - counted;
        usage
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn block(letter: &str, tokens: u64, ttl: Option<&str>) -> Value {
        let mut block = json!({ "type": "text", "text": letter.repeat(chars(tokens)) });
        if let Some(ttl) = ttl {
            block["cache_control"] = json!({ "type": "ephemeral", "ttl": ttl });
        }
        block
    }

    fn body(system: &[Value], said: &str) -> Value {
        json!({ "model": "m", "system": system, "messages": [{ "role": "user", "content": said }] })
    }

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_000_000 + second, 0).unwrap()
    }

    #[test]
    fn a_prefix_is_written_once_then_read_until_it_is_too_old() {
        let mut cache = Cache::default();
        let asked = body(&[block("a", 2_000, Some("5m"))], "huit");
        let first = cache.read(&asked, at(0));
        assert_eq!((first.input, first.written_5m, first.written_1h, first.cache_read), (1, 2_000, 0, 0));
        let other_words = body(&[block("a", 2_000, Some("5m"))], "sept");
        let second = cache.read(&other_words, at(299));
        assert_eq!((second.input, second.written_5m, second.cache_read), (1, 0, 2_000));
        assert_eq!(cache.read(&asked, at(299 + 299)).cache_read, 2_000, "reading keeps it young");
        assert_eq!(cache.read(&asked, at(299 + 299 + 301)).written_5m, 2_000);
    }

    #[test]
    fn an_hour_is_an_hour() {
        let mut cache = Cache::default();
        let asked = body(&[block("a", 2_000, Some("1h"))], "x");
        assert_eq!(cache.read(&asked, at(0)).written_1h, 2_000);
        assert_eq!(cache.read(&asked, at(3_599)).cache_read, 2_000);
        assert_eq!(cache.read(&asked, at(3_599 + 3_601)).cache_read, 0);
    }

    #[test]
    fn a_longer_prompt_reads_the_prefix_it_shares_and_writes_the_rest() {
        let mut cache = Cache::default();
        cache.read(&body(&[block("a", 2_000, Some("1h"))], "x"), at(0));
        let longer = cache.read(&body(&[block("a", 2_000, Some("1h")), block("b", 500, Some("5m"))], "x"), at(1));
        assert_eq!((longer.cache_read, longer.written_1h, longer.written_5m, longer.input), (2_000, 0, 500, 1));
    }

    #[test]
    fn short_prefixes_other_models_and_changed_words_are_not_read() {
        let mut cache = Cache::default();
        let short = body(&[block("a", 1_023, Some("1h"))], "x");
        cache.read(&short, at(0));
        assert_eq!(cache.read(&short, at(1)).cache_read, 0);
        let asked = body(&[block("a", 1_024, Some("1h"))], "x");
        cache.read(&asked, at(0));
        let mut other = asked.clone();
        other["model"] = json!("n");
        assert_eq!(cache.read(&other, at(1)).cache_read, 0);
        assert_eq!(cache.read(&body(&[block("b", 1_024, Some("1h"))], "x"), at(1)).cache_read, 0);
        assert_eq!(cache.read(&asked, at(1)).cache_read, 1_024);
    }

    #[test]
    fn a_mark_on_the_request_marks_its_last_piece() {
        let mut cache = Cache::default();
        let mut asked = body(&[block("a", 2_000, None)], "huit");
        asked["cache_control"] = json!({ "type": "ephemeral" });
        assert_eq!(cache.read(&asked, at(0)).written_5m, 2_001);
        assert_eq!(cache.read(&asked, at(1)).cache_read, 2_001);
    }

    #[test]
    fn marks_are_few_and_in_order() {
        let marked = |ttls: &[&str]| {
            let system: Vec<Value> = ttls.iter().map(|ttl| block("a", 1, Some(ttl))).collect();
            check(&body(&system, "x")).err().map(|refusal| refusal.body("")["error"]["message"].to_string())
        };
        assert_eq!(marked(&["1h", "1h", "5m", "5m"]), None);
        assert!(marked(&["5m"; 5]).unwrap().contains("maximum of 4"));
        assert!(marked(&["5m", "1h"]).unwrap().contains("system.1.cache_control.ttl"));
        assert!(marked(&["2h"]).unwrap().contains("system.0.cache_control.ttl"));
    }
}
