//! Configuration: `LOBSTER_*` variables, read once. Everything missing or bad is reported at once; secrets never print.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, ValueEnum};

use crate::event_store::{AuditKey, PublicKey};
pub use crate::http::Secret;

/// Where this runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Environment {
    /// Doubles stand in for every vendor without a key; documents are specimens.
    Sandbox,
    /// Real vendors only.
    Production,
}

/// Where LObsTer lives and listens.
#[derive(Debug, Clone, Args)]
pub struct Place {
    /// `sandbox` (default) or `production`
    #[arg(long, env = "LOBSTER_ENV", value_enum, default_value = "sandbox", global = true)]
    pub environment: Environment,
    /// Folder of everything this installation keeps: private PostgreSQL, stored objects, generated secrets
    #[arg(long, env = "LOBSTER_HOME", default_value = ".lobster", global = true)]
    pub home: PathBuf,
    /// PostgreSQL 15 with PostGIS; without it a private cluster is kept under the home folder
    #[arg(long, env = "LOBSTER_DATABASE_URL", hide_env_values = true, global = true)]
    pub database_url: Option<Secret>,
    /// Folder of real open data files; without it open data are generated
    #[arg(long, env = "LOBSTER_DATA_DIR", global = true)]
    pub data_dir: Option<PathBuf>,
    /// Folder of the JSON files of @etalab/decoupage-administratif
    #[arg(
        long,
        env = "LOBSTER_REFERENCE_DIR",
        default_value = "frontend/node_modules/@etalab/decoupage-administratif/data",
        global = true
    )]
    pub reference_dir: PathBuf,
    /// Département whose open data are loaded at the first start
    // A name of its own: commands that ask for a département must not receive this one's default.
    #[arg(
        id = "first_departement",
        long = "first-departement",
        env = "LOBSTER_DEPARTEMENT",
        default_value = "44",
        global = true
    )]
    pub departement: String,
    /// The browser that prints; found along PATH by default
    #[arg(long, env = "LOBSTER_CHROMIUM", global = true)]
    pub chromium: Option<PathBuf>,
    /// What is logged, e.g. `info` or `warn,infra=debug`
    #[arg(long, env = "LOBSTER_LOG", global = true)]
    pub log: Option<String>,
    /// How it is logged
    #[arg(long, env = "LOBSTER_LOG_FORMAT", value_enum, default_value = "text", global = true)]
    pub log_format: LogFormat,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// How the API shows itself.
#[derive(Debug, Clone, Args)]
pub struct Web {
    /// Address and port of the API and the front end
    #[arg(long, env = "LOBSTER_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Address that customers see; default: the listening address
    #[arg(long, env = "LOBSTER_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Folder of the built front end
    #[arg(long, env = "LOBSTER_FRONTEND_DIR", default_value = "frontend/dist")]
    pub frontend_dir: PathBuf,
    /// Bearer token of the routes for operators and auditors; at least 32 characters. Without it there are none
    #[arg(long, env = "LOBSTER_OPERATOR_TOKEN", hide_env_values = true)]
    pub operator_token: Option<Secret>,
    /// HTTP port of the sandbox, when it is needed
    #[arg(long, env = "LOBSTER_SANDBOX_HTTP", default_value = "127.0.0.1:8787")]
    pub sandbox_http: SocketAddr,
    /// Storage port of the sandbox, when it is needed
    #[arg(long, env = "LOBSTER_SANDBOX_S3", default_value = "127.0.0.1:8788")]
    pub sandbox_s3: SocketAddr,
    #[command(flatten)]
    pub sandbox: SandboxOptions,
}

