//! The door every call passes: it is recorded, hit by the faults that are armed, and answered.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::http::header::CONTENT_LENGTH;
use axum::response::Response;
use futures::StreamExt;
use serde_json::Value;

use crate::call::{self, Call, Service};
use crate::faults::{Effect, Failure};
use crate::recorder::Recorded;
use crate::world::World;
use crate::{ademe, anthropic, brevo, s3, stripe};

/// The connection is closed without an answer.
#[derive(Debug, thiserror::Error)]
#[error("connection cut on purpose")]
pub struct Cut;

/// Lets a call through to `work`, which is given the name of the scenario to play.
///
/// # Errors
/// [`Cut`] when the fault is a cut connection.
pub async fn pass<F, W>(world: &Arc<World>, call: &Call, work: F) -> Result<Response, Cut>
where
    F: FnOnce(Option<String>) -> W,
    W: Future<Output = Response>,
{
    let effect = world.faults.lock().strike(call.service, call.operation, &mut world.dice.lock());
    let mut recorded = Recorded::of(call, world.clock.now());
    recorded.fault = effect.as_ref().map(Effect::kind);
    let answered = suffer(world, call, effect, work).await;
    recorded.status = answered.as_ref().ok().map(|response| response.status().as_u16());
    tracing::debug!(
        service = call.service.name(),
        operation = call.operation,
        status = recorded.status,
        fault = recorded.fault,
        "sandbox answered {}",
        call.operation
    );
    world.calls.lock().add(recorded);
    answered
}

async fn suffer<F, W>(world: &Arc<World>, call: &Call, effect: Option<Effect>, work: F) -> Result<Response, Cut>
where
    F: FnOnce(Option<String>) -> W,
    W: Future<Output = Response>,
{
    match effect {
        None => Ok(work(None).await),
        Some(Effect::Scenario { name }) => Ok(work(Some(name)).await),
        Some(Effect::Status(failure)) => {
            if call.service == Service::Stripe {
                stripe::idempotency::keep_failure(world, call, &failure);
            }
            Ok(fail(world, call, &failure))
        }
        Some(Effect::Latency { ms, jitter_ms }) => {
            let jitter = world.dice.lock().below(jitter_ms + 1);
            let response = work(None).await;
            let _held = stripe::idempotency::hold(world, call);
            tokio::time::sleep(Duration::from_millis(ms + jitter)).await;
            Ok(response)
        }
        Some(Effect::Hang { ms }) => {
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(ms)) => {}
                () = world.stop.cancelled() => {}
            }
            Err(Cut)
        }
        Some(Effect::Reset { after_bytes: None }) => Err(Cut),
        Some(Effect::Reset { after_bytes: Some(bytes) }) => Ok(cut_after(work(None).await, bytes)),
        Some(Effect::CommitThenFail { status, reset, headers, body }) => {
            let done = work(None).await;
            // The work counts as done only when its answer is: a streamed answer is read to its end.
            let _ = axum::body::to_bytes(done.into_body(), usize::MAX).await;
            match status {
                Some(status) if !reset => Ok(fail(world, call, &Failure { status, headers, body })),
                _ => Err(Cut),
            }
        }
    }
}

fn fail(world: &World, call: &Call, failure: &Failure) -> Response {
    let status = StatusCode::from_u16(failure.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = match &failure.body {
        Some(Value::String(sentence)) => call::text(status, sentence.clone()),
        Some(body) => call::json(status, body),
        None => match call.service {
            Service::Stripe => stripe::failure(world, status),
            Service::Anthropic => anthropic::failure(world, status),
            Service::Brevo => brevo::failure(status),
            Service::Ademe => ademe::failure(status),
            Service::S3 => s3::failure(status),
        },
    };
    for (name, value) in failure.headers.iter().flatten() {
        call::set_header(&mut response, name, value);
    }
    response
}

/// What was sent before a cut is given this time to leave: the server gathers, and would drop it with the connection.
const FLUSH: Duration = Duration::from_millis(30);

/// The same answer, broken off after `bytes` bytes of its body.
fn cut_after(response: Response, bytes: usize) -> Response {
    let (mut parts, body) = response.into_parts();
    // The whole length is promised, so that the caller knows that something is missing; never a length that is kept.
    let promised = parts.headers.remove(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let whole = promised.or_else(|| axum::body::HttpBody::size_hint(&body).exact());
    if let Some(length) = whole.filter(|length| usize::try_from(*length).is_ok_and(|length| length > bytes)) {
        parts.headers.insert(CONTENT_LENGTH, length.into());
    }
    let begun = body.into_data_stream().scan(bytes, |left, chunk| {
        let taken = chunk.ok().filter(|_| *left > 0).map(|chunk| chunk.slice(..chunk.len().min(*left)));
        *left -= taken.as_ref().map_or(0, Bytes::len);
        std::future::ready(taken.map(Ok::<Bytes, std::io::Error>))
    });
    // The body ends in an error even when it was shorter than asked: a cut that cuts nothing would prove nothing.
    let end = futures::stream::once(async {
        tokio::time::sleep(FLUSH).await;
        Err(std::io::Error::new(std::io::ErrorKind::ConnectionReset, Cut))
    });
    Response::from_parts(parts, Body::from_stream(begun.chain(end)))
}
