//! The model's answer, paid once: kept under a key of its report, round and prompt before anything else, and looked for
//! there before the model is asked. A worker that dies after the answer came finds it again.

use chrono::{DateTime, Utc};
use domain::{
    ports::{Object, PortError, Question, Storage, Writer},
    report::Answer,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::JobFailure;

/// A model's answer as evidence: what we read in it, what it cost, and all that came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptAnswer {
    /// Empty unless the answer is whole.
    pub text: String,
    pub stop_reason: String,
    pub model: String,
    pub input_tokens: u64,
    pub output_tokens: u64,
    /// Millionths of a dollar.
    pub cost_micro_usd: i64,
    /// What attempts without an outcome may have cost beside.
    #[serde(default)]
    pub at_risk_micro_usd: i64,
    /// When its question was put.
    #[serde(default)]
    pub asked_at: Option<DateTime<Utc>>,
    pub request_id: Option<String>,
    pub raw: String,
}

impl KeptAnswer {
    /// What the log keeps of it.
    pub fn noted(self, round: u32, answer_sha256: String, prompt_sha256: String) -> Answer {
        Answer {
            round,
            answer_sha256,
            prompt_sha256,
            model: self.model,
            input_tokens: self.input_tokens,
            output_tokens: self.output_tokens,
            cost_micro_usd: self.cost_micro_usd,
            stop_reason: self.stop_reason,
        }
    }
}

/// Which question of a report this is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Round {
    pub report: Uuid,
    /// From 1.
    pub number: u32,
    pub asked_at: DateTime<Utc>,
}

impl Round {
    /// Two rounds may put the same question, and yet have an answer each.
    fn key(self, question: &Question) -> String {
        let (report, prompt) = (self.report, &question.prompt_sha256);
        match self.number {
            ..=1 => format!("answers/{report}/{prompt}.json"),
            number => format!("answers/{report}/{prompt}-{number}.json"),
        }
    }
}

/// The answer to a question: that of an attempt before, or a new one, kept before it is given. None when the model did not
/// answer in all the time that the writer allows it.
pub(super) async fn obtain(
    storage: &dyn Storage,
    writer: &dyn Writer,
    round: Round,
    question: &Question,
) -> Result<Option<KeptAnswer>, JobFailure> {
    let (report, key) = (round.report, round.key(question));
    if let Some(kept) = kept(storage, &key).await? {
        tracing::info!(%report, "the model answered before: it is not asked again");
        return Ok(Some(kept));
    }
    if question.patience.is_some_and(|left| left.is_zero()) {
        tracing::warn!(%report, "no time is left to ask the model again: the rules write");
        return Ok(None);
    }
    let written = match writer.write(question).await {
        Err(error) if error.is_transient() => {
            tracing::warn!(%report, %error, "the model did not answer: the rules write");
            return Ok(None);
        }
        outcome => outcome?,
    };
    let answer = KeptAnswer {
        text: written.text,
        stop_reason: written.stop_reason,
        model: written.model,
        input_tokens: written.input_tokens,
        output_tokens: written.output_tokens,
        cost_micro_usd: written.cost_micro_usd,
        at_risk_micro_usd: written.at_risk_micro_usd,
        asked_at: Some(round.asked_at),
        request_id: written.request_id,
        raw: String::from_utf8_lossy(&written.raw).into_owned(),
    };
    let (bytes, sha256) = studies::canonical(&answer).map_err(studies::StudyError::from)?;
    let object = Object { key: &key, bytes: &bytes, sha256: &sha256, content_type: "application/json", filename: None };
    match storage.put_once(object).await {
        Ok(_) => Ok(Some(answer)),
        // Another worker took over meanwhile and was faster: its answer is the one.
        Err(PortError::Collision { .. }) => Ok(Some(kept(storage, &key).await?.unwrap_or(answer))),
        Err(error) => Err(error.into()),
    }
}