/// How the doubles behave from their start; `/_sandbox` changes all of it later.
#[derive(Debug, Clone, Args)]
pub struct SandboxOptions {
    /// Seed of everything that looks random in the doubles
    #[arg(long = "sandbox-seed", env = "LOBSTER_SANDBOX_SEED", default_value_t = 1)]
    pub seed: u64,
    /// `calm`, or `storm`: a few per cent of errors, resets and slow answers, webhooks twice and out of order
    #[arg(long = "sandbox-profile", env = "LOBSTER_SANDBOX_PROFILE", value_enum, default_value = "calm")]
    pub profile: SandboxProfile,
    /// Faults armed from the start: a JSON list of what POST /_sandbox/faults takes
    #[arg(long = "sandbox-faults", env = "LOBSTER_SANDBOX_FAULTS", value_name = "FILE")]
    pub faults: Option<PathBuf>,
    /// Folder where the doubles keep their state; default: `sandbox` in the home folder; `memory` keeps nothing
    #[arg(long = "sandbox-state", env = "LOBSTER_SANDBOX_STATE", value_name = "FOLDER")]
    pub state: Option<PathBuf>,
    /// Where Stripe's double sends its events; default: the API of the same process
    #[arg(long = "sandbox-stripe-webhook", env = "LOBSTER_SANDBOX_STRIPE_WEBHOOK", value_name = "URL")]
    pub stripe_webhook: Option<String>,
    /// Where Brevo's double sends its events; default: the API of the same process
    #[arg(long = "sandbox-brevo-webhook", env = "LOBSTER_SANDBOX_BREVO_WEBHOOK", value_name = "URL")]
    pub brevo_webhook: Option<String>,
    /// Speed of streamed model answers, in tokens per second; default: at once
    #[arg(long = "sandbox-tokens-per-second", env = "LOBSTER_SANDBOX_TOKENS_PER_SECOND")]
    pub tokens_per_second: Option<u32>,
    /// Address under which people reach the doubles, when it is not the one they listen on
    #[arg(long = "sandbox-url", env = "LOBSTER_SANDBOX_URL", value_name = "URL")]
    pub url: Option<String>,
    /// Let other machines reach the doubles, on an address that is not loopback
    #[arg(long = "sandbox-open", env = "LOBSTER_SANDBOX_OPEN")]
    pub open: bool,
}

/// The weather in the doubles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SandboxProfile {
    /// No fault.
    Calm,
    /// Every service fails now and then.
    Storm,
}

/// Who works at the command line.
#[derive(Debug, Clone, Args)]
pub struct Staff {
    /// Account under which acts are recorded for ever: an id, no name and no address; default: the account of the machine
    #[arg(long, env = "LOBSTER_STAFF")]
    pub staff: Option<String>,
}

impl Staff {
    /// The account to be named in events.
    ///
    /// # Errors
    /// When there is none, or it could be an address.
    #[expect(clippy::disallowed_methods, reason = "the machine's own account is configuration too")]
    pub fn id(&self) -> anyhow::Result<String> {
        let id = self.staff.clone().or_else(|| std::env::var("USER").ok()).or_else(|| std::env::var("LOGNAME").ok());
        let id = id.unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        anyhow::ensure!(
            (1..=64).contains(&id.len()) && id.chars().all(plain),
            "{id:?} cannot be named in events: set LOBSTER_STAFF to your account, letters, digits and . _ - only"
        );
        Ok(id)
    }
}

