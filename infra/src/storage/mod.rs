//! Object storage over the S3 protocol: R2 in production, the sandbox's own otherwise. Objects are written once.

mod disposition;

use std::{
    sync::{Arc, Once},
    time::Duration,
};

use async_trait::async_trait;
use domain::ports::{Object, PortError, Storage, Stored};
use s3::{Bucket, Region, creds::Credentials, error::S3Error};
use tokio::time::Instant;

use crate::http::{Backoff, Breaker, ClientError, Fault, Policy, Secret, Terms, Trace, alert};

const SERVICE: &str = "storage";

/// Where objects are kept.
#[derive(Debug, Clone)]
pub struct S3Config {
    pub endpoint: S3Endpoint,
    pub bucket: String,
    pub access_key: Secret,
    pub secret_key: Secret,
}

/// An S3 host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum S3Endpoint {
    /// Cloudflare R2; `eu` keeps the data in the European Union.
    R2 { account_id: String, eu: bool },
    /// Any other, bucket in the path.
    Custom { url: String, region: String },
}

/// The storage port on one private bucket.
pub struct S3Storage {
    bucket: Box<Bucket>,
    policy: Policy,
    breaker: Arc<Breaker>,
}

impl S3Storage {
    /// # Errors
    /// When keys or endpoint cannot be used.
    pub fn new(config: &S3Config) -> Result<Self, ClientError> {
        // The library's retries are one number for the process; ours know what may be repeated.
        static NO_RETRIES: Once = Once::new();
        NO_RETRIES.call_once(|| s3::set_retries(0));
        let policy = Policy {
            service: SERVICE,
            attempts: 5,
            timeout: Duration::from_secs(60),
            patience: Duration::from_secs(150),
            backoff: Backoff { first: Duration::from_millis(300), factor: 2, cap: Duration::from_secs(5) },
        };
        let bucket = open(config, policy.timeout)
            .map_err(|error| ClientError { service: SERVICE, reason: error.to_string() })?;
        let breaker = Breaker::of(SERVICE, &bucket.host(), Terms { failures: 10, pause: Duration::from_secs(15) });
        Ok(Self { bucket, policy, breaker })
    }

    /// Every key that begins so. Reports are found by their events, never like this; this is for those who doubt the events.
    ///
    /// # Errors
    /// `Transient` after the retries are spent.
    pub async fn keys(&self, prefix: &str) -> Result<Vec<String>, PortError> {
        let pages = self.run("list", prefix, || self.bucket.list(prefix.to_owned(), None)).await?;
        Ok(pages.into_iter().flat_map(|page| page.contents).map(|object| object.key).collect())
    }

    /// Runs one operation until it succeeds or fails for good.
    async fn run<T, Fut>(
        &self,
        operation: &'static str,
        key: &str,
        act: impl Fn() -> Fut + Sync,
    ) -> Result<T, PortError>
    where
        T: Send,
        Fut: Future<Output = Result<T, S3Error>> + Send,
    {
        let act = &act;
        self.policy
            .run(|attempt| async move {
                let started = Instant::now();
                let outcome = match self.breaker.admit(started) {
                    Ok(permit) => {
                        let outcome = act().await.map_err(|error| fault(&error, key));
                        permit.judge(outcome.as_ref().err(), Instant::now());
                        outcome
                    }
                    Err(away) => Err(away),
                };
                let trace = Trace { service: SERVICE, operation, attempt, elapsed: started.elapsed() };
                trace.report(None, None, outcome.as_ref().err());
                outcome
            })
            .await
    }

    /// False when the key was taken already.
    async fn put(&self, object: &Object<'_>) -> Result<bool, PortError> {
        self.run("put", object.key, || async {
            let mut request = self
                .bucket
                .put_object_builder(object.key, object.bytes)
                .with_content_type(object.content_type)
                .with_metadata("sha256", object.sha256)?
                .with_header("if-none-match", "*")?;
            if let Some(filename) = object.filename {
                request = request.with_content_disposition(disposition::attachment(filename))?;
            }
            match request.execute().await {
                Ok(_) => Ok(true),
                Err(S3Error::HttpFailWithBody(412, _)) => Ok(false),
                Err(error) => Err(error),
            }
        })
        .await
    }
}

#[async_trait]
impl Storage for S3Storage {
    async fn put_once(&self, object: Object<'_>) -> Result<Stored, PortError> {
        let written = self.put(&object).await?;
        let stored = self.head(object.key).await?;
        let same_length = usize::try_from(stored.bytes).is_ok_and(|bytes| bytes == object.bytes.len());
        let same_digest = stored.sha256.as_deref() == Some(object.sha256);
        if same_length && same_digest {
            return Ok(stored);
        }
        if written {
            return Err(PortError::Transient {
                service: SERVICE,
                message: format!("{} does not read back as it was written", object.key),
                retry_after: None,
            });
        }
        alert(SERVICE, "collision", &format!("{} holds other bytes than those to be stored", object.key));
        Err(PortError::Collision { service: SERVICE, key: object.key.to_owned() })
    }

