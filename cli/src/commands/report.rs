//! `lobster report`: a delivered report made again, to prove that the stored facts and words give the same document.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use domain::{
    history::Told,
    identity,
    ports::{Commands as _, History as _, Printer as _, Storage},
};
use infra::{
    config::{Place, Vendors, Web},
    event_store::PgHistory,
};
use process_managers::fulfilment::{Made, page};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::sandbox;
use crate::{
    args::Report,
    desk::Desk,
    outside::{Doubles, Outside},
};

pub async fn run(place: &Place, Report::Rerender { id, web, vendors }: Report) -> anyhow::Result<()> {
    let faults = vendors.faults(place.environment, web.public_url.as_deref());
    anyhow::ensure!(faults.is_empty(), "the configuration cannot work:\n  - {}", faults.join("\n  - "));
    let desk = Desk::open(place).await?;
    let doubles = doubles(place, &web, &vendors).await?;
    let at = Doubles { http: web.sandbox_http, s3: web.sandbox_s3 };
    let outside = Outside::build(place, &vendors, vendors.needs_sandbox(place.environment).then_some(at), &desk.pool)?;
    let compared = rerender(&desk, &outside, id).await;
    outside.printer.close().await;
    if let Some(running) = doubles {
        running.stop().await;
    }
    desk.close().await?;
    compared
}

/// The doubles hold the stored objects of a sandbox: ours, unless the process that serves runs them already.
async fn doubles(place: &Place, web: &Web, vendors: &Vendors) -> anyhow::Result<Option<sandbox::Running>> {
    let there = tokio::net::TcpStream::connect(web.sandbox_s3).await.is_ok();
    if there || !vendors.needs_sandbox(place.environment) {
        return Ok(None);
    }
    sandbox::start(place, web, web.listen).await.map(Some)
}

/// What the events say of a report.
#[derive(Debug)]
struct Known {
    sheet_sha256: String,
    narrative_sha256: String,
    accepted_at: DateTime<Utc>,
    rendered: Rendered,
}

/// A rendering: that of the event, or today's.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Rendered {
    html_sha256: String,
    pdf_sha256: String,
    /// Of the file that was delivered, where it was signed.
    #[serde(default)]
    signed_sha256: Option<String>,
    /// What was printed; a signature comes after it.
    bytes: usize,
    pages: u32,
    template_version: String,
    renderer_version: String,
    fonts_sha256: String,
}

impl Rendered {
    /// Whether this is the delivered file: signed or not, it begins with what was printed.
    fn names(&self, file: &[u8]) -> bool {
        let is = |bytes: &[u8], sha256: &str| hex::encode(Sha256::digest(bytes)) == sha256;
        let whole = self.signed_sha256.as_ref().unwrap_or(&self.pdf_sha256);
        is(file, whole) && file.get(..self.bytes).is_some_and(|printed| is(printed, &self.pdf_sha256))
    }
}

impl Known {
    /// From the events of one report, in their order; the last of each kind counts.
    fn read(events: &[Told]) -> anyhow::Result<Self> {
        let last = |event_type: &str| {
            let found = events.iter().rev().find(|told| told.event_type == event_type);
            found.with_context(|| format!("the report has no {event_type}: it was not made whole"))
        };
        let text = |told: &Told, field: &str| {
            let text = told.fields[field].as_str().map(str::to_owned);
            text.with_context(|| format!("event {} has no {field}", told.event_id))
        };
        let accepted = last("NarrativeAccepted")?;
        Ok(Self {
            sheet_sha256: text(last("FactsCollected")?, "sheet_sha256")?,
            narrative_sha256: text(accepted, "narrative_sha256")?,
            accepted_at: accepted.recorded_at,
            rendered: serde_json::from_value(last("ReportRendered")?.fields.clone())?,
        })
    }
}

async fn rerender(desk: &Desk, outside: &Outside, id: Uuid) -> anyhow::Result<()> {
    let report = desk.commands.load_report(id).await?;
    let study = studies::find(&report.study)
        .with_context(|| format!("there is no report {id}, or this binary has no study {:?}", report.study))?;
    let story = PgHistory::new(desk.pool.clone()).story(report.order).await?;
    let own: Vec<Told> =
        story.into_iter().map(|happening| happening.told).filter(|told| told.aggregate_id == id.to_string()).collect();
    let known = Known::read(&own)?;
    let storage = outside.storage.as_ref();
    let made = Made {
        report: id,
        sheet_sha256: &known.sheet_sha256,
        narrative_sha256: &known.narrative_sha256,
        at: known.accepted_at,
    };
    let page = page(storage, study, made).await?;
    let printed = outside.printer.print(&page.html, known.accepted_at).await?;
    let today = Rendered {
        html_sha256: page.html_sha256,
        pdf_sha256: printed.sha256,
        signed_sha256: None,
        bytes: printed.pdf.len(),
        pages: printed.pages,
        template_version: page.template_version,
        renderer_version: printed.renderer_version,
        fonts_sha256: printed.fonts_sha256,
    };
    println!("Rapport {id}\u{a0}: étude {}, commune {}, {} pages", report.study, report.commune, today.pages);
    let kept = kept(storage, report.stored_key.as_deref(), &known.rendered).await?;
    let differences = differences(&known.rendered, &today);
    for difference in &differences {
        println!("rendu différent\u{a0}: {difference}");
    }
    if known.rendered.html_sha256 != today.html_sha256
        && let Ok(before) = storage.get(&identity::artefact_key(&known.rendered.html_sha256)).await
    {
        println!("première page différente\u{a0}: {}", first_page(&before, page.html.as_bytes()));
    }
    if differences.is_empty() {
        println!("identique");
    }
    anyhow::ensure!(kept, "the stored file is not the one of the report's events");
    anyhow::ensure!(differences.is_empty(), "the report made again is not the one that was delivered");
    Ok(())
}

