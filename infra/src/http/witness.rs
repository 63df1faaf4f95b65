//! What a piece of work saw of its vendors' failures, even of those that a second attempt made good: the order's history
//! tells them, so that a slow order explains itself.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

tokio::task_local! {
    static SEEN: Arc<Mutex<Vec<Retried>>>;
}

/// The failed attempts of one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retried {
    pub service: &'static str,
    pub operation: &'static str,
    /// One short cause per failed attempt; never what was sent.
    pub failures: Vec<String>,
}

/// Runs `work` and gives, beside its result, the failures of the calls it made.
pub async fn watched<T>(work: impl Future<Output = T>) -> (T, Vec<Retried>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let result = SEEN.scope(Arc::clone(&seen), work).await;
    let retried = std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner));
    (result, retried)
}

/// Notes one failed attempt, when somebody watches.
pub(super) fn note(service: &'static str, operation: &'static str, failure: String) {
    // Where nobody watches, the trace in the log is all there is.
    let _unwatched = SEEN.try_with(|seen| {
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        match seen.iter_mut().find(|call| call.service == service && call.operation == operation) {
            Some(call) => call.failures.push(failure),
            None => seen.push(Retried { service, operation, failures: vec![failure] }),
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_failures_of_a_call_are_told_together_and_to_its_own_watcher_only() {
        note("stripe", "unwatched", "HTTP 500".into());
        let work = async {
            note("ademe", "values_agg", "HTTP 503".into());
            tokio::join!(async { note("ademe", "values_agg", "time-out".into()) }, async {
                note("storage", "put", "HTTP 500".into());
            });
            7
        };
        let (result, retried) = watched(work).await;
        let expected = [("ademe", "values_agg", 2), ("storage", "put", 1)];
        let told: Vec<_> = retried.iter().map(|call| (call.service, call.operation, call.failures.len())).collect();
        assert_eq!((result, told.as_slice()), (7, expected.as_slice()));
    }
}
