//! The part of a story between payment and mail: how the report was made.

use std::collections::BTreeMap;

use chrono::Days;
use domain::{
    command::Actor,
    identity,
    order::{MailStatus, OrderCommand},
    report::{Answer, Author, DatasetUse, ErrorClass, Rendering, ReportCommand, Step},
};
use process_managers::{Job, fulfilment::Job as Making};
use uuid::Uuid;

use super::story::Story;

impl Story<'_> {
    pub(super) async fn collect(&self, paid: Uuid) -> anyhow::Result<Uuid> {
        let (report, version) = (self.report, 1);
        let request = ReportCommand::Request {
            order: self.id,
            version,
            study: self.study.to_owned(),
            commune: self.commune.to_owned(),
        };
        let requested = self.made(Making::RequestReport { report, version }, paid, "request", request).await?;
        let datasets = ["lovac", "rp_housing", "anil_loyers"].map(|dataset| DatasetUse {
            dataset: dataset.to_owned(),
            vintage: "2024".to_owned(),
            load: "seed".to_owned(),
            synthetic: true,
        });
        let facts = ReportCommand::RecordFacts {
            sheet_sha256: self.digest("sheet"),
            n: 220,
            by_status: BTreeMap::from([("ok".to_owned(), 204), ("missing".to_owned(), 9), ("secret".to_owned(), 7)]),
            datasets: datasets.to_vec(),
            specimen: true,
        };
        self.made(Making::CollectFacts { report }, requested, "facts", facts).await
    }

    pub(super) async fn fail(&self, collected: Uuid) -> anyhow::Result<()> {
        let accepted = self.write(collected).await?;
        let (report, step, class) = (self.report, Step::Print, ErrorClass::Internal);
        for attempt in 1..=6 {
            let told = ReportCommand::RecordFailure { step, class, attempt };
            self.made(Making::PrintReport { report }, accepted, &format!("failed:{attempt}"), told).await?;
        }
        let failed =
            self.made(Making::PrintReport { report }, accepted, "gave-up", ReportCommand::Fail { step, class }).await?;
        let fail = OrderCommand::Fail { report, step: "print".to_owned() };
        self.ordered(Job::Fulfilment(Making::FailOrder { report, step }), failed, "fail", fail).await?;
        Ok(())
    }

    /// By the model in most orders, some of its blocks refused; by the rules where it did not answer.
    pub(super) async fn write(&self, collected: Uuid) -> anyhow::Result<Uuid> {
        let report = self.report;
        let (cause, job, author, rejected) = if self.dice.roll(5, 12) == 0 {
            let told = ReportCommand::RecordFailure { step: Step::Write, class: ErrorClass::Transient, attempt: 1 };
            self.made(Making::AskModel { report }, collected, "failed:1", told).await?;
            (collected, Making::AskModel { report }, Author::Rules, vec![])
        } else {
            let answer = ReportCommand::RecordAnswer(Answer {
                round: 1,
                answer_sha256: self.digest("answer"),
                model: "claude-sonnet-4-6".to_owned(),
                prompt_sha256: self.digest("prompt"),
                input_tokens: 21_000 + self.dice.roll(6, 4_000) as u64,
                output_tokens: 3_200,
                cost_micro_usd: 118_000,
                stop_reason: "end_turn".to_owned(),
            });
            let answered = self.made(Making::AskModel { report }, collected, "answer", answer).await?;
            let rejected = if self.dice.roll(6, 3) == 0 { vec!["V07 p11.lede".to_owned()] } else { vec![] };
            (answered, Making::JudgeNarrative { report }, Author::Model, rejected)
        };
        let by_block = ["p1.lede", "p11.titre", "p11.lede"].map(|block| (block.to_owned(), author));
        let accept = ReportCommand::AcceptNarrative {
            narrative_sha256: self.digest("narrative"),
            by_block: BTreeMap::from(by_block),
            rejected,
        };
        self.made(job, cause, "narrative", accept).await
    }

    pub(super) async fn print(&self, accepted: Uuid) -> anyhow::Result<Uuid> {
        let report = self.report;
        if self.dice.roll(7, 20) == 0 {
            let told = ReportCommand::RecordFailure { step: Step::Print, class: ErrorClass::Transient, attempt: 1 };
            self.made(Making::PrintReport { report }, accepted, "failed:1", told).await?;
        }
        let (pdf_sha256, bytes) = (self.digest("pdf"), 480_000 + self.dice.roll(7, 60_000) as u64);
        let rendering = Rendering {
            html_sha256: self.digest("html"),
            pdf_sha256: pdf_sha256.clone(),
            signed_sha256: None,
            pages: 26,
            bytes,
            template_version: "seed".to_owned(),
            renderer_version: "seed".to_owned(),
            fonts_sha256: self.digest("fonts"),
        };
        let rendered = ReportCommand::RecordRendering(rendering);
        self.made(Making::PrintReport { report }, accepted, &format!("rendered:{pdf_sha256}"), rendered).await?;
        let stored = ReportCommand::RecordStorage {
            key: identity::report_key(report, &pdf_sha256),
            filename: format!("{}_{}.pdf", self.study, self.commune),
            sha256: pdf_sha256,
            bytes,
        };
        self.made(Making::PrintReport { report }, accepted, "stored", stored).await
    }

    pub(super) async fn deliver(&self, stored: Uuid) -> anyhow::Result<()> {
        let report = self.report;
        let deliver = OrderCommand::Deliver { report, version: 1 };
        let job = Job::Fulfilment(Making::DeliverOrder { report });
        let delivered = self.ordered(job, stored, "deliver", deliver).await?;
        let send = || Job::Fulfilment(Making::SendDelivery { report });
        let link = OrderCommand::IssueDownloadLink { number: 1, expires_at: self.now + Days::new(30) };
        self.ordered(send(), delivered, "link", link).await?;
        let message_id = format!("seed.{}@mail.invalid", self.id.simple());
        let sent = OrderCommand::RecordEmailSent { kind: "delivery".to_owned(), message_id: message_id.clone() };
        self.ordered(send(), delivered, "mail", sent).await?;
        let (kind, arrived) = if self.dice.roll(3, 40) == 0 {
            ("hard_bounce", OrderCommand::RecordEmailBounced { message_id, reason: "hard_bounce".to_owned() })
        } else {
            ("delivered", OrderCommand::RecordEmailStatus { message_id, status: MailStatus::Delivered })
        };
        self.notice(Actor::Brevo, kind, "mail", arrived).await?;
        Ok(())
    }
}
