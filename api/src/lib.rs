//! HTTP: one file per endpoint.
//!
//! A handler turns a request into a command or a read of `read.*`, and a refusal into a problem (RFC 9457, French text,
//! frozen English code). It sees ports and projections, never a vendor.

mod audit;
mod communes;
mod datasets;
mod deps;
mod docs;
mod download;
mod french;
mod headers;
mod health;
mod json;
mod limits;
mod maps;
mod memory;
mod openapi;
mod operator;
mod orders;
mod problem;
mod request;
mod router;
mod shop;
mod site;
mod studies;
mod support;
mod trace;
mod views;
mod webhooks;

pub use audit::{Auditor, Extension, FoundFlaw, Head, SignedHeads, Verdict};
pub use deps::{Check, Deps, Readiness, Settings};
pub use french::money;
pub use openapi::{openapi, openapi_json};
pub use operator::OperatorToken;
pub use orders::{sentence, title};
pub use router::router;
