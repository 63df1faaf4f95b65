//! `lobster sandbox`: the doubles alone; and how `serve` starts them in its own process.

use std::net::SocketAddr;

use infra::config::{Environment, Place, SandboxProfile, Web};
pub use sandbox::Running;
use sandbox::{Profile, SandboxConfig};

use crate::{args, outside, serve::wait_for_signal};

pub async fn run(place: &Place, command: args::Sandbox) -> anyhow::Result<()> {
    let stop = wait_for_signal()?;
    let running = start(place, &command.web, command.web.listen).await?;
    println!("Sandbox: http://{}/_sandbox (storage on {})", running.http, running.s3);
    println!("Webhooks go to http://{}, unless told otherwise; Ctrl-C stops.", command.web.listen);
    stop.await;
    running.stop().await;
    Ok(())
}

/// Starts the doubles; their webhooks go to the API at `api`, unless the configuration names another place.
pub async fn start(place: &Place, web: &Web, api: SocketAddr) -> anyhow::Result<Running> {
    let options = &web.sandbox;
    let webhook = |asked: &Option<String>, vendor: &str| {
        asked.clone().unwrap_or_else(|| format!("http://{api}/api/webhooks/{vendor}"))
    };
    // What was paid is still paid after a restart, unless nothing is to be kept.
    let state_dir = options.state.clone().unwrap_or_else(|| place.home.join("sandbox"));
    sandbox::start(SandboxConfig {
        http: web.sandbox_http,
        s3: web.sandbox_s3,
        seed: options.seed,
        stripe_webhook_url: webhook(&options.stripe_webhook, "stripe"),
        stripe_webhook_secret: outside::SANDBOX_STRIPE_SECRET.to_owned(),
        brevo_webhook_url: webhook(&options.brevo_webhook, "brevo"),
        brevo_webhook_token: outside::SANDBOX_BREVO_TOKEN.to_owned(),
        s3_dir: place.home.join("s3"),
        state_dir: (state_dir.as_os_str() != "memory").then_some(state_dir),
        profile: match options.profile {
            SandboxProfile::Calm => Profile::Calm,
            SandboxProfile::Storm => Profile::Storm,
        },
        faults_file: options.faults.clone(),
        model_tokens_per_second: options.tokens_per_second,
        public_url: options.url.clone(),
        allow_non_loopback: options.open,
        environment: match place.environment {
            Environment::Sandbox => "sandbox".to_owned(),
            Environment::Production => "production".to_owned(),
        },
        ..SandboxConfig::default()
    })
    .await
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use serde_json::Value;

    use super::*;

    #[tokio::test]
    async fn every_option_reaches_the_doubles() {
        let home = std::env::temp_dir().join(format!("lobster-options-{}", std::process::id()));
        std::fs::create_dir_all(&home).unwrap();
        let faults = home.join("faults.json");
        std::fs::write(&faults, r#"[{ "service": "ademe", "effect": { "kind": "reset" } }]"#).unwrap();
        let path = |path: &std::path::Path| path.display().to_string();
        let line = [
            ("--home", path(&home)),
            ("--sandbox-http", "127.0.0.1:0".into()),
            ("--sandbox-s3", "127.0.0.1:0".into()),
            ("--sandbox-faults", path(&faults)),
            ("--sandbox-profile", "storm".into()),
            ("--sandbox-seed", "7".into()),
            ("--sandbox-state", "memory".into()),
            ("--sandbox-brevo-webhook", "http://127.0.0.1:9/courriels".into()),
        ];
        let words = ["lobster", "sandbox"].map(str::to_owned).into_iter();
        let words = words.chain(line.into_iter().flat_map(|(name, value)| [name.to_owned(), value]));
        let lobster = args::Lobster::try_parse_from(words).unwrap();
        let args::Command::Sandbox(command) = lobster.command else { panic!("another command") };
        let running = start(&lobster.place, &command.web, "127.0.0.1:1".parse().unwrap()).await.unwrap();
        let ask = async |path: &str| -> Value {
            reqwest::get(format!("http://{}/_sandbox/{path}", running.http)).await.unwrap().json().await.unwrap()
        };
        let armed = ask("faults").await;
        assert_eq!(
            (armed["faults"].as_array().unwrap().len(), armed["faults"][0]["origin"].as_str()),
            (21, Some("file"))
        );
        let targets = ask("webhooks").await["targets"].clone();
        assert_eq!(targets["brevo"]["url"], "http://127.0.0.1:9/courriels");
        assert_eq!(targets["stripe"]["url"], "http://127.0.0.1:1/api/webhooks/stripe");
        running.stop().await;
        assert!(!home.join("sandbox").exists(), "nothing is kept");
        std::fs::remove_dir_all(home).unwrap();
    }
}