/// Keys and addresses of the five vendors. A vendor without a key is stood in for by the sandbox.
#[derive(Debug, Clone, Args)]
pub struct Vendors {
    /// Key that signs our links; at least 32 characters. Generated in sandbox mode
    #[arg(long, env = "LOBSTER_LINK_SECRET", hide_env_values = true)]
    pub link_secret: Option<Secret>,
    /// Key that signs the heads of the log: 64 hexadecimal digits. Generated in sandbox mode
    #[arg(long, env = "LOBSTER_AUDIT_KEY", hide_env_values = true)]
    pub audit_key: Option<Secret>,
    /// Public keys of former audit keys, separated by commas: what they signed stays genuine
    #[arg(long, env = "LOBSTER_AUDIT_FORMER_KEYS", value_delimiter = ',')]
    pub audit_former_keys: Vec<String>,
    #[arg(long, env = "LOBSTER_STRIPE_KEY", hide_env_values = true)]
    pub stripe_key: Option<Secret>,
    #[arg(long, env = "LOBSTER_STRIPE_URL", default_value = "https://api.stripe.com/")]
    pub stripe_url: String,
    /// One webhook secret, or two separated by a comma while one is being rolled
    #[arg(long, env = "LOBSTER_STRIPE_WEBHOOK_SECRET", hide_env_values = true)]
    pub stripe_webhook_secret: Option<Secret>,
    #[arg(long, env = "LOBSTER_ANTHROPIC_KEY", hide_env_values = true)]
    pub anthropic_key: Option<Secret>,
    #[arg(long, env = "LOBSTER_ANTHROPIC_URL", default_value = "https://api.anthropic.com")]
    pub anthropic_url: String,
    #[arg(long, env = "LOBSTER_ANTHROPIC_MODEL", default_value = "claude-sonnet-4-6")]
    pub anthropic_model: String,
    /// Streams every answer of the model, so that a silent one is given up after a minute
    #[arg(long, env = "LOBSTER_ANTHROPIC_STREAM", default_value_t = true, action = clap::ArgAction::Set)]
    pub anthropic_stream: bool,
    /// What the words of one order may cost, in US cents, all attempts together; rules write what the model may not
    #[arg(long, env = "LOBSTER_ANTHROPIC_BUDGET_PER_ORDER", default_value_t = 160)]
    pub anthropic_budget_cents: u32,
    #[arg(long, env = "LOBSTER_BREVO_KEY", hide_env_values = true)]
    pub brevo_key: Option<Secret>,
    #[arg(long, env = "LOBSTER_BREVO_URL", default_value = "https://api.brevo.com/v3")]
    pub brevo_url: String,
    /// Token that Brevo sends with its webhooks
    #[arg(long, env = "LOBSTER_BREVO_WEBHOOK_TOKEN", hide_env_values = true)]
    pub brevo_webhook_token: Option<Secret>,
    /// Sender of our mails, a verified address
    #[arg(long, env = "LOBSTER_MAIL_FROM", default_value = "rapports@lobster.test")]
    pub mail_from: String,
    /// Address of the owner, who is mailed the signed head of the log once a day; without it nobody is
    #[arg(long, env = "LOBSTER_OWNER_EMAIL")]
    pub owner_email: Option<String>,
    /// ADEME asks for no key: outside production its double answers unless this is set
    #[arg(long, env = "LOBSTER_ADEME_URL")]
    pub ademe_url: Option<String>,
    /// RSA key that signs reports, a PEM file; for a binary built with `--features signature`
    #[arg(long, env = "LOBSTER_SIGNATURE_KEY", value_name = "FILE")]
    pub signature_key: Option<PathBuf>,
    /// Its certificate and those up to the root, a PEM file
    #[arg(long, env = "LOBSTER_SIGNATURE_CERTIFICATE", value_name = "FILE")]
    pub signature_certificate: Option<PathBuf>,
    /// Contact given to ADEME in the User-Agent
    #[arg(long, env = "LOBSTER_CONTACT", default_value = "contact@lobster.test")]
    pub contact: String,
    /// Storage endpoint, where it is not Cloudflare R2
    #[arg(long, env = "LOBSTER_S3_ENDPOINT")]
    pub s3_endpoint: Option<String>,
    /// Account of Cloudflare R2, whose endpoint follows from it
    #[arg(long, env = "LOBSTER_R2_ACCOUNT")]
    pub r2_account: Option<String>,
    /// The R2 bucket lies in the jurisdiction of the European Union
    #[arg(long, env = "LOBSTER_R2_EU", default_value_t = true, action = clap::ArgAction::Set)]
    pub r2_eu: bool,
    #[arg(long, env = "LOBSTER_S3_REGION", default_value = "auto")]
    pub s3_region: String,
    #[arg(long, env = "LOBSTER_S3_BUCKET", default_value = "lobster-reports")]
    pub s3_bucket: String,
    #[arg(long, env = "LOBSTER_S3_ACCESS_KEY", hide_env_values = true)]
    pub s3_access_key: Option<Secret>,
    #[arg(long, env = "LOBSTER_S3_SECRET_KEY", hide_env_values = true)]
    pub s3_secret_key: Option<Secret>,
}

/// Vendors that the contract suites call for real. With it, and the keys above, tests spend the vendors' money.
#[derive(Debug, Clone, Args)]
pub struct Live {
    /// Any of `stripe` (test mode), `anthropic`, `brevo`, `ademe` and `storage`, separated by commas
    #[arg(long, env = "LOBSTER_LIVE", value_delimiter = ',')]
    pub live: Vec<String>,
    /// Recipient of the mail that the suite sends for real
    #[arg(long, env = "LOBSTER_LIVE_MAIL_TO")]
    pub live_mail_to: Option<String>,
}

