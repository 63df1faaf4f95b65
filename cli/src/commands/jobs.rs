//! `lobster jobs`: what the workers have before them, and what they gave up.

use infra::{
    config::Place,
    jobs::{QueuedJob, queued, retry},
    pools::{self, Role},
};
use sqlx::PgPool;

use crate::{args::Jobs, database::Database};

pub async fn run(place: &Place, jobs: Jobs) -> anyhow::Result<()> {
    let database = Database::open(place).await?;
    super::migrate::bring_up(&database.url).await?;
    let pool = pools::connect(&database.url, Role::Worker, 2).await?;
    let result = answer(&pool, jobs).await;
    pool.close().await;
    database.close().await?;
    result
}

async fn answer(pool: &PgPool, jobs: Jobs) -> anyhow::Result<()> {
    let known = queued(pool).await?;
    let dead: Vec<_> = known.iter().filter(|job| job.is_dead()).cloned().collect();
    match jobs {
        Jobs::List => {
            tell(&known);
            println!("{} jobs, {} of them dead.", known.len(), dead.len());
        }
        Jobs::Dead => {
            tell(&dead);
            anyhow::ensure!(
                dead.is_empty(),
                "{} jobs have failed for good: see `lobster jobs retry --help`",
                dead.len()
            );
            println!("No job has failed for good.");
        }
        Jobs::Retry { job: Some(job), .. } => {
            anyhow::ensure!(
                retry(pool, job).await?,
                "job {job} runs at this moment, or there is none: see `lobster jobs list`"
            );
            println!("Job {job} is due.");
        }
        Jobs::Retry { job: None, .. } => {
            for job in &dead {
                retry(pool, job.job_id).await?;
            }
            println!("{} jobs are due.", dead.len());
        }
    }
    Ok(())
}

fn tell(jobs: &[QueuedJob]) {
    if jobs.is_empty() {
        return;
    }
    println!("{:>8}  {:<8}  {:>8}  {:<19}  {:<42}  WHAT", "JOB", "STATE", "ATTEMPTS", "RUNS (UTC)", "QUEUE");
    for job in jobs {
        println!(
            "{:>8}  {:<8}  {:>8}  {:<19}  {:<42}  {}",
            job.job_id,
            job.state,
            format!("{}/{}", job.attempts, job.max_attempts),
            job.run_at.format("%Y-%m-%d %H:%M:%S"),
            job.queue.as_deref().unwrap_or("—"),
            job.what(),
        );
        if let Some(error) = &job.last_error {
            println!("          {error}");
        }
    }
}
