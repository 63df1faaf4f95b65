//! What a sandbox is started with, and the starts that are refused.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use anyhow::bail;

/// Settings of one sandbox. `Default` gives the documented addresses and secrets; tests set the ports to 0.
#[derive(Clone, Debug)]
pub struct SandboxConfig {
    /// Address of everything but S3. Port 0 picks a free one.
    pub http: SocketAddr,
    /// Address of the S3 double, which needs a port of its own because signatures cover path and host.
    pub s3: SocketAddr,
    /// Source of everything random: faults by chance, generated certificates, wording.
    pub seed: u64,
    /// Where Stripe events are delivered. Empty: events wait until a target is set.
    pub stripe_webhook_url: String,
    /// Secret the Stripe events are signed with.
    pub stripe_webhook_secret: String,
    /// Where Brevo events are delivered. Empty: events wait until a target is set.
    pub brevo_webhook_url: String,
    /// Bearer token sent with the Brevo events.
    pub brevo_webhook_token: String,
    /// Folder that holds the buckets; made when absent.
    pub s3_dir: PathBuf,
    /// Buckets that exist from the start.
    pub buckets: Vec<String>,
    /// Speed of streamed model answers. `None` sends them at once.
    pub model_tokens_per_second: Option<u32>,
    /// Folder where sessions, mails, undelivered events, armed faults and the clock survive a restart. `None` keeps them
    /// in memory.
    pub state_dir: Option<PathBuf>,
    /// Address that people and redirects use. `None`: `http://` and the bound address.
    pub public_url: Option<String>,
    /// Faults armed from the start.
    pub profile: Profile,
    /// More faults armed from the start: a JSON list of what `POST /_sandbox/faults` takes.
    pub faults_file: Option<PathBuf>,
    /// Accept an address that other machines can reach.
    pub allow_non_loopback: bool,
    /// Name of the deployment; `production` is refused.
    pub environment: String,
}

/// A set of faults to start with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// No fault.
    #[default]
    Calm,
    /// A few per cent of errors, resets and slow answers; webhooks twice and out of order.
    Storm,
}

impl Default for SandboxConfig {
    fn default() -> Self {
        let loopback = IpAddr::V4(Ipv4Addr::LOCALHOST);
        Self {
            http: SocketAddr::new(loopback, 8787),
            s3: SocketAddr::new(loopback, 8788),
            seed: 1,
            stripe_webhook_url: "http://127.0.0.1:8080/api/webhooks/stripe".into(),
            stripe_webhook_secret: "whsec_sandbox".into(),
            brevo_webhook_url: "http://127.0.0.1:8080/api/webhooks/brevo".into(),
            brevo_webhook_token: "brevo_sandbox".into(),
            s3_dir: PathBuf::from(".lobster/s3"),
            buckets: vec!["lobster-reports".into()],
            model_tokens_per_second: None,
            state_dir: None,
            public_url: None,
            profile: Profile::Calm,
            faults_file: None,
            allow_non_loopback: false,
            environment: "development".into(),
        }
    }
}

impl SandboxConfig {
    /// Refuses what must never run: a sandbox in production, or one that other machines reach unasked.
    ///
    /// # Errors
    /// Names the setting, its value and the remedy.
    pub fn check(&self) -> anyhow::Result<()> {
        if self.environment == "production" {
            bail!(
                "the sandbox never runs in production: set the vendors' keys, or another environment than `production`"
            );
        }
        for (name, address) in [("http", self.http), ("s3", self.s3)] {
            if !address.ip().is_loopback() && !self.allow_non_loopback {
                bail!(
                    "sandbox {name} address {address} is not loopback: use 127.0.0.1, or allow other addresses explicitly"
                );
            }
        }
        for bucket in &self.buckets {
            let plain = bucket.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            if bucket.len() < 3 || !plain {
                bail!("bucket name `{bucket}` is not valid: use at least three of a-z, 0-9 and `-`");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_is_refused() {
        let config = SandboxConfig { environment: "production".into(), ..SandboxConfig::default() };
        assert!(config.check().unwrap_err().to_string().contains("production"));
    }

    #[test]
    fn an_address_others_can_reach_is_refused_unless_asked_for() {
        let open = SandboxConfig { http: "0.0.0.0:0".parse().unwrap(), ..SandboxConfig::default() };
        assert!(open.check().unwrap_err().to_string().contains("0.0.0.0:0"));
        assert!(SandboxConfig { allow_non_loopback: true, ..open }.check().is_ok());
    }

    #[test]
    fn a_bucket_name_cannot_climb_out_of_its_folder() {
        let config = SandboxConfig { buckets: vec!["../x".into()], ..SandboxConfig::default() };
        assert!(config.check().is_err());
    }
}