/// The real address of ADEME's open data, used in production without further configuration.
pub const ADEME: &str = "https://data.ademe.fr/data-fair/api/v1";

impl Vendors {
    /// Everything that keeps this configuration from serving in `environment`, all at once.
    #[must_use]
    pub fn faults(&self, environment: Environment, public_url: Option<&str>) -> Vec<String> {
        let mut faults = Vec::new();
        let together = [
            (
                "LOBSTER_STRIPE_KEY",
                self.stripe_key.is_some(),
                "LOBSTER_STRIPE_WEBHOOK_SECRET",
                self.stripe_webhook_secret.is_some(),
            ),
            (
                "LOBSTER_BREVO_KEY",
                self.brevo_key.is_some(),
                "LOBSTER_BREVO_WEBHOOK_TOKEN",
                self.brevo_webhook_token.is_some(),
            ),
            (
                "LOBSTER_S3_ACCESS_KEY",
                self.s3_access_key.is_some(),
                "LOBSTER_S3_SECRET_KEY",
                self.s3_secret_key.is_some(),
            ),
            (
                "LOBSTER_SIGNATURE_KEY",
                self.signature_key.is_some(),
                "LOBSTER_SIGNATURE_CERTIFICATE",
                self.signature_certificate.is_some(),
            ),
            (
                "LOBSTER_S3_ACCESS_KEY",
                self.s3_access_key.is_some(),
                "LOBSTER_S3_ENDPOINT (or LOBSTER_R2_ACCOUNT)",
                self.s3_endpoint.is_some() || self.r2_account.is_some(),
            ),
        ];
        for (one, has_one, other, has_other) in together {
            if has_one != has_other {
                faults.push(format!("{one} and {other} go together: set both or neither"));
            }
        }
        if self.s3_endpoint.is_some() && self.r2_account.is_some() {
            faults.push("LOBSTER_S3_ENDPOINT and LOBSTER_R2_ACCOUNT name two storages: set one of them".into());
        }
        if self.link_secret.as_ref().is_some_and(|secret| secret.reveal().len() < 32) {
            faults
                .push("LOBSTER_LINK_SECRET is shorter than 32 characters: make one with `openssl rand -hex 32`".into());
        }
        if self.signature_key.is_some() && !cfg!(feature = "signature") {
            faults.push(
                "LOBSTER_SIGNATURE_KEY is set and this binary cannot sign: build it with --features signature".into(),
            );
        }
        if let Some(Err(error)) = self.audit_key.as_ref().map(AuditKey::new) {
            faults.push(error.to_string());
        }
        faults.extend(
            self.audit_former_keys
                .iter()
                .filter_map(|key| key.parse::<PublicKey>().err())
                .map(|error| format!("LOBSTER_AUDIT_FORMER_KEYS: {error}")),
        );
        if let Some(owner) = self.owner()
            && (owner.split('@').filter(|part| !part.is_empty()).count() != 2 || owner.contains(char::is_whitespace))
        {
            faults.push("LOBSTER_OWNER_EMAIL is no address: set name@domain, or nothing for no mail".into());
        }
        if environment == Environment::Production {
            let needed = [
                ("LOBSTER_LINK_SECRET", self.link_secret.is_some()),
                ("LOBSTER_AUDIT_KEY", self.audit_key.is_some()),
                ("LOBSTER_STRIPE_KEY", self.stripe_key.is_some()),
                ("LOBSTER_ANTHROPIC_KEY", self.anthropic_key.is_some()),
                ("LOBSTER_BREVO_KEY", self.brevo_key.is_some()),
                ("LOBSTER_S3_ACCESS_KEY", self.s3_access_key.is_some()),
                ("LOBSTER_PUBLIC_URL", public_url.is_some()),
            ];
            let missing = needed.iter().filter(|(_, there)| !there);
            faults.extend(missing.map(|(name, _)| format!("{name} is missing: production never uses the sandbox")));
            if self.stripe_key.as_ref().is_some_and(|key| key.reveal().contains("_test_")) {
                faults.push("LOBSTER_STRIPE_KEY is a test key: production takes real money".into());
            }
            if public_url.is_some_and(|url| !url.starts_with("https://")) {
                faults.push("LOBSTER_PUBLIC_URL does not start with https://".into());
            }
        }
        faults
    }