/// Whether the delivered file is still the one that the events name.
async fn kept(storage: &dyn Storage, key: Option<&str>, rendered: &Rendered) -> anyhow::Result<bool> {
    let Some(key) = key else {
        println!("Le rapport n’a pas été archivé.");
        return Ok(true);
    };
    let file = storage.get(key).await?;
    let found = hex::encode(Sha256::digest(&file));
    let same = rendered.names(&file);
    let words = match (same, &rendered.signed_sha256) {
        (true, None) => "intact",
        (true, Some(_)) => "intact et signé",
        (false, _) => "MODIFIÉ depuis la livraison",
    };
    println!("Fichier archivé\u{a0}: {words}, SHA-256 {found}");
    Ok(same)
}

/// What differs, in French: causes first; none when the bytes are the same, whatever made them.
fn differences(then: &Rendered, today: &Rendered) -> Vec<String> {
    if then.html_sha256 == today.html_sha256 && then.pdf_sha256 == today.pdf_sha256 {
        return Vec::new();
    }
    let causes = [
        ("moteur", &then.renderer_version, &today.renderer_version),
        ("gabarit", &then.template_version, &today.template_version),
        ("polices", &then.fonts_sha256, &today.fonts_sha256),
    ];
    let changed = causes.into_iter().filter(|(_, then, today)| then != today);
    let mut told: Vec<String> = changed.map(|(what, then, today)| format!("{what} {then} → {today}")).collect();
    if then.pages != today.pages {
        told.push(format!("{} pages → {} pages", then.pages, today.pages));
    }
    if told.is_empty() {
        let what = if then.html_sha256 == today.html_sha256 { "impression" } else { "page HTML" };
        told.push(format!("{what}, sans changement de moteur, de gabarit ni de polices"));
    }
    told
}

/// The page in which two documents differ first, counted from 1.
fn first_page(before: &[u8], today: &[u8]) -> usize {
    let at = before.iter().zip(today).take_while(|(a, b)| a == b).count();
    before[..at].windows(SECTION.len()).filter(|window| *window == SECTION).count().max(1)
}

/// What every page of a report begins with.
const SECTION: &[u8] = b"<section class=\"page";

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered() -> Rendered {
        Rendered {
            html_sha256: "h".to_owned(),
            pdf_sha256: "p".to_owned(),
            signed_sha256: None,
            bytes: 7,
            pages: 26,
            template_version: "A".to_owned(),
            renderer_version: "X".to_owned(),
            fonts_sha256: "f".to_owned(),
        }
    }

    #[test]
    fn the_cause_of_a_difference_is_named() {
        let then = rendered();
        let newer = Rendered { renderer_version: "Y".to_owned(), ..rendered() };
        assert!(differences(&then, &newer).is_empty(), "the same bytes from another renderer are the same report");
        let printed = Rendered { pdf_sha256: "q".to_owned(), ..newer };
        assert_eq!(differences(&then, &printed), ["moteur X → Y"]);
        let laid_out = Rendered {
            html_sha256: "i".to_owned(),
            pdf_sha256: "q".to_owned(),
            template_version: "B".to_owned(),
            pages: 27,
            ..rendered()
        };
        assert_eq!(differences(&then, &laid_out), ["gabarit A → B", "26 pages → 27 pages"]);
        let odd = Rendered { pdf_sha256: "q".to_owned(), ..rendered() };
        assert_eq!(differences(&then, &odd), ["impression, sans changement de moteur, de gabarit ni de polices"]);
    }

    #[test]
    fn a_signed_file_begins_with_what_was_printed() {
        let digest = |bytes: &[u8]| hex::encode(Sha256::digest(bytes));
        let plain = Rendered { pdf_sha256: digest(b"printed"), ..rendered() };
        assert!(plain.names(b"printed") && !plain.names(b"printed, signed") && !plain.names(b"print"));
        let signed = Rendered { signed_sha256: Some(digest(b"printed, signed")), ..plain };
        assert!(signed.names(b"printed, signed") && !signed.names(b"printed") && !signed.names(b"printed, SIGNED"));
        let other = Rendered { signed_sha256: Some(digest(b"Printed, signed")), ..signed };
        assert!(!other.names(b"Printed, signed"), "what was printed is not in it");
    }

    #[test]
    fn the_first_page_that_differs_is_counted() {
        let page = |words: &str| format!("<section class=\"page\">{words}</section>");
        let document = |third: &str| [page("un"), page("deux"), page(third), page("quatre")].concat();
        assert_eq!(first_page(document("trois").as_bytes(), document("3").as_bytes()), 3);
        assert_eq!(first_page(b"<html a>", b"<html b>"), 1);
    }
}
