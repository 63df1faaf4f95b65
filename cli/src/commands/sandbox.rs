//! `lobster sandbox`: the doubles alone; and how `serve` starts them in its own process.

use std::net::SocketAddr;

use infra::config::{Environment, Place, Web};
pub use sandbox::Running;
use sandbox::SandboxConfig;

use crate::{args, outside, serve::wait_for_signal};

pub async fn run(place: &Place, command: args::Sandbox) -> anyhow::Result<()> {
    let stop = wait_for_signal()?;
    let running = start(place, &command.web, command.web.listen, command.seed).await?;
    println!("Sandbox: http://{}/_sandbox (storage on {})", running.http, running.s3);
    println!("Webhooks go to http://{}; Ctrl-C stops.", command.web.listen);
    stop.await;
    running.stop().await;
    Ok(())
}

/// Starts the doubles; their webhooks go to the API at `api`.
pub async fn start(place: &Place, web: &Web, api: SocketAddr, seed: u64) -> anyhow::Result<Running> {
    sandbox::start(SandboxConfig {
        http: web.sandbox_http,
        s3: web.sandbox_s3,
        seed,
        stripe_webhook_url: format!("http://{api}/api/webhooks/stripe"),
        stripe_webhook_secret: outside::SANDBOX_STRIPE_SECRET.to_owned(),
        brevo_webhook_url: format!("http://{api}/api/webhooks/brevo"),
        brevo_webhook_token: outside::SANDBOX_BREVO_TOKEN.to_owned(),
        s3_dir: place.home.join("s3"),
        // What was paid is still paid after a restart.
        state_dir: Some(place.home.join("sandbox")),
        environment: match place.environment {
            Environment::Sandbox => "sandbox".to_owned(),
            Environment::Production => "production".to_owned(),
        },
        ..SandboxConfig::default()
    })
    .await
}
