//! ADEME's open data: how many energy performance certificates a territory has, by label.

mod counts;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::ports::{CertificateCounts, Clock, EnergyCertificates, PortError};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use crate::http::{Answer, Backoff, ClientError, Fault, Http, Policy, USER_AGENT};

const SERVICE: &str = "ademe";
/// Existing dwellings since July 2021.
const DATASET: &str = "dpe03existant";
/// The gateway's limits are per address, and a commune takes several questions.
const AT_ONCE: usize = 2;
/// A 429 comes without a wish: its window is one minute.
const LIMIT_WINDOW: Duration = Duration::from_secs(60);

/// Where certificates are asked for.
#[derive(Debug, Clone)]
pub struct AdemeConfig {
    /// `https://data.ademe.fr/data-fair/api/v1`, or the sandbox; a final slash is optional.
    pub base_url: String,
    /// An address that ADEME may write to; without a name in `User-Agent` it answers nobody.
    pub contact: String,
    /// The answers come from a double, and are marked so.
    pub synthetic: bool,
}

/// The certificates port on data-fair's aggregations.
pub struct AdemeCertificates {
    http: Http,
    config: AdemeConfig,
    clock: Arc<dyn Clock>,
    slots: Semaphore,
    url: String,
}

impl AdemeCertificates {
    /// # Errors
    /// When no HTTP client can be made of the contact.
    pub fn new(config: AdemeConfig, clock: Arc<dyn Clock>) -> Result<Self, ClientError> {
        let policy = Policy {
            service: SERVICE,
            attempts: 4,
            timeout: Duration::from_secs(15),
            patience: Duration::from_secs(100),
            backoff: Backoff { first: Duration::from_secs(1), factor: 5, cap: Duration::from_secs(30) },
        };
        let http = Http::named(policy, &format!("{USER_AGENT} (+mailto:{})", config.contact))?;
        let url = format!("{}/datasets/{DATASET}/values_agg", config.base_url.trim_end_matches('/'));
        Ok(Self { http, config, clock, slots: Semaphore::new(AT_ONCE), url })
    }

    fn read(&self, answer: &Answer) -> Result<CertificateCounts, Fault> {
        refuse_failures(answer)?;
        let counts = counts::read(&answer.body).map_err(Fault::passing)?;
        Ok(CertificateCounts {
            by_label: counts.by_label,
            total: counts.total,
            asof: self.clock.now(),
            dataset: DATASET.to_owned(),
            answer_sha256: hex::encode(Sha256::digest(&answer.body)),
            synthetic: self.config.synthetic,
        })
    }
}

#[async_trait]
impl EnergyCertificates for AdemeCertificates {
    async fn by_label(&self, communes: &[String]) -> Result<CertificateCounts, PortError> {
        let query =
            query(communes).ok_or_else(|| self.http.refused("a commune code is not made of five characters"))?;
        let _slot = self.slots.acquire().await;
        self.http
            .call(
                "values_agg",
                |client| {
                    client.get(&self.url).query(&[
                        ("field", "etiquette_dpe"),
                        ("agg_size", "20"),
                        ("qs", query.as_str()),
                    ])
                },
                |answer| self.read(&answer),
            )
            .await
    }
}

/// `code_insee_ban:44109`, or all arrondissements of a city joined by OR. Codes are checked: the query language of the
/// site would understand more than codes.
fn query(communes: &[String]) -> Option<String> {
    let is_code = |code: &String| code.len() == 5 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if communes.is_empty() || !communes.iter().all(is_code) {
        return None;
    }
    Some(match communes {
        [code] => format!("code_insee_ban:{code}"),
        codes => format!("code_insee_ban:({})", codes.join(" OR ")),
    })
}

/// Status and type come before the body: the gateway's refusals are HTML, the site's limits are plain text.
fn refuse_failures(answer: &Answer) -> Result<(), Fault> {
    let message = answer.summary();
    match answer.status {
        200 if answer.is_json() => Ok(()),
        200 => Err(Fault::passing(format!("{message} is no JSON"))),
        429 => Err(Fault::Passing { message, after: answer.retry_after().or(Some(LIMIT_WINDOW)) }),
        408 | 500..=599 => Err(Fault::passing(message)),
        _ => Err(Fault::Lasting(PortError::Refused { service: SERVICE, message })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(given: &[&str]) -> Vec<String> {
        given.iter().map(|&code| code.to_owned()).collect()
    }

    #[test]
    fn arrondissements_are_asked_together() {
        assert_eq!(query(&codes(&["44109"])).as_deref(), Some("code_insee_ban:44109"));
        assert_eq!(query(&codes(&["69381", "69382"])).as_deref(), Some("code_insee_ban:(69381 OR 69382)"));
    }

    #[test]
    fn only_codes_enter_a_query() {
        for bad in [&[][..], &["4410"], &["44109", "* OR"], &["44 09"], &["4410é"]] {
            assert_eq!(query(&codes(bad)), None, "{bad:?}");
        }
    }
}
