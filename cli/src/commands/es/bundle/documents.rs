//! The documents of an order's reports: the log holds their digests, storage their bytes.

use anyhow::Context as _;
use domain::{
    identity::artefact_key,
    ports::{PortError, Storage},
};
use infra::event_store::{Evidence, ProvenEvent};
use serde::Serialize;
use serde_json::Value;

/// A document, and the field of the event that names its digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    pub file: String,
    pub position: i64,
    pub field: &'static str,
    pub sha256: String,
}

/// What was found and what was not.
#[derive(Debug, Default)]
pub struct Documents {
    pub files: Vec<(String, Vec<u8>)>,
    pub named: Vec<Document>,
    pub absent: Vec<Document>,
}

/// Every document that the events name.
pub async fn collect(found: &Evidence, storage: &dyn Storage) -> anyhow::Result<Documents> {
    let mut documents = Documents::default();
    let mut reports: Vec<&str> = Vec::new();
    for event in found.events.iter().filter(|event| event.aggregate_type == "report") {
        let known = reports.iter().position(|id| *id == event.aggregate_id);
        let number = known.unwrap_or(reports.len());
        if known.is_none() {
            reports.push(&event.aggregate_id);
        }
        let Some((document, key)) = named(event, number + 1)? else { continue };
        match storage.get(&key).await {
            Ok(bytes) => {
                documents.files.push((document.file.clone(), bytes));
                documents.named.push(document);
            }
            Err(PortError::Missing { .. }) => documents.absent.push(document),
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read", document.file)),
        }
    }
    Ok(documents)
}

/// The document that an event names, and where it is kept.
fn named(event: &ProvenEvent, report: usize) -> anyhow::Result<Option<(Document, String)>> {
    let (file, field) = match event.event_type.as_str() {
        "FactsCollected" => ("facts.json", "sheet_sha256"),
        "NarrativeAccepted" => ("narrative.json", "narrative_sha256"),
        "ReportRendered" => ("report.html", "html_sha256"),
        "ReportStored" => ("report.pdf", "sha256"),
        _ => return Ok(None),
    };
    let payload: Value = serde_json::from_str(&event.payload)?;
    let fields = &payload[&event.event_type];
    let sha256 = fields[field].as_str().with_context(|| format!("event {} has no {field}", event.position))?.to_owned();
    let key = fields["key"].as_str().map_or_else(|| artefact_key(&sha256), str::to_owned);
    Ok(Some((Document { file: format!("report-{report}/{file}"), position: event.position, field, sha256 }, key)))
}
