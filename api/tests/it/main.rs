//! The router as a client sees it: ports in memory, read models in PostgreSQL, the real projections between them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on must stop")]

mod access;
mod annex;
mod audit;
mod change_order;
mod communes;
mod download;
mod fakes;
mod follow_order;
mod ledger;
mod maps;
mod openapi;
mod place_order;
mod platform;
mod post;
mod shop;
mod site;
mod support;
mod webhooks;
mod webhooks_after;
mod world;
