//! One document in a page of its own: served from memory, printed, closed.

use std::{sync::Mutex, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use chromiumoxide::{
    Browser, Page,
    cdp::{
        browser_protocol::{
            emulation::SetScriptExecutionDisabledParams,
            fetch::{self, EventRequestPaused, FailRequestParams, FulfillRequestParams, HeaderEntry},
            log::{self, EventEntryAdded, LogEntrySource},
            network::ErrorReason,
            page::PrintToPdfParams,
            target::{EventTargetCrashed, TargetId},
        },
        js_protocol::runtime::EvaluateParams,
    },
    error::CdpError,
    listeners::EventStream,
};
use futures::StreamExt;
use tokio::time::timeout;

use super::guard;

/// For one document, from the first command to the last byte.
const TIMEOUT: Duration = Duration::from_secs(20);
const GOODBYE: Duration = Duration::from_secs(2);

/// A printed page.
pub(super) struct Sheet {
    pub pdf: Vec<u8>,
    /// What the page asked for and did not get.
    pub wanted: Vec<String>,
}

/// Why there is no sheet.
#[derive(Debug, thiserror::Error)]
pub(super) enum PageFault {
    #[error("the browser fails: {0}")]
    Browser(#[from] CdpError),
    #[error("the browser ended")]
    Gone,
    /// The page's process died. Printing such a page would take the whole browser with it.
    #[error("the page crashed")]
    Crashed,
    #[error("the document took more than {} seconds", TIMEOUT.as_secs())]
    Late,
    /// The page cannot even be closed: the browser has to go.
    #[error("the browser no longer closes its pages")]
    Stuck,
}

/// Prints a document in a new page, and closes the page whatever happens.
pub(super) async fn print(browser: &Browser, html: &str) -> Result<Sheet, PageFault> {
    let crashes = browser.event_listener::<EventTargetCrashed>().await?;
    let page = match timeout(TIMEOUT, browser.new_page("about:blank")).await {
        Ok(page) => page?,
        Err(_) => return Err(PageFault::Stuck),
    };
    let wanted = Mutex::default();
    let printed = tokio::select! {
        printed = timeout(TIMEOUT, work(&page, html, &wanted)) => printed.unwrap_or(Err(PageFault::Late)),
        () = crash(crashes, page.target_id()) => Err(PageFault::Crashed),
    };
    match (printed, timeout(GOODBYE, page.close()).await) {
        (Ok(pdf), _) => Ok(Sheet { pdf, wanted: wanted.into_inner().unwrap_or_default() }),
        (Err(PageFault::Late), Err(_)) => Err(PageFault::Stuck),
        (Err(fault), _) => Err(fault),
    }
}

async fn work(page: &Page, html: &str, wanted: &Mutex<Vec<String>>) -> Result<Vec<u8>, PageFault> {
    page.execute(SetScriptExecutionDisabledParams::new(true)).await?;
    let requests = page.event_listener::<EventRequestPaused>().await?;
    let complaints = page.event_listener::<EventEntryAdded>().await?;
    page.execute(fetch::EnableParams::default()).await?;
    page.execute(log::EnableParams::default()).await?;
    tokio::select! {
        pdf = load_and_print(page) => pdf,
        fault = serve(page, requests, html, wanted) => Err(fault),
        fault = listen(complaints, wanted) => Err(fault),
    }
}

async fn load_and_print(page: &Page) -> Result<Vec<u8>, PageFault> {
    page.goto(guard::DOCUMENT).await?;
    // The protocol may still evaluate where page scripts may not run.
    let mut fonts = EvaluateParams::new("document.fonts.ready.then(() => true)");
    fonts.await_promise = Some(true);
    page.execute(fonts).await?;
    let paper = PrintToPdfParams {
        print_background: Some(true),
        prefer_css_page_size: Some(true),
        margin_top: Some(0.0),
        margin_bottom: Some(0.0),
        margin_left: Some(0.0),
        margin_right: Some(0.0),
        generate_tagged_pdf: Some(true),
        generate_document_outline: Some(true),
        ..PrintToPdfParams::default()
    };
    Ok(page.pdf(paper).await?)
}

/// Answers the one request that a report makes, for itself, and refuses all others. Only ends when it can no longer do
/// so.
async fn serve(
    page: &Page,
    mut requests: EventStream<EventRequestPaused>,
    html: &str,
    wanted: &Mutex<Vec<String>>,
) -> PageFault {
    let mut served = false;
    while let Some(paused) = requests.next().await {
        let answer = if !served && paused.request.url == guard::DOCUMENT {
            served = true;
            page.execute(document(&paused, html)).await.map(drop)
        } else {
            note(wanted, guard::origin(&paused.request.url));
            let refusal = FailRequestParams::new(paused.request_id.clone(), ErrorReason::BlockedByClient);
            page.execute(refusal).await.map(drop)
        };
        if let Err(error) = answer {
            return error.into();
        }
    }
    PageFault::Browser(CdpError::NoResponse)
}

/// Hears what the document's own policy stopped before it became a request. Only ends when nothing more can be heard.
async fn listen(mut complaints: EventStream<EventEntryAdded>, wanted: &Mutex<Vec<String>>) -> PageFault {
    while let Some(complaint) = complaints.next().await {
        if complaint.entry.source == LogEntrySource::Security {
            note(wanted, "something that its policy forbids".to_owned());
        }
    }
    PageFault::Browser(CdpError::NoResponse)
}

fn note(wanted: &Mutex<Vec<String>>, what: String) {
    if let Ok(mut wanted) = wanted.lock() {
        wanted.push(what);
    }
}

fn document(paused: &EventRequestPaused, html: &str) -> FulfillRequestParams {
    let mut answer = FulfillRequestParams::new(paused.request_id.clone(), 200);
    answer.response_headers = Some(vec![
        HeaderEntry::new("Content-Type", "text/html; charset=utf-8"),
        HeaderEntry::new("Content-Security-Policy", guard::POLICY),
    ]);
    answer.body = Some(STANDARD.encode(html).into());
    answer
}

/// Resolves when the page's own process dies.
async fn crash(mut crashes: EventStream<EventTargetCrashed>, target: &TargetId) {
    while let Some(crash) = crashes.next().await {
        if crash.target_id == *target {
            return;
        }
    }
    // The stream ends with the browser; whoever works on the page notices by itself.
    std::future::pending::<()>().await;
}