async fn kept(storage: &dyn Storage, key: &str) -> Result<Option<KeptAnswer>, JobFailure> {
    match storage.get(key).await {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| JobFailure::Broken(format!("the answer kept under {key} cannot be read: {error}"))),
        Err(PortError::Missing { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::{
        collections::BTreeMap,
        sync::{
            Mutex,
            atomic::{AtomicU32, Ordering},
        },
        time::Duration,
    };

    use async_trait::async_trait;
    use domain::ports::{Stored, Written};

    use super::*;

    #[derive(Default)]
    struct Shelf(Mutex<BTreeMap<String, Vec<u8>>>);

    #[async_trait]
    impl Storage for Shelf {
        async fn put_once(&self, object: Object<'_>) -> Result<Stored, PortError> {
            let mut shelf = self.0.lock().unwrap();
            let held = shelf.entry(object.key.to_owned()).or_insert_with(|| object.bytes.to_vec());
            if held != object.bytes {
                return Err(PortError::Collision { service: "shelf", key: object.key.to_owned() });
            }
            Ok(Stored { bytes: object.bytes.len() as u64, sha256: Some(object.sha256.to_owned()) })
        }

        async fn get(&self, key: &str) -> Result<Vec<u8>, PortError> {
            let missing = || PortError::Missing { service: "shelf", what: key.to_owned() };
            self.0.lock().unwrap().get(key).cloned().ok_or_else(missing)
        }

        async fn head(&self, key: &str) -> Result<Stored, PortError> {
            Ok(Stored { bytes: self.get(key).await?.len() as u64, sha256: None })
        }

        async fn link(&self, key: &str, _: Duration) -> Result<String, PortError> {
            Ok(key.to_owned())
        }
    }

    /// Never says the same thing twice.
    #[derive(Default)]
    struct Pen(AtomicU32);

    #[async_trait]
    impl Writer for Pen {
        async fn write(&self, _: &Question) -> Result<Written, PortError> {
            let number = self.0.fetch_add(1, Ordering::SeqCst) + 1;
            Ok(Written {
                text: format!("answer {number}"),
                raw: vec![b'r'],
                model: "m".into(),
                stop_reason: "end_turn".into(),
                input_tokens: 10,
                output_tokens: 5,
                cost_micro_usd: 105,
                at_risk_micro_usd: 0,
                request_id: None,
            })
        }
    }

    fn question(prompt: &str) -> Question {
        Question { prompt_sha256: prompt.to_owned(), ..Question::default() }
    }

    const REPORT: Uuid = Uuid::from_u128(3);

    fn round(number: u32) -> Round {
        Round { report: REPORT, number, asked_at: DateTime::from_timestamp(1_795_000_000, 0).unwrap() }
    }

    #[tokio::test]
    async fn an_answer_that_came_before_a_crash_is_not_paid_again() {
        let (shelf, pen) = (Shelf::default(), Pen::default());
        let first = obtain(&shelf, &pen, round(1), &question("p1")).await.unwrap().unwrap();
        let again = obtain(&shelf, &pen, round(1), &question("p1")).await.unwrap().unwrap();
        assert_eq!((&first, pen.0.load(Ordering::SeqCst)), (&again, 1));
        assert_eq!(again.noted(1, "a".into(), "p1".into()).cost_micro_usd, 105);
        let other_report = Round { report: Uuid::from_u128(4), ..round(1) };
        for (round, prompt) in [(round(1), "p2"), (other_report, "p1"), (round(2), "p1")] {
            obtain(&shelf, &pen, round, &question(prompt)).await.unwrap();
        }
        assert_eq!(pen.0.load(Ordering::SeqCst), 4, "another prompt, report or round is another question");
    }

    #[tokio::test]
    async fn without_time_nobody_is_asked_and_a_kept_answer_counts_all_the_same() {
        let (shelf, pen) = (Shelf::default(), Pen::default());
        let late = |prompt| Question { patience: Some(Duration::ZERO), ..question(prompt) };
        assert_eq!(obtain(&shelf, &pen, round(1), &late("p1")).await.unwrap(), None);
        assert_eq!(pen.0.load(Ordering::SeqCst), 0);
        let first = obtain(&shelf, &pen, round(1), &question("p1")).await.unwrap();
        assert_eq!(obtain(&shelf, &pen, round(1), &late("p1")).await.unwrap(), first);
    }

    /// Lets a second worker in between the look and the writing.
    struct Overtaken<'a>(&'a Shelf, Pen);

    #[async_trait]
    impl Writer for Overtaken<'_> {
        async fn write(&self, question: &Question) -> Result<Written, PortError> {
            obtain(self.0, &self.1, round(1), question).await.unwrap();
            self.1.write(question).await
        }
    }

    struct Away;

    #[async_trait]
    impl Writer for Away {
        async fn write(&self, _: &Question) -> Result<Written, PortError> {
            Err(PortError::Transient { service: "model", message: "529".into(), retry_after: None })
        }
    }

    #[tokio::test]
    async fn a_model_that_is_away_gives_no_answer_and_leaves_none() {
        let shelf = Shelf::default();
        assert_eq!(obtain(&shelf, &Away, round(1), &question("p1")).await.unwrap(), None);
        assert!(shelf.0.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn of_two_workers_who_asked_at_once_the_first_answer_counts() {
        let shelf = Shelf::default();
        let answer = obtain(&shelf, &Overtaken(&shelf, Pen::default()), round(1), &question("p1")).await.unwrap();
        let answer = answer.unwrap();
        assert_eq!(answer.text, "answer 1");
    }
}
