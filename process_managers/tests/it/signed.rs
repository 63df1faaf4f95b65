//! Where a key is configured, what is stored, named and mailed is the signed file; what was printed is named beside it.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::{
    identity,
    log::Event,
    ports::{Log as _, PortError, Signer, Storage as _},
    report::ReportEvent,
};
use infra::event_store::PgLog;
use pretty_assertions::assert_eq;
use process_managers::Ports;
use sha2::{Digest as _, Sha256};

use crate::{
    specimen::{carry_out, of_real_data, paid, ports},
    world::ORDER,
};

const SEAL: &[u8] = b" signed by nobody";

struct Seal;

#[async_trait]
impl Signer for Seal {
    async fn sign(&self, pdf: &[u8], _: DateTime<Utc>) -> Result<Vec<u8>, PortError> {
        Ok([pdf, SEAL].concat())
    }
}

fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

#[tokio::test]
async fn a_report_is_stored_named_and_mailed_as_it_was_signed() {
    let world = paid().await;
    carry_out(&world, &Ports { signer: Some(Arc::new(Seal)), ..ports(&world, true, of_real_data) }).await;
    let id = identity::report_id(ORDER, 1);
    let report = world.commands.load_report(id).await.unwrap();
    let file = world.shelf.get(report.stored_key.as_deref().unwrap()).await.unwrap();
    let printed = file.strip_suffix(SEAL).expect("the stored file is signed");

    let log = PgLog::new(world.projector.clone()).read_after(0, 1_000).await.unwrap();
    let told: Vec<_> = log
        .iter()
        .filter_map(|recorded| match &recorded.event {
            Event::Report(ReportEvent::ReportRendered { pdf_sha256, signed_sha256, bytes, .. }) => {
                Some((pdf_sha256.clone(), signed_sha256.clone(), *bytes))
            }
            Event::Report(ReportEvent::ReportStored { sha256, bytes, .. }) => Some((sha256.clone(), None, *bytes)),
            _ => None,
        })
        .collect();
    let (whole, length) = (digest(&file), |bytes: &[u8]| bytes.len() as u64);
    assert_eq!(
        told,
        [(digest(printed), Some(whole.clone()), length(printed)), (whole.clone(), None, length(&file))],
        "both digests are told, and the stored one is the signed file's"
    );
    assert_eq!(report.stored_key, Some(identity::report_key(id, &whole)));
    let mail = world.post.sent.lock().unwrap().first().unwrap().html.clone();
    assert!(mail.contains(&whole), "the customer is told the digest of what they receive: {mail}");
}
