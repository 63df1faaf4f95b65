//! An order as its customer sees it. Everything comes from the read models; nothing is guessed.

use std::time::Duration;

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use domain::{
    money,
    ports::{LinkKind, LinkState},
};
use projections::{order_summary::query::OrderSummary, report_status::query::ReportStatus};
use serde::Serialize;
use tokio::time::Instant;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    status::{DisputeState, MailState, OrderStatus},
    steps::{self, Step},
};
use crate::{
    deps::Deps,
    problem::Problem,
    shop,
    studies::whole_seconds,
    views::{DroppedPage, EligibilityState, Price, Zone},
};

/// Time the read models are given to catch up with a command that has just been carried out.
const CATCH_UP: Duration = Duration::from_secs(3);
const LOOK_EVERY: Duration = Duration::from_millis(25);
/// The read models that an [`OrderView`] is made from.
pub const SHOWS: [&str; 3] = ["order_summary", "report_status", "catalogue"];

/// The study that was ordered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderedStudy {
    code: String,
    title: String,
}

/// How long such reports took, from payment to delivery, over the last fifty.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExpectedSeconds {
    median: i64,
    p90: i64,
}

/// What was announced before the payment.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Announced {
    status: EligibilityState,
    /// The pages that were said to be missing.
    dropped_pages: Vec<DroppedPage>,
}

/// The finished report.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Download {
    /// Our own link, relative to this site.
    url: String,
    filename: String,
    bytes: i64,
    /// Lower-case hex of the file.
    sha256: String,
    /// Every figure with its provenance, for a spreadsheet.
    csv_url: String,
    /// The same as data, in full.
    json_url: String,
}

/// An order in full.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OrderView {
    pub order_id: Uuid,
    pub status: OrderStatus,
    study: OrderedStudy,
    commune: Zone,
    /// `null` for the seconds in which the read model is made again.
    #[schema(required = true)]
    announced: Option<Announced>,
    price: Price,
    placed_at: DateTime<Utc>,
    #[schema(required = true)]
    paid_at: Option<DateTime<Utc>>,
    #[schema(required = true)]
    delivered_at: Option<DateTime<Utc>>,
    /// While a payment page is open.
    #[schema(required = true)]
    payment_url: Option<String>,
    /// What went back of the order's payment, in cents.
    refunded_cents: i64,
    /// While the download is closed because of it.
    #[schema(required = true)]
    dispute: Option<DisputeState>,
    /// Of the delivery mail, once there is one.
    #[schema(required = true)]
    mail: Option<MailState>,
    /// A new payment page may be asked for.
    can_pay_again: bool,
    can_cancel: bool,
    /// The report is the customer's, and its last link does not open any more.
    can_renew_link: bool,
    steps: Vec<Step>,
    #[schema(required = true)]
    expected_seconds: Option<ExpectedSeconds>,
    #[schema(required = true)]
    download: Option<Download>,
    /// The first letter and the domain.
    email_masked: String,
    /// Position in the log of the last event that this shows.
    pub position: i64,
    /// The report rests on generated data.
    specimen: bool,
    /// A link was made once, even if it has expired since.
    #[serde(skip)]
    link_issued: bool,
}

impl OrderView {
    /// Nothing more will happen by itself: the live stream may end.
    pub fn is_final(&self) -> bool {
        match self.status {
            OrderStatus::Pending | OrderStatus::Awaiting | OrderStatus::Paid | OrderStatus::Held => false,
            OrderStatus::Delivered => self.link_issued,
            OrderStatus::Failed | OrderStatus::Expired | OrderStatus::Cancelled | OrderStatus::Refunded => true,
        }
    }
}

