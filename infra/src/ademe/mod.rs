//! ADEME's open data: how many energy performance certificates a territory has, by label, and what they
//! measure.

mod counts;
mod kept;
mod median;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::{DateTime, SubsecRound as _, Utc};
use domain::ports::{CertificateCounts, CertificateMeasure, CertificateMedian, Clock, EnergyCertificates, PortError};
use sha2::{Digest, Sha256};
use sqlx::PgPool;
use tokio::sync::Semaphore;

use self::kept::{Asked, FRESH, Kept, USABLE};
use crate::http::{Answer, Backoff, ClientError, Fault, Http, Policy, Terms, USER_AGENT, alert};

const SERVICE: &str = "ademe";
/// Existing dwellings since July 2021.
const DATASET: &str = "dpe03existant";
/// The gateway's limits are per address, and a commune takes several questions.
const AT_ONCE: usize = 2;
/// A 429 comes without a wish: its window is one minute.
const LIMIT_WINDOW: Duration = Duration::from_secs(60);
/// More codes than any commune has, more labels than exist: nothing may fall into « other ».
const GROUPS: &str = "1000";

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

/// The certificates port on data-fair's aggregations, with the answers of the last weeks behind it.
pub struct AdemeCertificates {
    http: Http,
    config: AdemeConfig,
    clock: Arc<dyn Clock>,
    answers: PgPool,
    slots: Semaphore,
    url: String,
}

impl AdemeCertificates {
    /// `answers` is a connection that may read and add rows of `app.ademe_answers`.
    ///
    /// # Errors
    /// When no HTTP client can be made of the contact.
    pub fn new(config: AdemeConfig, clock: Arc<dyn Clock>, answers: PgPool) -> Result<Self, ClientError> {
        let policy = Policy {
            service: SERVICE,
            attempts: 4,
            timeout: Duration::from_secs(15),
            patience: Duration::from_secs(100),
            backoff: Backoff { first: Duration::from_secs(1), factor: 5, cap: Duration::from_secs(30) },
        };
        let http = Http::named(policy, &format!("{USER_AGENT} (+mailto:{})", config.contact))?
            .breaking(Terms { failures: 5, pause: Duration::from_secs(60) });
        let url = format!("{}/datasets/{DATASET}", config.base_url.trim_end_matches('/'));
        Ok(Self { http, config, clock, answers, slots: Semaphore::new(AT_ONCE), url })
    }

    fn counts(&self, kept: &Kept, communes: &[String], fallback: bool) -> Result<CertificateCounts, String> {
        let counts = counts::read(&kept.body, communes)?;
        Ok(CertificateCounts {
            by_label: counts.by_label,
            total: counts.total,
            asof: kept.extracted_at,
            fallback,
            dataset: DATASET.to_owned(),
            answer_sha256: hex::encode(Sha256::digest(&kept.body)),
            synthetic: self.config.synthetic,
        })
    }

    async fn labelled(&self, communes: &[String], field: &str) -> Result<CertificateCounts, PortError> {
        let filter = self.filter(communes)?;
        let query = [("field", field), ("agg_size", GROUPS), ("qs", filter.as_str())];
        self.answer("values_agg", &query, communes, |kept, fallback| self.counts(kept, communes, fallback)).await
    }

    fn filter(&self, communes: &[String]) -> Result<String, PortError> {
        filter(communes).ok_or_else(|| self.http.refused("a commune code is not made of five characters"))
    }

    /// An answer of this week, or a new one, or one of the last ninety days when ADEME is away.
    async fn answer<T>(
        &self,
        operation: &'static str,
        query: &[(&str, &str)],
        communes: &[String],
        read: impl Fn(&Kept, bool) -> Result<T, String> + Send + Sync,
    ) -> Result<T, PortError> {
        let asked = Asked {
            dataset: DATASET,
            territory: communes.join(","),
            query_sha256: hex::encode(Sha256::digest(format!("{query:?}"))),
            synthetic: self.config.synthetic,
        };
        let now = self.clock.now();
        if let Some(answer) = self.kept(&asked, now - FRESH, |kept| read(kept, false)).await {
            return Ok(answer);
        }
        match self.ask(operation, query, |kept| read(kept, false)).await {
            Ok((kept, answer)) => {
                // The answer is in hand and its digest in the report: a store that fails costs a question, no order.
                if let Err(error) = kept::keep(&self.answers, &asked, &kept).await {
                    let sha256 = hex::encode(Sha256::digest(&kept.body));
                    tracing::error!(%error, sha256, "an answer of ADEME could not be kept");
                }
                Ok(answer)
            }
            Err(error) => {
                let older = self.kept(&asked, now - USABLE, |kept| read(kept, true)).await.ok_or(error)?;
                metrics::counter!("lobster_ademe_fallbacks_total").increment(1);
                tracing::warn!(territory = asked.territory, "ADEME is away: an older answer stands in");
                Ok(older)
            }
        }
    }