    async fn get(&self, key: &str) -> Result<Vec<u8>, PortError> {
        self.run("get", key, || async { Ok(self.bucket.get_object(key).await?.into_bytes().to_vec()) }).await
    }

    async fn head(&self, key: &str) -> Result<Stored, PortError> {
        let (head, _) = self.run("head", key, || self.bucket.head_object(key)).await?;
        Ok(Stored {
            bytes: head.content_length.and_then(|length| u64::try_from(length).ok()).unwrap_or_default(),
            sha256: head.metadata.and_then(|mut metadata| metadata.remove("sha256")),
        })
    }

    async fn link(&self, key: &str, ttl: Duration) -> Result<String, PortError> {
        let seconds = u32::try_from(ttl.as_secs()).unwrap_or(u32::MAX);
        self.bucket
            .presign_get(key, seconds, None)
            .await
            .map_err(|error| PortError::Refused { service: SERVICE, message: error.to_string() })
    }
}

fn open(config: &S3Config, timeout: Duration) -> Result<Box<Bucket>, S3Error> {
    let region = match &config.endpoint {
        S3Endpoint::R2 { account_id, eu: true } => Region::R2Eu { account_id: account_id.clone() },
        S3Endpoint::R2 { account_id, eu: false } => Region::R2 { account_id: account_id.clone() },
        S3Endpoint::Custom { url, region } => {
            Region::Custom { region: region.clone(), endpoint: url.trim_end_matches('/').to_owned() }
        }
    };
    let credentials =
        Credentials::new(Some(config.access_key.reveal()), Some(config.secret_key.reveal()), None, None, None)?;
    Bucket::new(&config.bucket, region, credentials)?.with_path_style().with_request_timeout(timeout)
}

/// Errors are XML; their `Code` is stable, the rest may hold what was signed.
fn fault(error: &S3Error, key: &str) -> Fault {
    match error {
        S3Error::HttpFailWithBody(404, body) if code(body).is_none_or(|code| code == "NoSuchKey") => {
            Fault::Lasting(PortError::Missing { service: SERVICE, what: key.to_owned() })
        }
        S3Error::HttpFailWithBody(status, body) => {
            let message = format!("HTTP {status} code={}", code(body).unwrap_or("unknown"));
            if matches!(status, 408 | 409 | 429 | 500 | 502..=599) {
                Fault::passing(message)
            } else {
                if matches!(status, 401 | 403 | 404) {
                    alert(SERVICE, code(body).unwrap_or("refused"), &message);
                }
                Fault::Lasting(PortError::Refused { service: SERVICE, message })
            }
        }
        S3Error::Reqwest(_) | S3Error::Io(_) | S3Error::HttpFail => Fault::passing(network(error)),
        other => Fault::Lasting(PortError::Refused { service: SERVICE, message: other.to_string() }),
    }
}

fn network(error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    format!("connection broken: {last}")
}

fn code(body: &str) -> Option<&str> {
    let (_, rest) = body.split_once("<Code>")?;
    rest.split_once("</Code>").map(|(code, _)| code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xml(code: &str) -> String {
        format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>…</Message></Error>")
    }

    #[test]
    fn what_may_pass_is_told_from_what_will_not() {
        let judged = |status, code: &str| fault(&S3Error::HttpFailWithBody(status, xml(code)), "reports/a.pdf");
        for (status, code) in
            [(503, "SlowDown"), (500, "InternalError"), (429, "TooManyRequests"), (409, "ConditionalRequestConflict")]
        {
            assert!(matches!(judged(status, code), Fault::Passing { .. }), "{code}");
        }
        for (status, code) in
            [(403, "SignatureDoesNotMatch"), (501, "NotImplemented"), (404, "NoSuchBucket"), (400, "InvalidRequest")]
        {
            assert!(matches!(judged(status, code), Fault::Lasting(PortError::Refused { .. })), "{code}");
        }
        assert!(matches!(judged(404, "NoSuchKey"), Fault::Lasting(PortError::Missing { .. })));
        // A HEAD has no body to tell why.
        let bare = fault(&S3Error::HttpFailWithBody(404, String::new()), "reports/a.pdf");
        assert!(matches!(bare, Fault::Lasting(PortError::Missing { .. })));
    }
}