/// The summary of an order that is known to exist, once the read models have it.
pub async fn summary(deps: &Deps, order: Uuid) -> Result<OrderSummary, Problem> {
    let deadline = Instant::now() + CATCH_UP;
    loop {
        if let Some(summary) = projections::order_summary::query::find(&deps.read, order).await? {
            return Ok(summary);
        }
        if Instant::now() >= deadline {
            return Err(Problem::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "order.not_ready",
                "Commande en cours d’enregistrement",
            )
            .detail("Votre commande est prise en compte\u{a0}; sa page sera prête dans quelques secondes.")
            .retry_after(2));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// The price that was agreed when the order was placed.
pub fn agreed_price(order: &OrderSummary) -> money::Price {
    money::Price {
        ht_cents: order.ht_cents,
        vat_cents: order.vat_cents,
        ttc_cents: order.ttc_cents,
        vat_rate_bp: order.vat_rate_bp,
        currency: order.currency.clone(),
    }
}

/// An order in full once its row is as wished, or as it is after a while: the log has it already.
pub async fn load_when(
    deps: &Deps,
    order: Uuid,
    wished: impl Fn(&OrderSummary) -> bool + Send,
) -> Result<OrderView, Problem> {
    let deadline = Instant::now() + CATCH_UP;
    while !wished(&summary(deps, order).await?) && Instant::now() < deadline {
        tokio::time::sleep(LOOK_EVERY).await;
    }
    load(deps, order).await
}

/// An order in full, as of now.
pub async fn load(deps: &Deps, order: Uuid) -> Result<OrderView, Problem> {
    let order = summary(deps, order).await?;
    let id = order.order_id;
    let report = projections::report_status::query::latest_of_order(&deps.read, id).await?;
    let stats = projections::catalogue::query::all(&deps.read).await?;
    let (study, commune, contact) = tokio::try_join!(
        shop::study(deps, &order.study),
        deps.territories.commune(&order.commune),
        deps.contacts.of_order(id),
    )?;
    let specimen = match report.as_ref().and_then(|report| report.specimen) {
        Some(known) => known,
        None => shop::is_specimen(deps, &order.study).await?,
    };
    let status = OrderStatus::read(&order.status)?;
    let stats = stats.iter().find(|stats| stats.study == order.study);
    let expected = stats.and_then(|stats| whole_seconds(stats.median_seconds).zip(whole_seconds(stats.p90_seconds)));
    let download = download(deps, &order, report.as_ref()).await?;
    Ok(OrderView {
        order_id: id,
        status,
        steps: steps::steps(&order, status, report.as_ref()),
        refunded_cents: order.refunded_cents,
        dispute: DisputeState::read(order.disputed.as_deref())?,
        mail: MailState::read(order.mail_state.as_deref())?,
        can_pay_again: status == OrderStatus::Expired,
        can_cancel: matches!(status, OrderStatus::Pending | OrderStatus::Expired),
        can_renew_link: order.may_download() && order.link_number > 0 && download.is_none(),
        download,
        study: OrderedStudy {
            title: study.map_or_else(|| order.study.clone(), |study| study.title.to_owned()),
            code: order.study.clone(),
        },
        commune: Zone {
            nom: commune.map_or_else(|| order.commune.clone(), |page| page.commune.nom),
            code: order.commune.clone(),
        },
        announced: announced(&order)?,
        price: Price::from(&agreed_price(&order)),
        placed_at: order.placed_at,
        paid_at: order.paid_at,
        delivered_at: order.delivered_at,
        payment_url: order.payment_url.clone().filter(|_| status == OrderStatus::Pending),
        expected_seconds: expected.map(|(median, p90)| ExpectedSeconds { median, p90 }),
        email_masked: contact.map_or_else(|| "adresse effacée".to_owned(), |contact| masked(&contact.email)),
        position: report.as_ref().map_or(order.position, |report| report.position.max(order.position)),
        specimen,
        link_issued: order.link_number > 0,
    })
}

fn announced(order: &OrderSummary) -> Result<Option<Announced>, Problem> {
    let Some(status) = order.eligibility.as_deref() else { return Ok(None) };
    let dropped_pages = order.dropped_pages.iter().cloned().map(DroppedPage::from).collect();
    Ok(Some(Announced { status: EligibilityState::read(status)?, dropped_pages }))
}

/// The report's link, while it opens.
async fn download(
    deps: &Deps,
    order: &OrderSummary,
    report: Option<&ReportStatus>,
) -> Result<Option<Download>, Problem> {
    let (Some(report), Ok(number @ 1..)) = (report, u32::try_from(order.link_number)) else { return Ok(None) };
    if !order.may_download() {
        return Ok(None);
    }
    let (Some(filename), Some(bytes), Some(sha256)) = (&report.filename, report.bytes, &report.sha256) else {
        return Ok(None);
    };
    let token = deps.links.derive(order.order_id, LinkKind::Download, number);
    let state = deps.links.resolve(LinkKind::Download, &token, deps.clock.now()).await?;
    let opens = matches!(state, LinkState::Open { .. });
    Ok(opens.then(|| Download {
        csv_url: format!("/r/{token}/chiffres.csv"),
        json_url: format!("/r/{token}/chiffres.json"),
        url: format!("/r/{token}"),
        filename: filename.clone(),
        bytes,
        sha256: sha256.clone(),
    }))
}

fn masked(email: &str) -> String {
    match email.rsplit_once('@') {
        Some((name, domain)) => format!("{}•••@{domain}", name.chars().next().unwrap_or('•')),
        None => "•••".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_shows_its_first_letter_and_its_domain() {
        assert_eq!(masked("agent@ville.example"), "a•••@ville.example");
        assert_eq!(masked("@ville.example"), "••••@ville.example");
        assert_eq!(masked("illisible"), "•••");
    }
}
