//! `lobster es heads`: the signed heads of the log.

use anyhow::Context as _;
use domain::ports::Clock as _;
use infra::{
    clock::SystemClock,
    config::Place,
    event_store::{Flaw, SignedHead, copy_heads, sign_head, signed_heads},
};
use sqlx::PgPool;

use super::proofs::Ground;
use crate::args::Heads;

pub async fn run(place: &Place, pool: &PgPool, heads: &Heads) -> anyhow::Result<()> {
    let ground = Ground::of(place, &heads.proofs)?;
    let mut copied = Ok(0);
    if heads.sign {
        let now = SystemClock.now();
        if sign_head(pool, &ground.key, now).await?.is_none() {
            eprintln!("note: nothing was sealed since the last signature");
        }
        copied = copy_heads(pool, &ground.storage, now).await;
    }
    let signed = signed_heads(pool).await?;
    if heads.json {
        for head in &signed {
            println!("{}", serde_json::to_string(head)?);
        }
    } else {
        list(&signed, &ground);
    }
    copied.context("the list above is signed, but not all of it is copied yet: `lobster serve` goes on trying")?;
    Ok(())
}

fn list(signed: &[SignedHead], ground: &Ground) {
    let ours = ground.key.public().to_string();
    println!("public key {ours}");
    for head in signed {
        let signer = match head.check(&ground.trusted) {
            Ok(()) if head.public_key == ours => String::new(),
            Ok(()) => format!("  former key {}", head.public_key),
            Err(Flaw::KeyUnknown { key, .. }) => format!("  KEY NOT TRUSTED {key}"),
            Err(_) => "  NOT WHAT ITS KEY SIGNED".to_owned(),
        };
        println!("{:>9}  {}  {}{signer}", head.position, head.signed_at.format("%Y-%m-%d %H:%M:%S"), head.hash);
    }
    if signed.is_empty() {
        println!("no head is signed yet: `lobster serve` signs one each hour, `lobster es heads --sign` at once");
    }
}
