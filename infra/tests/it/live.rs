//! The vendors for real, when somebody asks for it: `LOBSTER_LIVE` names them, the usual variables hold their keys.

use clap::Parser;
use infra::config::{Live, Vendors};

/// What a suite needs to call a vendor for real.
#[derive(Parser)]
pub struct Called {
    #[command(flatten)]
    pub vendors: Vendors,
    #[command(flatten)]
    pub live: Live,
}

/// The configuration when `vendor` is to be called for real; otherwise says, visibly, that its suite is skipped.
#[expect(clippy::print_stdout, reason = "a skipped suite must be seen by whoever runs it")]
pub fn called(vendor: &str) -> Option<Called> {
    let called = Called::parse_from(["live"]);
    if called.live.live.iter().any(|name| name == vendor) {
        return Some(called);
    }
    println!("SKIPPED: {vendor} is not called for real: LOBSTER_LIVE does not name it");
    None
}
