//! One attempt, as logs and metrics tell it, and the faults that a person has to hear of.

use std::time::Duration;

use domain::ports::PortError;

use super::{Fault, witness};

/// What is known of an attempt when it ends.
pub(crate) struct Trace {
    pub service: &'static str,
    pub operation: &'static str,
    pub attempt: u32,
    pub elapsed: Duration,
}

impl Trace {
    pub(crate) fn report(&self, status: Option<u16>, request_id: Option<&str>, fault: Option<&Fault>) {
        let Self { service, operation, attempt, elapsed } = self;
        let outcome = match fault {
            None => "ok",
            Some(Fault::Passing { .. }) => "passing",
            Some(Fault::Away { .. }) => "not_asked",
            Some(Fault::Lasting(PortError::Missing { .. })) => "missing",
            Some(Fault::Lasting(_)) => "refused",
        };
        metrics::histogram!("lobster_outbound_seconds", "service" => *service, "operation" => *operation, "outcome" => outcome)
            .record(elapsed.as_secs_f64());
        let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        let Some(fault) = fault else {
            witness::answered(service, operation);
            tracing::info!(
                service,
                operation,
                attempt,
                milliseconds,
                status,
                request_id,
                outcome,
                "{service} answered"
            );
            return;
        };
        // Asking whether something is there, and hearing that it is not, is no failure.
        if let Fault::Lasting(PortError::Missing { .. }) = fault {
            witness::answered(service, operation);
            tracing::debug!(
                service,
                operation,
                attempt,
                milliseconds,
                status,
                request_id,
                "{service} has no such thing"
            );
            return;
        }
        let reason = match fault {
            Fault::Passing { message, .. } | Fault::Away { message, .. } => message.clone(),
            Fault::Lasting(error) => error.to_string(),
        };
        if matches!(fault, Fault::Passing { .. }) {
            witness::failed(service, operation, cause(status, request_id, &reason));
        }
        tracing::warn!(
            service,
            operation,
            attempt,
            milliseconds,
            status,
            request_id,
            outcome,
            reason,
            "{service} failed"
        );
    }
}

/// A failure in a word that may stay in the log for ever: no address, no sentence of the vendor's.
fn cause(status: Option<u16>, request_id: Option<&str>, reason: &str) -> String {
    match (status, request_id) {
        (Some(status), Some(id)) => format!("HTTP {status} (request {id})"),
        (Some(status), None) => format!("HTTP {status}"),
        (None, _) => reason.split(':').next().unwrap_or_default().to_owned(),
    }
}

/// Tells an operator what no retry will mend: a key that is refused, credits that are spent, a model that is gone.
pub(crate) fn alert(service: &'static str, code: &str, message: &str) {
    metrics::counter!("lobster_vendor_alerts_total", "service" => service, "code" => code.to_owned()).increment(1);
    tracing::error!(service, code, message, "{service} needs a person: {message}");
}
