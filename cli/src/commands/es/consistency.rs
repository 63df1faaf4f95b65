//! `lobster es consistency`: that what was signed once is still what the log begins with.

use std::{fs::File, io::Read as _, path::Path};

use anyhow::Context as _;
use infra::{
    config::Place,
    event_store::{Consistency, SignedHead, Unverified, consistency, signed_heads},
};
use serde::Deserialize;
use serde_json::json;
use sqlx::PgPool;
use zip::ZipArchive;

use super::proofs::Ground;
use crate::args::Extends;

/// The part of a bundle's chain that matters here.
#[derive(Deserialize)]
struct Segment {
    head: Option<SignedHead>,
}

/// What a file may hold.
#[derive(Deserialize)]
#[serde(untagged)]
enum Kept {
    Head(SignedHead),
    Chain(Vec<Segment>),
}

pub async fn run(place: &Place, pool: &PgPool, asked: &Extends) -> anyhow::Result<()> {
    let ground = Ground::of(place, &asked.proofs)?;
    let signed = signed_heads(pool).await?;
    let older = named(&asked.older, &signed)?;
    let newer = match &asked.newer {
        Some(newer) => named(newer, &signed)?,
        None => signed.last().cloned().context("no head is signed yet: `lobster es heads --sign` signs one")?,
    };
    let proved = consistency(pool, &older, &newer, &ground.trusted).await;
    if asked.json {
        match &proved {
            Ok(proved) => println!("{}", serde_json::to_string(proved)?),
            Err(Unverified::Flaw(flaw)) => {
                println!("{}", json!({"flaw": flaw.to_string(), "position": flaw.position()}));
            }
            Err(Unverified::Database(_)) => {}
        }
    }
    let Consistency { older, newer, links } = proved.with_context(|| {
        format!("the head of position {} is not proved to extend that of {}", newer.position, older.position)
    })?;
    if !asked.json {
        println!(
            "The head signed at position {} extends the one of position {}: both signatures are genuine, and every seal \
             between them ({}) follows from the one before.",
            newer.position,
            older.position,
            links.len()
        );
    }
    Ok(())
}

/// The head signed at a position, or the one in a file.
fn named(name: &str, signed: &[SignedHead]) -> anyhow::Result<SignedHead> {
    if let Ok(position) = name.parse::<i64>() {
        let head = signed.iter().find(|head| head.position == position);
        return head.cloned().with_context(|| {
            format!("no head is signed at position {position}: `lobster es heads` lists those that are")
        });
    }
    kept(Path::new(name))
}

/// The head of a file; the last one of a bundle.
fn kept(path: &Path) -> anyhow::Result<SignedHead> {
    let unread = || format!("{} is neither a position nor a file with a signed head", path.display());
    let bytes = std::fs::read(path).with_context(unread)?;
    let bytes = if bytes.starts_with(b"PK") { chain_of(path).with_context(unread)? } else { bytes };
    let head = match serde_json::from_slice(&bytes).with_context(unread)? {
        Kept::Head(head) => Some(head),
        Kept::Chain(segments) => {
            segments.into_iter().filter_map(|segment| segment.head).max_by_key(|head| head.position)
        }
    };
    head.with_context(|| format!("{} leads to no signed head", path.display()))
}

fn chain_of(bundle: &Path) -> anyhow::Result<Vec<u8>> {
    let mut archive = ZipArchive::new(File::open(bundle)?)?;
    let mut chain = Vec::new();
    archive.by_name("chain.json")?.read_to_end(&mut chain)?;
    Ok(chain)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn head(position: i64) -> SignedHead {
        SignedHead {
            position,
            seal_no: position / 2,
            hash: "ab".repeat(32),
            signed_at: "2026-11-22T12:00:00Z".parse().unwrap(),
            public_key: "cd".repeat(32),
            signature: "ef".repeat(64),
        }
    }

    #[test]
    fn a_head_is_named_by_position_or_by_any_file_that_leaves_the_house() {
        let folder = std::env::temp_dir().join(format!("lobster-heads-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let chain = serde_json::to_vec(&json!([
            {"before": "00", "links": [], "head": head(8)}, {"before": "00", "links": [], "head": null},
            {"before": "00", "links": [], "head": head(20)},
        ]))
        .unwrap();
        let mut zip = ZipWriter::new(File::create(folder.join("dossier.zip")).unwrap());
        zip.start_file("chain.json", SimpleFileOptions::default().compression_method(CompressionMethod::Stored))
            .unwrap();
        zip.write_all(&chain).unwrap();
        zip.finish().unwrap();
        std::fs::write(folder.join("head.json"), serde_json::to_vec_pretty(&head(12)).unwrap()).unwrap();
        std::fs::write(folder.join("chain.json"), chain).unwrap();
        std::fs::write(folder.join("other.json"), b"[]").unwrap();
        let found = |name: &str| named(&folder.join(name).display().to_string(), &[]);
        assert_eq!(found("head.json").unwrap(), head(12));
        assert_eq!(found("chain.json").unwrap(), head(20));
        assert_eq!(found("dossier.zip").unwrap(), head(20));
        assert!(found("other.json").unwrap_err().to_string().contains("no signed head"));
        assert!(found("absent.json").unwrap_err().to_string().contains("neither a position nor a file"));
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(named("12", &[head(8), head(12)]).unwrap(), head(12));
        assert!(named("9", &[head(8)]).unwrap_err().to_string().contains("position 9"));
    }
}
