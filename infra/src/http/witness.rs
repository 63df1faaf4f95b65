//! What a piece of work saw of its vendors' failures, even of those that a second attempt made good: the order's history
//! tells them, so that a slow order explains itself.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

tokio::task_local! {
    static SEEN: Arc<Mutex<Vec<Seen>>>;
}

/// What a call has been through so far.
struct Seen {
    call: Retried,
    answered: bool,
}

/// The failed attempts of a call that was answered in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retried {
    pub service: &'static str,
    pub operation: &'static str,
    /// One short cause per failed attempt; never what was sent.
    pub failures: Vec<String>,
}

/// Runs `work` and gives, beside its result, the failures of the calls that were answered after all. A call that was not
/// is the work's own failure to tell.
pub async fn watched<T>(work: impl Future<Output = T>) -> (T, Vec<Retried>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let result = SEEN.scope(Arc::clone(&seen), work).await;
    let seen = std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner));
    (result, seen.into_iter().filter(|seen| seen.answered).map(|seen| seen.call).collect())
}

/// Notes one failed attempt, when somebody watches.
pub(super) fn failed(service: &'static str, operation: &'static str, failure: String) {
    with_seen(|seen| match find(seen, service, operation) {
        Some(seen) => seen.call.failures.push(failure),
        None => seen.push(Seen { call: Retried { service, operation, failures: vec![failure] }, answered: false }),
    });
}

/// Notes that an attempt was answered, when somebody watches.
pub(super) fn answered(service: &'static str, operation: &'static str) {
    with_seen(|seen| {
        if let Some(seen) = find(seen, service, operation) {
            seen.answered = true;
        }
    });
}

fn find<'s>(seen: &'s mut [Seen], service: &str, operation: &str) -> Option<&'s mut Seen> {
    seen.iter_mut().find(|seen| seen.call.service == service && seen.call.operation == operation)
}

fn with_seen(note: impl FnOnce(&mut Vec<Seen>)) {
    // Where nobody watches, the trace in the log is all there is.
    let _unwatched = SEEN.try_with(|seen| note(&mut seen.lock().unwrap_or_else(PoisonError::into_inner)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_failures_of_a_call_are_told_together_and_to_its_own_watcher_only() {
        failed("stripe", "unwatched", "HTTP 500".into());
        let work = async {
            failed("ademe", "values_agg", "HTTP 503".into());
            tokio::join!(async { failed("ademe", "values_agg", "time-out".into()) }, async {
                failed("storage", "put", "HTTP 500".into());
            });
            answered("ademe", "values_agg");
            answered("storage", "put");
            failed("anthropic", "messages.create", "HTTP 529".into());
            7
        };
        let (result, retried) = watched(work).await;
        let expected = [("ademe", "values_agg", 2), ("storage", "put", 1)];
        let told: Vec<_> = retried.iter().map(|call| (call.service, call.operation, call.failures.len())).collect();
        assert_eq!((result, told.as_slice()), (7, expected.as_slice()));
    }
}
