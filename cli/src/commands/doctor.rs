//! `lobster doctor`: what this installation has, lacks, and would use. Changes nothing.

use std::net::TcpListener;

use infra::{
    cluster::{Account, Binaries},
    config::{Environment, Place, Vendors},
};

pub async fn run(place: &Place, vendors: &Vendors) -> anyhow::Result<()> {
    let mut lacking = 0;
    let mut line = |name: &str, result: Result<String, String>| match result {
        Ok(found) => println!("✓ {name}: {found}"),
        Err(problem) => {
            lacking += 1;
            println!("✗ {name}: {problem}");
        }
    };
    line("database", database(place));
    line("printing browser", infra::chromium::locate(place.chromium.as_deref()).map(|path| path.display().to_string()));
    line("reference geography", reference(place));
    line("port 8080", free("127.0.0.1:8080"));
    line("sandbox ports", free("127.0.0.1:8787").and_then(|_| free("127.0.0.1:8788")));
    for fault in vendors.faults(place.environment, None) {
        line("configuration", Err(fault));
    }
    let who = |has_key: bool| if has_key { "its own address" } else { "the sandbox" };
    if place.environment == Environment::Sandbox {
        println!("  Stripe → {}", who(vendors.stripe_key.is_some()));
        println!("  Anthropic → {} ({})", who(vendors.anthropic_key.is_some()), vendors.anthropic_model);
        println!("  Brevo → {}", who(vendors.brevo_key.is_some()));
        println!("  ADEME → {}", who(vendors.ademe_url.is_some()));
        println!("  storage → {}", who(vendors.s3_access_key.is_some()));
    }
    anyhow::ensure!(lacking == 0, "{lacking} of these need attention");
    Ok(())
}

fn database(place: &Place) -> Result<String, String> {
    if place.database_url.is_some() {
        return Ok("the server of LOBSTER_DATABASE_URL".to_owned());
    }
    let binaries = Binaries::find("15").map_err(|error| error.to_string())?;
    let account = Account::for_server().map_err(|error| error.to_string())?;
    let who = if account.lent { format!(", run by {}", account.name) } else { String::new() };
    Ok(format!("private cluster under {} ({}{who})", place.home.display(), binaries.program("postgres").display()))
}

fn reference(place: &Place) -> Result<String, String> {
    let file = place.reference_dir.join("communes.json");
    if file.is_file() {
        return Ok(place.reference_dir.display().to_string());
    }
    Err(format!("{} is missing: run npm ci in frontend/, or set LOBSTER_REFERENCE_DIR", file.display()))
}

fn free(address: &str) -> Result<String, String> {
    TcpListener::bind(address).map(|_| "free".to_owned()).map_err(|error| format!("{address} cannot be used: {error}"))
}