    /// The owner's address, when there is one.
    #[must_use]
    pub fn owner(&self) -> Option<String> {
        self.owner_email.as_deref().map(str::trim).filter(|owner| !owner.is_empty()).map(str::to_owned)
    }

    /// Whether any vendor has to be stood in for.
    #[must_use]
    pub fn needs_sandbox(&self, environment: Environment) -> bool {
        environment == Environment::Sandbox
            && (self.stripe_key.is_none()
                || self.anthropic_key.is_none()
                || self.brevo_key.is_none()
                || self.ademe_url.is_none()
                || self.s3_access_key.is_none())
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Program {
        #[command(flatten)]
        vendors: Vendors,
    }

    fn vendors(arguments: &[&str]) -> Vendors {
        Program::parse_from(std::iter::once(&"lobster").chain(arguments)).vendors
    }

    #[test]
    fn nothing_configured_serves_in_the_sandbox_only() {
        let none = vendors(&[]);
        assert!(none.faults(Environment::Sandbox, None).is_empty());
        assert!(none.needs_sandbox(Environment::Sandbox));
        let faults = none.faults(Environment::Production, None);
        assert_eq!(faults.len(), 7, "all seven are told at once: {faults:?}");
    }

    #[test]
    fn half_a_pair_and_a_short_secret_are_told_together() {
        let faults =
            vendors(&["--stripe-key", "sk_test_x", "--link-secret", "short"]).faults(Environment::Sandbox, None);
        assert!(faults[0].contains("LOBSTER_STRIPE_WEBHOOK_SECRET"), "{faults:?}");
        assert!(faults[1].contains("32 characters"), "{faults:?}");
    }

    #[test]
    fn storage_has_one_place() {
        let keys = ["--s3-access-key", "a", "--s3-secret-key", "b"];
        let told = |more: &[&str]| vendors(&[&keys, more].concat()).faults(Environment::Sandbox, None);
        assert!(told(&[])[0].contains("LOBSTER_R2_ACCOUNT"));
        assert!(told(&["--r2-account", "x"]).is_empty() && told(&["--s3-endpoint", "http://x"]).is_empty());
        assert!(told(&["--r2-account", "x", "--s3-endpoint", "http://x"])[0].contains("two storages"));
    }

    #[test]
    fn a_key_to_sign_with_needs_a_certificate_and_a_binary_that_signs() {
        let told = |arguments: &[&str]| vendors(arguments).faults(Environment::Sandbox, None);
        assert!(told(&["--signature-certificate", "own.pem"])[0].contains("go together"));
        let both = told(&["--signature-key", "own.key", "--signature-certificate", "own.pem"]);
        let cannot = both.iter().filter(|fault| fault.contains("--features signature")).count();
        assert_eq!((both.len(), cannot), if cfg!(feature = "signature") { (0, 0) } else { (1, 1) }, "{both:?}");
    }

    #[test]
    fn an_owner_has_an_address_or_is_not_told() {
        for (given, faults) in
            [("", 0), (" ", 0), ("moi@exemple.test", 0), ("moi", 1), ("@", 1), ("a b@c", 1), ("a@b@c", 1)]
        {
            let vendors = vendors(&["--owner-email", given]);
            assert_eq!(vendors.faults(Environment::Sandbox, None).len(), faults, "{given:?}");
            assert_eq!(vendors.owner().is_none(), given.trim().is_empty());
        }
    }

    #[test]
    fn production_refuses_a_test_key_and_a_plain_address() {
        let faults = vendors(&["--stripe-key", "sk_test_x"]).faults(Environment::Production, Some("http://x"));
        assert!(faults.iter().any(|fault| fault.contains("test key")));
        assert!(faults.iter().any(|fault| fault.contains("https://")));
    }

    #[test]
    fn a_secret_prints_nothing_of_itself() {
        assert_eq!(format!("{:?}", vendors(&["--stripe-key", "sk_live_hush"]).stripe_key), "Some([redacted])");
    }
}
