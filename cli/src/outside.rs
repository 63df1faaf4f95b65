//! The outside of this installation: real clients, at the vendors' addresses or at the sandbox's. The code is the same.

use std::{net::SocketAddr, path::Path, sync::Arc};

use anyhow::Context as _;
use domain::ports::{EnergyCertificates, Links, MailWebhooks, Mailer, PaymentWebhooks, Payments, Signer, Storage};
use infra::{
    ademe::{AdemeCertificates, AdemeConfig},
    anthropic::{AnthropicConfig, AnthropicWriter, NARRATIVE_DEADLINE},
    brevo::{BrevoConfig, BrevoMailer, BrevoWebhooks},
    chromium::{ChromiumConfig, ChromiumPrinter, Sandbox},
    clock::SystemClock,
    config::{ADEME, Environment, Place, Secret, Vendors},
    event_store::{AuditKey, PublicKey},
    links::DerivedLinks,
    storage::{S3Config, S3Endpoint, S3Storage},
    stripe::{StripeConfig, StripePayments, StripeWebhooks},
};
use sqlx::PgPool;

/// Secrets of the doubles: known to all, worth nothing.
pub const SANDBOX_STRIPE_SECRET: &str = "whsec_sandbox";
pub const SANDBOX_BREVO_TOKEN: &str = "brevo_sandbox";

/// One client per outside service.
#[derive(Clone)]
pub struct Outside {
    pub payments: Arc<dyn Payments>,
    pub payment_webhooks: Arc<dyn PaymentWebhooks>,
    pub mail_webhooks: Arc<dyn MailWebhooks>,
    pub storage: Arc<dyn Storage>,
    pub writer: Arc<AnthropicWriter>,
    pub mailer: Arc<dyn Mailer>,
    pub certificates: Arc<dyn EnergyCertificates>,
    pub printer: Arc<ChromiumPrinter>,
    pub signer: Option<Arc<dyn Signer>>,
    pub links: Arc<dyn Links>,
}

/// Where the doubles answer, when there are any.
#[derive(Debug, Clone, Copy)]
pub struct Doubles {
    pub http: SocketAddr,
    pub s3: SocketAddr,
}

impl Outside {
    /// Builds every client. A vendor without a key is reached at its double; without doubles the key must be there.
    ///
    /// # Errors
    /// When a client cannot be built, or a vendor has neither key nor double.
    pub fn build(place: &Place, vendors: &Vendors, doubles: Option<Doubles>, pool: &PgPool) -> anyhow::Result<Self> {
        let stripe = stripe(place, vendors, doubles)?;
        let brevo = brevo(vendors, doubles)?;
        Ok(Self {
            payment_webhooks: Arc::new(StripeWebhooks::new(&stripe)),
            payments: Arc::new(StripePayments::new(stripe)?),
            mail_webhooks: Arc::new(BrevoWebhooks::new(&brevo)),
            mailer: Arc::new(BrevoMailer::new(brevo)?),
            storage: Arc::new(S3Storage::new(&storage(vendors, doubles)?)?),
            writer: Arc::new(writer(vendors, doubles)?),
            certificates: Arc::new(AdemeCertificates::new(
                ademe(place, vendors, doubles),
                Arc::new(SystemClock),
                pool.clone(),
            )?),
            printer: Arc::new(printer(place)?),
            signer: signer(vendors)?,
            links: Arc::new(DerivedLinks::new(pool.clone(), &link_secret(place, vendors)?)?),
        })
    }
}

/// The model that writes.
///
/// # Errors
/// When it has neither key nor double, or its price is unknown.
pub fn writer(vendors: &Vendors, doubles: Option<Doubles>) -> anyhow::Result<AnthropicWriter> {
    Ok(AnthropicWriter::new(anthropic(vendors, doubles)?, Arc::new(SystemClock))?)
}

fn double(doubles: Option<Doubles>, variable: &str) -> anyhow::Result<Doubles> {
    doubles.with_context(|| format!("{variable} is missing and there is no sandbox to stand in"))
}