    /// An answer of before, if there is one that can be read; a store that does not answer is as good as none.
    async fn kept<T>(
        &self,
        asked: &Asked,
        since: DateTime<Utc>,
        read: impl Fn(&Kept) -> Result<T, String>,
    ) -> Option<T> {
        let kept = kept::latest(&self.answers, asked, since).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "kept answers of ADEME cannot be read");
            None
        })?;
        read(&kept).inspect_err(|error| tracing::warn!(error, "a kept answer of ADEME is not understood")).ok()
    }

    async fn ask<T>(
        &self,
        operation: &'static str,
        query: &[(&str, &str)],
        read: impl Fn(&Kept) -> Result<T, String> + Send + Sync,
    ) -> Result<(Kept, T), PortError> {
        let _slot = self.slots.acquire().await;
        let url = format!("{}/{operation}", self.url);
        self.http
            .call(
                operation,
                |client| client.get(&url).query(query),
                |answer| {
                    refuse_failures(&answer)?;
                    // As fine as the store keeps it: the answer of now and that of tomorrow are the same answer.
                    let kept = Kept { body: answer.body, extracted_at: self.clock.now().trunc_subsecs(6) };
                    let answer = read(&kept).map_err(Fault::passing)?;
                    Ok((kept, answer))
                },
            )
            .await
    }
}

#[async_trait]
impl EnergyCertificates for AdemeCertificates {
    async fn by_label(&self, communes: &[String]) -> Result<CertificateCounts, PortError> {
        self.labelled(communes, "code_insee_ban,etiquette_dpe").await
    }

    async fn by_climate_label(&self, communes: &[String]) -> Result<CertificateCounts, PortError> {
        self.labelled(communes, "code_insee_ban,etiquette_ges").await
    }

    async fn median(
        &self,
        communes: &[String],
        measure: CertificateMeasure,
        certificates: i64,
    ) -> Result<CertificateMedian, PortError> {
        let filter = self.filter(communes)?;
        let field = match measure {
            CertificateMeasure::Consumption => "conso_5_usages_par_m2_ep",
            CertificateMeasure::Emissions => "emission_ges_5_usages_par_m2",
        };
        let query = [("metric", "percentiles"), ("percents", "50"), ("field", field), ("qs", filter.as_str())];
        let read = |kept: &Kept, fallback| {
            let median = median::read(&kept.body, certificates)?;
            Ok(CertificateMedian {
                value: median.value,
                total: median.total,
                asof: kept.extracted_at,
                fallback,
                dataset: DATASET.to_owned(),
                answer_sha256: hex::encode(Sha256::digest(&kept.body)),
                synthetic: self.config.synthetic,
            })
        };
        self.answer("metric_agg", &query, communes, read).await
    }
}

/// `code_insee_ban:44109`, or all codes of a territory joined by OR. Codes are checked: the query language of the site
/// would understand more than codes.
fn filter(communes: &[String]) -> Option<String> {
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
        408 | 500 | 502..=599 => Err(Fault::Passing { message, after: answer.retry_after() }),
        _ => {
            // Our question has not changed: their columns have, or their gateway.
            alert(SERVICE, "question_refused", &message);
            Err(Fault::Lasting(PortError::Refused { service: SERVICE, message }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(given: &[&str]) -> Vec<String> {
        given.iter().map(|&code| code.to_owned()).collect()
    }

    #[test]
    fn codes_of_a_territory_are_asked_together() {
        assert_eq!(filter(&codes(&["44109"])).as_deref(), Some("code_insee_ban:44109"));
        assert_eq!(filter(&codes(&["69381", "69382"])).as_deref(), Some("code_insee_ban:(69381 OR 69382)"));
    }

    #[test]
    fn only_codes_enter_a_query() {
        for bad in [&[][..], &["4410"], &["44109", "* OR"], &["44 09"], &["4410é"]] {
            assert_eq!(filter(&codes(bad)), None, "{bad:?}");
        }
    }
}
