//! `?wait_for=`: a page asks for rows that show at least what it has just done.

use std::time::Duration;

use axum::http::StatusCode;
use projections::runtime::reached;
use serde::Deserialize;
use tokio::time::Instant;
use utoipa::IntoParams;

use crate::{deps::Deps, problem::Problem};

/// How long an answer is held back; it then shows what there is, and its position says how much that is.
const PATIENCE: Duration = Duration::from_secs(2);
const LOOK_EVERY: Duration = Duration::from_millis(20);

/// How much of the log the answer is to show.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WaitFor {
    /// A position of the log, e.g. that of an earlier answer: this one is held back until it shows as much, two seconds at
    /// most.
    #[param(value_type = Option<i64>, minimum = 0)]
    wait_for: Option<String>,
}

impl WaitFor {
    /// Returns when the named read models show the wanted position, or after two seconds.
    pub async fn settled(&self, deps: &Deps, projectors: &[&str]) -> Result<(), Problem> {
        let Some(wanted) = &self.wait_for else { return Ok(()) };
        let position: i64 = wanted.parse().ok().filter(|position| *position >= 0).ok_or_else(unreadable)?;
        let deadline = Instant::now() + PATIENCE;
        while !reached(&deps.read, projectors, position).await? && Instant::now() < deadline {
            tokio::time::sleep(LOOK_EVERY).await;
        }
        Ok(())
    }
}

fn unreadable() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "request.malformed", "Demande illisible")
        .detail("Le paramètre wait_for est une position du journal\u{a0}: un nombre entier, zéro ou plus.")
}
