//! The one way out: time-outs, retries, size limits and traces of every HTTP call to an outside service.

mod policy;
mod secret;
mod tls;

use std::time::Duration;

use domain::ports::PortError;
use reqwest::{
    Client, RequestBuilder,
    header::{HeaderMap, RETRY_AFTER},
    redirect,
};
use serde::de::DeserializeOwned;
use tokio::time::Instant;

pub use policy::{Backoff, Fault, Policy};
pub use secret::Secret;

/// How we introduce ourselves, unless a service wants more.
pub const USER_AGENT: &str = concat!("LObsTer/", env!("CARGO_PKG_VERSION"));

const CONNECT: Duration = Duration::from_secs(2);
/// No service sends us more; a larger answer is a mistake or an attack.
const LARGEST_ANSWER: usize = 16 * 1024 * 1024;

/// A client could not be made: the configuration or the machine is at fault, not the service.
#[derive(Debug, thiserror::Error)]
#[error("cannot build the {service} client: {reason}")]
pub struct ClientError {
    pub service: &'static str,
    pub reason: String,
}

/// A whole answer, whatever its status.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// The value of a header that is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What the vendor's support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        ["request-id", "x-request-id", "x-amz-request-id"].iter().find_map(|name| self.header(name))
    }

    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    #[must_use]
    pub fn is_json(&self) -> bool {
        self.header("content-type").is_some_and(|kind| kind.contains("json"))
    }

    /// `Retry-After` in seconds; the form with a date is not used by the services we call.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.header(RETRY_AFTER.as_str())?.trim().parse().ok().map(Duration::from_secs)
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// A fault that may pass: a proxy's page and a cut body look the same.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        serde_json::from_slice(&self.body).map_err(|error| {
            let kind = self.header("content-type").unwrap_or("no content type");
            Fault::passing(format!("answer {} ({kind}) is not understood: {error}", self.status))
        })
    }

    /// `HTTP 503`, with the request id when there is one: enough to find the call, nothing of its content.
    #[must_use]
    pub fn summary(&self) -> String {
        match self.request_id() {
            Some(id) => format!("HTTP {} (request {id})", self.status),
            None => format!("HTTP {}", self.status),
        }
    }
}

/// A client of one service.
#[derive(Clone)]
pub struct Http {
    client: Client,
    policy: Policy,
}

impl Http {
    /// # Errors
    /// When TLS or the resolver cannot be set up.
    pub fn new(policy: Policy) -> Result<Self, ClientError> {
        Self::build(policy, USER_AGENT, None)
    }

    /// As [`Http::new`], under a name that the service insists on.
    ///
    /// # Errors
    /// As for [`Http::new`], and when the name is not a header value.
    pub fn named(policy: Policy, user_agent: &str) -> Result<Self, ClientError> {
        Self::build(policy, user_agent, None)
    }

    /// For answers that come bit by bit: gives up after `idle` without a byte.
    ///
    /// # Errors
    /// As for [`Http::new`].
    pub fn streaming(policy: Policy, idle: Duration) -> Result<Self, ClientError> {
        Self::build(policy, USER_AGENT, Some(idle))
    }

    fn build(policy: Policy, user_agent: &str, idle: Option<Duration>) -> Result<Self, ClientError> {
        let failed = |reason: String| ClientError { service: policy.service, reason };
        let tls = tls::client_config().map_err(|error| failed(error.to_string()))?;
        let mut builder = Client::builder()
            .tls_backend_preconfigured(tls)
            .connect_timeout(CONNECT)
            .timeout(policy.timeout)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .user_agent(user_agent);
        if let Some(idle) = idle {
            builder = builder.read_timeout(idle);
        }
        let client = builder.build().map_err(|error| failed(format!("{:#}", anyhow::Error::new(error))))?;
        Ok(Self { client, policy })
    }

    /// Sends what `request` builds until `read` makes something of the answer; `read` sees every status.
    ///
    /// # Errors
    /// What `read` calls lasting; `Transient` when attempts or patience are spent.
    pub async fn call<T>(
        &self,
        operation: &'static str,
        request: impl Fn(&Client) -> RequestBuilder + Sync,
        read: impl Fn(Answer) -> Result<T, Fault> + Sync,
    ) -> Result<T, PortError> {
        let (request, read) = (&request, &read);
        self.policy
            .run(|attempt| async move {
                let started = Instant::now();
                let answer = fetch(request(&self.client)).await;
                let trace = Trace { service: self.policy.service, operation, attempt, elapsed: started.elapsed() };
                match answer {
                    Ok(answer) => {
                        let (status, request_id) = (answer.status, answer.request_id().map(str::to_owned));
                        let outcome = read(answer);
                        trace.report(Some(status), request_id.as_deref(), outcome.as_ref().err());
                        outcome
                    }
                    Err(fault) => {
                        trace.report(None, None, Some(&fault));
                        Err(fault)
                    }
                }
            })
            .await
    }

    /// The error of a service that will not change its mind.
    #[must_use]
    pub fn refused(&self, message: impl Into<String>) -> PortError {
        PortError::Refused { service: self.policy.service, message: message.into() }
    }
}

async fn fetch(request: RequestBuilder) -> Result<Answer, Fault> {
    let mut response = request.send().await.map_err(|error| network_fault(&error))?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| network_fault(&error))? {
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err(Fault::passing(format!("answer {status} is larger than {LARGEST_ANSWER} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, headers, body })
}

/// The causes matter ("connection refused"), the address does not belong in a log: it may carry a query.
fn network_fault(error: &reqwest::Error) -> Fault {
    let kind = if error.is_timeout() {
        "time-out"
    } else if error.is_connect() {
        "no connection"
    } else {
        "connection broken"
    };
    let mut causes = Vec::new();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        causes.push(error.to_string());
        cause = error.source();
    }
    Fault::passing(format!("{kind}: {}", causes.join(": ")))
}

/// One attempt, as logs and metrics tell it.
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
            Some(Fault::Lasting(_)) => "refused",
        };
        metrics::histogram!("lobster_outbound_seconds", "service" => *service, "operation" => *operation, "outcome" => outcome)
            .record(elapsed.as_secs_f64());
        let milliseconds = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
        match fault {
            None => tracing::info!(service, operation, attempt, milliseconds, status, request_id, "{service} answered"),
            Some(fault) => {
                let reason = match fault {
                    Fault::Passing { message, .. } => message.clone(),
                    Fault::Lasting(error) => error.to_string(),
                };
                tracing::warn!(
                    service,
                    operation,
                    attempt,
                    milliseconds,
                    status,
                    request_id,
                    reason,
                    "{service} failed"
                );
            }
        }
    }
}
