//! `lobster es bundle`: an archive with which anybody checks an order, offline and without a program of ours running.

mod archive;
mod documents;
#[cfg(test)]
mod tests;

use std::path::Path;

use anyhow::Context as _;
use domain::ports::Clock as _;
use infra::{
    clock::SystemClock,
    config::Place,
    event_store::{Against, Evidence, copy_heads, evidence, sign_head, signed_heads, verify_order},
};
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::proofs::Ground;
use crate::args::Bundle;
use archive::Archive;

/// Checks an archive with the standard library of Python alone.
const VERIFIER: &str = include_str!("verify.py");
const README: &str = include_str!("LISEZMOI.txt");

pub async fn run(place: &Place, pool: &PgPool, Bundle::Order { id, out, proofs }: Bundle) -> anyhow::Result<()> {
    let ground = Ground::of(place, &proofs)?;
    let found = gather(pool, &ground, id).await?;
    let documents = documents::collect(&found, &ground.storage).await?;
    for absent in &documents.absent {
        eprintln!("note: {} is not in storage; the archive says so", absent.file);
    }
    let (events, heads) = (found.events.len(), found.segments.len());
    let archive = pack(id, &found, documents, &ground)?;
    write(&out, &archive)?;
    println!("{}: {events} events, signed heads: {heads}, {} bytes", out.display(), archive.len());
    println!("check it with: python3 verify.py {} --cle-publique {}", out.display(), ground.key.public());
    println!("(verify.py is in the archive)");
    Ok(())
}

/// The evidence about an order that holds together, led to signed heads.
async fn gather(pool: &PgPool, ground: &Ground, order: Uuid) -> anyhow::Result<Evidence> {
    let mut heads = signed_heads(pool).await?;
    let mut found = evidence(pool, order, &heads).await?;
    anyhow::ensure!(!found.events.is_empty(), "order {order} has no sealed events: is the id complete?");
    if found.segments.iter().any(|segment| segment.head.is_none()) {
        let now = SystemClock.now();
        sign_head(pool, &ground.key, now).await?;
        copy_heads(pool, &ground.storage, now).await?;
        heads = signed_heads(pool).await?;
        found = evidence(pool, order, &heads).await?;
    }
    let against = Against { heads: &heads, trusted: &ground.trusted, progress: &|_, _| {} };
    verify_order(pool, order, &against).await.context("the log is not whole: nothing is packed")?;
    Ok(found)
}

fn pack(order: Uuid, found: &Evidence, documents: documents::Documents, ground: &Ground) -> anyhow::Result<Vec<u8>> {
    let mut archive = Archive::default();
    let mut events = Vec::new();
    for event in &found.events {
        serde_json::to_writer(&mut events, event)?;
        events.push(b'\n');
    }
    archive.add("events.ndjson", events);
    archive.add("inclusion.json", serde_json::to_vec_pretty(&found.inclusions)?);
    archive.add("chain.json", serde_json::to_vec_pretty(&found.segments)?);
    archive.add("public_key.txt", format!("{}\n", ground.key.public()).into_bytes());
    archive.add("LISEZMOI.txt", README.as_bytes().to_vec());
    archive.add("verify.py", VERIFIER.as_bytes().to_vec());
    for (name, bytes) in documents.files {
        archive.add(&name, bytes);
    }
    let keys: Vec<String> = ground.trusted.iter().map(ToString::to_string).collect();
    let about = json!({
        "format": "lobster bundle 1",
        "order": order,
        "made_at": SystemClock.now(),
        "public_key": ground.key.public().to_string(),
        "head_keys": keys,
        "events": found.events.len(),
        "unsealed": found.unsealed,
        "documents": documents.named,
        "absent": documents.absent,
    });
    archive.close(about, &ground.key)
}

/// Whole or not at all.
fn write(out: &Path, archive: &[u8]) -> anyhow::Result<()> {
    let draft = out.with_extension("part");
    std::fs::write(&draft, archive).with_context(|| format!("cannot write {}", draft.display()))?;
    std::fs::rename(&draft, out).with_context(|| format!("cannot write {}", out.display()))
}
