//! The archive under the eyes of its own verifier, which is run by Python where there is one.

use std::path::PathBuf;
use std::process::Command;

use domain::ports::{Object, PortError, Storage, Stored};
use infra::{
    event_store::{AuditKey, Evidence, Inclusion, Link, ProvenEvent, Segment, SignedHead},
    http::Secret,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::{README, VERIFIER, archive::Archive, documents};

/// What Python says of an archive: whether it is valid, and its words; `None` without Python.
fn judged(archive: &[u8], name: &str, key: &str) -> Option<(bool, String)> {
    let folder = std::env::temp_dir().join(format!("lobster-bundle-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (script, file): (PathBuf, PathBuf) = (folder.join("verify.py"), folder.join("dossier.zip"));
    std::fs::write(&script, VERIFIER).unwrap();
    std::fs::write(&file, archive).unwrap();
    let ran = Command::new("python3").arg(&script).arg(&file).args(["--cle-publique", key]).output();
    std::fs::remove_dir_all(&folder).unwrap();
    let Ok(ran) = ran else {
        println!("SKIPPED: no python3 on this machine, so the verifier of the archive cannot be run");
        return None;
    };
    let said = String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr);
    Some((ran.status.success(), said))
}

fn key() -> AuditKey {
    AuditKey::new(&Secret::new("07".repeat(32))).unwrap()
}

fn files() -> Vec<(&'static str, Vec<u8>)> {
    vec![("LISEZMOI.txt", README.as_bytes().to_vec()), ("verify.py", VERIFIER.as_bytes().to_vec())]
}

/// One event alone in its seal: the tree has one leaf, so leaf, root and link can be computed by hand.
fn evidence(document: &[u8]) -> Evidence {
    let payload = json!({"FactsCollected": {"sheet_sha256": hex::encode(Sha256::digest(document))}}).to_string();
    let mut hasher = Sha256::new();
    for field in [
        b"report".as_slice(),
        b"7",
        &1_i64.to_be_bytes(),
        b"FactsCollected",
        b"1.0",
        &1_790_000_000_123_456_i64.to_be_bytes(),
        payload.as_bytes(),
        b"{}",
    ] {
        hasher.update((field.len() as u64).to_be_bytes());
        hasher.update(field);
    }
    let leaf = hasher.finalize();
    let link = [[9_u8; 32].as_slice(), &leaf, &4_i64.to_be_bytes(), &4_i64.to_be_bytes()].concat();
    let mut head = SignedHead {
        position: 4,
        seal_no: 3,
        hash: hex::encode(Sha256::digest(link)),
        signed_at: "2026-11-22T12:00:00Z".parse().unwrap(),
        public_key: key().public().to_string(),
        signature: String::new(),
    };
    head.signature = key().sign(head.message().as_bytes());
    Evidence {
        events: vec![ProvenEvent {
            position: 4,
            aggregate_type: "report".to_owned(),
            aggregate_id: "7".to_owned(),
            sequence: 1,
            event_type: "FactsCollected".to_owned(),
            event_version: "1.0".to_owned(),
            recorded_at_us: 1_790_000_000_123_456,
            payload,
            metadata: "{}".to_owned(),
            leaf: hex::encode(leaf),
        }],
        inclusions: vec![Inclusion { position: 4, seal_no: 3, index: 0, size: 1, path: vec![] }],
        segments: vec![Segment {
            before: hex::encode([9_u8; 32]),
            links: vec![Link { seal_no: 3, first_pos: 4, last_pos: 4, merkle_root: hex::encode(leaf) }],
            head: Some(head),
        }],
        unsealed: 0,
    }
}

fn packed(change: impl FnOnce(&mut Evidence, &mut Vec<u8>)) -> Vec<u8> {
    let document = br#"{"facts": []}"#.to_vec();
    let (mut found, mut kept) = (evidence(&document), document);
    change(&mut found, &mut kept);
    let mut archive = Archive::default();
    let mut lines = serde_json::to_vec(&found.events[0]).unwrap();
    lines.push(b'\n');
    archive.add("events.ndjson", lines);
    archive.add("inclusion.json", serde_json::to_vec(&found.inclusions).unwrap());
    archive.add("chain.json", serde_json::to_vec(&found.segments).unwrap());
    archive.add("report-1/facts.json", kept);
    files().into_iter().for_each(|(name, bytes)| archive.add(name, bytes));
    let about = json!({
        "order": "7", "events": 1, "unsealed": 0, "absent": [], "head_keys": [key().public().to_string()],
        "documents": [{"file": "report-1/facts.json", "position": 4, "field": "sheet_sha256"}],
    });
    archive.close(about, &key()).unwrap()
}

fn verdict(archive: &[u8], name: &str) -> Option<(bool, String)> {
    judged(archive, name, &key().public().to_string())
}

#[test]
fn an_untouched_archive_is_valid_and_only_under_our_key() {
    let archive = packed(|_, _| {});
    let Some((valid, said)) = verdict(&archive, "untouched") else { return };
    assert!(valid && said.starts_with("VALIDE"), "{said}");
    let other = AuditKey::new(&Secret::new("08".repeat(32))).unwrap().public().to_string();
    let (valid, said) = judged(&archive, "other-key", &other).unwrap();
    assert!(!valid && said.contains("manifest.json"), "{said}");
}

/// A change made before the manifest was signed is a lie of ours: the proofs must tell.
#[test]
fn what_the_maker_of_an_archive_changes_is_found_by_the_proofs() {
    type Change = fn(&mut Evidence, &mut Vec<u8>);
    let changes: [(&str, Change, &str); 8] = [
        ("payload", |found, _| found.events[0].payload.push(' '), "events.ndjson ligne 1 (position 4)"),
        ("sequence", |found, _| found.events[0].sequence = 2, "events.ndjson ligne 1 (position 4)"),
        ("time", |found, _| found.events[0].recorded_at_us += 1, "events.ndjson ligne 1 (position 4)"),
        ("place", |found, _| found.inclusions[0].index = 1, "events.ndjson ligne 1 (position 4)"),
        ("root", |found, _| found.segments[0].links[0].merkle_root = "00".repeat(32), "chain.json"),
        ("before", |found, _| found.segments[0].before = "00".repeat(32), "position 4"),
        ("head", |found, _| found.segments[0].head = None, "chain.json"),
        ("document", |_, kept| kept.push(b'\n'), "report-1/facts.json"),
    ];
    for (name, change, place) in changes {
        let Some((valid, said)) = verdict(&packed(change), name) else { return };
        assert!(!valid && said.starts_with("INVALIDE") && said.contains(place), "{name}: {said}");
    }
    let Some((valid, said)) = verdict(
        &packed(|found, _| {
            let head = found.segments[0].head.as_mut().unwrap();
            head.signed_at += chrono::TimeDelta::hours(1);
        }),
        "signed-at",
    ) else {
        return;
    };
    assert!(!valid && said.contains("position 4"), "{said}");
}

/// A byte changed on the way is named by file and by the block it lies in.
#[test]
fn a_byte_changed_on_the_way_is_located() {
    let archive = packed(|_, _| {});
    for (needle, offset, place) in [
        (b"sheet_sha256".as_slice(), 3, "events.ndjson : octets 0 à"),
        (b"\"seal_no\":3,\"index\"", 12, "inclusion.json : octets 0 à"),
        (b"merkle_root", 1, "chain.json : octets 0 à"),
        (b"{\"facts\"", 2, "report-1/facts.json : octets 0 à 12"),
        (b"kilo-octet par kilo", 0, "LISEZMOI.txt : octets 1024 à"),
        (b"\"head_keys\": [", 1, "manifest.json"),
    ] {
        let at = archive.windows(needle.len()).position(|window| window == needle).unwrap() + offset;
        let mut changed = archive.clone();
        changed[at] ^= 1;
        let Some((valid, said)) = verdict(&changed, &format!("byte-{at}")) else { return };
        assert!(!valid && said.contains(place), "{place}: {said}");
    }
}

#[test]
fn the_verifier_passes_the_vectors_of_the_standard() {
    let script = std::env::temp_dir().join(format!("lobster-verify-{}.py", std::process::id()));
    std::fs::write(&script, VERIFIER).unwrap();
    let ran = Command::new("python3").arg(&script).arg("--auto-test").output();
    std::fs::remove_file(&script).unwrap();
    match ran {
        Ok(ran) => assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr)),
        Err(_) => println!("SKIPPED: no python3 on this machine, so the verifier of the archive cannot be run"),
    }
}

