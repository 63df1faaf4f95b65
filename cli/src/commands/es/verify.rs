//! `lobster es verify`: whether the log is what was once recorded.

use anyhow::Context as _;
use indicatif::{ProgressBar, ProgressStyle};
use infra::{
    config::Place,
    event_store::{Against, OrderVerified, Unverified, Verified, signed_heads, verify_against, verify_order},
};
use serde::Serialize;
use serde_json::json;
use sqlx::PgPool;
use uuid::Uuid;

use super::proofs::Ground;
use crate::args::Verify;

pub async fn run(place: &Place, pool: &PgPool, verify: &Verify) -> anyhow::Result<()> {
    let ground = Ground::of(place, &verify.proofs)?;
    let mut heads = signed_heads(pool).await?;
    if verify.heads {
        heads.extend(ground.copies().await?);
    }
    let bar = ProgressBar::new(0)
        .with_style(ProgressStyle::with_template("{wide_bar} {human_pos}/{human_len} events, {per_sec}, {eta} left")?);
    let progress = |done: i64, total: i64| {
        bar.set_length(total.unsigned_abs());
        bar.set_position(done.unsigned_abs());
    };
    let against = Against { heads: &heads, trusted: &ground.trusted, progress: &progress };
    if let Some(order) = verify.order {
        let found = told(verify.json, verify_order(pool, order, &against).await)?;
        anyhow::ensure!(found.events + found.unsealed > 0, "order {order} has no events: is the id complete?");
        if !verify.json {
            one(order, &found);
        }
        return Ok(());
    }
    let found = verify_against(pool, &against).await;
    let (rate, elapsed) = (bar.per_sec(), bar.elapsed());
    bar.finish_and_clear();
    let found = told(verify.json, found)?;
    if !verify.json {
        whole(&found);
        println!("{:.1} s, {rate:.0} events a second", elapsed.as_secs_f64());
    }
    Ok(())
}

/// The answer for machines, when they ask; the flaw is an error for both.
fn told<T: Serialize>(json: bool, found: Result<T, Unverified>) -> anyhow::Result<T> {
    if json {
        match &found {
            Ok(verified) => println!("{}", serde_json::to_string(verified)?),
            Err(Unverified::Flaw(flaw)) => {
                println!("{}", json!({"flaw": flaw.to_string(), "position": flaw.position()}));
            }
            Err(Unverified::Database(_)) => {}
        }
    }
    found.context("the log is not whole")
}

fn whole(verified: &Verified) {
    println!("{} events in {} seals hold together", verified.events, verified.seals);
    println!("head {}", verified.head);
    match verified.signed_heads {
        0 => println!("no signed head to compare with: a log cut off at its end would look the same"),
        n => println!("signed heads that agree: {n}"),
    }
    if verified.unsealed > 0 {
        println!("{} events are not sealed yet", verified.unsealed);
    }
}

fn one(order: Uuid, verified: &OrderVerified) {
    println!("{} events of order {order} hold together with their seals", verified.events);
    match (verified.covered, verified.signed_heads.as_slice()) {
        (true, heads) => println!("signed heads cover them, at positions {heads:?}"),
        (false, []) => println!("no signed head covers them yet"),
        (false, heads) => {
            println!("signed heads at positions {heads:?} cover a part of them; the last are not covered yet");
        }
    }
    if verified.unsealed > 0 {
        println!("{} of its events are not sealed yet", verified.unsealed);
    }
}
