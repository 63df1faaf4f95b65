//! `lobster datasets check`: what an operator should look at, and what to do about it.

use datasets::Finding;
use domain::ports::Clock as _;
use infra::clock::SystemClock;
use serde_json::json;
use sqlx::PgPool;

use super::exit::Findings;
use crate::args::Check;

pub async fn run(pool: &PgPool, check: &Check) -> anyhow::Result<()> {
    let findings = datasets::check(pool, SystemClock.now()).await?;
    if check.json {
        let all: Vec<_> = findings
            .iter()
            .map(|Finding { dataset, what, remedy }| json!({"dataset": dataset, "constat": what, "remede": remedy}))
            .collect();
        println!("{}", serde_json::to_string_pretty(&all)?);
    } else {
        for (at, Finding { dataset, what, remedy }) in findings.iter().enumerate() {
            println!("{dataset:<24} {what}");
            if findings.get(at + 1).is_none_or(|next| next.remedy != *remedy) {
                println!("{:<24} → {remedy}", "");
            }
        }
    }
    if findings.is_empty() {
        if !check.json {
            println!("Tout est chargé, à jour et conforme aux totaux nationaux.");
        }
        return Ok(());
    }
    Err(Findings(findings.len()).into())
}