/// A shelf on which only one document is left.
struct Shelf(Vec<u8>);

#[async_trait::async_trait]
impl Storage for Shelf {
    async fn put_once(&self, _: Object<'_>) -> Result<Stored, PortError> {
        unreachable!("nothing is written")
    }

    async fn get(&self, key: &str) -> Result<Vec<u8>, PortError> {
        match key == domain::identity::artefact_key(&hex::encode(Sha256::digest(&self.0))) {
            true => Ok(self.0.clone()),
            false => Err(PortError::Missing { service: "storage", what: key.to_owned() }),
        }
    }

    async fn head(&self, _: &str) -> Result<Stored, PortError> {
        unreachable!("nothing is looked at")
    }

    async fn link(&self, _: &str, _: std::time::Duration) -> Result<String, PortError> {
        unreachable!("nothing is linked")
    }
}

#[tokio::test]
async fn documents_are_taken_from_storage_and_the_absent_ones_are_named() {
    let document = b"{}".to_vec();
    let mut found = evidence(&document);
    let mut narrative = found.events[0].clone();
    narrative.event_type = "NarrativeAccepted".to_owned();
    narrative.payload = json!({"NarrativeAccepted": {"narrative_sha256": "ab"}}).to_string();
    found.events.push(narrative);
    let documents = documents::collect(&found, &Shelf(document.clone())).await.unwrap();
    assert_eq!(documents.files, [("report-1/facts.json".to_owned(), document)]);
    assert_eq!(documents.absent[0].file, "report-1/narrative.json");
    let named: Value = serde_json::to_value(&documents.named).unwrap();
    assert_eq!(named[0]["field"], "sheet_sha256");
}