fn stripe(place: &Place, vendors: &Vendors, doubles: Option<Doubles>) -> anyhow::Result<StripeConfig> {
    let livemode = place.environment == Environment::Production;
    let (Some(secret_key), Some(secrets)) = (&vendors.stripe_key, &vendors.stripe_webhook_secret) else {
        let at = double(doubles, "LOBSTER_STRIPE_KEY")?;
        return Ok(StripeConfig {
            base_url: format!("http://{}/stripe/", at.http),
            secret_key: Secret::new("sk_test_sandbox"),
            webhook_secrets: vec![Secret::new(SANDBOX_STRIPE_SECRET)],
            livemode,
        });
    };
    let webhook_secrets = secrets.reveal().split(',').map(|secret| Secret::new(secret.trim())).collect();
    Ok(StripeConfig { base_url: vendors.stripe_url.clone(), secret_key: secret_key.clone(), webhook_secrets, livemode })
}

fn anthropic(vendors: &Vendors, doubles: Option<Doubles>) -> anyhow::Result<AnthropicConfig> {
    let (base_url, api_key) = match &vendors.anthropic_key {
        Some(key) => (vendors.anthropic_url.clone(), key.clone()),
        None => {
            let at = double(doubles, "LOBSTER_ANTHROPIC_KEY")?;
            (format!("http://{}/anthropic", at.http), Secret::new("sk-ant-sandbox"))
        }
    };
    Ok(AnthropicConfig {
        base_url,
        api_key,
        model: vendors.anthropic_model.clone(),
        price: None,
        stream: vendors.anthropic_stream,
        budget_cents: vendors.anthropic_budget_cents,
        deadline: NARRATIVE_DEADLINE,
    })
}

fn brevo(vendors: &Vendors, doubles: Option<Doubles>) -> anyhow::Result<BrevoConfig> {
    let (base_url, api_key, webhook_token) = match (&vendors.brevo_key, &vendors.brevo_webhook_token) {
        (Some(key), Some(token)) => (vendors.brevo_url.clone(), key.clone(), token.clone()),
        _ => {
            let at = double(doubles, "LOBSTER_BREVO_KEY")?;
            let token = Secret::new(SANDBOX_BREVO_TOKEN);
            (format!("http://{}/brevo/v3", at.http), Secret::new("xkeysib-sandbox"), token)
        }
    };
    let (sender_email, sender_name) = (vendors.mail_from.clone(), "LObsTer".to_owned());
    Ok(BrevoConfig { base_url, api_key, sender_email, sender_name, webhook_token })
}

fn ademe(place: &Place, vendors: &Vendors, doubles: Option<Doubles>) -> AdemeConfig {
    let contact = vendors.contact.clone();
    match (&vendors.ademe_url, doubles) {
        (Some(url), _) => AdemeConfig { base_url: url.clone(), contact, synthetic: false },
        (None, Some(at)) if place.environment == Environment::Sandbox => {
            AdemeConfig { base_url: format!("http://{}/ademe/data-fair/api/v1", at.http), contact, synthetic: true }
        }
        (None, _) => AdemeConfig { base_url: ADEME.to_owned(), contact, synthetic: false },
    }
}

/// Where objects are kept.
pub fn storage(vendors: &Vendors, doubles: Option<Doubles>) -> anyhow::Result<S3Config> {
    let bucket = vendors.s3_bucket.clone();
    let region = vendors.s3_region.clone();
    let endpoint = match (&vendors.s3_endpoint, &vendors.r2_account) {
        (Some(url), _) => Some(S3Endpoint::Custom { url: url.clone(), region: region.clone() }),
        (None, Some(account)) => Some(S3Endpoint::R2 { account_id: account.clone(), eu: vendors.r2_eu }),
        (None, None) => None,
    };
    let (Some(endpoint), Some(access_key), Some(secret_key)) =
        (endpoint, &vendors.s3_access_key, &vendors.s3_secret_key)
    else {
        let at = double(doubles, "LOBSTER_S3_ACCESS_KEY")?;
        let endpoint = S3Endpoint::Custom { url: format!("http://{}", at.s3), region };
        let (access_key, secret_key) = (Secret::new("sandboxkey"), Secret::new("sandboxsecret"));
        return Ok(S3Config { endpoint, bucket, access_key, secret_key });
    };
    Ok(S3Config { endpoint, bucket, access_key: access_key.clone(), secret_key: secret_key.clone() })
}

