//! Local doubles of the five outside services LObsTer talks to, and the controls to steer them.
//!
//! One process speaks the wire of Stripe, Anthropic, Brevo and ADEME on one port and of S3 on another, so that an order
//! travels from payment to download on one machine without internet. The doubles serve development, tests,
//! demonstrations and load runs; they never start in production and share no parsing code with `infra`, so that a
//! misunderstanding of a vendor cannot hide by being made twice.
//!
//! Each service is a folder: `mod.rs` names its operations and what they answer, the files beside it do the work.
//! Every call passes through [`door`], which records it and applies the faults armed at `/_sandbox/faults`.

// Stripe's objects have many fields, and `json!` recurses once for each.
#![recursion_limit = "512"]

mod ademe;
mod anthropic;
mod brevo;
mod call;
mod clock;
mod config;
mod control;
mod door;
mod faults;
mod html;
mod ids;
mod journal;
mod recorder;
mod s3;
mod server;
mod stripe;
mod webhooks;
mod world;

pub use config::{Profile, SandboxConfig};
pub use server::{Running, start};
