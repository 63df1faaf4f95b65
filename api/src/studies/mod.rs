//! The shop window: studies, their price, what they answer, and how long they really take.

pub mod list;
pub mod show;
pub mod specimen;

use domain::ports::StudySheet;
use projections::catalogue::query::StudyStats;
use serde::Serialize;
use utoipa::ToSchema;

use crate::views::Price;

/// A study as a product.
#[derive(Debug, Serialize, ToSchema)]
pub struct StudyCard {
    code: &'static str,
    title: &'static str,
    promise: &'static str,
    audience: &'static str,
    questions: Vec<&'static str>,
    pages: u32,
    price: Price,
    /// Reports delivered so far.
    delivered: i64,
    /// Seconds from payment to delivery: median of the last fifty; `null` before the first.
    #[schema(required = true)]
    median_seconds: Option<i64>,
    /// Ninth decile of the same.
    #[schema(required = true)]
    p90_seconds: Option<i64>,
}

impl StudyCard {
    fn new(study: &StudySheet, stats: &[StudyStats]) -> Self {
        let stats = stats.iter().find(|stats| stats.study == study.code);
        Self {
            code: study.code,
            title: study.title,
            promise: study.promise,
            audience: study.audience,
            questions: study.questions.to_vec(),
            pages: pages(study),
            price: Price::from(&study.price),
            delivered: stats.map_or(0, |stats| stats.delivered),
            median_seconds: stats.and_then(|stats| whole_seconds(stats.median_seconds)),
            p90_seconds: stats.and_then(|stats| whole_seconds(stats.p90_seconds)),
        }
    }
}

/// Rounded up: a promise of time must not be shorter than what was measured.
#[expect(clippy::cast_possible_truncation, reason = "a duration in seconds fits")]
pub fn whole_seconds(seconds: Option<f64>) -> Option<i64> {
    seconds.map(|seconds| seconds.ceil() as i64)
}

/// Pages of a report: the number of the last one.
pub fn pages(study: &StudySheet) -> u32 {
    study.contents.iter().map(|(page, _)| *page).max().unwrap_or_default()
}