/// The printer with the fonts that the binary carries, unpacked under the home folder.
pub fn printer(place: &Place) -> anyhow::Result<ChromiumPrinter> {
    let fonts_dir = place.home.join("fonts");
    std::fs::create_dir_all(&fonts_dir).with_context(|| format!("cannot make {}", fonts_dir.display()))?;
    for (name, bytes) in studies::pages::FONTS {
        let file = fonts_dir.join(name);
        if std::fs::read(&file).ok().as_deref() != Some(bytes) {
            std::fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
        }
    }
    let config = ChromiumConfig {
        binary: place.chromium.clone(),
        fonts_dir: fonts_dir.canonicalize()?,
        work_dir: place.home.join("browser"),
        sandbox: match place.environment {
            Environment::Production => Sandbox::Required,
            Environment::Sandbox => Sandbox::WherePossible,
        },
    };
    Ok(ChromiumPrinter::new(&config)?)
}

/// What signs reports, when a key is configured.
#[cfg(feature = "signature")]
fn signer(vendors: &Vendors) -> anyhow::Result<Option<Arc<dyn Signer>>> {
    use infra::signature::{PadesSigner, SignatureConfig};
    let (Some(key), Some(certificate)) = (&vendors.signature_key, &vendors.signature_certificate) else {
        return Ok(None);
    };
    let config = SignatureConfig { key: key.clone(), certificate: certificate.clone() };
    Ok(Some(Arc::new(PadesSigner::new(&config)?)))
}

/// A binary that cannot sign: `Vendors::faults` has told whoever configured a key.
#[cfg(not(feature = "signature"))]
fn signer(_: &Vendors) -> anyhow::Result<Option<Arc<dyn Signer>>> {
    Ok(None)
}

/// The configured key, or the one that this sandbox made for itself at its first start.
fn link_secret(place: &Place, vendors: &Vendors) -> anyhow::Result<Secret> {
    if let Some(secret) = &vendors.link_secret {
        return Ok(secret.clone());
    }
    anyhow::ensure!(place.environment == Environment::Sandbox, "LOBSTER_LINK_SECRET is missing");
    kept_secret(&place.home.join("link.secret"))
}

/// The key that signs heads of the log: the configured one, or the one that this sandbox made for itself.
pub fn audit_key(place: &Place, vendors: &Vendors) -> anyhow::Result<AuditKey> {
    if let Some(key) = &vendors.audit_key {
        return Ok(AuditKey::new(key)?);
    }
    anyhow::ensure!(place.environment == Environment::Sandbox, "LOBSTER_AUDIT_KEY is missing");
    std::fs::create_dir_all(&place.home).with_context(|| format!("cannot make {}", place.home.display()))?;
    let file = place.home.join("audit.key");
    AuditKey::new(&kept_secret(&file)?).with_context(|| format!("{} holds no key", file.display()))
}

/// Keys whose signatures count: today's and the former ones.
pub fn trusted_keys(key: &AuditKey, vendors: &Vendors) -> anyhow::Result<Vec<PublicKey>> {
    let former = vendors.audit_former_keys.iter().map(|text| Ok(text.parse()?));
    std::iter::once(Ok(key.public())).chain(former).collect()
}

/// Reads a secret file, making it (mode 0600, written whole) when there is none.
fn kept_secret(file: &Path) -> anyhow::Result<Secret> {
    use std::os::unix::fs::OpenOptionsExt as _;
    if let Ok(kept) = std::fs::read_to_string(file)
        && kept.len() >= 32
    {
        return Ok(Secret::new(kept));
    }
    let mut random = [0_u8; 32];
    std::io::Read::read_exact(&mut std::fs::File::open("/dev/urandom")?, &mut random)?;
    let secret = hex::encode(random);
    let draft = file.with_extension("new");
    let mut options = std::fs::OpenOptions::new();
    let mut out = options.create(true).write(true).truncate(true).mode(0o600).open(&draft)?;
    std::io::Write::write_all(&mut out, secret.as_bytes())?;
    out.sync_all()?;
    std::fs::rename(&draft, file).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(Secret::new(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_made_once_and_kept_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = std::env::temp_dir().join(format!("lobster-secret-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("link.secret");
        let first = kept_secret(&file).unwrap();
        assert_eq!(kept_secret(&file).unwrap(), first);
        assert_eq!(first.reveal().len(), 64);
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
