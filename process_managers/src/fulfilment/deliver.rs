//! From the stored report to the customer: the order is delivered first, the mail follows.

use chrono::Days;
use domain::{
    fact::FactSheet,
    identity,
    order::OrderCommand,
    ports::{LinkKind, Mail, PortError},
    report::ReportState,
};
use uuid::Uuid;

use super::{
    artefacts,
    jobs::{known, report_number, study_of},
    mail::{self, Delivery},
};
use crate::{JobFailure, Ports, Task};

/// How long the link in the mail opens the report.
const LINK_DAYS: Days = Days::new(30);
const MAIL_KIND: &str = "delivery";

pub(super) async fn deliver_order(ports: &Ports, task: &Task, id: Uuid) -> Result<(), JobFailure> {
    let report = ports.commands.load_report(id).await?;
    let deliver = OrderCommand::Deliver { report: id, version: report.version };
    ports.commands.order(task.order, deliver, task.context("deliver")).await?;
    Ok(())
}

/// Issues the first link and mails it. Token, link number, mail key and dates are all derived: a retry repeats itself.
pub(super) async fn send(ports: &Ports, task: &Task, id: Uuid) -> Result<(), JobFailure> {
    if !is_owed(ports, task).await? {
        return Ok(());
    }
    let expires_at = task.at + LINK_DAYS;
    let link = ports.links.open(task.order, LinkKind::Download, 1, Some(expires_at)).await?;
    let issue = OrderCommand::IssueDownloadLink { number: 1, expires_at };
    ports.commands.order(task.order, issue, task.context("link")).await?;
    // Money may have gone back while the link was made: then it opens nothing, and none was issued.
    if !is_owed(ports, task).await? {
        return Ok(());
    }
    let Some(contact) = ports.contacts.of_order(task.order).await? else {
        tracing::warn!(order = %task.order, "order has no contact any more: delivered without a mail");
        return Ok(());
    };
    let report = ports.commands.load_report(id).await?;
    if report.state() != ReportState::Stored {
        return Err(JobFailure::Broken(format!("report {id} is not stored: nothing to announce")));
    }
    let storage = ports.storage.as_ref();
    let sheet: FactSheet = artefacts::fetch(storage, known(report.sheet_sha256.as_ref(), "fact sheet")?).await?;
    let stored = storage.head(known(report.stored_key.as_ref(), "stored file")?).await?;
    let name = sheet.facts.values().find(|fact| fact.scope.code == report.commune);
    let rendered = mail::render(&Delivery {
        etude: study_of(ports, &report)?.sheet().title,
        commune: name.map_or(report.commune.as_str(), |fact| fact.scope.name.as_str()),
        code: &report.commune,
        taille: mail::size(stored.bytes),
        lien: format!("{}/r/{}", ports.public_url, link.token),
        echeance: studies::pages::long_date(expires_at.date_naive()),
        empreinte: known(report.delivered_sha256(), "PDF")?,
        numero: report_number(id),
        specimen: sheet.is_specimen(),
    })?;
    let key = identity::mail_key(task.order, MAIL_KIND);
    let (to, tag) = (contact.email, "livraison");
    let mail = Mail { key, to, subject: rendered.subject, text: rendered.text, html: rendered.html, tag };
    let message_id = match ports.mailer.send(&mail).await {
        Ok(sent) => sent.unwrap_or_else(|| format!("key:{key}")),
        // The order page serves the report anyway; a bad address is for support to see, not for the order to fail.
        Err(PortError::Refused { service, message }) => {
            tracing::error!(order = %task.order, service, message, "the delivery mail was refused");
            metrics::counter!("lobster_mail_refused_total").increment(1);
            return fail_mail(ports, task, "refused").await;
        }
        Err(error) => return Err(error.into()),
    };
    let record = OrderCommand::RecordEmailSent { kind: MAIL_KIND.to_owned(), message_id };
    ports.commands.order(task.order, record, task.context("mail")).await?;
    Ok(())
}

/// Whether the customer is still to be told: by now the money may have gone back, or another worker may have told. The
/// vendor knows a mail's key for a quarter of an hour, and attempts go on for longer.
async fn is_owed(ports: &Ports, task: &Task) -> Result<bool, JobFailure> {
    let order = ports.commands.load_order(task.order).await?;
    let owed = order.may_download() && !order.was_mailed();
    if !owed {
        tracing::info!(order = %task.order, "refunded, disputed or mailed already: no mail is sent");
    }
    Ok(owed)
}

/// The mail was not sent and will not be: `reason` is `refused` or `unreachable`.
pub(super) async fn fail_mail(ports: &Ports, task: &Task, reason: &str) -> Result<(), JobFailure> {
    let failed = OrderCommand::RecordEmailFailure { kind: MAIL_KIND.to_owned(), reason: reason.to_owned() };
    ports.commands.order(task.order, failed, task.context("mail-failed")).await?;
    Ok(())
}
