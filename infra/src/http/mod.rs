//! The one way out: time-outs, retries, breakers, size limits and traces of every HTTP call to an outside service.

mod answer;
mod breaker;
mod policy;
mod secret;
mod tls;
mod trace;
mod witness;

use std::time::Duration;

use domain::ports::PortError;
use reqwest::{Client, Request, RequestBuilder, redirect};
use tokio::time::Instant;

pub use answer::Answer;
pub(crate) use breaker::Breaker;
pub use breaker::Terms;
pub use policy::{Backoff, Fault, Policy};
pub use secret::Secret;
pub(crate) use trace::{Trace, alert};
pub use witness::{Retried, watched};

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

/// A client of one service.
#[derive(Clone)]
pub struct Http {
    client: Client,
    policy: Policy,
    terms: Terms,
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
        Ok(Self { client, policy, terms: Terms::default() })
    }

    /// Leaves the service alone on other terms than the usual ones.
    #[must_use]
    pub fn breaking(mut self, terms: Terms) -> Self {
        self.terms = terms;
        self
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
        self.call_while(operation, || Ok(()), request, read).await
    }

    /// As [`Http::call`], for calls that cost money: `may` is asked before each attempt that will be made.
    ///
    /// # Errors
    /// As for [`Http::call`], and what `may` answers.
    pub async fn call_while<T>(
        &self,
        operation: &'static str,
        may: impl Fn() -> Result<(), PortError> + Sync,
        request: impl Fn(&Client) -> RequestBuilder + Sync,
        read: impl Fn(Answer) -> Result<T, Fault> + Sync,
    ) -> Result<T, PortError> {
        let (may, request, read) = (&may, &request, &read);
        self.policy
            .run(|attempt| async move {
                let started = Instant::now();
                let (answered, outcome) = self.attempt(may, request(&self.client), read).await;
                let trace = Trace { service: self.policy.service, operation, attempt, elapsed: started.elapsed() };
                let (status, request_id) = answered.unzip();
                trace.report(status, request_id.flatten().as_deref(), outcome.as_ref().err());
                outcome
            })
            .await
    }

    /// One question to the service, unless it is being left alone; also the status and the request id, once it answered.
    async fn attempt<T>(
        &self,
        may: impl Fn() -> Result<(), PortError>,
        request: RequestBuilder,
        read: impl Fn(Answer) -> Result<T, Fault>,
    ) -> (Option<(u16, Option<String>)>, Result<T, Fault>) {
        let unsent = |error: &reqwest::Error| Fault::Lasting(self.refused(format!("no request: {}", causes(error))));
        let request = match request.build() {
            Ok(request) => request,
            Err(error) => return (None, Err(unsent(&error))),
        };
        let address = request.url().origin().ascii_serialization();
        let permit = match Breaker::of(self.policy.service, &address, self.terms).admit(Instant::now()) {
            Ok(permit) => permit,
            Err(away) => return (None, Err(away)),
        };
        if let Err(error) = may() {
            return (None, Err(Fault::Lasting(error)));
        }
        let (answered, outcome) = match fetch(&self.client, request).await {
            Ok(answer) => {
                let answered = (answer.status, answer.request_id().map(str::to_owned));
                (Some(answered), read(answer))
            }
            Err(fault) => (None, Err(fault)),
        };
        permit.judge(outcome.as_ref().err(), Instant::now());
        (answered, outcome)
    }

    /// The error of a service that will not change its mind.
    #[must_use]
    pub fn refused(&self, message: impl Into<String>) -> PortError {
        PortError::Refused { service: self.policy.service, message: message.into() }
    }
}

async fn fetch(client: &Client, request: Request) -> Result<Answer, Fault> {
    let mut response = client.execute(request).await.map_err(|error| network_fault(&error))?;
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
    Fault::passing(format!("{kind}: {}", causes(error)))
}

fn causes(error: &reqwest::Error) -> String {
    let mut causes = Vec::new();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        causes.push(error.to_string());
        cause = error.source();
    }
    causes.join(": ")
}
